// Products of vectors and of whole tensors, all computed as matrix products of views. The general
// form is in `Einsum.swift`.

/// The dot product: NumPy's `dot`.
///
/// For two vectors, it is the sum of their products. Otherwise it sums over the last axis of `a`
/// and the second to last (or only) axis of `b`; the result has the other axes of `a`, then those
/// of `b`.
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

/// The sum of products over pairs of axes: NumPy's `tensordot`.
///
/// The result has the other axes of `a`, then those of `b`.
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

/// The Kronecker product, in which each element of `a` is replaced by that element times `b`:
/// NumPy's `kron`.
///
/// Every size of the result is the product of the sizes; missing axes count as leading ones of size
/// 1.
public func kron<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  let rank = max(a.rank, b.rank)
  func sizes(_ tensor: Tensor<Scalar>) -> [Int] {
    Array(repeating: 1, count: rank - tensor.rank) + tensor.shape
  }
  let (ofA, ofB) = (sizes(a), sizes(b))
  // Pairs of axes, one of a and one of b.
  let left = a.reshaped(to: TensorShape(ofA.flatMap { [$0, 1] }))
  let right = b.reshaped(to: TensorShape(ofB.flatMap { [1, $0] }))
  return (left * right).reshaped(to: TensorShape(zip(ofA, ofB).map { $0 * $1 }))
}

/// The cross product of the vectors along the last axis, which has three elements: NumPy's `cross`.
///
/// The other axes broadcast.
public func cross<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  require(
    a.shape.last == 3 && b.shape.last == 3,
    "cross: got shapes \(a.shape) and \(b.shape), expected three elements in the last axis")
  func parts(_ x: Tensor<Scalar>) -> [Tensor<Scalar>] {
    (0..<3).map { x.movingAxis(from: -1, to: 0)[$0, ...] }
  }
  let (x, y) = (parts(a), parts(b))
  return stack(
    (0..<3).map { i in
      let (j, k) = ((i + 1) % 3, (i + 2) % 3)
      return x[j] * y[k] - x[k] * y[j]
    }, axis: -1)
}

/// The product of a chain of matrices in the order that needs the fewest multiplications: NumPy's
/// `multi_dot`.
///
/// The first may be a row vector, and the last a column vector.
///
/// - Precondition: there is at least one matrix, and the sizes of neighbours match.
public func multiDot<Scalar: TensorFloat>(_ matrices: [Tensor<Scalar>]) -> Tensor<Scalar> {
  require(!matrices.isEmpty, "multiDot: there is no matrix to multiply")
  let count = matrices.count
  for (i, matrix) in matrices.enumerated() {
    require(
      matrix.rank == 2 || (matrix.rank == 1 && (i == 0 || i == count - 1)),
      "multiDot: operand \(i) has shape \(matrix.shape), expected a matrix")
  }
  // Factor i has sizes[i] rows and sizes[i + 1] columns.
  let sizes =
    [matrices[0].rank == 1 ? 1 : matrices[0].shape[0]]
    + matrices.enumerated().map {
      $0.offset == count - 1 && $0.element.rank == 1 && count > 1 ? 1 : $0.element.shape.last!
    }
  var costs = Array(repeating: Array(repeating: 0.0, count: count), count: count)
  var splits = Array(repeating: Array(repeating: 0, count: count), count: count)
  for length in 1..<max(count, 1) {
    for i in 0..<count - length {
      let j = i + length
      costs[i][j] = .infinity
      for split in i..<j {
        let product = Double(sizes[i]) * Double(sizes[split + 1]) * Double(sizes[j + 1])
        let cost = costs[i][split] + costs[split + 1][j] + product
        if cost < costs[i][j] { (costs[i][j], splits[i][j]) = (cost, split) }
      }
    }
  }
  func product(_ i: Int, _ j: Int) -> Tensor<Scalar> {
    i == j ? matrices[i] : matmul(product(i, splits[i][j]), product(splits[i][j] + 1, j))
  }
  return product(0, count - 1)
}

extension Tensor where Scalar: TensorFloat {
  /// The sum of each matrix's diagonal, or of the one `offset` columns to the right: NumPy's
  /// `trace` of the last two axes.
  public func trace(offset: Int = 0) -> Tensor { diagonal(offset: offset).sum(axis: -1) }
}
