import Autograd
import TestSupport
import Testing

private let axesOfShapes: [(TensorShape, Int)] = [
  ([1], 0), ([7], 0), ([3, 4], 0), ([3, 4], 1), ([3, 17], -1), ([1, 5], 0), ([5, 1], 1),
  ([2, 3, 5], 0), ([2, 3, 5], 1), ([2, 3, 5], -1), ([2, 1, 3], -2),
]

let reductionCases: [GradientCase] =
  someShapes.flatMap { shape in
    [
      GradientCase(
        "sum", [anyNumbers(shape)], reference: { Tensor($0[0].sum()) }, { sum($0[0]) }),
      GradientCase(
        "mean", [anyNumbers(shape)], reference: { Tensor($0[0].mean()) }, { mean($0[0]) }),
    ]
  }
  + axesOfShapes.flatMap { shape, axis in
    [false, true].flatMap { keeps in
      [
        GradientCase(
          "sum(axis: \(axis), \(keeps))", [anyNumbers(shape)],
          reference: { $0[0].sum(axis: axis, keepingDimensions: keeps) },
          { $0[0].sum(axis: axis, keepingDimensions: keeps) }),
        GradientCase(
          "mean(axis: \(axis), \(keeps))", [anyNumbers(shape)],
          reference: { $0[0].mean(axis: axis, keepingDimensions: keeps) },
          { $0[0].mean(axis: axis, keepingDimensions: keeps) }),
      ]
    }
  }

@Suite("Sums and means on a tape")
struct ReductionTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: reductionCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("of a mean are quotients, not products with a rounded reciprocal")
  func meanRounding() {
    let tape = Tape<Float>()
    let x = tape.variable([[5, 3], [5, 4], [5, 6]])
    #expect(x.mean(axis: 0).value[1] == Float(13) / 3)
    let y = tape.variable(Tensor(repeating: 1, shape: [49]))
    #expect(tape.gradients(of: 49 * y.mean())[y] == Tensor(repeating: 1, shape: [49]))
  }

  @Test("along long columns do not lose digits")
  func longColumns() {
    let tape = Tape<Float>()
    let sums = tape.variable(Tensor(repeating: 0.1, shape: [1_000_000, 3])).sum(axis: 0).value
    #expect(abs(sums[0] - 100_000) < 1)
    // 2²⁴, zeros and then ones, which a single chain of Float would lose; along a middle axis.
    let numbers = Tensor<Float>(shape: [2, 5000, 3]) { $0[1] == 0 ? 0x1p24 : $0[1] < 1000 ? 0 : 1 }
    let totals = tape.variable(numbers).sum(axis: 1).value
    #expect(totals == Tensor(repeating: 0x1p24 + 4000, shape: [2, 3]))
    // The gradient of what is added to each row, as a bias is.
    let bias = tape.variable(.zeros([3]))
    let loss = sum((tape.constant(.zeros([5000, 3])) + bias) * tape.constant(numbers[0]))
    #expect(tape.gradients(of: loss)[bias] == Tensor(repeating: 0x1p24 + 4000, shape: [3]))
  }

  @Test("of no numbers are 0 and NaN")
  func empty() {
    let tape = Tape<Double>()
    let x = tape.variable(.zeros([0, 3]))
    #expect(sum(x).scalar == 0 && mean(x).scalar.isNaN)
    #expect(x.sum(axis: 0).value == [0, 0, 0])
    #expect(x.sum(axis: 1).shape == [0])
    #expect(tape.gradients(of: sum(x))[x].shape == [0, 3])
  }
}
