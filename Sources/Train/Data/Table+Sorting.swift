// Sorting rows by one or more columns.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// A column to sort by, and the direction; a string literal means ascending.
  public struct SortKey: Equatable, Sendable, ExpressibleByStringLiteral {
    let name: String
    let isDescending: Bool

    /// The column of that name in ascending order.
    public init(stringLiteral name: String) { self = .ascending(name) }

    /// Ascending: the smallest number or first text comes first.
    public static func ascending(_ name: String) -> SortKey {
      SortKey(name: name, isDescending: false)
    }

    /// Descending: the largest number or last text comes first.
    public static func descending(_ name: String) -> SortKey {
      SortKey(name: name, isDescending: true)
    }

    private init(name: String, isDescending: Bool) {
      self.name = name
      self.isDescending = isDescending
    }
  }

  /// Sorts the rows by columns, as in `sorted(by: "city", .descending("price"))`.
  ///
  /// Rows that are equal in these columns keep their order. As in pandas, texts are compared by
  /// their bytes, so capital letters come before lower-case letters. Missing cells come last in
  /// either direction.
  ///
  /// - Parameter keys: at least one column; earlier ones take precedence.
  /// - Returns: the sorted table.
  public func sorted(by keys: SortKey...) -> Table {
    require(!keys.isEmpty, "sorted: expected at least one column that decides about the order")
    let places = keys.map { key in
      let ranks = column(key.name).ranks
      guard key.isDescending else { return ranks.ofRows }
      return ranks.ofRows.map { $0 == ranks.missing ? ranks.count : ranks.count - 1 - $0 }
    }
    let order = (0..<rowCount).sorted { a, b in
      for place in places where place[a] != place[b] { return place[a] < place[b] }
      return false
    }
    return rows(order)
  }
}
