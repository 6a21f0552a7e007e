// Thousands of random matrices of every kind through every decomposition: nothing may be thrown where
// NumPy throws nothing, and no residual may be above 50 n ε. Kinds and residuals: `Tests/Matrices`.
//
//     swift run -c release fuzz linalg --count 10000 --seed 1

import Tensor
import TestMatrices

/// Takes `count` matrices of each kind, or as many as there is time for.
///
/// Prints the largest residuals and every one that is too large; returns whether there is none.
func fuzzLinearAlgebra(seconds: Int, count: Int?, seed: UInt64) -> Bool {
  let start = ContinuousClock.now
  var worst: [String: Double] = [:]
  var (matrices, failures) = (0, 0)
  for number in 0..<(count ?? .max) {
    if count == nil && start.duration(to: .now) >= .seconds(seconds) { break }
    for (index, kind) in MatrixKind.all.enumerated() {
      // A seed for each matrix, so that one can be made again.
      let own = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number * MatrixKind.all.count + index)
      let found =
        number % 2 == 0
        ? check(Double.self, kind, seed: own, number) : check(Float.self, kind, seed: own, number)
      for residual in found.residuals {
        worst[residual.name] = max(worst[residual.name] ?? 0, residual.value)
        if residual.value > 50 {
          failures += 1
          print("linalg: \(kind), \(found.matrix): \(residual.name) is \(residual.value) n ε")
        }
      }
      matrices += 1
    }
  }
  print(
    "linalg: seed \(seed), \(matrices) matrices of \(MatrixKind.all.count) kinds, \(failures) residuals "
      + "above 50 n ε; the largest:")
  for (name, value) in worst.sorted(by: { $0.key < $1.key }) {
    print("  \(name)  \((value * 100).rounded() / 100)")
  }
  return failures == 0
}

private func check<S: TensorFloat>(
  _: S.Type, _ kind: MatrixKind, seed: UInt64, _ number: Int
) -> (matrix: String, residuals: [Residual]) {
  var generator = RandomGenerator(seed: seed)
  // Small sizes dominate; one in a thousand is large.
  let limit = number % 1000 == 999 ? 200 : number % 50 == 49 ? 40 : 8
  let sizes = Tensor<Int>.integers([3], in: 0..<1 << 30, using: &generator)
  let m = sizes[0] % (limit + 1)
  let n = number % 3 == 0 ? m : sizes[1] % (limit + 1)
  let range = Int(S.greatestFiniteMagnitude.exponent)
  let exponent = number % 4 == 0 ? nil : sizes[2] % (2 * range - 16) - range + 14
  let a: Tensor<S> = kind.matrix(m, n, exponent: exponent, using: &generator)
  return (
    "\(S.self) \(m) x \(n), exponent \(exponent.map(String.init) ?? "as made"), seed \(seed)",
    residuals(of: a, growsInElimination: kind.growsInElimination)
  )
}
