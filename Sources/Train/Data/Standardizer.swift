// Columns brought to mean 0 and standard deviation 1, with numbers taken from the training samples only.

import Layers
import Tensor

/// The mean and the standard deviation of each column, and the way to 0 and 1 and back: scikit-learn's
/// `StandardScaler`.
///
/// A number that is missing, NaN, counts for neither and stays NaN.
///
/// ```swift
/// let (train, test) = trainTestSplit(x, y)
/// let standardizer = Standardizer(fitting: train.x)
/// model.fit(standardizer(train.x), train.y)
/// model.evaluate(standardizer(test.x), test.y)
/// ```
public struct Standardizer<Scalar: TensorFloat>: Sendable {
  /// The mean of each column, [columns].
  public let mean: Tensor<Scalar>
  /// The standard deviation of each column, [columns]; 1 where a column is constant.
  public let standardDeviation: Tensor<Scalar>

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    require(
      x.rank == 2 && x.shape[0] > 0,
      "Standardizer: expected samples of shape [samples, columns], got \(x.shape)")
    // Large numbers lie close together in Float; their means are computed in Double.
    let numbers = Tensor<Double>(x)
    let means = numbers.nanMean(axis: 0)
    mean = Tensor<Scalar>(means)
    // The mean in the place of what is missing adds nothing to the squares, only to their number.
    let filled = select(isNaN(numbers), means, numbers)
    let present = Tensor<Double>((numbers .== numbers).countTrue(axis: 0))
    let deviations =
      filled.standardDeviation(axis: 0) * sqrt(Double(x.shape[0]) / present)
    // A constant column has a rounding error for a deviation.
    let limits = abs(filled).max(axis: 0) * 1e-14
    standardDeviation = Tensor(
      zip(deviations.elements, limits.elements).map { $0 > $1 ? Scalar($0) : 1 })
  }

  /// The samples with columns of mean 0 and standard deviation 1, as far as they are like those measured.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    check(x)
    return (x - mean) / standardDeviation
  }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    check(x)
    return x * standardDeviation + mean
  }

  private func check(_ x: Tensor<Scalar>) {
    require(
      x.shape.last == mean.count,
      "Standardizer: samples of shape \(x.shape) do not have the \(mean.count) columns that were "
        + "measured")
  }
}
