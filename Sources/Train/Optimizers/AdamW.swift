import Layers
import Tensor

/// Adam after every weight has moved towards 0 by a share of itself.
///
/// ```
/// w -= rate · weightDecay · w;   then a step of Adam
/// ```
///
/// Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2017, in Keras's form.
public struct AdamW: Optimizer, Codable, Validated {
  /// The name, `adamw`.
  public var name: String { "adamw" }
  /// The length of a step.
  public var learningRate: Double
  /// The share of a weight, times the rate, that each step takes away.
  public var weightDecay: Double
  /// The decay of the mean of gradients.
  public var beta1: Double
  /// The decay of the mean of squares.
  public var beta2: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// AdamW with Keras's defaults.
  public init(
    learningRate: Double = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-7
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if a hyper-parameter makes no sense.
  public func validate() throws(InvalidValue) {
    guard weightDecay >= 0 else {
      throw InvalidValue("the weight decay cannot be negative, got \(weightDecay)")
    }
  }

  /// The means of gradients and of squares.
  public var initialMoments: [Double] { [0, 0] }

  private var adam: Adam {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// The rate of Adam.
  public func rate(step: Int) -> Double { adam.rate(step: step) }

  /// Makes one step of Adam with one parameter, in place.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) { adam.update(&weights, along: gradient, moments: &moments, rate: rate, step: step) }

  /// Makes one step of Adam with one parameter, in place, after the weights were multiplied by `keep`.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    adam.update(
      &weights, along: gradient, moments: &moments, rate: rate, step: step, keeping: keep)
  }
}

extension Optimizer where Self == AdamW {
  /// Adam after every weight has moved towards 0 by a share of itself.
  public static func adamw(
    learningRate: Double = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> AdamW {
    AdamW(
      learningRate: learningRate, weightDecay: weightDecay, beta1: beta1, beta2: beta2,
      epsilon: epsilon)
  }
}
