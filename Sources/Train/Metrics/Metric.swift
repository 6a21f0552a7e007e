// What is reported beside the loss. Next: `Accuracy.swift`, and the other metrics beside it.

import Autograd
import Layers
import Tensor

/// A number that tells how good predictions are, made from sums over the samples of an epoch.
public struct Metric: Sendable {
  /// The name in the progress line and in `History`.
  public let name: String
  /// Whether a smaller or a larger number is better, for callbacks that look for the best epoch;
  /// `.automatic` if the metric does not say.
  public let direction: Direction
  /// What is added up over batches, and the number it gives.
  let sums: any MetricSums

  /// A metric of your own, a mean over samples.
  ///
  /// ```swift
  /// Metric("bias", direction: .smaller) { predictions, targets in (predictions - targets).sum() }
  /// ```
  ///
  /// - Parameters:
  ///   - name: the name in the progress line and in `History`.
  ///   - direction: whether a smaller or a larger number is better; callbacks that look for the best
  ///     epoch need to know.
  ///   - sum: gives the sum over the rows of a batch.
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

  /// The share of samples whose class is right; what "right" means follows from the shapes.
  ///
  /// As in Keras: a prediction of one number is class 1 if above 0.5 and class 0 if not, and a target is
  /// met if it equals that (so -1, which the hinge loss has for 0, never is); otherwise the largest of a
  /// row is the class, compared with a class index or with the largest of a one-hot row.
  public static let accuracy = Metric("accuracy", .larger, Accuracy())
}

extension Metric: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension Metric: ExpressibleByStringLiteral {
  /// All metrics with a name; `accuracy`, `mse` and `mae` may also be written as Keras's short names.
  public static let known: [Metric] = [
    .accuracy, .meanSquaredError, .meanAbsoluteError, .rootMeanSquaredError, .rSquared, .precision,
    .recall, .f1Score, .topKAccuracy(), .perplexity(),
  ]

  /// The metric with Keras's name; nil if there is none.
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

  /// The metric with Keras's name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let metric = Metric(name as String) else {
      fail(unknownName(name, kind: "metric", known: Self.known.map(\.name)))
    }
    self = metric
  }
}

extension [Metric] {
  /// Stops with a sentence if two metrics have one name: their numbers could not be told apart.
  func requireDistinctNames(_ operation: String) {
    for (index, metric) in enumerated() {
      require(
        metric.name != "loss" && !self[..<index].contains { $0.name == metric.name },
        "\(operation): two numbers are called \"\(metric.name)\"; give each metric a name of its own"
      )
    }
  }
}

/// What a metric adds up over the batches of an epoch, and the number it makes of the sums.
protocol MetricSums: Sendable {
  /// Adds what a batch contributes; `sums` begins as one 0 and may be made longer.
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
