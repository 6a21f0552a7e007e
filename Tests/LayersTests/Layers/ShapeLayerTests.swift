import Layers
import TestSupport
import Testing

@Suite("Layers that change shapes, and functions as layers")
struct ShapeLayerTests {
  @Test(
    "reshape keeps the numbers, and -1 is what is left",
    arguments: [([2, 6], [2, 6]), ([-1, 4], [3, 4]), ([12], [12]), ([3, -1, 2], [3, 2, 2])])
  func reshape(target: [Int], expected: [Int]) throws {
    let layer = Reshape<Float>(target)
    #expect(try layer.outputShapes(for: [[3, 4]]) == [TensorShape(expected)])
    let x = Tensor((0..<60).map(Float.init), shape: [5, 3, 4])
    #expect(apply(layer, x) == x.reshaped(to: [5] + expected))
    #expect(apply(layer, x[..<0]).shape == TensorShape([0] + expected))
  }

  @Test("reshape stops where the numbers do not fit")
  func misfit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      var layer = Reshape<Float>([-1, 5])
      layer.initialize(inputShape: [3, 4], using: &generator)
    }
    #expect(message(of: result, contains: "Reshape:", "[3, 4]", "12 numbers"))
  }

  @Test("lambda applies a function, whose shape is found without data")
  func lambda() {
    var network = Sequential([
      Lambda(inputShape: [4]) { $0.reshaped(to: [$0.shape[0], 2, 2]) * 2 }, Flatten(), Dense(1),
    ])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    #expect(network.weights.map(\.shape) == [[4, 1], [1]])
    #expect(apply(network[0] as! Lambda<Float>, [[1, 2, 3, 4]]) == [[[2, 4], [6, 8]]])
  }

  @Test("leaky ReLU and ELU have Keras's defaults and parameters")
  func rectifiers() {
    // keras.layers.LeakyReLU()(x), keras.layers.ELU(alpha=0.5)(x)
    let x: Tensor<Double> = [-3, -0.5, 0, 0.7, 2]
    expectClose(apply(LeakyReLU<Double>(), x).elements, [-0.9, -0.15, 0, 0.7, 2])
    expectClose(
      apply(ELU<Double>(alpha: 0.5), x).elements,
      [-0.475106465816068, -0.1967346701436833, 0, 0.7, 2])
  }
}
