// Rank, condition number, norms, pseudoinverse and least squares, from the singular values.

extension Tensor where Scalar: TensorFloat {
  /// The number of singular values above `tolerance` times the largest: NumPy's `matrix_rank`.
  ///
  /// - Parameter tolerance: By default, the larger of the matrix's sizes times the spacing of
  ///   floating-point numbers at 1.
  /// - Returns: One number per matrix.
  /// - Throws: `LinearAlgebraError` if an element is not finite.
  public func matrixRank(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor<Int> {
    let values = try scaledSingularValues("matrixRank").values
    if values.count == 0 { return Tensor<Int>.zeros(stackShape()) }
    let least = values.max(axis: -1, keepingDimensions: true) * (tolerance ?? spacing)
    return (values .> least).countTrue(axis: -1)
  }

  /// The larger of the matrix's sizes times the spacing of floating-point numbers at 1.
  fileprivate var spacing: Scalar {
    .ulpOfOne * Scalar(Swift.max(shape[rank - 2], shape[rank - 1]))
  }

  /// The Moore-Penrose inverse of each matrix: NumPy's `pinv`.
  ///
  /// - Parameter tolerance: Singular values up to this fraction of the largest count as zero; the
  ///   default is that of `matrixRank(tolerance:)`.
  /// - Returns: A matrix of shape [n, m] for each matrix of shape [m, n].
  /// - Throws: `LinearAlgebraError` if an element is not finite.
  public func pseudoinverse(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor {
    let (u, values, vt, scales) = try scaledSVD("pseudoinverse")
    if count == 0 { return .zeros(stackShape(shape[rank - 1], shape[rank - 2])) }
    let least = values.max(axis: -1, keepingDimensions: true) * (tolerance ?? spacing)
    let inverses = select(values .> least, 1 / values, 0)
    let result = matmul(
      vt.swappingAxes(-1, -2) * inverses.expandingShape(at: -2), u.swappingAxes(-1, -2))
    return scales.given(to: result) { -$0 }
  }

  /// The largest singular value divided by the smallest, for each matrix: NumPy's `cond`.
  ///
  /// Infinite if the smallest is 0, even for a matrix of zeros.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite.
  public func conditionNumber() throws(LinearAlgebraError) -> Tensor {
    let values = try scaledSingularValues("conditionNumber").values
    require(values.count > 0, "conditionNumber: shape \(shape) has no elements")
    let least = values.min(axis: -1)
    return select(least .== 0, .infinity, values.max(axis: -1) / least)
  }

  /// The largest singular value of each matrix: NumPy's `norm(a, 2)`.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite.
  public func spectralNorm() throws(LinearAlgebraError) -> Tensor {
    let (values, scales) = try scaledSingularValues("spectralNorm")
    require(values.count > 0, "spectralNorm: shape \(shape) has no elements")
    return scales.given(to: values.max(axis: -1))
  }

  /// The sum of the singular values of each matrix: NumPy's `norm(a, "nuc")`.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite.
  public func nuclearNorm() throws(LinearAlgebraError) -> Tensor {
    let (values, scales) = try scaledSingularValues("nuclearNorm")
    return scales.given(to: values.sum(axis: -1))
  }
}

/// The least-squares solution X of A X = B, and the shortest one if there are several: NumPy's
/// `lstsq`.
///
/// X minimises the sum of squares of A X - B. `b` is one right-hand side, or a matrix with one in
/// each column. The singular value decomposition is used, so A may have any rank. An infinity or
/// NaN in a column of `b` makes that column of X NaN.
///
/// - Throws: `LinearAlgebraError` if an element of A is not finite.
public func leastSquares<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) throws(LinearAlgebraError) -> Tensor<Scalar> {
  require(
    a.rank == 2 && (b.rank == 1 || b.rank == 2) && a.shape[0] == b.shape[0],
    "leastSquares: got shapes \(a.shape) and \(b.shape), expected a matrix and a vector or matrix "
      + "with as many rows")
  if b.rank == 1 { return try leastSquares(a, b.expandingShape(at: 1)).squeezingShape(at: -1) }
  if a.count == 0 { return .zeros([a.shape[1], b.shape[1]]) }
  let (scales, scalesOfB) = (try a.finiteScales("leastSquares"), MatrixScales(b))
  let x = try leastSquares(
    scales.taken(out: a), scalesOfB.taken(out: b), tolerance: a.spacing)
  return scalesOfB.divided(by: scales).given(to: x)
}

private func leastSquares<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, tolerance: Scalar
) throws(LinearAlgebraError) -> Tensor<Scalar> {
  if a.shape[0] >= 2 * a.shape[1] {
    // |A X - B| and |R X - Qᵀ B| differ by a part that no X can change.
    let (q, r) = a.unscaledQR()
    return try leastSquares(r, matmul(q.transposed(), b), tolerance: tolerance)
  }
  if a.shape[0] < a.shape[1] {
    let (u, values, vt) = try a.unscaledSVD("leastSquares")
    let inverses = select(values .> values.max() * tolerance, 1 / values, 0)
    return matmul(vt.transposed(), inverses.expandingShape(at: 1) * matmul(u.transposed(), b))
  }
  let whole = a.contiguous()
  let copy = PaddedMatrix(whole.matrices[0].readOnly)
  let result = solveLeastSquares(copy.view, b, tolerance: tolerance)
  guard let result = withExtendedLifetime((whole, copy), { result }) else {
    throw LinearAlgebraError(operation: "leastSquares", shape: a.shape, reason: .notConverged)
  }
  return result
}
