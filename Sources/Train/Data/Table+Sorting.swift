// The order of rows by one or several columns.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// A column that decides about the order of rows, and the direction; a text alone means ascending.
  public struct SortKey: Equatable, Sendable, ExpressibleByStringLiteral {
    let name: String
    let isDescending: Bool

    /// The column of that name in ascending order.
    public init(stringLiteral name: String) { self = .ascending(name) }

    /// Small numbers and early texts first.
    public static func ascending(_ name: String) -> SortKey {
      SortKey(name: name, isDescending: false)
    }

    /// Large numbers and late texts first.
    public static func descending(_ name: String) -> SortKey {
      SortKey(name: name, isDescending: true)
    }

    private init(name: String, isDescending: Bool) {
      self.name = name
      self.isDescending = isDescending
    }
  }

  /// The rows in the order of some columns: `sorted(by: "city", .descending("price"))`.
  ///
  /// Rows that are equal in these columns keep their order. Texts are compared by their bytes, as in
  /// pandas, so that capital letters come before small ones; missing cells come last in either direction.
  ///
  /// - Parameter keys: the columns, the first one deciding; at least one.
  /// - Returns: the table in that order.
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
