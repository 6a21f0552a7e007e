import Layers
import TestSupport
import Testing

@Suite("The layers without parameters")
struct PlainLayerTests {
  @Test("dropout drops its share in training, scaled, and nothing at inference")
  func dropout() {
    let x = Tensor<Float>.ones([100, 100])
    let layer = Dropout<Float>(0.25)
    #expect(apply(layer, x) == x)
    let y = apply(layer, x, isTraining: true).elements
    let kept = Float(1 / 0.75)
    #expect(y.allSatisfy { $0 == 0 || $0 == kept })
    let share = Double(y.count { $0 == 0 }) / 10_000
    #expect(abs(share - 0.25) < 5 * (0.25 * 0.75 / 10_000).squareRoot())
    #expect(apply(Dropout<Float>(0), x, isTraining: true) == x)
  }

  @Test("dropout follows the seed and changes from use to use")
  func dropoutSeeds() {
    let x = Tensor<Float>.ones([50, 10])
    let layer = Dropout<Float>(0.5)
    #expect(
      apply(layer, x, isTraining: true, seed: 1) == apply(layer, x, isTraining: true, seed: 1))
    #expect(
      apply(layer, x, isTraining: true, seed: 1) != apply(layer, x, isTraining: true, seed: 2))
    let context = Context<Float>(isTraining: true)
    let input = context.tape.constant(x)
    #expect(layer(input, in: context).value != layer(input, in: context).value)
  }

  @Test("flatten keeps the batch and the order of numbers")
  func flatten() throws {
    let layer = Flatten<Float>()
    #expect(try layer.outputShapes(for: [[28, 28]]) == [[784]])
    #expect(try layer.outputShapes(for: [[]]) == [[1]])
    let x = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    #expect(apply(layer, x) == x.reshaped(to: [2, 12]))
    #expect(apply(layer, .zeros([0, 3, 4])).shape == [0, 12])
    #expect(apply(layer, [1, 2, 3]).shape == [3, 1])
  }
}
