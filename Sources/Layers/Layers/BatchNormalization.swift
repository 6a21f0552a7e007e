// Normalisation by batch statistics in training and by their moving averages at inference.

import Autograd
import Tensor

/// Normalises each feature (last axis) to mean 0 and variance 1, then applies a learned scale and
/// shift.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// In training, mean and variance are those of the batch, and the moving averages follow them. At
/// inference and in a frozen layer, the moving averages are used.
///
/// Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015, with Keras's defaults.
public struct BatchNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The weight of the old values in the moving averages.
  public let momentum: Double
  /// A small number added to the variance to avoid division by zero.
  public let epsilon: Double
  /// The learned scale, [features]: the standard deviation of each result.
  public var gamma = Parameter<Scalar>()
  /// The learned shift, [features]: the mean of each result.
  public var beta = Parameter<Scalar>()
  /// The mean used at inference, [features].
  public var movingMean = Parameter<Scalar>(isTrainable: false)
  /// The variance used at inference, [features].
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

  /// Visits gamma, beta, the moving mean and the moving variance.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
    visit("moving_mean", &movingMean)
    visit("moving_variance", &movingVariance)
  }

  /// Declares gamma, beta, the moving mean and the moving variance, each [features].
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

  /// Records the layer's computation on the context's tape.
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
    // A layer that is called twice in a step follows both batches, one after the other.
    let before = context.assignedValue(of: moving)
    // The moving averages of features that are always zero would become subnormal numbers.
    let average = withSubnormalsFlushed { before + (measured.value - before) * share }
    context.assign(average, to: moving)
  }
}
