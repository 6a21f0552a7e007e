// What is reported beside the loss.

import Autograd
import Layers
import Tensor

/// A number that tells how good predictions are: the mean of a value per sample.
public struct Metric: Sendable {
  /// The name in the progress line and in `History`.
  public let name: String
  /// The sum over the samples of a batch, from predictions and targets.
  let sum: any BatchSum

  /// A metric of your own: `sum` gives the sum of the metric over the rows of a batch.
  public init(
    _ name: String,
    sum: @escaping @Sendable (_ predictions: Tensor<Double>, _ targets: Tensor<Double>) -> Double
  ) {
    self.name = name
    self.sum = ClosureSum(closure: sum)
  }

  init(_ name: String, _ sum: any BatchSum) {
    self.name = name
    self.sum = sum
  }

  /// The share of samples whose class is right; what "right" means follows from the shapes.
  ///
  /// As in Keras: a prediction of one number is a class if above 0.5; otherwise the largest of a row
  /// is the class, compared with a class index or with the largest of a one-hot row.
  public static let accuracy = Metric("accuracy", Accuracy())
}

extension Metric: ExpressibleByStringLiteral {
  /// The metric with Keras's name; stops if there is none.
  public init(stringLiteral name: String) {
    guard name == "accuracy" else { fail(unknownName(name, kind: "metric", known: ["accuracy"])) }
    self = .accuracy
  }
}

/// The sum of a metric over the samples of a batch.
protocol BatchSum: Sendable {
  func callAsFunction<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>
  ) -> Double
}

private struct ClosureSum: BatchSum {
  let closure: @Sendable (Tensor<Double>, Tensor<Double>) -> Double

  func callAsFunction<Scalar: TensorFloat>(
    _ prediction: Block<Scalar>, _ target: Block<Scalar>
  ) -> Double {
    closure(Tensor(prediction.tensor()), Tensor(target.tensor()))
  }
}
