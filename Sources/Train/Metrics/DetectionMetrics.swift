// Metrics for two classes of which one may be rare, where accuracy would be misleading.

import Autograd
import Layers
import Tensor

extension Metric {
  /// The fraction of positive predictions (above 0.5) that are right; 0 if there are none.
  ///
  /// As in Keras, each number of a prediction counts separately, and targets have the same shape.
  public static let precision = Metric("precision", .larger, Detection(kind: .precision))
  /// The fraction of positive targets that are predicted as positive (above 0.5); 0 if there are
  /// none.
  public static let recall = Metric("recall", .larger, Detection(kind: .recall))
  /// The harmonic mean of precision and recall.
  public static let f1Score = Metric("f1_score", .larger, Detection(kind: .f1))
}

/// Counts true positives, false positives and false negatives.
private struct Detection: MetricSums {
  enum Kind: String { case precision, recall, f1 }
  let kind: Kind

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>, to sums: inout [Double]
  ) {
    require(
      prediction.count == target.count,
      "\(kind.rawValue): targets of shape \(target.shape) do not fit predictions of shape "
        + "\(prediction.shape); one-hot rows are expected (toCategorical makes them), for class indices "
        + "use a ConfusionMatrix")
    if sums.count == 1 { sums = [0, 0, 0] }
    var (truePositives, falsePositives, falseNegatives) = (0, 0, 0)
    let half = Scalar(0.5)
    for i in 0..<prediction.count {
      switch (prediction.base[i] > half, target.base[i] > half) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, true): falseNegatives += 1
      case (false, false): break
      }
    }
    sums[0] += Double(truePositives)
    sums[1] += Double(falsePositives)
    sums[2] += Double(falseNegatives)
  }

  func value(of sums: [Double], samples: Double) -> Double {
    guard sums.count == 3, sums[0] > 0 else { return 0 }
    switch kind {
    case .precision: return sums[0] / (sums[0] + sums[1])
    case .recall: return sums[0] / (sums[0] + sums[2])
    case .f1: return 2 * sums[0] / (2 * sums[0] + sums[1] + sums[2])
    }
  }
}
