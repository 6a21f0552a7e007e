// One model read from many threads, and the memory of a program that trains for long.

import Dispatch
import Synchronization
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

private func problem() -> (model: Model<Sequential<Float>>, x: Tensor<Float>, y: Tensor<Float>) {
  var generator = RandomGenerator(seed: 6)
  let x = Tensor<Float>.uniform([64, 20], using: &generator)
  let model = Sequential([
    Dense(32, activation: .relu, inputShape: [20]), Dropout(0.2), BatchNormalization(),
    Dense(1, activation: .sigmoid),
  ]).compile(optimizer: "adam", loss: "mean_squared_error")
  return (model, x, x.mean(axis: 1, keepingDimensions: true))
}

@Suite("A model in a program")
struct SharedModelTests {
  @Test("is read by eight threads at once, and its copies train on them, with the bits of one")
  func threads() async {
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 3
      let (model, x, y) = problem()
      let predicted = model.predict(x)
      var copy = model
      copy.fit(x, y, epochs: 5, batchSize: 16, verbose: 0)
      let trained = copy.weights
      let wrong = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: 8) { caller in
        for _ in 0..<20 where model.predict(x) != predicted { wrong.add(1, ordering: .relaxed) }
        var copy = model
        copy.fit(x, y, epochs: 5, batchSize: 16, verbose: 0)
        if copy.weights != trained { wrong.add(1, ordering: .relaxed) }
      }
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 { group.addTask { model.predict(x) == predicted } }
        for await isRight in group where !isRight { wrong.add(1, ordering: .relaxed) }
      }
      require(wrong.load(ordering: .relaxed) == 0, "other numbers on another thread")
    }
  }

  #if os(Linux)
  @Test(
    "takes no more memory after 20,000 steps and predictions, or WENGERT_STEPS, than after a few",
    .enabled(if: dlsym(nil, "__asan_init") == nil, "the address sanitizer keeps freed memory"))
  func memory() async {
    await #expect(processExitsWith: .success) {
      let steps = getenv("WENGERT_STEPS").flatMap { Int(String(cString: $0)) } ?? 20_000
      var (model, x, y) = problem()
      func use(epochs: Int) {
        // Four steps an epoch.
        model.fit(x, y, epochs: epochs, batchSize: 16, verbose: 0, hints: false)
        for _ in 0..<4 * epochs { _ = model.predict(x[..<1]) }
      }
      use(epochs: 250)
      let before = residentBytes()
      use(epochs: steps / 4)
      let growth = residentBytes() - before
      require(growth < 2 << 20, "\(growth) bytes more after \(steps) steps and predictions")
    }
  }
  #endif
}

#if os(Linux)
/// The memory that the process has now, in bytes: the second number of `/proc/self/statm`, in pages.
private func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  guard fgets(&line, 256, file) != nil else { return 0 }
  let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return (Int(text.split(separator: " ")[1]) ?? 0) * Int(getpagesize())
}
#endif
