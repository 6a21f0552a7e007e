// Tables of numbers and text with named columns, from and to CSV files: the little of pandas that
// precedes training. The cells are read by ArrayFiles' CSV.swift; Table+Description.swift prints.

import ArrayFiles
import Layers
import Tensor

/// Columns of numbers and of text, all of them equally long, each with a name.
///
/// ```swift
/// let homes = try Table(contentsOf: "Hyderabad.csv")
/// print(homes)                                            // the first and the last rows
/// let x = homes.dropping("Price", "Location").tensor()    // [2518, 38]
/// let y = homes.tensor(of: "Price")                       // [2518, 1]
/// ```
public struct Table: Equatable, Sendable {
  /// The cells of one column: `.numbers([Double])`, NaN for an empty cell, or `.texts([String])`.
  public typealias Column = CSVColumn

  /// The names of the columns, no two of them equal.
  public let columnNames: [String]
  /// The columns in the order of their names.
  public let columns: [Column]
  /// The number of rows.
  public let rowCount: Int

  /// Reads a file of comma-separated values (RFC 4180).
  ///
  /// A column in which every cell is a number or empty holds numbers, any other one text. As in
  /// pandas, a column without a name is called `Unnamed: 0` after its position, a second `x`
  /// is called `x.1`, and empty lines do not count.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; all of them if nil.
  ///   - header: whether the first line names the columns; otherwise they are `0`, `1`, `2` ….
  ///   - separator: the character between cells, such as `;` or a tab.
  /// - Throws: `FileError` if the file cannot be read or is empty, a column is missing, a row has
  ///   another number of cells than the first line, or a quote is missing.
  public init(
    contentsOf path: String, columns: [String]? = nil, header: Bool = true,
    separator: Character = ","
  ) throws(FileError) {
    let file = try CSVFile(contentsOf: path, header: header, separator: byte(of: separator))
    let names = columns ?? file.columnNames
    requireDistinct(names)
    self.init(names: names, columns: try file.readColumns(try file.positions(of: names)))
  }

  /// A table of columns in memory.
  ///
  /// ```swift
  /// Table(["x": .numbers([1, 2]), "city": .texts(["Bonn", "Ulm"])])
  /// ```
  /// - Precondition: the names differ, and the columns are equally long.
  public init(_ columns: KeyValuePairs<String, Column>) {
    let names = columns.map(\.key)
    requireDistinct(names)
    for (name, column) in columns where column.count != columns[0].value.count {
      fail(
        "table: column \"\(name)\" has \(column.count) rows and \"\(names[0])\" has "
          + "\(columns[0].value.count), expected equally many")
    }
    self.init(names: names, columns: columns.map(\.value))
  }

  private init(names: [String], columns: [Column], rowCount: Int? = nil) {
    columnNames = names
    self.columns = columns
    self.rowCount = rowCount ?? columns.first?.count ?? 0
  }
}

// MARK: - Columns and rows

extension Table {
  /// The numbers of a column; stops if there is none of that name, or it holds text.
  public subscript(name: String) -> [Double] {
    guard case .numbers(let numbers) = columns[position(of: name)] else {
      fail("table: column \"\(name)\" is text, read it as table[text: \"\(name)\"]")
    }
    return numbers
  }

  /// The texts of a column; stops if there is none of that name, or it holds numbers.
  public subscript(text name: String) -> [String] {
    guard case .texts(let texts) = columns[position(of: name)] else {
      fail("table: column \"\(name)\" holds numbers, read it as table[\"\(name)\"]")
    }
    return texts
  }

  /// The table without the named columns; stops if there is no column of one of the names.
  public func dropping(_ names: String...) -> Table {
    let dropped = Set(names.map(position))
    return selecting(positions: columns.indices.filter { !dropped.contains($0) })
  }

  /// The named columns, in that order; stops if there is no column of one of the names.
  public func selecting(_ names: String...) -> Table { selecting(names) }

  /// The named columns, in that order; stops if there is no column of one of the names.
  public func selecting(_ names: [String]) -> Table { selecting(positions: names.map(position)) }

  private func selecting(positions: [Int]) -> Table {
    Table(
      names: positions.map { columnNames[$0] }, columns: positions.map { columns[$0] },
      rowCount: rowCount)
  }

