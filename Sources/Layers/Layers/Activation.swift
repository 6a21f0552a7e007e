import Autograd
import Tensor

/// An activation function as a layer of its own.
public struct Activation<Scalar: TensorFloat>: Layer {
  /// The function.
  public let function: ActivationFunction

  /// A layer that applies `function` to each number, or softmax to the last axis.
  public init(_ function: ActivationFunction) { self.function = function }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { function(x) }
}
