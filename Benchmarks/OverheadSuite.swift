// The cost of the smallest operations, in nanoseconds: the overhead of a call, not the arithmetic.

import Autograd
import CommandLineOptions
import Tensor

func overheadSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  let a: Tensor<Float> = [1, 2, 3, 4]
  let b: Tensor<Float> = [5, 6, 7, 8]
  let matrix: Tensor<Float> = [[1, 2], [3, 4]]
  let table = Tensor<Float>.ones([4, 3])
  let double = Tensor<Double>.ones([4, 3])
  let position = 1

  measure("add-4", reporter) { keep(a + b) }
  measure("add-scalar-4", reporter) { keep(a + 1) }
  var total = a
  measure("add-in-place-4", reporter) { total += b }
  measure("relu-4", reporter) { keep(relu(a)) }
  measure("sum-4", reporter) { keep(a.sum()) }
  measure("matmul-2x2", reporter) { keep(matmul(matrix, matrix)) }
  measure("slice", reporter) { keep(table[1..<3]) }
  measure("slice-rows-columns", reporter) { keep(table[1..<3, 0..<2]) }
  measure("row", reporter) { keep(table[position, ...]) }
  measure("column", reporter) { keep(table[0..., position]) }
  measure("transposed", reporter) { keep(table.transposed()) }
  measure("reshaped", reporter) { keep(table.reshaped(to: [3, 4])) }
  // Thirty-two reads per call, so that the cost of the loop is negligible.
  var vector = Tensor<Float>.ones([32])
  measure("read-1", reporter, per: 32) {
    var sum: Float = 0
    for i in 0..<32 { sum += vector[i] }
    keep(sum)
  }
  measure("read-2", reporter, per: 32) {
    var sum: Float = 0
    for i in 0..<32 { sum += table[i & 3, position] }
    keep(sum)
  }
  measure("read-2-f64", reporter, per: 32) {
    var sum = 0.0
    for i in 0..<32 { sum += double[i & 3, position] }
    keep(sum)
  }
  measure("write-1", reporter, per: 32) {
    for i in 0..<32 { vector[i] = 2 }
  }
  // Thirty-two operations on a tape, forward and backward, including the reset and the leaf.
  let tape = Tape<Float>()
  for (name, operation) in [
    ("tape-multiply-4", { (x: Variable<Float>, y: Variable<Float>) in x * y }),
    ("tape-tanh-4", { x, _ in tanh(x) }),
  ] {
    measure(name, reporter, per: 32) {
      tape.reset()
      let x = tape.variable(a)
      var y = x
      for _ in 0..<32 { y = operation(y, x) }
      keep(tape.gradients(of: y.sum()))
    }
  }
}

/// Reports the time of `body`, divided by the `count` operations in it.
private func measure(
  _ name: String, _ reporter: Reporter, per count: Int = 1, _ body: () -> Void
) {
  let workload = "overhead-\(name)"
  guard reporter.wants(workload) else { return }
  let batch = 1000
  let seconds = Reporter.sample(repeats: 7) {
    for _ in 0..<batch { body() }
  }
  reporter.report(
    workload, metric: "time", unit: "ns", seconds.map { 1e9 * $0 / Double(batch * count) })
}

/// Hides a result from the optimiser, so that it must be computed.
@inline(never)
private func keep<Value>(_ value: borrowing Value) {}
