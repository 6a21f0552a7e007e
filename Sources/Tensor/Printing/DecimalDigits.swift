// Decimal digits of binary floating-point numbers, in two kinds: the fewest that identify a number
// among all of its type (0.1), and the exact ones (0.1000000000000000055511151231257827…; every
// binary number has a finite decimal expansion). Arrays (FloatFormat.swift) and fixed-point columns
// (FixedPoint.swift) are printed from them.

/// A finite number in decimal: ±0.d₁d₂d₃… · 10^`pointPosition`.
struct DecimalDigits {
  private let isNegative: Bool
  /// The digits 0...9; neither the first nor the last is 0, and the number 0 has none.
  private var digits: [UInt8]
  /// The number of digits before the decimal point; negative for leading zeros after it.
  private var pointPosition: Int

  private init(isNegative: Bool, digits: [UInt8], pointPosition: Int) {
    let significant = digits.drop { $0 == 0 }
    self.isNegative = isNegative
    self.digits = Array(significant)
    self.pointPosition = pointPosition - (digits.count - significant.count)
    removeTrailingZeros()
  }

  private mutating func removeTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { pointPosition = 1 }  // zero is 0e+00
  }
}

// MARK: - Finding digits

extension DecimalDigits {
  /// The fewest digits that identify the value in its type; of these, the closest.
  ///
  /// The standard library prints them; this parses its text ("-1.25e-07").
  init(shortest value: some BinaryFloatingPoint & LosslessStringConvertible) {
    var text = value.description.utf8[...]
    var exponent = 0
    if let e = text.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(Substring(text[e...].dropFirst())) ?? 0
      text = text[..<e]
    }
    var digits: [UInt8] = []
    var whole: Int?
    for byte in text {
      switch byte {
      case UInt8(ascii: "-"): break
      case UInt8(ascii: "."): whole = digits.count
      default: digits.append(byte - UInt8(ascii: "0"))
      }
    }
    self.init(
      isNegative: value.sign == .minus, digits: digits,
      pointPosition: (whole ?? digits.count) + exponent)
  }

  /// The exact value. With an integral significand m,
  ///
  /// ```
  /// m · 2^e                            if e ≥ 0
  /// m · 2^-n = (m · 5^n) · 10^-n       otherwise
  /// ```
  /// so its digits are those of one integer.
  init(exactly value: Double) {
    let isNormal = value.exponentBitPattern > 0
    var significand = value.significandBitPattern
    if isNormal { significand |= 1 << Double.significandBitCount }
    let bias = 1075  // 1023, and the 52 bits that make the significand an integer
    var exponent = max(Int(value.exponentBitPattern), 1) - bias
    let shift = significand == 0 ? 0 : significand.trailingZeroBitCount
    significand >>= UInt64(shift)
    exponent += shift

    var integer = DecimalInteger(significand)
    integer.multiply(by: exponent >= 0 ? 2 : 5, power: abs(exponent))
    let digits = integer.digits
    self.init(
      isNegative: value.sign == .minus, digits: digits,
      pointPosition: digits.count + min(exponent, 0))
  }

  /// The shortest digits or, if there are more than `fractionDigits` after the point, the exact
  /// value correctly rounded.
  ///
  /// Rounding the shortest digits would round twice.
  init(_ value: some BinaryFloatingPoint & LosslessStringConvertible, fractionDigits: Int) {
    self.init(shortest: value)
    guard digits.count - pointPosition > fractionDigits else { return }
    self = DecimalDigits(exactly: Double(value)).rounded(fractionDigits: fractionDigits)
  }

  /// The shortest digits or, if there are more than `significantDigits`, the exact value correctly
  /// rounded.
  ///
  /// If `isPadded` and there are fewer shortest digits, the exact value continues them.
  init(
    _ value: some BinaryFloatingPoint & LosslessStringConvertible,
    significantDigits: Int, isPadded: Bool = false
  ) {
    self.init(shortest: value)
    guard isPadded || digits.count > significantDigits else { return }
    let rounded = DecimalDigits(exactly: Double(value)).rounded(
      significantDigits: significantDigits)
    // Just below a power of two, numbers are twice as dense as above it, so the nearest decimal may
    // belong to the neighbour below: 2⁻⁹⁶ as Float is 1.2621774|48e-29 and reads back from …775
    // only.
    if digits.count > significantDigits || rounded.identifies(value) { self = rounded }
  }

  /// Whether the digits, parsed as a number of the value's type, give the value back.
  private func identifies<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Value
  ) -> Bool {
    let (whole, fraction, exponent) = scientificParts
    return Value("\(whole).\(fraction)0e\(exponent)") == value
  }
}

