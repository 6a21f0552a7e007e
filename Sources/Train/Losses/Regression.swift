// Losses on differences of numbers, for regression.

import Autograd
import Layers
import Tensor

/// `(prediction - target)²`.
public struct MeanSquaredError: Loss, Codable {
  /// The name in messages and files: Keras's `mean_squared_error`.
  public var name: String { "mean_squared_error" }

  /// Makes the loss, which has no settings.
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

/// `|prediction - target|`.
public struct MeanAbsoluteError: Loss, Codable {
  /// The name in messages and files: Keras's `mean_absolute_error`.
  public var name: String { "mean_absolute_error" }

  /// Makes the loss, which has no settings.
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

/// `e²/2` for errors e up to `delta`, `delta (|e| - delta/2)` beyond: outliers count as in the absolute
/// error.
///
/// Source: P. Huber, "Robust estimation of a location parameter", 1964.
public struct Huber: Loss, Codable, Validated {
  /// The name in messages and files: Keras's `huber`.
  public var name: String { "huber" }
  /// Where the parabola becomes a line.
  public let delta: Double

  /// The loss with Keras's default.
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
    // n (e - n/2) with n = e near 0, and delta beyond; an infinite delta leaves the parabola alone.
    let error = abs(prediction - target)
    let near = error.clipped(to: 0...min(Scalar(delta), .greatestFiniteMagnitude))
    return near * (error - near * 0.5)
  }
}

/// `log cosh(prediction - target)`, exact for the smallest errors e too: near e²/2 for small errors e, near
/// |e| - log 2 for large ones.
public struct LogCosh: Loss, Codable {
  /// The name in messages and files: Keras's `log_cosh`.
  public var name: String { "log_cosh" }

  /// Makes the loss, which has no settings.
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
  /// A parabola for errors up to `delta`, a line beyond.
  public static func huber(delta: Double = 1) -> Huber { Huber(delta: delta) }
}

extension Loss where Self == LogCosh {
  /// `log cosh(prediction - target)`.
  public static var logCosh: LogCosh { LogCosh() }
}
