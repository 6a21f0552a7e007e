// Every decomposition of every kind of matrix; what the residuals are is written beside them, in
// `Tests/Matrices`. The fuzzer's target `linalg` goes on where this stops.

import Tensor
import TestMatrices
import Testing

@Suite("Decompositions of all kinds of matrix")
struct MatrixKindTests {
  /// Sizes that end blocks of reflections and halves of the recursions, and odd ones.
  private static let shapes = [
    (0, 0), (0, 3), (3, 0), (1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (4, 7), (7, 4), (9, 9), (5, 12),
    (25, 25), (33, 30), (31, 65),
  ]

  private func check<S: TensorFloat>(_: S.Type, _ kind: MatrixKind) {
    var generator = RandomGenerator(seed: 11)
    let range = Int(S.greatestFiniteMagnitude.exponent)
    for (m, n) in Self.shapes {
      // As they come, next to where singular values or AᵀA overflow, and next to where numbers lose digits.
      let room = 6 + Int.bitWidth - max(m, n).leadingZeroBitCount
      for exponent in [nil, range - room, 12 - range] {
        let a: Tensor<S> = kind.matrix(m, n, exponent: exponent, using: &generator)
        for residual in residuals(of: a, growsInElimination: kind.growsInElimination) {
          #expect(
            residual.value <= 50,
            "\(residual.name) of \(kind), \(S.self), \(m) x \(n), exponent \(exponent ?? 0)")
        }
      }
    }
  }

  @Test("Double", arguments: MatrixKind.all)
  func double(kind: MatrixKind) { check(Double.self, kind) }

  @Test("Float", arguments: MatrixKind.all)
  func float(kind: MatrixKind) { check(Float.self, kind) }

  @Test("large matrices", arguments: MatrixKind.all)
  func large(kind: MatrixKind) {
    var generator = RandomGenerator(seed: 12)
    let a: Tensor<Double> = kind.matrix(120, 100, using: &generator)
    for residual in residuals(of: a) {
      #expect(residual.value <= 50, "\(residual.name) of \(kind)")
    }
  }
}
