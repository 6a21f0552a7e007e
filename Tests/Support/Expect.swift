// Comparisons that NaN and a short array never pass.

import Tensor
import Testing

/// The largest error of `actual` against `expected`, or a sentence saying why they cannot be compared.
public struct Comparison: CustomStringConvertible {
  /// What was found, for the message of a failed expectation.
  public let description: String
  /// Whether every element is within the tolerance.
  public let isClose: Bool

  /// Compares element by element: `|actual - expected| <= absolute + relative · |expected|`; infinities
  /// and NaN must be the same on both sides.
  public init(
    _ actual: [Double], _ expected: [Double], relative: Double, absolute: Double
  ) {
    guard actual.count == expected.count else {
      description = "\(actual.count) elements instead of \(expected.count)"
      isClose = false
      return
    }
    var worst: (index: Int, excess: Double)?
    for (index, (a, e)) in zip(actual, expected).enumerated() {
      if a == e || (a.isNaN && e.isNaN) { continue }
      let tolerance = absolute + relative * abs(e)
      let error = abs(a - e)
      if error <= tolerance && error.isFinite { continue }
      let excess = error.isFinite ? error / max(tolerance, .leastNonzeroMagnitude) : .infinity
      if worst.map({ excess > $0.excess }) ?? true { worst = (index, excess) }
    }
    isClose = worst == nil
    description =
      worst.map {
        "element \($0.index) is \(actual[$0.index]), expected \(expected[$0.index])"
      } ?? "all elements are close"
  }
}

/// Expects equal shapes and elements within the tolerance.
public func expectClose<Scalar: TensorNumber>(
  _ actual: Tensor<Scalar>, _ expected: Tensor<Scalar>,
  relative: Double = Scalar.self == Double.self ? 1e-12 : 1e-5, absolute: Double = 1e-12,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    actual.shape == expected.shape, "shapes differ \(comment?.rawValue ?? "")",
    sourceLocation: sourceLocation)
  expectClose(
    actual.elements.map(\.asDouble), expected.elements.map(\.asDouble), relative: relative,
    absolute: absolute, comment, sourceLocation: sourceLocation)
}

/// Expects equally many elements, each within the tolerance.
public func expectClose(
  _ actual: [Double], _ expected: [Double], relative: Double = 1e-12, absolute: Double = 1e-12,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let comparison = Comparison(actual, expected, relative: relative, absolute: absolute)
  #expect(
    comparison.isClose, "\(comparison) \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
}
