// Numbers that describe a column: what `describe`, groups and fillings compute. Missing numbers do not
// count, as in pandas.

import ArrayFiles
import Tensor

/// A number that describes several others, without the missing ones.
public enum Statistic: String, Sendable, CaseIterable {
  /// How many numbers there are.
  case count
  /// Their sum; 0 if there are none.
  case sum
  /// Their mean; NaN if there are none.
  case mean
  /// The standard deviation of a sample, with one less than the count below; NaN if there are less than two.
  case standardDeviation = "std"
  /// The smallest; NaN if there are none.
  case min
  /// The number that half of the others are below; NaN if there are none.
  case median
  /// The largest; NaN if there are none.
  case max

  /// The number that describes those that are not NaN.
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
  /// Count, mean, standard deviation, quartiles, smallest and largest of every column of numbers: pandas's
  /// `describe`.
  ///
  /// - Returns: a column `statistic` with the names of the rows, then the columns of numbers.
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

  /// How often each value of a column occurs, the most frequent one first: pandas's `value_counts`.
  ///
  /// - Parameter name: the column; missing cells do not count.
  /// - Returns: the column's different values and a column `count`; equally frequent ones in ascending
  ///   order.
  public func valueCounts(_ name: String) -> Table {
    let groups = selecting(name).droppingMissing().grouped(by: name)
    return groups.count().sorted(by: .descending(groups.countName))
  }
}

extension CSVColumn {
  /// The cells as `Double`, nil if they are text.
  var asNumbers: [Double]? {
    switch self {
    case .numbers(let numbers): numbers
    case .integers(let integers): integers.map { Double($0) }
    case .texts: nil
    }
  }
}
