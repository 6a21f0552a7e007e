import Layers
import TestSupport
import Testing

/// A network of dense layers with the given weights.
private func perceptron(
  _ layers: [(kernel: Tensor<Float>, bias: Tensor<Float>)]
) -> Sequential<Float> {
  var network = Sequential(
    layers.map { Dense<Float>($0.bias.count, activation: .step, inputShape: [$0.kernel.shape[0]]) })
  var generator = RandomGenerator(seed: 0)
  network.initialize(using: &generator)
  network.weights = layers.flatMap { [$0.kernel, $0.bias] }
  return network
}

private let bits: Tensor<Float> = [[0, 0], [0, 1], [1, 0], [1, 1]]

@Suite("The dense layer")
struct DenseTests {
  @Test("as a discrete perceptron computes AND")
  func and() {
    let network = perceptron([([[1], [1]], [-1.5])])
    #expect(apply(network, bits) == [[0], [0], [0], [1]])
  }

  @Test("as two layers of discrete perceptrons computes XOR")
  func xor() {
    // The hidden units are OR and NAND.
    let network = perceptron([([[1, -1], [1, -1]], [-0.5, 1.5]), ([[1], [1]], [-1.5])])
    #expect(apply(network, bits) == [[0], [1], [1], [0]])
  }

  @Test(
    "applies its activation to x · kernel + bias", arguments: ActivationFunction.allCases)
  func activations(_ activation: ActivationFunction) {
    var layer = Dense<Double>(
      3, activation: activation, kernelInitializer: .heNormal,
      biasInitializer: .normal(standardDeviation: 1))
    var generator = RandomGenerator(seed: 1)
    #expect(layer.initialize(inputShape: [2], using: &generator) == [3])
    #expect(layer.kernel.value.shape == [2, 3] && layer.bias!.value.shape == [3])
    let x: Tensor<Double> = [[1, -2], [0.5, 3], [0, 0], [-1, -1], [7, 2]]
    let tape = Tape<Double>()
    let sums = tape.constant(matmul(x, layer.kernel.value) + layer.bias!.value)
    expectClose(apply(layer, x), activation(sums).value)
  }

  @Test("takes samples of several axes, and labels its units as Keras does")
  func axes() {
    var layer = Dense<Float>(units: 4, activation: "relu")
    var generator = RandomGenerator(seed: 1)
    #expect(layer.initialize(inputShape: [5, 3], using: &generator) == [5, 4])
    #expect(apply(layer, .ones([2, 5, 3])).shape == [2, 5, 4])
    #expect(layer.bias!.value == [0, 0, 0, 0])
  }

  @Test("without a bias is its activation of x · kernel")
  func noBias() {
    for activation in [ActivationFunction.linear, .relu, .sigmoid] {
      var layer = Dense<Double>(3, activation: activation, useBias: false)
      var generator = RandomGenerator(seed: 1)
      #expect(layer.initialize(inputShape: [2], using: &generator) == [3])
      #expect(layer.bias == nil && layer.parameterCounts.trainable == 6)
      let x: Tensor<Double> = [[1, -2], [0.5, 3]]
      let sums = Tape<Double>().constant(matmul(x, layer.kernel.value))
      expectClose(apply(layer, x), activation(sums).value)
    }
  }
}
