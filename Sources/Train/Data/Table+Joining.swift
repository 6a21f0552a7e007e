// Joins two tables on columns that both have: pandas's `merge`.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// Which rows a join keeps.
  public enum Join: Sendable {
    /// Only rows with a match in the other table.
    case inner
    /// All rows of the first table; without a match, the cells of the other table are missing.
    case left
  }

  /// Adds the columns of another table, from the rows with the same key.
  ///
  /// ```swift
  /// orders.joined(with: customers, on: "customer", keeping: .left)
  /// ```
  /// A row with several matches is repeated for each of them, in their order. A missing key has no
  /// match.
  ///
  /// - Parameters:
  ///   - other: the other table.
  ///   - names: the columns that both tables have and that must be equal.
  ///   - join: whether to keep rows without a match.
  /// - Returns: the joined table, in the order of this one; a column of the other table whose name
  ///   is taken is called `name_2`.
  public func joined(with other: Table, on names: String..., keeping join: Join = .inner) -> Table {
    // Both tables are ranked together, so that equal keys have equal ranks.
    let keys = selecting(names).appending(rowsOf: other.selecting(names))
    let ranks = keys.ranks(of: names)
    let incomplete = Set(names.flatMap { keys.column($0).missingRows })
    var partners = [[Int]](repeating: [], count: ranks.count)
    for row in 0..<other.rowCount where !incomplete.contains(rowCount + row) {
      partners[ranks.ofRows[rowCount + row]].append(row)
    }
    var ours: [Int] = []
    var theirs: [Int?] = []
    for row in 0..<rowCount {
      let found = incomplete.contains(row) ? [] : partners[ranks.ofRows[row]]
      ours += found.map { _ in row }
      theirs += found
      if found.isEmpty, join == .left {
        ours.append(row)
        theirs.append(nil)
      }
    }
    let left = rows(ours)
    let right = other.dropping(names)
    let rightNames = right.columnNames.map { name in
      columnNames.position(ofName: name) == nil ? name : name + "_2"
    }
    return Table(
      names: left.columnNames + rightNames,
      columns: left.columns + right.columns.map { $0.rows(theirs) })
  }
}

extension CSVColumn {
  /// The cells at the given positions; missing where a position is nil.
  fileprivate func rows(_ positions: [Int?]) -> CSVColumn {
    switch self {
    case .numbers(let numbers): .numbers(positions.map { $0.map { numbers[$0] } ?? .nan })
    case .texts(let texts): .texts(positions.map { $0.map { texts[$0] } ?? "" })
    case .integers(let integers):
      positions.contains(nil)
        ? .texts(positions.map { $0.map { String(integers[$0]) } ?? "" })
        : .integers(positions.compactMap { $0.map { integers[$0] } })
    }
  }
}
