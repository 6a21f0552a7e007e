// Columns brought to 0...1 by their smallest and largest numbers.

import Layers
import Tensor

/// The smallest and the largest number of each column, and the way to 0 and 1 and back: scikit-learn's
/// `MinMaxScaler`.
///
/// ```swift
/// let scaler = MinMaxScaler(fitting: train.x)
/// model.fit(scaler(train.x), train.y)
/// ```
/// Missing numbers, NaN, are not measured and stay missing; other samples may fall outside of 0...1.
public struct MinMaxScaler<Scalar: TensorFloat>: Sendable {
  private let scaling: ColumnScaling<Scalar>
  /// The smallest number of each column, [columns].
  public var minimum: Tensor<Scalar> { scaling.center }
  /// The largest number less the smallest one of each column, [columns]; 1 where a column is constant.
  public var range: Tensor<Scalar> { scaling.scale }

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    let numbers = measuredSamples(x, "MinMaxScaler")
    let minima = numbers.nanMin(axis: 0)
    scaling = ColumnScaling(
      "MinMaxScaler", center: minima, scale: numbers.nanMax(axis: 0) - minima)
  }

  /// The samples with columns from 0 to 1, as far as they are like those measured.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
