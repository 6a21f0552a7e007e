// Saturating sums and products, for sizes, positions and offsets that a caller may choose freely.

extension Int {
  /// The sum, or the end of `Int`'s range that it passes.
  ///
  /// Allocating memory of size `Int.max` traps with a message.
  package func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the end of `Int`'s range that it passes.
  package func subtractingSaturated(_ other: Int) -> Int {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The product, or the end of `Int`'s range that it passes.
  package func multipliedSaturated(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) != (other < 0) ? .min : .max) : product
  }
}
