import Layers
import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Adam: steps scaled by moving averages of the gradient and its square.
///
/// ```
/// m = beta1 · m + (1 - beta1) · g
/// v = beta2 · v + (1 - beta2) · g²
/// w -= rate · √(1 - beta2ᵗ) / (1 - beta1ᵗ) · m / (√v + epsilon)     in step t
/// ```
///
/// Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014, in Keras's form,
/// with the bias correction in the rate.
public struct Adam: Optimizer, Codable, Validated {
  /// The name, `adam`.
  public var name: String { "adam" }
  /// The learning rate.
  public var learningRate: Double
  /// The decay of the moving average of gradients.
  public var beta1: Double
  /// The decay of the moving average of squares.
  public var beta2: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// Adam with Keras's defaults.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7
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

  /// The learning rate with the bias correction for averages that start at 0.
  public func rate(step: Int) -> Double {
    learningRate * (1 - pow(beta2, Double(step))).squareRoot() / (1 - pow(beta1, Double(step)))
  }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    update(
      &weights, along: gradient, moments: &moments, rate: rate, step: step, keeping: 1)
  }

  /// Multiplies a parameter's weights by `keep` and updates them, in a single pass over memory.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int, keeping keep: Double
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let (m, v) = (moments[0].mutableBase, moments[1].mutableBase)
    Parallel.overParts(of: weights.count) {
      kernels.pointee.adam(w + $0, g + $0, m + $0, v + $0, $1, rate, beta1, beta2, epsilon, keep)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == Adam {
  /// Adam: steps scaled by moving averages of the gradient and its square.
  public static func adam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7
  ) -> Adam {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}
