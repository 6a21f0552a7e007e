// Axis ticks: round numbers and their labels. Axes.swift draws them.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The positions of an axis's ticks, and their labels.
package struct Ticks: Sendable {
  package let values: [Double]
  package let labels: [String]

  /// Uses names instead of numbers, at 0, 1 and so on.
  init(names: [String]) {
    values = names.indices.map(Double.init)
    labels = names.map { $0.count > 16 ? $0.prefix(15) + "…" : $0 }
  }

  /// Chooses multiples of 1, 2 or 5 times a power of ten, with the smallest step that gives at most
  /// `count` steps in the range.
  package init(_ range: ClosedRange<Double>, count: Int) {
    let range = drawableRange(range)
    let factor = safeFactor(range)
    let extent = range.upperBound * factor - range.lowerBound * factor
    let least = min(extent / Double(max(count, 1)) / factor, 1.7e308)
    var exponent = Int(log10(least).rounded(.down))
    // The tolerance keeps 1 from becoming 2 if the division was rounded up.
    let mantissa = [1, 2, 5, 10].first { Double($0) >= scaled(least, -exponent) - 1e-9 } ?? 10
    let multiple = mantissa == 10 ? 1 : mantissa
    if mantissa == 10 { exponent += 1 }
    let first = (scaled(range.lowerBound, -exponent) / Double(multiple) - 1e-9).rounded(.up)
    let last = (scaled(range.upperBound, -exponent) / Double(multiple) + 1e-9).rounded(.down)
    // Computed from integers and an exponent, so that no label shows a rounding error.
    let numbers = stride(from: first, through: last, by: 1).map { Int($0) * multiple }
    values = numbers.map { scaled(Double($0), exponent) }
    labels = texts(numbers.map { ($0, exponent) })
  }

  /// Chooses powers of ten, or every second, third … of them, at most `count + 1`.
  ///
  /// If there are only a few, 2 and 5 times the powers are added; within less than a decade, the
  /// round numbers of a linear axis are used.
  package init(logarithmic range: ClosedRange<Double>, count: Int) {
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    let powers =
      Int(
        (low - 1e-9).rounded(.up))...max(
        Int((low - 1e-9).rounded(.up)), Int((high + 1e-9).rounded(.down)))
    var numbers: [(digits: Int, exponent: Int)] = []
    for multiples in [[1, 2, 5], [1]] {
      numbers = (powers.lowerBound - 1...powers.upperBound).flatMap { exponent in
        multiples.map { ($0, exponent) }
      }
      numbers.removeAll {
        let value = log10(Double($0.digits)) + Double($0.exponent)
        return value < low - 1e-9 || value > high + 1e-9
      }
      if numbers.count <= count + 1 { break }
    }
    if numbers.count < 2 {
      let linear = Ticks(range, count: count)
      (values, labels) = (linear.values, linear.labels)
      return
    }
    let step = max(numbers.count - 2, 0) / max(count, 1) + 1
    numbers = numbers.filter { step == 1 || $0.exponent.isMultiple(of: step) }
    values = numbers.map { scaled(Double($0.digits), $0.exponent) }
    labels = texts(numbers)
  }
}

/// `value * 10^exponent`, rounded once for the exponents that occur in practice.
private func scaled(_ value: Double, _ exponent: Int) -> Double {
  exponent >= 0 || exponent < -300
    ? value * pow(10, Double(exponent)) : value / pow(10, Double(-exponent))
}

/// The numbers `digits * 10^exponent` written out, or all in the form `2.5e-7` if one of them is
/// long.
private func texts(_ numbers: [(digits: Int, exponent: Int)]) -> [String] {
  // A long number is not written out just to count its characters.
  let plain = numbers.map {
    abs($0.exponent) > 20 ? nil : decimal($0.digits, exponent: $0.exponent)
  }
  if plain.allSatisfy({ $0.map { $0.count <= 7 } ?? false }) { return plain.compactMap { $0 } }
  return numbers.map { scientific($0.digits, exponent: $0.exponent) }
}

/// Scientific notation with one digit before the point, such as `2.5e-7`.
private func scientific(_ digits: Int, exponent: Int) -> String {
  guard digits != 0 else { return "0" }
  let shift = String(digits.magnitude).count - 1
  return decimal(digits, exponent: -shift) + (exponent + shift == 0 ? "" : "e\(exponent + shift)")
}
