import Autograd
import Tensor

/// `x` where x is positive, and `negativeSlope · x` elsewhere, so that no unit dies.
public struct LeakyReLU<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The factor for negative numbers.
  public let negativeSlope: Double

  /// A layer with Keras's default of 0.3; the activation `leaky_relu` uses 0.2.
  public init(negativeSlope: Double = 0.3) {
    self.negativeSlope = negativeSlope
    requireValid()
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Throws if the slope is negative.
  public func validate() throws(InvalidValue) {
    guard negativeSlope >= 0 else {
      throw InvalidValue("the slope cannot be negative, got \(negativeSlope)")
    }
  }

  /// Records the layer's computation on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { leakyReLU(x, slope: Scalar(negativeSlope)) }
}
