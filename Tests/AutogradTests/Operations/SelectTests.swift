import Autograd
import TestSupport
import Testing

private let mask: Tensor<Bool> = [[true, false, true], [false, false, true]]

let selectCases: [GradientCase] = [
  GradientCase(
    "select", [anyNumbers([2, 3], seed: 1), anyNumbers([2, 3], seed: 2)],
    reference: { select(mask, $0[0], $0[1]) }, { select(mask, $0[0], $0[1]) }),
  GradientCase(
    "select with broadcasting", [anyNumbers([3], seed: 1), anyNumbers([4, 2, 1], seed: 2)],
    reference: { select(mask, $0[0], $0[1]) }, { select(mask, $0[0], $0[1]) }),
  GradientCase(
    "select of a variable or a number", [anyNumbers([3])],
    reference: { select(mask, $0[0], 5) * select(mask, -5, $0[0]) },
    { select(mask, $0[0], 5) * select(mask, -5, $0[0]) }),
]

@Suite("Choosing on a tape")
struct SelectTests {
  @Test("has the derivative of finite differences and the value of tensors", arguments: selectCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("gives no gradient to what was not chosen")
  func unchosen() {
    let tape = Tape<Float>()
    let (a, b) = (
      tape.variable(Tensor([1, .nan])), tape.variable(Tensor([.infinity, 2]))
    )
    let y = select(Tensor([true, false]), a, b)
    #expect(y.value == [1, 2])
    let gradients = tape.gradients(of: sum(y * 3))
    #expect(gradients[a] == [3, 0] && gradients[b] == [0, 3])
  }
}
