// How far predicted numbers are from the right ones.

import Autograd
import Layers
import Tensor

extension Metric {
  /// The mean of squared errors.
  public static let meanSquaredError = Metric(
    "mean_squared_error", .smaller, ErrorSums(kind: .squared))
  /// The mean of absolute errors.
  public static let meanAbsoluteError = Metric(
    "mean_absolute_error", .smaller, ErrorSums(kind: .absolute))
  /// The root of the mean of squared errors, in the unit of the targets.
  public static let rootMeanSquaredError = Metric(
    "root_mean_squared_error", .smaller, ErrorSums(kind: .root))
  /// R², the share of the targets' variance that predictions explain: 1 is perfect, 0 no better than
  /// the mean; the mean over the columns if there are several.
  public static let rSquared = Metric("r2_score", .larger, RSquared())
}

private func checkShapes<Scalar>(_ name: String, _ p: Block<Scalar>, _ t: Block<Scalar>) {
  require(
    p.count == t.count,
    "\(name): predictions of shape \(p.shape) and targets of shape \(t.shape) must be equal")
}

/// Errors, added up.
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

/// For each column the mean of the targets, their squared distances from it and the squared errors, both
/// added up, behind the row count.
///
/// The mean moves with each target, so that large numbers close to each other keep their digits (B.
/// Welford, "Note on a method for calculating corrected sums of squares and products", 1962).
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
      // Targets without variance: explained only if met.
      return spread == 0 && !error.isNaN ? (error == 0 ? 1 : 0) : 1 - error / spread
    }
    return shares.reduce(0, +) / Double(max(1, shares.count))
  }
}
