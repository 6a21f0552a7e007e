// A pen that draws curves into grey pixels. It first computes the distance of every pixel from the
// nearest line, and then the ink, so that crossings are not darker and edges are smooth.

/// A pen over a grid of pixels; the pixel in row r, column c has its centre at (c + 1/2, r + 1/2).
struct Pen {
  private let width: Int
  private let height: Int
  /// Half the line width, in pixels.
  private let radius: Double
  /// The squared distance of each pixel's centre from the nearest line, within reach of the ink.
  private var squares: [Double]

  /// The number of pixels over which the ink fades at the edge of a line.
  private static let softness = 1.2

  init(width: Int, height: Int, radius: Double) {
    self.width = width
    self.height = height
    self.radius = radius
    squares = Array(repeating: .infinity, count: width * height)
  }

  /// Draws straight lines from point to point.
  mutating func draw(_ points: [SIMD2<Double>]) {
    for (start, end) in zip(points, points.dropFirst()) {
      let columns = cells(start.x, end.x, of: width)
      let rows = cells(start.y, end.y, of: height)
      let line = end - start
      let length = (line * line).sum()
      // The point start + t line nearest to a pixel has t = (pixel - start) . perPixel, clamped to
      // 0...1.
      let perPixel = length > 0 ? line / length : line
      for row in rows {
        for column in columns {
          let offset = SIMD2(Double(column), Double(row)) + 0.5 - start
          let gap = offset - max(0, min(1, (offset * perPixel).sum())) * line
          let i = row * width + column
          squares[i] = min(squares[i], (gap * gap).sum())
        }
      }
    }
  }

  /// Sets the pixels: 255 on the lines, 0 away from them.
  func ink(_ pixels: UnsafeMutablePointer<UInt8>) {
    for i in squares.indices {
      let share = (radius - squares[i].squareRoot()) / Pen.softness + 0.5
      pixels[i] = UInt8((255 * max(0, min(1, share))).rounded())
    }
  }

  /// The cells among 0..<count that the ink of a line between two positions can reach.
  private func cells(_ start: Double, _ end: Double, of count: Int) -> Range<Int> {
    let reach = radius + Pen.softness / 2
    let first = max(0, min(Double(count), min(start, end) - reach))
    let last = max(0, min(Double(count), max(start, end) + reach))
    return Int(first)..<Int(last.rounded(.up))
  }
}

/// A smooth curve through the points, approximated by short straight lines.
///
/// Between two points p and q with the directions u and v, it is the cubic
/// ```
/// (1 - t)^2 (1 + 2t) p + t (1 - t)^2 u + t^2 (3 - 2t) q - t^2 (1 - t) v
/// ```
/// where the direction at a point is half the difference between the next and the previous point.
///
/// Source: E. Catmull and R. Rom, "A class of local interpolating splines", Computer Aided Geometric
/// Design, 1974.
func curve(through points: [SIMD2<Double>]) -> [SIMD2<Double>] {
  guard points.count > 2, let first = points.first else { return points }
  func direction(_ i: Int) -> SIMD2<Double> {
    (points[min(i + 1, points.count - 1)] - points[max(i - 1, 0)]) * 0.5
  }
  let steps = 6
  var result = [first]
  for i in 1..<points.count {
    let (p, q) = (points[i - 1], points[i])
    let (u, v) = (direction(i - 1), direction(i))
    for step in 1...steps {
      let t = Double(step) / Double(steps)
      let s = 1 - t
      let ends = s * s * (1 + 2 * t) * p + t * t * (3 - 2 * t) * q
      result.append(ends + t * s * s * u - t * t * s * v)
    }
  }
  return result
}
