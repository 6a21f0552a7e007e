// What make_tables.py wrote to tables.txt: tables, and what pandas and scikit-learn make of them.

import ArrayFiles
import TestSupport
import Testing
import Train

/// A line of tables.txt.
struct TableGolden: Sendable, CustomTestStringConvertible {
  let name: String
  /// The file, or nil if the line is a result.
  let content: String?
  let columns: Table
  var testDescription: String { name }
}

/// The lines of tables.txt.
let tableGoldens: [TableGolden] = {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/")
  guard let file = try? FileBytes(mapping: "\(folder)/tables.txt") else { return [] }
  return file.withUnsafeBufferPointer { bytes in
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let json = try? JSON(parsing: UnsafeBufferPointer(rebasing: line), path: "tables.txt"),
        case .string(let name) = json["table"] ?? json["result"] ?? .null
      else { return nil }
      var content: String?
      if case .string(let text) = json["content"] ?? .null { content = text }
      return TableGolden(name: name, content: content, columns: table(json["columns"] ?? .null))
    }
  }
}()

/// A result of tables.txt by its name.
func golden(_ name: String) throws -> Table {
  try #require(tableGoldens.first { $0.name == name && $0.content == nil }?.columns)
}

private func table(_ columns: JSON) -> Table {
  guard case .array(let columns) = columns else { return Table([:]) }
  var result = Table([:])
  for column in columns {
    guard case .string(let name) = column["name"] else { continue }
    if case .array(let cells) = column["numbers"] {
      result[name] = cells.map { cell in
        switch cell {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: .nan
        }
      }
    } else if case .array(let cells) = column["integers"] {
      result[integers: name] = cells.map { cell in
        if case .string(let digits) = cell { Int(digits) ?? 0 } else { 0 }
      }
    } else if case .array(let cells) = column["texts"] {
      result[text: name] = cells.map { cell in
        if case .string(let text) = cell { text } else { "" }
      }
    }
  }
  return result
}

/// Expects the same names, kinds and cells; numbers up to rounding, NaN equal to NaN.
func expectEqual(
  _ actual: Table, _ expected: Table, relative: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.columnNames == expected.columnNames, sourceLocation: sourceLocation)
  #expect(actual.rowCount == expected.rowCount, sourceLocation: sourceLocation)
  for (name, pair) in zip(actual.columnNames, zip(actual.columns, expected.columns)) {
    guard case (.numbers(let a), .numbers(let b)) = pair, a.count == b.count else {
      #expect(pair.0 == pair.1, "column \(name)", sourceLocation: sourceLocation)
      continue
    }
    for (row, (x, y)) in zip(a, b).enumerated() where !(x.isNaN && y.isNaN) {
      #expect(
        abs(x - y) <= relative * max(1, abs(y)), "row \(row) of column \(name): \(x), not \(y)",
        sourceLocation: sourceLocation)
    }
  }
}
