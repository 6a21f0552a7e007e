// The benchmarks: the engine's throughput, as a table or as JSON lines.
//
//     swift run -c release benchmarks gemm
//     swift run -c release benchmarks gemm training --threads 1 --json
//
// Each suite has its own file. Figures are medians, inputs are random, and results are verified
// before
// they are timed.

import CommandLineOptions
import Tensor
import Train

@main
struct Benchmarks {
  typealias Suite = (
    name: String, about: String, run: @Sendable (CommandLineOptions, Reporter) -> Void
  )
  static let suites: [Suite] = [
    ("gemm", "matrix products, GFLOP/s", gemmSuite),
    ("elementwise", "maps and reductions, GB/s", elementwiseSuite),
    ("arrays", "views, gathering, sorting, axes, us", arraysSuite),
    ("linalg", "decompositions, solutions, us", linearAlgebraSuite),
    ("overhead", "the smallest operations, ns", overheadSuite),
    ("ladder", "a matrix product and a convolution rung by rung, GFLOP/s", ladderSuite),
    ("convolution", "layers over images and a network of them", convolutionSuite),
    ("training", "steps per second of the tutorials' networks", trainingSuite),
    ("inference", "predictions for one image and for many", inferenceSuite),
    ("streaming", "samples that do not lie in memory", streamingSuite),
    ("startup", "a new process: time, memory, file", startupSuite),
    ("accuracy", "the functions' largest errors, ulps", accuracySuite),
  ]
  /// The suites that only run on request, because they take long or do not measure speed.
  static let onlyIfNamed: Set = ["accuracy", "streaming"]

  static func main() {
    let options = CommandLineOptions(
      program: "benchmarks",
      about: "Measures the engine. Suites: "
        + suites.map { "\($0.name) (\($0.about))" }.joined(separator: ", ")
        + "; all but \(onlyIfNamed.sorted().joined(separator: " and ")) if none is named.",
      [
        .flag("json", "prints one JSON object per line instead of a table"),
        .value("filter", "TEXT", "runs only workloads whose name contains TEXT"),
        .flag("exhaustive", "accuracy: every float, a hundred million doubles; takes minutes"),
        .value("data", "DIR", "the folder with data sets (or WENGERT_DATA)"),
      ], positional: "suite")
    let names =
      options.arguments.isEmpty
      ? suites.map(\.name).filter { !onlyIfNamed.contains($0) } : options.arguments
    for name in names where !suites.contains(where: { $0.name == name }) {
      options.stop(unknownName(name, kind: "suite", known: suites.map(\.name)))
    }
    let reporter = Reporter(isJSON: options.has("json"), filter: options.text("filter") ?? "")
    // It runs first, because memory that the parent has used counts for a new process, and the
    // header copies arrays.
    if names.contains("startup") { startupSuite(options, reporter) }
    reporter.printHeader()
    for suite in suites where names.contains(suite.name) && suite.name != "startup" {
      suite.run(options, reporter)
    }
  }
}
