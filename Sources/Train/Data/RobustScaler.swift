// Scales columns to median 0 and interquartile range 1, so that a few outliers have little effect.

import Layers
import Tensor

/// Scales each column to median 0 and interquartile range 1, and back (scikit-learn's
/// `RobustScaler`).
///
/// ```swift
/// let scaler = RobustScaler(fitting: train.x)
/// model.fit(scaler(train.x), train.y)
/// ```
/// Missing numbers (NaN) are ignored when measuring and stay NaN.
public struct RobustScaler<Scalar: TensorFloat>: Sendable {
  private let scaling: ColumnScaling<Scalar>
  /// The median of each column, [columns].
  public var median: Tensor<Scalar> { scaling.center }
  /// The third minus the first quartile of each column, [columns]; 1 if they are equal.
  public var interquartileRange: Tensor<Scalar> { scaling.scale }

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    let numbers = measuredSamples(x, "RobustScaler")
    let quartiles = (0..<numbers.shape[1]).map { column in
      let present = numbers[0..., column].elements.filter { !$0.isNaN }
      return present.isEmpty
        ? [.nan, .nan, .nan] : Tensor(present).quantiles([0.25, 0.5, 0.75], axis: 0).elements
    }
    scaling = ColumnScaling(
      "RobustScaler", center: Tensor(quartiles.map { $0[1] }),
      scale: Tensor(quartiles.map { $0[2] - $0[0] }))
  }

  /// Scales samples with the measured medians and ranges.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
