import ArrayFiles
import Synchronization
import TestSupport
import Testing
import Train

private let x = Tensor<Float>(shape: [50, 2]) { Float(($0[0] * 7 + $0[1] * 3) % 11) / 5 - 1 }
private let y = Tensor<Int>((0..<50).map { x[$0, 0] + x[$0, 1] > 0.2 ? 1 : 0 })

private func untrained() -> Model<Sequential<Float>> {
  Sequential([
    Dense(6, activation: .tanh, inputShape: [2]), Dropout(0.3), Dense(1, activation: .sigmoid),
  ]).compile(optimizer: .adam(), loss: .binaryCrossentropy, metrics: [.accuracy], seed: 3)
}

/// The samples made on the fly.
private struct Source: SampleSource {
  let count = 50
  func batch(of samples: [Int]) throws -> Batch<Float> {
    Batch(x: x.rows(samples), y: Tensor<Float>(y.rows(samples)))
  }
}

private struct Broken: Error, Equatable { let sample: Int }

/// A stream of batches of 7 samples.
private func stream(shuffleBuffer: Int = 0) -> Dataset<Float> {
  Dataset<Float>(shuffleBuffer: shuffleBuffer) { _ in
    var begin = 0
    return {
      guard begin < 50 else { return nil }
      let end = min(begin + 7, 50)
      defer { begin = end }
      return Batch(x: x[begin..<end], y: Tensor<Float>(y[begin..<end]))
    }
  }
}

@Suite("Samples from anywhere")
struct DatasetTests {
  @Test("train to the same bits as samples in memory", arguments: [true, false])
  func sameBits(shuffle: Bool) throws {
    var expected = untrained()
    let history = expected.fit(
      x, y, epochs: 3, batchSize: 8, shuffle: shuffle, validationSplit: 0.2, verbose: 0)
    func check(_ data: Dataset<Float>, _ name: String) throws {
      var model = untrained()
      let own = try model.fit(
        data, epochs: 3, batchSize: 8, shuffle: shuffle, validationSplit: 0.2, verbose: 0)
      #expect(model.weights == expected.weights && own == history, "\(name)")
      let (measured, predicted) = (
        try model.evaluate(data, verbose: 0), try model.predict(data, batchSize: 7)
      )
      #expect(measured == expected.evaluate(x, y, verbose: 0), "\(name)")
      #expect(predicted == expected.predict(x), "\(name)")
    }
    try check(Dataset(x, y), "tensors of two types")
    try check(Dataset(x, Tensor<Float>(y)), "tensors")
    try check(Dataset(Source()), "a source")
    for ahead in [0, 1, 5] { try check(Dataset(Source()).readingAhead(ahead), "\(ahead) ahead") }
    try check(Dataset(count: 50) { try Source().batch(of: $0) }, "a closure")
    try check(Dataset(Source()).map { _ in }, "batches that are not changed")
    try withTemporaryFolder { folder in
      try x.writeNPY(to: folder + "/x.npy")
      try Tensor<UInt8>(y).writeNPY(to: folder + "/y.npy")
      let file = Dataset<Float>(
        try StoredArray(contentsOfNPY: folder + "/x.npy"),
        try StoredArray(contentsOfNPY: folder + "/y.npy"))
      try check(file, "files")
    }
  }

  @Test("may be a stream, cut to batches and evaluated as it comes")
  func streams() throws {
    var expected = untrained()
    let history = expected.fit(x, y, epochs: 2, batchSize: 8, shuffle: false, verbose: 0)
    var model = untrained()
    let own = try model.fit(stream(), epochs: 2, batchSize: 8, shuffle: false, verbose: 0)
    #expect(model.weights == expected.weights && own == history)
    let predicted = try model.predict(stream())
    #expect(predicted == expected.predict(x))
    let measured = try model.evaluate(stream(), batchSize: 7, verbose: 0)
    #expect(measured == expected.evaluate(x, y, batchSize: 7, verbose: 0))
  }

