import Autograd
import Tensor

/// `x` where x is positive, and `alpha · (exp(x) - 1)` elsewhere.
public struct ELU<Scalar: TensorFloat>: StorableLayer {
  /// The scale of the negative part; for very negative x the result approaches `-alpha`.
  public let alpha: Double

  /// A layer with Keras's default.
  public init(alpha: Double = 1) { self.alpha = alpha }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { elu(x, alpha: Scalar(alpha)) }
}
