import Autograd
import TestSupport
import Testing

let paddingCases: [GradientCase] = [
  GradientCase(
    "padded(1)", [anyNumbers([2, 3])], reference: { $0[0].padded(1) }, { $0[0].padded(1) }),
  GradientCase(
    "padded with a number", [anyNumbers([2, 3])],
    reference: { $0[0].padded([(0, 2), (3, 0)], mode: .constant(7)) },
    { $0[0].padded([(0, 2), (3, 0)], mode: .constant(7)) }),
  GradientCase(
    "padded with the edge", [anyNumbers([2, 3])],
    reference: { $0[0].padded([(1, 0), (2, 1)], mode: .edge) },
    { $0[0].padded([(1, 0), (2, 1)], mode: .edge) }),
  GradientCase(
    "padded with reflections", [anyNumbers([3, 4, 2])],
    reference: { $0[0].padded([(2, 1), (0, 3), (0, 0)], mode: .reflect) },
    { $0[0].padded([(2, 1), (0, 3), (0, 0)], mode: .reflect) }),
  GradientCase(
    "a number padded", [anyNumbers([])], reference: { $0[0].padded(1) }, { $0[0].padded(1) }),
]

@Suite("Padding on a tape")
struct PaddingTests {
  @Test(
    "has the derivative of finite differences and the value of tensors", arguments: paddingCases)
  func gradients(_ example: GradientCase) { example.check() }
}
