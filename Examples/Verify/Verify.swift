// Verifies the tutorials' numbers: every network of Tutorials.swift is trained with several seeds,
// and each published number is compared with the results.
//
//     swift run -c release verify --data DIR

import CommandLineOptions
import FromScratchNetworks
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The condition under which a row passes, applied to the median over the seeds.
enum Rule {
  /// Larger is better.
  case atLeast(Double)
  /// Smaller is better.
  case atMost(Double)
  /// Equal, up to the published digits.
  case equal(Double, within: Double = 0)
  /// The published number was one lucky run, better than the median of Keras itself; our median
  /// must lie within the range of runs of Keras or of a NumPy replica.
  case lucky(Double, band: ClosedRange<Double>)

  var published: Double {
    switch self {
    case .atLeast(let value), .atMost(let value), .equal(let value, _), .lucky(let value, _): value
    }
  }

  /// A value that is worse than any other.
  var worst: Double {
    if case .atMost = self { .infinity } else { -.infinity }
  }

  func holds(_ median: Double) -> Bool {
    switch self {
    case .atLeast(let value): median >= value
    case .atMost(let value): median <= value
    case .equal(let value, let tolerance): abs(median - value) <= tolerance
    case .lucky(_, let band): band.contains(median)
    }
  }

  var description: String {
    switch self {
    case .atLeast: "at least"
    case .atMost: "at most"
    case .equal: "equal"
    case .lucky(_, let band): "in \(short(band.lowerBound))...\(short(band.upperBound))"
    }
  }
}

/// Prints a row for each published number and counts those that pass.
struct Report {
  private(set) var rows = 0
  private(set) var holding = 0

  mutating func row(_ quantity: String, _ rule: Rule, _ values: [Double]) {
    // A run that gave NaN counts as the worst.
    let sorted = values.map { $0.isNaN ? rule.worst : $0 }.sorted()
    let half = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    let holds = rule.holds(median)
    rows += 1
    holding += holds ? 1 : 0
    let range =
      sorted[0] == sorted[sorted.count - 1]
      ? "" : "\(short(sorted[0])) to \(short(sorted[sorted.count - 1]))"
    print(
      padded("  " + quantity, 40) + padded(short(rule.published), 11) + padded(short(median), 11)
        + padded(range, 24) + padded(holds ? "holds" : "DOES NOT HOLD", 15) + rule.description)
  }

  /// Trains a network once per seed, prints its rows, and reports how many runs are dead.
  ///
  /// A dead run learned nothing, as happens when no ReLU is ever active.
  mutating func tutorial(
    _ name: String, seeds: Int, _ rows: KeyValuePairs<String, (String, Rule)>,
    isDead: (Numbers) -> Bool = { _ in false }, _ train: (UInt64) -> Numbers
  ) {
    let start = ContinuousClock.now
    let runs = (0..<seeds).map { train(UInt64($0)) }
    let seconds = start.duration(to: .now) / .seconds(1)
    let dead = runs.filter(isDead).count  // They count below like all others.
    let time = formatFixed(seconds / Double(seeds), decimals: 2)
    print("\n\(name): \(seeds) runs, \(dead) of them dead, \(time) s each")
    for (quantity, (key, rule)) in rows { row(quantity, rule, runs.map { $0[key] ?? .nan }) }
    fflush(nil)  // Standard output may be a file that somebody watches.
  }
}

/// At most four decimals; none for large numbers and integers.
private func short(_ value: Double) -> String {
  formatFixed(value, decimals: value == value.rounded() || abs(value) >= 1e4 ? 0 : 4)
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}

