// Missing cells: NaN in columns of numbers, empty text in columns of text. Imputer.swift fills
// tensors with values measured on the training samples.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// The replacement for missing cells.
  public enum Filling: Equatable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral
  {
    /// A number, for columns of numbers.
    case number(Double)
    /// A text, for columns of text.
    case text(String)
    /// The mean of the column's numbers.
    case mean
    /// The median of the column's numbers.
    case median
    /// The most frequent number or text of the column; the smallest if there are several.
    case mostFrequent
    /// The cell above; missing cells at the top stay missing.
    case previous

    /// A number, for columns of numbers.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A number, for columns of numbers.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A text, for columns of text.
    public init(stringLiteral value: String) { self = .text(value) }
  }

  /// Fills missing cells (pandas's `fillna`).
  ///
  /// ```swift
  /// table.fillingMissing(with: .median)                     // all columns of numbers
  /// table.fillingMissing(in: "city", with: "unknown")
  /// ```
  /// A column without any number has no mean and stays unchanged. Values measured on all rows must
  /// not be used to evaluate a model; `Imputer` measures only the training samples.
  ///
  /// - Parameters:
  ///   - names: the columns; by default all columns of the kind that `filling` applies to.
  ///   - filling: the number, text or rule.
  /// - Returns: the table with fewer missing cells.
  /// - Precondition: `filling` applies to the kind of each named column.
  public func fillingMissing(in names: String..., with filling: Filling) -> Table {
    let positions = names.isEmpty ? Array(columns.indices) : names.map(position)
    return replacing(positions) { position in
      let name = columnNames[position]
      guard let column = filled(columns[position], with: filling) else {
        require(
          names.isEmpty, "fillingMissing: column \"\(name)\" cannot be filled with \(filling)")
        return [(name, columns[position])]
      }
      return [(name, column)]
    }
  }

  /// The rows without missing cells (pandas's `dropna`).
  ///
  /// - Parameter names: the columns to check; by default all.
  /// - Returns: the rows with no missing cell in these columns.
  public func droppingMissing(in names: String...) -> Table {
    let checked = names.isEmpty ? columns : names.map(column)
    var isComplete = [Bool](repeating: true, count: rowCount)
    for column in checked {
      for row in column.missingRows { isComplete[row] = false }
    }
    return rows(isComplete.indices.filter { isComplete[$0] })
  }

  /// The number of missing cells in each column, in the order of the columns.
  public var missingCounts: [Int] { columns.map(\.missingRows.count) }

  /// Replaces a text in all cells that equal it, as in `replacing("?", with: "")`.
  ///
  /// - Parameters:
  ///   - text: the complete text of a cell.
  ///   - replacement: the new text.
  ///   - names: the columns of text; by default all.
  /// - Returns: the table with the cells replaced.
  public func replacing(
    _ text: String, with replacement: String, in names: String...
  ) -> Table {
    let positions = names.isEmpty ? Array(columns.indices) : names.map(position)
    return replacing(positions) { position in
      guard case .texts(let texts) = columns[position] else {
        let name = columnNames[position]
        require(names.isEmpty, "replacing: column \"\(name)\" holds numbers, expected text")
        return [(name, columns[position])]
      }
      return [(columnNames[position], .texts(texts.map { $0 == text ? replacement : $0 }))]
    }
  }
}

extension CSVColumn {
  /// The positions of the missing cells.
  var missingRows: [Int] {
    switch self {
    case .numbers(let numbers): numbers.indices.filter { numbers[$0].isNaN }
    case .integers: []
    case .texts(let texts): texts.indices.filter { texts[$0].isEmpty }
    }
  }
}

/// The column without missing cells; nil if the filling does not apply to this kind of column.
private func filled(_ column: CSVColumn, with filling: Table.Filling) -> CSVColumn? {
  switch (column, filling) {
  case (.integers, .text): return nil
  case (.integers, _): return column
  case (.numbers(let numbers), .previous):
    var last = Double.nan
    return .numbers(
      numbers.map { number in
        if !number.isNaN { last = number }
        return last
      })
  case (.texts(let texts), .previous):
    var last = ""
    return .texts(
      texts.map { text in
        if !text.isEmpty { last = text }
        return last
      })
  case (.numbers(let numbers), _):
    guard let value = filler(numbers, filling) else { return nil }
    return .numbers(numbers.map { $0.isNaN ? value : $0 })
  case (.texts(let texts), _):
    let value: String
    switch filling {
    case .text(let text): value = text
    case .mostFrequent: value = mostFrequent(column).map { texts[$0] } ?? ""
    default: return nil
    }
    return .texts(texts.map { $0.isEmpty ? value : $0 })
  }
}

/// The replacement for missing numbers, NaN if all are missing; nil if the filling is not a single
/// number.
func filler(_ numbers: [Double], _ filling: Table.Filling) -> Double? {
  switch filling {
  case .number(let number): number
  case .mean: Statistic.mean.value(of: numbers)
  case .median: Statistic.median.value(of: numbers)
  case .mostFrequent: mostFrequent(.numbers(numbers)).map { numbers[$0] } ?? .nan
  case .text, .previous: nil
  }
}

/// The first row with the most frequent cell; nil if all are missing.
private func mostFrequent(_ column: CSVColumn) -> Int? {
  let ranks = column.ranks
  var counts = [Int](repeating: 0, count: ranks.count)
  for rank in ranks.ofRows where rank != ranks.missing { counts[rank] += 1 }
  // The first of the largest counts belongs to the smallest value.
  guard let most = counts.max(), most > 0, let rank = counts.firstIndex(of: most) else {
    return nil
  }
  return ranks.ofRows.firstIndex(of: rank)
}
