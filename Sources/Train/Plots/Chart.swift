// A chart: marks (points, lines, filled contours) over two axes, drawn as SVG. The marks are kept as
// numbers until `svg()` knows the range of all of them.
// Contour.swift finds the outlines, Axes.swift the frame.

import ArrayFiles
import Tensor

/// A chart of points, lines and filled contours.
///
/// ```swift
/// var chart = Chart(title: "Two circles")
/// chart.contour(field, boundary: 0.5)
/// chart.scatter(x: x, y: y, classes: labels)
/// try chart.write(to: "circles.svg")
/// ```
public struct Chart: Sendable {
  /// The sign drawn for a point.
  public enum Marker: Sendable {
    /// A filled circle.
    case dot
    /// A diagonal cross.
    case cross
  }

  /// The text above the chart.
  public var title: String
  /// The text below the horizontal axis.
  public var xLabel: String
  /// The text beside the vertical axis.
  public var yLabel: String
  /// The width of the picture in pixels.
  public var width = 480
  /// The height of the picture in pixels.
  public var height = 400
  /// The ends of the horizontal axis; nil shows all marks.
  public var xRange: ClosedRange<Double>?
  /// The ends of the vertical axis; nil shows all marks.
  public var yRange: ClosedRange<Double>?

  private var series: [Series] = []
  private var contours: [Contours] = []

  /// Creates a chart without marks.
  public init(title: String = "", x xLabel: String = "", y yLabel: String = "") {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// Adds points; those with a NaN or an infinity are left out.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates.
  ///   - y: The vertical coordinates, as many.
  ///   - color: The colour; nil takes the palette's next one.
  ///   - marker: The sign drawn for each point.
  ///   - label: The name in the legend; empty for none.
  public mutating func scatter(
    x: [Double], y: [Double], color: Color? = nil, marker: Marker = .dot, label: String = ""
  ) {
    add(x, y, "scatter", .points(marker), color, label)
  }

  /// Adds points with a colour and marker for each class, blue dots for 0 and red crosses for 1.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates.
  ///   - y: The vertical coordinates, as many.
  ///   - classes: The class of each point, as many, from 0.
  ///   - labels: The names of the classes in the legend; those missing are called `class 2`.
  public mutating func scatter(
    x: [Double], y: [Double], classes: [Int], labels: [String] = []
  ) {
    require(
      x.count == classes.count && classes.allSatisfy { $0 >= 0 },
      "scatter: expected a class from 0 for each of \(x.count) points, got \(classes.count)"
        + " classes with a minimum of \(classes.min() ?? 0)")
    for number in Set(classes).sorted() {
      let members = classes.indices.filter { classes[$0] == number }
      scatter(
        x: members.map { x[$0] }, y: members.map { y[$0] },
        color: Color.palette[number % Color.palette.count], marker: number % 2 == 0 ? .dot : .cross,
        label: number < labels.count ? labels[number] : "class \(number)")
    }
  }

  /// Adds a line through points in their order; a NaN or an infinity interrupts it.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates; nil counts from 0.
  ///   - y: The vertical coordinates, as many.
  ///   - color: The colour; nil takes the palette's next one.
  ///   - label: The name in the legend; empty for none.
  public mutating func line(
    x: [Double]? = nil, y: [Double], color: Color? = nil, label: String = ""
  ) {
    add(x ?? y.indices.map(Double.init), y, "line", .line, color, label)
  }

  /// Adds a field as regions filled according to its values, below all other marks.
  ///
  /// - Parameters:
  ///   - field: The values on a grid.
  ///   - levels: The values that separate the regions; nil chooses about eight round ones. The
  ///     lowest region and the highest one extend without end.
  ///   - colors: The map from the lowest to the highest region.
  ///   - boundary: A value at which a line is drawn, such as 0.5 for a decision between two classes.
  public mutating func contour(
    _ field: Field, levels: [Double]? = nil, colors: ColorMap = .blueToRed, boundary: Double? = nil
  ) {
    let levels =
      levels ?? finiteRange(field.values).map { Ticks($0, count: 10).values } ?? []
    contours.append(
      Contours(field: field, levels: levels.sorted(), colors: colors, boundary: boundary))
  }

  private mutating func add(
    _ x: [Double], _ y: [Double], _ operation: String, _ style: Series.Style, _ color: Color?,
    _ label: String
  ) {
    require(
      x.count == y.count,
      "\(operation): \(x.count) values of x and \(y.count) of y; each point needs both")
    let next = Color.palette[series.count % Color.palette.count]
    series.append(Series(x: x, y: y, style: style, color: color ?? next, label: label))
  }

  /// Returns the chart as an SVG document.
  public func svg() -> String {
    var svg = SVG(width: width, height: height)
    let (width, height) = (Double(width), Double(height))
    if !title.isEmpty {
      let size = fittingSize(title, width: width - 20, size: 15)
      svg.text(title, x: width / 2, y: 22, size: size, anchor: .middle, isBold: true)
    }
    let top = drawLegend(into: &svg, top: title.isEmpty ? 12 : 32)
    let axes = Axes(
      x: xRange ?? fullRange(\.x, \.x), y: yRange ?? fullRange(\.y, \.y),
      left: yLabel.isEmpty ? 6 : 26, top: top, right: width - 16,
      bottom: height - (xLabel.isEmpty ? 6 : 24))

    if contours.isEmpty { axes.drawGrid(into: &svg) }
    svg.clipped(x: axes.left, y: axes.top, width: axes.width, height: axes.height) { svg in
      for contours in contours { contours.draw(into: &svg, axes) }
      for series in series { series.draw(into: &svg, axes) }
    }
    axes.drawFrame(into: &svg)
    svg.text(
      xLabel, x: axes.left + axes.width / 2, y: height - 8,
      size: fittingSize(xLabel, width: axes.width, size: 12), anchor: .middle)
    svg.text(
      yLabel, x: 17, y: axes.top + axes.height / 2,
      size: fittingSize(yLabel, width: axes.height, size: 12), anchor: .middle, isUpwards: true)
    return svg.document
  }

  /// Writes the chart into an SVG file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try writeFile(Array(svg().utf8), to: path)
  }

