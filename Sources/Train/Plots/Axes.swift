// The frame of a chart: positions of numbers in the picture, and labels along the sides.
// Ticks.swift chooses the numbers; Chart.swift and HeatMap.swift draw their marks inside.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The range, adjusted so that it can be divided into steps: finite and not too narrow.
func drawableRange(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
  let greatest = Double.greatestFiniteMagnitude
  let lower = min(max(range.lowerBound, -greatest), greatest)
  let upper = max(min(range.upperBound, greatest), -greatest)
  let magnitude = max(abs(lower), abs(upper))
  if lower <= upper && upper - lower > max(magnitude * 1e-9, 1e-200) { return lower...upper }
  let middle = lower / 2 + upper / 2
  let half = magnitude < 1e-200 ? 1 : magnitude / 10
  return middle - half...middle + half
}

/// A factor that keeps differences within a range from overflowing: 1, or 1/4 near the limits of
/// `Double`.
func safeFactor(_ range: ClosedRange<Double>) -> Double {
  max(abs(range.lowerBound), abs(range.upperBound)) > 1e307 ? 0.25 : 1
}

/// The smallest range that contains all finite numbers; nil if there are none.
func finiteRange(_ values: some Sequence<Double>) -> ClosedRange<Double>? {
  var range: ClosedRange<Double>?
  for value in values where value.isFinite {
    range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value)
  }
  return range
}

/// The scale of an axis.
public enum AxisScale: Sendable {
  /// Linear: equal differences take equal space.
  case linear
  /// Logarithmic: equal ratios take equal space; numbers that are not positive are omitted.
  case logarithmic

  /// The transformed number, which is proportional to the position along the axis.
  func callAsFunction(_ value: Double) -> Double { self == .linear ? value : log10(value) }

  /// The smallest range that contains all values that can be drawn, with a relative margin.
  func range(of values: [Double], margin: Double) -> ClosedRange<Double> {
    let drawable = self == .linear ? values : values.filter { $0 > 0 }
    let range = drawableRange(finiteRange(drawable.map { self($0) }) ?? 0...1)
    let factor = safeFactor(range)
    let space = (range.upperBound * factor - range.lowerBound * factor) * margin / factor
    let greatest = Double.greatestFiniteMagnitude
    let low = max(range.lowerBound - space, -greatest)
    let high = min(range.upperBound + space, greatest)
    if self == .linear { return low...high }
    // Clamped to the range of `Double`, so that the result is neither 0 nor infinity.
    func power(_ exponent: Double) -> Double { pow(10, min(max(exponent, -323.3), 308.25)) }
    return power(low)...power(high)
  }
}

/// The map from a range of numbers to a range of pixels.
struct PixelScale {
  let scale: AxisScale
  /// The range of numbers, or of their logarithms if the scale is logarithmic.
  let domain: ClosedRange<Double>
  /// The pixel of the domain's lower end.
  let start: Double
  /// The pixel of the domain's upper end.
  let end: Double
  private let factor: Double

  init(domain: ClosedRange<Double>, start: Double, end: Double, scale: AxisScale = .linear) {
    require(
      scale == .linear || domain.lowerBound > 0,
      "Chart: a logarithmic axis cannot begin at \(domain.lowerBound); its numbers are positive")
    self.scale = scale
    self.domain = drawableRange(scale(domain.lowerBound)...scale(domain.upperBound))
    factor = safeFactor(self.domain)
    (self.start, self.end) = (start, end)
  }

  func callAsFunction(_ value: Double) -> Double {
    let low = domain.lowerBound * factor
    let t = (scale(value) * factor - low) / (domain.upperBound * factor - low)
    return start + t * (end - start)
  }
}

/// The approximate width of a text in pixels: Helvetica's letters are on average half as wide as
/// high, those of East Asian scripts as wide as high.
func textWidth(_ text: String, size: Int = 12) -> Double {
  text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? 0.56 : 1) } * Double(size)
}

