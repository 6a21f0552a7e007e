// Decimal text to the nearest Double. Three roads, each correctly rounded: one operation on two
// exact numbers; one exact division of integers; and, for the few numbers left, the standard
// library. CSVFormat.swift knows what else may stand in the cells of a table.

/// Returns the number that `text` is, or nil if it is none.
///
/// ```
/// [+-] (digits [. [digits]] | . digits) [(e | E) [+-] digits]      or  [+-] (nan | inf | infinity)
/// ```
/// Spaces and tabs around it do not count, nor does the case of the words; the point may be another mark.
/// The result is the Double nearest to the number, halfway the even one; beyond the largest it is
/// infinite.
package func parseNumber(
  _ text: UnsafeBufferPointer<UInt8>, decimalMark: UInt8 = UInt8(ascii: ".")
) -> Double? {
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
  if next < end, next[0] == decimalMark {
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
    String(
      decoding: UnsafeBufferPointer(start: start, count: end - start).lazy.map {
        $0 == decimalMark ? UInt8(ascii: ".") : $0
      }, as: UTF8.self))
}

/// How many bytes `decimalNumber` looks at.
let longestDecimal = 64

/// Returns the number that begins at a place and moves behind it, if it is made of at most 19 digits, of a
/// minus sign and of a decimal mark; nil otherwise.
///
/// `longestDecimal` bytes must be readable. Eight digits are read together, without a branch for each.
@inline(__always)
func decimalNumber(at place: inout UnsafePointer<UInt8>, decimalMark: UInt8) -> Double? {
  var next = place
  let isNegative = next[0] == UInt8(ascii: "-")
  if isNegative { next += 1 }
  var significand: UInt64 = 0
  let start = next
  next.readEightDigits(into: &significand)
  var digits = next - start
  var exponent = 0
  if next[0] == decimalMark {
    next += 1
    let fraction = next
    next.readEightDigits(into: &significand)
    exponent = fraction - next
    digits -= exponent
  }
  guard 1...19 ~= digits, let magnitude = magnitude(significand, exponent) else { return nil }
  place = next
  return isNegative ? -magnitude : magnitude
}

/// The number in the first one to eight of eight bytes, which are digits without the bits of `0`.
///
/// Shifting makes eight digits of them, the first ones zero; neighbours are then joined to numbers
/// below 100 in bytes 0, 2, 4 and 6, and these four are weighed in two products.
@inline(__always)
func integer(_ bytes: UInt64, digits: Int) -> Int32 {
  let eight = bytes &<< (64 &- 8 &* UInt64(truncatingIfNeeded: digits))
  let pairs = eight &* 10 &+ (eight &>> 8)
  let mask: UInt64 = 0x0000_00FF_0000_00FF
  let first = (pairs & mask) &* (1_000_000 &<< 32 | 100)
  let second = (pairs &>> 16 & mask) &* (10_000 &<< 32 | 1)
  return Int32(truncatingIfNeeded: (first &+ second) &>> 32)
}

/// Returns the whole number that `text` is, or nil if it is none or does not fit in `Int`.
///
/// Spaces and tabs around it do not count. Digits that are followed by a point and zeros are no whole number.
func parseInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
  let blank = text.prefix { isBlank($0) }.count
  let rest = text.dropFirst(blank)
  return Int(String(decoding: rest.prefix { !isBlank($0) }, as: UTF8.self))
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

/// The powers of ten by which up to eight digits move a number.
private let wholePowersOfTen: [UInt64] = [
  1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
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
func isBlank(_ byte: UInt8) -> Bool {
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

  /// Moves past up to 24 digits, eight at a time as long as there are so many, and appends them to `value`,
  /// modulo 2^64.
  @inline(__always)
  fileprivate mutating func readEightDigits(into value: inout UInt64) {
    let end = self + 24
    while self < end {
      let word = UnsafeRawPointer(self).loadUnaligned(as: UInt64.self).littleEndian
      let bytes = word ^ 0x3030_3030_3030_3030
      let others = (bytes &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080
      let digits = others.trailingZeroBitCount &>> 3
      if digits == 0 { return }
      let eight = UInt64(truncatingIfNeeded: integer(bytes, digits: digits))
      value = value &* wholePowersOfTen[digits] &+ eight
      self += digits
      if digits < 8 { return }
    }
  }
}
