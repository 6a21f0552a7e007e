// One convolution with bias and ReLU, rung by rung: from the textbook's loops to the library's, with what each step
// brings. Every rung is checked against the first.

import Autograd
import Tensor

/// A layer in the middle of a network for digits: 32 images of 13 x 13 pixels, 32 channels, 64 filters of 3 x 3.
private let (imageShape, kernelShape): (TensorShape, TensorShape) = (
  [32, 13, 13, 32], [3, 3, 32, 64]
)

func climbConvolution(_ reporter: Reporter) {
  let threads = Parallel.threadCount
  defer { Parallel.threadCount = threads }
  var generator = RandomGenerator(seed: 1)
  let x = Tensor<Float>.uniform(imageShape, using: &generator)
  let kernel = Tensor<Float>.normal(kernelShape, using: &generator)
  let bias = Tensor<Float>.normal([kernelShape[3]], using: &generator)
  var rungs: [(name: String, threads: Int, convolve: () -> Tensor<Float>)] = [
    ("1-naive", 1, { naive(x, kernel, bias) }), ("2-im2col", 1, { im2col(x, kernel, bias) }),
    ("3-views", 1, { onTape(x, kernel, bias, isFused: false) }),
    ("4-fused", 1, { onTape(x, kernel, bias, isFused: true) }),
  ]
  if threads > 1 {
    rungs.append(("5-\(threads)-threads", threads, { onTape(x, kernel, bias, isFused: true) }))
  }
  var first: Tensor<Float>?
  var below: Double?
  for rung in rungs {
    let workload = "ladder-convolution-\(rung.name)"
    guard reporter.wants(workload) else { continue }
    Parallel.threadCount = rung.threads
    let y = rung.convolve()
    if let first {
      require((abs(y - first)).max() <= 1e-3, "\(workload): differs from the first rung")
    }
    first = first ?? y
    let flops = 2 * Double(y.count * kernelShape[0] * kernelShape[1] * kernelShape[2])
    let rates = Reporter.sample { _ = rung.convolve() }.map { 1e-9 * flops / $0 }
    reporter.report(workload, metric: "rate", unit: "GFLOP/s", rates)
    let rate = Reporter.median(of: rates)
    if let below { reporter.report(workload, metric: "factor", unit: "times", [rate / below]) }
    below = rate
  }
}

// MARK: - The rungs

/// The definition, as seven loops.
private func naive(_ x: Tensor<Float>, _ kernel: Tensor<Float>, _ bias: Tensor<Float>) -> Tensor<
  Float
> {
  let (images, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
  let (tall, wide, filters) = (kernel.shape[0], kernel.shape[1], kernel.shape[3])
  let (rows, columns) = (height - tall + 1, width - wide + 1)
  var y = Tensor<Float>.zeros([images, rows, columns, filters])
  let (from, weights, biases, to) = (x.base, kernel.base, bias.base, y.mutableBase)
  for n in 0..<images {
    for i in 0..<rows {
      for j in 0..<columns {
        for f in 0..<filters {
          var sum = biases[f]
          for u in 0..<tall {
            for v in 0..<wide {
              for c in 0..<channels {
                sum +=
                  from[((n &* height &+ i &+ u) &* width &+ j &+ v) &* channels &+ c]
                  * weights[((u &* wide &+ v) &* channels &+ c) &* filters &+ f]
              }
            }
          }
          to[((n &* rows &+ i) &* columns &+ j) &* filters &+ f] = max(0, sum)
        }
      }
    }
  }
  return y
}

/// What each window sees, copied into a row of a matrix, and one product.
private func im2col(_ x: Tensor<Float>, _ kernel: Tensor<Float>, _ bias: Tensor<Float>) -> Tensor<
  Float
> {
  let (images, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
  let (tall, wide, filters) = (kernel.shape[0], kernel.shape[1], kernel.shape[3])
  let (rows, columns) = (height - tall + 1, width - wide + 1)
  let terms = tall * wide * channels
  var patches = Tensor<Float>.zeros([images * rows * columns, terms])
  let (from, to) = (x.base, patches.mutableBase)
  for n in 0..<images {
    for i in 0..<rows {
      for j in 0..<columns {
        let patch = to + ((n &* rows &+ i) &* columns &+ j) &* terms
        for u in 0..<tall {
          (patch + u &* wide &* channels).update(
            from: from + ((n &* height &+ i &+ u) &* width &+ j) &* channels,
            count: wide &* channels)
        }
      }
    }
  }
  let y = matmul(patches, kernel.reshaped(to: [terms, filters])) + bias
  return relu(y).reshaped(to: [images, rows, columns, filters])
}

/// The library's convolution, a product over overlapping views; bias and ReLU in the same pass or in two more.
private func onTape(
  _ x: Tensor<Float>, _ kernel: Tensor<Float>, _ bias: Tensor<Float>, isFused: Bool
) -> Tensor<Float> {
  let tape = Tape<Float>(records: false)
  let (x, kernel, bias) = (tape.constant(x), tape.constant(kernel), tape.constant(bias))
  if !isFused { return relu(convolution(x, kernel) + bias).value }
  let window = Window(strides: 1, padding: .valid)
  return convolution(x, kernel, bias, window, activation: .relu).value
}
