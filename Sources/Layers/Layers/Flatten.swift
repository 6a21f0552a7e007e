import Autograd
import Tensor

/// Gives each sample a single axis: [batch, 28, 28] becomes [batch, 784].
public struct Flatten<Scalar: TensorFloat>: StorableLayer {
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// A layer that flattens samples, of `inputShape` if given.
  public init(inputShape: TensorShape? = nil) { self.inputShape = inputShape }

  /// One axis.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { [inputShape.elementCount] }

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let shape = x.shape
    return x.reshaped(to: [shape[0], shape.dropFirst().reduce(1, *)])
  }
}
