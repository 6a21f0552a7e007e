// Householder reflections H = I - tau v vᵀ, one by one and as blocks: the product of k of them is
// I - V T Vᵀ with a small triangular T (Schreiber and Van Loan, "A Storage-Efficient WY
// Representation for Products of Householder Transformations", 1989). Next: `QR.swift`.

/// The number of reflections applied together, as one block.
let reflectionBlock = 32

/// Finds H for which H x is (beta, 0, …, 0).
///
/// Replaces x by beta, followed by v without its first element, which is 1. Returns tau; beta has
/// the opposite sign of x[0].
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func makeReflection<Scalar: TensorFloat>(_ x: UnsafeMutablePointer<Scalar>, count: Int) -> Scalar {
  if count < 2 { return 0 }
  var factor: Scalar = 1
  var squares = dotProduct(x + 1, x + 1, count: count - 1)
  // After division by the largest element, no square overflows or vanishes.
  if !(squares < .greatestFiniteMagnitude / 4 && squares > .leastNormalMagnitude / .ulpOfOne) {
    var largest: Scalar = 0
    for i in 1..<count { largest = max(largest, abs(x[i])) }
    if largest == 0 { return 0 }
    factor = max(largest, abs(x[0]))
    for i in 0..<count { x[i] /= factor }
    squares = dotProduct(x + 1, x + 1, count: count - 1)
  }
  let norm = hypotenuse(x[0], squares.squareRoot())
  let beta = x[0].sign == .minus ? norm : -norm
  let tau = (beta - x[0]) / beta
  scale(x + 1, by: 1 / (x[0] - beta), count: count - 1)
  x[0] = beta * factor
  return tau
}

/// C = C (I - V T Vᵀ), or with T transposed; the rows of `v` are the vectors v.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applyReflections<Scalar: TensorFloat>(
  _ v: MatrixView<Scalar>, _ taus: UnsafePointer<Scalar>, transposed: Bool,
  to c: MutableMatrixView<Scalar>
) {
  let (k, rows) = (v.rows, c.rows)
  if k == 0 || rows == 0 { return }
  withScratch(count: 2 * k * k + 2 * rows * k + 16) { (scratch: UnsafeMutablePointer<Scalar>) in
    let products = MutableMatrixView(scratch, rows: k, columns: k)
    let t = MutableMatrixView(scratch + k * k, rows: k, columns: k)
    let w = MutableMatrixView(scratch + 2 * k * k, rows: rows, columns: k)
    let wt = MutableMatrixView(scratch + 2 * k * k + rows * k, rows: rows, columns: k)
    gemm(v, v.transposed, into: products)
    for j in 0..<k {
      for i in 0..<k { t[i, j] = 0 }
      t[j, j] = taus[j]
      for i in 0..<j {
        var sum: Scalar = 0
        for p in i..<j { sum += t[i, p] * products[p, j] }
        t[i, j] = -taus[j] * sum
      }
    }
    gemm(c.readOnly, v.transposed, into: w)
    gemm(w.readOnly, transposed ? t.readOnly.transposed : t.readOnly, into: wt)
    subtractProduct(wt.readOnly, v, from: c)
  }
}

/// C = C H₁ … Hₖ, blocks from the first to the last; row i of `v` is zero before column i +
/// `shift`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applyAllReflectionsInOrder<Scalar: TensorFloat>(
  _ v: MatrixView<Scalar>, _ taus: UnsafePointer<Scalar>, shift: Int,
  toRowsOf c: MutableMatrixView<Scalar>
) {
  for start in stride(from: 0, to: v.rows, by: reflectionBlock) {
    let rows = start..<min(start + reflectionBlock, v.rows)
    let columns = start + shift..<v.columns
    applyReflections(
      v.part(rows: rows, columns: columns), taus + start, transposed: false,
      to: c.block(0..<c.rows, columns))
  }
}

/// C = C Hₖ … H₁, blocks from the last to the first; row i of `v` is zero before column i +
/// `shift`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applyAllReflections<Scalar: TensorFloat>(
  _ v: MatrixView<Scalar>, _ taus: UnsafePointer<Scalar>, shift: Int,
  toRowsOf c: MutableMatrixView<Scalar>
) {
  var end = v.rows
  while end > 0 {
    let start = (end - 1) / reflectionBlock * reflectionBlock
    let columns = start + shift..<v.columns
    applyReflections(
      v.part(rows: start..<end, columns: columns), taus + start, transposed: true,
      to: c.block(0..<c.rows, columns))
    end = start
  }
}
