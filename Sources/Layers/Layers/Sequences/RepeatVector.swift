import Autograd
import Tensor

/// Repeats each sample [features] in `count` equal steps: [count, features].
///
/// Placed between an encoder and a decoder, it gives the decoder the same summary at each step.
public struct RepeatVector<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps.
  public let count: Int

  /// A layer that makes `count` steps.
  public init(_ count: Int) {
    self.count = count
    requireValid()
  }

  /// Throws if `count` is not positive.
  public func validate() throws(InvalidValue) {
    guard count > 0 else {
      throw InvalidValue("the number of steps must be positive, got \(count)")
    }
  }

  /// Returns [count, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard inputShape.rank == 1 else {
      throw ShapeError("expected samples of shape [features], got \(inputShape)")
    }
    return [count, inputShape[0]]
  }

  /// Repeats the samples.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.expandingShape(at: 1).broadcast(to: [x.shape[0], count, x.shape[1]])
  }
}
