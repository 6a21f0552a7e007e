import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Adamax: Adam with the decayed maximum of gradients in place of the average of squares.
///
/// ```
/// m = beta1 · m + (1 - beta1) · g
/// u = max(beta2 · u, |g|)
/// w -= rate / (1 - beta1ᵗ) · m / (u + epsilon)     in step t
/// ```
///
/// Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014, section 7.1.
public struct Adamax: Optimizer, Codable, Validated {
  /// The name, `adamax`.
  public var name: String { "adamax" }
  /// The learning rate.
  public var learningRate: Double
  /// The decay of the moving average of gradients.
  public var beta1: Double
  /// The decay of the maximum of gradients.
  public var beta2: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// Adamax with Keras's defaults.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if a hyper-parameter is invalid.
  public func validate() throws(InvalidValue) {
    guard beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 else {
      throw InvalidValue("the decays must lie in 0..<1, got \(beta1) and \(beta2)")
    }
  }

  /// The moving average and the decayed maximum of gradients, both 0.
  public var initialMoments: [Double] { [0, 0] }

  /// The learning rate with the bias correction for an average that starts at 0.
  public func rate(step: Int) -> Double { learningRate / (1 - pow(beta1, Double(step))) }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let (m, u) = (moments[0].mutableBase, moments[1].mutableBase)
    Parallel.overParts(of: weights.count) {
      kernels.pointee.adamax(w + $0, g + $0, m + $0, u + $0, $1, rate, beta1, beta2, epsilon)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == Adamax {
  /// Adamax: Adam with the decayed maximum of gradients in place of the average of squares.
  public static func adamax(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Adamax {
    Adamax(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
