import TestSupport
import Testing
import Train

private let a = Tensor<Double>(shape: [12, 3]) { Double(($0[0] * 7 + $0[1] * 3) % 11) / 4 - 1 }
private let b = Tensor<Double>(shape: [9, 3]) {
  Double(($0[0] * 5 + $0[1] * $0[1] * 4) % 13) / 3 - 2
}

private func expectClose(_ value: Double, _ expected: Double, relative: Double) {
  TestSupport.expectClose([value], [expected], relative: relative)
}

@Suite("The Fréchet distance")
struct FrechetDistanceTests {
  /// By SciPy 1.17.1: `m @ m + numpy.trace(c + d - 2 * scipy.linalg.sqrtm(c @ d)).real`.
  @Test("is SciPy's")
  func value() {
    expectClose(frechetDistance(a, b), 1.552_752_858_520_888_5, relative: 1e-9)
    expectClose(frechetDistance(b, a), 1.552_752_858_520_888_5, relative: 1e-9)
    expectClose(
      frechetDistance(Tensor<Float>(a), Tensor<Float>(b)), 1.552_752_858_520_888_5, relative: 1e-5)
  }

  @Test("of a set to itself, shifted and stretched follows from the formula")
  func formula() {
    #expect(frechetDistance(a, a) < 1e-12)
    let shift = Tensor<Double>([1, -2, 0.5])
    expectClose(frechetDistance(a, a + shift), 5.25, relative: 1e-9)
    let spread = a.covariance(variableAxis: 1).trace().scalar
    let centered = a - a.mean(axis: 0)
    expectClose(frechetDistance(centered, centered * 3), 4 * spread, relative: 1e-9)
    // One feature, and one that never changes.
    let column = a[0..., 0..<1]
    expectClose(frechetDistance(column, column + 2), 4, relative: 1e-9)
    expectClose(frechetDistance(column * 0, column * 0 + 3), 9, relative: 1e-12)
  }

  @Test("is NaN where there is nothing to compare")
  func nothing() {
    #expect(frechetDistance(a[..<1], b).isNaN)
    var broken = a
    broken[3, 1] = .nan
    #expect(frechetDistance(broken, b).isNaN && frechetDistance(b, broken).isNaN)
    broken[3, 1] = .infinity
    #expect(frechetDistance(broken, b).isNaN)
  }
}
