import Autograd
import TestSupport
import Testing

private let reshapes: [(TensorShape, TensorShape)] = [
  ([6], [2, 3]), ([2, 3], [6]), ([2, 3, 5], [5, 6]), ([1], []), ([], [1, 1]), ([4, 7], [4, 7]),
]

let shapeCases: [GradientCase] =
  reshapes.map { from, to in
    GradientCase(
      "reshaped(to: \(to))", [anyNumbers(from)], reference: { $0[0].reshaped(to: to) },
      { $0[0].reshaped(to: to) })
  }
  + ([[], [5], [1, 1], [3, 4], [1, 7], [17, 9], [2, 3, 5], [2, 1, 3, 2]] as [TensorShape]).map {
    GradientCase(
      "transposed", [anyNumbers($0)], reference: { $0[0].transposed() }, { $0[0].transposed() })
  }

@Suite("Other shapes on a tape")
struct ShapeTests {
  @Test("have the derivative of finite differences and the value of tensors", arguments: shapeCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("of a constant cost no copy")
  func constant() {
    let tape = Tape<Float>()
    let images = Tensor<Float>.ones([3, 4, 5])
    let flat = tape.constant(images).reshaped(to: [3, 20])
    #expect(flat.shape == [3, 20] && flat.value.base == images.base)
  }
}
