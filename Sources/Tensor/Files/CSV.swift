// Comma-separated values in columns. The file is mapped, not read; what is made of its bytes are
// arrays of numbers, and strings for columns of text only. The walk over all cells is here, the
// cells themselves are read by CSVCursor.swift, next. Train's Table is the user's view of it.

/// A file of comma-separated values (RFC 4180) whose first record has been read.
///
/// Lines may end in CRLF, LF or CR; empty lines, comments and a byte-order mark do not count. Every
/// record must have as many cells as the first one. A file compressed by gzip is expanded, one in UTF-16
/// converted.
package struct CSVFile: Sendable {
  /// The names of the columns, no two of them equal: those of the header, or `0`, `1`, `2` ….
  ///
  /// As in pandas, a column whose name is empty is called `Unnamed: 3` after its position, and a
  /// second `x` is called `x.1`.
  package let columnNames: [String]
  private let file: FileBytes
  private let path: String
  private let format: CSVFormat
  private let separator: UInt8
  /// Where the records begin, behind the header.
  package let start: Int

  /// Reads a file and looks at its first records.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - format: How its cells are written.
  /// - Throws: `FileError` if the file cannot be read, has no record, or more than 2^20 columns.
  package init(contentsOf path: String, format: CSVFormat) throws(FileError) {
    let file = try textBytes(path)
    let (cells, separator, start) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      guard bytes.count > 0 else {
        throw FileError(path: path, message: "expected a line of cells, got an empty file")
      }
      let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      let separator =
        format.separator ?? likelySeparator(bytes, from: mark, format: format, path: path)
      var cursor = CSVCursor(bytes, from: mark, separator: separator, format: format, path: path)
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
        cells.append(format.header ? cell.text : String(cells.count))
      }
      return (cells, separator, format.header ? cursor.position : first)
    }
    columnNames = distinct(cells)
    self.file = file
    self.path = path
    self.format = format
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
      guard let position = columnNames.position(ofName: name) else {
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

  private func cursor(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) -> CSVCursor {
    CSVCursor(bytes, from: position, separator: separator, format: format, path: path)
  }

  /// Calls `body` for every cell of the first records behind the header; it must move the cursor behind
  /// that cell.
  ///
  /// - Returns: The number of records.
  @inline(__always)
  private func forEachCell(
    upTo limit: Int = .max,
    _ body: (_ cursor: inout CSVCursor, _ row: Int, _ column: Int) throws(FileError) -> Void
  ) throws(FileError) -> Int {
    try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var cursor = cursor(bytes, from: start)
      let columnCount = columnNames.count
      var row = 0
      while row < limit, cursor.beginRecord() {
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

  /// Writes the numbers of the chosen columns to `target`, row by row: NaN for a missing one, 1 and 0 for
  /// `true` and `false`.
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
    let mayHaveRuns = columns == nil && columnCount >= 8 && separator != UInt8(ascii: " ")
    let rowCount = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var cursor = cursor(bytes, from: position)
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
            if let number = try cursor.nextNumber() {
              next[places[column]] = Float(number)
            } else {
              next[places[column]] = try truthOrFault(at: place, column: column)
            }
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
    for missing in format.missingNumbers {
      for index in 0..<rowCount * width where target[index] == Float(missing) {
        target[index] = .nan
      }
    }
    return rowCount
  }

  /// 1 or 0 for a cell that says `true` or `false`; throws for any other one.
  @inline(never)
  private func truthOrFault(at position: Int, column: Int) throws(FileError) -> Float {
    try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var cursor = cursor(bytes, from: position)
      let cell = try cursor.nextCell()
      if let isTrue = truth(cell.bytes) { return isTrue ? 1 : 0 }
      throw cursor.fault(
        position,
        "expected a number in column \(columnNames[column].debugDescription), got "
          + excerpt(cell.text))
    }
  }

  /// Reads columns: those whose cells are numbers or missing as numbers, the others as text.
  ///
  /// A column of `true` and `false` is one of 1 and 0. A column of whole numbers of which one has more
  /// digits than a `Double` can hold is one of integers.
  ///
  /// - Parameter positions: The positions of the columns, in order; all of them if nil.
  /// - Returns: The columns in the order of `positions`.
  /// - Throws: `FileError` if a row has another number of cells than the first line, or a quote
  ///   is missing.
  package func readColumns(_ positions: [Int]? = nil) throws(FileError) -> [CSVColumn] {
    let chosen = positions ?? Array(columnNames.indices)
    // Where a column's numbers are kept; nil for those that are passed over.
    var places = [Int?](repeating: nil, count: columnNames.count)
    for (place, column) in chosen.enumerated() { places[column] = place }
    let rowLimit = rowLimit
    let numbers = UnsafeMutablePointer<Double>.allocate(capacity: rowLimit * chosen.count)
    defer { numbers.deallocate() }
    // The row from which on a column is read as text.
    var textRows = [Int?](repeating: nil, count: columnNames.count)
    var texts = [[String]](repeating: [], count: columnNames.count)
    var cache = TextCache()
    let rowCount = try forEachCell { cursor, row, column throws(FileError) in
      guard let place = places[column] else {
        _ = try cursor.nextCell()
        return
      }
      if textRows[column] == nil {
        let start = cursor.position
        if let number = try cursor.nextNumber() {
          numbers[place &* rowLimit &+ row] = number
          return
        }
        cursor.goBack(to: start)
        textRows[column] = row
        texts[column].reserveCapacity(rowLimit - row)
      }
      texts[column].append(cache.text(try cursor.nextCell()))
    }
    // A column of text may begin like one of numbers, and not every integer is a Double: what is still
    // needed as text is read in a second walk.
    for (place, column) in chosen.enumerated() where textRows[column] == nil {
      let column = UnsafeBufferPointer(start: numbers + place * rowLimit, count: rowCount)
      if column.contains(where: { 0x1p53 < $0.magnitude && $0.magnitude <= 0x1p63 }) {
        textRows[chosen[place]] = rowCount
      }
    }
    var heads = [[String]](repeating: [], count: columnNames.count)
    if let end = textRows.compactMap({ $0 }).max(), end > 0 {
      _ = try forEachCell(upTo: end) { cursor, row, column throws(FileError) in
        let cell = try cursor.nextCell()
        if let first = textRows[column], row < first { heads[column].append(cache.text(cell)) }
      }
    }
    return chosen.enumerated().map { place, column in
      if let first = textRows[column] {
        let texts = heads[column].isEmpty ? texts[column] : heads[column] + texts[column]
        if first == rowCount {
          if let integers = largeIntegers(texts) { return .integers(integers) }
        } else {
          return truths(texts, format).map(CSVColumn.numbers) ?? .texts(texts)
        }
      }
      var column = Array(UnsafeBufferPointer(start: numbers + place * rowLimit, count: rowCount))
      for missing in format.missingNumbers {
        for row in column.indices where column[row] == missing { column[row] = .nan }
      }
      return .numbers(column)
    }
  }
}

