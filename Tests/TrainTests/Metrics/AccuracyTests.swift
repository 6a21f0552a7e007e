import Testing
import Train

/// The accuracy of given predictions: those of a network that gives what it takes.
private func accuracy<Y: TensorScalar>(
  _ predictions: Tensor<Float>, _ targets: Tensor<Y>, _ loss: LossName
) -> Double {
  Sequential([Identity(shape: TensorShape(predictions.shape.dropFirst()))])
    .compile(optimizer: "sgd", loss: loss, metrics: ["accuracy"])
    .evaluate(predictions, targets, verbose: 0).accuracy
}

/// A layer that states the shape of samples and changes nothing.
private struct Identity: Layer {
  typealias Scalar = Float
  let shape: TensorShape
  var inputShape: TensorShape? { shape }
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> { x }
}

@Suite("Accuracy")
struct AccuracyTests {
  @Test("of one number takes what is above a half")
  func binary() {
    let predictions: Tensor<Float> = [[0.5], [0.5000001], [0.2], [0.9], [1]]
    #expect(accuracy(predictions, [0, 1, 1, 0, 1] as Tensor<Int>, "binary_crossentropy") == 0.6)
    let truth: Tensor<Bool> = [false, true, false, true, true]
    #expect(accuracy(predictions, truth, "binary_crossentropy") == 1)
  }

  @Test("of one number rounds the prediction alone, as Keras: -1 is no class")
  func signs() {
    let predictions: Tensor<Float> = [[0.6], [-0.9], [0.2], [1.5]]
    #expect(accuracy(predictions, [1, -1, -1, 1] as Tensor<Int>, "hinge") == 0.5)
    #expect(accuracy(predictions, [1, 0, 0, 1] as Tensor<Int>, "hinge") == 1)
  }

  @Test("of a row takes the largest, the first of equal ones, and compares with a class index")
  func sparse() {
    let predictions: Tensor<Float> = [
      [0.1, 0.2, 0.7], [0.4, 0.4, 0.2], [0.3, 0.3, 0.4], [1, 0, 0],
    ]
    let loss: LossName = "sparse_categorical_crossentropy"
    #expect(accuracy(predictions, [2, 0, 1, 0] as Tensor<UInt8>, loss) == 0.75)
    #expect(accuracy(predictions, [[2], [1], [2], [0]] as Tensor<Int>, loss) == 0.75)
  }

  @Test("of a row compares with the largest of a one-hot row")
  func oneHot() {
    let predictions: Tensor<Float> = [[0.1, 0.9], [0.6, 0.4], [0.5, 0.5]]
    let targets: Tensor<Float> = [[0, 1], [0, 1], [1, 0]]
    #expect(abs(accuracy(predictions, targets, "categorical_crossentropy") - 2.0 / 3) < 1e-15)
  }

  @Test("of sequences counts every row")
  func sequences() {
    let predictions: Tensor<Float> = [
      [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [[0.3, 0.7], [0.6, 0.4], [0.1, 0.9]],
    ]
    let classes: Tensor<Int> = [[0, 1, 1], [1, 0, 1]]
    let share = accuracy(predictions, classes, "sparse_categorical_crossentropy")
    #expect(abs(share - 5.0 / 6) < 1e-15)
    let oneHot = toCategorical(classes)
    #expect(abs(accuracy(predictions, oneHot, "categorical_crossentropy") - 5.0 / 6) < 1e-15)
    let halves = predictions[0..., 0..., 1...]
    let binary = accuracy(halves, classes.reshaped(to: [2, 3, 1]), "binary_crossentropy")
    #expect(abs(binary - 5.0 / 6) < 1e-15)
  }

  @Test("may stand beside a metric of one's own")
  func own() {
    let largest = Metric("error") { predictions, targets in abs(predictions - targets).sum() }
    let network = Sequential([Dense(1, inputShape: [1], kernelInitializer: .ones)])
    let model = network.compile(optimizer: "sgd", loss: "mean_squared_error", metrics: [largest])
    let x: Tensor<Float> = [[1], [2], [3], [4], [5]]
    let result = model.evaluate(x, x + 2, batchSize: 2, verbose: 0)
    #expect(result["error"] == 2 && result.loss == 4 && result["loss"] == 4)
    #expect(result["accuracy"] == nil && result.accuracy.isNaN)
  }
}
