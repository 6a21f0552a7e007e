import Autograd
import Tensor

/// A tensor that training adjusts.
public struct Parameter<Scalar: TensorFloat>: Sendable {
  /// The numbers; empty until the layer is built.
  public var value = Tensor<Scalar>(uninitialized: [0])
  /// What the parameter is called in its layer, such as `kernel`.
  public let name: String
  /// What is added to the loss so that the numbers stay small; nil for nothing.
  public var regularizer: Regularizer?
  /// Whether gradients are taken and optimizers change the value: Keras's `trainable`.
  ///
  /// Setting it freezes and thaws the parameter; what was made as not trainable, such as the means
  /// that batch normalisation follows, stays so.
  public var isTrainable: Bool {
    get { isWeight && !isFrozen }
    set { isFrozen = !newValue }
  }
  private let isWeight: Bool
  /// Whether training was forbidden to change the value.
  package private(set) var isFrozen = false
  /// The number of the parameter in its network; -1 until `initialize` gives one.
  package internal(set) var slot = -1

  /// A parameter without a value.
  public init(_ name: String, isTrainable: Bool = true, regularizer: Regularizer? = nil) {
    self.name = name
    self.regularizer = regularizer
    isWeight = isTrainable
  }
}

/// What a layer needs to compute: the tape, whether it trains, and the source of randomness.
///
/// One context serves many steps; reset its tape between them.
public final class Context<Scalar: TensorFloat> {
  /// Where operations are recorded.
  public let tape: Tape<Scalar>
  /// Whether layers behave as in training (dropout drops) or as in inference.
  public let isTraining: Bool
  /// The source of randomness, advanced by each use.
  public var generator: RandomGenerator
  /// The values that layers want to give to parameters after this step, by slot.
  private var assignments: [Int: Tensor<Scalar>] = [:]
  /// Whether a layer has assigned a value in this step.
  package private(set) var hasAssignments = false

  /// A context for training, on a tape that records, or for inference, on one that does not.
  public init(isTraining: Bool, generator: RandomGenerator = RandomGenerator(seed: 0)) {
    tape = Tape(records: isTraining)
    self.isTraining = isTraining
    self.generator = generator
  }

  /// A context on a tape that exists already.
  package init(
    isTraining: Bool, tape: Tape<Scalar>, generator: RandomGenerator = RandomGenerator(seed: 0)
  ) {
    self.tape = tape
    self.isTraining = isTraining
    self.generator = generator
  }

  /// The parameter as a variable on the tape.
  public subscript(parameter: Parameter<Scalar>) -> Variable<Scalar> {
    require(
      parameter.slot >= 0,
      "parameter \(parameter.name): the network was not initialised; call initialize(using:) or "
        + "compile it first")
    return tape.parameter(
      slot: parameter.slot, parameter.value, requiresGradient: parameter.isTrainable)
  }

  /// Remembers a value that a parameter gets after the step, for what is measured and not trained.
  ///
  /// Layers compute without changing themselves; `Layer.applyAssignments(of:)` makes the change.
  public func assign(_ value: Tensor<Scalar>, to parameter: Parameter<Scalar>) {
    assignments[parameter.slot] = value
    hasAssignments = true
  }

  fileprivate func takeAssignments() -> [Int: Tensor<Scalar>] {
    defer {
      assignments = [:]
      hasAssignments = false
    }
    return assignments
  }
}

extension Layer {
  /// Gives parameters the values that the layers assigned in this step; call it after the optimizer.
  ///
  /// `fit` does; a training loop of your own needs it for layers such as `BatchNormalization`.
  public mutating func applyAssignments(of context: Context<Scalar>) {
    guard context.hasAssignments else { return }
    let assignments = context.takeAssignments()
    forEachParameter { parameter in
      if let value = assignments[parameter.slot] { parameter.value = value }
    }
  }
}
