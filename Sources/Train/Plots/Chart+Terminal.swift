// Charts on the terminal: the same marks and axes, drawn with characters.

import Tensor

extension Chart {
  /// Returns the chart as text for a terminal.
  ///
  /// - Parameters:
  ///   - columns: The width in characters.
  ///   - rows: The number of lines.
  ///   - isColored: Whether to use colours and Braille characters, or only ASCII.
  /// - Returns: the lines, without a line feed at the end.
  public func terminalText(
    columns: Int = terminalColumns, rows: Int = 20, isColored: Bool = isColorTerminal
  ) -> String {
    let named = series.indices.filter { !series[$0].label.isEmpty }
    let hasHead = !named.isEmpty || !yLabel.isEmpty
    let height = max(
      rows.subtractingSaturated(
        (title.isEmpty ? 2 : 3) + (hasHead ? 1 : 0) + (xLabel.isEmpty ? 0 : 1)),
      3)
    let yTicks = yAxis.ticks(count: max(height / 3, 2))
    let margin = yTicks.labels.map(\.count).max() ?? 0
    let width = max(columns.subtractingSaturated(margin + 2), 8)
    var canvas = TextCanvas(columns: width, rows: height, isColored: isColored)
    let x = PixelScale(
      domain: xAxis.range, start: 0, end: Double(canvas.width), scale: xScale)
    let y = PixelScale(
      domain: yAxis.range, start: Double(canvas.height), end: 0, scale: yScale)
    for contours in contours { contours.draw(on: &canvas, x, y) }
    for (index, series) in sideBySide.enumerated() {
      series.draw(on: &canvas, x, y, sign: sign(index))
    }

    var lines: [String] = []
    if !title.isEmpty { lines.append(centered(title, over: width, after: margin + 2)) }
    if hasHead {
      let names = named.map {
        colored(isColored ? "■" : String(sign($0)), series[$0].color, isColored: isColored) + " "
          + series[$0].label
      }
      lines.append(([yLabel].filter { !$0.isEmpty } + names).joined(separator: "   "))
    }
    for row in 0..<height {
      let tick = yTicks.values.firstIndex { place(y($0), canvas.height, cells: height) == row }
      let label = tick.map { yTicks.labels[$0] } ?? ""
      let blanks = String(repeating: " ", count: margin - label.count)
      let side = isColored ? (tick == nil ? " │" : " ┤") : (tick == nil ? " |" : " +")
      lines.append(blanks + label + side + canvas.line(row))
    }
    lines += xAxisLines(x, canvas, margin: margin)
    if !xLabel.isEmpty { lines.append(centered(xLabel, over: width, after: margin + 2)) }
    return lines.joined(separator: "\n")
  }

  /// The horizontal axis line and, below it, the numbers or names.
  private func xAxisLines(_ x: PixelScale, _ canvas: TextCanvas, margin: Int) -> [String] {
    let ticks = xAxis.ticks(count: max(canvas.columns / 9, 2))
    var axis = Array(repeating: canvas.isColored ? "─" : "-", count: canvas.columns)
    var labels = ""
    for (value, text) in zip(ticks.values, ticks.labels) {
      let column = place(x(value), canvas.width, cells: canvas.columns)
      axis[column] = canvas.isColored ? "┬" : "+"
      var label = text
      if !names.isEmpty { label = String(text.prefix(max(canvas.columns / names.count - 1, 1))) }
      let start = max(margin + 2 + column - label.count / 2, 0)
      // A label that would touch the previous one is omitted.
      if !labels.isEmpty && start <= labels.count { continue }
      labels += String(repeating: " ", count: start - labels.count) + label
    }
    let corner = canvas.isColored ? " └" : " +"
    return [String(repeating: " ", count: margin) + corner + axis.joined(), labels]
  }

  /// The character for the marks of a series if there are no colours.
  private func sign(_ index: Int) -> Character {
    if case .points(let marker) = series[index].style { return marker == .dot ? "o" : "x" }
    let signs: [Character] = ["*", "+", "#", "%", "@", "="]
    return signs[index % signs.count]
  }

  private func centered(_ text: String, over width: Int, after margin: Int) -> String {
    String(repeating: " ", count: margin + max(0, (width - text.count) / 2)) + text
  }
}

/// The cell that contains a dot; the last cell includes its end.
private func place(_ dot: Double, _ dots: Int, cells: Int) -> Int {
  guard dot.isFinite else { return 0 }
  return min(max(Int(dot / Double(dots) * Double(cells)), 0), cells - 1)
}

