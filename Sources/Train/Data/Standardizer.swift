// Columns brought to mean 0 and standard deviation 1, with numbers taken from the training samples only.
// MinMaxScaler.swift and RobustScaler.swift are its siblings.

import Layers
import Tensor

/// The mean and the standard deviation of each column, and the way to 0 and 1 and back: scikit-learn's
/// `StandardScaler`.
///
/// A number that is missing, NaN, counts for neither and stays NaN; `Imputer` fills it.
///
/// ```swift
/// let (train, test) = trainTestSplit(x, y)
/// let standardizer = Standardizer(fitting: train.x)
/// model.fit(standardizer(train.x), train.y)
/// model.evaluate(standardizer(test.x), test.y)
/// ```
public struct Standardizer<Scalar: TensorFloat>: Sendable {
  private let scaling: ColumnScaling<Scalar>
  /// The mean of each column, [columns].
  public var mean: Tensor<Scalar> { scaling.center }
  /// The standard deviation of each column, [columns]; 1 where a column is constant.
  public var standardDeviation: Tensor<Scalar> { scaling.scale }

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    let numbers = measuredSamples(x, "Standardizer")
    let means = numbers.nanMean(axis: 0)
    // The mean in the place of what is missing adds nothing to the squares, only to their number.
    let filled = select(isNaN(numbers), means, numbers)
    let present = Tensor<Double>((numbers .== numbers).countTrue(axis: 0))
    let deviations =
      filled.standardDeviation(axis: 0) * sqrt(Double(x.shape[0]) / present)
    // A constant column has a rounding error for a deviation.
    let limits = abs(filled).max(axis: 0) * 1e-14
    scaling = ColumnScaling(
      "Standardizer", center: means, scale: select(deviations .> limits, deviations, 0))
  }

  /// The samples with columns of mean 0 and standard deviation 1, as far as they are like those measured.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
