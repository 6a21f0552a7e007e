import Tensor
import Testing

/// The largest absolute difference.
private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
  a.count == 0 && a.shape == b.shape ? 0 : abs(a - b).max()
}

private func random(_ shape: TensorShape, seed: UInt64 = 1) -> Tensor<Double> {
  var generator = RandomGenerator(seed: seed)
  return .normal(shape, using: &generator)
}

private func identity(_ n: Int) -> Tensor<Double> { .diagonalMatrix(.ones([n])) }

/// An m x n matrix whose singular values are `values`.
private func matrix(_ m: Int, _ n: Int, singularValues values: [Double]) -> Tensor<Double> {
  let (u, v) = (random([m, values.count]).qr().q, random([n, values.count], seed: 2).qr().q)
  return matmul(u * Tensor(values), v.transposed())
}

private let epsilon = Double.ulpOfOne
private let sizes = [0, 1, 2, 3, 7, 24, 25, 33, 64, 100, 131]

@Suite struct DecompositionTests {
  @Test(arguments: sizes)
  func `the solution of random equations leaves a small residual`(n: Int) throws {
    let (a, b) = (random([n, n]), random([n, 5], seed: 2))
    let x = try solve(a, b)
    let scale = 100 * epsilon * Double(n + 1) * ((x.count == 0 ? 0 : abs(x).max()) + 1)
    #expect(distance(matmul(a, x), b) <= scale)
    let y = try solve(a, b[0..<n, 0])
    #expect(y.shape == [n])
    #expect(distance(y, x[0..<n, 0]) <= scale * 100)
  }

  @Test func `solve and inverse work on stacks, which broadcast`() throws {
    let (a, b) = (random([3, 1, 6, 6]), random([2, 6, 4], seed: 2))
    let x = try solve(a, b)
    #expect(x.shape == [3, 2, 6, 4])
    #expect(distance(matmul(a, x), b.broadcast(to: [3, 2, 6, 4])) < 1e-11)
    let inverse = try a.inverse()
    #expect(distance(matmul(a, inverse), identity(6).broadcast(to: [3, 1, 6, 6])) < 1e-11)
  }

  @Test(arguments: sizes)
  func `L times its transpose is the matrix`(n: Int) throws {
    let a = random([n, n + 3])
    let s = matmul(a, a.transposed())
    let l = try s.cholesky()
    #expect(distance(matmul(l, l.transposed()), s) <= 50 * epsilon * Double(n * n + 1))
    #expect(distance(l, l.lowerTriangle()) == 0)
    let noise = s + random([n, n]).upperTriangle(offset: 1)
    #expect(try noise.cholesky() == l)
  }

  @Test(arguments: [
    (0, 3), (3, 0), (1, 1), (5, 1), (1, 5), (40, 40), (70, 33), (33, 70), (100, 100), (200, 65),
  ])
  func `Q is orthogonal, R triangular and their product the matrix`(m: Int, n: Int) throws {
    let a = random([m, n])
    let (q, r) = a.qr()
    let k = min(m, n)
    #expect(q.shape == [m, k] && r.shape == [k, n])
    let bound = 20 * epsilon * Double(m + n)
    #expect(distance(matmul(q, r), a) <= bound)
    #expect(distance(matmul(q.transposed(), q), identity(k)) <= bound)
    #expect(distance(r, r.upperTriangle()) == 0)
  }

  @Test(arguments: sizes)
  func `eigenvectors are orthogonal and multiplied by their eigenvalues`(n: Int) throws {
    let g = random([n, n])
    let a = g + g.transposed()
    let (values, v) = try a.symmetricEigen()
    let bound = 50 * epsilon * Double(n * n + 1)
    #expect(distance(matmul(a, v), v * values) <= bound)
    #expect(distance(matmul(v.transposed(), v), identity(n)) <= bound)
    #expect(values.elements == values.elements.sorted())
  }

  @Test func `equal eigenvalues and diagonal matrices have orthogonal eigenvectors`() throws {
    let (values, v) = try Tensor<Double>.diagonalMatrix([2, -1, 2, 0, 2]).symmetricEigen()
    #expect(values == [-1, 0, 2, 2, 2])
    #expect(distance(matmul(v.transposed(), v), identity(5)) < 1e-15)
    let (ones, u) = try Tensor<Double>.ones([40, 40]).symmetricEigen()
    #expect(abs(ones[39] - 40) < 1e-13 && abs(ones[0]) < 1e-13)
    #expect(distance(matmul(u.transposed(), u), identity(40)) < 1e-13)
  }

  @Test(arguments: [
    (0, 3), (3, 0), (1, 1), (5, 1), (1, 5), (40, 40), (70, 33), (33, 70), (100, 100),
  ])
  func `singular vectors are orthonormal and the product is the matrix`(m: Int, n: Int) throws {
    try checkSVD(random([m, n]))
  }

