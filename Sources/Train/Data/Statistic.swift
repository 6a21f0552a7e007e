// Statistics of columns, for `describe`, grouping and filling. As in pandas, missing numbers are
// ignored.

import ArrayFiles
import Tensor

/// A statistic of several numbers, ignoring missing ones.
public enum Statistic: String, Sendable, CaseIterable {
  /// The number of values.
  case count
  /// Their sum; 0 if there are none.
  case sum
  /// Their mean; NaN if there are none.
  case mean
  /// The sample standard deviation, divided by the count minus one; NaN for fewer than two values.
  case standardDeviation = "std"
  /// The minimum; NaN if there are none.
  case min
  /// The median; NaN if there are none.
  case median
  /// The maximum; NaN if there are none.
  case max

  /// The statistic of the numbers that are not NaN.
  public func value(of numbers: [Double]) -> Double {
    let present = numbers.filter { !$0.isNaN }
    if self == .count { return Double(present.count) }
    if self == .sum { return present.isEmpty ? 0 : Tensor(present).sum() }
    if present.isEmpty || self == .standardDeviation && present.count < 2 { return .nan }
    return switch self {
    case .mean: Tensor(present).mean()
    case .standardDeviation: Tensor(present).standardDeviation(correction: 1)
    case .min: Tensor(present).min()
    case .max: Tensor(present).max()
    default: Tensor(present).median()
    }
  }
}

extension Table {
  /// The count, mean, standard deviation, quartiles, minimum and maximum of each column (pandas's
  /// `describe`).
  ///
  /// - Returns: a column `statistic` with the names of the rows, then the numeric columns.
  public func describe() -> Table {
    var result = Table([
      "statistic": .texts(["count", "mean", "std", "min", "25%", "50%", "75%", "max"])
    ])
    for (name, column) in zip(columnNames, columns) {
      guard let numbers = column.asNumbers else { continue }
      let present = numbers.filter { !$0.isNaN }
      let quartiles =
        present.isEmpty
        ? [Double](repeating: .nan, count: 5)
        : Tensor(present).quantiles([0, 0.25, 0.5, 0.75, 1], axis: 0).elements
      let moments = [Statistic.count, .mean, .standardDeviation].map { $0.value(of: present) }
      result[name == "statistic" ? "statistic.1" : name] = moments + quartiles
    }
    return result
  }

  /// How often each value of a column occurs, most frequent first (pandas's `value_counts`).
  ///
  /// - Parameter name: the column; missing cells are ignored.
  /// - Returns: the column's distinct values and a column `count`; ties are in ascending order.
  public func valueCounts(_ name: String) -> Table {
    let groups = selecting(name).droppingMissing().grouped(by: name)
    return groups.count().sorted(by: .descending(groups.countName))
  }
}

extension CSVColumn {
  /// The cells as `Double`; nil if they are text.
  var asNumbers: [Double]? {
    switch self {
    case .numbers(let numbers): numbers
    case .integers(let integers): integers.map { Double($0) }
    case .texts: nil
    }
  }
}