/// Texts of which equal ones share their memory, as far as they come again soon.
private struct TextCache {
  private var texts = [String](repeating: "", count: 1024)

  /// The text of a cell.
  mutating func text(_ cell: CSVCell) -> String {
    let bytes = cell.bytes
    // Shorter ones take no memory of their own.
    guard bytes.count > 15, !cell.hasDoubledQuotes, let base = bytes.baseAddress else {
      return cell.text
    }
    var hash: UInt64 = 0
    forEachWord(of: base, bytes.count) { word, _ in hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15 }
    let slot = Int(truncatingIfNeeded: hash >> 54)
    let isKnown = texts[slot].utf8.withContiguousStorageIfAvailable { known in
      guard known.count == bytes.count, let other = known.baseAddress else { return false }
      var isEqual = true
      forEachWord(of: base, bytes.count) { word, offset in
        isEqual = isEqual && word == loadWord(other, offset)
      }
      return isEqual
    }
    if isKnown != true { texts[slot] = cell.text }
    return texts[slot]
  }

  /// Calls `body` with eight bytes after the other; the last eight may begin before the others end.
  @inline(__always)
  private func forEachWord(
    of base: UnsafePointer<UInt8>, _ count: Int, _ body: (_ word: UInt64, _ offset: Int) -> Void
  ) {
    for offset in stride(from: 0, to: count - 8, by: 8) { body(loadWord(base, offset), offset) }
    body(loadWord(base, count - 8), count - 8)
  }

