// What protects hours of training: NaN that is traced to its origin, checkpoints, Ctrl-C.

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

private typealias Network = Sequential<Float>

private let (x, y) = makeCircles(samples: 200, noise: 0.1, factor: 0.3, randomState: 0)

private func model(_ optimizer: some Optimizer = Adam()) -> Model<Network> {
  Network([
    Dense(8, activation: .relu, inputShape: [2]), Dropout(0.2), Dense(1, activation: .sigmoid),
  ]).compile(optimizer: optimizer, loss: "binary_crossentropy", metrics: ["accuracy"], seed: 3)
}

@Suite("A number that is none")
struct NonFiniteTests {
  private func reason(
    _ model: Model<Network>, _ x: Tensor<Float>, _ y: Tensor<Float>, stops: Bool = true
  ) -> (History, Model<Network>) {
    var model = model
    let history = model.fit(
      x, y, epochs: 2, batchSize: 20, callbacks: [.terminateOnNaN(stops: stops)], verbose: 0,
      hints: false)
    return (history, model)
  }

  @Test(
    "among the samples or targets is named with its sample, whatever the order",
    arguments: [0, 77, 199])
  func data(sample: Int) {
    var (bad, labels) = (Tensor<Float>(x), Tensor<Float>(y))
    bad[sample, 1] = .nan
    let (history, stopped) = reason(model(), bad, labels)
    #expect(history.stopReason?.contains("the input for sample \(sample) holds nan") == true)
    #expect(stopped.weights.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
    labels[sample] = .nan
    #expect(
      reason(model(), Tensor<Float>(x), labels).0.stopReason?
        .contains("the target for sample \(sample) holds nan") == true)
  }

  @Test("is traced to the operation and layer that made it, and to the sample")
  func operation() {
    var large = Tensor<Float>(x)
    large[42, 0] = 3e38
    let network = Network([
      Dense(4, inputShape: [2], kernelInitializer: .ones), Activation(.tanh),
      Lambda { log($0 - 1.5) * 1 }, Dense(1),
    ])
    // The logarithm of a negative number, for each sample.
    let model = network.compile(optimizer: "sgd", loss: "mse")
    let text = reason(model, Tensor<Float>(x), Tensor<Float>(y)).0.stopReason ?? ""
    #expect(text.contains("log of layer"), "\(text)")
    #expect(text.contains("in epoch 1, batch 1"))

    let overflow = Network([Dense(1, inputShape: [2], kernelInitializer: .constant(10))])
      .compile(optimizer: "sgd", loss: "mse")
    let second = reason(overflow, large, Tensor<Float>(y)).0.stopReason ?? ""
    #expect(second.contains("dense of layer") && second.contains("for sample 42"), "\(second)")
  }

  @Test("in a gradient stops before the weights change, though the loss is finite")
  func gradient() {
    // The result is 0, its derivative beyond the largest number.
    let network = Network([
      Dense(1, inputShape: [2], kernelInitializer: .zeros), Lambda { $0 * 3e38 * 3e38 },
    ])
    let fresh = network.compile(optimizer: "sgd", loss: "mse")
    let (history, stopped) = reason(fresh, Tensor<Float>(x), Tensor<Float>(y))
    #expect(
      history.stopReason?.contains("the gradient of parameter dense.kernel is not finite")
        == true)
    #expect(history.stopReason?.contains("in epoch 1, batch 1, though the loss is") == true)
    #expect(stopped.weights == fresh.weights)
  }

  @Test("left in the weights by the last step of an epoch is seen")
  func weight() {
    var model = Network([Dense(1, inputShape: [2])]).compile(
      optimizer: SGD(learningRate: 1e39), loss: "mse")
    let history = model.fit(
      Tensor<Float>(x), Tensor<Float>(y), batchSize: 200, callbacks: [.terminateOnNaN()], verbose: 0
    )
    #expect(history.stopReason?.contains("after epoch 1 the parameter dense.kernel") == true)
  }

  @Test("is only reported if training is not to stop, and changes no bit of it")
  func warning() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var bad = Tensor<Float>(x)
      bad[5, 0] = .nan
      var watched = model()
      let history = watched.fit(
        bad, y, epochs: 2, callbacks: [.terminateOnNaN(stops: false)], verbose: 0)
      require(history.epochs == 2 && history.stopReason == nil, "stopped")
      var (plain, good) = (model(), model())
      plain.fit(x, y, epochs: 2, verbose: 0)
      good.fit(x, y, epochs: 2, callbacks: [.terminateOnNaN()], verbose: 0)
      require(plain.weights == good.weights, "other bits")
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.ranges(of: "the input for sample 5 holds nan").count == 1)
  }
}

