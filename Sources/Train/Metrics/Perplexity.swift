import Autograd
import Layers
import Tensor

extension Metric {
  /// The number of equally likely words among which a network that writes is in doubt: the exponential of the
  /// mean of `-log p[class]` over all steps.
  ///
  /// Predictions are probabilities, [batch, …, classes], moved up to 1e-7 at least, and targets class indices. A
  /// class that is ignored is part of the name, as in `perplexity_ignoring_0`, so that model files know it.
  ///
  /// - Parameter ignoredClass: the target that does not count, as for ``SparseCategoricalCrossentropy``.
  /// - Returns: the metric.
  public static func perplexity(ignoring ignoredClass: Int? = nil) -> Metric {
    Metric(
      ignoredClass.map { "\(ignoringPrefix)\($0)" } ?? "perplexity", .smaller,
      Perplexity(ignoredClass: ignoredClass))
  }

  /// The metric with a name that contains its number; nil for other names.
  static func perplexity(named name: String) -> Metric? {
    guard name.hasPrefix(ignoringPrefix), let ignored = Int(name.dropFirst(ignoringPrefix.count))
    else { return nil }
    let metric = perplexity(ignoring: ignored)
    return metric.name == name ? metric : nil
  }
}

private let ignoringPrefix = "perplexity_ignoring_"

/// The sum of `-log p[class]`, and behind it the number of targets that count.
private struct Perplexity: MetricSums {
  let ignoredClass: Int?

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    guard prediction.count > 0 else { return }
    let width = prediction.shape.last!
    let rows = prediction.count / width
    require(
      target.count == rows,
      "perplexity: targets of shape \(target.shape) do not fit predictions of shape "
        + "\(prediction.shape); one class index per row is expected")
    let ignored = ignoredClass.map { Scalar($0) }
    var chosen: [Double] = []
    chosen.reserveCapacity(rows)
    for row in 0..<rows where target.base[row] != ignored {
      let label = Int(exactly: target.base[row].asDouble) ?? -1
      require(
        label >= 0 && label < width,
        "perplexity: label \(target.base[row]) is not one of the classes 0..<\(width)")
      let p = Double(prediction.base[row * width + label])
      chosen.append(p < 1e-7 ? 1e-7 : p)
    }
    if sums.count < 2 { sums.append(0) }
    sums[0] -= log(Tensor(chosen)).sum()
    sums[1] += Double(chosen.count)
  }

  func value(of sums: [Double], samples: Double) -> Double {
    exp(Tensor(sums[0] / (sums.count < 2 ? samples : sums[1]))).scalar
  }
}
