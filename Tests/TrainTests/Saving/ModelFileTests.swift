// A model that was stored and read goes on as if nothing had happened.

import ArrayFiles
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A path for a file of this test, which is removed afterwards.
private func withPath<Result>(
  _ suffix: String = ".safetensors", _ body: (String) throws -> Result
) rethrows -> Result {
  try withTemporaryFolder { try body("\($0)/model\(suffix)") }
}

private let (x, y) = makeCircles(samples: 200, noise: 0.1, factor: 0.3, randomState: 0)

private func network() -> Sequential<Float> {
  Sequential([
    Dense(8, activation: .relu, inputShape: [2], kernelRegularizer: .l2(1e-4)), Dropout(0.2),
    BatchNormalization(), Dense(1, activation: .sigmoid),
  ])
}

private func model(_ optimizer: some Optimizer = Adam()) -> Model<Sequential<Float>> {
  network().compile(
    optimizer: optimizer, loss: "binary_crossentropy", metrics: ["accuracy"], seed: 3)
}

@Suite("A model file")
struct ModelFileTests {
  @Test("keeps that a dense layer has no bias")
  func noBias() throws {
    let network = Sequential<Float>([Dense(3, useBias: false, inputShape: [2]), Dense(1)])
    let first = network.compile(optimizer: "sgd", loss: "mse")
    let second = try withPath { path in
      try first.save(to: path)
      return try Model<Sequential<Float>>(contentsOf: path)
    }
    #expect(second.network.parameterPaths == ["dense.kernel", "dense_1.kernel", "dense_1.bias"])
    #expect(second.weights == first.weights)
  }

  @Test("keeps the vector that spectral normalisation follows")
  func spectralNormalization() throws {
    let network = Sequential<Float>([
      Dense(3, inputShape: [2]), SpectralNormalization(Dense(1), powerIterations: 2),
    ])
    var first = network.compile(optimizer: "sgd", loss: "binary_crossentropy")
    first.fit(x, y, epochs: 1, verbose: 0)
    let second = try withPath { path in
      try first.save(to: path)
      return try Model<Sequential<Float>>(contentsOf: path)
    }
    #expect(second.weights == first.weights)
    #expect((second.network.layers[1] as? SpectralNormalization<Float>)?.powerIterations == 2)
    #expect(second.predict(x) == first.predict(x))
  }

  @Test(
    "resumes training with the same bits, whatever the optimizer",
    arguments: [
      SGD(momentum: 0.9), Adam(), AdamW(), Nadam(), Adamax(), RMSprop(), Adagrad(), Adadelta(),
      Adam().clipped(to: .globalNorm(1)),
      AdamW().group(.path("dense"), rateFactor: 0.5).decayingOnlyKernels().clipped(to: .norm(2))
        .averagingWeights(decay: 0.9),
    ] as [any Optimizer])
  func resume(_ optimizer: any Optimizer) throws {
    func check(_ optimizer: some Optimizer) throws {
      var whole = model(optimizer)
      let history = whole.fit(x, y, epochs: 4, verbose: 0)

      var first = model(optimizer)
      first.fit(x, y, epochs: 2, verbose: 0)
      var second = try withPath { path in
        try first.save(to: path)
        return try Model<Sequential<Float>>(contentsOf: path)
      }
      #expect(second.epoch == 2 && second.weights == first.weights)
      #expect(second.optimizer.name == optimizer.name)
      let rest = second.fit(x, y, epochs: 4, initialEpoch: second.epoch, verbose: 0)
      #expect(second.weights == whole.weights)
      #expect(rest["loss"] == Array(history["loss"][2...]))
      #expect(rest["accuracy"] == Array(history["accuracy"][2...]))
    }
    try check(optimizer)
  }

  @Test("resumes inside of an epoch", arguments: [1, 3, 6, 7, 9, 14])
  func resumeInside(step: Int) throws {
    var whole = model()
    whole.fit(x, y, epochs: 3, verbose: 0)

    try withPath { path in
      var steps = 0
      var interrupted = model()
      interrupted.fit(
        x, y, epochs: 3,
        callbacks: [
          Callback(lossComputed: { _, state in
            steps += 1
            if steps == step { state.stop("enough") }
          })
        ], verbose: 0)
      try interrupted.save(to: path)
      var resumed = try Model<Sequential<Float>>(contentsOf: path)
      resumed.fit(x, y, epochs: 3, initialEpoch: resumed.epoch, verbose: 0)
      #expect(resumed.weights == whole.weights)
    }
  }

