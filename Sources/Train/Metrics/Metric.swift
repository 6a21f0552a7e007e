// Metrics reported with the loss. Next: `Accuracy.swift` and the other metrics in this folder.

import Autograd
import Layers
import Tensor

/// A measure of how good predictions are, computed from sums over the samples of an epoch.
public struct Metric: Sendable {
  /// The name in the progress line and in `History`.
  public let name: String
  /// Whether smaller or larger is better, for callbacks that look for the best epoch; `.automatic`
  /// if the metric does not say.
  public let direction: Direction
  /// The sums over batches, and the number computed from them.
  let sums: any MetricSums

  /// A custom metric, a mean over samples.
  ///
  /// ```swift
  /// Metric("bias", direction: .smaller) { predictions, targets in (predictions - targets).sum() }
  /// ```
  ///
  /// - Parameters:
  ///   - name: the name in the progress line and in `History`.
  ///   - direction: whether smaller or larger is better; needed by callbacks that look for the best
  ///     epoch.
  ///   - sum: returns the sum over the rows of a batch.
  public init(
    _ name: String, direction: Direction = .automatic,
    sum: @escaping @Sendable (_ predictions: Tensor<Double>, _ targets: Tensor<Double>) -> Double
  ) {
    self.init(name, direction, ClosureSum(closure: sum))
  }

  init(_ name: String, _ direction: Direction, _ sums: any MetricSums) {
    self.name = name
    self.direction = direction
    self.sums = sums
  }

  /// The fraction of samples with the right class; the shapes decide how classes are compared.
  ///
  /// As in Keras, a prediction of one number is class 1 if it is above 0.5, else class 0, and is
  /// compared with the target (so a target of -1, which the hinge loss uses for 0, never matches).
  /// Otherwise the index of the largest number in a row is the class. It is compared with a class
  /// index or with the largest number in a one-hot row.
  public static let accuracy = Metric("accuracy", .larger, Accuracy())
}

extension Metric: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension Metric: ExpressibleByStringLiteral {
  /// All metrics with a name; `accuracy`, `mse` and `mae` also have Keras's short names.
  public static let known: [Metric] = [
    .accuracy, .meanSquaredError, .meanAbsoluteError, .rootMeanSquaredError, .rSquared, .precision,
    .recall, .f1Score, .topKAccuracy(), .perplexity(),
  ]

  /// The metric with this Keras name; nil if there is none.
  public init?(_ name: String) {
    let short = [
      "acc": "accuracy", "mse": "mean_squared_error", "mae": "mean_absolute_error",
      "rmse": "root_mean_squared_error",
    ]
    let full = short[name] ?? name
    guard
      let metric = Self.known.first(where: { $0.name == full })
        ?? Self.topKAccuracy(named: full) ?? Self.perplexity(named: full)
    else { return nil }
    self.init(name, metric.direction, metric.sums)
  }

  /// The metric with this Keras name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let metric = Metric(name as String) else {
      fail(unknownName(name, kind: "metric", known: Self.known.map(\.name)))
    }
    self = metric
  }
}

extension [Metric] {
  /// Stops with a message if two metrics have the same name, since their numbers could not be told
  /// apart.
  func requireDistinctNames(_ operation: String) {
    for (index, metric) in enumerated() {
      require(
        metric.name != "loss" && !self[..<index].contains { $0.name == metric.name },
        "\(operation): two numbers are called \"\(metric.name)\"; give each metric a name of its own"
      )
    }
  }
}

/// The sums that a metric keeps over the batches of an epoch, and the number computed from them.
protocol MetricSums: Sendable {
  /// Adds the contribution of a batch; `sums` starts as a single 0 and may be extended.
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double])
  /// The metric; the default is the mean over samples.
  func value(of sums: [Double], samples: Double) -> Double
}

extension MetricSums {
  func value(of sums: [Double], samples: Double) -> Double { sums[0] / samples }
}

private struct ClosureSum: MetricSums {
  let closure: @Sendable (Tensor<Double>, Tensor<Double>) -> Double

  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    sums[0] += closure(Tensor(prediction.tensor()), Tensor(target.tensor()))
  }
}