  private func loadWord(_ base: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

/// The numbers of cells that all say `true`, `false` or nothing, 1, 0 and NaN; nil if one says another
/// thing.
private func truths(_ texts: [String], _ format: CSVFormat) -> [Double]? {
  var numbers: [Double] = []
  for var text in texts {
    let number: Double? = text.withUTF8 { cell in
      truth(cell).map { $0 ? 1 : 0 } ?? (format.isMissing(cell) ? .nan : nil)
    }
    guard let number else { return nil }
    numbers.append(number)
  }
  return numbers
}

/// The integers of cells that are nothing else; nil if one is no integer, or if all of them are Doubles.
private func largeIntegers(_ texts: [String]) -> [Int]? {
  var integers: [Int] = []
  for var text in texts {
    guard let integer = text.withUTF8({ parseInteger($0) }) else { return nil }
    integers.append(integer)
  }
  return integers.contains { Int(exactly: Double($0)) != $0 } ? integers : nil
}

/// The bytes of a text file in UTF-8, expanded if it is compressed by gzip.
private func textBytes(_ path: String) throws(FileError) -> FileBytes {
  let raw = try FileBytes(mapping: path)
  let file = try raw.withUnsafeBufferPointer { bytes throws(FileError) in
    try isGzip(bytes) ? gunzip(bytes, limit: 1 << 36, path: path) : raw
  }
  let units: [UInt16]? = try file.withUnsafeBufferPointer { bytes throws(FileError) in
    // Parquet and Excel files have a 0 early on, a web page begins with a tag.
    if bytes.prefix(1024).contains(0) || bytes.starts(with: [UInt8(ascii: "<")]) {
      let hint = kindHint(bytes)
      if !hint.isEmpty { throw FileError(path: path, message: "expected a table in text" + hint) }
    }
    let isBig = bytes.starts(with: [0xFE, 0xFF])
    guard isBig || bytes.starts(with: [0xFF, 0xFE]) else { return nil }
    return stride(from: 2, to: bytes.count - 1, by: 2).map { place in
      let low = UInt16(truncatingIfNeeded: bytes.number(at: place, count: 2))
      return isBig ? low.byteSwapped : low
    }
  }
  guard let units else { return file }
  return try FileBytes(Array(String(decoding: units, as: UTF16.self).utf8), path: path)
}

/// The separator with which the first records have equally many cells, at least two; a comma if there is
/// none.
private func likelySeparator(
  _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, format: CSVFormat, path: String
) -> UInt8 {
  let comma = UInt8(ascii: ",")
  candidates: for separator in [comma] + ";\t|".utf8 where separator != format.decimalMark {
    var cursor = CSVCursor(bytes, from: start, separator: separator, format: format, path: path)
    var counts: Set<Int> = []
    for _ in 0..<10 where counts.count < 2 && cursor.beginRecord() {
      var count = 0
      while !cursor.isAtEndOfRecord {
        guard (try? cursor.nextCell()) != nil else { continue candidates }
        count += 1
      }
      counts.insert(count)
    }
    if counts.count == 1, counts.first != 1 { return separator }
  }
  return comma
}

/// The names with something added to those that are empty or were there before.
private func distinct(_ names: [String]) -> [String] {
  let taken = Set(names.map(ExactName.init))
  var seen: Set<ExactName> = []
  var nextNumber: [String: Int] = [:]
  return names.enumerated().map { index, original in
    let name = original.isEmpty ? "Unnamed: \(index)" : original
    var result = name
    while seen.contains(ExactName(result))
      || (result != original && taken.contains(ExactName(result)))
    {
      nextNumber[name, default: 0] += 1
      result = "\(name).\(nextNumber[name]!)"
    }
    seen.insert(ExactName(result))
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

/// The fewest digits that give the number back; whole numbers without `.0`, nothing for NaN.
package func csvText(_ number: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
  if number.isNaN { return "" }
  let text = number.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