  @Test("holds what makes the network again")
  func description() throws {
    var model = Sequential([
      Flatten(inputShape: [4, 3]), Reshape([2, -1]), Dense(3, activation: .softplus),
      LeakyReLU(negativeSlope: 0.1), ELU(alpha: 0.5), Flatten(), BatchNormalization(momentum: 0.9),
      Activation(.tanh), Sequential([Dense(5), Dropout(0.5)]),
      Dense(2, activation: .softmax, biasRegularizer: .l1(0.5)),
    ]).compile(
      optimizer: .sgd(learningRate: 0.1), loss: CategoricalCrossentropy(labelSmoothing: 0.1),
      metrics: ["accuracy", "mae"])
    model.network.freeze("dense.kernel")
    try withPath { path in
      try model.save(to: path)
      let copy = try Model<Sequential<Float>>(contentsOf: path)
      #expect(copy.summary() == model.summary())
      #expect(copy.weights == model.weights)
      #expect(copy.metrics.map(\.name) == ["accuracy", "mae"])
      #expect((copy.loss as? CategoricalCrossentropy)?.labelSmoothing == 0.1)
      #expect(
        copy.network.parameters.map(\.isTrainable) == model.network.parameters.map(\.isTrainable))
      let samples = Tensor<Float>.ones([2, 4, 3])
      #expect(copy.predict(samples) == model.predict(samples))
      let names = try SafetensorsFile(contentsOf: path).names
      #expect(names.contains("dense.kernel") && names.contains("sequential.dense.bias"))
    }
  }

  @Test(
    "gives weights to a model of the same network, through both formats",
    arguments: [".npz", ".safetensors"])
  func weightsAlone(suffix: String) throws {
    try withPath(suffix) { path in
      let trained = model()
      try trained.saveWeights(to: path)
      var other = network().compile(optimizer: "sgd", loss: "mse", seed: 9)
      #expect(other.weights != trained.weights)
      try other.loadWeights(contentsOf: path)
      #expect(other.weights == trained.weights)

      var small = Sequential([Dense(1, inputShape: [2])]).compile(optimizer: "sgd", loss: "mse")
      let before = small.weights
      let error = #expect(throws: FileError.self) { try small.loadWeights(contentsOf: path) }
      #expect(error!.description.contains("dense.kernel: expected [2, 1], got [2, 8]"))
      #expect(small.weights == before)
    }
  }

  @Test("that is damaged is refused and leaves the model as it was")
  func damaged() throws {
    try withPath { path in
      var model = model()
      model.fit(x, y, epochs: 1, verbose: 0)
      try model.save(to: path)
      let bytes = try readFile(path)
      var refused = 0
      for position in stride(from: 0, to: bytes.count, by: 13) {
        var damaged = bytes
        damaged[position] ^= 0x10
        try writeFile(damaged, to: path)
        do {
          _ = try Model<Sequential<Float>>(contentsOf: path)
        } catch {
          refused += 1
        }
      }
      // A changed digit of a setting, such as a rate, can go unnoticed; a changed tensor cannot.
      #expect(refused > bytes.count / 13 * 3 / 4)
      try writeFile(Array(bytes.dropLast(4)), to: path)
      let before = model.weights
      #expect(throws: FileError.self) { try model.restore(contentsOf: path) }
      #expect(model.weights == before)
    }
  }

  @Test("of a network that cannot be described is restored into a model made by hand")
  func undescribed() throws {
    try withPath { path in
      func make() -> Model<Sequential<Float>> {
        Sequential([Dense(2, inputShape: [2]), Lambda { $0 * 2 }, Dense(1)])
          .compile(optimizer: .adam(), loss: .meanSquaredError)
      }
      var model = make()
      model.fit(x, Tensor<Float>(y), epochs: 1, verbose: 0)
      try model.save(to: path)
      let error = #expect(throws: FileError.self) {
        try Model<Sequential<Float>>(contentsOf: path)
      }
      #expect(error!.description.contains("network.layers.1: layer: there is no \"Lambda\""))
      var copy = make()
      try copy.restore(contentsOf: path)
      #expect(
        copy.weights == model.weights && copy.optimizerState.step == model.optimizerState.step)
    }
  }
}