@main
struct Verify {
  static func main() {
    let options = CommandLineOptions(
      program: "verify",
      about:
        "Trains every network of the tutorials and compares what it reaches with their numbers.",
      [
        .value(
          "data", "DIR", "the folder with grokking, mnist and fashion-mnist (or WENGERT_DATA)"),
        .value("seeds", "N", "how many runs of each network, 5 or more", default: "5"),
        .flag("hashes", "prints a hash of all weights after each epoch instead"),
        .value("only", "NAME", "one of the networks alone: \(names.joined(separator: ", "))"),
      ])
    let seeds = options.integer("seeds", in: 5...1000) ?? 5
    let only = options.choice("only", of: names)
    func wanted(_ name: String) -> Bool { only == nil || only == name }

    if options.has("hashes") { printHashes(options, wanted) }
    var report = Report()
    print(
      padded("", 40) + padded("published", 11) + padded("median", 11) + padded("range", 24)
        + padded("verdict", 15) + "rule")
    do {
      if wanted("arithmetic") { arithmetic(&report) }
      if wanted("circles") { circles(&report, seeds) }
      if wanted("rounding") { rounding(&report, seeds) }
      if wanted("one-circle") {
        let folder = dataFolder(options, named: "grokking")
        let table = try Table(contentsOf: "\(folder)/one_circle.csv")
        report.tutorial(
          "one-circle", seeds: seeds,
          [
            "parameters": ("parameters", .equal(8_770)),
            "accuracy in training, epoch 100": ("accuracy", .atLeast(0.9)),
          ]
        ) { trainOneCircle(table, seed: $0) }
      }
      if wanted("houses") {
        let folder = dataFolder(options, named: "grokking")
        let table = try Table(contentsOf: "\(folder)/Hyderabad.csv")
        report.tutorial(
          "houses", seeds: seeds,
          [
            "parameters": ("parameters", .equal(14_795)),
            "RMSE as published": ("rmse", .lucky(5_535_425, band: 5_534_000...5_567_000)),
            "RMSE, standardised, least squares": ("standardised", .atMost(4_739_547)),
          ]
        ) { trainHouses(table, seed: $0) }
      }
      if wanted("clothes") {
        let data = try ImageDataset(folder: dataFolder(options, named: "fashion-mnist"))
        report.tutorial(
          "clothes", seeds: seeds,
          [
            "parameters": ("parameters", .equal(101_770)),
            // Keras 3.15 itself: 0.9096 to 0.9132 in 8 runs; a NumPy replica 0.9100 and 0.9105.
            "accuracy in training, epoch 10": ("training", .lucky(0.9112, band: 0.9096...0.9132)),
            "test accuracy": ("test", .atLeast(0.8807)),
            "test loss": ("loss", .atMost(0.3446)),
            "class of test image 0": ("class", .equal(9)),
          ], isDead: { ($0["test"] ?? 0) < 0.2 }
        ) { trainClothes(data, seed: $0) }
      }
      if wanted("digits") || wanted("from-scratch") {
        let data = try ImageDataset(folder: dataFolder(options, named: "mnist"))
        if wanted("digits") {
          report.tutorial(
            "digits", seeds: seeds,
            [
              "parameters": ("parameters", .equal(109_386)),
              "accuracy in training, epoch 10": ("training", .atLeast(0.9164)),
              "test accuracy": ("test", .atLeast(0.942)),
            ], isDead: { ($0["test"] ?? 0) < 0.2 }
          ) { trainDigits(data, seed: $0) }
        }
        if wanted("from-scratch") {
          report.tutorial(
            "from-scratch", seeds: seeds,
            [
              "parameters": ("parameters", .equal(7_960)),
              "test accuracy": ("test", .atLeast(0.9247)),
            ], isDead: { ($0["test"] ?? 0) < 0.2 }
          ) { trainFromScratch(data, seed: $0) }
        }
      }
    } catch {
      stop(error)
    }
    print("\n\(report.holding) of \(report.rows) rows hold")
    exit(report.holding == report.rows ? 0 : 1)
  }

  static let names = [
    "arithmetic", "circles", "rounding", "one-circle", "houses", "clothes", "digits",
    "from-scratch",
  ]

  /// Checks the numbers that need no training.
  static func arithmetic(_ report: inout Report) {
    print("\narithmetic")
    let sigmoidOfThree = Double(sigmoid([3] as Tensor<Float>)[0])
    report.row("σ(3)", .equal(0.953, within: 0.0005), [sigmoidOfThree])
    let softmaxed = softmax([0, 3, 1, 1] as Tensor<Float>)
    for (index, value) in [0.0377, 0.7573, 0.1025, 0.1025].enumerated() {
      report.row(
        "softmax(0, 3, 1, 1)[\(index)]", .equal(value, within: 0.00005), [Double(softmaxed[index])])
    }
    report.row("log loss + 274 λ, λ = 1", .equal(274, within: 1e-4), [penaltyOfHappiness()])
  }

  static func circles(_ report: inout Report, _ seeds: Int) {
    report.tutorial(
      "circles", seeds: seeds,
      [
        "parameters": ("parameters", .equal(17)),
        "loss, epoch 1": ("loss 1", .lucky(0.6695, band: 0.662...0.704)),
        "accuracy, epoch 1": ("accuracy 1", .lucky(0.639, band: 0.52...0.70)),
        "loss, epoch 2": ("loss 2", .lucky(0.5831, band: 0.558...0.683)),
        "accuracy, epoch 2": ("accuracy 2", .lucky(0.771, band: 0.585...0.828)),
        "loss, epoch 5": ("loss 5", .lucky(0.2437, band: 0.240...0.463)),
        "accuracy, epoch 5": ("accuracy 5", .lucky(1, band: 0.849...1)),
        "accuracy, epoch 15": ("accuracy", .atLeast(1)),
      ]
    ) { trainCircles(seed: $0) }
  }

  static func rounding(_ report: inout Report, _ seeds: Int) {
    report.tutorial(
      "rounding", seeds: seeds,
      [
        "parameters": ("parameters", .equal(34)),
        // Keras 3.15 itself: 0.9931 to 0.9974 in 15 runs, a median of 0.9955.
        "accuracy in training, epoch 10": ("accuracy", .lucky(0.9971, band: 0.991...0.998)),
        "loss in training, epoch 10": ("loss", .atMost(0.0885)),
        "argmax row 0000011111 (1 = so)": ("row", .equal(1)),
        "val_accuracy, epoch 10": ("val_accuracy", .atLeast(0.994)),
      ], isDead: { ($0["loss"] ?? 1) > 0.69 }
    ) { trainRounding(seed: $0) }
  }
}
