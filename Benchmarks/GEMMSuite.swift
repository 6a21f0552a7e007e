// Matrix products C = A B: square matrices, and the shapes that occur in training.

import CommandLineOptions
import Tensor

func gemmSuite(_ options: CommandLineOptions, _ reporter: Reporter) {
  gemmSuite(Float.self, "f32", reporter)
  gemmSuite(Double.self, "f64", reporter)
}

/// The sizes, and how the operands are stored: `t` means transposed.
private let shapes: [(m: Int, k: Int, n: Int, form: String)] =
  [32, 64, 128, 256, 512, 1024, 2048, 4096].map { ($0, $0, $0, "nn") } + [
    (32, 784, 128, "nn"), (128, 784, 128, "nn"), (32, 128, 10, "nn"), (1000, 2, 4, "nn"),
    (10, 784, 128, "nn"), (1024, 1024, 32, "nn"), (784, 32, 128, "tn"), (784, 55_000, 10, "tn"),
    (32, 128, 784, "nt"), (1, 784, 128, "nn"), (128, 784, 1, "nn"),
  ]

private func gemmSuite<Scalar: TensorFloat>(
  _: Scalar.Type, _ type: String, _ reporter: Reporter
) {
  var generator = RandomGenerator(seed: 1)
  for (m, k, n, form) in shapes {
    let workload = "gemm-\(type)-\(form)-\(m)x\(k)x\(n)"
    guard reporter.wants(workload) else { continue }
    let a =
      form == "tn"
      ? Tensor<Scalar>.uniform([k, m], using: &generator).transposed()
      : Tensor<Scalar>.uniform([m, k], using: &generator)
    let b =
      form == "nt"
      ? Tensor<Scalar>.uniform([n, k], using: &generator).transposed()
      : Tensor<Scalar>.uniform([k, n], using: &generator)
    var c = Tensor<Scalar>(repeating: .nan, shape: [m, n])
    let base = c.mutableBase

    func multiply() {
      gemm(
        MatrixView(
          base: a.base, rows: m, columns: k, rowStride: a.strides[0], columnStride: a.strides[1]),
        MatrixView(
          base: b.base, rows: k, columns: n, rowStride: b.strides[0], columnStride: b.strides[1]),
        into: MutableMatrixView(base: base, rows: m, columns: n, rowStride: n, columnStride: 1))
    }
    multiply()
    verify(a, b, c, workload, &generator)
    let operations = 2e-9 * Double(m) * Double(k) * Double(n)
    let seconds = Reporter.sample(repeats: m * k * n >= 1 << 33 ? 3 : 5, multiply)
    reporter.report(workload, metric: "rate", unit: "GFLOP/s", seconds.map { operations / $0 })
  }
}

/// Stops unless C t = A (B t) for a random vector t, in `Double`; this checks all of C in O(n²).
private func verify<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ c: Tensor<Scalar>, _ workload: String,
  _ generator: inout RandomGenerator
) {
  let t = Tensor<Double>.uniform([b.shape[1]], using: &generator)
  let expected = matmul(Tensor<Double>(a), matmul(Tensor<Double>(b), t))
  let actual = matmul(Tensor<Double>(c), t)
  let error = (abs(actual - expected) / expected).max()
  let bound = Double(Scalar.ulpOfOne) * Double(a.shape[1])
  require(error <= bound, "\(workload): relative error \(error), more than \(bound)")
}
