// Tables of numbers and text with named columns: the part of pandas that prepares data for
// training. This file holds columns and rows. Other files: Table+CSV.swift (files), +Tensor,
// +Missing, +Sorting, +Grouping, +Joining, +Encoding, +Dates and +Description.

import ArrayFiles
import Layers
import Tensor

/// A table of named columns of numbers or text, all of equal length.
///
/// ```swift
/// var homes = try Table(contentsOf: "Hyderabad.csv")
/// print(homes, homes.describe())                          // the first and last rows; means, quartiles
/// homes["Price per area"] = zip(homes["Price"], homes["Area"]).map(/)
/// homes = homes.fillingMissing(with: .median).filter { $0["Area"] < 10_000 }
/// let x = homes.dropping("Price", "Location").tensor()    // [rows, columns]
/// let y = homes.tensor(of: "Price")                       // [rows, 1]
/// ```
/// A missing number is NaN, a missing text is empty.
public struct Table: Equatable, Sendable {
  /// The cells of a column: `.numbers`, `.texts`, or `.integers` that are too long for a `Double`.
  public typealias Column = CSVColumn

  /// The names of the columns, all distinct.
  public private(set) var columnNames: [String]
  /// The columns, in the order of `columnNames`.
  public private(set) var columns: [Column]
  /// The number of rows.
  public private(set) var rowCount: Int

  /// Creates a table from columns in memory.
  ///
  /// ```swift
  /// Table(["x": .numbers([1, 2]), "city": .texts(["Bonn", "Ulm"])])
  /// ```
  /// - Precondition: the names are distinct, and the columns have equal length.
  public init(_ columns: KeyValuePairs<String, Column>) {
    self.init(names: columns.map(\.key), columns: columns.map(\.value))
  }

  /// Creates a table from columns whose names are only known at run time.
  ///
  /// - Precondition: there are as many names as columns, the names are distinct, and the columns
  ///   have equal length.
  public init(names: [String], columns: [Column]) {
    require(
      names.count == columns.count,
      "table: \(names.count) names do not fit \(columns.count) columns")
    requireDistinct(names)
    for (name, column) in zip(names, columns) where column.count != columns[0].count {
      fail(
        "table: column \"\(name)\" has \(column.count) rows and \"\(names[0])\" has "
          + "\(columns[0].count), expected equally many")
    }
    self.init(names: names, columns: columns, rowCount: columns.first?.count ?? 0)
  }

  /// Creates a table from the columns of a tensor, [rows, columns] or [rows] for a single column.
  ///
  /// - Precondition: there are as many names as columns, and the names are distinct.
  public init<Scalar: TensorNumber>(_ tensor: Tensor<Scalar>, names: [String]) {
    let width = tensor.rank == 1 ? 1 : tensor.rank == 2 ? tensor.shape[1] : nil
    require(
      width == names.count,
      "table: a tensor of shape \(tensor.shape) does not have \(names.count) columns for the names "
        + "\(names)")
    requireDistinct(names)
    let rows = Tensor<Double>(tensor).reshaped(to: [tensor.shape[0], names.count])
    let columns = names.indices.map { Column.numbers(rows[0..., $0].elements) }
    self.init(names: names, columns: columns, rowCount: tensor.shape[0])
  }

  /// Creates a table without checking the columns.
  init(names: [String], columns: [Column], rowCount: Int) {
    columnNames = names
    self.columns = columns
    self.rowCount = rowCount
  }
}

// MARK: - Columns

extension Table {
  /// The numbers of a column; stops if there is no such column or it holds text.
  ///
  /// Setting replaces the column, or appends a new one; stops if the number of rows differs.
  public subscript(name: String) -> [Double] {
    get {
      switch column(name) {
      case .numbers(let numbers): return numbers
      case .texts: fail("table: column \"\(name)\" is text, read it as table[text: \"\(name)\"]")
      case .integers:
        fail(
          "table: column \"\(name)\" holds integers beyond 2^53, which are no Doubles; read it as "
            + "table[integers: \"\(name)\"]")
      }
    }
    set { set(name, to: .numbers(newValue)) }
  }

  /// The texts of a column; stops if there is no such column or it holds numbers.
  ///
  /// Setting replaces the column, or appends a new one; stops if the number of rows differs.
  public subscript(text name: String) -> [String] {
    get {
      guard case .texts(let texts) = column(name) else {
        fail("table: column \"\(name)\" holds numbers, read it as table[\"\(name)\"]")
      }
      return texts
    }
    set { set(name, to: .texts(newValue)) }
  }

  /// The integers of a column; stops if there is no such column or it holds text or fractions.
  ///
  /// Setting replaces the column, or appends a new one; stops if the number of rows differs.
  public subscript(integers name: String) -> [Int] {
    get {
      switch column(name) {
      case .integers(let integers): return integers
      case .numbers(let numbers):
        return numbers.enumerated().map { row, number in
          guard let integer = Int(exactly: number) else {
            fail("table: column \"\(name)\" has \(number) in row \(row), expected whole numbers")
          }
          return integer
        }
      case .texts: fail("table: column \"\(name)\" is text, read it as table[text: \"\(name)\"]")
      }
    }
    set { set(name, to: .integers(newValue)) }
  }

  /// The column with the given name; stops if there is none.
  public func column(_ name: String) -> Column { columns[position(of: name)] }

  private mutating func set(_ name: String, to column: Column) {
    require(
      column.count == rowCount || columns.isEmpty && rowCount == 0,
      "table: column \"\(name)\" of \(column.count) cells does not fit a table of \(rowCount) rows")
    rowCount = column.count
    if let position = columnNames.position(ofName: name) {
      columns[position] = column
    } else {
      columnNames.append(name)
      columns.append(column)
    }
  }

