import Autograd
import TestSupport
import Testing

let cumulativeCases: [GradientCase] =
  ([([1], 0), ([7], 0), ([3, 5], 0), ([3, 5], -1), ([2, 3, 4], 1), ([0, 3], 1)]
  as [(TensorShape, Int)]).map { shape, axis in
    GradientCase(
      "cumulativeSum(axis: \(axis))", [anyNumbers(shape)],
      reference: { $0[0].cumulativeSum(axis: axis) }, { $0[0].cumulativeSum(axis: axis) })
  }
  + [
    GradientCase(
      "cumulativeSum of all", [anyNumbers([2, 3])], reference: { $0[0].cumulativeSum() },
      { $0[0].cumulativeSum() })
  ]

@Suite("Running totals on a tape")
struct CumulativeTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: cumulativeCases
  )
  func gradients(_ example: GradientCase) { example.check() }
}
