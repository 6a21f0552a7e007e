// The matrix product. This file checks shapes and turns the operands into matrix views. Their
// strides may be anything, so a transposed tensor costs nothing. Next: `GEMM/GEMM.swift`.

/// Returns the matrix product of two tensors.
///
/// ```
/// c[..., i, j] = sum over p of a[..., i, p] * b[..., p, j]
/// ```
///
/// The leading axes broadcast. As in NumPy, an operand with one axis is a row on the left or a
/// column on the right, and the axis added for that is removed from the result. If the inner size
/// is 0 the result is all zeros.
///
/// - Precondition: the last axis of `a` is as long as the second to last of `b`.
/// - Complexity: O(*m n k*); the result does not depend on the number of threads.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func matmul<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  TensorShape.requireProduct(a.shape, b.shape)
  let k = a.shape.sizes[a.rank - 1]
  if b.rank == 1 { return matmul(a, b.expandingShape(at: 1)).squeezingShape(at: -1) }
  if a.rank == 1 { return matmul(a.expandingShape(at: 0), b).squeezingShape(at: -2) }

  let (m, n) = (a.shape.sizes[a.rank - 2], b.shape.sizes[b.rank - 1])
  if a.rank == 2 && b.rank == 2 {
    var sizes = AxisList(count: 0)
    sizes.append(m)
    sizes.append(n)
    let c = Tensor<Scalar>(uninitialized: TensorShape(sizes: sizes))
    gemm(
      a.matrix(at: 0), b.matrix(at: 0),
      into: MutableMatrixView(
        base: c.storage.base, rows: m, columns: n, rowStride: n, columnStride: 1))
    withExtendedLifetime((a, b)) {}
    return c
  }

  // A stack of products, over the leading axes of both.
  let batch = TensorShape.stackOfProducts(a.shape, b.shape)
  func batched(_ rows: Int, _ columns: Int) -> TensorShape {
    var sizes = batch.sizes
    sizes.append(rows)
    sizes.append(columns)
    return TensorShape(sizes: sizes)
  }
  let c = Tensor<Scalar>(uninitialized: batched(m, n))
  let left = a.broadcast(to: batched(m, k))
  let right = b.broadcast(to: batched(k, n))
  forEachRow(of: batch, left.strides, right.strides, c.strides) {
    offsetA, offsetB, offsetC, count, steps in
    for i in 0..<count {
      gemm(
        left.matrix(at: offsetA + i * steps.0), right.matrix(at: offsetB + i * steps.1),
        into: MutableMatrixView(
          base: c.storage.base + (offsetC + i * steps.2), rows: m, columns: n, rowStride: n,
          columnStride: 1))
    }
  }
  withExtendedLifetime((left, right)) {}
  return c
}

extension TensorShape {
  /// Stops if operands of these shapes have no matrix product because of their last two axes.
  @inline(__always)
  package static func requireProduct(_ a: TensorShape, _ b: TensorShape) {
    require(
      a.rank > 0 && b.rank > 0,
      "matmul: a single number has no rows or columns, got shapes \(a) and \(b)")
    let k = a.sizes[a.rank - 1]
    let rowsOfB = b.sizes[Swift.max(b.rank - 2, 0)]
    require(
      rowsOfB == k,
      "matmul: inner sizes differ, \(k) and \(rowsOfB), for shapes \(a) and \(b); the last axis of "
        + "the left must equal the second to last, or only one, of the right"
        + innerSuggestion(a, b))
  }

  /// The shape of a stack of products, over the leading axes of both operands, which broadcast.
  package static func stackOfProducts(_ a: TensorShape, _ b: TensorShape) -> TensorShape {
    .broadcast(
      TensorShape(a.dropLast(2)), TensorShape(b.dropLast(2)), "matmul of shapes \(a) and \(b)")
  }

  /// Which transposed operand would make the inner sizes equal, if one would.
  private static func innerSuggestion(_ a: TensorShape, _ b: TensorShape) -> String {
    guard a.rank == 2 && b.rank == 2 else { return "" }
    if a[1] == b[1] { return "; matmul(a, b.transposed()) would fit" }
    return a[0] == b[0] ? "; matmul(a.transposed(), b) would fit" : ""
  }
}

extension Tensor where Scalar: TensorFloat {
  /// The matrix of the last two axes whose first element lies `distance` after the tensor's first.
  @inline(__always)
  fileprivate func matrix(at distance: Int) -> MatrixView<Scalar> {
    let (row, column) = (rank &- 2, rank &- 1)
    return MatrixView(
      base: base + distance, rows: shape.sizes[row], columns: shape.sizes[column],
      rowStride: strides[row], columnStride: strides[column])
  }
}