  @Test("of a stream are shuffled through a buffer, each once, in another order each epoch")
  func shuffledStream() throws {
    let seen = Mutex<[[Int]]>([])
    let data = stream(shuffleBuffer: 20).map { batch in
      seen.withLock { $0.append(batch.samples) }
      for (row, number) in batch.samples.enumerated() {
        require(batch.x[row, 0] == x[number, 0], "the row is not that of its number")
      }
    }
    var model = untrained()
    try model.fit(data, epochs: 2, batchSize: 8, verbose: 0)
    let all = seen.withLock { $0 }
    let epochs = [all[..<7].flatMap { $0 }, all[7...].flatMap { $0 }]
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<50)) }
    #expect(epochs[0] != epochs[1] && epochs[0] != Array(0..<50))
    #expect(all.map(\.count) == [8, 8, 8, 8, 8, 8, 2, 8, 8, 8, 8, 8, 8, 2])
    var again = untrained()
    try again.fit(stream(shuffleBuffer: 20), epochs: 2, batchSize: 8, verbose: 0)
    #expect(again.weights == model.weights)
  }

  @Test("are changed batch by batch with random numbers that depend on seed, epoch and sample")
  func transforms() throws {
    func trained(_ data: Dataset<Float>, batchSize: Int = 8) throws -> ([Tensor<Float>], [Float]) {
      let noise = Mutex<[Int: Float]>([:])
      let noisy = data.map { batch in
        for (row, number) in batch.samples.enumerated() {
          var random = batch.random(forSample: row)
          let value = Float(random.nextUniform())
          batch.x[row, 0] += value
          noise.withLock { $0[number] = value }
        }
      }
      var model = untrained()
      try model.fit(noisy, epochs: 2, batchSize: batchSize, verbose: 0)
      return (model.weights, (0..<50).map { number in noise.withLock { $0[number]! } })
    }
    let (weights, noise) = try trained(Dataset(x, y))
    #expect(Set(noise).count > 45)
    for ahead in [0, 1, 7] {
      let own = try trained(Dataset(Source()).readingAhead(ahead))
      #expect(own.0 == weights)
    }
    let memory = try trained(Dataset(x, Tensor<Float>(y)))
    #expect(memory.0 == weights)
    // Another batch size gives other weights and the same numbers.
    let smaller = try trained(Dataset(x, y), batchSize: 5)
    #expect(smaller.0 != weights && smaller.1 == noise)
  }

  @Test(
    "go on inside of an epoch after an interruption", arguments: ["memory", "source", "stream"])
  func resume(_ kind: String) throws {
    let data =
      switch kind {
      case "memory": Dataset<Float>(x, Tensor<Float>(y))
      case "source": Dataset(Source())
      default: stream(shuffleBuffer: 10)
      }
    var whole = untrained()
    try whole.fit(data, epochs: 3, batchSize: 8, verbose: 0)
    try withTemporaryFolder { folder in
      var model = untrained()
      var steps = 0
      let stop = Callback<Sequential<Float>>(stepBegan: { _, state in
        steps += 1
        if steps == 11 { state.stop("enough") }
      })
      try model.fit(data, epochs: 3, batchSize: 8, callbacks: [stop], verbose: 0)
      #expect(model.epoch == 1)
      try model.save(to: folder + "/model.safetensors")
      var other = untrained()
      try other.restore(contentsOf: folder + "/model.safetensors")
      try other.fit(data, epochs: 3, initialEpoch: other.epoch, batchSize: 8, verbose: 0)
      #expect(other.weights == whole.weights)
    }
  }

  @Test("that cannot be read make fit throw, and training goes on from there", arguments: [0, 2])
  func errors(ahead: Int) throws {
    let fails = Atomic(true)
    let data = Dataset<Float>(count: 50) { samples in
      if samples.contains(31) && fails.load(ordering: .relaxed) { throw Broken(sample: 31) }
      return try Source().batch(of: samples)
    }.readingAhead(ahead)
    var whole = untrained()
    whole.fit(x, y, epochs: 2, batchSize: 8, verbose: 0)
    var model = untrained()
    var hasEnded = false
    let end = Callback<Sequential<Float>>(trainingEnded: { _, _ in hasEnded = true })
    #expect(throws: Broken(sample: 31)) {
      try model.fit(data, epochs: 2, batchSize: 8, callbacks: [end], verbose: 0)
    }
    #expect(hasEnded)
    fails.store(false, ordering: .relaxed)
    try model.fit(data, epochs: 2, initialEpoch: model.epoch, batchSize: 8, verbose: 0)
    #expect(model.weights == whole.weights)
    fails.store(true, ordering: .relaxed)
    #expect(throws: Broken.self) { try model.evaluate(data, verbose: 0) }
    #expect(throws: Broken.self) { try model.predict(data) }
  }

  @Test("are not read after training was stopped")
  func cancelled() throws {
    let isOver = Atomic(false)
    let data = Dataset<Float>(count: 50) { samples in
      require(!isOver.load(ordering: .relaxed), "read after fit has returned")
      return try Source().batch(of: samples)
    }.readingAhead(4)
    var model = untrained()
    let stop = Callback<Sequential<Float>>(stepBegan: { _, state in state.stop("at once") })
    try model.fit(data, epochs: 3, batchSize: 2, callbacks: [stop], verbose: 0)
    isOver.store(true, ordering: .relaxed)
    #expect(model.optimizerState.step == 0)
  }

  @Test("have class weights, sample weights, subsets and splits like tensors")
  func weights() throws {
    let weights = Tensor<Float>((0..<50).map { Float($0 % 3) })
    var expected = untrained()
    expected.fit(x, y, epochs: 2, sampleWeight: weights, verbose: 0)
    var model = untrained()
    try model.fit(Dataset(x, y, weights: weights), epochs: 2, verbose: 0)
    #expect(model.weights == expected.weights)

    expected = untrained()
    expected.fit(x, y, epochs: 2, classWeight: [1: 3], verbose: 0)
    for data in [Dataset<Float>(x, y), Dataset(x, Tensor<Float>(y)), Dataset(Source())] {
      model = untrained()
      try model.fit(data, epochs: 2, classWeight: [1: 3], verbose: 0)
      #expect(model.weights == expected.weights)
    }
    let some = [4, 1, 30, 7, 7]
    expected = untrained()
    expected.fit(x.rows(some), y.rows(some), epochs: 2, batchSize: 2, verbose: 0)
    for data in [Dataset<Float>(x, y), Dataset(x, Tensor<Float>(y)), Dataset(Source())] {
      model = untrained()
      try model.fit(data.samples(some), epochs: 2, batchSize: 2, verbose: 0)
      #expect(model.weights == expected.weights)
      #expect(data.samples(some).samples([1, 2]).count == 2)
    }
  }

  @Test("build a network that states no shape")
  func builtLate() throws {
    var model = Sequential([Dense(1, activation: .sigmoid)])
      .compile(optimizer: .sgd(), loss: .binaryCrossentropy)
    try model.fit(Dataset(Source()), verbose: 0)
    #expect(model.weights[0].shape == [2, 1])
  }

  @Test("of bytes are converted batch by batch")
  func bytes() throws {
    let bytes = Tensor<UInt8>(shape: [50, 2]) { UInt8(($0[0] * 5 + $0[1]) % 256) }
    var expected = untrained()
    expected.fit(Tensor<Float>(bytes) / 255, y, epochs: 2, verbose: 0)
    var model = untrained()
    try model.fit(Dataset(bytes, y).map { $0.x = $0.x / 255 }, epochs: 2, verbose: 0)
    #expect(model.weights == expected.weights)
  }
}
