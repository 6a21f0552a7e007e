// Every network of the tutorials, trained as in the tutorials. Each function takes a seed and
// returns the numbers that its tutorial publishes; Verify.swift compares them.

import CommandLineOptions
import FromScratchNetworks
import Train

/// The results of one training, by name.
typealias Numbers = [String: Double]
/// The callbacks of the first training of a network; empty unless hashes are printed.
typealias Watch = [Callback<Sequential<Float>>]

/// "Neural networks and why they are awesome".
func trainCircles(seed: UInt64, _ watch: Watch = []) -> Numbers {
  let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
  var model = Sequential([
    Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
  ])
  .compile(
    optimizer: SGD(learningRate: 0.5), loss: "binary_crossentropy", metrics: ["accuracy"],
    seed: seed)
  let history = model.fit(x, y, epochs: 15, callbacks: watch, verbose: 0)
  var numbers: Numbers = [
    "accuracy": history["accuracy"][14],
    "parameters": Double(model.network.parameterCounts.trainable),
  ]
  for epoch in 1...5 {
    numbers["loss \(epoch)"] = history["loss"][epoch - 1]
    numbers["accuracy \(epoch)"] = history["accuracy"][epoch - 1]
  }
  return numbers
}

/// The L2 penalty with λ = 1 on the log loss of the network of three perceptrons.
func penaltyOfHappiness() -> Double {
  func loss(_ regularizer: Regularizer?) -> Double {
    let network = Sequential([
      Dense(2, activation: .sigmoid, inputShape: [2], kernelRegularizer: regularizer),
      Dense(1, activation: .sigmoid, kernelRegularizer: regularizer),
    ])
    var model = network.compile(optimizer: "sgd", loss: "binary_crossentropy")
    model.weights = [[[6, 10], [10, 6]], [-15, -15], [[1], [1]], [-1.5]]
    return model.evaluate([[1, 1]] as Tensor<Float>, [1] as Tensor<Float>, verbose: 0).loss
  }
  return loss(.l2(1)) - loss(nil)
}

/// The networks of Grokking Machine Learning: units with ReLU and dropout, then the outputs.
private func grokking(
  _ inputs: Int, _ hidden: [Int], _ outputs: Int, _ activation: ActivationFunction,
  dropout: Double = 0.2, seed: UInt64
) -> Model<Sequential<Float>> {
  let network = Sequential {
    for (index, units) in hidden.enumerated() {
      Dense(units, activation: .relu, inputShape: index == 0 ? [inputs] : nil)
      Dropout(dropout)
    }
    Dense(outputs, activation: activation)
  }
  return activation == .softmax
    ? network.compile(
      optimizer: "adam", loss: "categorical_crossentropy", metrics: ["accuracy"], seed: seed)
    : network.compile(optimizer: "adam", loss: "mean_squared_error", seed: seed)
}

/// "A graphical example in two dimensions".
func trainOneCircle(_ table: Table, seed: UInt64, _ watch: Watch = []) -> Numbers {
  let x = table.tensor(of: "x_1", "x_2")
  let y = toCategorical(table.tensor(of: "y"), classes: 2)
  var model = grokking(2, [128, 64], 2, .softmax, seed: seed)
  let history = model.fit(x, y, epochs: 100, batchSize: 10, callbacks: watch, verbose: 0)
  return [
    "accuracy": history["accuracy"][99],
    "parameters": Double(model.network.parameterCounts.trainable),
  ]
}

/// "Training a neural network for image recognition".
func trainDigits(_ data: ImageDataset, seed: UInt64, _ watch: Watch = []) -> Numbers {
  var model = grokking(784, [128, 64], 10, .softmax, seed: seed)
  let history = model.fit(
    data.trainImages.reshaped(to: [-1, 784]), toCategorical(data.trainLabels, classes: 10),
    epochs: 10, batchSize: 10, callbacks: watch, verbose: 0, hints: false)
  let predictions = model.predict(data.testImages.reshaped(to: [-1, 784])).argmax(axis: 1)
  return [
    "training": history["accuracy"][9],
    "test": share(predictions .== Tensor<Int>(data.testLabels)),
    "parameters": Double(model.network.parameterCounts.trainable),
  ]
}

