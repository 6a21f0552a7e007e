// Placement of the numbers on a network's edges: on their own line, away from circles, other
// numbers and other lines. NetworkDiagram.swift draws them.

/// The line of a weight.
struct Edge {
  let x0: Double
  let y0: Double
  let x1: Double
  let y1: Double
  let weight: Double

  /// The point at the fraction t of the line.
  func point(_ t: Double) -> (x: Double, y: Double) { (x0 + t * (x1 - x0), y0 + t * (y1 - y0)) }
}

/// A number with the centre of its position.
struct EdgeLabel {
  let text: String
  let x: Double
  let y: Double
  let width: Double

  /// The area in which the two texts overlap.
  func overlap(_ other: EdgeLabel) -> Double {
    let across = min((width + other.width) / 2 - abs(x - other.x), min(width, other.width))
    let down = 15 - abs(y - other.y)
    return max(across, 0) * max(down, 0)
  }
}

/// Chooses a position on each line: for one line after another, the candidate that hides least;
/// repeated once all lines have one.
func edgeLabels(
  _ edges: [Edge], around circles: [(x: Double, y: Double, radius: Double)]
) -> [EdgeLabel] {
  var labels: [EdgeLabel?] = edges.map { _ in nil }
  for index in Array(repeating: edges.indices, count: 4).joined() {
    let edge = edges[index]
    func cost(_ label: EdgeLabel, _ t: Double) -> Double {
      var cost = 20 * abs(t - 0.4)
      for (other, placed) in labels.enumerated() where other != index {
        if let placed { cost += label.overlap(placed) }
      }
      for circle in circles
      where abs(circle.x - label.x) < circle.radius + label.width / 2
        && abs(circle.y - label.y) < circle.radius + 7
      {
        cost += 1000
      }
      // A number close to another line could be read as belonging to that line.
      for (other, line) in edges.enumerated() where other != index && line.x0 == edge.x0 {
        let crossing = line.point((label.x - line.x0) / (line.x1 - line.x0))
        cost += 10 * max(0, 12 - abs(crossing.y - label.y))
      }
      return cost
    }
    let text = decimal(edge.weight)
    let places = (4...16).map { step -> (label: EdgeLabel, cost: Double) in
      let t = Double(step) / 20
      let (x, y) = edge.point(t)
      let label = EdgeLabel(text: text, x: x, y: y, width: textWidth(text, size: 11) + 6)
      return (label, cost(label, t))
    }
    labels[index] = places.min { $0.cost < $1.cost }?.label
  }
  return labels.compactMap { $0 }
}
