// Cross-entropies for classification. When the prediction comes straight from a sigmoid or a softmax,
// they start from the numbers before it; otherwise from the probabilities, moved into
// [1e-7, 1 - 1e-7] as Keras does.

import Autograd
import Layers
import Tensor

private let epsilon = 1e-7

/// `-t log p - (1 - t) log(1 - p)`, for two classes; also called the log loss.
public struct BinaryCrossentropy: Loss {
  /// The name, `binary_crossentropy`.
  public var name: String { "binary_crossentropy" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    if let logits = prediction.logits(of: .sigmoid) {
      return sigmoidCrossEntropy(logits: logits, targets: target)
    }
    let p = clip(prediction, to: Scalar(epsilon)...Scalar(1 - epsilon))
    return -(target * log(p) + (1 - target) * log(1 - p))
  }
}

/// `-Σ t log p` over the classes, for targets that are distributions, such as one-hot rows.
public struct CategoricalCrossentropy: Loss {
  /// The name, `categorical_crossentropy`.
  public var name: String { "categorical_crossentropy" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    if let logits = prediction.logits(of: .softmax) {
      return softmaxCrossEntropy(logits: logits, targets: target)
    }
    let p = prediction / prediction.sum(axis: -1, keepingDimensions: true)
    return -(target * log(clip(p, to: Scalar(epsilon)...Scalar(1 - epsilon)))).sum(axis: -1)
  }

  /// Stops with a sentence if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    require(
      predictionShape == targetShape,
      "\(name): targets of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); one-hot rows are expected (toCategorical makes them), for class "
        + "indices use sparse_categorical_crossentropy")
  }
}

/// `-log p[class]`, for targets that are class indices in 0..<classes.
public struct SparseCategoricalCrossentropy: Loss {
  /// The name, `sparse_categorical_crossentropy`.
  public var name: String { "sparse_categorical_crossentropy" }

  /// The loss.
  public init() {}

  /// Records the losses, one per sample or per number.
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    let logits =
      prediction.logits(of: .softmax)
      ?? log(clip(prediction, to: Scalar(epsilon)...Scalar(1 - epsilon)))
    return sparseSoftmaxCrossEntropy(logits: logits, labels: target)
  }

  /// Stops with a sentence if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    let rows = TensorShape(predictionShape.dropLast())
    require(
      targetShape == rows || targetShape == TensorShape(Array(rows) + [1]),
      "\(name): labels of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); one class index per row is expected, for one-hot rows use "
        + "categorical_crossentropy")
  }
}

extension Loss where Self == BinaryCrossentropy {
  /// `-t log p - (1 - t) log(1 - p)`, for two classes.
  public static var binaryCrossentropy: BinaryCrossentropy { BinaryCrossentropy() }
  /// The binary cross-entropy under the name that textbooks use.
  public static var logLoss: BinaryCrossentropy { BinaryCrossentropy() }
}

extension Loss where Self == CategoricalCrossentropy {
  /// `-Σ t log p`, for one-hot targets.
  public static var categoricalCrossentropy: CategoricalCrossentropy { CategoricalCrossentropy() }
}

extension Loss where Self == SparseCategoricalCrossentropy {
  /// `-log p[class]`, for class indices.
  public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropy {
    SparseCategoricalCrossentropy()
  }
}
