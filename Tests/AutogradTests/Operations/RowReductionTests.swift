import Autograd
import TestSupport
import Testing

/// Shapes, and the axes to reduce.
private let reductions: [(TensorShape, [Int])] = [
  ([1], [0]), ([7], [0]), ([3, 4], [0]), ([3, 17], [-1]), ([3, 4], [0, 1]), ([2, 3, 5], [1]),
  ([2, 3, 5], [-1, 0]), ([2, 1, 3], [1]),
]

private func cases(
  _ name: String,
  _ reference: @escaping @Sendable (Tensor<Double>, [Int], Bool) -> Tensor<Double>,
  _ function: @escaping @Sendable (Variable<Double>, [Int], Bool) -> Variable<Double>
) -> [GradientCase] {
  reductions.flatMap { shape, axes in
    [false, true].map { keeps in
      GradientCase(
        "\(name)(axes: \(axes), \(keeps))", [anyNumbers(shape)],
        reference: { reference($0[0], axes, keeps) }, { function($0[0], axes, keeps) })
    }
  }
}

let rowReductionCases: [GradientCase] =
  cases(
    "sum", { $0.sum(axes: $1, keepingDimensions: $2) }, { $0.sum(axes: $1, keepingDimensions: $2) })
  + cases(
    "mean", { $0.mean(axes: $1, keepingDimensions: $2) },
    { $0.mean(axes: $1, keepingDimensions: $2) })
  + cases(
    "norm", { $0.norm(axes: $1, keepingDimensions: $2) },
    { $0.norm(axes: $1, keepingDimensions: $2) })
  + cases(
    "norm(.one)", { $0.norm(.one, axes: $1, keepingDimensions: $2) },
    { $0.norm(.one, axes: $1, keepingDimensions: $2) })
  + cases(
    "logSumExp", { $0.logSumExp(axes: $1, keepingDimensions: $2) },
    { $0.logSumExp(axes: $1, keepingDimensions: $2) })
  + cases(
    "product", { $0.product(axes: $1, keepingDimensions: $2) },
    { $0.product(axes: $1, keepingDimensions: $2) })
  + cases(
    "variance", { $0.variance(axes: $1, keepingDimensions: $2) },
    { $0.variance(axes: $1, keepingDimensions: $2) })
  + [
    GradientCase(
      "norm of all", [anyNumbers([3, 5])], reference: { Tensor($0[0].norm()) }, { $0[0].norm() }),
    GradientCase(
      "logSumExp of all", [anyNumbers([3, 5])], reference: { Tensor($0[0].logSumExp()) },
      { $0[0].logSumExp() }),
    GradientCase(
      "product of all, one of them 0", [[1.5, 0, -2]], reference: { Tensor($0[0].product()) },
      { $0[0].product() }),
    GradientCase("product of all, two of them 0", [[1.5, 0, 0, -2]]) { $0[0].product() },
    GradientCase(
      "norm(.infinity)", [[[1, -3, 2], [0.5, 0.25, -0.1]]],
      reference: { $0[0].norm(.infinity, axis: 1) }, { $0[0].norm(.infinity, axis: 1) }),
    GradientCase(
      "variance with a correction", [anyNumbers([4, 3])],
      reference: { $0[0].variance(axis: 0, correction: 1) },
      { $0[0].variance(axis: 0, correction: 1) }),
    GradientCase(
      "standardDeviation", [anyNumbers([4, 3])],
      reference: { $0[0].standardDeviation(axis: 1, correction: 1) },
      { $0[0].standardDeviation(axis: 1, correction: 1) }),
    GradientCase(
      "standardDeviation of all", [anyNumbers([4, 3])],
      reference: { Tensor($0[0].standardDeviation()) }, { $0[0].standardDeviation() }),
  ]

@Suite("Reductions of rows on a tape")
struct RowReductionTests {
  @Test(
    "have the derivative of finite differences and the value of tensors",
    arguments: rowReductionCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("have derivative 0 where a norm or a deviation is 0")
  func zeros() {
    let tape = Tape<Double>()
    let x = tape.variable([[0, 0], [3, 4]])
    #expect(tape.gradients(of: sum(x.norm(axis: 1)))[x] == [[0, 0], [0.6, 0.8]])
    #expect(tape.gradients(of: x.norm(.one))[x] == [[0, 0], [1, 1]])
    let equal = tape.variable([5, 5, 5])
    #expect(tape.gradients(of: equal.standardDeviation())[equal] == [0, 0, 0])
    #expect(tape.gradients(of: equal.variance())[equal] == [0, 0, 0])
  }

  @Test("take infinite logits without turning them into NaN")
  func infinities() {
    let tape = Tape<Double>()
    let x = tape.variable(
      Tensor(
        [-.infinity, 0, 0, -.infinity, -.infinity, -.infinity, .infinity, 1, 0], shape: [3, 3]))
    let y = x.logSumExp(axis: 1)
    #expect(y.value[1] == -.infinity && y.value[2] == .infinity)
    expectClose(
      tape.gradients(of: sum(y))[x], Tensor([0, 0.5, 0.5, 0, 0, 0, 1, 0, 0], shape: [3, 3]))
  }

  @Test("of no elements are those of tensors")
  func empty() {
    let tape = Tape<Double>()
    let x = tape.variable(.zeros([2, 0]))
    #expect(x.norm(axis: 1).value == [0, 0] && x.product(axis: 1).value == [1, 1])
    #expect(x.norm(.infinity, axis: 1).value == [0, 0])
    #expect(x.logSumExp(axis: 1).value == [-.infinity, -.infinity])
    #expect(tape.gradients(of: sum(x.product(axis: 1)))[x].shape == [2, 0])
  }
}
