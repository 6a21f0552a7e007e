// Columns brought to median 0 and quartiles one apart: a few wild numbers do not decide about the others.

import Layers
import Tensor

/// The median and the distance of the quartiles of each column, and the way to 0 and 1 and back:
/// scikit-learn's `RobustScaler`.
///
/// ```swift
/// let scaler = RobustScaler(fitting: train.x)
/// model.fit(scaler(train.x), train.y)
/// ```
/// Missing numbers, NaN, are not measured and stay missing.
public struct RobustScaler<Scalar: TensorFloat>: Sendable {
  private let scaling: ColumnScaling<Scalar>
  /// The median of each column, [columns].
  public var median: Tensor<Scalar> { scaling.center }
  /// The third quartile less the first one of each column, [columns]; 1 where they are equal.
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

  /// The samples with columns of median 0 and quartiles one apart, as far as they are like those measured.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
