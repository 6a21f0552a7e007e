import TestSupport
import Testing
import Train

/// A maker and a judge, both with batch normalisation, that train each other inside of `fit`.
private struct Game {
  var maker = Sequential<Float>([
    Dense(6, inputShape: [3]), BatchNormalization(), Activation(.relu), Dense(2),
  ]).compile(optimizer: .adam(learningRate: 0.01, beta1: 0.5), loss: .meanSquaredError, seed: 1)
  var judge = Sequential<Float>([
    Dense(6, activation: .leakyReLU, inputShape: [2]), BatchNormalization(), Dropout(0.25),
    Dense(1),
  ]).compile(optimizer: .adam(learningRate: 0.01, beta1: 0.5), loss: .meanSquaredError, seed: 2)

  /// Trains both; nil for `stop` to the end, else until that many batches are done.
  mutating func play(epochs: Int, from initialEpoch: Int = 0, stop: Int? = nil) throws -> History {
    var judge = judge
    defer { self.judge = judge }
    var batches = 0
    let stopping = Callback<Sequential<Float>>(stepEnded: { _, state in
      batches += 1
      if batches == stop { state.stop("enough") }
    })
    return try maker.fit(
      Dataset(points, points), epochs: epochs, initialEpoch: initialEpoch, batchSize: 16,
      callbacks: [stopping], verbose: 0, hints: false
    ) { maker, batch, context in
      let noise = Tensor<Float>.normal([batch.count, 3], using: &context.generator)
      let judged = judge.step(in: context) { network, context in
        AdversarialLoss.nonSaturating.discriminator(
          real: network(context.tape.constant(batch.inputs[0]), in: context),
          made: network(context.tape.constant(maker.predict(noise)), in: context))
      }
      let fooled = maker.step(in: context) { network, context in
        AdversarialLoss.nonSaturating.generator(
          made: judge.network(network(context.tape.constant(noise), in: context), in: context))
      }
      return ["loss": fooled, "judge_loss": judged]
    }
  }
}

private let points = Tensor<Float>(makeCircles(samples: 80, noise: 0.05, randomState: 0).x)

@Suite("Two networks that train each other", .serialized)
struct TwoNetworkTests {
  @Test("have the same bits for any number of threads")
  func threads() throws {
    let count = Parallel.threadCount
    defer { Parallel.threadCount = count }
    var results: [[Tensor<Float>]] = []
    for threads in [1, 2, 5] {
      Parallel.threadCount = threads
      var game = Game()
      let history = try game.play(epochs: 3)
      #expect(history.names == ["loss", "judge_loss"] && history["loss"].allSatisfy(\.isFinite))
      results.append(game.maker.weights + game.judge.weights)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
    #expect(results[0] != Game().maker.weights + Game().judge.weights)
  }

  @Test("go on from their files in the middle of an epoch", arguments: [1, 4, 7])
  func resume(stop: Int) throws {
    var whole = Game()
    _ = try whole.play(epochs: 2)
    var first = Game()
    _ = try first.play(epochs: 2, stop: stop)
    var second = Game()
    try withTemporaryFolder { folder in
      try first.maker.save(to: folder + "/maker.safetensors")
      try first.judge.save(to: folder + "/judge.safetensors")
      second.maker = try Model(contentsOf: folder + "/maker.safetensors")
      second.judge = try Model(contentsOf: folder + "/judge.safetensors")
    }
    _ = try second.play(epochs: 2, from: second.maker.epoch)
    #expect(second.maker.weights == whole.maker.weights)
    #expect(second.judge.weights == whole.judge.weights)
  }
}
