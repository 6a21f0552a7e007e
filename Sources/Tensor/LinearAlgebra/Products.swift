// Products of vectors and of whole tensors, all of them matrix products of other views. The general
// form is in `Einsum.swift`.

/// The dot product: NumPy's `dot`.
///
/// Of two vectors the sum of their products; otherwise over the last axis of `a` and the second to
/// last (or only) axis of `b`, and all other axes of both follow each other in the result.
public func dot<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  if a.rank == 0 || b.rank == 0 { return a * b }
  return tensordot(a, b, axes: ([-1], [b.rank == 1 ? -1 : -2]))
}

/// The sum of products over the last axis of both: NumPy's `inner`.
public func inner<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  if a.rank == 0 || b.rank == 0 { return a * b }
  return tensordot(a, b, axes: ([-1], [-1]))
}

/// The sum of the products of all elements in row-major order: NumPy's `vdot` for real numbers.
public func vdot<Scalar: TensorFloat>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Scalar {
  require(
    a.count == b.count,
    "vdot: got shapes \(a.shape) and \(b.shape), expected as many elements in both")
  return matmul(a.flattened(), b.flattened()).scalar
}

/// The matrix of all products of an element of `a` and an element of `b`: NumPy's `outer`.
public func outer<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { a.flattened().expandingShape(at: 1) * b.flattened() }

/// The sum of products over pairs of axes; the other axes of `a`, then those of `b`, are the result's:
/// NumPy's `tensordot`.
public func tensordot<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, axes: ([Int], [Int])
) -> Tensor<Scalar> {
  let ofA = axes.0.map { a.shape.normalized(axis: $0, "tensordot") }
  let ofB = axes.1.map { b.shape.normalized(axis: $0, "tensordot") }
  require(
    ofA.map { a.shape[$0] } == ofB.map { b.shape[$0] } && Set(ofA).count == ofA.count
      && Set(ofB).count == ofB.count,
    "tensordot: axes \(axes.0) of shape \(a.shape) and \(axes.1) of shape \(b.shape) must be "
      + "different ones with equal sizes in pairs")
  let freeA = (0..<a.rank).filter { !ofA.contains($0) }
  let freeB = (0..<b.rank).filter { !ofB.contains($0) }
  let k = ofA.map { a.shape[$0] }.reduce(1, *)
  let (sizesA, sizesB) = (freeA.map { a.shape[$0] }, freeB.map { b.shape[$0] })
  let left = a.transposed(permutation: freeA + ofA).reshaped(
    to: TensorShape([sizesA.reduce(1, *), k]))
  let right = b.transposed(permutation: ofB + freeB).reshaped(
    to: TensorShape([k, sizesB.reduce(1, *)]))
  return matmul(left, right).reshaped(to: TensorShape(sizesA + sizesB))
}

/// The sum of products over the last `axes` axes of `a` and the first of `b`.
public func tensordot<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, axes: Int = 2
) -> Tensor<Scalar> {
  require(
    axes >= 0 && axes <= min(a.rank, b.rank),
    "tensordot: \(axes) axes are too many for shapes \(a.shape) and \(b.shape)")
  return tensordot(a, b, axes: (Array(a.rank - axes..<a.rank), Array(0..<axes)))
}

extension Tensor where Scalar: TensorFloat {
  /// The sum of each matrix's diagonal, which lies `offset` columns to the right: NumPy's `trace` of
  /// the last two axes.
  public func trace(offset: Int = 0) -> Tensor { diagonal(offset: offset).sum(axis: -1) }
}
