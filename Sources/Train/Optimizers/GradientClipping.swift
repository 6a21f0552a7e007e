// Gradient clipping, so that a single large gradient does not move the weights far away.

import Autograd
import Layers
import Tensor

/// A limit on gradients: Keras's `clipvalue`, `clipnorm` and `global_clipnorm`.
///
/// ```swift
/// SGD(learningRate: 0.1).clipped(to: .norm(1))
/// ```
public enum GradientClipping: Sendable, Equatable, Codable, Validated {
  /// Clips every number to `-limit...limit`.
  case value(Double)
  /// Scales down the gradient of each parameter to at most this norm.
  case norm(Double)
  /// Scales down the gradients of all parameters by one factor to at most this norm together.
  case globalNorm(Double)

  /// Throws if the limit is not positive.
  public func validate() throws(InvalidValue) {
    let limit =
      switch self {
      case .value(let limit), .norm(let limit), .globalNorm(let limit): limit
      }
    guard limit > 0 else { throw InvalidValue("the limit must be positive, got \(limit)") }
  }

  /// The clipped gradient; `globalNorm` is the norm of all gradients together.
  func clipped<Scalar: TensorFloat>(
    _ gradient: Tensor<Scalar>, globalNorm: Double
  ) -> Tensor<Scalar> {
    let (norm, limit): (Double, Double)
    switch self {
    case .value(let limit):
      let edge = Tensor(Scalar(limit))
      return minimum(maximum(gradient, -edge), edge)
    case .norm(let given): (norm, limit) = (length(of: [gradient]), given)
    case .globalNorm(let given):
      (norm, limit) = (globalNorm, given)
      // As in Keras, an infinite gradient makes all gradients NaN, so that it is not hidden.
      if norm.isInfinite { return gradient * Scalar.nan }
    }
    // A NaN does the same.
    return norm <= limit ? gradient : gradient * Scalar(limit / norm)
  }
}

/// The norm of a vector spread over several tensors: the root of the sum of all squares.
func length<Scalar: TensorFloat>(of parts: [Tensor<Scalar>]) -> Double {
  let squares = parts.reduce(0) { $0 + Double(square($1).sum()) }
  if squares > 1e-30 && squares.isFinite { return squares.squareRoot() }
  // The squares overflow or underflow, but the numbers themselves may not.
  let largest = parts.reduce(0 as Scalar) { max($0, $1.count == 0 ? 0 : abs($1).max()) }
  if parts.contains(where: { $0.elements.contains(where: \.isNaN) }) { return .nan }
  guard largest > 0 && largest.isFinite else { return Double(largest) }
  let scaled = parts.reduce(0) { $0 + Double(square($1 / largest).sum()) }
  return Double(largest) * scaled.squareRoot()
}

/// An optimizer with gradient clipping.
public struct ClippedOptimizer<Base: Optimizer>: WrappedOptimizer {
  /// The underlying optimizer.
  public var base: Base
  /// How gradients are clipped.
  public let clipping: GradientClipping?
}

extension Optimizer {
  /// Returns this optimizer with gradient clipping.
  public func clipped(to clipping: GradientClipping) -> ClippedOptimizer<Self> {
    clipping.requireValid()
    return ClippedOptimizer(base: self, clipping: clipping)
  }
}
