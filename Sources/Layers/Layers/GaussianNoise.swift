import Autograd
import Tensor

/// Adds normally distributed numbers during training; does nothing at inference.
public struct GaussianNoise<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The standard deviation of what is added.
  public let standardDeviation: Double

  /// A layer that adds noise of the given standard deviation.
  public init(_ standardDeviation: Double) {
    self.standardDeviation = standardDeviation
    requireValid()
  }

  /// Throws unless the standard deviation is a number and not negative.
  public func validate() throws(InvalidValue) {
    guard standardDeviation >= 0 && standardDeviation.isFinite else {
      throw InvalidValue(
        "the standard deviation must be finite and not negative, got \(standardDeviation)")
    }
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    guard context.isTraining && standardDeviation > 0 else { return x }
    return x
      + x.tape.constant(
        .normal(
          x.shape, standardDeviation: Scalar(standardDeviation), using: &context.generator))
  }
}

/// Multiplies by normally distributed numbers of mean 1 during training; does nothing at inference.
///
/// Their standard deviation, `√(rate / (1 - rate))`, is that of dropout's factors.
///
/// Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
public struct GaussianDropout<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The rate of the dropout that it stands for, in 0..<1.
  public let rate: Double

  /// A layer that stands for a dropout of `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// Throws if the rate is no probability below 1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    guard context.isTraining && rate > 0 else { return x }
    let deviation = Scalar((rate / (1 - rate)).squareRoot())
    return x
      * x.tape.constant(
        .normal(x.shape, mean: 1, standardDeviation: deviation, using: &context.generator))
  }
}
