import Layers
import TestSupport
import Testing

/// The network with weights that are no round numbers, and variances that are positive.
private func withWeights<Network: Layer>(
  _ network: Network, _ sample: TensorShape
) -> Network where Network.Scalar == Double {
  var network = network
  var generator = RandomGenerator(seed: 1)
  network.initialize(inputShape: sample, using: &generator)
  network.weights = network.weights.map { weight in
    .uniform(weight.shape, in: 0.2..<1.5, using: &generator)
  }
  return network
}

private func samples(_ shape: TensorShape) -> Tensor<Double> {
  var generator = RandomGenerator(seed: 2)
  return .normal(shape, using: &generator)
}

@Suite("Folding of batch normalisation")
struct FoldingTests {
  @Test("takes it into the dense layer before it, also within layers")
  func dense() {
    let network = withWeights(
      Sequential<Double>([
        BatchNormalization(), Dense(5), BatchNormalization(), Activation(.relu),
        Residual<Double> {
          Dense<Double>(5)
          BatchNormalization<Double>()
          Activation<Double>(.tanh)
        },
        Dense(4, activation: .relu), BatchNormalization(),
        Dense(3, useBias: false), BatchNormalization(),
        BatchNormalization(),
      ]), [6])
    let folded = network.foldingBatchNormalization()
    #expect(
      folded.layerNames == [
        "batch_normalization", "dense", "activation", "residual", "dense_1",
        "batch_normalization_1", "dense_2",
      ])
    #expect(folded.parameterPaths.contains("residual.dense.kernel"))
    #expect(!folded.parameterPaths.contains { $0.hasPrefix("residual.batch") })
    #expect(folded.parameters.map(\.path) == folded.parameterPaths)
    let x = samples([7, 6])
    expectClose(apply(folded, x), apply(network, x), relative: 1e-12, absolute: 1e-12)
    #expect(network.layerNames.count == 10)
  }

  @Test("takes it into every kind of convolution, with a bias and without")
  func convolutions() {
    func check(_ layer: any Layer<Double>) {
      let network = withWeights(
        Sequential<Double>([layer, BatchNormalization(), Activation(.relu)]), [6, 7, 4])
      let folded = network.foldingBatchNormalization()
      #expect(folded.layers.count == 2)
      let x = samples([2, 6, 7, 4])
      expectClose(apply(folded, x), apply(network, x), relative: 1e-12, absolute: 1e-11)
    }
    check(Conv2D(6, kernelSize: 3, groups: 2))
    check(Conv2D(3, kernelSize: [2, 3], strides: 2, padding: .same, useBias: false))
    check(Conv2DTranspose(3, kernelSize: 3, strides: 2, useBias: false))
    check(Conv2DTranspose(5, kernelSize: 2))
    check(DepthwiseConv2D(kernelSize: 3, depthMultiplier: 3, useBias: false))
    check(SeparableConv2D(5, kernelSize: 3, depthMultiplier: 2))
  }

  @Test("leaves a graph's layer alone whose result is used elsewhere, or that is shared")
  func graph() {
    let network = withWeights(
      Graph<Double> { g in
        let x = g.input([4], name: "x")
        let first = g.layer(BatchNormalization<Double>())(g.layer(Dense<Double>(4))(x))
        let used = g.layer(Dense<Double>(4), name: "used")(first)
        let normalized = g.layer(BatchNormalization<Double>(), name: "after_used")(used)
        let shared = g.layer(Dense<Double>(4), name: "shared")
        let twice = g.layer(BatchNormalization<Double>(), name: "after_shared")(shared(shared(x)))
        let last = g.layer(BatchNormalization<Double>())(
          g.layer(Dense<Double>(4))(first + used + normalized + twice))
        g.output(last, name: "sum")
        g.output(first, name: "first")
      }, [4])
    let folded = network.foldingBatchNormalization()
    #expect(
      folded.layerNames == [
        "dense", "used", "after_used", "shared", "after_shared", "dense_1", "add", "add_1", "add_2",
      ])
    let x = samples([3, 4])
    func results(_ network: Graph<Double>) -> [Tensor<Double>] {
      let context = Context<Double>(isTraining: false)
      return network([context.tape.constant(x)], in: context).map(\.value)
    }
    for (a, b) in zip(results(folded), results(network)) {
      expectClose(a, b, relative: 1e-12, absolute: 1e-12)
    }
  }

  @Test("changes nothing where there is nothing to fold")
  func nothing() {
    let network = withWeights(
      Sequential<Double>([Dense(3, activation: .relu), BatchNormalization(), Dense(2)]), [4])
    #expect(network.foldingBatchNormalization().weights == network.weights)
  }
}
