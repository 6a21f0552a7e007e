import Autograd
import Tensor

/// Flattens each sample to one axis: [batch, 28, 28] becomes [batch, 784].
public struct Flatten<Scalar: TensorFloat>: StorableLayer {
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// A layer that flattens samples.
  public init(inputShape: TensorShape? = nil) { self.inputShape = inputShape }

  /// Returns a shape with one axis that has as many elements as the sample.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { [inputShape.elementCount] }

  /// Records the layer's computation on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let shape = x.shape
    return x.reshaped(to: [shape[0], shape.dropFirst().reduce(1, *)])
  }
}