extension Series {
  fileprivate func draw(
    on canvas: inout TextCanvas, _ xScale: PixelScale, _ yScale: PixelScale, sign: Character
  ) {
    /// The dot of a point, clamped if far outside the canvas; nil if it cannot be shown.
    func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int)? {
      let (x, y) = (xScale(x), yScale(y))
      guard x.isFinite && y.isFinite else { return nil }
      func clamped(_ value: Double, _ end: Int) -> Int {
        // The upper end of an axis belongs to the last dot.
        value == Double(end) ? end - 1 : Int(min(max(value.rounded(.down), -1e4), 1e4))
      }
      return (clamped(x, canvas.width), clamped(y, canvas.height))
    }
    switch style {
    case .points:
      // If there are only a few points, they are drawn larger.
      let isLarge = canvas.isColored && x.count <= 100
      for (x, y) in zip(x, y) {
        guard let (column, row) = dot(x, y) else { continue }
        canvas.dot(column, row, color: color, sign: sign)
        if isLarge {
          for (dx, dy) in [(1, 0), (0, 1), (1, 1)] {
            canvas.dot(column + dx, row + dy, color: color, sign: sign)
          }
        }
      }
    case .line:
      var last: (x: Int, y: Int)?
      for (x, y) in zip(x, y) {
        guard let next = dot(x, y) else {
          last = nil
          continue
        }
        let from = last ?? next
        let steps = max(abs(next.x - from.x), abs(next.y - from.y), 1)
        for step in 0...steps {
          canvas.dot(
            from.x + (next.x - from.x) * step / steps, from.y + (next.y - from.y) * step / steps,
            color: color, sign: sign)
        }
        last = next
      }
    case .bars, .histogram, .groupedBars:
      let width = barWidth ?? 1
      let base = yScale.scale == .linear ? yScale(0) : Double(canvas.height)
      for (x, y) in zip(x, y) {
        let (left, right, end) = (xScale(x - width / 2), xScale(x + width / 2), yScale(y))
        guard left.isFinite && right.isFinite && end.isFinite else { continue }
        let columns = max(left, 0).rounded()..<max(min(right, Double(canvas.width)).rounded(), 0)
        let (top, bottom) = (max(min(base, end), 0).rounded(), max(base, end).rounded())
        for column in Int(columns.lowerBound)..<Int(columns.upperBound) {
          for row in Int(top)..<Int(min(max(bottom, top), Double(max(canvas.height, Int(top))))) {
            canvas.dot(column, row, color: color, sign: sign)
          }
        }
      }
    }
  }
}

extension Contours {
  /// Colours the cells; without colours, cells above the boundary get a dot, or all get a character
  /// by level.
  fileprivate func draw(on canvas: inout TextCanvas, _ x: PixelScale, _ y: PixelScale) {
    for row in 0..<canvas.rows {
      for column in 0..<canvas.columns {
        let across = (Double(column) + 0.5) / Double(canvas.columns)
        let up = 1 - (Double(row) + 0.5) / Double(canvas.rows)
        guard let value = value(at: x.domain, across, y.domain, up) else { continue }
        let share =
          Double(levels.count { value >= $0 }) / Double(max(levels.count, 1))
        if canvas.isColored {
          canvas.fill(column, row, " ", background: colors(share))
        } else if let boundary {
          canvas.fill(column, row, value >= boundary ? "." : " ")
        } else {
          canvas.fill(column, row, density(share))
        }
      }
    }
  }

  /// The value of the field at a position in the frame; nil outside the field and for NaN.
  private func value(
    at xDomain: ClosedRange<Double>, _ across: Double, _ yDomain: ClosedRange<Double>, _ up: Double
  ) -> Double? {
    func index(
      _ domain: ClosedRange<Double>, _ t: Double, _ range: ClosedRange<Double>, _ count: Int
    ) -> Int? {
      let place = domain.lowerBound + t * (domain.upperBound - domain.lowerBound)
      let extent = range.upperBound - range.lowerBound
      guard range.contains(place), extent > 0 else { return nil }
      return Int(((place - range.lowerBound) / extent * Double(count - 1)).rounded())
    }
    guard let column = index(xDomain, across, field.x, field.columns),
      let row = index(yDomain, up, field.y, field.rows)
    else { return nil }
    let value = field.values[row * field.columns + column]
    return value.isNaN ? nil : value
  }
}
