import Autograd
import Tensor

/// Each number where it is positive, and a small part of it elsewhere, so that no unit is ever dead.
public struct LeakyReLU<Scalar: TensorFloat>: Layer {
  /// The factor of negative numbers.
  public let negativeSlope: Double

  /// A layer with Keras's default; the activation `leaky_relu` has 0.2.
  public init(negativeSlope: Double = 0.3) {
    require(
      negativeSlope >= 0, "LeakyReLU: the slope cannot be negative, got \(negativeSlope)")
    self.negativeSlope = negativeSlope
  }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { leakyReLU(x, slope: Scalar(negativeSlope)) }
}
