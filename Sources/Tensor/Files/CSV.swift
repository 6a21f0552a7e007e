// Comma-separated values in columns. The file stays a block of bytes; what is made of them are
// arrays of numbers, and strings for columns of text only. The walk over all cells is here, the
// cells themselves are the business of CSVCursor.swift. Train's Table is the user's view of it.

/// A file of comma-separated values (RFC 4180) whose first record has been read.
///
/// Lines may end in CRLF, LF or CR; empty lines and a byte-order mark do not count. Every record
/// must have as many cells as the first one.
package struct CSVFile: Sendable {
  /// The names of the columns, no two of them equal: those of the header, or `0`, `1`, `2` ….
  ///
  /// As in pandas, a column whose name is empty is called `Unnamed: 3` after its position, and a
  /// second `x` is called `x.1`.
  package let columnNames: [String]
  /// No file of this size has more records behind the header than this; most have as many.
  package let rowLimit: Int
  private let file: FileBytes
  private let path: String
  private let separator: UInt8
  /// Where the records begin, behind the header.
  private let start: Int

  /// Reads a file and looks at its first record.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - header: Whether the first record names the columns.
  ///   - separator: The byte between cells.
  /// - Throws: `FileError` if the file cannot be read, has no record, or more than 2^20 columns.
  package init(
    contentsOf path: String, header: Bool, separator: UInt8
  ) throws(FileError) {
    let file = try FileBytes(contentsOf: path)
    let (cells, start, lines) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      guard bytes.count > 0 else {
        throw FileError(path: path, message: "expected a line of cells, got an empty file")
      }
      let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var cursor = CSVCursor(bytes, from: mark, separator: separator, path: path)
      guard cursor.beginRecord() else {
        throw FileError(path: path, message: "expected a line of cells, got empty lines only")
      }
      let first = cursor.position
      var cells: [String] = []
      while !cursor.isAtEndOfRecord {
        let cell = try cursor.nextCell()
        guard cells.count < 1 << 20 else {
          throw cursor.fault(first, "expected at most \(1 << 20) cells, got more")
        }
        cells.append(header ? cell.text : String(cells.count))
      }
      let start = header ? cursor.position : first
      let ends = lineEnds(in: UnsafeBufferPointer(rebasing: bytes[start...]))
      return (cells, start, isLineEnd(bytes[bytes.count - 1]) ? ends : ends + 1)
    }
    columnNames = distinct(cells)
    // A record takes a line end, and a byte behind each cell; only the last one may lack both.
    rowLimit = min(lines, (file.count - start + 1) / cells.count)
    self.file = file
    self.path = path
    self.separator = separator
    self.start = start
  }

  /// Calls `body` for every cell behind the header; it must move the cursor behind that cell.
  ///
  /// - Returns: The number of records.
  @inline(__always)
  private func forEachCell(
    _ body: (_ cursor: inout CSVCursor, _ row: Int, _ column: Int) throws(FileError) -> Void
  ) throws(FileError) -> Int {
    try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var cursor = CSVCursor(bytes, from: start, separator: separator, path: path)
      let columnCount = columnNames.count
      var row = 0
      while cursor.beginRecord() {
        let begin = cursor.position
        var column = 0
        while !cursor.isAtEndOfRecord {
          if column < columnCount {
            try body(&cursor, row, column)
          } else {
            _ = try cursor.nextCell()
          }
          column &+= 1
        }
        guard column == columnCount else {
          throw cursor.fault(begin, "expected \(columnCount) cells, got \(column)")
        }
        row &+= 1
      }
      return row
    }
  }

  /// Writes the numbers of all cells to `target`, row by row; an empty cell is NaN.
  ///
  /// - Parameter target: Has room for `rowLimit * columnNames.count` elements.
  /// - Returns: The number of rows.
  /// - Throws: `FileError` if a cell is no number, a row has another number of cells than the
  ///   first line, or a quote is missing.
  package func readNumbers(into target: UnsafeMutablePointer<Float>) throws(FileError) -> Int {
    var next = target
    return try forEachCell { cursor, _, column throws(FileError) in
      let position = cursor.position
      guard let number = try cursor.nextNumber() else {
        throw notANumber(at: position, column: column)
      }
      next.pointee = Float(number)
      next += 1
    }
  }

  @inline(never)
  private func notANumber(at position: Int, column: Int) -> FileError {
    file.withUnsafeBufferPointer { bytes in
      var cursor = CSVCursor(bytes, from: position, separator: separator, path: path)
      let cell = try? cursor.nextCell()
      let text = cell.map { excerpt($0.text) } ?? "another cell"
      return cursor.fault(
        position,
        "expected a number in column \(columnNames[column].debugDescription), got \(text)")
    }
  }

  /// Reads all columns: those whose cells are numbers or empty as numbers, the others as text.
  ///
  /// - Throws: `FileError` if a row has another number of cells than the first line, or a quote
  ///   is missing.
  package func readColumns() throws(FileError) -> [CSVColumn] {
    var numbers = columnNames.map { _ in [Double]() }
    for column in numbers.indices { numbers[column].reserveCapacity(rowLimit) }
    var isText = columnNames.map { _ in false }
    let rowCount = try forEachCell { cursor, _, column throws(FileError) in
      if isText[column] {
        _ = try cursor.nextCell()
      } else if let number = try cursor.nextNumber() {
        numbers[column].append(number)
      } else {
        isText[column] = true
        numbers[column] = []
      }
    }
    // A column of text may begin like one of numbers, so its text is read in a second walk.
    var texts = columnNames.map { _ in [String]() }
    if isText.contains(true) {
      for column in texts.indices where isText[column] { texts[column].reserveCapacity(rowCount) }
      _ = try forEachCell { cursor, _, column throws(FileError) in
        let cell = try cursor.nextCell()
        if isText[column] { texts[column].append(cell.text) }
      }
    }
    return isText.indices.map { isText[$0] ? .texts(texts[$0]) : .numbers(numbers[$0]) }
  }
}

