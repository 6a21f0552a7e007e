// A neural network made only of arrays, in the article's notation: one sample is one column, `Z =
// Wᵀ A + b`, and `A = g(Z)`. Forward propagation stores its results in caches, and backward
// propagation reads them from the last layer to the first. Next: TapeNetwork.swift, the same
// network with the library's layers.

import ArrayFiles
import Train

/// An activation function and its derivative.
package struct Activation<Scalar: TensorFloat>: Sendable {
  package let name: String
  /// Computes A from Z.
  package let function: @Sendable (_ z: Tensor<Scalar>) -> Tensor<Scalar>
  /// Computes dA/dZ from Z and A.
  package let derivative: @Sendable (_ z: Tensor<Scalar>, _ a: Tensor<Scalar>) -> Tensor<Scalar>

  /// The functions from which a network chooses, by their index in this list.
  package static var all: [Activation] {
    [
      Activation(name: "sigmoid", function: { sigmoid($0) }, derivative: { $1 * (1 - $1) }),
      Activation(name: "tanh", function: { tanh($0) }, derivative: { 1 - square($1) }),
      Activation(
        name: "relu", function: { relu($0) }, derivative: { z, _ in Tensor<Scalar>(z .> 0) }),
    ]
  }
}

/// A fully connected network, written by hand.
package struct HandWrittenNetwork<Scalar: TensorFloat>: Sendable {
  /// The values of one layer that forward propagation keeps for backward propagation.
  package struct Cache {
    /// The activations of the previous layer, [units before, samples].
    let previous: Tensor<Scalar>
    /// The weighted sums, [units, samples].
    let z: Tensor<Scalar>
    /// The activations, [units, samples].
    let a: Tensor<Scalar>
  }

  /// The sizes of the layers, starting with the input.
  package let layers: [Int]
  /// For each layer except the input, the index of its function in `Activation.all`; 0, the
  /// sigmoid, for the last one.
  package let activations: [Int]
  /// W of each layer, [units before, units].
  package var weights: [Tensor<Scalar>]
  /// b of each layer, [units, 1].
  package var biases: [Tensor<Scalar>]

  /// A network with weights 0.01 · N(0, 1) and biases 0.
  package init(layers: [Int], activations: [Int], seed: UInt64) {
    self.layers = layers
    self.activations = activations
    var generator = RandomGenerator(seed: seed)
    weights = zip(layers, layers.dropFirst()).map { inputs, units in
      .normal([inputs, units], standardDeviation: 0.01, using: &generator)
    }
    biases = layers.dropFirst().map { .zeros([$0, 1]) }
  }

  /// Computes the activations of all layers for the samples in the columns of `x`.
  package func forwardPropagation(_ x: Tensor<Scalar>) -> (output: Tensor<Scalar>, caches: [Cache])
  {
    var a = x
    var caches: [Cache] = []
    for layer in weights.indices {
      let z = matmul(weights[layer].transposed(), a) + biases[layer]
      let next = Activation.all[activations[layer]].function(z)
      caches.append(Cache(previous: a, z: z, a: next))
      a = next
    }
    return (a, caches)
  }

  /// The cross-entropy of ten binary outputs, summed over them and averaged over the samples.
  ///
  /// With a = σ(z) it is -y ln a - (1 - y) ln(1 - a) = ln(1 + exp(z)) - y z. The right-hand side
  /// stays finite if a is rounded to 0 or 1.
  package func cost(_ caches: [Cache], _ y: Tensor<Scalar>) -> Scalar {
    guard let z = caches.last?.z else { return 0 }
    return (softplus(z) - y * z).sum() / Scalar(y.shape[1])
  }

  /// Computes the derivatives of the cost with respect to all weights and biases, last layer first.
  package func backwardPropagation(
    _ caches: [Cache], _ y: Tensor<Scalar>
  ) -> (weights: [Tensor<Scalar>], biases: [Tensor<Scalar>]) {
    let samples = Scalar(y.shape[1])
    var gradients = (weights: weights, biases: biases)
    var dA = y  // of the layer that is being left; the last one does not need it
    for layer in weights.indices.reversed() {
      let cache = caches[layer]
      // For the sigmoid with cross-entropy, the derivative of the cost by z is simple; in the other
      // layers it is dA · g'(Z).
      let dZ =
        layer == weights.count - 1
        ? cache.a - y : dA * Activation.all[activations[layer]].derivative(cache.z, cache.a)
      gradients.weights[layer] = matmul(cache.previous, dZ.transposed()) / samples
      gradients.biases[layer] = dZ.sum(axis: 1, keepingDimensions: true) / samples
      if layer > 0 { dA = matmul(weights[layer], dZ) }
    }
    return gradients
  }

  /// Makes one step of gradient descent on all samples; returns the cost before the step.
  package mutating func iterate(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, alpha: Scalar) -> Scalar {
    // A sigmoid that is confident about a sample produces subnormal numbers, which are slow.
    withSubnormalsFlushed {
      let (_, caches) = forwardPropagation(x)
      let gradients = backwardPropagation(caches, y)
      for layer in weights.indices {
        weights[layer] -= alpha * gradients.weights[layer]
        biases[layer] -= alpha * gradients.biases[layer]
      }
      return cost(caches, y)
    }
  }

  /// The class of each sample: the index of its largest output.
  package func predict(_ x: Tensor<Scalar>) -> Tensor<Int> {
    forwardPropagation(x).output.argmax(axis: 0)
  }
}

// MARK: Files

extension HandWrittenNetwork {
  /// Stores the network in a file that NumPy reads: `activations`, `W1`, `b1`, `W2`, `b2` ….
  ///
  /// - Throws: `FileError` if the file cannot be written.
  package func write(to path: String) throws(FileError) {
    var arrays: [(key: String, value: any TensorProtocol)] = [("activations", Tensor(activations))]
    for layer in weights.indices {
      arrays.append(("W\(layer + 1)", weights[layer]))
      arrays.append(("b\(layer + 1)", biases[layer]))
    }
    try NPZFile.write(arrays, to: path)
  }

  /// Reads a stored network.
  ///
  /// - Throws: `FileError` if the file cannot be read or does not contain a network.
  package init(contentsOf path: String) throws(FileError) {
    let file = try NPZFile(contentsOf: path)
    let places: Tensor<Int> = try file["activations"]
    var layers: [Int] = []
    (weights, biases) = ([], [])
    for layer in 1...max(1, places.count) {
      let weight: Tensor<Scalar> = try file["W\(layer)"]
      let bias: Tensor<Scalar> = try file["b\(layer)"]
      guard weight.rank == 2, bias.shape == [weight.shape[1], 1],
        layers.isEmpty || layers.last == weight.shape[0]
      else {
        throw FileError(
          path: path,
          message: "expected layers that follow each other, got W\(layer) of shape \(weight.shape) "
            + "and b\(layer) of shape \(bias.shape)")
      }
      layers += layers.isEmpty ? [weight.shape[0], weight.shape[1]] : [weight.shape[1]]
      weights.append(weight)
      biases.append(bias)
    }
    guard places.rank == 1, places.count == weights.count,
      places.elements.allSatisfy(Activation<Scalar>.all.indices.contains)
    else {
      throw FileError(
        path: path, message: "expected a known activation for each layer, got \(places)")
    }
    (self.layers, activations) = (layers, places.elements)
  }
}
