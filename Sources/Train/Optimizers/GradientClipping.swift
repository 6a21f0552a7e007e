// Gradients made smaller before they are used, so that one steep place does not throw the weights far
// away.

import Autograd
import Layers
import Tensor

/// A limit for gradients: Keras's `clipvalue`, `clipnorm` and `global_clipnorm`.
///
/// ```swift
/// SGD(learningRate: 0.1).clipped(to: .norm(1))
/// ```
public enum GradientClipping: Sendable, Equatable, Codable, Validated {
  /// Every number is moved into `-limit...limit`.
  case value(Double)
  /// The gradient of each parameter is scaled down to at most this length.
  case norm(Double)
  /// The gradients of all parameters are scaled down by one factor to at most this length together.
  case globalNorm(Double)

  /// Throws if the limit is not positive.
  public func validate() throws(InvalidValue) {
    let limit =
      switch self {
      case .value(let limit), .norm(let limit), .globalNorm(let limit): limit
      }
    guard limit > 0 else { throw InvalidValue("the limit must be positive, got \(limit)") }
  }

  /// The length of the gradients of all trainable parameters together, where that is asked for.
  func norm<Network: Layer>(
    of gradients: Gradients<Network.Scalar>, for network: inout Network
  ) -> Double {
    guard case .globalNorm = self else { return 0 }
    var squares = 0.0
    network.forEachParameter { parameter in
      guard parameter.isTrainable, let gradient = gradients[parameter] else {
        return
      }
      squares += Double(square(gradient).sum())
    }
    return squares.squareRoot()
  }

  func clipped<Scalar: TensorFloat>(_ gradient: Tensor<Scalar>, globalNorm: Double) -> Tensor<
    Scalar
  > {
    let (norm, limit): (Double, Double)
    switch self {
    case .value(let limit):
      let edge = Tensor(Scalar(limit))
      return minimum(maximum(gradient, -edge), edge)
    case .norm(let given): (norm, limit) = (Double(square(gradient).sum()).squareRoot(), given)
    case .globalNorm(let given): (norm, limit) = (globalNorm, given)
    }
    // A NaN scales all to NaN, so that it is not hidden.
    return norm <= limit ? gradient : gradient * Scalar(limit / norm)
  }
}

/// An optimizer that sees clipped gradients.
public struct ClippedOptimizer<Base: Optimizer>: Optimizer {
  /// The rule itself.
  public var base: Base
  /// How gradients are made smaller before they are used.
  public let clipping: GradientClipping?

  /// The name of the rule itself.
  public var name: String { base.name }
  /// The length of a step.
  public var learningRate: Double {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }
  /// What the rule itself remembers.
  public var initialMoments: [Double] { base.initialMoments }
  /// The rule's own rate.
  public func rate(step: Int) -> Double { base.rate(step: step) }

  /// Makes one step of the rule itself.
  public func update<Scalar: TensorFloat>(
    _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    moments: inout [Tensor<Scalar>], rate: Double, step: Int
  ) { base.update(&weights, along: gradient, moments: &moments, rate: rate, step: step) }
}

extension Optimizer {
  /// The same rule with gradients that are clipped first.
  public func clipped(to clipping: GradientClipping) -> ClippedOptimizer<Self> {
    clipping.requireValid()
    return ClippedOptimizer(base: self, clipping: clipping)
  }
}
