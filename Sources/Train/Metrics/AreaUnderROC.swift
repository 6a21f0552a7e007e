import Layers
import Tensor

/// The area under the ROC curve (scikit-learn's `roc_auc_score`).
///
/// It is the probability that a positive sample gets a larger number than a negative one; ties
/// count half.
///
/// - Parameters:
///   - predictions: one number per sample, [samples] or [samples, 1].
///   - targets: 1 for positive and 0 for negative samples, as many as predictions.
/// - Returns: the area: 1 for a perfect ranking, 0.5 for a random one; NaN if a class has no
///   samples.
public func areaUnderROC<P: TensorNumber, T: TensorNumber>(
  _ predictions: Tensor<P>, _ targets: Tensor<T>
) -> Double {
  require(
    predictions.count == targets.count,
    "areaUnderROC: predictions of shape \(predictions.shape) and targets of shape \(targets.shape) "
      + "differ in number")
  let scores = predictions.elements.map(\.asDouble)
  let isPositive = targets.elements.map { $0.asDouble > 0.5 }
  guard scores.allSatisfy({ !$0.isNaN }) else { return .nan }
  let order = scores.indices.sorted { scores[$0] < scores[$1] }

  // The sum of the ranks of positive samples; equal scores share the mean of their ranks.
  var (rankSum, begin) = (0.0, 0)
  while begin < order.count {
    var end = begin
    while end < order.count && scores[order[end]] == scores[order[begin]] { end += 1 }
    let positives = order[begin..<end].count { isPositive[$0] }
    rankSum += Double(positives) * Double(begin + 1 + end) / 2
    begin = end
  }
  let positives = Double(isPositive.count { $0 })
  let negatives = Double(isPositive.count) - positives
  guard positives > 0 && negatives > 0 else { return .nan }
  return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
}
