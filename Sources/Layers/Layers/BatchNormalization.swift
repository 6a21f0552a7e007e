// Normalisation by the batch in training, by what was seen in training afterwards.

import Autograd
import Tensor

/// Brings each feature, the last axis, to mean 0 and variance 1, then to a mean and a variance that are
/// learned.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// In training, mean and variance are those of the batch, and the moving ones follow them; at inference,
/// and in a frozen layer, the moving ones are taken.
///
/// Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015, with Keras's defaults.
public struct BatchNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The share of the old in the new moving mean and variance.
  public let momentum: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The standard deviation of each result, [features].
  public var gamma = Parameter<Scalar>()
  /// The mean of each result, [features].
  public var beta = Parameter<Scalar>()
  /// The mean that inference takes, [features].
  public var movingMean = Parameter<Scalar>(isTrainable: false)
  /// The variance that inference takes, [features].
  public var movingVariance = Parameter<Scalar>(isTrainable: false)

  /// A layer with Keras's defaults.
  public init(momentum: Double = 0.99, epsilon: Double = 1e-3) {
    self.momentum = momentum
    self.epsilon = epsilon
    requireValid()
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Throws if the momentum is no share, or if epsilon is negative.
  public func validate() throws(InvalidValue) {
    guard (0...1).contains(momentum) else {
      throw InvalidValue("the momentum must lie in 0...1, got \(momentum)")
    }
    try validateEpsilon(epsilon)
  }

  /// Gamma, beta, the moving mean and the moving variance.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
    visit("moving_mean", &movingMean)
    visit("moving_variance", &movingVariance)
  }

  /// Four numbers for each feature.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let features = inputShape.last else {
      throw ShapeError("samples of shape \(inputShape) have no axis of features")
    }
    try builder.parameter(&gamma, [features], .ones)
    try builder.parameter(&beta, [features], .zeros)
    try builder.parameter(&movingMean, [features], .zeros)
    try builder.parameter(&movingVariance, [features], .ones)
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let (gamma, beta) = (context[gamma], context[beta])
    guard context.isTraining && self.gamma.isTrainable else {
      let scale = gamma * rsqrt(context[movingVariance] + Scalar(epsilon))
      return x * scale + (beta - context[movingMean] * scale)
    }
    let shape = x.shape
    let features = shape[shape.rank - 1]
    let rows = x.reshaped(to: [shape.elementCount / max(1, features), features])
    let mean = rows.mean(axis: 0)
    let centered = rows - mean
    let variance = square(centered).mean(axis: 0)
    follow(mean, with: movingMean, in: context)
    follow(variance, with: movingVariance, in: context)
    let scale = gamma * rsqrt(variance + Scalar(epsilon))
    return (centered * scale + beta).reshaped(to: shape)
  }

  /// What inference multiplies each feature by, and what it adds.
  var inferenceScaleAndShift: (scale: Tensor<Scalar>, shift: Tensor<Scalar>) {
    let scale = gamma.value * rsqrt(movingVariance.value + Scalar(epsilon))
    return (scale, beta.value - movingMean.value * scale)
  }

  private func follow(
    _ measured: Variable<Scalar>, with moving: Parameter<Scalar>, in context: Context<Scalar>
  ) {
    let share = Scalar(1 - momentum)
    // A layer that is used twice in a step follows both batches, one after the other.
    let before = context.assignedValue(of: moving)
    // Moving averages of features that are always zero would become subnormal numbers.
    let average = withSubnormalsFlushed { before + (measured.value - before) * share }
    context.assign(average, to: moving)
  }
}