/// The largest font size up to `size` at which a text fits a width; at least 7, to stay readable.
func fittingSize(_ text: String, width: Double, size: Int) -> Int {
  stride(from: size, to: 7, by: -1).first { textWidth(text, size: $0) <= width } ?? 7
}

/// An axis: its range and labels.
struct Axis {
  var range: ClosedRange<Double>
  var scale = AxisScale.linear
  /// Names to show at 0, 1, 2 … instead of numbers.
  var names: [String] = []
  /// Whether the range's lower end is at the top.
  var isDownwards = false

  func ticks(count: Int) -> Ticks {
    if !names.isEmpty { return Ticks(names: names) }
    let range = scale == .linear ? drawableRange(range) : range
    return scale == .linear
      ? Ticks(range, count: count) : Ticks(logarithmic: range, count: count)
  }
}

/// The rectangle in which marks are drawn, with the ticks of both axes.
struct Axes {
  let x: PixelScale
  let y: PixelScale
  private let xTicks: Ticks
  private let yTicks: Ticks
  /// Whether the names below the frame are slanted because they are too long.
  private let isSlanted: Bool

  /// Lays out the frame within margins, leaving room for the tick labels.
  init(x: Axis, y: Axis, left: Double, top: Double, right: Double, bottom: Double) {
    yTicks = y.ticks(count: max(2, Int((bottom - 22 - top) / 45)))
    let left = left + widest(yTicks) + 9
    xTicks = x.ticks(count: max(2, Int((right - left) / 55)))
    let space = (right - left) / Double(max(x.names.count, 1))
    isSlanted = !x.names.isEmpty && widest(xTicks) + 6 > space
    let bottom = bottom - (isSlanted ? 16 + widest(xTicks) * slope : 22)
    self.x = PixelScale(domain: x.range, start: left, end: right, scale: x.scale)
    let (low, high) = y.isDownwards ? (top, bottom) : (bottom, top)
    self.y = PixelScale(domain: y.range, start: low, end: high, scale: y.scale)
  }

  var left: Double { x.start }
  var top: Double { min(y.start, y.end) }
  var bottom: Double { max(y.start, y.end) }
  var width: Double { x.end - x.start }
  var height: Double { bottom - top }

  func drawGrid(into svg: inout SVG) {
    var data = ""
    for value in xTicks.values {
      data += "M\(decimal(x(value))) \(decimal(top))v\(decimal(height))"
    }
    for value in yTicks.values {
      data += "M\(decimal(left)) \(decimal(y(value)))h\(decimal(width))"
    }
    svg.path(data, stroke: .grid)
  }

  func drawFrame(into svg: inout SVG) {
    var data = ""
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      data += "M\(decimal(x(value))) \(decimal(bottom))v4"
      if isSlanted {
        svg.text(label, x: x(value) + 4, y: bottom + 13, size: 11, anchor: .end, angle: -40)
      } else {
        svg.text(label, x: x(value), y: bottom + 16, size: 11, anchor: .middle)
      }
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      data += "M\(decimal(left)) \(decimal(y(value)))h-4"
      svg.text(label, x: left - 7, y: y(value) + 4, size: 11, anchor: .end)
    }
    svg.path(data, stroke: .frame)
    svg.rectangle(x: left, y: top, width: width, height: height, stroke: .frame)
  }

  /// Draws the axis titles: below the frame, just above `bottom`, and vertically at `left`.
  func drawLabels(
    _ xLabel: String, _ yLabel: String, left: Double, bottom: Double, in svg: inout SVG
  ) {
    svg.text(
      xLabel, x: self.left + width / 2, y: bottom - 8,
      size: fittingSize(xLabel, width: width, size: 12), anchor: .middle)
    svg.text(
      yLabel, x: left + 17, y: top + height / 2,
      size: fittingSize(yLabel, width: height, size: 12), anchor: .middle, angle: -90)
  }
}

/// The height of a slanted text relative to its length: sin 40°.
private let slope = 0.643

private func widest(_ ticks: Ticks) -> Double {
  ticks.labels.map { textWidth($0, size: 11) }.max() ?? 0
}
