// Decompositions and functions based on them, in microseconds. `Peers/numpy_arrays.py` measures
// NumPy's LAPACK with matrices of the same sizes.

import CommandLineOptions
import Tensor

func linearAlgebraSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  for n in [64, 256, 512] {
    measure(n, Float.self, "f32", reporter)
    measure(n, Double.self, "f64", reporter)
  }
}

private func measure<Scalar: TensorFloat>(
  _ n: Int, _: Scalar.Type, _ type: String, _ reporter: Reporter
) {
  var generator = RandomGenerator(seed: 0)
  let square = Tensor<Scalar>(Tensor<Double>.normal([n, n], using: &generator))
  let tall = Tensor<Scalar>(Tensor<Double>.normal([4 * n, n], using: &generator))
  let few = Tensor<Scalar>(Tensor<Double>.normal([n, 8], using: &generator))
  let many = Tensor<Scalar>(Tensor<Double>.normal([4 * n, 8], using: &generator))
  let positive = matmul(square, square.transposed()) + Tensor.identity(n) * Scalar(n)
  let symmetric = square + square.transposed()

  func measure(_ name: String, _ body: () throws -> Void) {
    let workload = "\(name)-\(n)-\(type)"
    guard reporter.wants(workload) else { return }
    reporter.report(
      workload, metric: "time", unit: "us",
      Reporter.sample { try! body() }.map { 1e6 * $0 })
  }

  measure("cholesky") { _ = try positive.cholesky() }
  measure("determinant") { _ = square.determinant() }
  measure("solve") { _ = try solve(square, few) }
  measure("inverse") { _ = try square.inverse() }
  measure("qr") { _ = square.qr() }
  measure("qr-tall") { _ = tall.qr() }
  measure("eigh") { _ = try symmetric.symmetricEigen() }
  measure("svd") { _ = try square.svd() }
  measure("svd-tall") { _ = try tall.svd() }
  measure("singular-values") { _ = try square.singularValues() }
  measure("pinv") { _ = try square.pseudoinverse() }
  measure("lstsq") { _ = try leastSquares(square, few) }
  measure("lstsq-tall") { _ = try leastSquares(tall, many) }
}
