import Autograd
import TestSupport
import Testing

private let reshapes: [(TensorShape, TensorShape)] = [
  ([6], [2, 3]), ([2, 3], [6]), ([2, 3, 5], [5, 6]), ([1], []), ([], [1, 1]), ([4, 7], [4, 7]),
]

/// A view of tensors and the same of variables; of a result, too, whose memory it may share.
private func view(
  _ name: String, _ shape: TensorShape,
  _ reference: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>,
  _ function: @escaping @Sendable (Variable<Double>) -> Variable<Double>
) -> [GradientCase] {
  [
    GradientCase(name, [anyNumbers(shape)], reference: { reference($0[0]) }, { function($0[0]) }),
    GradientCase(
      "\(name) of a result", [anyNumbers(shape)],
      reference: { square(reference($0[0] * $0[0])) }, { square(function($0[0] * $0[0])) }),
  ]
}

let viewCases: [GradientCase] =
  reshapes.flatMap { from, to in
    view("reshaped(to: \(to))", from, { $0.reshaped(to: to) }, { $0.reshaped(to: to) })
  }
  + ([[], [5], [1, 1], [3, 4], [1, 7], [17, 9], [2, 3, 5], [2, 1, 3, 2]] as [TensorShape]).flatMap {
    view("transposed", $0, { $0.transposed() }, { $0.transposed() })
  }
  + view(
    "reshaped to a size of -1", [2, 6], { $0.reshaped(to: [4, -1]) }, { $0.reshaped(to: [4, -1]) })
  + view("flattened", [2, 3], { $0.flattened() }, { $0.flattened() })
  + view(
    "permuted", [2, 3, 5], { $0.transposed(permutation: [1, -1, 0]) },
    { $0.transposed(permutation: [1, -1, 0]) })
  + view("axes swapped", [2, 3, 5], { $0.swappingAxes(0, -1) }, { $0.swappingAxes(0, -1) })
  + view(
    "an axis moved", [2, 3, 5], { $0.movingAxis(from: 0, to: 1) }, { $0.movingAxis(from: 0, to: 1) }
  )
  + view("a new axis", [2, 3], { $0.expandingShape(at: 1) }, { $0.expandingShape(at: 1) })
  + view("an axis less", [2, 1, 3], { $0.squeezingShape(at: 1) }, { $0.squeezingShape(at: 1) })
  + view("squeezed", [1, 2, 1], { $0.squeezed() }, { $0.squeezed() })
  + view(
    "broadcast", [3, 1], { $0.broadcast(to: [2, 3, 4]) }, { $0.broadcast(to: [2, 3, 4]) })
  + view("broadcast along rows", [4], { $0.broadcast(to: [3, 4]) }, { $0.broadcast(to: [3, 4]) })
  + view("flipped", [3, 4], { $0.flipped() }, { $0.flipped() })
  + view("flipped along an axis", [3, 4], { $0.flipped(axes: [0]) }, { $0.flipped(axes: [0]) })
  + view("the diagonal", [3, 4], { $0.diagonal(offset: 1) }, { $0.diagonal(offset: 1) })
  + view(
    "the diagonals", [2, 3, 3], { $0.diagonal(offset: -1) }, { $0.diagonal(offset: -1) })
  // Slices, with every kind of index.
  + view("[1...]", [5, 3], { $0[1...] }, { $0[1...] })
  + view("[2, ...]", [5, 3], { $0[2, ...] }, { $0[2, ...] })
  + view("[1] of one axis", [3], { $0[1..<2].squeezed() }, { $0[1] })
  + view("[0..., 1]", [5, 3], { $0[0..., 1] }, { $0[0..., 1] })
  + view("[1..<4, ..<2]", [5, 3], { $0[1..<4, ..<2] }, { $0[1..<4, ..<2] })
  + view("[..., 1...]", [2, 5, 3], { $0[..., 1...] }, { $0[..., 1...] })
  + view("[..., newAxis]", [5], { $0[..., .newAxis] }, { $0[..., .newAxis] })
  + view("[0..., newAxis, 1]", [4, 3], { $0[0..., .newAxis, 1] }, { $0[0..., .newAxis, 1] })
  + view("[1, ..., 2]", [2, 5, 3], { $0[1, ..., 2] }, { $0[1, ..., 2] })
  + view(
    "a stride", [7, 2], { $0[stride(from: 5, to: 0, by: -2)] },
    { $0[stride(from: 5, to: 0, by: -2)] })
  + view("four indices", [2, 3, 2, 2], { $0[1, 0..., 1, 0...] }, { $0[1, 0..., 1, 0...] })
  + view("nothing", [3, 2], { $0[3...] }, { $0[3...] })
  + view("[...]", [3, 2], { $0[...] }, { $0[...] })

@Suite("Views on a tape")
struct ViewTests {
  @Test("have the derivative of finite differences and the value of tensors", arguments: viewCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("of a constant cost no copy")
  func constant() {
    let tape = Tape<Float>()
    let images = Tensor<Float>.ones([3, 4, 5])
    let flat = tape.constant(images).reshaped(to: [3, 20])
    #expect(flat.shape == [3, 20] && flat.value.base == images.base)
    #expect(tape.constant(images)[1, ...].value.base == images.base + 20)
  }

  @Test("of a result share its memory where their elements follow each other")
  func shared() {
    let tape = Tape<Float>()
    let x = tape.variable(.ones([4, 6])) * 2
    let memory = x.value.base
    #expect(x[1, ...].value.base == memory + 6)
    #expect(x.reshaped(to: [24])[5..<9].value.base == memory + 5)
    #expect(x[0..., 0].value.base != memory)
  }

  @Test("that were handed out are not overwritten by the next step")
  func handedOut() {
    let tape = Tape<Double>()
    var first: Tensor<Double>?
    for step in 1...4 {
      tape.reset()
      let leaf = tape.variable([[1, 2], [3, 4]])
      let part = (leaf * Double(step))[1, ...]
      if step == 1 { first = part.value }
      #expect(part.value == [3, 4] * Double(step))
      #expect(first == [3, 4])
      let factor = 2 * Double(step * step)
      let expected = Tensor<Double>([0, 0, 3, 4], shape: [2, 2]) * factor
      #expect(tape.gradients(of: sum(part * part))[leaf] == expected)
    }
  }

  @Test("of a parameter do not keep an optimizer from changing it in place")
  func parameter() {
    let tape = Tape<Float>()
    let weights = Tensor<Float>.ones([4, 3])
    let x = tape.variable(weights)
    #expect(x[1, ...].value.base != weights.base + 3)
  }

  @Test("that overlap add up")
  func overlapping() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2, 3, 4])
    let gradients = tape.gradients(of: sum(x[0..<3]) + sum(2 * x[1..<4]) + x[2])
    #expect(gradients[x] == [1, 3, 4, 2])
  }
}
