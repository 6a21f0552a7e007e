// Element-wise operations and reductions of Float, in GB/s; each input and the output count once.
//
// Results are written to existing arrays, as in NumPy with `out=`. The lines marked `new` measure
// the public functions, which allocate a new array.

import CommandLineOptions
import KernelTemplate
import Tensor

func elementwiseSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  for (size, label) in [(1000, "1k"), (100_000, "100k"), (10_000_000, "10M")] {
    var generator = RandomGenerator(seed: 0)
    let a = Tensor<Float>.normal([size], using: &generator)
    let b = Tensor<Float>.normal([size], using: &generator)
    let c = Tensor<Float>.normal([size], using: &generator)
    let rows = a.reshaped(to: [size / 100, 100])
    var y = Tensor<Float>.zeros([size])
    let out = y.mutableBase

    /// Times both forms of an operation, after checking that they agree.
    func measure(
      _ operation: String, moving arrays: Double, count: Int,
      _ write: () -> Void, _ make: () -> Tensor<Float>
    ) {
      let workload = "\(operation)-\(label)"
      guard reporter.wants(workload) else { return }
      out.update(repeating: .nan, count: count)
      write()
      require(
        make().elements == Array(UnsafeBufferPointer(start: out, count: count)),
        "\(workload): the two forms differ")
      func report(_ name: String, _ seconds: [Double]) {
        reporter.report(
          name, metric: "bandwidth", unit: "GB/s",
          seconds.map { 4e-9 * Double(size) * arrays / $0 })
        reporter.report(name, metric: "time", unit: "us", seconds.map { 1e6 * $0 })
      }
      report(workload, Reporter.sample(write))
      report("\(workload)-new", Reporter.sample { _ = make() })
    }

    let functions: [(String, UnaryOperation, (Tensor<Float>) -> Tensor<Float>)] = [
      ("relu", .relu, relu), ("exp", .exp, exp), ("tanh", .tanh, tanh),
      ("sigmoid", .sigmoid, sigmoid),
    ]
    for (name, operation, function) in functions {
      measure(
        name, moving: 2, count: size, { a.map(operation, to: out) }, { function(a) })
    }
    measure(
      "add", moving: 3, count: size,
      { Tensor<Float>.writeZipped(.add, a, b, to: out, shape: [size]) },
      { a + b })
    measure(
      "mul-add", moving: 4, count: size,
      { Tensor<Float>.writeMultiplyAdd(a, b, c, to: out, shape: [size]) }, { multiplyAdd(a, b, c) })
    measure("sum", moving: 1, count: 1, { out.pointee = a.sum() }, { Tensor(a.sum()) })
    measure(
      "max-rows", moving: 1.01, count: size / 100,
      { rows.reduceRows(.maximum, size / 100, of: 100, to: out) }, { rows.max(axis: 1) })
    measure(
      "softmax", moving: 2, count: size, { rows.softmax(to: out) }, { softmax(rows) })
  }
}