  /// The rows at the given positions, in that order: `rows(0..<10)`, `rows(order)`.
  ///
  /// - Precondition: every position lies in `0..<rowCount`.
  public func rows(_ positions: some Sequence<Int>) -> Table {
    let positions = Array(positions)
    for position in positions where position < 0 || position >= rowCount {
      fail("rows: position \(position) is out of range for a table of \(rowCount) rows")
    }
    let chosen = columns.map { column in
      switch column {
      case .numbers(let numbers): Column.numbers(positions.map { numbers[$0] })
      case .texts(let texts): Column.texts(positions.map { texts[$0] })
      }
    }
    return Table(names: columnNames, columns: chosen, rowCount: positions.count)
  }

  private func position(of name: String) -> Int {
    guard let position = columnNames.firstIndex(of: name) else {
      fail(unknownName(name, kind: "table", known: columnNames))
    }
    return position
  }
}

extension CSVColumn {
  /// The number of cells.
  public var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .texts(let texts): texts.count
    }
  }
}

// MARK: - Tensors

extension Table {
  /// The numbers of all columns, [rows, columns]; stops and names the column if one holds text.
  public func tensor() -> Tensor<Float> { Tensor<Float>(numbers) }

  /// The numbers of all columns, [rows, columns]; stops and names the column if one holds text.
  public func tensor<Scalar: TensorFloat>() -> Tensor<Scalar> { Tensor<Scalar>(numbers) }

  /// The numbers of the named columns, [rows, columns]; stops if one is missing or holds text.
  public func tensor(of names: String...) -> Tensor<Float> { selecting(names).tensor() }

  /// The numbers of the named columns, [rows, columns]; stops if one is missing or holds text.
  public func tensor<Scalar: TensorFloat>(of names: String...) -> Tensor<Scalar> {
    selecting(names).tensor()
  }

  private var numbers: Tensor<Double> {
    let width = columns.count
    var result = Tensor<Double>(uninitialized: [rowCount, width])
    let base = result.mutableBase
    for (index, column) in columns.enumerated() {
      guard case .numbers(let numbers) = column else {
        let name = columnNames[index]
        fail("tensor: column \"\(name)\" is text, leave it out with dropping(\"\(name)\")")
      }
      var target = base + index
      for number in numbers {
        target.pointee = number
        target += width
      }
    }
    return result
  }

  /// Reads a file in which all cells are numbers or empty, without a table in between.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - columns: the names of the columns to read, in order; all of them if nil. The cells of the
  ///     others may be text.
  ///   - header: whether the first line names the columns and is passed over.
  ///   - separator: the character between cells.
  /// - Returns: the numbers, [rows, columns]; NaN for an empty cell.
  /// - Throws: `FileError` as `init(contentsOf:columns:header:separator:)` does, and if a cell is
  ///   text.
  public static func readNumbers(
    _ path: String, columns: [String]? = nil, header: Bool = true, separator: Character = ","
  ) throws(FileError) -> Tensor<Float> {
    let file = try CSVFile(contentsOf: path, header: header, separator: byte(of: separator))
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
  ///   - separator: the character between cells.
  ///   - rowsAtOnce: how many rows a piece has; the last one may have fewer.
  ///   - body: called with the numbers of each piece, [rows, columns].
  /// - Throws: `FileError` as the function without pieces does, and whatever `body` throws.
  public static func readNumbers(
    _ path: String, columns: [String]? = nil, header: Bool = true, separator: Character = ",",
    rowsAtOnce: Int, _ body: (Tensor<Float>) throws -> Void
  ) throws {
    require(rowsAtOnce > 0, "readNumbers: expected at least one row at once, got \(rowsAtOnce)")
    let file = try CSVFile(contentsOf: path, header: header, separator: byte(of: separator))
    let positions = try positions(of: columns, in: file)
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
}

// MARK: - Writing

extension Table {
  /// Writes the table to a file of comma-separated values, header first, atomically.
  ///
  /// Numbers have the fewest digits that give them back, NaN is an empty cell, and text is put in
  /// quotes where it must be.
  ///
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  public func write(to path: String, separator: Character = ",") throws(FileError) {
    let separator = byte(of: separator)
    var bytes: [UInt8] = []
    bytes.appendCSVRecord(columnNames, separator: separator)
    for row in 0..<rowCount {
      let cells = columns.lazy.map { column in
        switch column {
        case .numbers(let numbers): csvText(numbers[row])
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

private func requireDistinct(_ names: [String]) {
  var seen: Set<String> = []
  for name in names where !seen.insert(name).inserted {
    fail("table: there are two columns \"\(name)\", expected names that differ")
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
