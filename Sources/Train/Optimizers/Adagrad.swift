import Layers
import Tensor

/// Adagrad: divides each step by the root of the sum of all squared gradients so far.
///
/// ```
/// s = s + g²;   w -= rate · g / √(s + epsilon)
/// ```
///
/// Source: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods", 2011, in Keras's form.
public struct Adagrad: Optimizer, Codable, Validated {
  /// The name, `adagrad`.
  public var name: String { "adagrad" }
  /// The learning rate.
  public var learningRate: Double
  /// The initial value of the sum.
  public var initialAccumulator: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// Adagrad with Keras's defaults.
  public init(
    learningRate: Double = 0.001, initialAccumulator: Double = 0.1, epsilon: Double = 1e-7
  ) {
    self.learningRate = learningRate
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if a hyper-parameter is invalid.
  public func validate() throws(InvalidValue) {
    guard initialAccumulator >= 0 else {
      throw InvalidValue("the initial accumulator cannot be negative, got \(initialAccumulator)")
    }
  }

  /// The sum of squared gradients.
  public var initialMoments: [Double] { [initialAccumulator] }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let sum = moments[0].mutableBase
    Parallel.overParts(of: weights.count) {
      kernels.pointee.adagrad(w + $0, g + $0, sum + $0, $1, rate, epsilon)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == Adagrad {
  /// Adagrad: divides each step by the root of the sum of all squared gradients so far.
  public static func adagrad(
    learningRate: Double = 0.001, initialAccumulator: Double = 0.1, epsilon: Double = 1e-7
  ) -> Adagrad {
    Adagrad(
      learningRate: learningRate, initialAccumulator: initialAccumulator, epsilon: epsilon)
  }
}
