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

  /// The gradient, made smaller; `globalNorm` is the length of all gradients together.
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
      // As in Keras, an infinite gradient makes all of them NaN, so that it is not hidden.
      if norm.isInfinite { return gradient * Scalar.nan }
    }
    // So does a NaN.
    return norm <= limit ? gradient : gradient * Scalar(limit / norm)
  }
}

/// The length of a vector that lies in several tensors: the root of the sum of all squares.
func length<Scalar: TensorFloat>(of parts: [Tensor<Scalar>]) -> Double {
  let squares = parts.reduce(0) { $0 + Double(square($1).sum()) }
  if squares > 1e-30 && squares.isFinite { return squares.squareRoot() }
  // The squares are out of range, the numbers may not be.
  let largest = parts.reduce(0 as Scalar) { max($0, $1.count == 0 ? 0 : abs($1).max()) }
  if parts.contains(where: { $0.elements.contains(where: \.isNaN) }) { return .nan }
  guard largest > 0 && largest.isFinite else { return Double(largest) }
  let scaled = parts.reduce(0) { $0 + Double(square($1 / largest).sum()) }
  return Double(largest) * scaled.squareRoot()
}

/// An optimizer that sees clipped gradients.
public struct ClippedOptimizer<Base: Optimizer>: WrappedOptimizer {
  /// The rule itself.
  public var base: Base
  /// How gradients are made smaller before they are used.
  public let clipping: GradientClipping?
}

extension Optimizer {
  /// The same rule with gradients that are clipped first.
  public func clipped(to clipping: GradientClipping) -> ClippedOptimizer<Self> {
    clipping.requireValid()
    return ClippedOptimizer(base: self, clipping: clipping)
  }
}
