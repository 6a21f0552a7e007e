// Steps per second of the tutorials' networks through `fit`, with loss and accuracy, shuffled.

import CommandLineOptions
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

func trainingSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  circles(reporter)
  rounding(reporter)
  fashion(options, reporter)
}

private func circles(_ reporter: Reporter) {
  let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
  let model = Sequential([
    Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
  ]).compile(optimizer: SGD(learningRate: 0.5), loss: .binaryCrossentropy, metrics: [.accuracy])
  measure("circles", model, Tensor<Float>(x), y, epochs: 200, reporter)
}

private func rounding(_ reporter: Reporter) {
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.uniform([10_000, 1], using: &generator)
  let model = Sequential([
    Dense(8, activation: .relu, inputShape: [1]), Dense(2, activation: .softmax),
  ]).compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  measure("rounding", model, x, Tensor<Int>(x .>= 0.5), epochs: 20, reporter)
}

private func fashion(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("fashion") || reporter.wants("fashion-made-up") else { return }
  let (images, labels, isReal) = fashionImages(options)
  let model = Sequential([
    Dense(128, activation: .relu, inputShape: [784]), Dense(10, activation: .softmax),
  ]).compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  measure(isReal ? "fashion" : "fashion-made-up", model, images, labels, epochs: 1, reporter)
}

/// Fashion-MNIST where its files are, and otherwise made-up images of the same shape.
private func fashionImages(
  _ options: CommandLineOptions
) -> (Tensor<Float>, Tensor<Int>, isReal: Bool) {
  let given = options.text("data") ?? getenv("WENGERT_DATA").map { String(cString: $0) }
  let parent = given ?? "../shared/datasets"
  for folder in ["\(parent)/fashion-mnist", parent] {
    if let data = try? ImageDataset(folder: folder) {
      return (
        (Tensor<Float>(data.trainImages) / 255).reshaped(to: [-1, 784]),
        Tensor<Int>(data.trainLabels), true
      )
    }
  }
  var generator = RandomGenerator(seed: 1)
  let labels = (0..<60_000).map { _ in generator.nextInteger(below: 10) }
  return (.uniform([60_000, 784], using: &generator), Tensor(labels), false)
}

/// Trains fresh copies of a model and reports the speed of all epochs but the first.
private func measure<Network: Layer, Y: TensorScalar>(
  _ workload: String, _ model: Model<Network>, _ x: Tensor<Float>, _ y: Tensor<Y>, epochs: Int,
  _ reporter: Reporter
) {
  guard reporter.wants(workload) else { return }
  let steps = Double((x.shape[0] + 31) / 32 * epochs)
  var warm = model
  warm.fit(x, y, epochs: 1, verbose: 0)
  let seconds = (0..<5).map { _ in
    var copy = warm
    return Reporter.time { copy.fit(x, y, epochs: epochs, verbose: 0) }
  }
  reporter.report(
    workload, metric: "train", unit: "steps/s", seconds.map { steps / $0 })
}
