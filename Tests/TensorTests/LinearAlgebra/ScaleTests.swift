// Matrices and vectors at the ends of the range of numbers, whose sums overflow or squares vanish on the
// way to results that are ordinary. The values are those of exact arithmetic, or NumPy's where it says so.

import Tensor
import TestSupport
import Testing

private typealias TF = Tensor<Float>
private typealias TD = Tensor<Double>

@Suite("Decompositions of huge and tiny matrices")
struct ScaleTests {
  @Test("eigenvalues and singular values next to the end of Float")
  func float() throws {
    let a: TF = [[2e38, 1e38], [1e38, 2e38]]
    expectClose(try a.symmetricEigen().values, [1e38, 3e38], relative: 1e-6)
    expectClose(try a.singularValues(), [3e38, 1e38], relative: 1e-6)
    expectClose(try a.svd().values, [3e38, 1e38], relative: 1e-6)
    expectClose(
      try a.pseudoinverse() * 3e38, [[2, -1], [-1, 2]], relative: 1e-5)
    expectClose(try a.inverse() * 3e38, [[2, -1], [-1, 2]], relative: 1e-5)
    #expect(try a.matrixRank().scalar == 2)
    expectClose(try a.conditionNumber(), Tensor(3), relative: 1e-6)
    expectClose(
      try a.cholesky(), [[1.4142136e19, 0], [7.0710678e18, 1.2247449e19]], relative: 1e-6)
  }

  @Test("a matrix of rank 1 next to the end of Double")
  func double() throws {
    let a: TD = [[8e307, 8e307], [8e307, 8e307]]
    expectClose(try a.singularValues()[0..<1], [1.6e308])
    #expect(try a.matrixRank().scalar == 1)
    expectClose(try a.spectralNorm(), Tensor(1.6e308))
    let b = TD(repeating: 1.7e308, shape: [3, 3])
    // The singular value itself is beyond the range; the rank and the inverse are not.
    #expect(try b.matrixRank().scalar == 1 && b.singularValues()[0] == .infinity)
    expectClose(try b.pseudoinverse() * 0x1p1000 * 1.7e7, TD.ones([3, 3]) * (0x1p1000 / 9e301))
  }

