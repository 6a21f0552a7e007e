import Autograd
import Tensor

/// An activation function as a separate layer.
public struct Activation<Scalar: TensorFloat>: StorableLayer {
  /// The function.
  public let function: ActivationFunction

  /// A layer that applies `function` to each number, or softmax to the last axis.
  public init(_ function: ActivationFunction) { self.function = function }

  /// The function's name.
  public var activationName: String? { function.name }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { function(x) }
}
