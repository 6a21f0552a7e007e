import Autograd
import Tensor

/// Normalises the features (last axis) of each sample and step, then applies a learned scale and
/// shift.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// Unlike ``BatchNormalization``, it treats each sample separately, in training and at inference.
///
/// Source: J. Ba et al., "Layer normalization", 2016, with Keras's defaults.
public struct LayerNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// A small number added to the variance to avoid division by zero.
  public let epsilon: Double
  /// The learned scale, [features]: the standard deviation of each result.
  public var gamma = Parameter<Scalar>()
  /// The learned shift, [features]: the mean of each result.
  public var beta = Parameter<Scalar>()

  /// A layer with Keras's defaults; GPT uses an epsilon of 1e-5 and BERT 1e-12.
  public init(epsilon: Double = 1e-3) {
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if epsilon is negative.
  public func validate() throws(InvalidValue) {
    guard epsilon >= 0 else { throw InvalidValue("epsilon must not be negative, got \(epsilon)") }
  }

  /// Visits gamma and beta.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
  }

  /// Declares gamma and beta, each [features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let features = inputShape.last, features > 0 else {
      throw ShapeError("samples of shape \(inputShape) have no axis of features")
    }
    try builder.parameter(&gamma, [features], .ones)
    try builder.parameter(&beta, [features], .zeros)
    return inputShape
  }

  /// Records the layer's computation on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    layerNormalization(x, scale: context[gamma], shift: context[beta], epsilon: epsilon)
  }
}
