import Layers
import Tensor

/// Stochastic gradient descent, with optional momentum.
///
/// ```
/// w -= rate · g                                              without momentum
/// v = momentum · v - rate · g;   w += v                      with momentum
/// v = momentum · v - rate · g;   w += momentum · v - rate · g    after Nesterov
/// ```
public struct SGD: Optimizer, Codable, Validated {
  /// The name, `sgd`.
  public var name: String { "sgd" }
  /// The learning rate.
  public var learningRate: Double
  /// The fraction of the last step that is added to the next one; 0 for no momentum.
  public var momentum: Double
  /// Whether to use Nesterov momentum.
  public var nesterov: Bool

  /// Stochastic gradient descent with Keras's defaults.
  public init(learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    requireValid()
  }

  /// Throws if a hyper-parameter is invalid.
  public func validate() throws(InvalidValue) {
    guard momentum >= 0 && momentum <= 1 else {
      throw InvalidValue("the momentum must lie in 0...1, got \(momentum)")
    }
  }

  /// The velocity, if there is momentum.
  public var initialMoments: [Double] { momentum == 0 ? [] : [0] }

  /// Updates the weights of one parameter in place.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) {
    let (w, g, kernels) = (weights.mutableBase, gradient.base, Scalar.kernels)
    if momentum == 0 {
      Parallel.overParts(of: weights.count) { kernels.pointee.sgd(w + $0, g + $0, $1, rate) }
    } else {
      let v = moments[0].mutableBase
      Parallel.overParts(of: weights.count) {
        kernels.pointee.momentum(w + $0, g + $0, v + $0, $1, rate, momentum, nesterov)
      }
    }
    withExtendedLifetime(gradient) {}
  }
}

extension Optimizer where Self == SGD {
  /// Stochastic gradient descent, with optional momentum.
  public static func sgd(
    learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false
  ) -> SGD {
    SGD(learningRate: learningRate, momentum: momentum, nesterov: nesterov)
  }
}
