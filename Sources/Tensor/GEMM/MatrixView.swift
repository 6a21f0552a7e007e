// Views of matrices in memory that they do not own. Strides count elements and may have any value,
// even 0 (one row or column repeated) or negative, so transposing is free and no function needs a
// flag for it.

/// A read-only matrix: element (i, j) is at `base[i * rowStride + j * columnStride]`.
package struct MatrixView<Scalar: TensorFloat> {
  package var base: UnsafePointer<Scalar>
  package var rows: Int
  package var columns: Int
  package var rowStride: Int
  package var columnStride: Int

  @inline(__always)
  package init(
    base: UnsafePointer<Scalar>, rows: Int, columns: Int, rowStride: Int, columnStride: Int
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// The same elements with rows and columns exchanged.
  @inline(__always)
  package var transposed: MatrixView {
    MatrixView(
      base: base, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride)
  }

  @inline(__always)
  package subscript(row: Int, column: Int) -> Scalar {
    base[row &* rowStride &+ column &* columnStride]
  }
}

/// A writable matrix: element (i, j) is at `base[i * rowStride + j * columnStride]`.
package struct MutableMatrixView<Scalar: TensorFloat> {
  package var base: UnsafeMutablePointer<Scalar>
  package var rows: Int
  package var columns: Int
  package var rowStride: Int
  package var columnStride: Int

  @inline(__always)
  package init(
    base: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, rowStride: Int, columnStride: Int
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// The same elements with rows and columns exchanged.
  @inline(__always)
  package var transposed: MutableMatrixView {
    MutableMatrixView(
      base: base, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride)
  }

  @inline(__always)
  package subscript(row: Int, column: Int) -> Scalar {
    get { base[row &* rowStride &+ column &* columnStride] }
    nonmutating set { base[row &* rowStride &+ column &* columnStride] = newValue }
  }
}
