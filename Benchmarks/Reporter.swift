// Timing, and output for people or programs.

import Tensor
import Train

/// Prints measurements as a table for people, or as one JSON object per line.
struct Reporter {
  let isJSON: Bool
  let filter: String

  /// Whether a workload was requested.
  func wants(_ workload: String) -> Bool { filter.isEmpty || workload.contains(filter) }

  /// Prints one measurement: the median of `values` and their spread.
  func report(_ workload: String, metric: String, unit: String, _ values: [Double]) {
    let sorted = values.sorted()
    let median = Self.median(of: values)
    if isJSON {
      print(
        "{\"peer\": \"wengert\", \"workload\": \"\(workload)\", \"threads\": "
          + "\(Parallel.threadCount), \"metric\": \"\(metric)\", \"value\": \(digits(median)), "
          + "\"unit\": \"\(unit)\", \"n\": \(values.count), \"min\": \(digits(sorted[0])), "
          + "\"max\": \(digits(sorted[sorted.count - 1]))}")
    } else {
      print(
        padded(workload, 32) + padded(metric, 12) + leftPadded(digits(median), 10) + " "
          + padded(unit, 10) + "(\(digits(sorted[0])) – \(digits(sorted[sorted.count - 1])))")
    }
  }

  /// Prints the context of the figures: machine, instruction set, threads, measured ceilings.
  func printHeader() {
    let float = 1e-9 * Ceilings.multiplyAddRate(Float.self)
    let double = 1e-9 * Ceilings.multiplyAddRate(Double.self)
    let copy = 1e-9 * Ceilings.copyRate()
    if isJSON {
      for (workload, value, unit) in [
        ("ceiling-fma-f32", float, "GFLOP/s"), ("ceiling-fma-f64", double, "GFLOP/s"),
        ("ceiling-copy", copy, "GB/s"),
      ] {
        report(workload, metric: "rate", unit: unit, [value])
      }
      return
    }
    print("machine          \(Machine.name), \(Machine.processorCount) processors")
    print("instruction set  \(Machine.instructionSet.rawValue)")
    print("threads          \(Parallel.threadCount)")
    print(
      "ceilings         one core: \(digits(float)) GFLOP/s in Float, \(digits(double)) in Double")
    print("                 copying 40 MB: \(digits(copy)) GB/s, read and write")
    print()
  }

  /// The time of `body` in seconds.
  static func time(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return start.duration(to: .now).seconds
  }

  /// The times per call in seconds: `repeats` samples of at least 60 ms each, after a warm-up.
  static func sample(repeats: Int = 5, _ body: () -> Void) -> [Double] {
    body()
    let calls = max(1, Int(0.06 / max(time(body), 1e-7)))
    return (0..<repeats).map { _ in
      time { for _ in 0..<calls { body() } } / Double(calls)
    }
  }

  static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// A number with about four significant digits.
func digits(_ value: Double) -> String {
  guard value.isFinite && value != 0 else { return "\(value)" }
  var decimals = 3
  var limit = 10.0
  while decimals > 0 && abs(value) >= limit {
    decimals -= 1
    limit *= 10
  }
  return abs(value) < 1e-3
    ? formatScientific(value, decimals: 3) : formatFixed(value, decimals: decimals)
}

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}

func leftPadded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
