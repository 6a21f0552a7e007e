// Objectives for networks with several outputs: a loss and metrics for each.

import Layers
import Tensor

/// The training objective of one output of a network: a loss, its weight and metrics.
///
/// ```swift
/// var model = network.compile(
///   optimizer: .adam(),
///   objectives: [
///     "class": Objective(.sparseCategoricalCrossentropy, metrics: [.accuracy]),
///     "age": Objective("mse", weight: 0.1),
///   ])
/// ```
public struct Objective: Sendable {
  /// The loss of this output.
  public let loss: any Loss
  /// The weight of this loss in the total loss.
  public let weight: Double
  /// The metrics reported for this output.
  public let metrics: [Metric]
  /// The name of the output if the network has several.
  var output = ""

  /// An objective with the given loss.
  public init(_ loss: some Loss, weight: Double = 1, metrics: [Metric] = []) {
    self.init(loss, weight, metrics)
  }

  /// An objective with a loss given by Keras's name.
  public init(_ loss: LossName, weight: Double = 1, metrics: [Metric] = []) {
    self.init(loss.loss, weight, metrics)
  }

  init(_ loss: any Loss, _ weight: Double, _ metrics: [Metric], output: String = "") {
    require(weight.isFinite, "Objective: the weight of a loss must be a number, got \(weight)")
    self.loss = loss
    self.weight = weight
    self.metrics = metrics
    self.output = output
  }
}

extension Layer {
  /// Combines a network with several outputs with an optimizer and an objective per output.
  ///
  /// Training minimises the weighted sum of the losses, which `History` holds as `loss`. As in
  /// Keras, it also holds the unweighted losses of the outputs as `class_loss` and so on, and their
  /// metrics as `class_accuracy` and so on.
  /// - Parameters:
  ///   - optimizer: the optimizer that updates the weights.
  ///   - objectives: the objective of each output, by the output's name.
  ///   - seed: the seed for initial weights, the order of samples and dropout.
  /// - Returns: the model; its network is built if it declares its input shapes.
  public func compile(
    optimizer: some Optimizer, objectives: KeyValuePairs<String, Objective>, seed: UInt64 = 0
  ) -> Model<Self> {
    for (name, _) in objectives {
      require(
        outputNames.contains(name),
        "compile: " + unknownName(name, kind: "output", known: outputNames))
      require(
        objectives.count { $0.key == name } == 1, "compile: \"\(name)\" has two objectives")
    }
    let inOrder = outputNames.map { name in
      guard var objective = objectives.first(where: { $0.key == name })?.value else {
        fail("compile: the output \"\(name)\" has no objective; each output needs one")
      }
      if outputNames.count > 1 { objective.output = name }
      return objective
    }
    return Model(self, optimizer, inOrder, seed)
  }
}
