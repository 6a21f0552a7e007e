// Draws the recorded graph in layers, from the leaves at the top to the result at the bottom, after
// K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system
// structures", 1981. An edge that spans several layers passes through an invisible box in each of
// them. Boxes are sorted by the mean position of their neighbours and then moved towards it.

import Autograd

extension TapeGraph: Drawing {
  /// The width of the drawing in pixels.
  public var width: Int { TapeLayout(self).width }

  /// The height of the drawing in pixels.
  public var height: Int { TapeLayout(self).height }

  /// Returns the graph as an SVG document that adapts to dark and light mode.
  public func svg() -> String { TapeLayout(self).document }
}

/// The boxes of a graph and their positions.
private struct TapeLayout {
  /// A node, or the point where an edge passes a layer.
  struct Box {
    let text: [String]
    let kind: String
    let width: Double
    let layer: Int
    /// The horizontal centre.
    var x = 0.0
    var sources: [Int] = []
    var targets: [Int] = []
  }

  private static let (margin, gap, boxHeight, layerGap) = (16.0, 18.0, 54.0, 40.0)

  private var boxes: [Box]
  private var layers: [[Int]]
  /// The boxes along each edge, from the operand to the operation.
  private var routes: [[Int]] = []

  init(_ graph: TapeGraph) {
    let places = Self.places(graph)
    boxes = graph.nodes.enumerated().map { position, node in
      let text = Self.text(of: node, position)
      return Box(
        text: text, kind: "\(node.kind)",
        width: text.enumerated().map {
          textWidth($0.element, size: $0.offset == 0 ? 13 : 11)
        }.max()! + 20,
        layer: places[position])
    }
    layers = Array(repeating: [], count: (places.max() ?? -1) + 1)
    for index in boxes.indices { layers[boxes[index].layer].append(index) }
    for edge in graph.edges { addRoute(edge) }
    sortLayers()
    spread()
  }

  /// The layer of each node: operations by their distance from the leaves, leaves just above the
  /// first operation that uses them.
  private static func places(_ graph: TapeGraph) -> [Int] {
    var places = graph.depths
    var firstUse: [Int: Int] = [:]
    for edge in graph.edges {
      firstUse[edge.source] = min(firstUse[edge.source] ?? Int.max, places[edge.target])
    }
    for (position, node) in graph.nodes.enumerated() where node.kind != .operation {
      places[position] = (firstUse[position] ?? 1) - 1
    }
    return places
  }

  private static func text(of node: TapeGraph.Node, _ position: Int) -> [String] {
    var second = "\(node.shape)  \(byteText(node.bytes))"
    if let norm = node.gradientNorm { second += "  |g| \(normText(norm))" }
    guard let forward = node.forwardSeconds else { return ["\(position) \(node.name)", second] }
    let back = node.backwardSeconds.map { ", back \(timeText($0))" } ?? ""
    return ["\(position) \(node.name)", second, timeText(forward) + back]
  }

  private mutating func addRoute(_ edge: TapeGraph.Edge) {
    var route = [edge.source]
    for layer in boxes[edge.source].layer + 1..<boxes[edge.target].layer {
      boxes.append(Box(text: [], kind: "", width: 8, layer: layer))
      layers[layer].append(boxes.count - 1)
      route.append(boxes.count - 1)
    }
    route.append(edge.target)
    for (source, target) in zip(route, route.dropFirst()) {
      boxes[source].targets.append(target)
      boxes[target].sources.append(source)
    }
    routes.append(route)
  }

  /// Sorts each layer by the mean position of its neighbours above, then below, a few times.
  private mutating func sortLayers() {
    var place = [Double](repeating: 0, count: boxes.count)
    for layer in layers { for (index, box) in layer.enumerated() { place[box] = Double(index) } }
    for sweep in 0..<8 {
      let isDownwards = sweep % 2 == 0
      for layer in isDownwards ? Array(layers.indices) : layers.indices.reversed() {
        let wish = layers[layer].map { box -> Double in
          let others = isDownwards ? boxes[box].sources : boxes[box].targets
          return others.isEmpty
            ? place[box] : others.reduce(0) { $0 + place[$1] } / Double(others.count)
        }
        let order = wish.indices.sorted { (wish[$0], $0) < (wish[$1], $1) }
        layers[layer] = order.map { layers[layer][$0] }
        for (index, box) in layers[layer].enumerated() { place[box] = Double(index) }
      }
    }
  }

