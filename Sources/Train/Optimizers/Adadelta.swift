import Layers
import Tensor

/// Adadelta: scales each step by the size of recent steps relative to recent gradients.
///
/// ```
/// v = rho · v + (1 - rho) · g²
/// d = g · √(s + epsilon) / √(v + epsilon)
/// s = rho · s + (1 - rho) · d²;   w -= rate · d
/// ```
///
/// Source: M. Zeiler, "ADADELTA: an adaptive learning rate method", 2012. The paper uses a rate of
/// 1.
public struct Adadelta: Optimizer, Codable, Validated {
  /// The name, `adadelta`.
  public var name: String { "adadelta" }
  /// The learning rate.
  public var learningRate: Double
  /// The decay of the moving averages of squares.
  public var rho: Double
  /// A small number added to the denominator to avoid division by zero.
  public var epsilon: Double

  /// Adadelta with Keras's defaults.
  public init(
    learningRate: Double = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7
  ) {
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

  /// The moving averages of squared gradients and squared steps, both 0.
  public var initialMoments: [Double] { [0, 0] }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    let (v, s) = (moments[0].mutableBase, moments[1].mutableBase)
    Parallel.overParts(of: weights.count) {
      kernels.pointee.adadelta(w + $0, g + $0, v + $0, s + $0, $1, rate, rho, epsilon)
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == Adadelta {
  /// Adadelta: scales each step by the size of recent steps relative to recent gradients.
  public static func adadelta(
    learningRate: Double = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7
  ) -> Adadelta {
    Adadelta(learningRate: learningRate, rho: rho, epsilon: epsilon)
  }
}
