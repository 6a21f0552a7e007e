// A chart: marks (points, lines, bars, filled contours) over two axes, drawn as SVG. The marks are
// stored as numbers until `svg()` knows the range of all of them. Chart+Bars.swift adds bars,
// Marks.swift draws the marks, Axes.swift lays out the frame.

import Tensor

/// A chart of points, lines, bars and filled contours.
///
/// ```swift
/// var chart = Chart(title: "Two circles")
/// chart.contour(field, boundary: 0.5)
/// chart.scatter(x: x, y: y, classes: labels)
/// try chart.write(to: "circles.svg")
/// ```
public struct Chart: Drawing {
  /// The symbol of a point.
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
  /// The range of the horizontal axis; nil shows all marks.
  public var xRange: ClosedRange<Double>?
  /// The range of the vertical axis; nil shows all marks.
  public var yRange: ClosedRange<Double>?
  /// The scale of the horizontal axis.
  public var xScale = AxisScale.linear
  /// The scale of the vertical axis.
  public var yScale = AxisScale.linear

  var series: [Series] = []
  var contours: [Contours] = []
  /// The names below bars, instead of numbers.
  var names: [String] = []

  /// Creates a chart without marks.
  public init(title: String = "", x xLabel: String = "", y yLabel: String = "") {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// Adds points; those with NaN or infinity are omitted.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates.
  ///   - y: The vertical coordinates, as many as horizontal ones.
  ///   - color: The colour; nil for the next one of the palette.
  ///   - marker: The symbol of the points.
  ///   - label: The name in the legend; empty for none.
  public mutating func scatter(
    x: [Double], y: [Double], color: Color? = nil, marker: Marker = .dot, label: String = ""
  ) {
    add(x, y, "scatter", .points(marker), color, label)
  }

  /// Adds points with a colour and marker per class: blue dots for 0 and red crosses for 1.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates.
  ///   - y: The vertical coordinates, as many as horizontal ones.
  ///   - classes: The class of each point, counted from 0.
  ///   - labels: The names of the classes in the legend; missing ones are named like `class 2`.
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

  /// Adds a line through points in their order; NaN or infinity interrupts it.
  ///
  /// - Parameters:
  ///   - x: The horizontal coordinates; nil for 0, 1, 2 ….
  ///   - y: The vertical coordinates, as many as horizontal ones.
  ///   - color: The colour; nil for the next one of the palette.
  ///   - label: The name in the legend; empty for none.
  public mutating func line(
    x: [Double]? = nil, y: [Double], color: Color? = nil, label: String = ""
  ) {
    add(x ?? y.indices.map(Double.init), y, "line", .line, color, label)
  }

  /// Adds the graph of a function.
  ///
  /// ```swift
  /// chart.function(over: -4...4, label: "tanh") { tanh($0) }
  /// ```
  ///
  /// - Parameters:
  ///   - range: The range in which the function is computed.
  ///   - color: The colour; nil for the next one of the palette.
  ///   - label: The name in the legend; empty for none.
  ///   - function: The function; there is no line where it returns NaN or infinity.
  public mutating func function(
    over range: ClosedRange<Double>, color: Color? = nil, label: String = "",
    _ function: (Double) -> Double
  ) {
    let x = Tensor<Double>.linspace(from: range.lowerBound, to: range.upperBound, count: 401)
      .elements
    line(x: x, y: x.map(function), color: color, label: label)
  }

  /// Adds a field as filled regions according to its values, below all other marks.
  ///
  /// - Parameters:
  ///   - field: The values on a grid.
  ///   - levels: The values that separate the regions; nil chooses about eight round ones. The
  ///     lowest and highest regions are unbounded.
  ///   - colors: The colour map from the lowest to the highest region.
  ///   - boundary: A value at which to draw a line, such as 0.5 for the decision between two
  ///     classes.
  public mutating func contour(
    _ field: Field, levels: [Double]? = nil, colors: ColorMap = .blueToRed, boundary: Double? = nil
  ) {
    let levels =
      levels ?? finiteRange(field.values).map { Ticks($0, count: 10).values } ?? []
    contours.append(
      Contours(field: field, levels: levels.sorted(), colors: colors, boundary: boundary))
  }

  mutating func add(
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
    let size = fittingSize(title, width: width - 20, size: 15)
    svg.text(title, x: width / 2, y: 22, size: size, anchor: .middle, isBold: true)
    let top = drawLegend(into: &svg, top: title.isEmpty ? 12 : 32)
    let axes = Axes(
      x: xAxis, y: yAxis, left: yLabel.isEmpty ? 6 : 26, top: top, right: width - 16,
      bottom: height - (xLabel.isEmpty ? 6 : 24))
    if contours.isEmpty { axes.drawGrid(into: &svg) }
    svg.clipped(x: axes.left, y: axes.top, width: axes.width, height: axes.height) { svg in
      for contours in contours { contours.draw(into: &svg, axes) }
      for series in sideBySide { series.draw(into: &svg, axes, isOnField: !contours.isEmpty) }
    }
    axes.drawFrame(into: &svg)
    axes.drawLabels(xLabel, yLabel, left: 0, bottom: height, in: &svg)
    return svg.document
  }

  /// The horizontal axis, which covers all marks, with a margin unless a field fills the frame.
  var xAxis: Axis {
    let sides = contours.flatMap { [$0.field.x.lowerBound, $0.field.x.upperBound] }
    let ends = sideBySide.flatMap(\.xEnds)
    let range =
      xRange ?? xScale.range(of: ends + sides, margin: contours.isEmpty ? 0.04 : 0)
    return Axis(range: range, scale: xScale, names: names)
  }

  /// The vertical axis; without a lower margin if all bars rise from 0.
  var yAxis: Axis {
    let sides = contours.flatMap { [$0.field.y.lowerBound, $0.field.y.upperBound] }
    let ends = series.flatMap { $0.yEnds(yScale) }
    var range = yRange ?? yScale.range(of: ends + sides, margin: contours.isEmpty ? 0.04 : 0)
    let standsOnZero = series.contains { $0.barWidth != nil } && (ends.min() ?? 0) == 0
    if yRange == nil && yScale == .linear && standsOnZero {
      range = 0...max(range.upperBound, 1e-300)
    }
    return Axis(range: range, scale: yScale)
  }

  /// Draws the legend in rows above the frame; returns the position where the frame can start.
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
