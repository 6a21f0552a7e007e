import Layers
import Tensor

/// A sample with a wrong predicted class.
public struct Mistake: Sendable, Equatable {
  /// The index of the sample.
  public let index: Int
  /// The predicted class.
  public let predicted: Int
  /// The right class.
  public let expected: Int
  /// The score that the prediction gave to the wrong class.
  public let confidence: Double
}

extension Mistake: CustomStringConvertible {
  /// A one-line description of the mistake.
  public var description: String {
    "sample \(index): predicted \(predicted) (\(formatFixed(confidence, decimals: 4))), expected "
      + "\(expected)"
  }
}

/// The most confident mistakes, most confident first.
///
/// They show what the network has not learned, and may reveal wrong labels.
///
/// - Parameters:
///   - predictions: rows of class scores, [samples, classes], or one number per sample, which means
///     class 1 if it is above 0.5.
///   - targets: class indices, [samples], or one-hot rows.
///   - count: the maximum number of mistakes.
/// - Returns: the mistakes; ties keep the order of samples.
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
