// Scales columns to 0...1 by their minimum and maximum.

import Layers
import Tensor

/// Scales each column from its minimum and maximum to 0 and 1, and back (scikit-learn's
/// `MinMaxScaler`).
///
/// ```swift
/// let scaler = MinMaxScaler(fitting: train.x)
/// model.fit(scaler(train.x), train.y)
/// ```
/// Missing numbers (NaN) are ignored when measuring and stay NaN. Other samples may fall outside
/// 0...1.
public struct MinMaxScaler<Scalar: TensorFloat>: Sendable {
  private let scaling: ColumnScaling<Scalar>
  /// The minimum of each column, [columns].
  public var minimum: Tensor<Scalar> { scaling.center }
  /// The maximum minus the minimum of each column, [columns]; 1 if the column is constant.
  public var range: Tensor<Scalar> { scaling.scale }

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    let numbers = measuredSamples(x, "MinMaxScaler")
    let minima = numbers.nanMin(axis: 0)
    scaling = ColumnScaling(
      "MinMaxScaler", center: minima, scale: numbers.nanMax(axis: 0) - minima)
  }

  /// Scales samples with the measured minimum and range.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
