// Decimal text to the nearest Double. Three roads, each correctly rounded: one operation on two
// exact numbers; one exact division of integers; and, for the few numbers left, the standard
// library. CSVCursor.swift, which reads the cells of a table, calls it for each of them.

/// Returns the number that `text` is, or nil if it is none.
///
/// ```
/// [+-] (digits [. [digits]] | . digits) [(e | E) [+-] digits]      or  [+-] (nan | inf | infinity)
/// ```
/// Spaces and tabs around it do not count, nor does the case of the words. The result is the Double
/// nearest to the number, halfway the even one; beyond the largest it is infinite.
package func parseNumber(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
  guard var next = text.baseAddress else { return nil }
  var end = next + text.count
  while next < end, isBlank(next[0]) { next += 1 }
  while next < end, isBlank(end[-1]) { end -= 1 }
  let start = next
  let isNegative = next < end && next[0] == UInt8(ascii: "-")
  if next < end, isNegative || next[0] == UInt8(ascii: "+") { next += 1 }
  let unsigned = next

  // The number is significand · 10^exponent, if its digits fit in the significand.
  var significand: UInt64 = 0
  var exponent = 0
  next.skipZeros(until: end)
  var digits = next.readDigits(into: &significand, until: end)
  var hasDigits = next > unsigned
  if next < end, next[0] == UInt8(ascii: ".") {
    next += 1
    let fraction = next
    if digits == 0 { next.skipZeros(until: end) }
    digits += next.readDigits(into: &significand, until: end)
    exponent = fraction - next
    hasDigits = hasDigits || next > fraction
  }
  guard hasDigits else {
    return number(
      named: UnsafeBufferPointer(start: unsigned, count: end - unsigned), isNegative: isNegative)
  }
  if next < end, next[0] | 0x20 == UInt8(ascii: "e") {
    next += 1
    let isSmall = next < end && next[0] == UInt8(ascii: "-")
    if next < end, isSmall || next[0] == UInt8(ascii: "+") { next += 1 }
    let first = next
    var power: UInt64 = 0
    next.skipZeros(until: end)
    // A power that does not fit in 18 digits is as good as the largest one that does.
    if next.readDigits(into: &power, until: end) > 18 { power = 999_999_999_999_999_999 }
    guard next > first else { return nil }
    exponent += isSmall ? -Int(power) : Int(power)
  }
  guard next == end else { return nil }

  if digits <= 19, let magnitude = magnitude(significand, exponent) {
    return isNegative ? -magnitude : magnitude
  }
  return Double(
    String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self))
}

/// Returns significand · 10^exponent, or nil where neither of the two quick roads leads.
@inline(__always)
private func magnitude(_ significand: UInt64, _ exponent: Int) -> Double? {
  if significand == 0 { return 0 }
  if exponent == 0 { return Double(significand) }
  // Both operands are exact: integers up to 2^53, and 10^22 = 5^22 · 2^22 with 5^22 < 2^53.
  if significand <= 1 << 53, -22...22 ~= exponent {
    let (value, power) = (Double(significand), powersOfTen[abs(exponent)])
    return exponent < 0 ? value / power : value * power
  }
  if -19 ... -1 ~= exponent { return quotient(significand, UInt64(powersOfTen[-exponent])) }
  return nil
}

/// Returns a / b, rounded once.
///
/// With both shifted up to their highest bit, A = a · 2^α and B = b · 2^β, the integer
/// q = ⌊A · 2^63 / B⌋ has 63 or 64 bits, ten more than a Double. All that rounding has to know
/// about the remainder is whether there is one, which the lowest bit tells.
///
/// ```
/// a / b = (A · 2^63 / B) · 2^(β - α - 63)
/// ```
private func quotient(_ a: UInt64, _ b: UInt64) -> Double {
  let (alpha, beta) = (a.leadingZeroBitCount, b.leadingZeroBitCount)
  let shifted = a << UInt64(alpha)
  let (q, remainder) = (b << UInt64(beta)).dividingFullWidth((shifted >> 1, shifted << 63))
  let rounded = Double(remainder == 0 ? q : q | 1)
  return rounded * Double(sign: .plus, exponent: beta - alpha - 63, significand: 1)
}

/// The powers of ten that Double holds exactly; UInt64 holds those up to 10^19.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// The value of one of the three words, or nil.
private func number(named name: UnsafeBufferPointer<UInt8>, isNegative: Bool) -> Double? {
  func isNamed(_ word: StaticString) -> Bool {
    name.count == word.utf8CodeUnitCount
      && name.indices.allSatisfy { name[$0] | 0x20 == word.utf8Start[$0] }
  }
  if isNamed("nan") { return .nan }
  if isNamed("inf") || isNamed("infinity") { return isNegative ? -.infinity : .infinity }
  return nil
}

/// Whether a byte is a space or a tab.
@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

extension UnsafePointer<UInt8> {
  /// Moves past zeros.
  @inline(__always)
  fileprivate mutating func skipZeros(until end: Self) {
    while self < end, self[0] == UInt8(ascii: "0") { self += 1 }
  }

  /// Moves past digits, appends them to `value`, modulo 2^64, and returns how many they were.
  @inline(__always)
  fileprivate mutating func readDigits(into value: inout UInt64, until end: Self) -> Int {
    let first = self
    while self < end {
      let digit = self[0] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ UInt64(digit)
      self += 1
    }
    return self - first
  }
}
