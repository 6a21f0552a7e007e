// Networks of convolutions: each layer is trained, stored and read again.

import TestSupport
import Testing
import Train

private func images() -> Sequential<Float> {
  Sequential([
    Conv2D(4, kernelSize: 3, padding: .same, activation: .relu, kernelRegularizer: .l2(1e-3)),
    Conv2D(
      6, kernelSize: [2, 3], strides: [2, 1], dilationRate: [1, 2], groups: 2, useBias: false),
    SeparableConv2D(4, kernelSize: 2, depthMultiplier: 2, activation: .tanh),
    DepthwiseConv2D(kernelSize: 2, padding: .same, depthMultiplier: 2),
    Conv2DTranspose(3, kernelSize: 3, strides: 2, padding: .same, activation: .sigmoid), Flatten(),
    Dense(10, activation: .softmax),
  ])
}

private func sequences() -> Sequential<Float> {
  Sequential([
    Conv1D(4, kernelSize: 2, padding: .causal, dilationRate: 2, activation: .relu),
    SeparableConv1D(3, kernelSize: 3), DepthwiseConv1D(kernelSize: 2, strides: 2),
    Conv1DTranspose(2, kernelSize: 3, strides: 2), Flatten(), Dense(10, activation: .softmax),
  ])
}

@Suite("A network of convolutions")
struct ConvolutionNetworkTests {
  @Test(
    "is read as it was written, and goes on learning as it would have", arguments: [false, true])
  func storing(ofSequences: Bool) throws {
    let (digits, labels) = makeDigits(samples: 32, seed: 1)
    let x = (Tensor<Float>(digits)[0..., 8..<15, 8..<17] / 255)
      .reshaped(to: ofSequences ? [-1, 7, 9] : [-1, 7, 9, 1])
    var model = (ofSequences ? sequences() : images())
      .compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", seed: 1)
    let history = model.fit(x, labels, epochs: 2, batchSize: 8, verbose: 0, hints: false)
    #expect(history["loss"][1] < history["loss"][0])
    var copy = try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/model.safetensors")
      return try Model<Sequential<Float>>(contentsOf: "\(folder)/model.safetensors")
    }
    #expect(copy.predict(x) == model.predict(x) && copy.summary() == model.summary())
    copy.fit(x, labels, epochs: 3, initialEpoch: 2, batchSize: 8, verbose: 0, hints: false)
    model.fit(x, labels, epochs: 3, initialEpoch: 2, batchSize: 8, verbose: 0, hints: false)
    #expect(copy.weights == model.weights)
  }
}
