// Cross-entropies for classification. If the prediction comes directly from a sigmoid or softmax,
// they are computed from the logits. Otherwise the probabilities are clipped to [1e-7, 1 - 1e-7],
// as in Keras.

import Autograd
import Layers
import Tensor

private let epsilon = 1e-7

private func checkSmoothing(_ share: Double) throws(InvalidValue) {
  guard (0...1).contains(share) else {
    throw InvalidValue("the label smoothing must lie in 0...1, got \(share)")
  }
}

/// `(1 - share) · target + share · middle`.
private func smoothed<Scalar>(
  _ target: Variable<Scalar>, _ share: Double, towards middle: Double
) -> Variable<Scalar> {
  share == 0 ? target : target * Scalar(1 - share) + Scalar(share * middle)
}

/// `-t log p - (1 - t) log(1 - p)`, for two classes; also called the log loss.
///
/// A completely wrong prediction costs 16.118, `-log 1e-7`, for either class. Keras has 15.942 for
/// one of them, because of the rounding of `1 - 1e-7`.
public struct BinaryCrossentropy: Loss, Codable, Validated {
  /// The name in messages and files: Keras's `binary_crossentropy`.
  public var name: String { "binary_crossentropy" }
  /// How far targets are moved towards 1/2; 0.1 makes them 0.05 and 0.95.
  public let labelSmoothing: Double

  /// The loss, with optional label smoothing.
  public init(labelSmoothing: Double = 0) {
    self.labelSmoothing = labelSmoothing
    requireValid()
  }

  /// Throws if the label smoothing is out of range.
  public func validate() throws(InvalidValue) { try checkSmoothing(labelSmoothing) }

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    let target = smoothed(target, labelSmoothing, towards: 0.5)
    if let logits = prediction.logits(of: .sigmoid) {
      return sigmoidCrossEntropy(logits: logits, targets: target)
    }
    let range = Scalar(epsilon)...Scalar(1 - epsilon)
    return
      -(target * log(prediction.clipped(to: range))
      + (1 - target) * log((1 - prediction).clipped(to: range)))
  }
}

/// `-Σ t log p` over the classes, for targets that are distributions, such as one-hot rows.
public struct CategoricalCrossentropy: Loss, Codable, Validated {
  /// The name in messages and files: Keras's `categorical_crossentropy`.
  public var name: String { "categorical_crossentropy" }
  /// How far targets are moved towards the uniform distribution: with ten classes, 0.1 makes them
  /// 0.01 and 0.91.
  public let labelSmoothing: Double

  /// The loss, with optional label smoothing.
  public init(labelSmoothing: Double = 0) {
    self.labelSmoothing = labelSmoothing
    requireValid()
  }

  /// Throws if the label smoothing is out of range.
  public func validate() throws(InvalidValue) { try checkSmoothing(labelSmoothing) }

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    let target = smoothed(
      target, labelSmoothing, towards: 1 / Double(max(1, prediction.shape.last ?? 1)))
    if let logits = prediction.logits(of: .softmax) {
      return softmaxCrossEntropy(logits: logits, targets: target)
    }
    let p = prediction / prediction.sum(axis: -1, keepingDimensions: true)
    return -(target * log(p.clipped(to: Scalar(epsilon)...Scalar(1 - epsilon)))).sum(axis: -1)
  }

  /// Stops with a message if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    require(
      predictionShape == targetShape,
      "\(name): targets of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); one-hot rows are expected (toCategorical makes them), for class "
        + "indices use sparse_categorical_crossentropy")
  }
}

/// `-log p[class]`, for targets that are class indices in 0..<classes.
public struct SparseCategoricalCrossentropy: Loss, Codable {
  /// The name in messages and files: Keras's `sparse_categorical_crossentropy`.
  public var name: String { "sparse_categorical_crossentropy" }
  /// The target that does not count, such as that of the steps that fill up a text; nil if all count.
  public let ignoredClass: Int?

  /// The loss.
  ///
  /// - Parameter ignoredClass: the target that does not count: the mean is that of the others (Keras's
  ///   `ignore_class`, PyTorch's `ignore_index`). It need not be one of the classes; -1 is usual.
  public init(ignoring ignoredClass: Int? = nil) { self.ignoredClass = ignoredClass }

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    let logits =
      prediction.logits(of: .softmax)
      ?? log(prediction.clipped(to: Scalar(epsilon)...Scalar(1 - epsilon)))
    guard let ignoredClass else {
      return sparseSoftmaxCrossEntropy(logits: logits, labels: target)
    }
    let counts = target.value .!= Scalar(ignoredClass)
    // Any class will do where none counts.
    let labels = target.tape.constant(select(counts, target.value, 0))
    let losses = sparseSoftmaxCrossEntropy(logits: logits, labels: labels)
    return losses.counting(counts.reshaped(to: losses.shape))
  }

  /// Stops with a message if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    let rank = predictionShape.rank
    let hasExtraAxis = targetShape.rank == rank && targetShape.last == 1
    require(
      rank > 0 && (targetShape.rank == rank - 1 || hasExtraAxis)
        && (0..<rank - 1).allSatisfy { targetShape[$0] == predictionShape[$0] },
      "\(name): labels of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); one class index per row is expected, for one-hot rows use "
        + "categorical_crossentropy")
  }
}

extension Loss where Self == BinaryCrossentropy {
  /// `-t log p - (1 - t) log(1 - p)`, for two classes.
  public static var binaryCrossentropy: BinaryCrossentropy { BinaryCrossentropy() }
  /// The binary cross-entropy with label smoothing.
  public static func binaryCrossentropy(labelSmoothing: Double) -> BinaryCrossentropy {
    BinaryCrossentropy(labelSmoothing: labelSmoothing)
  }
  /// The binary cross-entropy under its name in textbooks.
  public static var logLoss: BinaryCrossentropy { BinaryCrossentropy() }
}

extension Loss where Self == CategoricalCrossentropy {
  /// `-Σ t log p`, for one-hot targets.
  public static var categoricalCrossentropy: CategoricalCrossentropy { CategoricalCrossentropy() }
  /// The categorical cross-entropy with label smoothing.
  public static func categoricalCrossentropy(labelSmoothing: Double) -> CategoricalCrossentropy {
    CategoricalCrossentropy(labelSmoothing: labelSmoothing)
  }
}

extension Loss where Self == SparseCategoricalCrossentropy {
  /// `-log p[class]`, for class indices.
  public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropy {
    SparseCategoricalCrossentropy()
  }
  /// `-log p[class]`, for class indices of which one does not count.
  public static func sparseCategoricalCrossentropy(
    ignoring ignoredClass: Int
  ) -> SparseCategoricalCrossentropy { SparseCategoricalCrossentropy(ignoring: ignoredClass) }
}
