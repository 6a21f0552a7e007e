// Steps per second of the tutorials' networks through `fit`, with loss and accuracy, shuffled.

import CommandLineOptions
import FromScratchNetworks
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The tutorials' networks, with their sizes and batch sizes.
func trainingSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  circles(reporter)
  rounding(reporter)
  oneCircle(reporter)
  houses(reporter)
  digits(options, reporter)
  fashion(options, reporter)
  fromScratch(options, reporter)
  sequences(reporter)
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

/// The tutorials' network with dropout, with `inputs` numbers per sample.
private func withDropout(_ inputs: Int, _ last: Dense<Float>) -> Sequential<Float> {
  Sequential([
    Dense(128, activation: .relu, inputShape: [inputs]), Dropout(0.2), Dense(64, activation: .relu),
    Dropout(0.2), last,
  ])
}

private func oneCircle(_ reporter: Reporter) {
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.uniform([110, 2], using: &generator) * 2 - 1
  let model = withDropout(2, Dense(2, activation: .softmax))
    .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  let y = Tensor<Int>(square(x).sum(axis: 1) .< 0.5)
  measure("one-circle", model, x, y, batchSize: 10, epochs: 400, reporter)
}

private func houses(_ reporter: Reporter) {
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.normal([2434, 38], using: &generator)
  let y = matmul(x, .normal([38, 1], using: &generator))
  let model = withDropout(38, Dense(1)).compile(optimizer: "adam", loss: .meanSquaredError)
  measure("hyderabad", model, x, y, batchSize: 10, epochs: 20, reporter)
}

private func digits(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("mnist-mlp-b10") || reporter.wants("mnist-mlp-b128") else { return }
  let (images, labels, mark) = imageData("mnist", options)
  let model = withDropout(784, Dense(10, activation: .softmax))
    .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  measure("mnist-mlp-b10" + mark, model, images, labels, batchSize: 10, epochs: 1, reporter)
  measure("mnist-mlp-b128" + mark, model, images, labels, batchSize: 128, epochs: 1, reporter)
}

/// The network for Fashion-MNIST.
func fashionNetwork() -> Sequential<Float> {
  Sequential([
    Dense(128, activation: .relu, inputShape: [784]), Dense(10, activation: .softmax),
  ])
}

private func fashion(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("fashion") else { return }
  let (images, labels, mark) = imageData("fashion-mnist", options)
  let model = fashionNetwork()
    .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  measure("fashion" + mark, model, images, labels, epochs: 1, reporter)
}

/// Gradient descent on all 48,000 images at once, written by hand and with the tape.
private func fromScratch(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("from-scratch") else { return }
  let (images, labels, mark) = imageData("mnist", options)
  let x = Tensor<Float>(images[..<48_000])
  let y = toCategorical(labels[..<48_000], classes: 10)
  fromScratch("from-scratch-f32" + mark, x, y, reporter)
  fromScratch("from-scratch-f64" + mark, Tensor<Double>(x), Tensor<Double>(y), reporter)
}

private func fromScratch<Scalar: TensorFloat>(
  _ workload: String, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ reporter: Reporter
) {
  // In the article, samples are columns.
  let (columns, targets) = (x.transposed() + 0, y.transposed() + 0)
  let network = HandWrittenNetwork<Scalar>(layers: [784, 10, 10], activations: [1, 0], seed: 1)
  var byHand = network
  let iterate = { _ = byHand.iterate(columns, targets, alpha: 0.1) }
  reporter.report(
    workload + "-by-hand", metric: "iteration", unit: "ms",
    Reporter.sample(repeats: 7, iterate).map { 1e3 * $0 })
  var withTape = TapeNetwork(network, alpha: 0.1)
  reporter.report(
    workload, metric: "iteration", unit: "ms",
    Reporter.sample(repeats: 7) { _ = withTape.iterate(x, y) }.map { 1e3 * $0 })
}

/// The networks that write: an LSTM and a small GPT, for sequences of 64 of 65 characters.
private func sequences(_ reporter: Reporter) {
  func train(_ workload: String, _ count: Int, _ layers: [any Layer<Float>]) {
    var generator = RandomGenerator(seed: 1)
    let tokens = Tensor<Int>.integers([count, 65], in: 0..<65, using: &generator)
    let model = Sequential(layers + [Dense(65, activation: .softmax)])
      .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
    measure(
      workload, model, Tensor<Float>(tokens[0..., ..<64]), tokens[0..., 1...].contiguous(),
      epochs: 1, reporter)
  }
  train("lstm", 960, [Embedding(65, 64, inputShape: [64]), LSTM(128, returnSequences: true)])
  let block = TransformerEncoder<Float>(
    heads: 4, units: 512, isCausal: true, normalizesFirst: true, activation: .gelu)
  train(
    "gpt", 640,
    [
      Embedding(65, 128, inputShape: [64]), PositionEmbedding(), block, block, block, block,
      LayerNormalization(epsilon: 1e-5),
    ])
}

/// Images as rows of 784 numbers in 0...1, and labels.
///
/// If the files are missing, synthetic images, with a mark for the names of workloads, since their
/// figures are not comparable.
func imageData(
  _ name: String, _ options: CommandLineOptions
) -> (images: Tensor<Float>, labels: Tensor<Int>, mark: String) {
  let given = options.text("data") ?? getenv("WENGERT_DATA").map { String(cString: $0) }
  let parent = given ?? "../shared/datasets"
  for folder in ["\(parent)/\(name)", parent] {
    if let data = try? ImageDataset(folder: folder) {
      return (
        (Tensor<Float>(data.trainImages) / 255).reshaped(to: [-1, 784]),
        Tensor<Int>(data.trainLabels), ""
      )
    }
  }
  var generator = RandomGenerator(seed: 1)
  return (
    .uniform([60_000, 784], using: &generator),
    .integers([60_000], in: 0..<10, using: &generator), "-made-up"
  )
}

/// Trains new copies of a model and reports the speed of all epochs except the first.
private func measure<Network: Layer, Y: TensorScalar>(
  _ workload: String, _ model: Model<Network>, _ x: Tensor<Float>, _ y: Tensor<Y>,
  batchSize: Int = 32, epochs: Int, _ reporter: Reporter
) {
  guard reporter.wants(workload) else { return }
  let steps = Double((x.shape[0] + batchSize - 1) / batchSize * epochs)
  var warm = model
  warm.fit(x, y, epochs: 1, batchSize: batchSize, verbose: 0, hints: false)
  let seconds = (0..<5).map { _ in
    var copy = warm
    return Reporter.time {
      copy.fit(x, y, epochs: epochs, batchSize: batchSize, verbose: 0, hints: false)
    }
  }
  reporter.report(workload, metric: "train", unit: "steps/s", seconds.map { steps / $0 })
}
