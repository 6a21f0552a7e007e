// Tables from and to files of comma-separated values. The cells are read by ArrayFiles' CSV.swift.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// What stands for a missing number in a file, whatever its case, unless one says otherwise: an empty
  /// cell, `NA`, `N/A`, `NaN`, `null`, `none`, `?`, `-`, `--`, `.` and the other words of pandas.
  public static let missingNames = CSVFormat.missingNames

  /// Reads a file of comma-separated values (RFC 4180).
  ///
  /// ```swift
  /// try Table(contentsOf: "homes.csv")
  /// try Table(contentsOf: "wetter.csv", separator: ";", decimalMark: ",")
  /// try Table(contentsOf: "sensor.txt", separator: " ", comment: "#", missing: ["-999"])
  /// ```
  /// A column in which every cell is a number or missing holds numbers, one of `true` and `false` holds
  /// 1 and 0, any other one text; in a column of text the cells stay as they are. Whole numbers that are
  /// too long for a `Double` make a column of integers. As in pandas, a column without a name is called
  /// `Unnamed: 0` after its position, a second `x` is called `x.1`, and empty lines do not count. A file
  /// that is compressed by gzip is expanded, one in UTF-16 converted.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; all of them if nil.
  ///   - header: whether the first line names the columns; otherwise they are `0`, `1`, `2` ….
  ///   - separator: the character between cells, where a blank stands for any number of blanks and tabs;
  ///     if nil, the one of comma, semicolon, tab and `|` that the first lines tell.
  ///   - decimalMark: the character before the fraction of a number.
  ///   - groupMark: the character between groups of three digits, as in `1,234,567`, if there is one.
  ///   - comment: the character with which lines begin that are passed over.
  ///   - missing: what stands for a missing number, texts or numbers, whatever their case.
  /// - Throws: `FileError` if the file cannot be read or is empty, a column is missing, a row has
  ///   another number of cells than the first line, or a quote is missing.
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

  /// Reads a file in which all cells are numbers or missing, without a table in between.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; all of them if nil. The cells of the
  ///     others may be text.
  ///   - header: whether the first line names the columns and is passed over.
  ///   - separator: the character between cells, where a blank stands for any number of blanks and tabs;
  ///     if nil, the one of comma, semicolon, tab and `|` that the first lines tell.
  ///   - decimalMark: the character before the fraction of a number.
  ///   - groupMark: the character between groups of three digits, if there is one.
  ///   - comment: the character with which lines begin that are passed over.
  ///   - missing: what stands for a missing number, texts or numbers, whatever their case.
  /// - Returns: the numbers, [rows, columns]; NaN for a missing one, 1 and 0 for `true` and `false`.
  /// - Throws: `FileError` as the initialiser does, and if a cell is text.
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
    // Fewer rows than lines: some lines were empty, or lay in quotes.
    return rowCount == rowLimit ? result : result[..<rowCount].copied()
  }

  /// Reads a file of numbers piece by piece, so that it may be larger than memory.
  ///
  /// ```swift
  /// try Table.readNumbers("measured.csv", rowsAtOnce: 10_000) { rows in
  ///   sum += rows.sum(axis: 0)
  /// }
  /// ```
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; all of them if nil.
  ///   - header: whether the first line names the columns and is passed over.
  ///   - separator: the character between cells, where a blank stands for any number of blanks and tabs;
  ///     if nil, the one of comma, semicolon, tab and `|` that the first lines tell.
  ///   - decimalMark: the character before the fraction of a number.
  ///   - groupMark: the character between groups of three digits, if there is one.
  ///   - comment: the character with which lines begin that are passed over.
  ///   - missing: what stands for a missing number, texts or numbers, whatever their case.
  ///   - rowsAtOnce: how many rows a piece has; the last one may have fewer.
  ///   - body: called with the numbers of each piece, [rows, columns].
  /// - Throws: `FileError` as the function without pieces does, and whatever `body` throws.
  public static func readNumbers(
    _ path: String, columns: [String]? = nil, header: Bool = true, separator: Character? = nil,
    decimalMark: Character = ".", groupMark: Character? = nil, comment: Character? = nil,
    missing: [String] = missingNames, rowsAtOnce: Int, _ body: (Tensor<Float>) throws -> Void
  ) throws {
    require(rowsAtOnce > 0, "readNumbers: expected at least one row at once, got \(rowsAtOnce)")
    let format = format(header, separator, decimalMark, groupMark, comment, missing)
    let file = try CSVFile(contentsOf: path, format: format)
    let positions = try positions(of: columns, in: file)
    // A piece is never larger than the file.
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
  /// Writes the table to a file of comma-separated values, header first, atomically.
  ///
  /// Numbers have the fewest digits that give them back, NaN is an empty cell, and text is put in
  /// quotes where it must be; so the table that is read again is the same.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - separator: the character between cells.
  ///   - decimalMark: the character before the fraction of a number.
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

  /// Returns the elements of a tensor as comma-separated values, one line for each row.
  ///
  /// - Parameters:
  ///   - tensor: [rows, columns], or [rows] for a single column.
  ///   - header: the names of the columns; no line for them if empty.
  /// - Returns: the text; numbers have the fewest digits of their type, NaN is an empty cell.
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

/// The byte of a separator, which must not be part of a number, a quote or a line end.
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
