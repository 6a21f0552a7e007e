// NumPy's choice of notation for floating-point numbers: one for the whole array, so that the
// decimal points are aligned. Next: DecimalDigits.swift, which computes the digits.

/// The common notation of the floating-point numbers of one array.
///
/// ```
/// positional   [ 0.24265541  0.0383196 ]     padded with spaces on both sides of the point
/// scientific   [9.6531916e-01 3.4680836e-02] the same number of digits in all fractions
/// ```
struct FloatFormat<Value: BinaryFloatingPoint & LosslessStringConvertible> {
  private enum Notation {
    case positional
    case scientific(exponentDigits: Int)
  }

  private let notation: Notation
  /// The most digits after the point that an element may show.
  private let precision: Int
  /// The number of characters before the point, including the sign.
  private let wholeWidth: Int
  /// The number of characters after the point, including an exponent.
  private let fractionWidth: Int

  init(for elements: [Value], options: PrintOptions) {
    let finite = elements.filter(\.isFinite)
    // No number has more digits after the point than the smallest Double, 2^-1074.
    let most = min(options.precision, 1074)
    let digitsWidth: Int
    if Self.needsScientific(finite, suppressed: options.suppressScientific) {
      let parts = finite.map {
        DecimalDigits($0, significantDigits: 1 + most).scientificParts
      }
      let exponentDigits = parts.map { $0.exponent.count - 1 }.max() ?? 0
      notation = .scientific(exponentDigits: exponentDigits)
      precision = parts.map(\.fraction.utf8.count).max() ?? 0
      digitsWidth = parts.map(\.whole.utf8.count).max() ?? 0
      fractionWidth = precision + "e+".count + exponentDigits
    } else {
      let parts = finite.map {
        DecimalDigits($0, fractionDigits: most).positionalParts
      }
      notation = .positional
      precision = most
      digitsWidth = parts.map(\.whole.utf8.count).max() ?? 0
      fractionWidth = parts.map(\.fraction.utf8.count).max() ?? 0
    }
    // Values without digits (NaN, infinity) span both sides of the point.
    let wordWidth = elements.filter { !$0.isFinite }.map { Self.word($0).count }.max() ?? 0
    wholeWidth = max(digitsWidth, wordWidth - fractionWidth - 1)
  }

  /// Whether the magnitudes are too large, too small or too far apart for positional notation.
  ///
  /// Zeros do not count.
  private static func needsScientific(_ finite: [Value], suppressed: Bool) -> Bool {
    let magnitudes = finite.filter { $0 != 0 }.map(\.magnitude)
    guard let largest = magnitudes.max(), let smallest = magnitudes.min() else { return false }
    return Double(largest) >= [3: 1e3, 6: 1e6][reliableDigits, default: 1e8]
      || !suppressed && (smallest < 1e-4 || largest / smallest > 1000)
  }

  /// The number of reliable decimal digits: 15 for `Double`, 6 for `Float`, 3 for `Float16`.
  ///
  /// Beyond them, positional notation would show digits that mean nothing.
  private static var reliableDigits: Int { Value.significandBitCount * 30_103 / 100_000 }

  /// One element, as wide as all others.
  func text(_ value: Value) -> String {
    guard value.isFinite else {
      return Self.word(value).leftPadded(to: wholeWidth + 1 + fractionWidth)
    }
    switch notation {
    case .positional:
      let (whole, fraction) = DecimalDigits(value, fractionDigits: precision).positionalParts
      return whole.leftPadded(to: wholeWidth) + "."
        + fraction.rightPadded(to: fractionWidth, with: " ")
    case .scientific(let exponentDigits):
      // If the shortest digits end before the common width, NumPy continues with the exact ones:
      // 0.1 as Float beside nine-digit neighbours is 1.00000001e-01.
      let (whole, fraction, exponent) =
        DecimalDigits(value, significantDigits: 1 + precision, isPadded: true).scientificParts
      let zeros = String(repeating: "0", count: exponentDigits - (exponent.count - 1))
      return whole.leftPadded(to: wholeWidth) + "." + fraction.rightPadded(to: precision, with: "0")
        + "e" + exponent.prefix(1) + zeros + exponent.dropFirst()
    }
  }

  private static func word(_ value: Value) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// A single number, with enough digits to distinguish it from its neighbours: `0.1`, `1e-05`.
  static func scalarText(_ value: Value) -> String {
    guard value.isFinite else { return word(value) }
    let digits = DecimalDigits(shortest: value)
    // Compared in Double, hence 1e-04 for the Float just below 0.0001.
    let magnitude = Double(value.magnitude)
    if magnitude == 0
      || magnitude >= 1e-4 && magnitude < [3: 1e3, 6: 1e6][reliableDigits, default: 1e16]
    {
      let (whole, fraction) = digits.positionalParts
      return whole + "." + (fraction.isEmpty ? "0" : fraction)
    }
    let (whole, fraction, exponent) = digits.scientificParts
    return whole + (fraction.isEmpty ? "" : "." + fraction) + "e" + exponent
  }
}
