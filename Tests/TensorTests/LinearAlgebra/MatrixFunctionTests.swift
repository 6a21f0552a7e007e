import Tensor
import TestSupport
import Testing

private typealias TD = Tensor<Double>

// Expected values: NumPy 2.4, SciPy 1.17 (`expm`).
@Suite("Functions and products of matrices")
struct MatrixFunctionTests {
  @Test("powers are products, and those of the inverse")
  func powers() throws {
    let a: TD = [[1, 2], [3, 4]]
    #expect(try a.matrixPower(0) == .identity(2) && a.matrixPower(1) == a)
    #expect(try a.matrixPower(5) == [[1069, 1558], [2337, 3406]])
    expectClose(
      try a.matrixPower(-3), [[-14.75, 6.75], [10.125, -4.625]], relative: 1e-13)
    let stack = TD([1, 1, 0, 1, 2, 0, 0, 3], shape: [2, 2, 2])
    #expect(try stack.matrixPower(10)[0, 0, 1] == 10 && stack.matrixPower(3)[1, 1, 1] == 27)
    #expect(try TD.zeros([0, 0]).matrixPower(7).shape == [0, 0])
    #expect(throws: LinearAlgebraError.self) { try TD.ones([2, 2]).matrixPower(-1) }
    #expect(try (TD.identity(1) * 1.0000001).matrixPower(1 << 40).max() == .infinity)
  }

  @Test("exponentials of matrices")
  func exponentials() {
    // scipy.linalg.expm([[1, 2], [3, 4]])
    expectClose(
      ([[1, 2], [3, 4]] as TD).matrixExponential(),
      [[51.968956198705, 74.73656456700328], [112.1048468505049, 164.07380304920998]],
      relative: 1e-13)
    // A rotation by one radian; scipy.linalg.expm([[0, -1], [1, 0]])
    expectClose(
      ([[0, -1], [1, 0]] as TD).matrixExponential(),
      [[0.5403023058681398, -0.8414709848078965], [0.8414709848078965, 0.5403023058681398]],
      relative: 1e-14)
    #expect(TD.zeros([3, 3]).matrixExponential() == .identity(3))
    expectClose(
      TD.diagonalMatrix([-700, 0, 700]).matrixExponential().diagonal(), exp(TD([-700, 0, 700])),
      relative: 1e-11, absolute: 0)
    expectClose(
      ([[1e-20, 1], [0, 0]] as TD).matrixExponential(), [[1, 1], [0, 1]], relative: 1e-14)
    expectClose(
      ([[1, 2], [3, 4]] as Tensor<Float>).matrixExponential(),
      [[51.968956, 74.73656], [112.10485, 164.0738]], relative: 1e-5)
    let stack = TD([0, 1, 0, 0, 0, 2, 0, 0], shape: [2, 2, 2]).matrixExponential()
    expectClose(stack, TD([1, 1, 0, 1, 1, 2, 0, 1], shape: [2, 2, 2]), relative: 1e-14)
    #expect(isNaN(TD([1, .nan, 0, 1], shape: [2, 2]).matrixExponential()).all())
    #expect(TD.zeros([0, 0]).matrixExponential().shape == [0, 0])
    // The exponential of a sum that commutes is the product.
    var generator = RandomGenerator(seed: 6)
    let a = TD.normal([20, 20], using: &generator)
    let half = (a / 2).matrixExponential()
    let whole = a.matrixExponential()
    #expect(abs(matmul(half, half) - whole).max() < 1e-12 * abs(whole).max())
  }

  @Test("Kronecker products")
  func kronecker() {
    #expect(
      kron([[1, 2], [3, 4]] as TD, [[0, 1]]) == [[0, 1, 0, 2], [0, 3, 0, 4]])
    #expect(kron([1, 10, 100] as TD, [5, 6, 7]) == [5, 6, 7, 50, 60, 70, 500, 600, 700])
    #expect(kron([2, 3] as TD, [[1], [4]]) == [[2, 3], [8, 12]])
    #expect(kron(TD(3), [1, 2]) == [3, 6])
    #expect(kron(TD.zeros([0, 2]), TD.ones([3, 2])).shape == [0, 4])
  }

  @Test("cross products")
  func crossProducts() {
    #expect(cross([1, 2, 3] as TD, [4, 5, 6]) == [-3, 6, -3])
    #expect(cross([[1, 0, 0], [0, 1, 0]] as TD, [0, 0, 1]) == [[0, -1, 0], [1, 0, 0]])
    #expect(cross(TD.zeros([0, 3]), [0, 0, 1]).shape == [0, 3])
  }

  @Test("a chain of matrices is one product")
  func chains() {
    var generator = RandomGenerator(seed: 2)
    let sizes = [10, 100, 5, 50, 1, 7]
    let chain = zip(sizes, sizes.dropFirst()).map { TD.normal([$0, $1], using: &generator) }
    let expected = chain.dropFirst().reduce(chain[0]) { matmul($0, $1) }
    expectClose(multiDot(chain), expected, relative: 1e-10, absolute: 1e-10)
    #expect(multiDot([chain[0]]) == chain[0])
    #expect(multiDot([[1, 2], [[1, 0], [0, 1]], [3, 4]] as [TD]).scalar == 11)
  }

  @Test("operands that do not fit stop with a sentence")
  func mistakes() async {
    var result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = cross(Tensor<Double>([1, 2]), [1, 2, 3]) }
    #expect(message(of: result, contains: "cross: got shapes [2] and [3]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = multiDot([Tensor<Double>]())
    }
    #expect(message(of: result, contains: "multiDot: there is no matrix"))
  }
}
