import Layers
import Tensor

/// AdamW: Adam with decoupled weight decay.
///
/// ```
/// w -= rate · weightDecay · w;   then a step of Adam
/// ```
///
/// Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2017, in Keras's form.
public struct AdamW: Optimizer, Codable, Validated {
  /// The name, `adamw`.
  public var name: String { "adamw" }
  /// The learning rate.
  public var learningRate: Double
  /// The fraction of each weight, times the rate, that every step subtracts.
  public var weightDecay: Double
  /// The decay of the moving average of gradients.
  public var beta1: Double
  /// The decay of the moving average of squares.
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

  /// Throws if a hyper-parameter is invalid.
  public func validate() throws(InvalidValue) {
    guard weightDecay >= 0 else {
      throw InvalidValue("the weight decay cannot be negative, got \(weightDecay)")
    }
  }

  /// The moving averages of gradients and their squares, both 0.
  public var initialMoments: [Double] { [0, 0] }

  private var adam: Adam {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// The learning rate with Adam's bias correction.
  public func rate(step: Int) -> Double { adam.rate(step: step) }

  /// Updates a parameter's weights in place with one step of Adam.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) { adam.update(&weights, along: gradient, moments: &moments, rate: rate, step: step) }

  /// Multiplies a parameter's weights by `keep` and makes one step of Adam.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    adam.update(
      &weights, along: gradient, moments: &moments, rate: rate, step: step, keeping: keep)
  }
}

extension Optimizer where Self == AdamW {
  /// AdamW: Adam with decoupled weight decay.
  public static func adamw(
    learningRate: Double = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> AdamW {
    AdamW(
      learningRate: learningRate, weightDecay: weightDecay, beta1: beta1, beta2: beta2,
      epsilon: epsilon)
  }
}
