// The common home of a network, its optimizer, loss and metrics: what `compile` gives.
//
// Next on the way down: `Fit.swift`.

import Autograd
import Layers
import Tensor

/// A network with all that training it takes.
///
/// It is a value: a copy trains on its own.
///
/// ```swift
/// var model = Sequential([Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid)])
///   .compile(optimizer: .sgd(learningRate: 0.5), loss: .binaryCrossentropy, metrics: [.accuracy])
/// let history = model.fit(x, y, epochs: 15)
/// ```
public struct Model<Network: Layer>: Sendable {
  /// The type of the weights and of all that is computed.
  public typealias Scalar = Network.Scalar

  /// The layers and their weights; another network may take its place, with weights of its own.
  public var network: Network {
    get { trained }
    set { replaceNetwork(by: newValue) }
  }
  /// The network without the checks of `network`, for the training loop.
  var trained: Network
  /// How weights follow their gradients.
  public var optimizer: any Optimizer
  /// What training makes small; of a network with several outputs, what the first is trained for.
  public var loss: any Loss { objectives[0].loss }
  /// What is reported beside the loss; of a network with several outputs, for the first.
  public var metrics: [Metric] { objectives[0].metrics }
  /// What each output is trained for.
  let objectives: [Objective]
  /// What the optimizer remembers.
  public internal(set) var optimizerState = OptimizerState<Scalar>()
  /// The number of epochs that the weights have been trained for.
  public internal(set) var epoch = 0
  /// Gradients of batches whose update has not been made yet.
  var accumulated = AccumulatedGradients<Scalar>()
  /// Where in the next epoch training was interrupted; nil if between epochs.
  var interruption: Interruption?
  /// The source of initial weights; its stream number `epoch` gives the order of samples and dropout.
  var generator: RandomGenerator
  /// The shapes of one sample's inputs and results; nil until the network is built.
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
  /// As in Keras, weights that were trained or set before stay as they are.
  mutating func build(inputShapes: [TensorShape]) {
    do {
      let outputs = try trained.initialize(
        inputShapes: inputShapes, keepingValues: true, using: &generator)
      shapes = (inputShapes, outputs)
    } catch {
      fail("compile: \(error)")
    }
  }

  /// Takes a network that may have other shapes: weights are made only where they are missing, now if the
  /// network states its input, else at the next `fit`.
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
  /// Joins the network with what training it takes.
  ///
  /// - Parameters:
  ///   - optimizer: how weights follow their gradients.
  ///   - loss: what training makes small.
  ///   - metrics: what is reported beside the loss.
  ///   - seed: decides initial weights, the order of samples and dropout.
  /// - Returns: the model, built already if the network states the shape of a sample.
  public func compile(
    optimizer: some Optimizer, loss: some Loss, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Joins the network with what training it takes; the loss by Keras's name.
  public func compile(
    optimizer: some Optimizer, loss: LossName, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Joins the network with what training it takes; the optimizer by Keras's name.
  public func compile(
    optimizer: OptimizerName, loss: some Loss, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer.optimizer, [Objective(loss, metrics: metrics)], seed)
  }

  /// Joins the network with what training it takes; optimizer and loss by Keras's names.
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
  /// The table of layers, shapes and counts that Keras prints.
  ///
  /// - Parameters:
  ///   - name: the name of the network.
  ///   - expandNested: whether layers within layers have rows of their own.
  /// - Returns: the table.
  public func summary(name: String? = nil, expandNested: Bool = false) -> String {
    network.summary(name: name, inputShapes: shapes?.inputs, expandNested: expandNested)
  }
}

extension Model: CustomStringConvertible {
  /// The network with its settings, the optimizer, the loss and the metrics; `summary()` gives a table.
  public var description: String {
    let metrics = metrics.isEmpty ? "" : ", metrics: \(metrics.map(\.name).joined(separator: ", "))"
    return "\(network)\noptimizer: \(optimizer), loss: \(loss)\(metrics), epochs trained: \(epoch)"
  }
}
