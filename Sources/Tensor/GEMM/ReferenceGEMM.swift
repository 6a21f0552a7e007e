// The textbook matrix product, against which GEMM.swift is tested.

/// C = start + A B, summed in `Double`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func referenceGEMM<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar> = .zero
) {
  for i in 0..<c.rows {
    for j in 0..<c.columns {
      var sum =
        switch start {
        case .zero: 0.0
        case .row(let row): row[j].asDouble
        case .accumulate: c[i, j].asDouble
        }
      for p in 0..<a.columns { sum += a[i, p].asDouble * b[p, j].asDouble }
      c[i, j] = Scalar(converting: sum)
    }
  }
}
