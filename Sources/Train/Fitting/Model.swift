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
  /// What training makes small.
  public let loss: any Loss
  /// What is reported beside the loss.
  public let metrics: [Metric]
  /// What the optimizer remembers.
  public internal(set) var optimizerState = OptimizerState<Scalar>()
  /// The number of epochs that the weights have been trained for.
  public internal(set) var epoch = 0
  /// Where in the next epoch training was interrupted; nil if between epochs.
  var interruption: Interruption?
  /// The source of initial weights; its stream number `epoch` gives the order of samples and dropout.
  var generator: RandomGenerator
  /// The shape of one sample and of its prediction; nil until the network is built.
  private(set) var shapes: (input: TensorShape, output: TensorShape)?

  init(
    _ network: Network, _ optimizer: any Optimizer, _ loss: any Loss, _ metrics: [Metric],
    _ seed: UInt64
  ) {
    self.init(unbuilt: network, optimizer, loss, metrics, seed)
    if let shape = network.inputShape { build(inputShape: shape) }
  }

  /// A model whose network is not built yet.
  init(
    unbuilt network: Network, _ optimizer: any Optimizer, _ loss: any Loss, _ metrics: [Metric],
    _ seed: UInt64 = 0
  ) {
    trained = network
    self.optimizer = optimizer
    self.loss = loss
    self.metrics = metrics
    generator = RandomGenerator(seed: seed)
  }

  /// Builds the network for samples of the given shape.
  ///
  /// As in Keras, weights that were trained or set before stay as they are.
  mutating func build(inputShape: TensorShape) {
    let earlier = trained.parameters
    let output = trained.initialize(inputShape: inputShape, using: &generator)
    shapes = (inputShape, output)
    var index = 0
    trained.forEachParameter { parameter in
      defer { index += 1 }
      guard index < earlier.count && earlier[index].slot >= 0 else { return }
      require(
        earlier[index].value.shape == parameter.value.shape,
        "compile: samples of shape \(inputShape) need a \(parameter.name) of shape "
          + "\(parameter.value.shape), the network has one of shape \(earlier[index].value.shape)")
      parameter.value = earlier[index].value
    }
  }

  /// Takes a network that may have other shapes: it is built again where it states its input, at the next
  /// `fit` otherwise.
  private mutating func replaceNetwork(by network: Network) {
    let (earlier, later) = (trained.parameters, network.parameters)
    trained = network
    if let shape = network.inputShape {
      // Only weights that are missing take numbers from the generator.
      let before = generator
      build(inputShape: shape)
      if later.allSatisfy({ $0.slot >= 0 }) { generator = before }
    } else if later.isEmpty || later.map(\.value.shape) != earlier.map(\.value.shape) {
      shapes = nil
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
    Model(self, optimizer, loss, metrics, seed)
  }

  /// Joins the network with what training it takes; the loss by Keras's name.
  public func compile(
    optimizer: some Optimizer, loss: LossName, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer, loss.loss, metrics, seed)
  }

  /// Joins the network with what training it takes; the optimizer by Keras's name.
  public func compile(
    optimizer: OptimizerName, loss: some Loss, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer.optimizer, loss, metrics, seed)
  }

  /// Joins the network with what training it takes; optimizer and loss by Keras's names.
  public func compile(
    optimizer: OptimizerName, loss: LossName, metrics: [Metric] = [], seed: UInt64 = 0
  ) -> Model<Self> {
    Model(self, optimizer.optimizer, loss.loss, metrics, seed)
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
  public func summary<Number>() -> String where Network == Sequential<Number> { network.summary() }
}
