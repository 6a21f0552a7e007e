import Autograd
import Tensor

/// Sets each number to 0 with probability `rate` during training, and scales the others up by
/// `1 / (1 - rate)` so that their sum stays as expected; does nothing at inference.
public struct Dropout<Scalar: TensorFloat>: Layer {
  /// The probability of being dropped, in 0..<1.
  public let rate: Double

  /// A layer that drops with probability `rate`.
  public init(_ rate: Double) {
    require(rate >= 0 && rate < 1, "Dropout: the rate must lie in 0..<1, got \(rate)")
    self.rate = rate
  }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    context.isTraining ? dropout(x, rate: rate, using: &context.generator) : x
  }
}
