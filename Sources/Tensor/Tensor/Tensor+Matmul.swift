// The matrix product. Here shapes are checked and the operands become matrix views, whose strides
// may be anything, so a transposed tensor costs nothing. Next: `GEMM/GEMM.swift`.

/// Returns the matrix product of two tensors.
///
/// ```
/// c[..., i, j] = sum over p of a[..., i, p] * b[..., p, j]
/// ```
///
/// The leading axes broadcast. As in NumPy, an operand with one axis is a row on the left or a column
/// on the right, and the axis added for that is removed from the result. If the inner size is 0 the
/// result is all zeros.
///
/// - Precondition: the last axis of `a` is as long as the second to last of `b`.
/// - Complexity: O(*m n k*); the result does not depend on the number of threads.
public func matmul<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  require(
    a.rank > 0 && b.rank > 0,
    "matmul: a single number has no rows or columns, got shapes \(a.shape) and \(b.shape)")
  let k = a.shape[a.rank - 1]
  let rowsOfB = b.shape[max(b.rank - 2, 0)]
  require(
    rowsOfB == k,
    "matmul: inner sizes differ, \(k) and \(rowsOfB), for shapes \(a.shape) and \(b.shape); the "
      + "last axis of the left must equal the second to last, or only one, of the right")
  if b.rank == 1 { return matmul(a, b.expandingShape(at: 1)).squeezingShape(at: -1) }
  if a.rank == 1 { return matmul(a.expandingShape(at: 0), b).squeezingShape(at: -2) }

  let (m, n) = (a.shape[a.rank - 2], b.shape[b.rank - 1])
  let batch = TensorShape.broadcast(
    TensorShape(a.shape.dropLast(2)), TensorShape(b.shape.dropLast(2)),
    "matmul of shapes \(a.shape) and \(b.shape)")
  let c = Tensor<Scalar>(uninitialized: TensorShape(Array(batch) + [m, n]))
  let left = a.broadcast(to: TensorShape(Array(batch) + [m, k]))
  let right = b.broadcast(to: TensorShape(Array(batch) + [k, n]))

  var offsets = (a: [Int](), b: [Int]())
  if batch.rank == 0 {
    offsets = ([0], [0])
  } else {
    let count = AxisList(count: batch.rank)
    forEachRow(of: batch, left.strides, right.strides, count) { offsetA, offsetB, _, count, steps in
      for i in 0..<count {
        offsets.a.append(offsetA + i * steps.0)
        offsets.b.append(offsetB + i * steps.1)
      }
    }
  }
  let axis = batch.rank
  for (index, (offsetA, offsetB)) in zip(offsets.a, offsets.b).enumerated() {
    gemm(
      MatrixView(
        base: left.base + offsetA, rows: m, columns: k,
        rowStride: left.strides[axis], columnStride: left.strides[axis + 1]),
      MatrixView(
        base: right.base + offsetB, rows: k, columns: n,
        rowStride: right.strides[axis], columnStride: right.strides[axis + 1]),
      into: MutableMatrixView(
        base: c.storage.base + index * m * n, rows: m, columns: n, rowStride: n, columnStride: 1))
  }
  withExtendedLifetime((a, b)) {}
  return c
}