  /// The table without the named columns; stops if a column does not exist.
  public func dropping(_ names: String...) -> Table { dropping(names) }

  /// The table without the named columns; stops if a column does not exist.
  public func dropping(_ names: [String]) -> Table {
    let dropped = Set(names.map(position))
    return selecting(positions: columns.indices.filter { !dropped.contains($0) })
  }

  /// The table of the named columns, in that order; stops if a column does not exist.
  public func selecting(_ names: String...) -> Table { selecting(names) }

  /// The table of the named columns, in that order; stops if a column does not exist.
  public func selecting(_ names: [String]) -> Table { selecting(positions: names.map(position)) }

  private func selecting(positions: [Int]) -> Table {
    let names = positions.map { columnNames[$0] }
    requireDistinct(names)
    return Table(names: names, columns: positions.map { columns[$0] }, rowCount: rowCount)
  }

  /// Renames columns, as in `renaming(["Unnamed: 0": "row"])`.
  ///
  /// - Precondition: the old names exist, and the resulting names are distinct.
  public func renaming(_ names: KeyValuePairs<String, String>) -> Table {
    var result = self
    for (old, new) in names { result.columnNames[position(of: old)] = new }
    requireDistinct(result.columnNames)
    return result
  }

  /// Replaces each column at the given positions by other named columns.
  func replacing(
    _ positions: some Sequence<Int>, with others: (Int) -> [(name: String, column: Column)]
  ) -> Table {
    let replaced = Set(positions)
    let parts = columns.indices.flatMap { position in
      replaced.contains(position)
        ? others(position) : [(name: columnNames[position], column: columns[position])]
    }
    requireDistinct(parts.map(\.name))
    return Table(names: parts.map(\.name), columns: parts.map(\.column), rowCount: rowCount)
  }

  func position(of name: String) -> Int {
    guard let position = columnNames.position(ofName: name) else {
      fail(unknownName(name, kind: "table", known: columnNames))
    }
    return position
  }
}

// MARK: - Rows

extension Table {
  /// The rows at the given positions, in that order, as in `rows(0..<10)` or `rows(order)`.
  ///
  /// - Precondition: every position lies in `0..<rowCount`.
  public func rows(_ positions: some Sequence<Int>) -> Table {
    let positions = Array(positions)
    for position in positions where position < 0 || position >= rowCount {
      fail("rows: position \(position) is out of range for a table of \(rowCount) rows")
    }
    return Table(
      names: columnNames, columns: columns.map { $0.rows(positions) }, rowCount: positions.count)
  }

  /// The rows that satisfy a condition, as in `filter { $0["price"] < 100 }`.
  public func filter<Failure: Error>(
    _ isIncluded: (Row) throws(Failure) -> Bool
  ) throws(Failure) -> Table {
    var positions: [Int] = []
    for index in 0..<rowCount where try isIncluded(Row(table: self, index: index)) {
      positions.append(index)
    }
    return rows(positions)
  }

  /// Appends the rows of another table; columns are matched by name.
  ///
  /// - Precondition: both tables have the same columns.
  public func appending(rowsOf other: Table) -> Table {
    require(
      other.columns.count == columns.count,
      "appending: a table with the columns \(other.columnNames) does not fit one with \(columnNames)"
    )
    let joined = zip(columnNames, columns).map { name, column -> Column in
      switch (column, other.column(name)) {
      case (.numbers(let a), .numbers(let b)): return .numbers(a + b)
      case (.texts(let a), .texts(let b)): return .texts(a + b)
      case (.integers, .numbers), (.numbers, .integers), (.integers, .integers):
        return .integers(self[integers: name] + other[integers: name])
      default: fail("appending: column \"\(name)\" is text in one table and numbers in the other")
      }
    }
    return Table(names: columnNames, columns: joined, rowCount: rowCount + other.rowCount)
  }

  /// A row of a table, whose cells are read by the names of their columns.
  public struct Row: Sendable {
    let table: Table
    /// The position of the row, counted from 0.
    public let index: Int

    /// The number in a column, NaN if missing; stops if there is no such column or it holds text.
    public subscript(name: String) -> Double {
      guard case .numbers(let numbers) = table.column(name) else { return table[name][index] }
      return numbers[index]
    }

    /// The text in a column, empty if missing; stops if there is no such column or it holds
    /// numbers.
    public subscript(text name: String) -> String {
      guard case .texts(let texts) = table.column(name) else { return table[text: name][index] }
      return texts[index]
    }

    /// The integer in a column; stops if there is no such column or the cell is not an integer.
    public subscript(integer name: String) -> Int {
      if case .integers(let integers) = table.column(name) { return integers[index] }
      let number = self[name]
      guard let integer = Int(exactly: number) else {
        fail("table: column \"\(name)\" has \(number) in row \(index), expected a whole number")
      }
      return integer
    }
  }
}

extension CSVColumn {
  /// The cells at the given positions, which must be in range.
  func rows(_ positions: [Int]) -> CSVColumn {
    switch self {
    case .numbers(let numbers): .numbers(positions.map { numbers[$0] })
    case .integers(let integers): .integers(positions.map { integers[$0] })
    case .texts(let texts): .texts(positions.map { texts[$0] })
    }
  }
}

func requireDistinct(_ names: [String]) {
  if let name = names.firstRepeated {
    fail("table: there are two columns \"\(name)\", expected names that differ")
  }
}
