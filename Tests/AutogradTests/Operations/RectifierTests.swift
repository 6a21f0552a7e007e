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
    GradientCase("relu6", [anyNumbers(shape) * 5]) { relu6($0[0]) },
    GradientCase("hardSigmoid", [anyNumbers(shape) * 2.03]) { hardSigmoid($0[0]) },
    GradientCase("hardTanh", [anyNumbers(shape) * 1.03]) { hardTanh($0[0]) },
    GradientCase("hardSilu", [anyNumbers(shape) * 2.03]) { hardSilu($0[0]) },
    GradientCase(
      "mish", [anyNumbers(shape) * 3],
      reference: { x in x[0] * tanh(log(1 + exp(x[0]))) }, { mish($0[0]) }),
    GradientCase("logSigmoid", [anyNumbers(shape)]) { logSigmoid($0[0]) },
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
    #expect(mish(x).value == [0, .infinity] && hardSilu(x).value == [0, .infinity])
    #expect(tape.gradients(of: sum(mish(x)))[x] == [0, 1])
    #expect(tape.gradients(of: sum(hardSilu(x)))[x] == [0, 1])
  }

  @Test("of straight pieces have the flat side's derivative where pieces meet, and pass NaN on")
  func kinks() {
    let tape = Tape<Double>()
    let x = tape.variable([-3, -1, 0, 1, 3, 6, .nan])
    func slopes(_ y: Variable<Double>) -> [Double] {
      #expect(y.value.elements[6].isNaN)
      return Array(tape.gradients(of: sum(y))[x].elements[..<6])
    }
    let sixth: Double = 1 / 6
    let atOne: Double = 2.5 / 3
    #expect(slopes(relu6(x)) == [0, 0, 0, 1, 1, 0])
    #expect(slopes(hardSigmoid(x)) == [0, sixth, sixth, sixth, 0, 0])
    #expect(slopes(hardTanh(x)) == [0, 0, 1, 0, 0, 0])
    #expect(slopes(hardSilu(x)) == [0, sixth, 0.5, atOne, 1, 1])
    #expect(relu6(x).value.elements[..<6] == [0, 0, 0, 1, 3, 6])
    #expect(hardSigmoid(x).value.elements[..<6] == [0, 2 * sixth, 0.5, 4 * sixth, 1, 1])
  }
}
