// Comma-separated values in columns. The file is mapped, not read; what is made of its bytes are
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
  private let file: FileBytes
  private let path: String
  private let separator: UInt8
  /// Where the records begin, behind the header.
  package let start: Int

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
    let file = try FileBytes(mapping: path)
    let (cells, start) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
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
      return (cells, header ? cursor.position : first)
    }
    columnNames = distinct(cells)
    self.file = file
    self.path = path
    self.separator = separator
    self.start = start
  }

  /// No file of this size has more records behind the header than this; most have as many.
  ///
  /// - Complexity: O(*n*): the line ends are counted.
  package var rowLimit: Int {
    file.withUnsafeBufferPointer { bytes in
      let lines = lineEnds(in: UnsafeBufferPointer(rebasing: bytes[start...]))
      // A record takes a line end, and a byte behind each cell; only the last one may lack both.
      return min(
        isLineEnd(bytes[bytes.count - 1]) ? lines : lines + 1,
        (file.count - start + 1) / columnNames.count)
    }
  }

  /// The positions of the named columns.
  ///
  /// - Throws: `FileError` if there is no column of one of the names.
  package func positions(of names: [String]) throws(FileError) -> [Int] {
    var positions: [Int] = []
    for name in names {
      guard let position = columnNames.firstIndex(of: name) else {
        let some = columnNames.prefix(10).map(excerpt).joined(separator: ", ")
        throw FileError(
          path: path, location: .line(1),
          message: "expected a column \(excerpt(name)), got \(some)"
            + (columnNames.count > 10 ? " and \(columnNames.count - 10) more" : ""))
      }
      positions.append(position)
    }
    return positions
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

  /// Writes the numbers of the chosen columns to `target`, row by row; an empty cell is NaN.
  ///
  /// - Parameters:
  ///   - columns: The positions of the columns, each of them once; all of them if nil.
  ///   - position: Where the first row begins, `start` or where the last call ended.
  ///   - limit: How many rows to read at most.
  ///   - target: Has room for `limit` rows, or as many as the file has.
  /// - Returns: The number of rows.
  /// - Throws: `FileError` if a chosen cell is no number, a row has another number of cells than the
  ///   first line, or a quote is missing.
  package func readNumbers(
    columns: [Int]? = nil, from position: inout Int, limit: Int = .max,
    into target: UnsafeMutablePointer<Float>
  ) throws(FileError) -> Int {
    let columnCount = columnNames.count
    let width = columns?.count ?? columnCount
    // Where in its row a column's number goes; -1 for those that are passed over.
    var places = Array(repeating: -1, count: columnCount)
    for (place, column) in (columns ?? Array(0..<columnCount)).enumerated() {
      places[column] = place
    }
    // Looking at a block of cells has to be worth it.
    let mayHaveRuns = columns == nil && columnCount >= 8
    return try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var cursor = CSVCursor(bytes, from: position, separator: separator, path: path)
      var row = 0
      while row < limit, cursor.beginRecord() {
        let begin = cursor.position
        let next = target + row &* width
        var column = 0
        var triesRuns = mayHaveRuns
        while !cursor.isAtEndOfRecord {
          if triesRuns, column &+ 1 < columnCount {
            let count = cursor.nextShortIntegers(
              into: next + column, limit: columnCount &- 1 &- column)
            column &+= count
            triesRuns = count > 0
          }
          if column < columnCount, places[column] >= 0 {
            let place = cursor.position
            guard let number = try cursor.nextNumber() else {
              throw notANumber(at: place, column: column)
            }
            next[places[column]] = Float(number)
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
      position = cursor.position
      return row
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

  /// Reads columns: those whose cells are numbers or empty as numbers, the others as text.
  ///
  /// - Parameter positions: The positions of the columns, in order; all of them if nil.
  /// - Returns: The columns in the order of `positions`.
  /// - Throws: `FileError` if a row has another number of cells than the first line, or a quote
  ///   is missing.
  package func readColumns(_ positions: [Int]? = nil) throws(FileError) -> [CSVColumn] {
    let chosen = positions ?? Array(columnNames.indices)
    var isChosen = columnNames.map { _ in false }
    for column in chosen { isChosen[column] = true }
    let rowLimit = rowLimit
    var numbers = columnNames.map { _ in [Double]() }
    for column in chosen { numbers[column].reserveCapacity(rowLimit) }
    var isText = columnNames.map { _ in false }
    let rowCount = try forEachCell { cursor, _, column throws(FileError) in
      if isText[column] || !isChosen[column] {
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
    return chosen.map { isText[$0] ? .texts(texts[$0]) : .numbers(numbers[$0]) }
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
