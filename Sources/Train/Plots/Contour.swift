// Contours by marching squares: the outlines of the region where a function on a grid is at least a
// level. Each grid edge with one end inside and one outside gets one point by linear interpolation;
// within each cell the points are joined. Chart.swift fills the outlines.

import Tensor

/// The values of a function of x and y, on a grid.
public struct Field: Sendable {
  /// The values row by row, the first row at the lower end of `y`.
  public let values: [Double]
  /// The number of values in a row, at least 2.
  public let columns: Int
  /// The number of rows, at least 2.
  public let rows: Int
  /// The x values of the first and last column.
  public let x: ClosedRange<Double>
  /// The y values of the first and last row.
  public let y: ClosedRange<Double>

  /// Creates a field from its values, row by row, with the first row at the lower end of `y`.
  public init(_ values: [Double], columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    require(
      columns >= 2 && values.count / 2 >= columns && values.count % columns == 0,
      "Field: \(values.count) values do not make rows of \(columns); both sizes start at 2")
    self.values = values
    self.columns = columns
    rows = values.count / columns
    self.x = x
    self.y = y
  }

  /// Creates a field by evaluating a function at each point of the grid.
  public init(
    columns: Int, rows: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
    _ function: (_ x: Double, _ y: Double) -> Double
  ) {
    require(
      columns >= 2 && rows >= 2 && columns.multipliedSaturated(by: rows) <= 1 << 32,
      "Field: got \(columns) columns and \(rows) rows, expected 2 or more and at most 2^32 values")
    var values: [Double] = []
    for row in 0..<rows {
      for column in 0..<columns {
        values.append(
          function(at(column, of: columns, in: x), at(row, of: rows, in: y)))
      }
    }
    self.init(values, columns: columns, x: x, y: y)
  }

  /// The closed outlines of the region where the values are at least `level`.
  ///
  /// Holes also have outlines, so fill the region with the even-odd rule. NaN counts as outside.
  package func outlines(level: Double) -> [[ContourPoint]] {
    // A ring around the grid, which is outside at any level, closes the outlines at the border. It
    // has the border's coordinates, so no point leaves the grid.
    let width = columns + 2
    let height = rows + 2
    func value(_ row: Int, _ column: Int) -> Double {
      guard 1...rows ~= row, 1...columns ~= column else { return outside }
      let value = values[(row - 1) * columns + column - 1]
      return value.isNaN ? outside : min(max(value, outside), -outside)
    }

    // An edge is numbered by its lower left end: 2 * point for the edge to the right, + 1 for the
    // edge upwards. following[edge] is the edge at the other end of the piece of outline that
    // starts there.
    var following = [Int](repeating: -1, count: 2 * width * height)
    for row in 0..<height - 1 {
      for column in 0..<width - 1 {
        let (a, b) = (value(row, column), value(row, column + 1))
        let (c, d) = (value(row + 1, column + 1), value(row + 1, column))
        let inside =
          (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0)
          | (d >= level ? 8 : 0)
        if inside == 0 || inside == 15 { continue }
        let point = row * width + column
        let edges = [2 * point, 2 * (point + 1) + 1, 2 * (point + width), 2 * point + 1]
        // Counterclockwise around the cell, a piece starts at the edge where the inside is left,
        // whose first corner is inside and second is not. It ends at the edge where the inside was
        // entered. If both diagonals are mixed, the mean at the centre decides what is joined.
        let isJoined = (a + b + c + d) / 4 >= level
        for start in 0..<4 where inside >> start & 1 == 1 && inside >> ((start + 1) & 3) & 1 == 0 {
          func isEntry(_ edge: Int) -> Bool {
            inside >> edge & 1 == 0 && inside >> ((edge + 1) & 3) & 1 == 1
          }
          let next = (start + 1) & 3
          let last = (start + 3) & 3
          let isSaddle = inside == 5 || inside == 10
          let end =
            isSaddle
            ? (isJoined ? next : last) : [1, 2, 3].map { (start + $0) & 3 }.first(where: isEntry)
          following[edges[start]] = edges[end ?? last]
        }
      }
    }

    var outlines: [[ContourPoint]] = []
    for start in following.indices where following[start] >= 0 {
      var outline: [ContourPoint] = []
      var edge = start
      while following[edge] >= 0 {
        let (row, column) = (edge / 2 / width, edge / 2 % width)
        let (endRow, endColumn) = edge % 2 == 0 ? (row, column + 1) : (row + 1, column)
        let (from, to) = (value(row, column), value(endRow, endColumn))
        let t = (level - from) / (to - from)
        func place(_ start: Int, _ end: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
          let first = at(min(max(start - 1, 0), count - 1), of: count, in: range)
          let second = at(min(max(end - 1, 0), count - 1), of: count, in: range)
          return first + t * (second - first)
        }
        outline.append(
          ContourPoint(
            x: place(column, endColumn, columns, x), y: place(row, endRow, rows, y),
            closesBorder: row == 0 || column == 0 || endRow > rows || endColumn > columns))
        (following[edge], edge) = (-1, following[edge])
      }
      outlines.append(outline)
    }
    return outlines
  }
}

/// A point of an outline.
package struct ContourPoint: Sendable {
  package let x: Double
  package let y: Double
  /// Whether the outline follows the border of the grid here, instead of the level.
  package let closesBorder: Bool
}

/// Below any level, but finite, so that interpolation needs no special case.
private let outside = -1e300

/// The coordinate of a row or column; the first and last are exactly the ends of the range.
private func at(_ index: Int, of count: Int, in range: ClosedRange<Double>) -> Double {
  let t = Double(index) / Double(max(count - 1, 1))
  return range.lowerBound * (1 - t) + range.upperBound * t
}
