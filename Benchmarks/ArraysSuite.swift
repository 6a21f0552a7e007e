// What arrays are used for besides arithmetic: copies of views, gathering, sorting, running totals,
// reductions along axes, broadcasting. In microseconds, results made anew, as NumPy's are without `out=`.

import CommandLineOptions
import Tensor

func arraysSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  for (count, rows, label) in [(1000, 40, "1k"), (1_000_000, 1000, "1M")] {
    var generator = RandomGenerator(seed: 0)
    let x = Tensor<Float>.normal([count], using: &generator)
    let doubles = Tensor<Double>(x)
    let matrix = x.reshaped(to: [rows, count / rows])
    let narrow = x.reshaped(to: [count / 4, 4])
    let four = Tensor<Float>([1, 2, 3, 4])
    let cube = x.reshaped(to: [10, count / 100, 10])
    let positions = Tensor<Int>.integers([count], in: 0..<count, using: &generator)
    let mask = x .> 0

    func measure(_ name: String, _ body: () -> Void) {
      let workload = "\(name)-\(label)"
      guard reporter.wants(workload) else { return }
      reporter.report(
        workload, metric: "time", unit: "us", Reporter.sample(body).map { 1e6 * $0 })
    }

    measure("slice") { _ = matrix[1..., 1...].contiguous() }
    measure("reverse") { _ = x.flipped().contiguous() }
    measure("transpose") { _ = matrix.transposed().contiguous() }
    measure("concatenate") { _ = concatenate([matrix, matrix], axis: 1) }
    measure("take") { _ = x.taking(positions, axis: 0) }
    measure("mask") { _ = x[mask] }
    measure("select") { _ = select(mask, x, 0) }
    measure("sort") { _ = x.sorted() }
    measure("sort-double") { _ = doubles.sorted() }
    measure("argsort") { _ = x.argsort() }
    measure("unique") { _ = positions.unique() }
    measure("median") { _ = x.median() }
    measure("running-sum") { _ = x.cumulativeSum() }
    measure("sum-rows") { _ = matrix.sum(axis: 1) }
    measure("sum-columns") { _ = matrix.sum(axis: 0) }
    measure("sum-middle") { _ = cube.sum(axis: 1) }
    measure("sum-short-rows") { _ = narrow.sum(axis: 1) }
    measure("add-row") { _ = matrix + matrix[0, ...] }
    measure("add-short-row") { _ = narrow + four }
  }
}
