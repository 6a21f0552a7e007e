import Autograd
import TestSupport
import Testing

private let joins: [([TensorShape], Int)] = [
  ([[2], [3]], 0), ([[1, 2], [3, 2], [2, 2]], 0), ([[2, 3], [2, 1]], 1),
  ([[2, 3], [2, 0], [2, 2]], -1),
  ([[2, 1, 3], [2, 4, 3]], 1), (Array(repeating: [2, 3], count: 7), 1), ([[5]], 0),
]

private let stacks: [(TensorShape, Int, Int)] = [
  ([], 3, 0), ([4], 2, 0), ([4], 2, 1), ([2, 3], 6, -1), ([2, 3], 5, 1), ([3], 1, 0),
]

private func inputs(_ shapes: [TensorShape]) -> [Tensor<Double>] {
  shapes.indices.map { anyNumbers(shapes[$0], seed: UInt64($0 + 1)) }
}

let joiningCases: [GradientCase] =
  joins.map { shapes, axis in
    GradientCase(
      "concatenate(axis: \(axis))", inputs(shapes), reference: { concatenate($0, axis: axis) },
      { concatenate($0, axis: axis) })
  }
  + stacks.map { shape, count, axis in
    GradientCase(
      "stack(axis: \(axis))", inputs(Array(repeating: shape, count: count)),
      reference: { stack($0, axis: axis) }, { stack($0, axis: axis) })
  }
  + [
    GradientCase(
      "concatenate of x with itself", [anyNumbers([2, 3])],
      reference: { concatenate([$0[0], $0[0]], axis: 1) },
      { concatenate([$0[0], $0[0]], axis: 1) }),
    GradientCase(
      "split(into:)", [anyNumbers([4, 6])],
      reference: {
        let parts = $0[0].split(into: 3, axis: 1)
        return parts[0] * parts[1] - parts[2]
      },
      {
        let parts = $0[0].split(into: 3, axis: 1)
        return parts[0] * parts[1] - parts[2]
      }),
    GradientCase(
      "split(at:)", [anyNumbers([5, 2])],
      reference: {
        let parts = $0[0].split(at: [0, 2, 4])
        return parts[1] * parts[2] + parts[3]
      },
      {
        let parts = $0[0].split(at: [0, 2, 4])
        return parts[1] * parts[2] + parts[3]
      }),
    GradientCase(
      "tiled", [anyNumbers([2, 3])], reference: { $0[0].tiled([2, 1, 3]) },
      { $0[0].tiled([2, 1, 3]) }),
    GradientCase(
      "tiled along the last axis", [anyNumbers([2, 3])], reference: { $0[0].tiled([2]) },
      { $0[0].tiled([2]) }),
    GradientCase(
      "tiled to nothing", [anyNumbers([2, 3])], reference: { $0[0].tiled([0, 2]) },
      { $0[0].tiled([0, 2]) }),
    GradientCase(
      "repeated", [anyNumbers([2, 3])], reference: { $0[0].repeated(3, axis: 1) },
      { $0[0].repeated(3, axis: 1) }),
    GradientCase(
      "repeated by counts", [anyNumbers([3, 2])],
      reference: { $0[0].repeated([2, 0, 1], axis: 0) }, { $0[0].repeated([2, 0, 1], axis: 0) }),
    GradientCase(
      "rolled", [anyNumbers([4, 3])], reference: { $0[0].rolled(by: -1, axis: 0) },
      { $0[0].rolled(by: -1, axis: 0) }),
    GradientCase(
      "rolled along the last axis", [anyNumbers([2, 5])],
      reference: { $0[0].rolled(by: 12, axis: -1) }, { $0[0].rolled(by: 12, axis: -1) }),
  ]

@Suite("Joining and splitting on a tape")
struct JoiningTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: joiningCases)
  func gradients(_ example: GradientCase) { example.check() }
}
