// Several drawings combined in rows and columns, such as boundaries side by side or captioned
// digits.

import Tensor

/// Drawings in a grid, from left to right, row by row.
///
/// ```swift
/// let figure = Panels(title: "One perceptron, two perceptrons", columns: 2, [first, second])
/// try figure.write(to: "perceptrons.svg")
/// ```
public struct Panels: Drawing {
  /// The text above all drawings.
  public var title: String
  /// The number of drawings in a row.
  public let columns: Int
  /// The drawings, in reading order.
  public let parts: [any Drawing]

  /// Combines drawings.
  ///
  /// - Parameters:
  ///   - title: The text above all drawings.
  ///   - columns: The number of drawings in a row, at least 1.
  ///   - parts: The drawings, in reading order; a column is as wide as its widest drawing.
  public init(title: String = "", columns: Int = 2, _ parts: [any Drawing]) {
    require(columns > 0, "Panels: the number of columns must be positive, got \(columns)")
    (self.title, self.columns, self.parts) = (title, columns, parts)
  }

  /// The width of the widest drawing in each column.
  private var columnWidths: [Int] {
    (0..<min(columns, parts.count)).map { column in
      stride(from: column, to: parts.count, by: columns).map { parts[$0].width }.max() ?? 0
    }
  }

  /// The height of the tallest drawing in each row.
  private var rowHeights: [Int] {
    stride(from: 0, to: parts.count, by: columns).map { start in
      parts[start..<min(start + columns, parts.count)].map(\.height).max() ?? 0
    }
  }

  private var top: Int { title.isEmpty ? 0 : 34 }

  /// The total width of the columns.
  public var width: Int { max(columnWidths.reduce(0, +), 1) }

  /// The total height of the rows and the title.
  public var height: Int { max(top + rowHeights.reduce(0, +), 1) }

  /// Returns the drawings as one SVG document.
  public func svg() -> String {
    var svg = SVG(width: width, height: height)
    let size = fittingSize(title, width: Double(width) - 20, size: 16)
    svg.text(title, x: Double(width) / 2, y: 24, size: size, anchor: .middle, isBold: true)
    var y = top
    for (row, rowHeight) in rowHeights.enumerated() {
      var x = 0
      for (part, columnWidth) in zip(parts.dropFirst(row * columns), columnWidths) {
        svg.document(
          part.svg(), x: Double(x) + Double(columnWidth - part.width) / 2, y: Double(y))
        x += columnWidth
      }
      y += rowHeight
    }
    return svg.document
  }
}
