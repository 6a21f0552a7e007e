// Samples that are not in memory: the memory used by a training on more data than fits into memory,
// and the effect of reading ahead from a slow source.

import CommandLineOptions
import Tensor
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Samples of 4 KiB made on the fly, with an optional pause per batch.
private struct MadeSamples: SampleSource {
  let count: Int
  /// The simulated reading time of each batch, in microseconds.
  var pause: UInt32 = 0

  func batch(of samples: [Int]) -> Batch<Float> {
    if pause > 0 { usleep(pause) }
    var x = Tensor<Float>.ones([samples.count, 1024])
    var y = Tensor<Float>.zeros([samples.count])
    for (row, sample) in samples.enumerated() {
      let value = Float(sample % 17) / 17 - 0.5
      x[row, 0] = value
      y[row] = 3 * value
    }
    return Batch(x: x, y: y)
  }
}

private func untrained(units: Int = 1) -> Model<Sequential<Float>> {
  Sequential([
    Dense(units, activation: .tanh, inputShape: [1024]), Dense(1),
  ]).compile(optimizer: .sgd(learningRate: 1e-4), loss: .meanSquaredError)
}

/// Trains on 20 GB, and from a source that is as slow as the network.
func streamingSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  if reporter.wants("streaming-20GB") {
    let bytes = 20_000_000_000
    let source = MadeSamples(count: bytes / 4096)
    var model = untrained()
    let start = ContinuousClock.now
    fit(&model, Dataset(source), batchSize: 512, shuffle: false)
    let seconds = start.duration(to: .now).seconds
    reporter.report(
      "streaming-20GB", metric: "rate", unit: "GB/s", [1e-9 * Double(bytes) / seconds])
    reporter.report("streaming-20GB", metric: "peak", unit: "MiB", [peakMemory()])
  }
  guard reporter.wants("streaming-slow") else { return }
  let batch = MadeSamples(count: 64)
  var model = untrained(units: 2048)
  func step() -> Double {
    Reporter.time { fit(&model, Dataset(batch).readingAhead(0), batchSize: 64, shuffle: false) }
  }
  _ = step()
  let pause = Reporter.median(of: (0..<9).map { _ in step() })
  for ahead in [0, 1, 2, 4] {
    let source = MadeSamples(count: 64 * 50, pause: UInt32(1e6 * pause))
    let seconds = (0..<3).map { _ in
      Reporter.time { fit(&model, Dataset(source).readingAhead(ahead), batchSize: 64) } / 50
    }
    reporter.report(
      "streaming-slow-\(ahead)-ahead", metric: "step", unit: "ms", seconds.map { 1e3 * $0 })
  }
}

private func fit(
  _ model: inout Model<Sequential<Float>>, _ data: Dataset<Float>, batchSize: Int,
  shuffle: Bool = true
) {
  do {
    try model.fit(data, batchSize: batchSize, shuffle: shuffle, verbose: 0, hints: false)
  } catch {
    fail("streaming: \(error)")
  }
}

/// The peak memory of the process, in MiB.
private func peakMemory() -> Double {
  var usage = rusage()
  #if canImport(Glibc)
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
  getrusage(RUSAGE_SELF, &usage)
  #endif
  #if canImport(Darwin)
  return Double(usage.ru_maxrss) / 1_048_576
  #else
  return Double(usage.ru_maxrss) / 1024
  #endif
}
