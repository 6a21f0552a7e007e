// The marks of a chart, drawn as SVG: points, lines, bars, filled contours. Contour.swift finds the
// outlines, Axes.swift the positions.

/// A series of points, a line or bars, with its name.
struct Series: Sendable {
  enum Style {
    case points(Chart.Marker)
    case line
    /// Bars from 0 to y, centred at x, with a width in units of x.
    case bars(width: Double)
    /// The same, but translucent, so that other histograms show through.
    case histogram(width: Double)
    /// Bars that share the unit around each integer x with those of other series.
    case groupedBars
  }

  var x: [Double]
  let y: [Double]
  var style: Style
  let color: Color
  let label: String

  /// The width of bars in units of x; nil for other marks.
  var barWidth: Double? {
    switch style {
    case .points, .line: nil
    case .bars(let width), .histogram(let width): width
    case .groupedBars: 1
    }
  }

  private var opacity: Double { if case .histogram = style { 0.7 } else { 1 } }

  /// The values that the horizontal axis must cover.
  var xEnds: [Double] {
    let half = (barWidth ?? 0) / 2
    return half == 0 ? x : x.flatMap { [$0 - half, $0 + half] }
  }

  /// The values that the vertical axis must cover.
  func yEnds(_ scale: AxisScale) -> [Double] {
    barWidth == nil || scale == .logarithmic ? y : y + [0]
  }

  /// Draws the marks on the background, or on a field, whose colours are the same in dark mode.
  func draw(into svg: inout SVG, _ axes: Axes, isOnField: Bool) {
    let paint = isOnField ? Paint.color(color) : .mark(color)
    let points = zip(x, y).map { (axes.x($0), axes.y($1)) }
    switch style {
    case .points(let marker):
      draw(points.filter { $0.0.isFinite && $0.1.isFinite }, marker, paint, into: &svg)
    case .line:
      var data = ""
      var length = 0
      for (x, y) in points + [(.nan, .nan)] {
        if x.isFinite && y.isFinite {
          data += "\(length > 0 ? "L" : "M")\(decimal(x)) \(decimal(y))"
          length += 1
        } else {
          if length == 1 { data += "h0" }  // A point alone is a dot, with round ends.
          length = 0
        }
      }
      svg.path(data, stroke: paint, strokeWidth: 1.8, hasRoundEnds: true)
    case .bars, .histogram, .groupedBars:
      let width = barWidth ?? 1
      let base = axes.y.scale == .linear ? axes.y(0) : axes.bottom
      for (x, y) in zip(x, y) where x.isFinite && y.isFinite {
        let (left, right) = (axes.x(x - width / 2), axes.x(x + width / 2))
        let top = axes.y(y)
        // A logarithmic axis cannot show bars of height 0.
        guard left.isFinite && top.isFinite else { continue }
        svg.rectangle(
          x: left, y: min(top, base), width: right - left, height: abs(base - top),
          fill: paint, stroke: .paper, opacity: opacity)
      }
    }
  }

  func drawSample(into svg: inout SVG, x: Double, y: Double) {
    switch style {
    case .points(let marker): draw([(x + 10, y)], marker, .mark(color), into: &svg)
    case .line: svg.path("M\(decimal(x)) \(decimal(y))h20", stroke: .mark(color), strokeWidth: 1.8)
    case .bars, .histogram, .groupedBars:
      svg.rectangle(x: x + 4, y: y - 6, width: 12, height: 12, fill: .mark(color), opacity: opacity)
    }
  }

  private func draw(
    _ points: [(Double, Double)], _ marker: Chart.Marker, _ paint: Paint, into svg: inout SVG
  ) {
    switch marker {
    case .dot:
      let edge = if case .mark = paint { Paint.paper } else { Paint.color(.white) }
      for (x, y) in points {
        svg.circle(x: x, y: y, radius: 2.8, fill: paint, stroke: edge)
      }
    case .cross:
      let data = points.map {
        "M\(decimal($0.0 - 2.7)) \(decimal($0.1 - 2.7))l5.4 5.4m0-5.4l-5.4 5.4"
      }
      svg.path(data.joined(), stroke: paint, strokeWidth: 1.5)
    }
  }
}

extension Chart {
  /// The series as drawn: if several have a bar per name, the bars are placed side by side.
  var sideBySide: [Series] {
    let groups = series.count { if case .groupedBars = $0.style { true } else { false } }
    var position = 0.0
    return series.map { series in
      guard case .groupedBars = series.style else { return series }
      var moved = series
      let width = 0.8 / Double(groups)
      moved.style = .bars(width: width)
      moved.x = series.x.map { $0 + (position + 0.5) * width - 0.4 }
      position += 1
      return moved
    }
  }
}

/// A field with its levels.
struct Contours: Sendable {
  let field: Field
  let levels: [Double]
  let colors: ColorMap
  let boundary: Double?

  /// Paints each region over the lower ones, so that there are no gaps between them.
  func draw(into svg: inout SVG, _ axes: Axes) {
    let (left, right) = (axes.x(field.x.lowerBound), axes.x(field.x.upperBound))
    let (bottom, top) = (axes.y(field.y.lowerBound), axes.y(field.y.upperBound))
    svg.rectangle(
      x: left, y: top, width: right - left, height: bottom - top,
      fill: .color(colors(0)))
    for (index, level) in levels.enumerated() {
      var data = ""
      for outline in field.outlines(level: level) {
        data += path(outline, axes) { _, _ in true } + "Z"
      }
      svg.path(data, fill: .color(colors(Double(index + 1) / Double(levels.count))))
    }
    guard let boundary else { return }
    var data = ""
    for outline in field.outlines(level: boundary) {
      // Only the parts inside the field; those along its border are not a boundary.
      data += path(outline + outline.prefix(1), axes) { !$0.closesBorder && !$1.closesBorder }
    }
    svg.path(data, stroke: .color(Color(0x333333)), strokeWidth: 1.6)
  }

  /// The path through points, interrupted between two points that are not joined.
  private func path(
    _ points: [ContourPoint], _ axes: Axes, isJoined: (ContourPoint, ContourPoint) -> Bool
  ) -> String {
    var data = ""
    var written = ""
    for (index, point) in points.enumerated() {
      let place = "\(decimal(axes.x(point.x))) \(decimal(axes.y(point.y)))"
      let isMove = index == 0 || !isJoined(points[index - 1], point)
      if !isMove && place == written { continue }
      data += (isMove ? "M" : "L") + place
      written = place
    }
    return data
  }
}