/// A natural number in base 10⁹, least significant limb first; its only operation is
/// multiplication.
private struct DecimalInteger {
  private static let base: UInt64 = 1_000_000_000
  private var limbs: [UInt64]

  init(_ value: UInt64) {
    limbs = [value % Self.base, value / Self.base % Self.base, value / Self.base / Self.base]
  }

  /// Multiplies by `factor` (2 or 5) raised to `power`, 12 factors at a time to stay below 2⁶⁴.
  mutating func multiply(by factor: UInt64, power: Int) {
    var remaining = power
    while remaining > 0 {
      let step = min(remaining, 12)
      let multiplier = (0..<step).reduce(UInt64(1)) { product, _ in product * factor }
      var carry: UInt64 = 0
      for position in limbs.indices {
        let sum = limbs[position] * multiplier + carry
        limbs[position] = sum % Self.base
        carry = sum / Self.base
      }
      if carry > 0 { limbs.append(carry) }
      remaining -= step
    }
  }

  /// The digits 0...9, possibly with leading zeros.
  var digits: [UInt8] {
    var result: [UInt8] = []
    for var limb in limbs {
      for _ in 0..<9 {
        result.append(UInt8(limb % 10))
        limb /= 10
      }
    }
    return result.reversed()
  }
}

// MARK: - Rounding

extension DecimalDigits {
  /// The nearest number with at most `count` digits after the decimal point.
  func rounded(fractionDigits count: Int) -> DecimalDigits {
    rounded(significantDigits: pointPosition + count)
  }

  /// The nearest number with at most `count` digits; a tie goes to the one whose last digit is
  /// even.
  ///
  /// A count of 0 leaves 0 or the next power of ten, a negative one leaves 0.
  func rounded(significantDigits count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    result.digits = Array(digits.prefix(max(count, 0)))
    if count >= 0 {
      let isTie = digits[count] == 5 && digits.count == count + 1
      let isOdd = (result.digits.last ?? 0) % 2 == 1
      if isTie ? isOdd : digits[count] >= 5 { result.incrementLastDigit() }
    }
    result.removeTrailingZeros()
    return result
  }

  private mutating func incrementLastDigit() {
    while digits.last == 9 { digits.removeLast() }
    if let last = digits.popLast() {
      digits.append(last + 1)
    } else {
      digits = [1]
      pointPosition += 1
    }
  }
}

// MARK: - Writing

extension DecimalDigits {
  /// "-123" and "45" of -123.45; the fraction has no trailing zeros.
  var positionalParts: (whole: String, fraction: String) {
    let leading = String(repeating: "0", count: max(-pointPosition, 0))
    let whole = text(digits.prefix(max(pointPosition, 0)))
    let fraction = leading + text(digits.dropFirst(max(pointPosition, 0)))
    let filled = whole.rightPadded(to: max(pointPosition, 1), with: "0")
    return (sign + filled, digits.isEmpty ? "" : fraction)
  }

  /// "-1", "2345" and "+02" of -123.45; the fraction has no trailing zeros, the exponent has a sign
  /// and at least two digits.
  var scientificParts: (whole: String, fraction: String, exponent: String) {
    let exponent = pointPosition - 1
    let magnitude = String(exponent.magnitude)
    return (
      sign + (digits.isEmpty ? "0" : text(digits.prefix(1))),
      text(digits.dropFirst()),
      (exponent < 0 ? "-" : "+") + (magnitude.count < 2 ? "0" : "") + magnitude
    )
  }

  private var sign: String { isNegative ? "-" : "" }

  private func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }
}
