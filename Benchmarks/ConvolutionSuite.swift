// Convolutions: the layers of residual networks, forward and backward.

import Autograd
import CommandLineOptions
import Train

func convolutionSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
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
