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
public struct BatchNormalization<Scalar: TensorFloat>: Layer {
  /// The share of the old in the new moving mean and variance.
  public let momentum: Double
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The standard deviation of each result, [features].
  public var gamma = Parameter<Scalar>("gamma")
  /// The mean of each result, [features].
  public var beta = Parameter<Scalar>("beta")
  /// The mean that inference takes, [features].
  public var movingMean = Parameter<Scalar>("moving_mean", isTrainable: false)
  /// The variance that inference takes, [features].
  public var movingVariance = Parameter<Scalar>("moving_variance", isTrainable: false)

  /// A layer with Keras's defaults.
  public init(momentum: Double = 0.99, epsilon: Double = 1e-3) {
    require(
      momentum >= 0 && momentum <= 1,
      "BatchNormalization: the momentum must lie in 0...1, got \(momentum)")
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Makes the parameters for samples of `inputShape` and gives that shape back.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape {
    guard let features = inputShape.last else {
      fail("BatchNormalization: samples of shape \(inputShape) have no axis of features")
    }
    gamma.value = .ones([features])
    beta.value = .zeros([features])
    movingMean.value = .zeros([features])
    movingVariance.value = .ones([features])
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
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

  private func follow(
    _ measured: Variable<Scalar>, with moving: Parameter<Scalar>, in context: Context<Scalar>
  ) {
    let share = Scalar(1 - momentum)
    // Moving averages of features that are always zero would become subnormal numbers.
    let average = withSubnormalsFlushed {
      moving.value + (measured.value - moving.value) * share
    }
    context.assign(average, to: moving)
  }

  /// Calls `body` with gamma, beta, the moving mean and the moving variance.
  public mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) {
    body(&gamma)
    body(&beta)
    body(&movingMean)
    body(&movingVariance)
  }
}
