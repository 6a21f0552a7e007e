import Autograd
import TestSupport
import Testing

/// Pairs that broadcast in both directions.
private let pairs: [(TensorShape, TensorShape)] = [
  ([], []), ([1], [1]), ([5], [5]), ([33], [33]), ([3, 4], [4]), ([4], [3, 4]), ([3, 1], [1, 4]),
  ([1, 4], [3, 1]), ([2, 3, 4], [3, 1]), ([3, 1], [2, 3, 4]), ([2, 1, 4], [3, 1]), ([], [3, 5]),
  ([3, 5], []), ([1], [7]), ([7, 17], [17]), ([2, 1, 3], [1, 5, 1]),
]

private func binary(
  _ name: String,
  _ reference: @escaping @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>,
  _ function: @escaping @Sendable (Variable<Double>, Variable<Double>) -> Variable<Double>
) -> [GradientCase] {
  pairs.map { a, b in
    GradientCase(
      name, [anyNumbers(a, seed: 1), anyNumbers(b, seed: 2)],
      reference: { reference($0[0], $0[1]) },
      { function($0[0], $0[1]) })
  }
}

private func unary(
  _ name: String, _ reference: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>,
  _ function: @escaping @Sendable (Variable<Double>) -> Variable<Double>
) -> [GradientCase] {
  someShapes.map { shape in
    GradientCase(
      name, [anyNumbers(shape)], reference: { reference($0[0]) }, { function($0[0]) })
  }
}

let arithmeticCases: [GradientCase] =
  binary("+", { $0 + $1 }, { $0 + $1 }) + binary("-", { $0 - $1 }, { $0 - $1 })
  + binary("*", { $0 * $1 }, { $0 * $1 }) + binary("/", { $0 / $1 }, { $0 / $1 })
  + binary("minimum", { minimum($0, $1) }, { minimum($0, $1) })
  + binary("maximum", { maximum($0, $1) }, { maximum($0, $1) })
  + unary("x + 2.5", { $0 + 2.5 }, { $0 + 2.5 }) + unary("2.5 + x", { 2.5 + $0 }, { 2.5 + $0 })
  + unary("x - 2.5", { $0 - 2.5 }, { $0 - 2.5 }) + unary("2.5 - x", { 2.5 - $0 }, { 2.5 - $0 })
  + unary("x * 2.5", { $0 * 2.5 }, { $0 * 2.5 }) + unary("-3 * x", { -3 * $0 }, { -3 * $0 })
  + unary("x / 49", { $0 / 49 }, { $0 / 49 }) + unary("3 / x", { 3 / $0 }, { 3 / $0 })
  + unary("-x", { -$0 }, { -$0 })
  + unary("x + x", { $0 + $0 }, { $0 + $0 }) + unary("x - x", { $0 - $0 }, { $0 - $0 })
  + unary("x * x", { $0 * $0 }, { $0 * $0 }) + unary("x / x", { $0 / $0 }, { $0 / $0 })

let powerCases: [GradientCase] =
  pairs.map { a, b in
    GradientCase(
      "pow", [positiveNumbers(a, seed: 1), anyNumbers(b, seed: 2)],
      reference: { pow($0[0], $0[1]) }, { pow($0[0], $0[1]) })
  }
  + ([0, 1, 2, 3, -1, 0.5, -2.5] as [Double]).map { exponent in
    GradientCase(
      "pow(x, \(exponent))", [positiveNumbers([3, 5])], reference: { pow($0[0], exponent) },
      { pow($0[0], exponent) })
  }
  + [
    GradientCase(
      "pow of negative numbers", [-positiveNumbers([3, 5])], reference: { pow($0[0], 3) },
      { pow($0[0], 3) }),
    GradientCase(
      "pow(2.5, x)", [anyNumbers([3, 5])], reference: { pow(2.5, $0[0]) }, { pow(2.5, $0[0]) }),
  ]

@Suite("Arithmetic on a tape")
struct ArithmeticTests {
  @Test(
    "has the derivative of finite differences and the value of tensors", arguments: arithmeticCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("raises to powers, with their derivatives along both operands", arguments: powerCases)
  func powers(_ example: GradientCase) { example.check() }

  @Test("has finite derivatives of powers of 0, and with exponent 0")
  func powersOfZero() {
    let tape = Tape<Double>()
    let (a, b) = (tape.variable([0, 0, 3]), tape.variable([2, 1, 0]))
    let gradients = tape.gradients(of: sum(pow(a, b)))
    #expect(gradients[a] == [0, 1, 0])
    expectClose(gradients[b], [0, 0, 1.0986122886681098])
    #expect(tape.gradients(of: sum(pow(a, 0)))[a] == [0, 0, 0])
  }

  @Test("divides by a number exactly as tensors do")
  func division() {
    let tape = Tape<Float>()
    let x = Tensor<Float>((1...1000).map { Float($0) })
    #expect((tape.variable(x) / 49).value == x / 49)
  }

  @Test("gives the gradient of equal operands of minimum and maximum to the first")
  func ties() {
    let tape = Tape<Double>()
    let (a, b) = (tape.variable([1, 2]), tape.variable([1, 3]))
    let least = tape.gradients(of: sum(minimum(a, b)))
    #expect(least[a] == [1, 1] && least[b] == [0, 0])
    let largest = tape.gradients(of: sum(maximum(a, b)))
    #expect(largest[a] == [1, 0] && largest[b] == [0, 1])
  }
}