  /// The range of all marks, with a margin unless a field fills the frame.
  private func fullRange(
    _ coordinate: KeyPath<Series, [Double]>, _ side: KeyPath<Field, ClosedRange<Double>>
  ) -> ClosedRange<Double> {
    let points = series.lazy.flatMap { $0[keyPath: coordinate] }
    let sides = contours.lazy.map { $0.field[keyPath: side] }
    let ends = sides.flatMap { [$0.lowerBound, $0.upperBound] }
    let range = drawableRange(finiteRange(Array(points) + ends) ?? 0...1)
    if !contours.isEmpty { return range }
    let margin = (range.upperBound - range.lowerBound) * 0.04
    return range.lowerBound - margin...range.upperBound + margin
  }

  /// Draws the names in rows above the frame, where they hide nothing; returns where it may begin.
  private func drawLegend(into svg: inout SVG, top: Double) -> Double {
    var (x, y) = (14.0, top)
    for series in series where !series.label.isEmpty {
      let available = Double(width) - 14 - 40
      let size = fittingSize(series.label, width: available, size: 12)
      let needed = 24 + textWidth(series.label, size: size) + 16
      if x > 14 && x + needed > Double(width) { (x, y) = (14, y + 18) }
      series.drawSample(into: &svg, x: x, y: y + 7)
      svg.text(series.label, x: x + 24, y: y + 11, size: size)
      x += needed
    }
    return x > 14 ? y + 22 : y
  }
}

/// Points or a line, with its name.
private struct Series: Sendable {
  enum Style {
    case points(Chart.Marker)
    case line
  }

  let x: [Double]
  let y: [Double]
  let style: Style
  let color: Color
  let label: String

  func draw(into svg: inout SVG, _ axes: Axes) {
    let points = zip(x, y).map { (axes.x($0), axes.y($1)) }
    switch style {
    case .points(let marker):
      draw(points.filter { $0.0.isFinite && $0.1.isFinite }, marker, into: &svg)
    case .line:
      var data = ""
      var isDrawing = false
      for (x, y) in points {
        if x.isFinite && y.isFinite {
          data += "\(isDrawing ? "L" : "M")\(decimal(x)) \(decimal(y))"
          isDrawing = true
        } else {
          isDrawing = false
        }
      }
      svg.path(data, stroke: color, strokeWidth: 1.8)
    }
  }

  func drawSample(into svg: inout SVG, x: Double, y: Double) {
    switch style {
    case .points(let marker): draw([(x + 10, y)], marker, into: &svg)
    case .line: svg.path("M\(decimal(x)) \(decimal(y))h20", stroke: color, strokeWidth: 1.8)
    }
  }

  private func draw(_ points: [(Double, Double)], _ marker: Chart.Marker, into svg: inout SVG) {
    switch marker {
    case .dot:
      for (x, y) in points { svg.circle(x: x, y: y, radius: 2.8, fill: color, stroke: .white) }
    case .cross:
      let data = points.map {
        "M\(decimal($0.0 - 2.7)) \(decimal($0.1 - 2.7))l5.4 5.4m0-5.4l-5.4 5.4"
      }
      svg.path(data.joined(), stroke: color, strokeWidth: 1.5)
    }
  }
}

/// A field with its levels.
private struct Contours: Sendable {
  let field: Field
  let levels: [Double]
  let colors: ColorMap
  let boundary: Double?

  /// Paints each region over the lower ones: where two touch, no gap shows between them.
  func draw(into svg: inout SVG, _ axes: Axes) {
    let (left, right) = (axes.x(field.x.lowerBound), axes.x(field.x.upperBound))
    let (bottom, top) = (axes.y(field.y.lowerBound), axes.y(field.y.upperBound))
    svg.rectangle(x: left, y: top, width: right - left, height: bottom - top, fill: colors(0))
    for (index, level) in levels.enumerated() {
      var data = ""
      for outline in field.outlines(level: level) {
        data += path(outline, axes) { _, _ in true } + "Z"
      }
      svg.path(data, fill: colors(Double(index + 1) / Double(levels.count)))
    }
    guard let boundary else { return }
    var data = ""
    for outline in field.outlines(level: boundary) {
      // Only the parts inside the field: those along its border are no boundary.
      data += path(outline + outline.prefix(1), axes) { !$0.closesBorder && !$1.closesBorder }
    }
    svg.path(data, stroke: Color(0x333333), strokeWidth: 1.6)
  }

  /// The path through points, lifting the pen between two that are not joined.
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
