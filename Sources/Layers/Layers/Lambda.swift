import Autograd
import Tensor

/// A custom function as a layer, without parameters.
///
/// ```swift
/// Lambda { x in x / 255 }
/// ```
public struct Lambda<Scalar: TensorFloat>: Layer {
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?
  private let function: @Sendable (Variable<Scalar>) -> Variable<Scalar>

  /// A layer that records `function`; its argument and its result have the batch as first axis.
  public init(
    inputShape: TensorShape? = nil,
    _ function: @escaping @Sendable (Variable<Scalar>) -> Variable<Scalar>
  ) {
    self.inputShape = inputShape
    self.function = function
  }

  /// Finds the shape of the result by calling the function with a sample of zeros.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let tape = Tape<Scalar>(records: false)
    let result = function(tape.constant(.zeros(inputShape.inserting(1, at: 0)))).shape
    guard result.first == 1 else {
      throw ShapeError(
        "of one sample of shape \(inputShape) the function made shape \(result), its first axis must be "
          + "the batch")
    }
    return TensorShape(result.dropFirst())
  }

  /// Records the layer's computation on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { function(x) }
}
