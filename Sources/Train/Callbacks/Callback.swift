// Callbacks: closures that `fit` calls at fixed moments of training. The ready-made callbacks in
// this folder are built from them.

import Layers
import Tensor

/// A set of closures that `fit` calls during training; each of them is optional.
///
/// ```swift
/// model.fit(
///   x, y, epochs: 100, validationSplit: 0.2,
///   callbacks: [
///     .earlyStopping(patience: 5, restoreBestWeights: true),
///     Callback(epochEnded: { model, state in
///       if state["loss"]! < 0.01 { state.stop("good enough") }
///     }),
///   ])
/// ```
///
/// A callback may change the model, such as its learning rate or which layers are frozen.
public struct Callback<Network: Layer> {
  /// A closure that takes the model, which it may change, and the state of training.
  public typealias Action = (_ model: inout Model<Network>, _ state: inout TrainingState) -> Void

  /// A closure that also takes the gradients of the step.
  public typealias GradientsAction = (
    _ model: inout Model<Network>, _ step: StepGradients<Network.Scalar>,
    _ state: inout TrainingState
  ) -> Void

  /// Called before the first epoch.
  public var trainingBegan: Action?
  /// Called before each epoch.
  public var epochBegan: Action?
  /// Called before each batch; stopping here skips the batch.
  public var stepBegan: Action?
  /// Called when the loss of a batch is known, before the weights change; stopping here leaves the
  /// weights unchanged.
  public var lossComputed: Action?
  /// Called when the gradients of a batch are known, before the weights change; stopping here
  /// leaves the weights unchanged.
  public var gradientsComputed: GradientsAction?
  /// Called after the weights were updated for a batch.
  public var stepEnded: Action?
  /// Called after each epoch, when its numbers are known.
  public var epochEnded: Action?
  /// Called after the last epoch.
  public var trainingEnded: Action?

  /// A callback made of the given closures.
  public init(
    trainingBegan: Action? = nil, epochBegan: Action? = nil, stepBegan: Action? = nil,
    lossComputed: Action? = nil, gradientsComputed: GradientsAction? = nil,
    stepEnded: Action? = nil, epochEnded: Action? = nil, trainingEnded: Action? = nil
  ) {
    self.trainingBegan = trainingBegan
    self.epochBegan = epochBegan
    self.stepBegan = stepBegan
    self.lossComputed = lossComputed
    self.gradientsComputed = gradientsComputed
    self.stepEnded = stepEnded
    self.epochEnded = epochEnded
    self.trainingEnded = trainingEnded
  }

  /// Whether any closure is called within an epoch.
  var seesSteps: Bool {
    stepBegan != nil || lossComputed != nil || gradientsComputed != nil || stepEnded != nil
  }
}

/// The state of training, as callbacks see it.
public struct TrainingState: Sendable {
  /// The number of epochs requested.
  public let epochs: Int
  /// The current epoch, counted from 1; 0 before the first.
  public internal(set) var epoch: Int
  /// The current batch, counted from 1; 0 before the first of an epoch.
  public internal(set) var batch = 0
  /// The loss of the current batch, for `lossComputed`.
  public internal(set) var loss = Double.nan
  /// The numbers of the epoch, for `epochEnded`, as `History` will hold them.
  public internal(set) var measured: [(name: String, value: Double)] = []
  /// Why training ends; nil while it continues.
  public private(set) var stopReason: String?
  /// Whether training has been stopped.
  public var isStopped: Bool { stopReason != nil }

  init(epochs: Int, initialEpoch: Int) {
    self.epochs = epochs
    epoch = initialEpoch
  }

  mutating func beginEpoch() {
    epoch += 1
    batch = 0
    measured = []
  }

  /// Ends training: after this epoch, or immediately if called within an epoch.
  public mutating func stop(_ reason: String) {
    if stopReason == nil { stopReason = reason }
  }

  /// A number of the epoch, such as `val_loss`; numbers set here appear in the history and in the
  /// progress line.
  public subscript(name: String) -> Double? {
    get { measured.first { $0.name == name }?.value }
    set {
      let index = measured.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): measured[index].value = value
      case (let index?, nil): measured.remove(at: index)
      case (nil, let value?): measured.append((name, value))
      case (nil, nil): break
      }
    }
  }
}
