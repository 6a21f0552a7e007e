// Lays out a page as text: the positions of the tape on the left, formulas and matrices on the
// right.

import Tensor

/// A rectangle of characters.
struct Screen {
  let width: Int
  /// The number of lines; nil for no limit.
  let height: Int?
  let isColored: Bool

  private enum Style: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case good = "32"
    case bad = "1;31"
    case current = "1;36"
  }

  /// A line made of pieces, each with a style.
  private struct Line {
    var pieces: [(text: String, style: Style)] = []
    var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

    init(_ text: String = "", _ style: Style = .plain) { pieces = [(text, style)] }

    mutating func add(_ text: String, _ style: Style = .plain) { pieces.append((text, style)) }
    mutating func add(_ line: Line) { pieces += line.pieces }
    mutating func pad(to width: Int) {
      add(String(repeating: " ", count: max(0, width - self.width)))
    }

    /// The line cut to a width; if it was cut, the last character shows it.
    func cut(to width: Int) -> Line {
      if self.width <= width { return self }
      var result = Line()
      var left = width - 1
      for piece in pieces where left > 0 {
        let text = String(piece.text.prefix(left))
        result.add(text, piece.style)
        left -= text.count
      }
      result.add("…", .dim)
      return result
    }
  }

  /// The text of a page, without a line break at the end.
  func text(of pages: [Page], _ number: Int) -> String {
    let page = pages[number]
    var lines = [header(page, number, of: pages.count), rule]
    let left = list(page)
    let leftWidth = width >= 64 ? (left.map(\.width).max() ?? 0) + 1 : 0
    var right = content(page, width: width - leftWidth - (leftWidth > 0 ? 2 : 0))
    if let height, right.count > height - 4 { right.removeAll { $0.width == 0 } }
    let room = height.map { max(1, $0 - 4) } ?? max(leftWidth > 0 ? left.count : 0, right.count)
    for row in 0..<room {
      var line = Line()
      if leftWidth > 0 {
        line = row < left.count ? left[row] : Line()
        line.pad(to: leftWidth)
        line.add("│ ", .dim)
      }
      if row == room - 1 && right.count > room {
        line.add("… \(right.count - room + 1) more lines: enlarge the window", .dim)
      } else if row < right.count {
        line.add(right[row])
      }
      lines.append(line)
    }
    lines.append(rule)
    if height != nil {
      var keys = Line(" n → next · p ← back · g first · G last · q quit", .bold)
      let legend = "✓ error against differences"
      if keys.width + legend.count + 2 <= width {
        keys.pad(to: width - legend.count - 1)
        keys.add(legend, .dim)
      }
      lines.append(keys)
    } else {
      lines.removeLast()
    }
    return lines.map { rendered($0.cut(to: width)) }.joined(separator: "\n")
  }

  private var rule: Line { Line(String(repeating: "─", count: width), .dim) }

  private func header(_ page: Page, _ number: Int, of count: Int) -> Line {
    var line = Line(" one step of circles", .bold)
    let place = "page \(number + 1) of \(count) "
    line.add("   \(page.title)", .current)
    line.pad(to: width - place.count)
    line.add(place, .dim)
    return line
  }

  /// The list of the tape's positions: which are computed, which is shown, which gradients are
  /// known.
  private func list(_ page: Page) -> [Line] {
    let numberWidth = String(page.names.count - 1).count
    let nameWidth = page.names.map(\.count).max() ?? 0
    let isBack = !page.known.isEmpty
    return page.names.indices.map { position in
      let digits = "\(position)"
      let isCurrent = position == page.position
      let isThere = page.isThere(position)
      let style: Style =
        isCurrent ? .current : isThere ? .plain : .dim
      let number = String(repeating: " ", count: numberWidth - digits.count) + digits
      var line = Line(number + (isCurrent ? " ▶ " : isThere ? " · " : "   "), style)
      let name = page.names[position]
      line.add(name + String(repeating: " ", count: nameWidth - name.count + 1), style)
      if isBack {
        line.add(page.known.contains(position) ? page.norms[position] : "", .good)
      } else {
        line.add(isThere ? page.shapes[position] : "", .dim)
      }
      return line
    }
  }

  /// The formulas, then the matrices, side by side if there is room, then the remarks.
  private func content(_ page: Page, width: Int) -> [Line] {
    var lines: [Line] = page.notes.flatMap { wrapped($0, width).map { Line($0, .bold) } }
    lines.append(Line())
    var row: [[Line]] = []
    func rowWidth(_ row: [[Line]]) -> Int { row.reduce(0) { $0 + blockWidth($1) + 3 } - 3 }
    func flush() {
      guard !row.isEmpty else { return }
      for index in 0..<row.map(\.count).max()! {
        var line = Line()
        for (place, block) in row.enumerated() {
          var part = index < block.count ? block[index] : Line()
          if place < row.count - 1 { part.pad(to: blockWidth(block) + 3) }
          line.add(part)
        }
        lines.append(line)
      }
      lines.append(Line())
      row = []
    }
    for block in page.blocks.map({ self.block($0) }) {
      if rowWidth(row + [block]) > width { flush() }
      row.append(block)
    }
    flush()
    while lines.last?.width == 0 && page.remarks.isEmpty { lines.removeLast() }
    return lines + page.remarks.flatMap { wrapped($0, width).map { Line($0) } }
  }

  private func blockWidth(_ block: [Line]) -> Int { block.map(\.width).max() ?? 0 }

  private func block(_ block: Page.Block) -> [Line] {
    var title = Line(block.title)
    if let error = block.error {
      // The comparison is written so that NaN counts as an error.
      let isGood = error < 1e-6
      title.add(
        "  \(isGood ? "✓" : "✗") \(error == 0 ? "0" : formatScientific(error, decimals: 0))",
        isGood ? .good : .bad)
    }
    let columns = block.value.shape.last ?? 1
    let texts = block.value.elements.map(numberText)
    let width = texts.map(\.count).max() ?? 0
    var lines = [title]
    for start in stride(from: 0, to: texts.count, by: max(1, columns)) {
      let cells = texts[start..<start + columns].map {
        String(repeating: " ", count: width - $0.count) + $0
      }
      lines.append(Line("  " + cells.joined(separator: "  ")))
    }
    return lines
  }

  private func numberText(_ number: Double) -> String {
    let size = abs(number)
    return size == 0 || (size >= 5e-5 && size < 1e4)
      ? formatFixed(number, decimals: 4) : formatScientific(number, decimals: 1)
  }

  /// The text wrapped at blanks into lines of at most `width` characters.
  private func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] += word
      } else if lines[lines.count - 1].count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private func rendered(_ line: Line) -> String {
    var text = ""
    for piece in line.pieces where !piece.text.isEmpty {
      text +=
        isColored && piece.style != .plain
        ? "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m" : piece.text
    }
    if !isColored { while text.last == " " { text.removeLast() } }
    return text
  }
}
