import Autograd
import TestSupport
import Testing

let rectifierCases: [GradientCase] = someShapes.flatMap { shape in
  [
    GradientCase("leakyReLU", [anyNumbers(shape)]) { leakyReLU($0[0], slope: 0.3) },
    GradientCase("elu", [anyNumbers(shape)]) { elu($0[0], alpha: 0.7) },
    GradientCase("selu", [anyNumbers(shape)]) { selu($0[0]) },
    GradientCase("silu", [anyNumbers(shape)]) { silu($0[0]) },
    GradientCase("softsign", [anyNumbers(shape)]) { softsign($0[0]) },
    GradientCase("logCosh", [anyNumbers(shape)]) { logCosh($0[0]) },
  ]
}

@Suite("Activation functions on a tape")
struct RectifierTests {
  @Test("have the derivative of finite differences", arguments: rectifierCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("have the derivative of negative numbers at 0, and pass NaN on")
  func edges() {
    let tape = Tape<Double>()
    let x = tape.variable(Tensor([0, .nan, -1000, 1000]))
    #expect(tape.gradients(of: sum(leakyReLU(x, slope: 0.25)))[x].elements[0] == 0.25)
    #expect(tape.gradients(of: sum(elu(x, alpha: 0.5)))[x].elements[0] == 0.5)
    for y in [leakyReLU(x, slope: 0.25), elu(x), selu(x), silu(x), softsign(x)] {
      #expect(y.value.elements[1].isNaN)
    }
    #expect(elu(x).value.elements[2...] == [-1, 1000])
  }

  @Test("have limits at the infinities, in their derivatives too")
  func limits() {
    let tape = Tape<Float>()
    let x = tape.variable([-.infinity, .infinity])
    #expect(silu(x).value == [0, .infinity] && softsign(x).value == [-1, 1])
    #expect(tape.gradients(of: sum(silu(x)))[x] == [0, 1])
    #expect(tape.gradients(of: sum(softsign(x)))[x] == [0, 0])
    #expect(tape.gradients(of: sum(logCosh(x)))[x] == [-1, 1])
    #expect(tape.gradients(of: sum(elu(x)))[x] == [0, 1])
    #expect(tape.gradients(of: sum(selu(x)))[x].elements[0] == 0)
  }
}
