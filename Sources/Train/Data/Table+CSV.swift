// Reading and writing CSV files. ArrayFiles' CSV.swift parses the cells.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// The default markers of missing values, ignoring case: an empty cell, `NA`, `N/A`, `NaN`,
  /// `null`, `none`, `?`, `-`, `--`, `.` and the other markers of pandas.
  public static let missingNames = CSVFormat.missingNames

  /// Reads a CSV file (RFC 4180).
  ///
  /// ```swift
  /// try Table(contentsOf: "homes.csv")
  /// try Table(contentsOf: "wetter.csv", separator: ";", decimalMark: ",")
  /// try Table(contentsOf: "sensor.txt", separator: " ", comment: "#", missing: ["-999"])
  /// ```
  /// A column in which every cell is a number or missing becomes a column of numbers; `true` and
  /// `false` become 1 and 0. Any other column is text, with its cells unchanged. Whole numbers that
  /// are too long for a `Double` make a column of integers. As in pandas, a column without a name
  /// is called `Unnamed: 0` after its position, a second `x` is called `x.1`, and empty lines are
  /// skipped. Files compressed with gzip are decompressed, and UTF-16 is converted.
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; nil for all.
  ///   - header: whether the first line holds the column names; otherwise they are `0`, `1`, `2` ….
  ///   - separator: the character between cells; a blank means any number of blanks and tabs. If
  ///     nil, it is detected from the first lines: comma, semicolon, tab or `|`.
  ///   - decimalMark: the decimal separator of numbers.
  ///   - groupMark: the separator between groups of three digits, as in `1,234,567`, if there is
  ///     one.
  ///   - comment: the character that starts comment lines, which are skipped.
  ///   - missing: the markers of missing values, texts or numbers, ignoring case.
  /// - Throws: `FileError` if the file cannot be read or is empty, a column is missing, a row has a
  ///   different number of cells than the first line, or a closing quote is missing.
  public init(
    contentsOf path: String, columns: [String]? = nil, header: Bool = true,
    separator: Character? = nil, decimalMark: Character = ".", groupMark: Character? = nil,
    comment: Character? = nil, missing: [String] = missingNames
  ) throws(FileError) {
    let format = Self.format(header, separator, decimalMark, groupMark, comment, missing)
    let file = try CSVFile(contentsOf: path, format: format)
    let names = columns ?? file.columnNames
    requireDistinct(names)
    let found = try file.readColumns(try file.positions(of: names))
    self.init(names: names, columns: found, rowCount: found.first?.count ?? 0)
  }

  /// Reads a CSV file in which all cells are numbers or missing directly into a tensor.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; nil for all. Cells of other columns
  ///     may be text.
  ///   - header: whether the first line holds the column names and is skipped.
  ///   - separator: the character between cells; a blank means any number of blanks and tabs. If
  ///     nil, it is detected from the first lines: comma, semicolon, tab or `|`.
  ///   - decimalMark: the decimal separator of numbers.
  ///   - groupMark: the separator between groups of three digits, if there is one.
  ///   - comment: the character that starts comment lines, which are skipped.
  ///   - missing: the markers of missing values, texts or numbers, ignoring case.
  /// - Returns: the numbers, [rows, columns]; NaN for a missing one, 1 and 0 for `true` and `false`.
  /// - Throws: `FileError` in the same cases as the initialiser, and if a cell is text.
  public static func readNumbers(
    _ path: String, columns: [String]? = nil, header: Bool = true, separator: Character? = nil,
    decimalMark: Character = ".", groupMark: Character? = nil, comment: Character? = nil,
    missing: [String] = missingNames
  ) throws(FileError) -> Tensor<Float> {
    let format = format(header, separator, decimalMark, groupMark, comment, missing)
    let file = try CSVFile(contentsOf: path, format: format)
    let positions = try positions(of: columns, in: file)
    let rowLimit = file.rowLimit
    var result = Tensor<Float>(
      uninitialized: [rowLimit, positions?.count ?? file.columnNames.count])
    var position = file.start
    let rowCount = try file.readNumbers(
      columns: positions, from: &position, into: result.mutableBase)
    // There are fewer rows than lines if some lines were empty or inside quotes.
    return rowCount == rowLimit ? result : result[..<rowCount].copied()
  }

  /// Reads a CSV file of numbers piece by piece, so that it may be larger than memory.
  ///
  /// ```swift
  /// try Table.readNumbers("measured.csv", rowsAtOnce: 10_000) { rows in
  ///   sum += rows.sum(axis: 0)
  /// }
  /// ```
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; nil for all.
  ///   - header: whether the first line holds the column names and is skipped.
  ///   - separator: the character between cells; a blank means any number of blanks and tabs. If
  ///     nil, it is detected from the first lines: comma, semicolon, tab or `|`.
  ///   - decimalMark: the decimal separator of numbers.
  ///   - groupMark: the separator between groups of three digits, if there is one.
  ///   - comment: the character that starts comment lines, which are skipped.
  ///   - missing: the markers of missing values, texts or numbers, ignoring case.
  ///   - rowsAtOnce: the number of rows in a piece; the last one may have fewer.
  ///   - body: called with the numbers of each piece, [rows, columns].
  /// - Throws: `FileError` in the same cases as the function without pieces, and any error of
  ///   `body`.
  public static func readNumbers(
    _ path: String, columns: [String]? = nil, header: Bool = true, separator: Character? = nil,
    decimalMark: Character = ".", groupMark: Character? = nil, comment: Character? = nil,
    missing: [String] = missingNames, rowsAtOnce: Int, _ body: (Tensor<Float>) throws -> Void
  ) throws {
    require(rowsAtOnce > 0, "readNumbers: expected at least one row at once, got \(rowsAtOnce)")
    let format = format(header, separator, decimalMark, groupMark, comment, missing)
    let file = try CSVFile(contentsOf: path, format: format)
    let positions = try positions(of: columns, in: file)
    // A piece need not be larger than the file.
    let rowsAtOnce = min(rowsAtOnce, max(1, file.rowLimit))
    var position = file.start
    while true {
      var piece = Tensor<Float>(
        uninitialized: [rowsAtOnce, positions?.count ?? file.columnNames.count])
      let rowCount = try file.readNumbers(
        columns: positions, from: &position, limit: rowsAtOnce, into: piece.mutableBase)
      if rowCount > 0 { try body(rowCount == rowsAtOnce ? piece : piece[..<rowCount]) }
      if rowCount < rowsAtOnce { return }
    }
  }

  private static func positions(
    of names: [String]?, in file: CSVFile
  ) throws(FileError) -> [Int]? {
    guard let names else { return nil }
    requireDistinct(names)
    return try file.positions(of: names)
  }

  private static func format(
    _ header: Bool, _ separator: Character?, _ decimalMark: Character, _ groupMark: Character?,
    _ comment: Character?, _ missing: [String]
  ) -> CSVFormat {
    let marks = [separator, decimalMark, groupMark, comment].compactMap { $0 }
    require(
      Set(marks).count == marks.count,
      "table: separator, decimal mark, group mark and comment must differ, got "
        + marks.map { String($0).debugDescription }.joined(separator: ", "))
    for (mark, role) in [(decimalMark, "stand before the fraction"), (groupMark, "part digits")] {
      require(
        mark.map { $0.isASCII && !$0.isLetter && !$0.isNumber && !"\"+-\n\r".contains($0) } ?? true,
        "table: \(mark.map { String($0).debugDescription } ?? "") cannot \(role), expected \".\", \",\" "
          + "or another ASCII character that is no letter, digit, sign or quote")
    }
    require(
      comment.map { $0.isASCII && !"\"\n\r".contains($0) } ?? true,
      "table: a comment must begin with an ASCII character that is no quote, such as \"#\"")
    return CSVFormat(
      header: header, separator: separator.map(byte(of:)),
      decimalMark: decimalMark.asciiValue ?? UInt8(ascii: "."), groupMark: groupMark?.asciiValue,
      comment: comment?.asciiValue, missing: missing)
  }
}