/// The cells of one column.
public enum CSVColumn: Equatable, Sendable {
  /// Numbers; NaN where a cell is empty.
  case numbers([Double])
  /// Text, as it stands in the cells.
  case texts([String])
}

/// The names with something added to those that are empty or were there before.
private func distinct(_ names: [String]) -> [String] {
  let taken = Set(names)
  var seen: Set<String> = []
  var nextNumber: [String: Int] = [:]
  return names.enumerated().map { index, original in
    let name = original.isEmpty ? "Unnamed: \(index)" : original
    var result = name
    while seen.contains(result) || (result != original && taken.contains(result)) {
      nextNumber[name, default: 0] += 1
      result = "\(name).\(nextNumber[name]!)"
    }
    seen.insert(result)
    return result
  }
}

// MARK: - Writing

extension [UInt8] {
  /// Appends one record and a line feed; cells that contain a separator, a quote or a line end are
  /// put in quotes, and so is a record that would otherwise be an empty line.
  package mutating func appendCSVRecord(_ cells: some Sequence<String>, separator: UInt8) {
    let start = count
    for (index, cell) in cells.enumerated() {
      if index > 0 { append(separator) }
      let mark = UInt8(ascii: "\"")
      if cell.utf8.contains(where: { $0 == separator || $0 == mark || isLineEnd($0) }) {
        append(mark)
        for byte in cell.utf8 {
          if byte == mark { append(mark) }
          append(byte)
        }
        append(mark)
      } else {
        append(contentsOf: cell.utf8)
      }
    }
    if count == start { append(contentsOf: "\"\"".utf8) }
    append(UInt8(ascii: "\n"))
  }
}

/// The fewest digits that give the number back; whole numbers without `.0`, and nothing for NaN.
package func csvText(_ number: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
  if number.isNaN { return "" }
  let text = number.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
