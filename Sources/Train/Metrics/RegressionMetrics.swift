// Metrics for regression.

import Autograd
import Layers
import Tensor

extension Metric {
  /// The mean squared error.
  public static let meanSquaredError = Metric(
    "mean_squared_error", .smaller, ErrorSums(kind: .squared))
  /// The mean absolute error.
  public static let meanAbsoluteError = Metric(
    "mean_absolute_error", .smaller, ErrorSums(kind: .absolute))
  /// The square root of the mean squared error, in the unit of the targets.
  public static let rootMeanSquaredError = Metric(
    "root_mean_squared_error", .smaller, ErrorSums(kind: .root))
  /// R², the fraction of the targets' variance that predictions explain: 1 is perfect, 0 is no
  /// better than predicting the mean.
  ///
  /// If there are several columns, it is the mean over them.
  public static let rSquared = Metric("r2_score", .larger, RSquared())
}

private func checkShapes<Scalar>(_ name: String, _ p: Block<Scalar>, _ t: Block<Scalar>) {
  require(
    p.count == t.count,
    "\(name): predictions of shape \(p.shape) and targets of shape \(t.shape) must be equal")
}

/// Sums of errors.
private struct ErrorSums: MetricSums {
  enum Kind { case squared, absolute, root }
  let kind: Kind

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    checkShapes("mean error", prediction, target)
    guard let samples = prediction.shape.first, samples > 0 else { return }
    var sum = 0.0
    for i in 0..<prediction.count {
      let error = Double(prediction.base[i]) - Double(target.base[i])
      sum += kind == .absolute ? abs(error) : error * error
    }
    sums[0] += sum * Double(samples) / Double(prediction.count)
  }

  func value(of sums: [Double], samples: Double) -> Double {
    kind == .root ? (sums[0] / samples).squareRoot() : sums[0] / samples
  }
}

/// The row count, followed for each column by the mean of the targets, the sum of their squared
/// distances from it and the sum of squared errors.
///
/// The mean is updated with each target, so that large numbers close to each other keep their
/// precision (B. Welford, "Note on a method for calculating corrected sums of squares and
/// products", 1962).
private struct RSquared: MetricSums {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    checkShapes("r2_score", prediction, target)
    guard let rows = prediction.shape.first, rows > 0 else { return }
    let width = prediction.count / rows
    if sums.count == 1 { sums += [Double](repeating: 0, count: 3 * width) }
    for row in 0..<rows {
      sums[0] += 1
      for column in 0..<width {
        let i = row * width + column
        let (p, t) = (Double(prediction.base[i]), Double(target.base[i]))
        let distance = t - sums[3 * column + 1]
        sums[3 * column + 1] += distance / sums[0]
        sums[3 * column + 2] += distance * (t - sums[3 * column + 1])
        sums[3 * column + 3] += (p - t) * (p - t)
      }
    }
  }

  func value(of sums: [Double], samples: Double) -> Double {
    let shares = stride(from: 1, to: sums.count, by: 3).map { column in
      let (spread, error) = (sums[column + 1], sums[column + 2])
      // Targets without variance count as explained only if every prediction is exact.
      return spread == 0 && !error.isNaN ? (error == 0 ? 1 : 0) : 1 - error / spread
    }
    return shares.reduce(0, +) / Double(max(1, shares.count))
  }
}
