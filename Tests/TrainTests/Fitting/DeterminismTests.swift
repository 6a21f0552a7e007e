// The bits of every weight after every epoch, for the networks of the tutorials: the same with any number
// of threads, and when training was stopped at any step and taken up from a file.

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

/// The networks under test, each with its data.
private enum Problem: String, CaseIterable, Codable, Sendable {
  case circles, rounding, oneCircle, digits, dropout, batchNormalization

  var data: (x: Tensor<Float>, y: Tensor<Int>) {
    switch self {
    case .circles:
      let (x, y) = makeCircles(samples: 500, noise: 0.1, factor: 0.2, randomState: 0)
      return (Tensor<Float>(x), y)
    case .rounding:
      let (x, y) = makeRounding(samples: 500, seed: 1)
      return (Tensor<Float>(x), y)
    case .oneCircle:
      let (x, y) = makeCircles(samples: 700, noise: 0.05, factor: 0.5, randomState: 2)
      return (Tensor<Float>(x), y)
    case .digits, .dropout, .batchNormalization:
      let (images, labels) = makeDigits(samples: 330, seed: 4)
      return (Tensor<Float>(images) / 255, Tensor<Int>(labels))
    }
  }

  var model: Model<Sequential<Float>> {
    let sparse: LossName = "sparse_categorical_crossentropy"
    switch self {
    case .circles:
      return Sequential([
        Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
      ]).compile(optimizer: .sgd(learningRate: 0.5), loss: "binary_crossentropy", seed: 5)
    case .rounding:
      return Sequential([
        Dense(8, activation: .relu, inputShape: [1]), Dense(2, activation: .softmax),
      ]).compile(optimizer: "adam", loss: sparse, seed: 5)
    case .oneCircle:
      return Sequential([
        Dense(128, activation: .relu, inputShape: [2]), Dense(64, activation: .relu),
        Dense(2, activation: .softmax),
      ]).compile(optimizer: "adam", loss: sparse, seed: 5)
    case .digits, .dropout, .batchNormalization:
      return Sequential<Float> {
        Flatten(inputShape: [28, 28])
        Dense(128, activation: .relu)
        if self == .dropout { Dropout(0.3) }
        if self == .batchNormalization { BatchNormalization() }
        Dense(10, activation: .softmax)
      }.compile(optimizer: "adam", loss: sparse, seed: 5)
    }
  }

  /// A hash of all weights after each of three epochs, and one of the predictions at the end.
  func hashes() -> [UInt64] {
    var hashes: [UInt64] = []
    var model = model
    let (x, y) = data
    model.fit(
      x, y, epochs: 3, batchSize: 64,
      callbacks: [Callback(epochEnded: { model, _ in hashes.append(fingerprint(model.weights)) })],
      verbose: 0)
    return hashes + [fingerprint([model.predict(x)])]
  }
}

/// A number that differs if a bit of an element does (FNV-1a).
private func fingerprint(_ tensors: [Tensor<Float>]) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for element in tensors.flatMap(\.elements) {
    hash = (hash ^ UInt64(element.bitPattern)) &* 0x100_0000_01b3
  }
  return hash
}

@Suite("The bits of the tutorials' networks")
struct DeterminismTests {
  @Test(
    "are the same after every epoch with 1, 2, 3, 5 and 8 threads", arguments: Problem.allCases)
  fileprivate func threads(_ problem: Problem) async {
    // In a process of its own: the number of threads belongs to the whole program.
    await #expect(processExitsWith: .success) { [problem = problem as Problem] in
      Parallel.threadCount = 1
      let alone = problem.hashes()
      require(Set(alone).count == 4, "\(problem): nothing was trained")
      for count in [2, 3, 5, 8] {
        Parallel.threadCount = count
        require(problem.hashes() == alone, "\(problem): other bits with \(count) threads")
      }
    }
  }

  @Test(
    "are the same when training stops at a random step and goes on from a file",
    arguments: Problem.allCases)
  fileprivate func resumed(_ problem: Problem) throws {
    try withTemporaryFolder { try resume(problem, from: "\($0)/model") }
  }

  private func resume(_ problem: Problem, from path: String) throws {
    let (x, y) = problem.data
    var whole = problem.model
    whole.fit(x, y, epochs: 3, batchSize: 64, verbose: 0)
    for _ in 0..<4 {
      let last = Int.random(in: 1...15)
      var steps = 0
      var model = problem.model
      model.fit(
        x, y, epochs: 3, batchSize: 64,
        callbacks: [
          Callback(lossComputed: { _, state in
            steps += 1
            if steps == last { state.stop("enough") }
          })
        ], verbose: 0)
      try model.save(to: path)
      model = try Model(contentsOf: path)
      model.fit(x, y, epochs: 3, initialEpoch: model.epoch, batchSize: 64, verbose: 0)
      #expect(fingerprint(model.weights) == fingerprint(whole.weights), "stopped at step \(last)")
    }
  }
}
