// The recorded graph as text: a tree for terminals, and DOT, the language of Graphviz.
//
// The tree draws the longest path back from a result as one straight line and attaches everything
// else to it, so that its width does not grow with the depth of a network.

import Tensor

extension TapeGraph: CustomStringConvertible {
  /// The tree, without colours.
  public var description: String { tree() }

  /// The graph as a tree: one row for each node, results first, each above its operands.
  ///
  /// ```
  /// 4 ● mean              []       4 B
  /// 3 ● square            [2, 1]   8 B
  /// 2 ● matmul            [2, 1]   8 B
  /// 0 ├─ constant         [2, 2]  16 B
  /// 1 └─ variable         [2, 1]   8 B
  /// ```
  ///
  /// Each row starts with the position on the tape. After the bytes come, where known, the times of
  /// the value and the gradient, and the Euclidean norm of the gradient. A node that is used
  /// several times is drawn once; its other uses show its position after an arrow.
  ///
  /// - Parameter isColored: whether operations, variables and constants are coloured with a
  ///   terminal's escape sequences.
  /// - Returns: the lines, without a line break at the end.
  public func tree(isColored: Bool = false) -> String {
    var rows: [TreeRow] = []
    var isDrawn = [Bool](repeating: false, count: nodes.count)
    let depths = depths
    for result in results { addChain(from: result, "", "", &rows, &isDrawn, depths) }

    let positionWidth = String(max(0, nodes.count - 1)).count
    var header = ["", "shape", "bytes"]
    let isTimed = nodes.contains { $0.forwardSeconds != nil }
    let hasGradients = nodes.contains { $0.gradientNorm != nil }
    if isTimed { header += ["forward", "backward"] }
    if hasGradients { header.append("|gradient|") }
    let table = rows.map { row -> [String] in
      let node = nodes[row.position]
      let name = row.lead + (row.isReference ? "↑ \(row.position) " : "") + node.name
      if row.isReference { return [name] + header.dropFirst().map { _ in "" } }
      var cells = [name, "\(node.shape)", byteText(node.bytes)]
      if isTimed { cells += [timeText(node.forwardSeconds), timeText(node.backwardSeconds)] }
      if hasGradients { cells.append(node.gradientNorm.map(normText) ?? "") }
      return cells
    }
    let widths = header.indices.map { column in
      (table + [header]).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      cells.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
        return column < 2 ? cells[column] + blanks : blanks + cells[column]
      }.joined(separator: "  ")
    }
    var lines = [String(repeating: " ", count: positionWidth + 1) + line(header)]
    for (row, cells) in Swift.zip(rows, table) {
      let position = row.isReference ? "" : "\(row.position)"
      let blanks = String(repeating: " ", count: positionWidth - position.count)
      var text = line(cells)
      if isColored {
        let code = row.isReference ? "2" : nodes[row.position].kind.terminalColor
        let name = cells[0].dropFirst(row.lead.count)
        text =
          row.lead + "\u{1B}[\(code)m" + name + "\u{1B}[0m"
          + text.dropFirst(cells[0].count)
      }
      lines.append(blanks + position + " " + text)
    }
    return lines.map(withoutTrailingBlanks).joined(separator: "\n")
  }

  /// Adds the path back from `start` along the deepest operands, with the other operands attached.
  private func addChain(
    from start: Int, _ prefix: String, _ firstPrefix: String, _ rows: inout [TreeRow],
    _ isDrawn: inout [Bool], _ depths: [Int]
  ) {
    var position = start
    var lead = firstPrefix
    while true {
      let isLeaf = nodes[position].kind != .operation
      rows.append(TreeRow(position: position, lead: lead + (isLeaf ? "" : "● ")))
      isDrawn[position] = true
      lead = prefix
      // The line continues with the first of the deepest operations among the operands.
      var next: Int?
      for input in nodes[position].inputs where depths[input] > 0 && !isDrawn[input] {
        if next == nil || depths[input] > depths[next!] { next = input }
      }
      var others = nodes[position].inputs
      if let next, let place = others.firstIndex(of: next) { others.remove(at: place) }
      for (index, input) in others.enumerated() {
        let isLast = next == nil && index == others.count - 1
        let (branch, below) = isLast ? ("└─", "   ") : ("├─", "│  ")
        if isDrawn[input] || input == next {
          rows.append(
            TreeRow(position: input, lead: prefix + branch + " ", isReference: true))
        } else if depths[input] == 0 {
          isDrawn[input] = true
          rows.append(TreeRow(position: input, lead: prefix + branch + " "))
        } else {
          addChain(from: input, prefix + below, prefix + branch + " ", &rows, &isDrawn, depths)
        }
      }
      guard let next else { return }
      position = next
    }
  }

  /// The graph in DOT; draw it with `dot -Tsvg`.
  public var dot: String {
    var lines = ["digraph tape {", "  node [fontname=\"Helvetica\", fontsize=11];"]
    for (position, node) in nodes.enumerated() {
      var label = ["\(position) \(node.name)", "\(node.shape), \(byteText(node.bytes))"]
      if let forward = node.forwardSeconds {
        let back = node.backwardSeconds.map { ", back \(timeText($0))" } ?? ""
        label.append(timeText(forward) + back)
      }
      if let norm = node.gradientNorm { label.append("|gradient| \(normText(norm))") }
      let (shape, fill) =
        switch node.kind {
        case .operation: ("box", "white")
        case .variable: ("ellipse", "#d7ebf7")
        case .constant: ("ellipse", "#eeeeee")
        }
      // "\n" is DOT's own notation for a line break.
      let text = label.map(quotable).joined(separator: "\\n")
      lines.append(
        "  n\(position) [label=\"\(text)\", shape=\(shape), style=filled, fillcolor=\"\(fill)\"];")
    }
    for edge in edges { lines.append("  n\(edge.source) -> n\(edge.target);") }
    return lines.joined(separator: "\n") + "\n}\n"
  }
}

/// A line of the tree.
private struct TreeRow {
  let position: Int
  /// The text in front of the name.
  let lead: String
  /// Whether the node itself is drawn elsewhere.
  var isReference = false
}

extension TapeGraph.Kind {
  /// Bold, green and dim: the parameters of the terminal's command "select graphic rendition".
  fileprivate var terminalColor: String {
    switch self {
    case .operation: "1"
    case .variable: "32"
    case .constant: "2"
    }
  }
}

private func quotable(_ text: String) -> String {
  text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }.reduce(into: "") { $0.append($1) }
}

private func withoutTrailingBlanks(_ line: String) -> String {
  var line = line
  while line.last == " " { line.removeLast() }
  return line
}

/// Bytes in the largest unit that leaves a number of at least 1: `16 B`, `1.5 KiB`.
package func byteText(_ bytes: Int) -> String {
  if bytes < 1024 { return "\(bytes) B" }
  var size = Double(bytes)
  for unit in ["KiB", "MiB", "GiB"] {
    size /= 1024
    if size < 1024 || unit == "GiB" { return formatFixed(size, decimals: 1) + " " + unit }
  }
  fatalError("the last unit returns")
}

/// A time in microseconds; empty if there is none.
package func timeText(_ seconds: Double?) -> String {
  seconds.map { formatFixed(1e6 * $0, decimals: $0 < 1e-4 ? 2 : 0) + " us" } ?? ""
}

/// A norm in four digits.
package func normText(_ norm: Double) -> String {
  norm == 0 || (norm >= 1e-3 && norm < 1e4)
    ? formatFixed(norm, decimals: 4) : formatScientific(norm, decimals: 3)
}
