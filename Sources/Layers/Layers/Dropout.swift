import Autograd
import Tensor

/// Sets each number to 0 with probability `rate` during training; does nothing at inference.
///
/// The other numbers are multiplied by `1 / (1 - rate)`, so that the expected sum stays the same.
public struct Dropout<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The probability of being dropped, in 0..<1.
  public let rate: Double

  /// A layer that drops each number with probability `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Throws if the rate is no probability below 1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// Records the layer's computation on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    context.isTraining ? dropout(x, rate: rate, using: &context.generator) : x
  }
}

/// Throws unless the rate is a probability below 1.
func validateDropout(_ rate: Double) throws(InvalidValue) {
  guard (0..<1).contains(rate) else {
    throw InvalidValue("the rate must lie in 0..<1, got \(rate)")
  }
}
