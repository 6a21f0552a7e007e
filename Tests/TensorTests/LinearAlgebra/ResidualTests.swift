// Residuals of all decompositions, in units of n ε and the size of the matrix, for `Float` and
// `Double`: random matrices, ones of condition 10^12 and of lower rank, graded ones, those whose
// squares overflow or vanish, single numbers, and matrices without rows or columns.

import Tensor
import Testing

/// A matrix to decompose, made in `Double`.
struct MatrixCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () -> Tensor<Double>
}

private func random(_ m: Int, _ n: Int, seed: UInt64 = 1) -> Tensor<Double> {
  var generator = RandomGenerator(seed: seed)
  return .normal([m, n], using: &generator)
}

/// A matrix whose singular values are `values`.
private func matrix(_ m: Int, _ n: Int, singularValues values: [Double]) -> Tensor<Double> {
  let u = random(m, values.count).qr().q
  return matmul(u * Tensor(values), random(n, values.count, seed: 2).qr().q.transposed())
}

private let squares: [MatrixCase] =
  [1, 2, 3, 8, 31, 32, 33, 64, 65, 100, 150].map { n in
    MatrixCase(testDescription: "random \(n)") { random(n, n) }
  } + [
    MatrixCase(testDescription: "no rows") { .zeros([0, 0]) },
    MatrixCase(testDescription: "zeros") { .zeros([40, 40]) },
    MatrixCase(testDescription: "identity") { .identity(40) },
    MatrixCase(testDescription: "ones, of rank 1") { .ones([70, 70]) },
    MatrixCase(testDescription: "rank 5 of 60") {
      matrix(60, 60, singularValues: [5, 4, 3, 2, 1])
    },
    MatrixCase(testDescription: "condition 1e12") {
      matrix(48, 48, singularValues: (0..<48).map { .pow10(-12 * Double($0) / 47) })
    },
    MatrixCase(testDescription: "graded") {
      random(50, 50) * Tensor((0..<50).map { .pow10(-Double($0) / 5) })
    },
    MatrixCase(testDescription: "graded the other way") {
      random(50, 50) * Tensor((0..<50).map { .pow10(Double($0 - 50) / 5) })
    },
    MatrixCase(testDescription: "equal values") { random(60, 60).qr().q },
    MatrixCase(testDescription: "tridiagonal") {
      .diagonalMatrix(.ones([80]) * 2) - .diagonalMatrix(.ones([79]), offset: 1)
        - .diagonalMatrix(.ones([79]), offset: -1)
    },
    MatrixCase(testDescription: "a row of zeros") {
      var a = random(33, 33)
      a[7, ...] = 0
      return a
    },
    MatrixCase(testDescription: "huge") { random(20, 20) * 1e30 },
    MatrixCase(testDescription: "tiny") { random(20, 20) * 1e-30 },
  ]

