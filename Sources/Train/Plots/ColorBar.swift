// The colour bar: the colours of a range and their numbers, beside the pixels of Picture.swift and
// HeatMap.swift.

struct ColorBar {
  let colors: ColorMap
  let range: ClosedRange<Double>
  private let ticks: Ticks

  init(_ colors: ColorMap, range: ClosedRange<Double>) {
    (self.colors, self.range) = (colors, range)
    ticks = Ticks(range, count: 6)
  }

  /// The width of the bar in the drawing, including its numbers and the gap before it.
  var width: Double { 38 + (ticks.labels.map { textWidth($0, size: 11) }.max() ?? 0) }

  /// Draws the bar to the right of `x`, including the gap.
  func draw(into svg: inout SVG, x: Double, top: Double, height: Double) {
    let x = x + 14
    let steps = (0..<256).reversed().flatMap { step in
      let color = colors(Double(step) / 255)
      return [color.red, color.green, color.blue]
    }
    svg.image(
      png: encodePNG(steps, width: 1, height: 256, format: .rgb), x: x, y: top, width: 16,
      height: height)
    svg.rectangle(x: x, y: top, width: 16, height: height, stroke: .frame)
    let position = PixelScale(domain: range, start: top + height, end: top)
    for (value, label) in zip(ticks.values, ticks.labels) {
      let y = position(value)
      svg.path("M\(decimal(x + 16)) \(decimal(y))h4", stroke: .frame)
      svg.text(label, x: x + 24, y: y + 4, size: 11)
    }
  }
}
