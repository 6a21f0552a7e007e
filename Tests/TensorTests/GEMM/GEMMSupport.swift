// What the tests of the matrix product share: matrices with any layout, and the error bound.

import Tensor

/// A matrix of its own, whose rows are followed by padding that holds NaN.
final class TestMatrix<Scalar: TensorFloat> {
  let rows: Int
  let columns: Int
  let rowStride: Int
  let columnStride: Int
  private let buffer: BufferPool.Buffer
  private let count: Int
  var base: UnsafeMutablePointer<Scalar> { buffer.base.assumingMemoryBound(to: Scalar.self) }

  /// How the elements lie in memory.
  enum Layout: CaseIterable {
    /// Row after row.
    case byRows
    /// Column after column.
    case byColumns
    /// Row after row, three elements of padding between them.
    case padded
    /// Every other element of every other row.
    case spread
  }

  init(_ rows: Int, _ columns: Int, _ layout: Layout = .byRows) {
    self.rows = rows
    self.columns = columns
    switch layout {
    case .byRows: (rowStride, columnStride) = (columns, 1)
    case .byColumns: (rowStride, columnStride) = (1, rows)
    case .padded: (rowStride, columnStride) = (columns + 3, 1)
    case .spread: (rowStride, columnStride) = (4 * columns + 2, 2)
    }
    count = rows * max(rowStride, 1) + columns * columnStride
    buffer = BufferPool.take(bytes: count * MemoryLayout<Scalar>.stride)
    base.initialize(repeating: .nan, count: count)
  }

  deinit { BufferPool.give(buffer) }

  /// The same numbers on each run, between -1 and 1, all different.
  convenience init(random rows: Int, _ columns: Int, _ layout: Layout = .byRows, seed: UInt64 = 1) {
    self.init(rows, columns, layout)
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    for i in 0..<rows {
      for j in 0..<columns {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        self[i, j] = Scalar(converting: Double(Int64(bitPattern: state) >> 11) * 0x1p-52)
      }
    }
  }

  subscript(i: Int, j: Int) -> Scalar {
    get { base[i * rowStride + j * columnStride] }
    set { base[i * rowStride + j * columnStride] = newValue }
  }

  var view: MatrixView<Scalar> {
    MatrixView(
      base: UnsafePointer(base), rows: rows, columns: columns, rowStride: rowStride,
      columnStride: columnStride)
  }

  var mutableView: MutableMatrixView<Scalar> {
    MutableMatrixView(
      base: base, rows: rows, columns: columns, rowStride: rowStride, columnStride: columnStride)
  }

  /// The elements, row by row.
  var elements: [Scalar] {
    (0..<rows).flatMap { i in (0..<columns).map { j in self[i, j] } }
  }

  /// The number of elements that are not of the matrix and do not hold NaN any more.
  var overwrittenPadding: Int {
    var belongs = [Bool](repeating: false, count: count)
    for i in 0..<rows {
      for j in 0..<columns { belongs[i * rowStride + j * columnStride] = true }
    }
    return (0..<count).count { !belongs[$0] && !base[$0].isNaN }
  }
}

/// Where the sums of a tested product start.
enum StartKind: CaseIterable {
  case zero, row, accumulate
}

/// The greatest error of a product, in units of the bound `(k + 2) ulp(1) Σ|a||b|`.
///
/// The bound holds for any order of summation, with the start counted among the products
/// (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1). A NaN or an
/// element that was not written counts as infinite.
func worstError<Scalar: TensorFloat>(
  of product: (MutableMatrixView<Scalar>, GEMMStart<Scalar>) -> Void,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, start: StartKind,
  layout: TestMatrix<Scalar>.Layout = .padded
) -> Double {
  let (m, n, k) = (a.rows, b.columns, a.columns)
  let c = TestMatrix<Scalar>(m, n, layout)
  let before = TestMatrix<Scalar>(random: m, n, seed: 77)
  let row = TestMatrix<Scalar>(random: 1, n, seed: 78)
  let kind: GEMMStart<Scalar>
  switch start {
  case .zero: kind = .zero
  case .row: kind = .row(UnsafePointer(row.base))
  case .accumulate:
    kind = .accumulate
    for i in 0..<m {
      for j in 0..<n { c[i, j] = before[i, j] }
    }
  }
  product(c.mutableView, kind)

  let a64 = TestMatrix<Double>(m, k)
  let b64 = TestMatrix<Double>(k, n)
  for i in 0..<m {
    for p in 0..<k { a64[i, p] = a[i, p].asDouble }
  }
  for p in 0..<k {
    for j in 0..<n { b64[p, j] = b[p, j].asDouble }
  }
  let expected = TestMatrix<Double>(m, n)
  referenceGEMM(a64.view, b64.view, into: expected.mutableView)
  for i in 0..<m {
    for p in 0..<k { a64[i, p] = abs(a64[i, p]) }
  }
  for p in 0..<k {
    for j in 0..<n { b64[p, j] = abs(b64[p, j]) }
  }
  let size = TestMatrix<Double>(m, n)
  referenceGEMM(a64.view, b64.view, into: size.mutableView)

  var worst = c.overwrittenPadding > 0 ? Double.infinity : 0
  for i in 0..<m {
    for j in 0..<n {
      let first =
        switch start {
        case .zero: 0.0
        case .row: row[0, j].asDouble
        case .accumulate: before[i, j].asDouble
        }
      let bound = Double(k + 2) * Scalar.ulpOfOne.asDouble * (size[i, j] + abs(first))
      let error = abs(c[i, j].asDouble - (expected[i, j] + first))
      if !(error <= 0) { worst = max(worst, error <= bound ? error / bound : .infinity) }
    }
  }
  return worst
}
