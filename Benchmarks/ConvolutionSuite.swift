// Convolutions: a network for digits, as the scripts that measure other frameworks have it, and the
// layers of residual networks, forward and backward.

import Autograd
import CommandLineOptions
import Train

func convolutionSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  network(options, reporter)
  for (side, channels) in [(56, 64), (28, 128), (14, 256), (7, 512)] {
    let images: TensorShape = [8, side, side, channels]
    for (size, stride) in [(3, 1), (3, 2), (1, 1), (1, 2)] {
      let strides = Size2D(height: stride, width: stride)
      layer(
        "\(size)x\(size)-s\(stride)", images, kernel: [size, size, channels, channels], reporter
      ) { convolution($0, $1, strides: strides, padding: .same) }
    }
    layer("depthwise-3x3", images, kernel: [3, 3, channels, 1], reporter) {
      depthwiseConvolution($0, $1, padding: .same)
    }
    layer("transposed-4x4-s2", images, kernel: [4, 4, channels, channels], reporter) {
      transposedConvolution($0, $1, strides: 2, padding: .same)
    }
  }
}

/// Milliseconds of a layer for 8 images: forward, and forward with both gradients.
private func layer(
  _ name: String, _ images: TensorShape, kernel: TensorShape, _ reporter: Reporter,
  _ function: (Variable<Float>, Variable<Float>) -> Variable<Float>
) {
  let workload = "conv-\(images[1])x\(images[2])x\(images[3])-\(name)"
  guard reporter.wants(workload) else { return }
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.normal(images, using: &generator)
  let weights = Tensor<Float>.normal(kernel, standardDeviation: 0.05, using: &generator)
  let (inference, training) = (Tape<Float>(records: false), Tape<Float>())
  let forward = Reporter.sample {
    inference.reset()
    _ = function(inference.constant(x), inference.constant(weights))
  }
  reporter.report(workload, metric: "forward", unit: "ms", forward.map { 1e3 * $0 })
  let step = Reporter.sample {
    training.reset()
    let y = function(training.variable(x), training.variable(weights))
    _ = training.gradients(of: sum(y))
  }
  reporter.report(workload, metric: "train", unit: "ms", step.map { 1e3 * $0 })
}

/// Steps per second of training a network for digits, and the time of predictions.
private func network(_ options: CommandLineOptions, _ reporter: Reporter) {
  guard reporter.wants("cnn-") else { return }
  let (rows, labels, mark) = imageData("mnist", options)
  let x = (rows[..<10_000] + 0).reshaped(to: [10_000, 28, 28, 1])
  let model = Sequential([
    Conv2D(32, kernelSize: 3, activation: .relu, inputShape: [28, 28, 1]), MaxPooling2D(),
    Conv2D(64, kernelSize: 3, activation: .relu), MaxPooling2D(), Flatten(),
    Dense(128, activation: .relu), Dense(10, activation: .softmax),
  ]).compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [.accuracy])
  for batchSize in [32, 128] {
    let workload = "cnn-b\(batchSize)\(mark)"
    guard reporter.wants(workload) else { continue }
    var trained = model
    let (some, classes) = (x[..<6400] + 0, labels[..<6400] + 0)
    func epoch() {
      trained.fit(some, classes, epochs: 1, batchSize: batchSize, verbose: 0, hints: false)
    }
    epoch()
    reporter.report(
      workload, metric: "train", unit: "steps/s",
      (0..<3).map { _ in Double(6400 / batchSize) / Reporter.time(epoch) })
  }
  for count in [1, 32, 10_000] {
    let workload = "cnn-predict-\(count)\(mark)"
    guard reporter.wants(workload) else { continue }
    let some = x[..<count] + 0
    reporter.report(
      workload, metric: "predict", unit: "ms",
      Reporter.sample { _ = model.predict(some) }.map { 1e3 * $0 })
  }
}
