// Groups of rows that are equal in some columns, and statistics of each group: pandas's `groupby`.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// Groups the rows that are equal in some columns.
  ///
  /// ```swift
  /// homes.grouped(by: "city").mean("price", "area")         // city, price, area
  /// homes.grouped(by: "city").computing(("price", .min), ("price", .max), ("area", .mean))
  /// for (key, rows) in homes.grouped(by: "city") { … }
  /// ```
  /// Groups are in ascending order of these columns. Rows in which one of them is missing form
  /// separate groups at the end; `droppingMissing(in:)` removes them.
  public func grouped(by names: String...) -> GroupedTable { GroupedTable(self, by: names) }
}

/// A table with grouped rows; a sequence of the groups' keys and rows.
public struct GroupedTable: Sendable, Sequence {
  /// The columns that define the groups, one row per group.
  public let keys: Table
  /// The positions of each group's rows, in order.
  public let rows: [[Int]]
  private let table: Table

  init(_ table: Table, by names: [String]) {
    let ranks = table.ranks(of: names)
    var rows = [[Int]](repeating: [], count: ranks.count)
    for (row, rank) in ranks.ofRows.enumerated() { rows[rank].append(row) }
    self.table = table
    self.rows = rows
    keys = table.selecting(names).rows(rows.map { $0[0] })
  }

  /// Computes statistics of columns for each group.
  ///
  /// - Parameter computed: numeric columns and the statistic to compute of each; missing numbers
  ///   are ignored.
  /// - Returns: the keys, followed by a column for each pair, named after its column or, if a
  ///   column occurs twice, `price_min` and `price_max`.
  public func computing(_ computed: (column: String, statistic: Statistic)...) -> Table {
    computing(computed)
  }

  private func computing(_ computed: [(column: String, statistic: Statistic)]) -> Table {
    var result = keys
    for (name, statistic) in computed {
      guard let numbers = table.column(name).asNumbers else {
        fail("computing: column \"\(name)\" is text, which has no \(statistic.rawValue)")
      }
      let isAlone = computed.count { $0.column == name } == 1 && !keys.columnNames.contains(name)
      let title = isAlone ? name : "\(name)_\(statistic.rawValue)"
      require(
        !result.columnNames.contains(title), "computing: there are two columns \"\(title)\"")
      result[title] = rows.map { rows in statistic.value(of: rows.map { numbers[$0] }) }
    }
    return result
  }

  /// The number of rows in each group, in a column `count` after the keys.
  public func count() -> Table {
    var result = keys
    result[countName] = rows.map { Double($0.count) }
    return result
  }

  /// The name of the column of counts: `count`, or `count.1` if that is a key.
  var countName: String { keys.columnNames.contains("count") ? "count.1" : "count" }

  /// The sums of the named columns for each group; by default of all numeric columns.
  public func sum(_ names: String...) -> Table { computing(.sum, names) }

  /// The means of the named columns for each group; by default of all numeric columns.
  public func mean(_ names: String...) -> Table { computing(.mean, names) }

  /// The minima of the named columns for each group; by default of all numeric columns.
  public func min(_ names: String...) -> Table { computing(.min, names) }

  /// The maxima of the named columns for each group; by default of all numeric columns.
  public func max(_ names: String...) -> Table { computing(.max, names) }

  private func computing(_ statistic: Statistic, _ names: [String]) -> Table {
    let all = table.columnNames.filter {
      !keys.columnNames.contains($0) && table.column($0).asNumbers != nil
    }
    return computing((names.isEmpty ? all : names).map { (column: $0, statistic: statistic) })
  }

  /// Iterates over the groups in order, each with a row of its keys and a table of its rows.
  public func makeIterator() -> AnyIterator<(key: Table.Row, rows: Table)> {
    var next = 0
    return AnyIterator {
      guard next < rows.count else { return nil }
      defer { next += 1 }
      return (Table.Row(table: keys, index: next), table.rows(rows[next]))
    }
  }
}
