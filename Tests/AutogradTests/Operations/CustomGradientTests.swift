import Autograd
import TestSupport
import Testing

let customGradientCases: [GradientCase] = someShapes.map { shape in
  GradientCase("record", [anyNumbers(shape)], reference: { $0[0] * $0[0] * $0[0] }) {
    let x = $0[0].value
    return $0[0].tape.record("cube", of: $0[0], value: x * x * x) { dy in [3 * x * x * dy] }
  }
}

@Suite("Operations of a user's own")
struct CustomGradientTests {
  @Test(
    "have the derivative of finite differences and the value of tensors",
    arguments: customGradientCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("may have four inputs and give a gradient that is a view")
  func inputs() {
    let inputs = (0..<4).map { anyNumbers([2, 3], seed: UInt64($0)) }
    let check = checkGradients(at: inputs) { tape, x in
      let v = x.map(\.value)
      return tape.record(
        "mixed", of: x[0], x[1], x[2], x[3],
        value: v[0] * v[1] + v[2].transposed().transposed() - v[3]
      ) { dy in [dy * v[1], dy * v[0], dy.transposed().copied().transposed(), -dy] }
    }
    #expect(check.passes, "\(check)")
  }

  @Test("keep their name on the tape")
  func name() {
    let tape = Tape<Double>()
    let x = tape.variable([1])
    let y = tape.record("cube", of: x, value: [1]) { [$0] }
    #expect(tape.nodes[Int(y.index)].operation?.name == "cube")
  }
}
