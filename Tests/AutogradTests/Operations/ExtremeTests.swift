import Autograd
import TestSupport
import Testing

/// Numbers of which no two are equal.
private func distinctNumbers(_ shape: TensorShape) -> Tensor<Double> {
  Tensor((0..<shape.elementCount).map { Double(($0 * 37) % 101) / 20 - 2 }, shape: shape)
}

let extremeCases: [GradientCase] =
  ([
    ([7], [0]), ([3, 17], [-1]), ([3, 4], [0]), ([2, 3, 5], [1]), ([2, 3, 5], [0, 2]), ([1], [0]),
  ]
  as [(TensorShape, [Int])]).flatMap { shape, axes in
    [false, true].flatMap { keeps in
      [
        GradientCase(
          "max(axes: \(axes), \(keeps))", [distinctNumbers(shape)],
          reference: { $0[0].max(axes: axes, keepingDimensions: keeps) },
          { $0[0].max(axes: axes, keepingDimensions: keeps) }),
        GradientCase(
          "min(axes: \(axes), \(keeps))", [distinctNumbers(shape)],
          reference: { $0[0].min(axes: axes, keepingDimensions: keeps) },
          { $0[0].min(axes: axes, keepingDimensions: keeps) }),
      ]
    }
  }
  + [
    GradientCase(
      "max of all", [distinctNumbers([3, 4])], reference: { Tensor($0[0].max()) }, { $0[0].max() }),
    GradientCase(
      "min along an axis", [distinctNumbers([3, 4])], reference: { $0[0].min(axis: 0) },
      { $0[0].min(axis: 0) }),
  ]

@Suite("Extremes on a tape")
struct ExtremeTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: extremeCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("give the gradient to the first of equal elements")
  func ties() {
    let tape = Tape<Float>()
    let x = tape.variable([[1, 3, 3], [2, 2, 2]])
    #expect(tape.gradients(of: sum(x.max(axis: 1)))[x] == [[0, 1, 0], [1, 0, 0]])
    #expect(tape.gradients(of: sum(x.min(axis: 0)))[x] == [[1, 0, 0], [0, 1, 1]])
  }

  @Test("are NaN where a number is")
  func nan() {
    let tape = Tape<Float>()
    let x = tape.variable(Tensor([1, .nan, 3, 2, 5, 4], shape: [2, 3]))
    #expect(x.max(axis: 1).value[0].isNaN && x.max(axis: 1).value[1] == 5)
  }

  @Test("of an empty axis stop with the shape")
  func empty() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape<Float>().variable(.zeros([2, 0])).max(axis: 1)
    }
    #expect(message(of: result, contains: "max:", "empty", "[2, 0]"))
  }
}
