// What the decompositions share: stacks of matrices, parts of a matrix, and the update C - A B, in
// which nearly all of their time is spent. Next: `TriangularSolve.swift`.

extension MutableMatrixView {
  /// The same elements, for reading.
  @inline(__always)
  var readOnly: MatrixView<Scalar> {
    MatrixView(
      base: UnsafePointer(base), rows: rows, columns: columns, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// The elements in some of the rows and columns.
  @inline(__always)
  func block(_ rows: Range<Int>, _ columns: Range<Int>) -> MutableMatrixView {
    MutableMatrixView(
      base: base + (rows.lowerBound &* rowStride &+ columns.lowerBound &* columnStride),
      rows: rows.count, columns: columns.count, rowStride: rowStride, columnStride: columnStride)
  }

  /// A matrix whose rows follow each other in memory.
  @inline(__always)
  init(_ base: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int) {
    self.init(base: base, rows: rows, columns: columns, rowStride: columns, columnStride: 1)
  }

  /// The address of a row.
  @inline(__always)
  func row(_ i: Int) -> UnsafeMutablePointer<Scalar> { base + i &* rowStride }
}

extension Tensor where Scalar: TensorFloat {
  /// The matrices of the last two axes, one after the other; only of a contiguous tensor.
  var matrices: [MutableMatrixView<Scalar>] {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    return (0..<shape.dropLast(2).reduce(1, *)).map {
      MutableMatrixView(storage.base + (offset + $0 * rows * columns), rows: rows, columns: columns)
    }
  }

  /// The shape of this stack of matrices with matrices of another size, or vectors, in it.
  func stackShape(_ sizes: Int...) -> TensorShape { TensorShape(Array(shape.dropLast(2)) + sizes) }

  /// Stops unless there are at least two axes.
  func requireMatrix(_ operation: String) {
    require(rank >= 2, "\(operation): shape \(shape) is no matrix; it needs at least two axes")
  }

  /// Stops unless the last two axes are equally long.
  func requireSquare(_ operation: String) {
    requireMatrix(operation)
    require(
      shape[rank - 2] == shape[rank - 1],
      "\(operation): got shape \(shape), expected square matrices in the last two axes")
  }

  /// Throws if an element is infinite or NaN.
  func checkFinite(_ operation: String) throws(LinearAlgebraError) {
    if !isFinite(self).all() {
      throw LinearAlgebraError(operation: operation, shape: shape, reason: .notFinite)
    }
  }
}

/// C = C - A B; the rows of C must be contiguous.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func subtractProduct<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, from c: MutableMatrixView<Scalar>
) {
  if c.rows == 0 || c.columns == 0 || a.columns == 0 { return }
  // A product can only be added, so the smaller operand is negated.
  let negatesA = a.rows <= b.columns
  let source = negatesA ? a : b
  withScratch(count: source.rows * source.columns + 16) {
    (scratch: UnsafeMutablePointer<Scalar>) in
    let negated = MutableMatrixView(scratch, rows: source.rows, columns: source.columns)
    for i in 0..<source.rows {
      for j in 0..<source.columns { negated[i, j] = -source[i, j] }
    }
    gemm(
      negatesA ? negated.readOnly : a, negatesA ? b : negated.readOnly, into: c,
      start: .accumulate)
  }
}

/// The sum of the products of two rows, in eight partial sums.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func dotProduct<Scalar: TensorFloat>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
) -> Scalar {
  var sums: (Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar) = (
    0, 0, 0, 0, 0, 0, 0, 0
  )
  var i = 0
  while i &+ 8 <= count {
    sums.0 += x[i] * y[i]
    sums.1 += x[i &+ 1] * y[i &+ 1]
    sums.2 += x[i &+ 2] * y[i &+ 2]
    sums.3 += x[i &+ 3] * y[i &+ 3]
    sums.4 += x[i &+ 4] * y[i &+ 4]
    sums.5 += x[i &+ 5] * y[i &+ 5]
    sums.6 += x[i &+ 6] * y[i &+ 6]
    sums.7 += x[i &+ 7] * y[i &+ 7]
    i &+= 8
  }
  var rest: Scalar = 0
  while i < count {
    rest += x[i] * y[i]
    i &+= 1
  }
  return ((sums.0 + sums.4) + (sums.2 + sums.6)) + ((sums.1 + sums.5) + (sums.3 + sums.7)) + rest
}

/// y = y - factor x.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func subtractMultiple<Scalar: TensorFloat>(
  _ factor: Scalar, of x: UnsafePointer<Scalar>, from y: UnsafeMutablePointer<Scalar>, count: Int
) {
  for i in 0..<count { y[i] -= factor * x[i] }
}
