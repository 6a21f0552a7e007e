// Losses on differences of numbers, and the hinge.

import Autograd
import Layers
import Tensor

/// `(prediction - target)²`.
public struct MeanSquaredError: Loss {
  /// The name, `mean_squared_error`.
  public var name: String { "mean_squared_error" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> { square(prediction - target) }
}

/// `|prediction - target|`.
public struct MeanAbsoluteError: Loss {
  /// The name, `mean_absolute_error`.
  public var name: String { "mean_absolute_error" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> { abs(prediction - target) }
}

/// `max(0, 1 - t · prediction)` with targets t of -1 and 1; targets of 0 and 1 are converted, as in
/// Keras.
public struct Hinge: Loss {
  /// The name, `hinge`.
  public var name: String { "hinge" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    let isBinary = target.value.elements.allSatisfy { $0 == 0 || $0 == 1 }
    let sign = isBinary ? 2 * target - 1 : target
    return relu(1 - sign * prediction)
  }
}

extension Loss where Self == MeanSquaredError {
  /// `(prediction - target)²`.
  public static var meanSquaredError: MeanSquaredError { MeanSquaredError() }
}

extension Loss where Self == MeanAbsoluteError {
  /// `|prediction - target|`.
  public static var meanAbsoluteError: MeanAbsoluteError { MeanAbsoluteError() }
}

extension Loss where Self == Hinge {
  /// `max(0, 1 - t · prediction)`.
  public static var hinge: Hinge { Hinge() }
}