  /// Moves the boxes of each layer towards their neighbours, keeping their order and minimum
  /// distance.
  private mutating func spread() {
    for layer in layers { settle(layer, wishes: layer.map { _ in 0 }) }
    for sweep in 0..<12 {
      for layer in sweep % 2 == 0 ? layers : layers.reversed() {
        let wishes = layer.map { box -> Double in
          let others = boxes[box].sources + boxes[box].targets
          return others.isEmpty
            ? boxes[box].x : others.reduce(0) { $0 + boxes[$1].x } / Double(others.count)
        }
        settle(layer, wishes: wishes)
      }
    }
    let left = boxes.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in boxes.indices { boxes[index].x += Self.margin - left }
  }

  /// Moves the boxes of a layer as close as possible to the desired positions, by least squares:
  /// boxes that would overlap form a group that moves as one (pool adjacent violators).
  private mutating func settle(_ layer: [Int], wishes: [Double]) {
    var groups: [(first: Int, count: Int, sum: Double)] = []
    var offset = 0.0
    var offsets: [Double] = []
    for (index, box) in layer.enumerated() {
      if index > 0 {
        offset += (boxes[layer[index - 1]].width + boxes[box].width) / 2 + Self.gap
      }
      offsets.append(offset)
      groups.append((index, 1, wishes[index] - offset))
      while groups.count > 1 {
        let (last, before) = (groups[groups.count - 1], groups[groups.count - 2])
        if before.sum / Double(before.count) <= last.sum / Double(last.count) { break }
        groups.removeLast(2)
        groups.append((before.first, before.count + last.count, before.sum + last.sum))
      }
    }
    for group in groups {
      for index in group.first..<group.first + group.count {
        boxes[layer[index]].x = group.sum / Double(group.count) + offsets[index]
      }
    }
  }

  private func top(_ box: Int) -> Double {
    Self.margin + Double(boxes[box].layer) * (Self.boxHeight + Self.layerGap)
  }

  var width: Int {
    max(32, Int((boxes.map { $0.x + $0.width / 2 }.max() ?? 0) + Self.margin))
  }

  var height: Int {
    let layers = Double(layers.count) * (Self.boxHeight + Self.layerGap)
    return max(32, Int(2 * Self.margin + layers - Self.layerGap))
  }

  var document: String {
    var body = ""
    for route in routes { body += "<path class=\"edge\" d=\"\(path(route))\"/>\n" }
    for (index, box) in boxes.enumerated() where !box.text.isEmpty {
      let (left, top) = (decimal(box.x - box.width / 2), top(index))
      body += "<rect class=\"\(box.kind)\" x=\"\(left)\" y=\"\(decimal(top))\" "
      body += "width=\"\(decimal(box.width))\" height=\"\(decimal(Self.boxHeight))\" "
      body += "rx=\"\(box.kind == "operation" ? 4 : 16)\"/>\n"
      let first = top + (box.text.count > 2 ? 18 : 24)
      for (line, text) in box.text.enumerated() {
        let place = "x=\"\(decimal(box.x))\" y=\"\(decimal(first + Double(line) * 14))\""
        body += "<text class=\"\(line == 0 ? "name" : "more")\" \(place)>\(escaped(text))</text>\n"
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" class="tape" \
      font-family="Helvetica, Arial, sans-serif">
      <style>
      .tape{background:#fff}
      .tape .edge{fill:none;stroke:#888;stroke-width:1.3;marker-end:url(#tape-arrow)}
      .tape .operation{fill:#fff;stroke:#222;stroke-width:1.3}
      .tape .variable{fill:#d7ebf7;stroke:#0072b2}
      .tape .constant{fill:#eee;stroke:#888}
      .tape text{fill:#222;text-anchor:middle;white-space:pre}
      .tape .name{font-size:13px;font-weight:bold}
      .tape .more{font-size:11px}
      @media (prefers-color-scheme:dark){.tape{background:#16181c}
      .tape .operation{fill:#16181c;stroke:#e8e8e8}.tape .variable{fill:#123a52}
      .tape .constant{fill:#34383f}.tape text{fill:#e8e8e8}}
      </style>
      <defs><marker id="tape-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" \
      markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#888"/></marker></defs>
      \(body)</svg>

      """
  }

  /// A curve that leaves each box at the bottom and enters the next one at the top.
  private func path(_ route: [Int]) -> String {
    var data = ""
    for (source, target) in zip(route, route.dropFirst()) {
      let (x, y) = (boxes[source].x, top(source) + Self.boxHeight)
      let (endX, endY) = (boxes[target].x, top(target))
      let middle = decimal((y + endY) / 2)
      if data.isEmpty { data = "M\(decimal(x)) \(decimal(y))" }
      data +=
        "C\(decimal(x)) \(middle) \(decimal(endX)) \(middle) \(decimal(endX)) \(decimal(endY))"
      // An edge passes straight through a layer.
      if boxes[target].text.isEmpty { data += "v\(decimal(Self.boxHeight))" }
    }
    return data
  }
}
