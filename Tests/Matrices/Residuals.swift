// How far decompositions are from what they promise, in units of n ε with n the longer of the matrix's
// sizes. Norms are Frobenius norms; A stands for the matrix without its power of two:
//
//     Q R             |Q R - A| / |A|, |QᵀQ - I|
//     U Σ Vᵀ          |U Σ Vᵀ - A| / |A|, |UᵀU - I|, |V Vᵀ - I|; the values alone against these
//     V Λ Vᵀ          |S V - V Λ| / |S|, |VᵀV - I| for the symmetric S with A's lower triangle
//     L Lᵀ            |L Lᵀ - G| / |G| for G = AᵀA + 10 n ε |A|² I
//     solve           |A X - B| / (|A| |X| + |B|)
//     inverse         |A X - I| / (|A| |X|)
//     pseudoinverse   |A X A - A| / (|A|² |X|)
//     least squares   |Aᵀ (A X - B)| / (|A| (|A| |X| + |B|))
//     determinant     |log |det A| - Σ log σ| / cond A, and det A against its logarithm
//     norm            ||A| - |σ|| / |A|
//
// `solve` and `inverse` may refuse or overflow where the condition is beyond 1 / (n ε), and say nothing
// of a matrix whose elements grow in the elimination.

import Tensor

/// One residual in units of n ε.
public struct Residual: Sendable {
  /// The decomposition and its property.
  public let name: String
  /// The number, infinite where something was thrown or is not finite.
  public let value: Double
}

/// The residuals of all decompositions of one matrix.
public func residuals<S: TensorFloat>(
  of a: Tensor<S>, growsInElimination: Bool = false
) -> [Residual] {
  let collector = Collector(a)
  let (m, n) = (a.shape[0], a.shape[1])
  if a.count == 0 { return collector.ofNothing() }
  let values = collector.checkSVD()
  collector.checkQR()
  collector.checkEigen()
  collector.checkCholesky()
  collector.checkLeastSquares()
  if let values {
    collector.checkPseudoinverse(values)
    if m == n && !growsInElimination { collector.checkElimination(values) }
  }
  return collector.found
}

private final class Collector<S: TensorFloat> {
  private let a: Tensor<S>
  /// The matrix times 2⁻ᵏ, near 1.
  private let near: Tensor<S>
  private let exponent: Int
  private let size: S
  private(set) var found: [Residual] = []

  init(_ a: Tensor<S>) {
    self.a = a
    let largest = largestMagnitude(a)
    // Even, so that a root of it is a power of two.
    exponent = largest == 0 ? 0 : Int(largest.exponent) & ~1
    near = timesPowerOfTwo(a, -exponent)
    size = near.norm()
  }

  private var longest: Int { max(a.shape[0], a.shape[1], 1) }
  private var unit: S { S(longest) * .ulpOfOne }

  private func note(_ name: String, _ error: S, relativeTo scale: S = 1) {
    let ratio = error == 0 ? 0 : error / (unit * scale)
    found.append(Residual(name: name, value: ratio.isFinite ? Double(ratio) : .infinity))
  }

  private func noteOrthogonal(_ name: String, columns q: Tensor<S>) {
    note(name, (matmul(q.transposed(), q) - .identity(q.shape[1])).norm())
  }

  /// What the body gives, or nil after noting what it threw.
  private func attempt<Result>(_ name: String, _ body: () throws -> Result) -> Result? {
    do { return try body() } catch {
      found.append(Residual(name: "\(name) throws \(error)", value: .infinity))
      return nil
    }
  }

  private func down(_ x: Tensor<S>) -> Tensor<S> { timesPowerOfTwo(x, -exponent) }

