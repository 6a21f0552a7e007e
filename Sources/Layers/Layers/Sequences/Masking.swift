import Autograd
import Tensor

/// Masks the steps in which all features equal `maskValue`, and sets their features to 0.
///
/// Samples have shape [steps, features]. Later layers that support masks, such as ``LSTM``, skip
/// those steps.
public struct Masking<Scalar: TensorFloat>: StorableLayer {
  /// The number that means "no data".
  public let maskValue: Double
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// A layer that masks the steps in which all features equal `maskValue`.
  public init(_ maskValue: Double = 0, inputShape: TensorShape? = nil) {
    self.maskValue = maskValue
    self.inputShape = inputShape
  }

  /// Returns the same shape, which must have an axis of steps and one of features.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard inputShape.rank == 2 else {
      throw ShapeError("expected samples of shape [steps, features], got \(inputShape)")
    }
    return inputShape
  }

  /// Sets the mask and zeroes the masked steps.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let mask = (x.value .!= Scalar(maskValue)).any(axis: -1)
    let y = select(mask.expandingShape(at: -1), x, 0)
    context.setMask(mask, of: y)
    return y
  }
}