private let shapes: [MatrixCase] =
  [
    (0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (2, 40), (64, 63), (63, 64), (100, 40), (40, 100),
    (33, 66), (300, 20),
  ].map { (m: Int, n: Int) in
    MatrixCase(testDescription: "random \(m) x \(n)") { random(m, n) }
  } + [
    MatrixCase(testDescription: "rank 2, tall") { matrix(90, 40, singularValues: [2, 1]) },
    MatrixCase(testDescription: "rank 2, wide") { matrix(30, 45, singularValues: [2, 1]) },
    MatrixCase(testDescription: "equal columns") { random(50, 1) * Tensor.ones([1, 30]) },
  ]

extension Double {
  fileprivate static func pow10(_ x: Double) -> Double { pow(10, Tensor<Double>([x]))[0] }
}

/// The largest absolute number, 0 of none.
private func size<S: TensorFloat>(_ a: Tensor<S>) -> S { a.count == 0 ? 0 : abs(a).max() }

/// How many n ε two matrices, of the size of `scale`, differ by.
private func error<S: TensorFloat>(_ a: Tensor<S>, _ b: Tensor<S>, scale: S) -> S {
  guard a.shape == b.shape else { return .infinity }
  if a.count == 0 { return 0 }
  let n = S(max(a.shape[0], a.shape[1], 4))
  let difference = size(a - b)
  if difference == 0 { return 0 }
  return difference / (n * .ulpOfOne * (scale == 0 ? 1 : scale))
}

private func identity<S: TensorFloat>(_ n: Int, _: S.Type) -> Tensor<S> { .identity(n) }

@Suite("Residuals of decompositions")
struct ResidualTests {
  @Test("Q R", arguments: squares + shapes)
  func qr(matrix: MatrixCase) {
    func check<S: TensorFloat>(_ a: Tensor<S>) {
      let (q, r) = a.qr()
      #expect(error(matmul(q, r), a, scale: size(a)) < 8)
      let gram = matmul(q.transposed(), q)
      #expect(error(gram, identity(gram.shape[0], S.self), scale: 1) < 4)
      #expect(r == r.upperTriangle())
    }
    check(matrix.make())
    check(Tensor<Float>(matrix.make()))
  }

  @Test("U Σ Vᵀ", arguments: squares + shapes)
  func svd(matrix: MatrixCase) throws {
    func check<S: TensorFloat>(_ a: Tensor<S>) throws {
      let (u, values, vt) = try a.svd()
      let k = min(a.shape[0], a.shape[1])
      #expect(u.shape == [a.shape[0], k] && values.shape == [k] && vt.shape == [k, a.shape[1]])
      #expect(error(matmul(u * values, vt), a, scale: values.count == 0 ? 0 : values.max()) < 4)
      #expect(error(matmul(u.transposed(), u), identity(k, S.self), scale: 1) < 6)
      #expect(error(matmul(vt, vt.transposed()), identity(k, S.self), scale: 1) < 6)
      #expect(values.elements == values.elements.sorted(by: >))
      #expect(values.elements.allSatisfy { $0 >= 0 })
      let alone = try a.singularValues()
      #expect(size(alone - values) <= 4 * S(k) * .ulpOfOne * size(values))
    }
    try check(matrix.make())
    try check(Tensor<Float>(matrix.make()))
  }

  @Test("V Λ Vᵀ of symmetric matrices", arguments: squares)
  func eigen(matrix: MatrixCase) throws {
    func check<S: TensorFloat>(_ a: Tensor<S>) throws {
      let (values, v) = try a.symmetricEigen()
      let scale = size(values)
      #expect(error(matmul(a, v), v * values, scale: scale) < 4)
      #expect(
        error(matmul(v.transposed(), v), identity(a.shape[0], S.self), scale: 1) < 6)
      #expect(values.elements == values.elements.sorted())
    }
    let a = matrix.make()
    try check(a + a.transposed())
    try check(Tensor<Float>(a + a.transposed()))
  }

  @Test("L Lᵀ of positive definite matrices", arguments: [1, 2, 24, 25, 47, 100, 200])
  func cholesky(n: Int) throws {
    func check<S: TensorFloat>(_ a: Tensor<S>) throws {
      let l = try a.cholesky()
      #expect(error(matmul(l, l.transposed()), a, scale: size(a)) < 4)
    }
    let (g, decay) = (random(n, n), (0..<n).map { Double.pow10(-6 * Double($0) / Double(n)) })
    let positive = matmul(g, g.transposed()) + identity(n, Double.self) * Double(n)
    try check(positive)
    try check(Tensor<Float>(positive))
    let q = g.qr().q
    try check(matmul(q * Tensor(decay), q.transposed()))
  }

  @Test("A X - B, and A times its inverse", arguments: squares.prefix(11))
  func solutions(matrix: MatrixCase) throws {
    func check<S: TensorFloat>(_ a: Tensor<S>) throws {
      let n = a.shape[0]
      let b = Tensor<S>(random(n, 3, seed: 9))
      let x = try solve(a, b)
      // Backward stability: the residual is small against |A| |X|, whatever A's condition.
      #expect(error(matmul(a, x), b, scale: size(a) * size(x) * S(n)) < 4)
      let inverse = try a.inverse()
      #expect(
        error(matmul(a, inverse), identity(n, S.self), scale: size(a) * size(inverse) * S(n)) < 4)
    }
    try check(matrix.make())
    try check(Tensor<Float>(matrix.make()))
  }

  @Test("nearly singular equations are solved with a small residual")
  func illConditioned() throws {
    let a = matrix(48, 48, singularValues: (0..<48).map { .pow10(-12 * Double($0) / 47) })
    let b = random(48, 3, seed: 9)
    let x = try solve(a, b)
    #expect(error(matmul(a, x), b, scale: size(a) * size(x)) < 4)
  }

  @Test("least squares leave a residual without a part that A could take", arguments: shapes)
  func shortestSolutions(matrix: MatrixCase) throws {
    func check<S: TensorFloat>(_ a: Tensor<S>) throws {
      let b = Tensor<S>(random(a.shape[0], 3, seed: 9))
      let x = try leastSquares(a, b)
      #expect(x.shape == [a.shape[1], 3])
      let rest = b - matmul(a, x)
      let normal = matmul(a.transposed(), rest)
      #expect(error(normal, .zeros(normal.shape), scale: size(a) * size(b) * 16) < 8)
      // The shortest of all solutions has no part that A maps to zero.
      if a.count > 0 {
        let inverse = try a.pseudoinverse()
        let again = matmul(inverse, matmul(a, x))
        #expect(error(again, x, scale: size(x) * 16) < 8)
      }
    }
    try check(matrix.make())
    try check(Tensor<Float>(matrix.make()))
  }

  @Test("stacks of matrices decompose one by one")
  func stacks() throws {
    var generator = RandomGenerator(seed: 4)
    let a = Tensor<Double>.normal([2, 3, 12, 9], using: &generator)
    let (u, values, vt) = try a.svd()
    #expect(u.shape == [2, 3, 12, 9] && values.shape == [2, 3, 9] && vt.shape == [2, 3, 9, 9])
    let rebuilt = matmul(u * values.expandingShape(at: -2), vt)
    #expect(abs(rebuilt - a).max() < 1e-13)
    #expect(abs(try a.singularValues() - values).max() < 1e-13)
    let s = matmul(a.swappingAxes(-1, -2), a)
    let (w, v) = try s.symmetricEigen()
    #expect(abs(matmul(s, v) - v * w.expandingShape(at: -2)).max() < 1e-12)
    #expect(abs(matmul(a.qr().q, a.qr().r) - a).max() < 1e-13)
  }

  @Test("the bits do not depend on the number of threads")
  func threads() throws {
    let a = random(150, 150)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let (one, oneEigen) = (try a.svd(), try (a + a.transposed()).symmetricEigen())
    Parallel.threadCount = 3
    let (three, threeEigen) = (try a.svd(), try (a + a.transposed()).symmetricEigen())
    #expect(one.u == three.u && one.values == three.values && one.vt == three.vt)
    #expect(oneEigen.values == threeEigen.values && oneEigen.vectors == threeEigen.vectors)
  }
}