  func checkSVD() -> Tensor<S>? {
    guard let (u, values, vt) = attempt("svd", { try a.svd() }) else { return nil }
    let sigma = down(values)
    note("svd: product", (matmul(u * sigma, vt) - near).norm(), relativeTo: size)
    noteOrthogonal("svd: U", columns: u)
    noteOrthogonal("svd: V", columns: vt.transposed())
    note(
      "svd: order",
      zip(values.elements, values.elements.dropFirst()).allSatisfy { $0 >= $1 } ? 0 : .infinity)
    if let alone = attempt("singularValues", { try a.singularValues() }) {
      note("singularValues", (down(alone) - sigma).norm(), relativeTo: size)
    }
    note("norm", abs(size - sigma.norm()), relativeTo: size)
    if let rank = attempt("matrixRank", { try a.matrixRank().scalar }) {
      // Within the rounding errors of the bound anything may be counted.
      let certain = sigma.elements.count { $0 > 50 * unit * sigma[0] }
      let possible = sigma.elements.count { $0 > 0 }
      note("matrixRank", rank >= certain && rank <= max(possible, certain) ? 0 : .infinity)
    }
    return sigma
  }

  func checkQR() {
    let (q, r) = a.qr()
    note("qr: product", (matmul(q, down(r)) - near).norm(), relativeTo: size)
    noteOrthogonal("qr: Q", columns: q)
    note("qr: R", r == r.upperTriangle() ? 0 : .infinity)
  }

  func checkEigen() {
    let n = min(a.shape[0], a.shape[1])
    let square = a[0..<n, 0..<n]
    let lower = near[0..<n, 0..<n].lowerTriangle()
    let s = lower + near[0..<n, 0..<n].lowerTriangle(offset: -1).transposed()
    guard let (values, v) = attempt("symmetricEigen", { try square.symmetricEigen() }) else {
      return
    }
    // Where the whole matrix is at the low end of the range, eigenvalues of a part of it may be
    // subnormal, with a rounding error of their own.
    let resolution = timesPowerOfTwo(Tensor(S.leastNonzeroMagnitude), -exponent).scalar
    note(
      "eigen: product", (matmul(s, v) - v * down(values)).norm(),
      relativeTo: s.norm() + max(resolution / .ulpOfOne, .leastNormalMagnitude))
    noteOrthogonal("eigen: V", columns: v)
    note(
      "eigen: order",
      zip(values.elements, values.elements.dropFirst()).allSatisfy { $0 <= $1 } ? 0 : .infinity)
  }

  func checkCholesky() {
    let n = a.shape[1]
    let shift = 10 * unit * size * size
    let g = matmul(near.transposed(), near) + Tensor<S>.identity(n) * (shift == 0 ? 1 : shift)
    guard let l = attempt("cholesky", { try timesPowerOfTwo(g, exponent).cholesky() }) else {
      return
    }
    let root = timesPowerOfTwo(l, -exponent / 2)
    note("cholesky: product", (matmul(root, root.transposed()) - g).norm(), relativeTo: g.norm())
  }

  /// Two right-hand sides as large as the largest element, so that they have its power of two too.
  private var right: Tensor<S> {
    let wave = Tensor<S>(shape: [a.shape[0], 2]) { S(($0[0] * 7 + $0[1] * 3) % 11 - 5) / 4 }
    return wave * max(largestMagnitude(near), .leastNormalMagnitude)
  }

  func checkLeastSquares() {
    let b = right
    guard
      let x = attempt("leastSquares", { try leastSquares(a, timesPowerOfTwo(b, exponent)) })
    else { return }
    let normal = matmul(near.transposed(), matmul(near, x) - b).norm()
    note(
      "leastSquares", normal,
      relativeTo: max(size, .leastNormalMagnitude) * (size * x.norm() + b.norm()))
  }

  func checkPseudoinverse(_ sigma: Tensor<S>) {
    // The inverse of a matrix at one end of the range is beyond the other.
    let matrix = abs(exponent) > Int(S.greatestFiniteMagnitude.exponent) / 2 ? near : a
    let shift = matrix == near ? 0 : exponent
    guard let inverse = attempt("pseudoinverse", { try matrix.pseudoinverse() }) else { return }
    let x = timesPowerOfTwo(inverse, shift)
    note(
      "pseudoinverse", (matmul(matmul(near, x), near) - near).norm(),
      relativeTo: max(size * size * x.norm(), size))
  }

