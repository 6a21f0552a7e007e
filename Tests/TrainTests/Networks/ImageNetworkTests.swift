// Networks over images: each layer without a convolution is stored and read again.

import TestSupport
import Testing
import Train

private func network() -> Sequential<Float> {
  Sequential([
    Dense(4), ZeroPadding2D(top: 1, bottom: 0, left: 2, right: 1), PReLU(sharedAxes: [1, 2]),
    MaxPooling2D([2, 1], strides: 1, padding: .same), GroupNormalization(2),
    UpSampling2D([1, 2], interpolation: .bilinear), SpatialDropout2D(0.1),
    AveragePooling2D(2, padding: .same), BatchNormalization(), Cropping2D(top: 1, right: 2),
    LayerNormalization(epsilon: 1e-4, axes: [1, 3]), GaussianNoise(0.1), UpSampling2D(),
    Residual {
      GlobalAveragePooling2D(keepDimensions: true); UpSampling2D([6, 20])
    },
    Reshape([-1, 4]), ZeroPadding1D(before: 2, after: 1), MaxPooling1D(2, padding: .same),
    SpatialDropout1D(0.1), RMSNormalization(epsilon: 1e-5), UpSampling1D(), Cropping1D(),
    GaussianDropout(0.1), AveragePooling1D(3, strides: 2), LSTM(4, returnSequences: true),
    Residual {
      GlobalMaxPooling1D(keepDimensions: true); UpSampling1D(60)
    },
    GlobalAveragePooling1D(), Dense(3, activation: .mish), Dense(2, activation: .hardSilu),
  ])
}

@Suite("A network over images")
struct ImageNetworkTests {
  @Test("is read as it was written, and goes on learning as it would have")
  func storing() throws {
    let (images, labels) = makeDigits(samples: 32, seed: 1)
    let x = Tensor<Float>(images)[0..., 8..<15, 8..<17].reshaped(to: [-1, 7, 9, 1]) / 255
    let y = Tensor<Float>(labels).reshaped(to: [-1, 1]).broadcast(to: [32, 2]) / 9
    var model = network().compile(optimizer: "adam", loss: "mse", seed: 1)
    model.fit(x, y, epochs: 2, batchSize: 8, verbose: 0, hints: false)
    var copy = try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/model.safetensors")
      return try Model<Sequential<Float>>(contentsOf: "\(folder)/model.safetensors")
    }
    #expect(copy.predict(x) == model.predict(x) && copy.summary() == model.summary())
    #expect("\(copy.network)" == "\(model.network)")
    copy.fit(x, y, epochs: 3, initialEpoch: 2, batchSize: 8, verbose: 0, hints: false)
    model.fit(x, y, epochs: 3, initialEpoch: 2, batchSize: 8, verbose: 0, hints: false)
    #expect(copy.weights == model.weights)
  }
}
