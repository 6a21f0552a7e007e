// Solves T X = B for a triangular T by recursive halving: solve for the first half of X, subtract
// its product with the off-diagonal block from the second half of B, and solve for the second half.
// Except for small triangles, all work is matrix multiplication. Next: `Cholesky.swift`.

/// The triangle of a matrix that is not zero.
enum Triangle {
  case lower
  case upper
}

/// B = T⁻¹ B.
///
/// The other triangle of T is not read, nor is its diagonal if it is declared to be all ones. T may
/// be a transposed view; the rows of B must be contiguous.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func solveTriangular<Scalar: TensorFloat>(
  _ t: MatrixView<Scalar>, _ triangle: Triangle, unitDiagonal: Bool = false,
  into b: MutableMatrixView<Scalar>
) {
  let (n, width) = (t.rows, b.columns)
  if n <= 24 {
    for step in 0..<n {
      let i = triangle == .lower ? step : n - 1 - step
      let row = b.row(i)
      for p in triangle == .lower ? 0..<i : i + 1..<n {
        subtractMultiple(t[i, p], of: b.row(p), from: row, count: width)
      }
      if !unitDiagonal {
        let pivot = t[i, i]
        for j in 0..<width { row[j] /= pivot }
      }
    }
    return
  }
  let (top, bottom) = (0..<n / 2, n / 2..<n)
  let (first, second) = triangle == .lower ? (top, bottom) : (bottom, top)
  let all = 0..<width
  solveTriangular(
    t.part(rows: first, columns: first), triangle, unitDiagonal: unitDiagonal,
    into: b.block(first, all))
  subtractProduct(
    t.part(rows: second, columns: first), b.block(first, all).readOnly, from: b.block(second, all))
  solveTriangular(
    t.part(rows: second, columns: second), triangle, unitDiagonal: unitDiagonal,
    into: b.block(second, all))
}
