// Penalties on the size of weights, added to the loss.

import Autograd
import Tensor

/// A penalty on the size of weights: `l1 · Σ|w| + l2 · Σw²`.
///
/// ```swift
/// Dense(16, activation: .relu, kernelRegularizer: .l2(0.01))
/// ```
public struct Regularizer: Sendable, Equatable, Codable, Validated {
  /// The factor of the sum of absolute values, which drives weights to exactly 0.
  public let l1: Double
  /// The factor of the sum of squares, which keeps weights small.
  public let l2: Double

  /// A penalty with both terms; Keras's `L1L2`.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
    requireValid()
  }

  /// Throws if a factor is negative.
  public func validate() throws(InvalidValue) {
    guard l1 >= 0 && l2 >= 0 else {
      throw InvalidValue("the factors cannot be negative, got \(l1) and \(l2)")
    }
  }

  /// `factor · Σ|w|`.
  public static func l1(_ factor: Double = 0.01) -> Regularizer { Regularizer(l1: factor) }
  /// `factor · Σw²`.
  public static func l2(_ factor: Double = 0.01) -> Regularizer { Regularizer(l2: factor) }
  /// `l1 · Σ|w| + l2 · Σw²`.
  public static func l1l2(l1: Double = 0.01, l2: Double = 0.01) -> Regularizer {
    Regularizer(l1: l1, l2: l2)
  }

  /// Records the penalty of the given weights, a scalar variable.
  public func callAsFunction<Scalar>(_ weights: Variable<Scalar>) -> Variable<Scalar> {
    let squares = { sum(square(weights)) * Scalar(l2) }
    if l1 == 0 { return squares() }
    let magnitudes = sum(abs(weights)) * Scalar(l1)
    return l2 == 0 ? magnitudes : magnitudes + squares()
  }
}

extension Layer {
  /// Records the sum of the penalties of all trainable parameters; nil if there are none.
  public func penalty(in context: Context<Scalar>) -> Variable<Scalar>? {
    var total: Variable<Scalar>?
    for parameter in parameters where parameter.isTrainable {
      guard let term = parameter.regularizer?(context[parameter]) else { continue }
      total = total.map { $0 + term } ?? term
    }
    return total
  }

  /// Whether any parameter has a penalty.
  package var isRegularized: Bool { parameters.contains { $0.regularizer != nil } }
}
