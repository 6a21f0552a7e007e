// The decomposition A = Q R by blocks of Householder reflections. It works on Aᵀ, whose rows hold
// the columns of A contiguously. Next: `SymmetricEigen.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The decomposition A = Q R of each matrix with m rows and n columns: NumPy's `qr`.
  ///
  /// With k the smaller of m and n, Q has k orthonormal columns and R is upper triangular with k
  /// rows. The signs are LAPACK's. A matrix with an infinite or NaN element gives NaN for Q and R.
  public func qr() -> (q: Tensor, r: Tensor) {
    requireMatrix("qr")
    let scales = MatrixScales(self)
    let (q, r) = scales.taken(out: self).unscaledQR()
    if scales.isFinite { return (q, scales.given(to: r)) }
    let marks = Tensor(scales.largest.map { $0.isFinite ? 0 : .nan }).reshaped(to: stackShape(1, 1))
    return (q + marks, scales.given(to: r) + marks)
  }

  /// The decomposition of matrices scaled so that sums do not overflow.
  func unscaledQR() -> (q: Tensor, r: Tensor) {
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    let k = Swift.min(m, n)
    let at = swappingAxes(-1, -2).copied()
    let (qt, r) = (Tensor.zeros(stackShape(k, m)), Tensor.zeros(stackShape(k, n)))
    let (reflections, taus) = (Tensor(uninitialized: [k, m]), Tensor(uninitialized: [k]))
    let v = MutableMatrixView(reflections.storage.base, rows: k, columns: m)
    for (at, (qt, r)) in zip(at.matrices, zip(qt.matrices, r.matrices)) {
      factorQR(at, v, taus.storage.base)
      for i in 0..<k {
        for j in i..<n { r[i, j] = at[j, i] }
        qt[i, i] = 1
      }
      applyAllReflections(v.readOnly, taus.base, shift: 0, toRowsOf: qt)
    }
    return withExtendedLifetime((at, reflections, taus)) { (qt.swappingAxes(-1, -2), r) }
  }
}

/// Replaces the first rows of Aᵀ by R's columns, and writes the reflections, including their zeros
/// and ones, to the rows of `v`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func factorQR<Scalar: TensorFloat>(
  _ at: MutableMatrixView<Scalar>, _ v: MutableMatrixView<Scalar>,
  _ taus: UnsafeMutablePointer<Scalar>
) {
  let (n, m) = (at.rows, at.columns)
  let k = min(m, n)
  let work = Tensor<Scalar>(uninitialized: [reflectionBlock])
  let projections = work.storage.base
  var start = 0
  while start < k {
    let end = min(start + reflectionBlock, k)
    for j in start..<end {
      let x = at.row(j) + j
      taus[j] = makeReflection(x, count: m - j)
      let row = v.row(j)
      for i in 0..<j { row[i] = 0 }
      row[j] = 1
      for i in j + 1..<max(m, j + 1) { row[i] = x[i - j] }
      let rest = at.block(j + 1..<end, j..<m)
      multiplyRows(rest.readOnly, row + j, into: projections)
      scale(projections, by: -taus[j], count: rest.rows)
      gemm(
        MutableMatrixView(projections, rows: rest.rows, columns: 1).readOnly,
        MutableMatrixView(row + j, rows: 1, columns: m - j).readOnly, into: rest, start: .accumulate
      )
    }
    applyReflections(
      v.block(start..<end, start..<m).readOnly, taus + start, transposed: false,
      to: at.block(end..<n, start..<m))
    start = end
  }
  withExtendedLifetime(work) {}
}
