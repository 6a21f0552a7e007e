// Fills missing numbers with values measured on the training samples only. Table+Missing.swift
// fills the columns of a table.

import Layers
import Tensor

/// Replaces NaN by one number per column (scikit-learn's `SimpleImputer`).
///
/// ```swift
/// let imputer = Imputer(fitting: train.x, with: .median)
/// let standardizer = Standardizer(fitting: train.x)
/// model.fit(standardizer(imputer(train.x)), train.y)
/// ```
public struct Imputer<Scalar: TensorFloat>: Sendable {
  /// The replacement for each column, [columns].
  public let values: Tensor<Scalar>

  /// Measures the columns of samples, [samples, columns].
  ///
  /// Stops if a column has no numbers at all, and therefore no mean.
  ///
  /// - Parameters:
  ///   - x: the training samples.
  ///   - filling: a number, `.mean`, `.median` or `.mostFrequent`.
  public init(fitting x: Tensor<Scalar>, with filling: Table.Filling = .mean) {
    let numbers = measuredSamples(x, "Imputer")
    let fillers = (0..<numbers.shape[1]).map { column in
      guard let number = filler(numbers[0..., column].elements, filling) else {
        fail("Imputer: expected a number, .mean, .median or .mostFrequent, got .\(filling)")
      }
      require(
        !number.isNaN,
        "Imputer: column \(column) has no number to be measured; leave it out, or fill it with 0")
      return number
    }
    values = Tensor<Scalar>(Tensor(fillers))
  }

  /// The samples with every NaN replaced.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    require(
      x.shape.last == values.count,
      "Imputer: samples of shape \(x.shape) do not have the \(values.count) columns that were "
        + "measured")
    return select(isNaN(x), values, x)
  }
}