  @Test(
    "one factor for all elements is a factor of the result",
    arguments: [-1020, -600, -300, 300, 600, 1000, 1020])
  func powersOfTwo(exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let inverse = Double(sign: .plus, exponent: -exponent, significand: 1)
    let a: TD = [[4, 1, 0.5], [1, 3, 0.25], [0.5, 0.25, 2]]
    let b: TD = [1, 2, 3]
    let big = a * factor
    let loose = 1e-14
    func near(_ x: TD, _ y: TD) -> Bool {
      x.shape == y.shape && abs(x - y).max() <= loose * abs(y).max()
    }
    #expect(near(try big.singularValues() * inverse, try a.singularValues()))
    #expect(near(try big.symmetricEigen().values * inverse, try a.symmetricEigen().values))
    #expect(near(try big.symmetricEigen().vectors, try a.symmetricEigen().vectors))
    #expect(near(big.qr().r * inverse, a.qr().r) && near(big.qr().q, a.qr().q))
    let root = Double(sign: .plus, exponent: -exponent / 2, significand: 1)
    #expect(near(try big.cholesky() * root, try a.cholesky()))
    #expect(near(try solve(big, b * factor), try solve(a, b)))
    #expect(near(try leastSquares(big, b * factor), try leastSquares(a, b)))
    #expect(try big.matrixRank().scalar == 3)
    #expect(near(try big.conditionNumber(), try a.conditionNumber()))
    #expect(near(try big.nuclearNorm() * inverse, try a.nuclearNorm()))
    #expect(abs(big.norm() * inverse / a.norm() - 1) <= loose)
    if abs(exponent) < 1020 {
      #expect(near(try big.inverse() * factor, try a.inverse()))
      #expect(near(try big.pseudoinverse() * factor, try a.pseudoinverse()))
    }
    let (sign, logarithm) = big.signAndLogDeterminant()
    let shift = 3 * Double(exponent) * 0.6931471805599453
    #expect(sign.scalar == 1)
    #expect(
      abs(logarithm.scalar - a.signAndLogDeterminant().logarithm.scalar - shift)
        <= loose * (abs(shift) + 1))
  }

  @Test("well-scaled matrices keep their bits when a power of two is taken out")
  func bits() throws {
    var generator = RandomGenerator(seed: 3)
    let a = TD.normal([30, 30], using: &generator)
    let factor = 0x1p600
    #expect(try (a / factor).singularValues() * factor == a.singularValues())
    #expect((a / factor).qr().q == a.qr().q)
    #expect(try solve(a / factor, a[0..., 0] / factor) == solve(a, a[0..., 0]))
  }

  @Test("the determinant overflows only if its value does")
  func determinants() {
    #expect(TD.diagonalMatrix([1e200, 1e-200, 1e200, 1e-200]).determinant().scalar.isClose(to: 1))
    #expect(TD.diagonalMatrix([1e-200, 1e-200, 1e200, 1e200]).determinant().scalar.isClose(to: 1))
    #expect(TF.diagonalMatrix([1e30, 1e30, -1e-30, 1e-30]).determinant().scalar.isClose(to: -1))
    #expect(TD.diagonalMatrix([1e200, -1e200]).determinant().scalar == -.infinity)
    #expect(TD.diagonalMatrix([1e-200, 1e-200]).determinant().scalar == 0)
    // A product on the way is subnormal and would lose its digits.
    #expect(TD.diagonalMatrix([3e-160, 3e-160, 1e200]).determinant().scalar.isClose(to: 9e-120))
    #expect(TD.diagonalMatrix(TD.ones([2000]) * 3).determinant().scalar == .infinity)
    #expect((TD.identity(2000) * 0.5).determinant().scalar == 0)
    #expect((TD.identity(1000) * 0.5).determinant().scalar == 0x1p-1000)
    #expect(TD([2, 0, 0, .infinity], shape: [2, 2]).determinant().scalar == .infinity)
    let hidden = TD([0, 1, .nan, 1], shape: [2, 2])
    #expect(hidden.determinant().scalar.isNaN)
    #expect(hidden.signAndLogDeterminant().logarithm.scalar.isNaN)
    let stack = TD([2, 0, 0, 2, 1e-300, 0, 0, 1e-300, .nan, 0, 0, 1], shape: [3, 2, 2])
    let values = stack.determinant()
    #expect(values[0] == 4 && values[1] == 0 && values[2].isNaN)
    expectClose(
      stack.signAndLogDeterminant().logarithm[0..<2], [1.3862943611198906, -1381.5510557964274])
  }

  @Test("pivots of all sizes in one matrix are kept")
  func mixed() throws {
    let diagonal: [Double] = [1e300, 1e-300, 1e-5, 1e200, 1e-200, 1e305]
    let a = TD.diagonalMatrix(Tensor(diagonal))
    #expect(try solve(a, Tensor(diagonal)) == TD.ones([6]))
    expectClose(
      try a.cholesky().diagonal(), sqrt(Tensor(diagonal)), relative: 1e-15, absolute: 0)
    #expect(a.qr().r.diagonal() == Tensor(diagonal))
  }

  @Test("a factor that outgrows the range is made again from a smaller matrix")
  func growth() throws {
    // Wilkinson's matrix: the last column of U doubles with every row.
    let n = 60
    func wilkinson<S: TensorFloat>(_: S.Type) -> Tensor<S> {
      var a = Tensor<S>.identity(n) - Tensor<S>.ones([n, n]).lowerTriangle(offset: -1)
      a[0..., n - 1] = 1
      return a
    }
    let (a, big) = (wilkinson(Double.self), wilkinson(Float.self) * 0x1p100)
    let b = TD((0..<n).map { Double($0 % 7) - 3 })
    let x = try solve(big, TF(b) * 0x1p100)
    let y = try solve(a, b)
    // The other unknowns lose their digits in any precision, so large are the elements of U.
    #expect(abs(Double(x[n - 1]) - y[n - 1]) < 1e-4)
    #expect(abs(big.signAndLogDeterminant().logarithm.scalar - 4199.7788) < 0.05)
  }

  @Test("solutions that are large beside their right-hand sides do not overflow on the way")
  func illConditioned() throws {
    let (a, b): (TD, TD) = ([[1, 1], [1, 1.000000001]], [[1, 0.5], [-0.25, 1]])
    let x = try solve(a, b)
    for exponent in [900, 1000, 1020] {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(try solve(a * power, b * power) == x, "\(exponent)")
    }
  }

  @Test("norms overflow only if their value does")
  func norms() {
    #expect(TF([3e25, 4e25]).norm().isClose(to: 5e25))
    #expect(TF([3e-30, 4e-30]).norm().isClose(to: 5e-30))
    expectClose(
      TD([[3e200, 4e200], [3, 4], [0, 0], [3e-200, 4e-200]]).norm(axis: 1),
      [5e200, 5, 0, 5e-200], relative: 1e-14, absolute: 0)
    #expect(TD([[3e200, 4e200]]).norm(axis: 1, keepingDimensions: true).shape == [1, 1])
    #expect(TD([.infinity, 1]).norm() == .infinity && TD([.nan, 1]).norm().isNaN)
    #expect(TD([.infinity, .nan]).norm().isNaN)
    #expect(TD([]).norm() == 0 && TD.zeros([0, 3]).norm(axis: 0) == [0, 0, 0])
    #expect(TD([5e-324]).norm() == 5e-324 && TD([1.7e308]).norm() == 1.7e308)
    #expect(TD([1.7e308, 1.7e308]).norm() == .infinity)
  }

  @Test("the condition number of what has no inverse is infinite")
  func conditions() throws {
    #expect(try TD.zeros([2, 2]).conditionNumber().scalar == .infinity)
    #expect(try TD.diagonalMatrix([1, 0]).conditionNumber().scalar == .infinity)
    #expect(try TD.diagonalMatrix([1e300, 1e-300]).conditionNumber().scalar == .infinity)
  }

  @Test("elements that are not finite throw, or make NaN where nothing can be thrown")
  func notFinite() {
    for bad in [Double.nan, .infinity, -.infinity] {
      let a = TD([2, 1, bad, 3], shape: [2, 2])
      func refuses(_ operation: String, _ body: @escaping () throws -> Void) {
        #expect {
          try body()
        } throws: {
          ($0 as? LinearAlgebraError)?.reason == .notFinite
            && ($0 as? LinearAlgebraError)?.operation == operation
        }
      }
      refuses("solve") { _ = try solve(a, TD([1, 2])) }
      refuses("inverse") { _ = try a.inverse() }
      refuses("cholesky") { _ = try a.cholesky() }
      refuses("symmetricEigen") { _ = try a.symmetricEigen() }
      refuses("svd") { _ = try a.svd() }
      refuses("singularValues") { _ = try a.singularValues() }
      refuses("pseudoinverse") { _ = try a.pseudoinverse() }
      refuses("matrixRank") { _ = try a.matrixRank() }
      refuses("conditionNumber") { _ = try a.conditionNumber() }
      refuses("spectralNorm") { _ = try a.spectralNorm() }
      refuses("nuclearNorm") { _ = try a.nuclearNorm() }
      refuses("leastSquares") { _ = try leastSquares(a, TD([1, 2])) }
      #expect(isNaN(a.qr().q).all() && isNaN(a.qr().r).all())
    }
    // What lies above the diagonal is not read.
    let upper = TD([2, .nan, 1, 3], shape: [2, 2])
    #expect(throws: Never.self) { try upper.cholesky() }
    #expect(throws: Never.self) { try upper.symmetricEigen() }
    // One bad matrix of a stack leaves the others as they are.
    let stack = TD([2, 0, 0, 2, .nan, 0, 0, 1], shape: [2, 2, 2]).qr()
    #expect(stack.r[0, 0, 0] == 2 && isNaN(stack.r[1, ...]).all())
    // A bad right-hand side spoils its own column only.
    let x = try? solve(TD.identity(2), TD([1, .nan, 2, 1], shape: [2, 2]))
    #expect(x?[0, 0] == 1 && x?[1, 0] == 2 && x?[0, 1].isNaN == true)
  }

  @Test("tiny rotations turn by all of their angle")
  func subnormalBlocks() throws {
    let a: TD = [[1, 0, 0], [0, 5e-324, 5e-324], [0, 5e-324, 5e-324]]
    let (_, v) = try a.symmetricEigen()
    expectClose(matmul(v.transposed(), v), .identity(3), absolute: 1e-14)
    let (u, _, vt) = try a.svd()
    expectClose(matmul(u.transposed(), u), .identity(3), absolute: 1e-14)
    expectClose(matmul(vt, vt.transposed()), .identity(3), absolute: 1e-14)
  }

  @Test("the singular values converge where blocks end at the top", arguments: [29, 32, 40, 100])
  func sweeps(n: Int) throws {
    // From 29 columns on, 60 sweeps of the whole matrix are too few.
    let a = TD(shape: [n, n]) { $0[1] == 0 ? 0 : 1 / (1 + abs(Double($0[0] - $0[1]))) }
    let (u, values, vt) = try a.svd()
    expectClose(matmul(u * values, vt), a, absolute: 1e-13)
    #expect(values[n - 1] < 1e-15)
    var generator = RandomGenerator(seed: 8)
    var table = TD.normal([3 * n / 2, n], using: &generator) * 1000
    table[0..., 0] = 1
    #expect(try table.matrixRank().scalar == n)
    #expect(throws: Never.self) { try leastSquares(table, table[0..., 1]) }
  }
}

extension BinaryFloatingPoint {
  fileprivate func isClose(to other: Self) -> Bool {
    abs(self - other) <= 8 * .ulpOfOne * abs(other)
  }
}
