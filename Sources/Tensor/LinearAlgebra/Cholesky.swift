// The Cholesky decomposition A = L Lᵀ, by recursive halving. It computes U = Lᵀ, so that the rows
// of every block stay contiguous. Next: `LU.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The lower triangular matrix L with positive diagonal for which A = L Lᵀ: NumPy's `cholesky`.
  ///
  /// Only the lower triangle of A is read. Leading axes form a stack of matrices.
  ///
  /// - Throws: `LinearAlgebraError` if a matrix is not positive definite, or an element of the
  ///   lower triangle is not finite.
  public func cholesky() throws(LinearAlgebraError) -> Tensor {
    requireSquare("cholesky")
    let lower = lowerTriangle()
    let scales = try lower.finiteScales("cholesky")
    let upper = scales.taken(out: lower).swappingAxes(-1, -2).copied()
    for u in upper.matrices {
      if let pivot = factorCholesky(u) {
        throw LinearAlgebraError(
          operation: "cholesky", shape: shape, reason: .notPositiveDefinite, pivot: pivot)
      }
      for i in 0..<u.rows {
        for j in 0..<i { u[i, j] = 0 }
      }
    }
    return scales.given(to: upper.swappingAxes(-1, -2)) { $0 / 2 }
  }
}

/// Replaces A's upper triangle by U, where A = UᵀU; returns the row of the first pivot that is not
/// positive.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func factorCholesky<Scalar: TensorFloat>(_ a: MutableMatrixView<Scalar>) -> Int? {
  let n = a.rows
  if n <= 24 {
    for i in 0..<n {
      let pivot = a[i, i]
      guard pivot > 0 else { return i }
      let root = pivot.squareRoot()
      for j in i..<n { a[i, j] /= root }
      for p in i + 1..<max(n, i + 1) {
        subtractMultiple(a[i, p], of: a.row(i) + p, from: a.row(p) + p, count: n - p)
      }
    }
    return nil
  }
  let (first, second) = (0..<n / 2, n / 2..<n)
  if let pivot = factorCholesky(a.block(first, first)) { return pivot }
  let beside = a.block(first, second)
  solveTriangular(a.block(first, first).readOnly.transposed, .lower, into: beside)
  subtractProduct(beside.readOnly.transposed, beside.readOnly, from: a.block(second, second))
  return factorCholesky(a.block(second, second)).map { $0 + n / 2 }
}
