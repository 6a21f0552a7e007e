// The singular value decomposition A = U Σ Vᵀ, from the bidiagonal form of `Bidiagonal.swift`. Its
// uses are in `RankAndCondition.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The decomposition A = U Σ Vᵀ of each matrix: NumPy's `svd` with `full_matrices=False`.
  ///
  /// With k the smaller of the matrix's two sizes, U has k orthonormal columns, `vt` k orthonormal
  /// rows, and there are k singular values, descending. The signs of the vectors are arbitrary.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite or the iteration does not end.
  /// - Complexity: O(*m n k*) for each matrix of *m* rows and *n* columns.
  public func svd() throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, vt: Tensor) {
    let (u, values, vt, scales) = try scaledSVD("svd")
    return (u, scales.given(to: values), vt)
  }

  /// The decomposition of each matrix divided by its power of two.
  func scaledSVD(
    _ operation: String
  ) throws(LinearAlgebraError) -> (
    u: Tensor, values: Tensor, vt: Tensor, scales: MatrixScales<Scalar>
  ) {
    requireMatrix(operation)
    let scales = try finiteScales(operation)
    let (u, values, vt) = try scales.taken(out: self).unscaledSVD(operation)
    return (u, values, vt, scales)
  }

  /// The decomposition of matrices scaled so that sums do not overflow.
  func unscaledSVD(
    _ operation: String
  ) throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, vt: Tensor) {
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n {
      let (u, values, vt) = try swappingAxes(-1, -2).unscaledSVD(operation)
      return (vt.swappingAxes(-1, -2), values, u.swappingAxes(-1, -2))
    }
    if m >= 2 * n && n > 0 {
      let (q, r) = unscaledQR()
      let (u, values, vt) = try r.unscaledSVD(operation)
      return (matmul(q, u), values, vt)
    }
    let a = copied()
    let ut = Tensor(uninitialized: stackShape(n, m))
    let vt = Tensor(uninitialized: stackShape(n, n))
    let values = Tensor(uninitialized: stackShape(n))
    for (index, (a, (ut, vt))) in zip(a.matrices, zip(ut.matrices, vt.matrices)).enumerated() {
      if !decompose(a, values.storage.base + index * n, ut, vt) {
        throw LinearAlgebraError(operation: operation, shape: shape, reason: .notConverged)
      }
    }
    return withExtendedLifetime(a) { (ut.swappingAxes(-1, -2), values, vt) }
  }

  /// The singular values of each matrix, descending: NumPy's `svdvals`.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite or the iteration does not end.
  /// - Complexity: O(*m n k*), several times quicker than `svd()`.
  public func singularValues() throws(LinearAlgebraError) -> Tensor {
    let (values, scales) = try scaledSingularValues("singularValues")
    return scales.given(to: values)
  }

  /// The singular values of each matrix divided by its power of two.
  func scaledSingularValues(
    _ operation: String
  ) throws(LinearAlgebraError) -> (values: Tensor, scales: MatrixScales<Scalar>) {
    requireMatrix(operation)
    let scales = try finiteScales(operation)
    return (try scales.taken(out: self).unscaledSingularValues(operation), scales)
  }

  private func unscaledSingularValues(
    _ operation: String
  ) throws(LinearAlgebraError) -> Tensor {
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n { return try swappingAxes(-1, -2).unscaledSingularValues(operation) }
    if m >= 2 * n && n > 0 { return try unscaledQR().r.unscaledSingularValues(operation) }
    let a = copied()
    let values = Tensor(uninitialized: stackShape(n))
    for (index, a) in a.matrices.enumerated() {
      let copy = PaddedMatrix(a.readOnly)
      let form = Bidiagonalization(copy.view)
      let none = a.block(0..<n, 0..<0)
      if !form.diagonalize(xt: none, yt: none) {
        throw LinearAlgebraError(operation: operation, shape: shape, reason: .notConverged)
      }
      let sorted = (0..<n).map { abs(form.diagonal[$0]) }.sorted(by: >)
      (values.storage.base + index * n).update(from: sorted, count: n)
      withExtendedLifetime((copy, form)) {}
    }
    return withExtendedLifetime(a) { values }
  }
}

/// The singular values of A in descending order, the rows of Uᵀ and of Vᵀ; false if the iteration
/// does not end.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func decompose<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ values: UnsafeMutablePointer<Scalar>,
  _ ut: MutableMatrixView<Scalar>, _ vt: MutableMatrixView<Scalar>
) -> Bool {
  let (m, n) = (a.rows, a.columns)
  let copy = PaddedMatrix(a.readOnly)
  let form = Bidiagonalization(copy.view)
  let (xt, yt) = (PaddedMatrix<Scalar>(rows: n, columns: m), PaddedMatrix<Scalar>(identity: n))
  for i in 0..<n { xt.view[i, i] = 1 }
  if !form.diagonalize(xt: xt.view.block(0..<n, 0..<n), yt: yt.view) { return false }
  form.multiplyByTransposedQ(xt.view)
  form.multiplyByTransposedP(yt.view)
  let d = form.diagonal
  for (i, source) in (0..<n).sorted(by: { abs(d[$0]) > abs(d[$1]) }).enumerated() {
    values[i] = abs(d[source])
    if d[source] < 0 { scale(yt.view.row(source), by: -1, count: n) }
    ut.row(i).update(from: xt.view.row(source), count: m)
    vt.row(i).update(from: yt.view.row(source), count: n)
  }
  return withExtendedLifetime((copy, form, xt, yt)) { true }
}

/// The shortest X that minimises the sum of squares of A X - B; nil if the iteration does not end.
///
/// A is overwritten and has at least as many rows as columns. Singular values up to `tolerance`
/// times the largest count as zero.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func solveLeastSquares<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ b: Tensor<Scalar>, tolerance: Scalar
) -> Tensor<Scalar>? {
  let (m, n, width) = (a.rows, a.columns, b.shape[1])
  let form = Bidiagonalization(a)
  // X = P Y Σ⁻¹ Xᵀ Qᵀ B, where only Y is formed as a matrix.
  let bt = b.transposed().copied()
  form.multiplyByQ(MutableMatrixView(bt.storage.base, rows: width, columns: m))
  let (yt, solution) = (PaddedMatrix<Scalar>(identity: n), bt[0..., 0..<n].transposed().copied())
  let rows = MutableMatrixView(solution.storage.base, rows: n, columns: width)
  if !form.diagonalize(xt: rows, yt: yt.view) { return nil }
  form.multiplyByTransposedP(yt.view)
  let d = form.diagonal
  let least = tolerance * (0..<n).reduce(0) { max($0, abs(d[$1])) }
  for i in 0..<n {
    scale(rows.row(i), by: abs(d[i]) > least ? 1 / d[i] : 0, count: width)
  }
  let result = Tensor<Scalar>(uninitialized: [n, width])
  gemm(
    yt.view.readOnly.transposed, rows.readOnly,
    into: MutableMatrixView(result.storage.base, rows: n, columns: width))
  return withExtendedLifetime((form, bt, yt, solution)) { result }
}
