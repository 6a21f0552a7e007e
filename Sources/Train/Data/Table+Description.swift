// Prints tables as pandas does: the first and last rows and columns, numbers right-aligned.

import Tensor

extension Table: CustomStringConvertible {
  /// The first and last rows and columns, and their counts.
  public var description: String {
    let rows = shortened(Array(0..<rowCount), to: 10)
    let positions = shortened(Array(columns.indices), to: 8)
    let places = rows.map { $0.map(String.init) ?? "..." }
    var table = [aligned([""] + places, toLeft: true)]
    for position in positions {
      guard let position else {
        table.append([String](repeating: "...", count: rows.count + 1))
        continue
      }
      let cells = cells(of: columns[position], rows: rows.compactMap { $0 })
      var next = cells.makeIterator()
      let column = rows.map { $0 == nil ? "..." : next.next()! }
      table.append(aligned([clipped(columnNames[position])] + column, toLeft: false))
    }
    let lines = (0...rows.count).map { row in
      table.map { $0[row] }.joined(separator: "  ")
    }
    return lines.joined(separator: "\n") + "\n\n[\(rowCount) rows x \(columns.count) columns]"
  }
}

/// All positions, or the first and last ones with nil between them.
private func shortened(_ positions: [Int], to limit: Int) -> [Int?] {
  if positions.count <= limit { return positions }
  return Array(positions.prefix(limit / 2)) + [nil] + Array(positions.suffix(limit / 2))
}

/// The texts of some cells in a common format: as integers, with six decimals, or with an exponent.
private func cells(of column: Table.Column, rows: [Int]) -> [String] {
  switch column {
  case .texts(let texts): return rows.map { clipped(texts[$0]) }
  case .integers(let integers): return rows.map { String(integers[$0]) }
  case .numbers(let numbers):
    let shown = rows.map { numbers[$0] }
    let sizes = shown.filter(\.isFinite).map(\.magnitude)
    let largest = sizes.max() ?? 0
    if largest < 1e15, sizes.allSatisfy({ $0 == $0.rounded() }) {
      return shown.map { formatFixed($0, decimals: 0) }
    }
    let isPlain = largest < 1e9 && sizes.allSatisfy { $0 == 0 || $0 >= 1e-4 }
    return shown.map {
      isPlain ? formatFixed($0, decimals: 6) : formatScientific($0, decimals: 6)
    }
  }
}

/// The text shortened to 20 characters, on one line.
private func clipped(_ text: String) -> String {
  let line = String(text.map { $0.isNewline ? " " : $0 })
  return line.count <= 20 ? line : line.prefix(17) + "..."
}

/// The cells, padded to equal width.
private func aligned(_ cells: [String], toLeft: Bool) -> [String] {
  let width = cells.map(\.count).max() ?? 0
  return cells.map { cell in
    let space = String(repeating: " ", count: width - cell.count)
    return toLeft ? cell + space : space + cell
  }
}
