import Autograd
import TestSupport
import Testing

import enum KernelTemplate.UnaryOperation

/// Functions that are defined for positive numbers only.
private let wantsPositive: Set<UnaryOperation> = [
  .log, .squareRoot, .reciprocalSquareRoot, .logOnePlus,
]

let elementwiseCases: [GradientCase] =
  UnaryOperation.allCases.flatMap { operation in
    someShapes.map { shape in
      let x = wantsPositive.contains(operation) ? positiveNumbers(shape) : anyNumbers(shape)
      // Away from the jumps of floor, round and their like.
      return GradientCase(
        "\(operation)", [x * 0.6], reference: { $0[0].mapped(operation) },
        { $0[0].mapped(operation) })
    }
  }
  + someShapes.map { shape in
    GradientCase(
      "clip", [anyNumbers(shape)],
      reference: { $0[0].clipped(to: -0.79...0.69) },
      { $0[0].clipped(to: -0.79...0.69) })
  }

@Suite("Functions of one number on a tape")
struct ElementwiseTests {
  @Test(
    "have the derivative of finite differences and the value of tensors",
    arguments: elementwiseCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("are the functions they are named after")
  func names() {
    let tape = Tape<Double>()
    let numbers = positiveNumbers([9])
    let x = tape.variable(numbers)
    #expect(exp(x).value == exp(numbers) && log(x).value == log(numbers))
    #expect(sqrt(x).value == sqrt(numbers) && square(x).value == square(numbers))
    #expect(abs(-x).value == numbers && tanh(x).value == tanh(numbers))
    #expect(sigmoid(x).value == sigmoid(numbers) && softplus(x).value == softplus(numbers))
    #expect(sin(x).value == sin(numbers) && cos(x).value == cos(numbers))
    #expect(tan(x).value == tan(numbers))
    #expect(erf(x).value == erf(numbers) && gelu(x).value == gelu(numbers))
    #expect(rsqrt(x).value == rsqrt(numbers) && reciprocal(x).value == reciprocal(numbers))
    #expect(expm1(x).value == expm1(numbers) && log1p(x).value == log1p(numbers))
    #expect(sign(-x).value == -.ones([9]))
    #expect(relu(-x).value == .zeros([9]) && step(x).value == .ones([9]))
  }

  @Test("have derivative 0 for the norm of zeros")
  func normOfZeros() {
    let tape = Tape<Double>()
    let x = tape.variable([0, 0, 0])
    #expect(tape.gradients(of: sqrt(sum(square(x))))[x] == [0, 0, 0])
    let y = tape.variable([[3, 4], [0, 0]])
    let norms = sqrt(square(y).sum(axis: -1))
    let gradient = tape.gradients(of: sum(norms))[y]
    expectClose(gradient, [[0.6, 0.8], [0, 0]], relative: 1e-15)
    #expect(gradient[1, ...] == [0, 0])
  }

  @Test("have derivative 0 at the kinks of relu and abs, and 1 at the ends of clip")
  func kinks() {
    let tape = Tape<Double>()
    let x = tape.variable([0, -0.0, 1])
    #expect(tape.gradients(of: sum(relu(x)))[x] == [0, 0, 1])
    #expect(tape.gradients(of: sum(abs(x)))[x] == [0, 0, 1])
    #expect(tape.gradients(of: sum(x.clipped(to: 0...1)))[x] == [1, 1, 1])
    #expect(tape.gradients(of: sum(step(x)))[x] == [0, 0, 0])
    #expect(step(x).value == [1, 1, 1])
  }

  @Test("neither overflow nor hide NaN")
  func extremes() {
    let tape = Tape<Double>()
    let x = tape.variable(Tensor([-1000, 1000, .nan]))
    let y = sigmoid(x)
    #expect(y.value[0] == 0 && y.value[1] == 1 && y.value[2].isNaN)
    let gradient = tape.gradients(of: sum(softplus(x)))[x]
    #expect(gradient[0] == 0 && gradient[1] == 1 && gradient[2].isNaN)
    #expect(x.clipped(to: 0...1).value[2].isNaN && relu(x).value[2].isNaN)
  }
}
