import Autograd
import Tensor

/// Brings the features of each sample and step, the last axis, to mean 0 and variance 1, then to a mean and a
/// variance that are learned.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// Unlike ``BatchNormalization`` it treats each sample by itself, in training as at inference.
///
/// Source: J. Ba et al., "Layer normalization", 2016, with Keras's defaults.
public struct LayerNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The standard deviation of each result, [features].
  public var gamma = Parameter<Scalar>()
  /// The mean of each result, [features].
  public var beta = Parameter<Scalar>()

  /// A layer with Keras's defaults; GPT and BERT take an epsilon of 1e-5 and 1e-12.
  public init(epsilon: Double = 1e-3) {
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if epsilon is negative.
  public func validate() throws(InvalidValue) {
    guard epsilon >= 0 else { throw InvalidValue("epsilon must not be negative, got \(epsilon)") }
  }

  /// Gamma and beta.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
  }

  /// Two numbers for each feature.
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

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    layerNormalization(x, scale: context[gamma], shift: context[beta], epsilon: epsilon)
  }
}
