import Layers
import Tensor

/// A sample whose predicted class is wrong.
public struct Mistake: Sendable, Equatable {
  /// The position of the sample.
  public let index: Int
  /// The class that was predicted.
  public let predicted: Int
  /// The right class.
  public let expected: Int
  /// The number that the prediction gave the wrong class.
  public let confidence: Double
}

extension Mistake: CustomStringConvertible {
  /// The mistake in words.
  public var description: String {
    "sample \(index): predicted \(predicted) (\(formatFixed(confidence, decimals: 4))), expected "
      + "\(expected)"
  }
}

/// The mistakes of which the network was most sure, those first: where to look for what it has not
/// understood, and for wrong labels.
///
/// - Parameters:
///   - predictions: rows of class scores, [samples, classes], or one number per sample, which is class 1
///     if above 0.5.
///   - targets: class indices, [samples], or one-hot rows.
///   - count: how many at most.
/// - Returns: the mistakes; those of equal confidence in the order of samples.
public func worstMistakes<P: TensorNumber, T: TensorNumber>(
  _ predictions: Tensor<P>, _ targets: Tensor<T>, count: Int = 10
) -> [Mistake] {
  require(count >= 0, "worstMistakes: the number cannot be negative, got \(count)")
  let (predicted, confidences) = predictions.predictedClasses("worstMistakes")
  let expected = targets.targetClasses("worstMistakes")
  require(
    predicted.count == expected.count,
    "worstMistakes: \(predicted.count) predictions and \(expected.count) targets differ in number")
  let mistakes = predicted.indices.filter { predicted[$0] != expected[$0] }.map {
    Mistake(
      index: $0, predicted: predicted[$0], expected: expected[$0], confidence: confidences[$0])
  }
  let sorted = mistakes.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
  return Array(sorted.prefix(count))
}
