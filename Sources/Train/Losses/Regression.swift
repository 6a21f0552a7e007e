// Losses for regression.

import Autograd
import Layers
import Tensor

/// The squared error, `(prediction - target)²`.
public struct MeanSquaredError: Loss, Codable {
  /// The name in messages and files: Keras's `mean_squared_error`.
  public var name: String { "mean_squared_error" }

  /// The loss; it has no settings.
  public init() {}

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    return square(prediction - target)
  }
}

/// The absolute error, `|prediction - target|`.
public struct MeanAbsoluteError: Loss, Codable {
  /// The name in messages and files: Keras's `mean_absolute_error`.
  public var name: String { "mean_absolute_error" }

  /// The loss; it has no settings.
  public init() {}

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    return abs(prediction - target)
  }
}

/// The Huber loss: quadratic for small errors and linear for large ones, so that outliers count
/// less.
///
/// It is `e²/2` for errors e up to `delta` and `delta (|e| - delta/2)` beyond.
///
/// Source: P. Huber, "Robust estimation of a location parameter", 1964.
public struct Huber: Loss, Codable, Validated {
  /// The name in messages and files: Keras's `huber`.
  public var name: String { "huber" }
  /// The error at which the parabola becomes a line.
  public let delta: Double

  /// The loss with Keras's default of 1.
  public init(delta: Double = 1) {
    self.delta = delta
    requireValid()
  }

  /// Throws if delta is not positive.
  public func validate() throws(InvalidValue) {
    guard delta > 0 else { throw InvalidValue("delta must be positive, got \(delta)") }
  }

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    // n (e - n/2) with n = e near 0 and n = delta beyond; an infinite delta leaves only the
    // parabola.
    let error = abs(prediction - target)
    let near = error.clipped(to: 0...min(Scalar(delta), .greatestFiniteMagnitude))
    return near * (error - near * 0.5)
  }
}

/// `log cosh(prediction - target)`: close to e²/2 for small errors e and to |e| - log 2 for large
/// ones.
///
/// It is accurate for the smallest errors, too.
public struct LogCosh: Loss, Codable {
  /// The name in messages and files: Keras's `log_cosh`.
  public var name: String { "log_cosh" }

  /// The loss; it has no settings.
  public init() {}

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    return Autograd.logCosh(prediction - target)
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

extension Loss where Self == Huber {
  /// The Huber loss: a parabola for errors up to `delta`, a line beyond.
  public static func huber(delta: Double = 1) -> Huber { Huber(delta: delta) }
}

extension Loss where Self == LogCosh {
  /// `log cosh(prediction - target)`.
  public static var logCosh: LogCosh { LogCosh() }
}
