// The network of HandWrittenNetwork.swift with the library's layers. The tape keeps the values that
// the caches held and computes the gradients. Samples are rows here, as everywhere in the library.

import Train

/// A network of dense layers with ReLU and a final sigmoid, trained by gradient descent on all
/// samples.
package struct TapeNetwork<Scalar: TensorFloat> {
  package var network = Sequential<Scalar>([])
  private let context = Context<Scalar>(isTraining: true)
  private let optimizer: SGD
  private var state = OptimizerState<Scalar>()

  /// A network that starts with the weights of a hand-written one.
  package init(_ other: HandWrittenNetwork<Scalar>, alpha: Double) {
    optimizer = SGD(learningRate: alpha)
    for (layer, units) in other.layers.enumerated().dropFirst() {
      let activation = Activation<Scalar>.all[other.activations[layer - 1]].name
      // The last sigmoid is part of the cost.
      network.add(
        Dense<Scalar>(
          units,
          activation: layer == other.layers.count - 1
            ? .linear : ActivationFunction(stringLiteral: activation),
          inputShape: layer == 1 ? [other.layers[0]] : nil))
    }
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    network.weights = zip(other.weights, other.biases).flatMap { [$0, $1.flattened()] }
  }

  /// Makes one step of gradient descent on all samples, [samples, inputs] and [samples, outputs];
  /// returns the cost before the step.
  package mutating func iterate(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Scalar {
    context.tape.reset()
    let logits = network(context.tape.constant(x), in: context)
    let costs = sigmoidCrossEntropy(logits: logits, targets: context.tape.constant(y))
    let cost = costs.sum() * (1 / Scalar(y.shape[0]))
    let gradients = context.tape.gradients(of: cost)
    optimizer.update(&network, along: gradients, state: &state)
    return cost.scalar
  }

  /// The weights as a hand-written network.
  package func handWritten(like other: HandWrittenNetwork<Scalar>) -> HandWrittenNetwork<Scalar> {
    var result = other
    let weights = network.weights
    for layer in other.weights.indices {
      result.weights[layer] = weights[2 * layer]
      result.biases[layer] = weights[2 * layer + 1].reshaped(to: [-1, 1])
    }
    return result
  }
}
