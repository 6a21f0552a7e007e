import Autograd
import Tensor

/// Marks the steps of which all features equal a number as having no data, and makes them zeros.
///
/// Samples have shape [steps, features]. Layers behind that know masks, such as ``LSTM``, skip those steps.
public struct Masking<Scalar: TensorFloat>: StorableLayer {
  /// The number that stands for no data.
  public let maskValue: Double
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// A layer that masks steps that hold nothing but `maskValue`.
  public init(_ maskValue: Double = 0, inputShape: TensorShape? = nil) {
    self.maskValue = maskValue
    self.inputShape = inputShape
  }

  /// The same shape, which needs an axis of steps and one of features.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard inputShape.rank == 2 else {
      throw ShapeError("expected samples of shape [steps, features], got \(inputShape)")
    }
    return inputShape
  }

  /// Masks steps.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let mask = (x.value .!= Scalar(maskValue)).any(axis: -1)
    let y = select(mask.expandingShape(at: -1), x, 0)
    context.setMask(mask, of: y)
    return y
  }
}