@Suite("Checkpoints")
struct CheckpointTests {
  @Test("are kept with those before, and training goes on from the newest that is whole")
  func files() async throws {
    try await withAsyncTemporaryFolder { folder in
      let path = "\(folder)/model"
      var whole = model()
      whole.fit(x, y, epochs: 6, verbose: 0)

      var first = model()
      #expect(try first.restoreLatest(from: path) == nil)
      first.fit(x, y, epochs: 4, callbacks: [.checkpoint(to: path, keep: 3)], verbose: 0)
      let epochs = try ["", ".1", ".2"].map { try Model<Network>(contentsOf: path + $0).epoch }
      #expect(epochs == [4, 3, 2])
      #expect(!isReadable(path + ".3"))

      for damage in 0..<3 {
        var second = model()
        let file = try second.restoreLatest(from: path)
        #expect(file == path + ["", ".1", ".2"][damage] && second.epoch == 4 - damage)
        second.fit(x, y, epochs: 6, initialEpoch: second.epoch, verbose: 0)
        #expect(second.weights == whole.weights)
        // The next round finds this one damaged.
        var bytes = try readFile(file!)
        bytes[bytes.count - 9] ^= 4
        try writeFile(bytes, to: file!)
      }
      var third = model()
      let before = third.weights
      let error = #expect(throws: FileError.self) { try third.restoreLatest(from: path) }
      #expect(error?.path == path && third.weights == before)
    }
  }

  @Test("that find no room leave the file before")
  func fullDisk() async throws {
    try await withAsyncTemporaryFolder { folder in
      let path = "\(folder)/model"
      let result = await #expect(
        processExitsWith: .success, observing: [\.standardErrorContent]
      ) { [path = path as String] in
        var trained = model()
        trained.fit(x, y, epochs: 1, callbacks: [.checkpoint(to: path)], verbose: 0)
        // A limit on the size of files ends a write like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 300, rlim_max: 300)
        #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        #else
        setrlimit(RLIMIT_FSIZE, &limit)
        #endif
        trained.fit(
          x, y, epochs: 3, initialEpoch: 1, callbacks: [.checkpoint(to: path)], verbose: 0)
        require(trained.epoch == 3, "stopped")
      }
      let epoch = try Model<Network>(contentsOf: path).epoch
      #expect(epoch == 1)
      #expect(
        message(of: result, contains: "the model of epoch 2 could not be saved", "cannot write"))
    }
  }
}

/// Sends this process what Ctrl-C sends, and gives the thread that takes it the time to do so.
private func pressInterrupt() {
  kill(getpid(), SIGINT)
  usleep(300_000)
}

@Suite("Ctrl-C")
struct InterruptTests {
  @Test("ends training between two batches; the file takes it up with the same bits")
  func interrupt() async throws {
    try await withAsyncTemporaryFolder { folder in
      let path = "\(folder)/model"
      await #expect(processExitsWith: .success) { [path = path as String] in
        var trained = model()
        var steps = 0
        let history = trained.fit(
          x, y, epochs: 5,
          callbacks: [
            .stopOnInterrupt(), .checkpoint(to: path),
            Callback(lossComputed: { _, _ in
              steps += 1
              if steps == 10 { pressInterrupt() }
            }),
          ], verbose: 0)
        require(history.stopReason == "the program was interrupted", "not stopped")
        // Seven batches an epoch: the tenth is finished.
        require(trained.optimizerState.step == 10 && history.epochs == 2, "\(steps) steps")
      }
      var whole = model()
      whole.fit(x, y, epochs: 3, verbose: 0)
      var resumed = try Model<Network>(contentsOf: path)
      #expect(resumed.epoch == 1)
      resumed.fit(x, y, epochs: 3, initialEpoch: resumed.epoch, verbose: 0)
      #expect(resumed.weights == whole.weights)
    }
  }

  @Test("between two epochs adds no epoch to the history")
  func betweenEpochs() async {
    await #expect(processExitsWith: .success) {
      var trained = model()
      let history = trained.fit(
        x, y, epochs: 5,
        callbacks: [
          .stopOnInterrupt(),
          Callback(epochEnded: { _, state in if state.epoch == 2 { pressInterrupt() } }),
        ], verbose: 0)
      require(history.epochs == 2 && trained.epoch == 2, "\(history.epochs) epochs")
    }
  }

  @Test("ends the program the second time, after training, and if nobody asked for more")
  func usual() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      var trained = model()
      trained.fit(
        x, y, epochs: 5,
        callbacks: [
          .stopOnInterrupt(),
          Callback(lossComputed: { _, _ in for _ in 0..<2 { pressInterrupt() } }),
        ], verbose: 0)
    }
    await #expect(processExitsWith: .signal(SIGINT)) {
      var trained = model()
      trained.fit(x, y, callbacks: [.stopOnInterrupt()], verbose: 0)
      pressInterrupt()
    }
    await #expect(processExitsWith: .signal(SIGINT)) {
      var trained = model()
      trained.fit(
        x, y, callbacks: [Callback(epochEnded: { _, _ in pressInterrupt() })], verbose: 0)
    }
  }
}
