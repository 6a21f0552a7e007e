// The singular value decomposition A = U Σ Vᵀ: A = Q R, then one-sided Jacobi rotations make the rows
// of R orthogonal (Drmač and Veselić, "New Fast and Accurate Jacobi SVD Algorithm", 2008). What
// follows from it is in `RankAndCondition.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The decomposition A = U Σ Vᵀ of each matrix: NumPy's `svd` with `full_matrices=False`.
  ///
  /// With k the smaller of the matrix's two sizes, U has k orthonormal columns, `vt` k orthonormal
  /// rows, and there are k singular values, descending. The signs of the vectors are arbitrary.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite or the iteration does not end.
  public func svd() throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, vt: Tensor) {
    requireMatrix("svd")
    try checkFinite("svd")
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n {
      let (u, values, vt) = try swappingAxes(-1, -2).svd()
      return (vt.swappingAxes(-1, -2), values, u.swappingAxes(-1, -2))
    }
    let (q, w) = qr()
    // Rows of W = Gᵀ R with G the product of all rotations: A = Q G W.
    let gt = Tensor.zeros(stackShape(n, n))
    let values = Tensor(uninitialized: stackShape(n))
    for (index, (w, gt)) in zip(w.matrices, gt.matrices).enumerated() {
      for i in 0..<n { gt[i, i] = 1 }
      if !orthogonalizeRows(w, gt) {
        throw LinearAlgebraError(operation: "svd", shape: shape, reason: .notConverged)
      }
      normalizeRows(w, gt, values.storage.base + index * n)
    }
    return (matmul(q, gt.swappingAxes(-1, -2)), values, w)
  }

  /// The singular values of each matrix, descending.
  public func singularValues() throws(LinearAlgebraError) -> Tensor { try svd().values }
}

/// Rotates rows of `w`, and of `g` alike, until all are orthogonal to each other; false if 60 sweeps
/// over all pairs are not enough.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func orthogonalizeRows<Scalar: TensorFloat>(
  _ w: MutableMatrixView<Scalar>, _ g: MutableMatrixView<Scalar>
) -> Bool {
  let n = w.rows
  var largest: Scalar = 0
  for i in 0..<n {
    for j in 0..<n { largest = max(largest, abs(w[i, j])) }
  }
  if largest == 0 { return true }
  // A power of two as scale keeps the squares in range and costs no rounding.
  let scale = largest.binade
  for i in 0..<n {
    for j in 0..<n { w[i, j] /= scale }
  }
  defer {
    for i in 0..<n {
      for j in 0..<n { w[i, j] *= scale }
    }
  }
  let tolerance = Scalar.ulpOfOne * Scalar(n).squareRoot()
  // Rows below this are rounding errors of the others: their directions carry no information.
  let negligible = Scalar.ulpOfOne * Scalar.ulpOfOne
  for _ in 0..<60 {
    var isDone = true
    for p in 0..<n {
      for q in p + 1..<max(n, p + 1) {
        let (x, y) = (w.row(p), w.row(q))
        let alpha = dotProduct(x, x, count: n)
        let beta = dotProduct(y, y, count: n)
        let gamma = dotProduct(x, y, count: n)
        if min(alpha, beta) <= negligible
          || abs(gamma) <= tolerance * (alpha * beta).squareRoot()
        {
          continue
        }
        isDone = false
        let zeta = (beta - alpha) / (2 * gamma)
        let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
        var c = 1 / (1 + t * t).squareRoot()
        var s = c * t
        // Of the two angles the one that leaves the longer row first converges sooner.
        if alpha < beta { (c, s) = (s, -c) }
        rotatePair(x, y, c, s, count: n)
        rotatePair(g.row(p), g.row(q), c, s, count: n)
      }
    }
    if isDone { return true }
  }
  return false
}

/// (x, y) = (c x - s y, s x + c y).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func rotatePair<Scalar: TensorFloat>(
  _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ c: Scalar, _ s: Scalar,
  count: Int
) {
  for i in 0..<count {
    let (a, b) = (x[i], y[i])
    x[i] = c * a - s * b
    y[i] = s * a + c * b
  }
}

/// Sorts the rows of `w` and `g` by length, descending.
///
/// Puts the lengths into `values` and divides by them. Rows too short to have a direction are replaced by ones that are orthogonal to the others.
private func normalizeRows<Scalar: TensorFloat>(
  _ w: MutableMatrixView<Scalar>, _ g: MutableMatrixView<Scalar>,
  _ values: UnsafeMutablePointer<Scalar>
) {
  let n = w.rows
  if n == 0 { return }
  var largest: Scalar = 0
  for i in 0..<n { for j in 0..<n { largest = max(largest, abs(w[i, j])) } }
  let scale = largest == 0 ? 1 : largest.binade
  for i in 0..<n {
    var sum: Scalar = 0
    for j in 0..<n { sum += (w[i, j] / scale) * (w[i, j] / scale) }
    values[i] = sum.squareRoot() * scale
  }
  for i in 0..<n {
    var longest = i
    for j in i..<n where values[j] > values[longest] { longest = j }
    if longest == i { continue }
    swap(&values[i], &values[longest])
    for c in 0..<n {
      let (kept, keptG) = (w[i, c], g[i, c])
      (w[i, c], g[i, c]) = (w[longest, c], g[longest, c])
      (w[longest, c], g[longest, c]) = (kept, keptG)
    }
  }
  let least = values[0] * Scalar.ulpOfOne * Scalar(n)
  let known = (0..<n).first { values[$0] <= least } ?? n
  for i in 0..<known { for j in 0..<n { w[i, j] /= values[i] } }
  if known == n { return }
  // Of the QR decomposition of the known rows, Q's other columns are orthogonal to them.
  let (copy, reflections) = (Tensor<Scalar>.zeros([n, n]), Tensor<Scalar>.zeros([n, n]))
  let taus = Tensor<Scalar>.zeros([n])
  let v = MutableMatrixView(reflections.storage.base, rows: n, columns: n)
  let at = MutableMatrixView(copy.storage.base, rows: n, columns: n)
  for i in 0..<known { for j in 0..<n { at[i, j] = w[i, j] } }
  factorQR(at, v, taus.storage.base)
  for i in known..<n { for j in 0..<n { w[i, j] = i == j ? 1 : 0 } }
  applyAllReflections(v.readOnly, taus.base, shift: 0, toRowsOf: w.block(known..<n, 0..<n))
  withExtendedLifetime((copy, reflections, taus)) {}
}
