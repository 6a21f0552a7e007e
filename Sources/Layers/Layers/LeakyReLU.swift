import Autograd
import Tensor

/// Each number where it is positive, and a small part of it elsewhere, so that no unit is ever dead.
public struct LeakyReLU<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The factor of negative numbers.
  public let negativeSlope: Double

  /// A layer with Keras's default; the activation `leaky_relu` has 0.2.
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

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { leakyReLU(x, slope: Scalar(negativeSlope)) }
}
