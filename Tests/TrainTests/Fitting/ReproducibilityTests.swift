// The same bits whatever the number of threads, and no copy of weights while training.

import Synchronization
import TestSupport
import Testing
import Train

/// A network of 101,770 parameters and random images for it.
private func problem(_ samples: Int) -> (Model<Sequential<Float>>, Tensor<Float>, Tensor<Int>) {
  var generator = RandomGenerator(seed: 3)
  let x = Tensor<Float>.uniform([samples, 28, 28], using: &generator)
  let y = Tensor((0..<samples).map { _ in generator.nextInteger(below: 10) })
  let network = Sequential([
    Flatten(inputShape: [28, 28]), Dense(128, activation: .relu), Dense(10, activation: .softmax),
  ])
  let model = network.compile(
    optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"])
  return (model, x, y)
}

/// A number that differs if a bit of a weight does (FNV-1a).
private func hash(_ weights: [Tensor<Float>]) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for element in weights.flatMap(\.elements) {
    hash = (hash ^ UInt64(element.bitPattern)) &* 0x100_0000_01b3
  }
  return hash
}

@Suite("Training again", .serialized)
struct ReproducibilityTests {
  @Test("gives the same bits with 1, 2, 3 and 8 threads")
  func threads() {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    var hashes: [UInt64] = []
    var predictions: [Tensor<Float>] = []
    for count in [1, 2, 3, 8] {
      Parallel.threadCount = count
      var (model, x, y) = problem(500)
      model.fit(x, y, epochs: 2, verbose: 0)
      hashes.append(hash(model.weights))
      predictions.append(model.predict(x))
    }
    #expect(Set(hashes).count == 1)
    #expect(predictions.allSatisfy { $0 == predictions[0] })
  }

  @Test("predicts the same bits for one sample and for many")
  func batches() {
    let (model, x, y) = problem(37)
    let all = model.predict(x)
    for size in [1, 5, 16, 37] { #expect(model.predict(x, batchSize: size) == all) }
    #expect(model.predict(x[36...]) == all[36...])
    #expect(model.predict(x[..<0]).shape == [0, 10])
    let losses = [1, 5, 37].map { model.evaluate(x, y, batchSize: $0, verbose: 0).loss }
    expectClose(losses, [losses[0], losses[0], losses[0]], relative: 1e-6)
  }

  @Test("copies no weights, moments or batches from step to step")
  func noCopies() async {
    // In a process of its own, for the counter belongs to all threads.
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 1
      var (model, x, y) = problem(100)
      model.fit(x, y, epochs: 1, batchSize: 50, verbose: 0)
      let before = copyCount.load(ordering: .relaxed)
      model.fit(x, y, epochs: 1, batchSize: 50, verbose: 0)
      let two = copyCount.load(ordering: .relaxed) - before
      model.fit(x, y, epochs: 50, batchSize: 50, verbose: 0)
      let hundred = copyCount.load(ordering: .relaxed) - before - two
      require(two == hundred, "\(two) copies in 2 steps, \(hundred) in 100")
      require(two <= 1, "\(two) copies at the start of fit")
    }
  }

  @Test("copies weights once if a snapshot of them is kept")
  func snapshot() async {
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 1
      var (model, x, y) = problem(100)
      model.fit(x, y, epochs: 1, batchSize: 50, verbose: 0)
      let snapshot = model.weights
      let values = snapshot.map(\.elements)
      let before = copyCount.load(ordering: .relaxed)
      model.fit(x, y, epochs: 50, batchSize: 50, verbose: 0)
      let copies = copyCount.load(ordering: .relaxed) - before
      require(copies <= 5, "\(copies) copies of 4 tensors")
      require(snapshot.map(\.elements) == values, "the snapshot changed")
      require(model.weights != snapshot, "nothing was trained")
    }
  }
}
