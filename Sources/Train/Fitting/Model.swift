// The model: a network with its optimizer, loss and metrics, as returned by `compile`.
//
// Next on the way down: `Fit.swift`.

import Autograd
import Layers
import Tensor

/// A network with everything needed to train it.
///
/// A model is a value: copies are trained independently.
///
/// ```swift
/// var model = Sequential([Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid)])
///   .compile(optimizer: .sgd(learningRate: 0.5), loss: .binaryCrossentropy, metrics: [.accuracy])
/// let history = model.fit(x, y, epochs: 15)
/// ```
public struct Model<Network: Layer>: Sendable {
  /// The number type of the weights and of all computations.
  public typealias Scalar = Network.Scalar

  /// The layers and their weights; can be replaced by another network with its own weights.
  public var network: Network {
    get { trained }
    set { replaceNetwork(by: newValue) }
  }
  /// The network without the checks in `network`'s setter, for the training loop.
  var trained: Network
  /// The optimizer that updates the weights.
  public var optimizer: any Optimizer
  /// The loss to minimise; with several outputs, that of the first output.
  public var loss: any Loss { objectives[0].loss }
  /// The metrics reported with the loss; with several outputs, those of the first output.
  public var metrics: [Metric] { objectives[0].metrics }
  /// The objective of each output.
  let objectives: [Objective]
  /// The state of the optimizer, such as its moments.
  public internal(set) var optimizerState = OptimizerState<Scalar>()
  /// The number of epochs trained so far.
  public internal(set) var epoch = 0
  /// The accumulated gradients that no update has used yet.
  var accumulated = AccumulatedGradients<Scalar>()
  /// Where training was interrupted within an epoch; nil between epochs.
  var interruption: Interruption?
  /// The source of initial weights; its stream number `epoch` decides the order of samples and
  /// dropout.
  var generator: RandomGenerator
  /// The input and output shapes of one sample; nil until the network is built.
  private(set) var shapes: (inputs: [TensorShape], outputs: [TensorShape])?

  init(
    _ network: Network, _ optimizer: any Optimizer, _ objectives: [Objective], _ seed: UInt64
  ) {
    self.init(unbuilt: network, optimizer, objectives, seed)
    if let shapes = network.statedShapes { build(inputShapes: shapes) }
  }

  /// A model whose network is not built yet.
  init(
    unbuilt network: Network, _ optimizer: any Optimizer, _ objectives: [Objective],
    _ seed: UInt64 = 0
  ) {
    trained = network
    self.optimizer = optimizer
    self.objectives = objectives
    generator = RandomGenerator(seed: seed)
  }

  /// Builds the network for samples of the given shapes.
  ///
  /// As in Keras, weights that were trained or set before are kept.
  mutating func build(inputShapes: [TensorShape]) {
    do {
      let outputs = try trained.initialize(
        inputShapes: inputShapes, keepingValues: true, using: &generator)
      shapes = (inputShapes, outputs)
    } catch {
      fail("compile: \(error)")
    }
  }

  /// Replaces the network; weights are only created where they are missing.
  ///
  /// That happens now if the network declares its input shape, else at the next `fit`.
  private mutating func replaceNetwork(by network: Network) {
    trained = network
    if let stated = network.statedShapes {
      build(inputShapes: stated)
    } else if let seen = shapes?.inputs {
      let keeps =
        network.isInitialized && !network.parameters.isEmpty
        && (try? network.outputShapes(for: seen)) != nil
      shapes = nil
      if keeps { build(inputShapes: seen) }
    }
  }
}

extension Layer {
  /// Combines the network with an optimizer, a loss and metrics into a model.
  ///
  /// - Parameters:
  ///   - optimizer: the optimizer that updates the weights.
  ///   - loss: the loss to minimise.
  ///   - metrics: the metrics to report with the loss.
  ///   - seed: the seed for initial weights, the order of samples and dropout.
  /// - Returns: the model; its network is built if it declares its input shape.
  public func compile(
    optimizer: some Optimizer, loss: some Loss, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Combines the network with an optimizer, a loss given by Keras's name and metrics.
  public func compile(
    optimizer: some Optimizer, loss: LossName, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Combines the network with an optimizer given by Keras's name, a loss and metrics.
  public func compile(
    optimizer: OptimizerName, loss: some Loss, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer.optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Combines the network with an optimizer and a loss, both given by Keras's names, and metrics.
  public func compile(
    optimizer: OptimizerName, loss: LossName, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer.optimizer, [Objective(loss, metrics: metrics)], seed)
  }
}

extension Model {
  /// The values of all parameters of the network.
  public var weights: [Tensor<Scalar>] {
    get { trained.weights }
    set { trained.weights = newValue }
  }
}

extension Model {
  /// The table of layers, shapes and parameter counts, as Keras prints it.
  ///
  /// - Parameters:
  ///   - name: the name of the network.
  ///   - expandNested: whether nested layers get their own rows.
  /// - Returns: the table.
  public func summary(name: String? = nil, expandNested: Bool = false) -> String {
    network.summary(name: name, inputShapes: shapes?.inputs, expandNested: expandNested)
  }
}

extension Model: CustomStringConvertible {
  /// The network and its settings, the optimizer, the loss and the metrics; `summary()` gives a
  /// table.
  public var description: String {
    let metrics = metrics.isEmpty ? "" : ", metrics: \(metrics.map(\.name).joined(separator: ", "))"
    return "\(network)\noptimizer: \(optimizer), loss: \(loss)\(metrics), epochs trained: \(epoch)"
  }
}