/// "Neural networks for regression", as in the book and with standardised numbers.
func trainHouses(_ table: Table, seed: UInt64, _ watch: Watch = []) -> Numbers {
  let x = table.dropping("Location", "Price").tensor()
  let y = table.tensor(of: "Price")
  var model = grokking(38, [38, 128, 64], 1, .linear, seed: seed)
  // Hints are off, since they would warn about numbers of this size.
  model.fit(x, y, epochs: 10, batchSize: 10, callbacks: watch, verbose: 0, hints: false)
  let published = model.evaluate(x, y, verbose: 0).loss.squareRoot()
  let parameters = Double(model.network.parameterCounts.trainable)

  let prices = Standardizer(fitting: y)
  let (columns, targets) = (Standardizer(fitting: x)(x), prices(y))
  model = grokking(38, [38, 128, 64], 1, .linear, dropout: 0, seed: seed)
  model.fit(columns, targets, epochs: 50, batchSize: 10, verbose: 0)
  let loss = model.evaluate(columns, targets, verbose: 0).loss
  return [
    "rmse": published, "parameters": parameters,
    "standardised": loss.squareRoot() * Double(prices.standardDeviation[0]),
  ]
}

/// "A simple task for a simple model".
func trainRounding(seed: UInt64, _ watch: Watch = []) -> Numbers {
  let (x, y) = makeRounding(samples: 10_000, seed: seed)
  func freshModel() -> Model<Sequential<Float>> {
    Sequential([
      Dense(units: 8, activation: .relu, inputShape: [1]), Dense(units: 2, activation: .softmax),
    ])
    .compile(
      optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], seed: seed)
  }
  var model = freshModel()
  let history = model.fit(x, y, epochs: 10, callbacks: watch, verbose: 0)
  let tenths: Tensor<Float> = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
  let classes = model.predict(tenths).argmax(axis: 1).elements
  var second = freshModel()
  let validated = second.fit(x, y, epochs: 10, validationSplit: 0.1, verbose: 0)
  return [
    "accuracy": history["accuracy"][9], "loss": history["loss"][9],
    "row": classes == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1] ? 1 : 0,
    "val_accuracy": validated["val_accuracy"][9],
    "parameters": Double(model.network.parameterCounts.trainable),
  ]
}

/// "Software 2.0": the network written by hand.
func trainFromScratch(
  _ data: ImageDataset, seed: UInt64, _ watch: ([Tensor<Float>]) -> Void = { _ in }
) -> Numbers {
  var network = HandWrittenNetwork<Float>(
    layers: [784, 10, 10], activations: [2, 0], seed: seed)
  let x = columns(data.trainImages)
  let y = toCategorical(data.trainLabels, classes: 10).transposed()
  for iteration in 1...3000 {
    _ = network.iterate(x, y, alpha: 0.001)
    if iteration % 1000 == 0 { watch(network.weights + network.biases) }
  }
  let right = network.predict(columns(data.testImages)) .== Tensor<Int>(data.testLabels)
  return [
    "test": share(right),
    "parameters": Double((network.weights + network.biases).reduce(0) { $0 + $1.count }),
  ]
}

/// Images as columns of unscaled pixels.
private func columns(_ images: Tensor<UInt8>) -> Tensor<Float> {
  let view = images.reshaped(to: [-1, 784]).transposed()
  return Tensor<Float>(Tensor(view.elements, shape: view.shape))
}

/// "Introduction to neural networks": articles of clothing.
func trainClothes(_ data: ImageDataset, seed: UInt64, _ watch: Watch = []) -> Numbers {
  var model = Sequential([
    Flatten(inputShape: [28, 28]), Dense(128, activation: .relu), Dense(10, activation: .softmax),
  ])
  .compile(
    optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], seed: seed)
  let history = model.fit(
    Tensor<Float>(data.trainImages) / 255, data.trainLabels, epochs: 10, callbacks: watch,
    verbose: 0)
  let images = Tensor<Float>(data.testImages) / 255
  let test = model.evaluate(images, data.testLabels, verbose: 0)
  return [
    "training": history["accuracy"][9], "test": test.accuracy, "loss": test.loss,
    "class": Double(model.predict(images[..<1]).argmax(axis: 1)[0]),
    "parameters": Double(model.network.parameterCounts.trainable),
  ]
}

private func share(_ right: Tensor<Bool>) -> Double {
  Double(right.countTrue()) / Double(right.count)
}
