import Autograd
import Tensor

/// A tensor that training adjusts.
public struct Parameter<Scalar: TensorFloat>: Sendable {
  /// The numbers; empty until the layer is built.
  public var value = Tensor<Scalar>(uninitialized: [0])
  /// What the parameter is called in its layer, such as `kernel`.
  public let name: String
  /// Whether gradients are taken and optimizers change the value.
  public var isTrainable: Bool
  /// The number of the parameter in its network; -1 until `initialize` gives one.
  package internal(set) var slot = -1

  /// A parameter without a value.
  public init(_ name: String, isTrainable: Bool = true) {
    self.name = name
    self.isTrainable = isTrainable
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

  /// A context for training, on a tape that records, or for inference, on one that does not.
  public init(isTraining: Bool, generator: RandomGenerator = RandomGenerator(seed: 0)) {
    tape = Tape(records: isTraining)
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
}