// MARK: - Writing

extension Table {
  /// Writes the table to a CSV file with a header, atomically.
  ///
  /// Numbers have the fewest digits that restore them exactly, NaN is an empty cell, and text is
  /// quoted where necessary, so reading the file gives the same table.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - separator: the character between cells.
  ///   - decimalMark: the decimal separator of numbers.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  public func write(
    to path: String, separator: Character = ",", decimalMark: Character = "."
  ) throws(FileError) {
    require(
      separator != decimalMark && decimalMark.isASCII,
      "table: \(String(decimalMark).debugDescription) cannot be the decimal mark beside the separator "
        + String(separator).debugDescription)
    let separator = byte(of: separator)
    var bytes: [UInt8] = []
    bytes.appendCSVRecord(columnNames, separator: separator)
    for row in 0..<rowCount {
      let cells = columns.lazy.map { column in
        switch column {
        case .numbers(let numbers):
          decimalMark == "."
            ? csvText(numbers[row])
            : String(csvText(numbers[row]).map { $0 == "." ? decimalMark : $0 })
        case .integers(let integers): String(integers[row])
        case .texts(let texts): texts[row]
        }
      }
      bytes.appendCSVRecord(cells, separator: separator)
    }
    try writeFile(bytes, to: path)
  }

  /// Returns the elements of a tensor as CSV text, one line per row.
  ///
  /// - Parameters:
  ///   - tensor: [rows, columns], or [rows] for a single column.
  ///   - header: the names of the columns; if empty, there is no header line.
  /// - Returns: the text; numbers have the fewest digits that restore them, NaN is an empty cell.
  public static func csv<Scalar: TensorFloat>(
    of tensor: Tensor<Scalar>, header: [String] = []
  ) -> String {
    require(
      1...2 ~= tensor.rank, "csv: expected a tensor with one or two axes, got shape \(tensor.shape)"
    )
    let width = tensor.rank == 2 ? tensor.shape[1] : 1
    require(
      header.isEmpty || header.count == width,
      "csv: \(header.count) names do not fit the \(width) columns of shape \(tensor.shape)")
    var bytes: [UInt8] = []
    let comma = UInt8(ascii: ",")
    if !header.isEmpty { bytes.appendCSVRecord(header, separator: comma) }
    let elements = tensor.elements
    for row in 0..<tensor.shape[0] {
      let cells = elements[row * width..<(row + 1) * width].lazy.map { csvText($0) }
      bytes.appendCSVRecord(cells, separator: comma)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The byte of a separator, which must not occur in numbers, quotes or line ends.
private func byte(of separator: Character) -> UInt8 {
  guard let byte = separator.asciiValue, !separator.isLetter, !separator.isNumber,
    !separator.isNewline, !"\"+-.".contains(separator)
  else {
    fail(
      "table: \(String(separator).debugDescription) cannot separate cells, expected \",\", \";\", a "
        + "tab or another ASCII character that is no letter, digit, sign, point or quote")
  }
  return byte
}
