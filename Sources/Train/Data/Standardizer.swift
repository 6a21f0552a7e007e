// Standardises columns to mean 0 and standard deviation 1, measured on the training samples only.
// See also MinMaxScaler.swift and RobustScaler.swift.

import Layers
import Tensor

/// Scales each column to mean 0 and standard deviation 1, and back (scikit-learn's
/// `StandardScaler`).
///
/// Missing numbers (NaN) are ignored when measuring and stay NaN; `Imputer` fills them.
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
  /// The standard deviation of each column, [columns]; 1 if the column is constant.
  public var standardDeviation: Tensor<Scalar> { scaling.scale }

  /// Measures the columns of samples, [samples, columns].
  public init(fitting x: Tensor<Scalar>) {
    let numbers = measuredSamples(x, "Standardizer")
    let means = numbers.nanMean(axis: 0)
    // Replacing missing numbers by the mean adds nothing to the sum of squares, only to the count.
    let filled = select(isNaN(numbers), means, numbers)
    let present = Tensor<Double>((numbers .== numbers).countTrue(axis: 0))
    let deviations =
      filled.standardDeviation(axis: 0) * sqrt(Double(x.shape[0]) / present)
    // The computed deviation of a constant column is a rounding error.
    let limits = abs(filled).max(axis: 0) * 1e-14
    scaling = ColumnScaling(
      "Standardizer", center: means, scale: select(deviations .> limits, deviations, 0))
  }

  /// Scales samples with the measured means and standard deviations.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.apply(x) }

  /// Samples as they were before.
  public func inverse(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scaling.undo(x) }
}
