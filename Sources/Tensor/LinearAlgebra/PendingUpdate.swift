// A delayed update A - Lᵀ R, with which the reductions to tridiagonal and bidiagonal form postpone
// the reflections of a block of columns until one large product pays. Until then, they compute the
// rows, columns and matrix-vector products of the updated matrix that they need from A, L and R.

/// Pairs of rows of L and R, not yet applied to a matrix A.
struct PendingUpdate<Scalar: TensorFloat> {
  /// The rows of -L, because products can only be added.
  private let left: PaddedMatrix<Scalar>
  private let right: PaddedMatrix<Scalar>
  private let products: Tensor<Scalar>

  /// Room for `count` pairs.
  init(rows: Int, columns: Int, count: Int) {
    left = PaddedMatrix(rows: count, columns: rows)
    right = PaddedMatrix(rows: count, columns: columns)
    products = Tensor(uninitialized: [count + 16])
  }

  /// Records pair `index`: the part subtracted from these rows and columns of A.
  func note(
    _ index: Int, left l: UnsafePointer<Scalar>, right r: UnsafePointer<Scalar>,
    rows: Range<Int>, columns: Range<Int>
  ) {
    let row = left.view.row(index) + rows.lowerBound
    for i in 0..<rows.count { row[i] = -l[i] }
    (right.view.row(index) + columns.lowerBound).update(from: r, count: columns.count)
  }

  /// C = C - Lᵀ R for the first `count` pairs, where C is this part of A.
  func apply(
    _ count: Int, to c: MutableMatrixView<Scalar>, rows: Range<Int>, columns: Range<Int>
  ) {
    if count == 0 || rows.isEmpty || columns.isEmpty { return }
    gemm(
      left.view.block(0..<count, rows).readOnly.transposed,
      right.view.block(0..<count, columns).readOnly, into: c, start: .accumulate)
  }

  /// y = y - column `j` of Lᵀ R, in these rows.
  func applyColumn(
    _ count: Int, _ j: Int, to y: UnsafeMutablePointer<Scalar>, rows: Range<Int>
  ) {
    if count == 0 { return }
    gemm(
      right.view.block(0..<count, j..<j + 1).readOnly.transposed,
      left.view.block(0..<count, rows).readOnly,
      into: MutableMatrixView(y, rows: 1, columns: rows.count), start: .accumulate)
  }

  /// y = y - xᵀ Lᵀ R.
  func applyToRow(
    _ count: Int, times x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>,
    rows: Range<Int>, columns: Range<Int>
  ) {
    if count == 0 { return }
    let l = left.view.block(0..<count, rows).readOnly
    multiplyRows(l, x, into: products.storage.base)
    gemm(
      MutableMatrixView(products.storage.base, rows: 1, columns: count).readOnly,
      right.view.block(0..<count, columns).readOnly,
      into: MutableMatrixView(y, rows: 1, columns: columns.count), start: .accumulate)
  }

  /// y = y - Lᵀ R x.
  func applyToColumn(
    _ count: Int, times x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>,
    rows: Range<Int>, columns: Range<Int>
  ) {
    if count == 0 { return }
    let r = right.view.block(0..<count, columns).readOnly
    multiplyRows(r, x, into: products.storage.base)
    gemm(
      MutableMatrixView(products.storage.base, rows: 1, columns: count).readOnly,
      left.view.block(0..<count, rows).readOnly,
      into: MutableMatrixView(y, rows: 1, columns: rows.count), start: .accumulate)
  }
}