  @Test func `matrices that lack rank or are ill-conditioned decompose as well`() throws {
    try checkSVD(.zeros([4, 3]))
    try checkSVD(.ones([20, 30]))
    try checkSVD(matrix(50, 40, singularValues: [3, 1, 1, 0.5]))
    try checkSVD(matrix(30, 30, singularValues: (0..<30).map { 1 / Double(1 << $0) }))
    try checkSVD(matrix(30, 30, singularValues: [1e150, 1, 1e-150]), scale: 1e150)
  }

  private func checkSVD(_ a: Tensor<Double>, scale: Double = 1) throws {
    let (u, values, vt) = try a.svd()
    let k = min(a.shape[0], a.shape[1])
    let bound = 50 * epsilon * Double(a.shape[0] + a.shape[1])
    #expect(distance(matmul(u * values, vt), a) <= bound * scale * 4)
    #expect(distance(matmul(u.transposed(), u), identity(k)) <= bound)
    #expect(distance(matmul(vt, vt.transposed()), identity(k)) <= bound)
    #expect(values.elements == values.elements.sorted(by: >))
  }

  @Test func `rank, condition, norms and the pseudoinverse follow from the singular values`() throws
  {
    let a = matrix(30, 20, singularValues: [8, 4, 1])
    #expect(try a.matrixRank().scalar == 3)
    #expect(abs(try a.spectralNorm().scalar - 8) < 1e-13)
    #expect(abs(try a.nuclearNorm().scalar - 13) < 1e-13)
    let b = matrix(20, 20, singularValues: (0..<20).map { Double($0 + 1) })
    #expect(abs(try b.conditionNumber().scalar - 20) < 1e-11)
    let p = try a.pseudoinverse(tolerance: 1e-12)
    #expect(p.shape == [20, 30])
    #expect(distance(matmul(matmul(a, p), a), a) < 1e-12)
    #expect(distance(matmul(matmul(p, a), p), p) < 1e-12)
  }

  @Test func `least squares give the shortest solution`() throws {
    // np.linalg.lstsq([[1,1],[1,2],[1,3],[1,4]], [6,5,7,10])[0] is [3.5, 1.4]
    let line = try leastSquares(
      [[1, 1], [1, 2], [1, 3], [1, 4]], [6, 5, 7, 10] as Tensor<Double>)
    #expect(distance(line, [3.5, 1.4]) < 1e-13)
    let (a, b) = (matrix(30, 20, singularValues: [8, 4, 1]), random([30, 2]))
    let x = try leastSquares(a, b)
    #expect(distance(x, matmul(try a.pseudoinverse(tolerance: 1e-12), b)) < 1e-12)
  }

  @Test func `determinants equal NumPy's`() throws {
    // np.linalg.det([[1,2],[3,4]]) is -2.0000000000000004
    #expect(abs(([[1, 2], [3, 4]] as Tensor<Double>).determinant().scalar + 2) < 1e-15)
    #expect(([[0, 2], [3, 4]] as Tensor<Double>).determinant().scalar == -6)
    #expect(Tensor<Double>.zeros([0, 0]).determinant().scalar == 1)
    let (sign, logarithm) = (identity(400) * -0.1).signAndLogDeterminant()
    #expect(sign.scalar == 1 && abs(logarithm.scalar + 921.0340371976183) < 1e-10)
    let singular: Tensor<Double> = [[1, 2], [2, 4]]
    #expect(singular.signAndLogDeterminant().sign.scalar == 0)
    #expect(singular.signAndLogDeterminant().logarithm.scalar == -.infinity)
  }

  @Test func `matrices without a result throw what they lack`() {
    #expect {
      try solve([[1, 2], [2, 4]], [1, 1] as Tensor<Double>)
    } throws: {
      "\($0)" == "solve: the matrix is singular, at pivot 1, shape [2, 2]"
    }
    #expect {
      try Tensor<Float>.zeros([3, 3]).inverse()
    } throws: {
      "\($0)" == "inverse: the matrix is singular, at pivot 0, shape [3, 3]"
    }
    #expect {
      try ([[1, 2], [2, 1]] as Tensor<Double>).cholesky()
    } throws: {
      "\($0)" == "cholesky: the matrix is not positive definite, at pivot 1, shape [2, 2]"
    }
    #expect {
      try Tensor<Double>([1, .nan, 2, 1]).reshaped(to: [2, 2] as TensorShape).svd()
    } throws: {
      "\($0)"
        == "svd: the matrix has an element that is infinite or not a number, shape [2, 2]"
    }
  }

  @Test func `Float matrices decompose to the precision of Float`() throws {
    var generator = RandomGenerator(seed: 5)
    let a = Tensor<Float>.normal([90, 90], using: &generator)
    let (q, r) = a.qr()
    #expect(abs(matmul(q, r) - a).max() < 1e-4)
    let (u, s, vt) = try a.svd()
    #expect(abs(matmul(u * s, vt) - a).max() < 1e-4)
    let (values, v) = try (a + a.transposed()).symmetricEigen()
    #expect(abs(matmul(a + a.transposed(), v) - v * values).max() < 1e-3)
    #expect(abs(matmul(a, try solve(a, a)) - a).max() < 1e-2)
  }
}
