import Autograd
import Tensor

/// Brings groups of channels of each sample to mean 0 and variance 1, then each channel to a mean and a variance
/// that are learned.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// Mean and variance are those of a group's channels over all places of a sample, [batch, …, channels]. Unlike
/// ``BatchNormalization`` it does the same in training and at inference, and small batches do not harm it. One
/// group is all channels at once; as many groups as channels is instance normalisation.
///
/// Source: Y. Wu, K. He, "Group normalization", 2018, with Keras's defaults.
public struct GroupNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of groups; -1 stands for one for each channel.
  public let groups: Int
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The standard deviation of each result, [channels].
  public var gamma = Parameter<Scalar>()
  /// The mean of each result, [channels].
  public var beta = Parameter<Scalar>()

  /// A layer with Keras's defaults; -1 groups stand for one for each channel.
  public init(_ groups: Int = 32, epsilon: Double = 1e-3) {
    self.groups = groups
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws unless there are groups and epsilon is not negative.
  public func validate() throws(InvalidValue) {
    guard groups > 0 || groups == -1 else {
      throw InvalidValue("the number of groups must be positive, or -1, got \(groups)")
    }
    try validateEpsilon(epsilon)
  }

  /// Gamma and beta.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
  }

  /// Two numbers for each channel.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let channels = inputShape.last ?? 0
    guard channels > 0 && channels % (groups < 0 ? channels : groups) == 0 else {
      throw ShapeError(
        "the channels of samples of shape \(inputShape) cannot be parted into \(groups) groups")
    }
    try builder.parameter(&gamma, [channels], .ones)
    try builder.parameter(&beta, [channels], .zeros)
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let (batch, channels) = (x.shape[0], x.shape[x.rank - 1])
    let groups = groups < 0 ? channels : groups
    // An empty batch has places too.
    let places = x.shape.dropFirst().dropLast().reduce(1, *)
    let parts = x.reshaped(to: [batch, places, groups, channels / groups])
    let centered = parts - parts.mean(axes: [1, 3], keepingDimensions: true)
    let variance = square(centered).mean(axes: [1, 3], keepingDimensions: true)
    let normalized = centered * rsqrt(variance + Scalar(epsilon))
    return normalized.reshaped(to: x.shape) * context[gamma] + context[beta]
  }
}
