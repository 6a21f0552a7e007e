import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Nadam: Adam with Nesterov momentum and a warm-up of the momentum.
///
/// ```
/// u(t) = beta1 · (1 - 0.96ᵗ / 2),   p(t) = u(1) · u(2) · … · u(t)
/// m = beta1 · m + (1 - beta1) · g
/// v = beta2 · v + (1 - beta2) · g²
/// n = u(t + 1) · m / (1 - p(t + 1)) + (1 - u(t)) · g / (1 - p(t))
/// w -= rate · n / (√(v / (1 - beta2ᵗ)) + epsilon)     in step t
/// ```
///
/// Source: T. Dozat, "Incorporating Nesterov momentum into Adam", 2016.
public struct Nadam: Optimizer, Codable, Validated {
  /// The name, `nadam`.
  public var name: String { "nadam" }
  /// The learning rate.
  public var learningRate: Double
  /// The decay of the moving average of gradients.
  public var beta1: Double
  /// The decay of the moving average of squares.
  public var beta2: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// Nadam with Keras's defaults.
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

  /// The moving averages of gradients and their squares, both 0.
  public var initialMoments: [Double] { [0, 0] }

  private func momentum(_ step: Int) -> Double { beta1 * (1 - 0.5 * pow(0.96, Double(step))) }

  /// The product of the momentum values u of the first `step` steps.
  private func momentumProduct(_ step: Int) -> Double {
    // After a thousand steps, 0.96ᵗ is negligible compared to 1.
    var (product, power) = (1.0, 1.0)
    for _ in 0..<min(step, 1000) {
      power *= 0.96
      product *= beta1 * (1 - 0.5 * power)
    }
    return step > 1000 ? product * pow(beta1, Double(step - 1000)) : product
  }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let (m, v) = (moments[0].mutableBase, moments[1].mutableBase)
    let product = momentumProduct(step)
    let (now, next) = (momentum(step), momentum(step + 1))
    let meanRate = rate * next / (1 - product * next)
    let gradientRate = rate * (1 - now) / (1 - product)
    let correction = 1 / (1 - pow(beta2, Double(step)))
    Parallel.overParts(of: weights.count) {
      kernels.pointee.nadam(
        w + $0, g + $0, m + $0, v + $0, $1, meanRate, gradientRate, correction, beta1, beta2,
        epsilon)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == Nadam {
  /// Nadam: Adam with Nesterov momentum.
  public static func nadam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Nadam {
    Nadam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
