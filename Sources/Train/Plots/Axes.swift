// The frame of a chart: where a number lies in the picture, and round numbers along the sides.
// Chart.swift draws its marks inside.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Round numbers in a range: multiples of 1, 2 or 5 times a power of ten.
package struct Ticks: Sendable {
  package let values: [Double]
  package let labels: [String]

  /// Chooses the smallest step that gives at most `count` steps in the range.
  package init(_ range: ClosedRange<Double>, count: Int) {
    let range = drawableRange(range)
    let least = (range.upperBound - range.lowerBound) / Double(max(count, 1))
    var exponent = Int(log10(least).rounded(.down))
    // The allowance keeps 1 from becoming 2 where the division was rounded up.
    let mantissa = [1, 2, 5, 10].first { Double($0) >= scaled(least, -exponent) - 1e-9 } ?? 10
    let multiple = mantissa == 10 ? 1 : mantissa
    if mantissa == 10 { exponent += 1 }
    let first = (scaled(range.lowerBound, -exponent) / Double(multiple) - 1e-9).rounded(.up)
    let last = (scaled(range.upperBound, -exponent) / Double(multiple) + 1e-9).rounded(.down)
    // From whole numbers and an exponent, so that no label shows a rounding error.
    let numbers = stride(from: first, through: last, by: 1).map { Int($0) * multiple }
    values = numbers.map { scaled(Double($0), exponent) }
    let plain = numbers.map { decimal($0, exponent: exponent) }
    labels =
      plain.allSatisfy { $0.count <= 7 }
      ? plain : numbers.map { scientific($0, exponent: exponent) }
  }
}

/// `value * 10^exponent`, rounded once for the exponents that occur in practice.
private func scaled(_ value: Double, _ exponent: Int) -> Double {
  exponent >= 0 ? value * pow(10, Double(exponent)) : value / pow(10, Double(-exponent))
}

/// One digit before the point, such as `2.5e-7`.
private func scientific(_ digits: Int, exponent: Int) -> String {
  guard digits != 0 else { return "0" }
  let shift = String(digits.magnitude).count - 1
  return decimal(digits, exponent: -shift) + "e\(exponent + shift)"
}

/// A range that can be divided into steps: finite and not too narrow.
func drawableRange(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
  let lower = max(range.lowerBound, -1e200)
  let upper = min(range.upperBound, 1e200)
  let magnitude = max(abs(lower), abs(upper))
  if lower <= upper && upper - lower > max(magnitude * 1e-9, 1e-200) { return lower...upper }
  let middle = lower / 2 + upper / 2
  let half = magnitude < 1e-200 ? 1 : magnitude / 10
  return middle - half...middle + half
}

/// The least range that holds all finite numbers, or nil if there are none.
func finiteRange(_ values: some Sequence<Double>) -> ClosedRange<Double>? {
  var range: ClosedRange<Double>?
  for value in values where value.isFinite {
    range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value)
  }
  return range
}

/// The straight map from a range of numbers to a range of pixels.
struct PixelScale {
  let domain: ClosedRange<Double>
  /// The pixel of the domain's lower end.
  let start: Double
  /// The pixel of the domain's upper end.
  let end: Double

  func callAsFunction(_ value: Double) -> Double {
    let t = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + t * (end - start)
  }
}

/// About the width of a text in pixels: Helvetica's letters are half as wide as high on average,
/// those of East Asian scripts as wide as high.
func textWidth(_ text: String, size: Int = 12) -> Double {
  text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? 0.56 : 1) } * Double(size)
}

/// The largest size, up to `size`, in which a text fits a width; 7 is the least to be read.
func fittingSize(_ text: String, width: Double, size: Int) -> Int {
  stride(from: size, to: 7, by: -1).first { textWidth(text, size: $0) <= width } ?? 7
}

/// The rectangle in which a chart's marks are drawn, with its ticks.
struct Axes {
  let x: PixelScale
  let y: PixelScale
  private let xTicks: Ticks
  private let yTicks: Ticks

  /// Lays the frame out inside margins, leaving room on the left for the labels of the ticks.
  init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, left: Double, top: Double, right: Double,
    bottom: Double
  ) {
    let (x, y) = (drawableRange(x), drawableRange(y))
    let bottom = bottom - 22
    let yTicks = Ticks(y, count: max(2, Int((bottom - top) / 45)))
    let widest = yTicks.labels.map { textWidth($0, size: 11) }.max() ?? 0
    let left = left + widest + 9
    self.yTicks = yTicks
    xTicks = Ticks(x, count: max(2, Int((right - left) / 55)))
    self.x = PixelScale(domain: x, start: left, end: right)
    self.y = PixelScale(domain: y, start: bottom, end: top)
  }

  var left: Double { x.start }
  var top: Double { y.end }
  var width: Double { x.end - x.start }
  var height: Double { y.start - y.end }

  func drawGrid(into svg: inout SVG) {
    var data = ""
    for value in xTicks.values {
      data += "M\(decimal(x(value))) \(decimal(top))v\(decimal(height))"
    }
    for value in yTicks.values {
      data += "M\(decimal(left)) \(decimal(y(value)))h\(decimal(width))"
    }
    svg.path(data, stroke: Color(0xE6E6E6))
  }

  func drawFrame(into svg: inout SVG) {
    var data = ""
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      data += "M\(decimal(x(value))) \(decimal(y.start))v4"
      svg.text(label, x: x(value), y: y.start + 16, size: 11, anchor: .middle)
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      data += "M\(decimal(left)) \(decimal(y(value)))h-4"
      svg.text(label, x: left - 7, y: y(value) + 4, size: 11, anchor: .end)
    }
    svg.path(data, stroke: Color(0x666666))
    svg.rectangle(x: left, y: top, width: width, height: height, stroke: Color(0x666666))
  }
}
