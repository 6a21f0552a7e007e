// Array operations besides arithmetic: copies of views, gathering, sorting, cumulative sums,
// reductions along axes, broadcasting, printing. In microseconds, with newly allocated results, as
// in NumPy without `out=`; `Peers/numpy_arrays.py` measures the same in NumPy.

import CommandLineOptions
import Tensor

func arraysSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  for (count, rows, label) in [(1000, 40, "1k"), (1_000_000, 1000, "1M")] {
    var generator = RandomGenerator(seed: 0)
    let x = Tensor<Float>.normal([count], using: &generator)
    let doubles = Tensor<Double>(x)
    let matrix = x.reshaped(to: [rows, count / rows])
    let doubleMatrix = doubles.reshaped(to: [rows, count / rows])
    let narrow = x.reshaped(to: [count / 4, 4])
    let four = Tensor<Float>([1, 2, 3, 4])
    let column = Tensor<Float>.normal([rows, 1], using: &generator)
    let cube = x.reshaped(to: [10, count / 100, 10])
    let positions = Tensor<Int>.integers([count], in: 0..<count, using: &generator)
    let few = Tensor<Int>.integers([rows], in: 0..<rows, using: &generator)
    let bytes = Tensor<UInt8>(repeating: 3, shape: [count])
    let mask = x .> 0
    let sorted = x.sorted()

    func measure(_ name: String, _ body: () -> Void) {
      let workload = "\(name)-\(label)"
      guard reporter.wants(workload) else { return }
      reporter.report(
        workload, metric: "time", unit: "us", Reporter.sample(body).map { 1e6 * $0 })
    }

    measure("view") { _ = matrix[1..., 0..<10] }
    measure("slice") { _ = matrix[1..., 1...].contiguous() }
    measure("every-second") { _ = x[stride(from: 0, to: count, by: 2)].contiguous() }
    measure("reverse") { _ = x.flipped().contiguous() }
    measure("transpose") { _ = matrix.transposed().contiguous() }
    measure("transpose-double") { _ = doubleMatrix.transposed().contiguous() }
    measure("concatenate") { _ = concatenate([matrix, matrix]) }
    measure("concatenate-columns") { _ = concatenate([matrix, matrix], axis: 1) }
    measure("pad") { _ = matrix.padded(1) }
    measure("roll") { _ = x.rolled(by: 5) }
    measure("take") { _ = x.taking(positions, axis: 0) }
    measure("take-rows") { _ = matrix.taking(few, axis: 0) }
    measure("mask") { _ = x[mask] }
    measure("select") { _ = select(mask, x, 0) }
    measure("sort") { _ = x.sorted() }
    measure("sort-double") { _ = doubles.sorted() }
    measure("sort-integers") { _ = positions.sorted() }
    measure("sort-rows") { _ = matrix.sorted() }
    measure("argsort") { _ = x.argsort() }
    measure("argsort-double") { _ = doubles.argsort() }
    measure("unique") { _ = positions.unique() }
    measure("search-sorted") { _ = sorted.searchSorted(x) }
    measure("median") { _ = x.median() }
    measure("partition") { _ = x.partitioned(at: count / 3) }
    measure("arg-partition") { _ = x.argPartitioned(at: count / 3) }
    measure("nan-median") { _ = x.nanMedian() }
    measure("percentiles-rows") { _ = matrix.quantiles([0.1, 0.9], axis: 1) }
    measure("is-in") { _ = positions.isIn(few) }
    measure("intersection") { _ = positions.intersection(few) }
    measure("covariance") { _ = doubleMatrix.covariance() }
    measure("interpolate") { _ = interpolate(x, positions: sorted, values: x) }
    measure("convolve") { _ = convolve(x, x[..<40]) }
    measure("gradient") { _ = matrix.gradient() }
    measure("trapezoid") { _ = matrix.trapezoid() }
    measure("polyval") { _ = polyval(four, x) }
    measure("running-max") { _ = x.cumulativeMax() }
    measure("round-decimals") { _ = round(x, decimals: 2) }
    measure("bit-and") { _ = positions & 255 }
    measure("shift") { _ = positions >> 3 }
    measure("integer-power") { _ = pow(few, 3) }
    measure("integer-matmul") {
      _ = matmul(few.reshaped(to: [-1, 20]), few.reshaped(to: [20, -1]))
    }
    measure("pad-symmetric") { _ = matrix.padded(1, mode: .symmetric) }
    measure("take-columns") { _ = matrix[0..., few % (count / rows)] }
    measure("windows-max") { _ = x.slidingWindows(size: 5).max(axis: 1) }
    measure("exponential") { _ = Tensor<Double>.exponential([count], using: &generator) }
    measure("gamma") { _ = Tensor<Double>.gamma([count], concentration: 2.5, using: &generator) }
    measure("poisson") { _ = Tensor<Int>.poisson([count], mean: 20, using: &generator) }
    measure("binomial") {
      _ = Tensor<Int>.binomial([count], trials: 100, probability: 0.3, using: &generator)
    }
    measure("histogram") { _ = x.histogram(bins: 50) }
    measure("bin-count") { _ = positions.binCount() }
    measure("running-sum") { _ = x.cumulativeSum() }
    measure("running-sum-columns") { _ = matrix.cumulativeSum(axis: 0) }
    measure("sum-rows") { _ = matrix.sum(axis: 1) }
    measure("sum-columns") { _ = matrix.sum(axis: 0) }
    measure("sum-middle") { _ = cube.sum(axis: 1) }
    measure("sum-short-rows") { _ = narrow.sum(axis: 1) }
    measure("sum-bytes") { _ = bytes.sum() }
    measure("max-columns") { _ = matrix.max(axis: 0) }
    measure("argmax-rows") { _ = matrix.argmax(axis: 1) }
    measure("argmax-columns") { _ = matrix.argmax(axis: 0) }
    measure("add-row") { _ = matrix + matrix[0, ...] }
    measure("add-column") { _ = matrix + column }
    measure("add-short-row") { _ = narrow + four }
    measure("is-nan") { _ = isNaN(x) }
    measure("tan") { _ = tan(x) }
    measure("floor-divide") { _ = floorDivide(positions, 7) }
    measure("print") { _ = matrix.description }
  }
}
