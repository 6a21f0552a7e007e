// What may interfere with training: closures that `fit` calls at fixed moments. The callbacks beside this
// file are made of them.

import Layers
import Tensor

/// Closures that `fit` calls while it trains; any of them may be left out.
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
/// A callback may change the model, such as its learning rate or what is frozen.
public struct Callback<Network: Layer> {
  /// What is called: with the model, which it may change, and the place in training.
  public typealias Action = (_ model: inout Model<Network>, _ state: inout TrainingState) -> Void

  /// What is called when the gradients are known: with them as well.
  public typealias GradientsAction = (
    _ model: inout Model<Network>, _ step: StepGradients<Network.Scalar>,
    _ state: inout TrainingState
  ) -> Void

  /// Before the first epoch.
  public var trainingBegan: Action?
  /// Before each epoch.
  public var epochBegan: Action?
  /// Before each batch; stopping here leaves the batch undone.
  public var stepBegan: Action?
  /// After the loss of each batch was computed and before the weights change; stopping here leaves the
  /// weights as they are.
  public var lossComputed: Action?
  /// After the gradients of each batch and before the weights change, as `lossComputed`.
  public var gradientsComputed: GradientsAction?
  /// After the weights have changed for a batch.
  public var stepEnded: Action?
  /// After each epoch, when its numbers are known.
  public var epochEnded: Action?
  /// After the last epoch.
  public var trainingEnded: Action?

  /// A callback of the given closures.
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

  /// Whether something is called inside of an epoch.
  var seesSteps: Bool {
    stepBegan != nil || lossComputed != nil || gradientsComputed != nil || stepEnded != nil
  }
}

/// The place in training, as callbacks see it.
public struct TrainingState: Sendable {
  /// The number of epochs asked for.
  public let epochs: Int
  /// The epoch at hand, counted from 1; 0 before the first.
  public internal(set) var epoch: Int
  /// The batch at hand, counted from 1; 0 before the first of an epoch.
  public internal(set) var batch = 0
  /// The loss of the batch at hand, for `lossComputed`.
  public internal(set) var loss = Double.nan
  /// The numbers of the epoch, for `epochEnded`: what `History` will hold.
  public internal(set) var measured: [(name: String, value: Double)] = []
  /// Why training ends; nil while it goes on.
  public private(set) var stopReason: String?
  /// Whether training ends.
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

  /// Ends training after this epoch or, from what is called inside of one, at once.
  public mutating func stop(_ reason: String) {
    if stopReason == nil { stopReason = reason }
  }

  /// A number of the epoch, such as `val_loss`; what is set here stands in the history and in the
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