  func checkElimination(_ sigma: Tensor<S>) {
    let n = a.shape[0]
    let least = sigma[n - 1]
    let isSingular = least <= 50 * unit * sigma[0]
    let b = right
    do {
      let x = try solve(a, timesPowerOfTwo(b, exponent))
      let error = (matmul(near, x) - b).norm()
      if error.isFinite || !isSingular {
        note("solve", error, relativeTo: size * x.norm() + b.norm())
      }
      let matrix = abs(exponent) > Int(S.greatestFiniteMagnitude.exponent) / 2 ? near : a
      let inverse = timesPowerOfTwo(try matrix.inverse(), matrix == near ? 0 : exponent)
      let defect = (matmul(near, inverse) - .identity(n)).norm()
      if defect.isFinite || !isSingular {
        note("inverse", defect, relativeTo: size * inverse.norm())
      }
    } catch {
      if !isSingular {
        found.append(Residual(name: "solve throws \(error)", value: .infinity))
      }
    }
    let (sign, logarithm) = a.signAndLogDeterminant()
    let determinant = a.determinant().scalar
    if isSingular {
      note("determinant", determinant.isNaN || logarithm.scalar.isNaN ? .infinity : 0)
      return
    }
    let shift = S(n * exponent) * 0.693147180559945309
    let expected = log(sigma).sum() + shift
    note(
      "determinant: logarithm", abs(logarithm.scalar - expected),
      relativeTo: sigma[0] / least + abs(shift))
    let magnitude = exp(logarithm).scalar
    if magnitude.isNormal && determinant.isNormal {
      note(
        "determinant: value", abs(determinant - sign.scalar * magnitude),
        relativeTo: (1 + abs(logarithm.scalar)) * abs(determinant))
    } else {
      let agrees =
        abs(abs(determinant) - magnitude) <= S.leastNormalMagnitude * 2
        || abs(determinant) == magnitude
        || abs(determinant) > .greatestFiniteMagnitude / 2
        || magnitude > .greatestFiniteMagnitude / 2
      note("determinant: value", agrees ? 0 : .infinity)
    }
  }

  /// Without elements only shapes are left.
  func ofNothing() -> [Residual] {
    let (m, n) = (a.shape[0], a.shape[1])
    let k = min(m, n)
    func expect(_ name: String, _ isRight: Bool) { note(name, isRight ? 0 : .infinity) }
    let (q, r) = a.qr()
    expect("qr", q.shape == [m, k] && r.shape == [k, n])
    if let (u, values, vt) = attempt("svd", { try a.svd() }) {
      expect("svd", u.shape == [m, k] && values.shape == [k] && vt.shape == [k, n])
    }
    if let x = attempt("pseudoinverse", { try a.pseudoinverse() }) {
      expect("pseudoinverse", x.shape == [n, m])
    }
    if let x = attempt("leastSquares", { try leastSquares(a, Tensor<S>.ones([m, 2])) }) {
      expect("leastSquares", x == .zeros([n, 2]))
    }
    expect("matrixRank", attempt("matrixRank", { try a.matrixRank().scalar }) == 0)
    expect("norm", a.norm() == 0)
    if m == n {
      expect("determinant", a.determinant().scalar == 1)
      expect("solve", attempt("solve", { try solve(a, Tensor<S>.ones([0, 2])).shape }) == [0, 2])
      expect("inverse", attempt("inverse", { try a.inverse().shape }) == [0, 0])
      expect("cholesky", attempt("cholesky", { try a.cholesky().shape }) == [0, 0])
      expect("eigen", attempt("eigen", { try a.symmetricEigen().values.shape }) == [0])
    }
    return found
  }
}
