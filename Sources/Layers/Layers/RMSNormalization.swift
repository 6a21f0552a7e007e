import Autograd
import Tensor

/// Divides the features of each sample and step, the last axis, by their root mean square, then multiplies by
/// factors that are learned.
///
/// ```
/// y = scale · x / √(mean(x²) + epsilon)
/// ```
///
/// It does nearly what ``LayerNormalization`` does, for less.
///
/// Source: B. Zhang, R. Sennrich, "Root mean square layer normalization", 2019, with Keras's defaults.
public struct RMSNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The root mean square of each result, [features].
  public var scale = Parameter<Scalar>()

  /// A layer with Keras's default.
  public init(epsilon: Double = 1e-6) {
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if epsilon is negative.
  public func validate() throws(InvalidValue) { try validateEpsilon(epsilon) }

  /// The scale.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("scale", &scale)
  }

  /// A number for each feature.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let features = inputShape.last, features > 0 else {
      throw ShapeError("samples of shape \(inputShape) have no axis of features")
    }
    try builder.parameter(&scale, [features], .ones)
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let meanSquare = square(x).mean(axis: -1, keepingDimensions: true)
    return x * rsqrt(meanSquare + Scalar(epsilon)) * context[scale]
  }
}
