import Layers
import Tensor

/// RMSprop: steps scaled by a moving average of the gradient's square.
///
/// ```
/// v = rho · v + (1 - rho) · g²;   w -= rate · g / √(v + epsilon)
/// ```
///
/// Source: G. Hinton, lecture 6e of "Neural networks for machine learning", 2012, in Keras's form.
public struct RMSprop: Optimizer, Codable, Validated {
  /// The name, `rmsprop`.
  public var name: String { "rmsprop" }
  /// The learning rate.
  public var learningRate: Double
  /// The decay of the moving average of squares.
  public var rho: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// RMSprop with Keras's defaults.
  public init(learningRate: Double = 0.001, rho: Double = 0.9, epsilon: Double = 1e-7) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    requireValid()
  }

  /// Throws if a hyper-parameter is invalid.
  public func validate() throws(InvalidValue) {
    guard rho >= 0 && rho < 1 else {
      throw InvalidValue("rho must lie in 0..<1, got \(rho)")
    }
  }

  /// The moving average of squared gradients.
  public var initialMoments: [Double] { [0] }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let v = moments[0].mutableBase
    Parallel.overParts(of: weights.count) {
      kernels.pointee.rmsprop(w + $0, g + $0, v + $0, $1, rate, rho, epsilon)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == RMSprop {
  /// RMSprop: steps scaled by a moving average of the gradient's square.
  public static func rmsprop(
    learningRate: Double = 0.001, rho: Double = 0.9, epsilon: Double = 1e-7
  ) -> RMSprop {
    RMSprop(learningRate: learningRate, rho: rho, epsilon: epsilon)
  }
}
