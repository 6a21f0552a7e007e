import Autograd
import Tensor

/// Gives each sample a single axis: [batch, 28, 28] becomes [batch, 784].
public struct Flatten<Scalar: TensorFloat>: Layer {
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// A layer that flattens samples, of `inputShape` if given.
  public init(inputShape: TensorShape? = nil) { self.inputShape = inputShape }

  /// Makes the parameters for samples of `inputShape`; returns the shape of a sample's result.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape { [inputShape.elementCount] }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let shape = x.shape
    return x.reshaped(to: [shape[0], shape.dropFirst().reduce(1, *)])
  }
}
