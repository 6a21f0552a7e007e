// What is made small for each output of a network that has several.

import Layers
import Tensor

/// What one output of a network is trained for: a loss, its weight in the sum, and what is reported.
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
  /// How wrong predictions are.
  public let loss: any Loss
  /// How much the loss counts in the sum of all.
  public let weight: Double
  /// What is reported beside the loss.
  public let metrics: [Metric]
  /// The name of the output, of a network that has several.
  var output = ""

  /// An objective with the given loss.
  public init(_ loss: some Loss, weight: Double = 1, metrics: [Metric] = []) {
    self.init(loss, weight, metrics)
  }

  /// An objective with the loss by Keras's name.
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
  /// Joins a network of several outputs with what training it takes.
  ///
  /// What is made small is the weighted sum of the losses; `History` has it as `loss`, and those of the
  /// outputs, without their weights, as `class_loss` and so on, metrics as `class_accuracy`, as in Keras.
  ///
  /// - Parameters:
  ///   - optimizer: how weights follow their gradients.
  ///   - objectives: the loss, its weight and the metrics for each output, by name.
  ///   - seed: decides initial weights, the order of samples and dropout.
  /// - Returns: the model, built already if the network states the shapes of its inputs.
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
