// Shared by all decompositions: stacks of matrices, parts of a matrix, and the update C - A B,
// which takes nearly all of their time. Next: `TriangularSolve.swift`.

extension MutableMatrixView {
  /// The same elements, as a read-only view.
  @inline(__always)
  var readOnly: MatrixView<Scalar> {
    MatrixView(
      base: UnsafePointer(base), rows: rows, columns: columns, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// The elements in the given rows and columns.
  @inline(__always)
  func block(_ rows: Range<Int>, _ columns: Range<Int>) -> MutableMatrixView {
    MutableMatrixView(
      base: base + (rows.lowerBound &* rowStride &+ columns.lowerBound &* columnStride),
      rows: rows.count, columns: columns.count, rowStride: rowStride, columnStride: columnStride)
  }

  /// A matrix stored row after row in memory.
  @inline(__always)
  init(_ base: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int) {
    self.init(base: base, rows: rows, columns: columns, rowStride: columns, columnStride: 1)
  }

  /// The address of a row.
  @inline(__always)
  func row(_ i: Int) -> UnsafeMutablePointer<Scalar> { base + i &* rowStride }
}

extension Tensor where Scalar: TensorFloat {
  /// The matrices of the last two axes, one after another; the tensor must be contiguous.
  var matrices: [MutableMatrixView<Scalar>] {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    return (0..<shape.dropLast(2).reduce(1, *)).map {
      MutableMatrixView(storage.base + (offset + $0 * rows * columns), rows: rows, columns: columns)
    }
  }

  /// The shape of this stack with its matrices replaced by matrices of another size, or by vectors.
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
      "\(operation): got shape \(shape), expected square matrices in the last two axes"
        + (["solve", "inverse"].contains(operation)
          ? "; for others there are leastSquares and pseudoinverse" : ""))
  }
}

/// C = C - A B; the rows of C must be contiguous.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func subtractProduct<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, from c: MutableMatrixView<Scalar>
) {
  if c.rows == 0 || c.columns == 0 || a.columns == 0 { return }
  // Products can only be added, so the smaller operand is negated.
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

/// y = A x; the columns of A must be adjacent.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func multiplyRows<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>
) {
  let kernels = Scalar.kernels
  if a.rows &* a.columns < Blocking.leastWork {
    kernels.pointee.rowProducts(a.base, a.rowStride, x, y, a.rows, a.columns)
    return
  }
  let parts = min(2 * Parallel.threadCount, a.rows)
  Parallel.run(pieces: parts) { piece in
    let rows = part(piece, of: parts, count: a.rows, unit: 4)
    kernels.pointee.rowProducts(
      a.base + rows.lowerBound &* a.rowStride, a.rowStride, x, y + rows.lowerBound, rows.count,
      a.columns)
  }
}

/// The sum of the products of two rows.
@inline(__always)
func dotProduct<Scalar: TensorFloat>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
) -> Scalar {
  var result: Scalar = 0
  Scalar.kernels.pointee.rowProducts(x, count, y, &result, 1, count)
  return result
}

/// y = y - factor x.
@inline(__always)
func subtractMultiple<Scalar: TensorFloat>(
  _ factor: Scalar, of x: UnsafePointer<Scalar>, from y: UnsafeMutablePointer<Scalar>, count: Int
) {
  var negative = -factor
  Scalar.kernels.pointee.multiplyAdd(x, 1, &negative, 0, y, y, count)
}

/// x = factor x.
@inline(__always)
func scale<Scalar: TensorFloat>(
  _ x: UnsafeMutablePointer<Scalar>, by factor: Scalar, count: Int
) {
  var factor = factor
  Scalar.kernels.pointee.zip(.multiply, x, 1, &factor, 0, x, count)
}
