import Autograd
import TestSupport
import Testing

let dropoutCases: [GradientCase] = someShapes.map { shape in
  GradientCase("dropout", [anyNumbers(shape)]) {
    var generator = RandomGenerator(seed: 4)
    return dropout($0[0], rate: 0.4, using: &generator)
  }
}

@Suite("Dropout on a tape")
struct DropoutTests {
  @Test("has the derivative of finite differences", arguments: dropoutCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("drops the given share and scales the rest up", arguments: [0.1, 0.5, 0.9])
  func share(rate: Double) {
    let tape = Tape<Float>()
    var generator = RandomGenerator(seed: 1)
    let y = dropout(tape.variable(.ones([100_000])), rate: rate, using: &generator).value.elements
    let scaled = Float(1 / (1 - rate))
    #expect(y.allSatisfy { $0 == 0 || $0 == scaled })
    let dropped = Double(y.count { $0 == 0 }) / 100_000
    // Five standard deviations of a share of 100,000.
    #expect(abs(dropped - rate) < 5 * (rate * (1 - rate) / 100_000).squareRoot())
  }

  @Test("differs from call to call and is the same for the same seed")
  func seeds() {
    let tape = Tape<Float>()
    let x = tape.variable(.ones([200]))
    var (first, second) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    let a = dropout(x, rate: 0.5, using: &first).value
    let b = dropout(x, rate: 0.5, using: &second).value
    let c = dropout(x, rate: 0.5, using: &second).value
    #expect(a == b && b != c)
  }

  @Test("with rate 0 is the variable itself")
  func nothing() {
    let tape = Tape<Float>()
    var generator = RandomGenerator(seed: 1)
    let x = tape.variable([1, 2])
    #expect(dropout(x, rate: 0, using: &generator).index == x.index && tape.count == 1)
  }
}
