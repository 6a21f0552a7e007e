// Converts columns of dates to numbers for a network.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// A number derived from a date.
  public enum DatePart: String, Sendable, CaseIterable {
    /// The year, the month from 1, the day of the month from 1.
    case year, month, day
    /// The hour, the minute, and the second with its fraction.
    case hour, minute, second
    /// The day of the week, 1 for Monday to 7 for Sunday, and of the year, from 1.
    case weekday, dayOfYear
    /// The time since the start of 1970.
    case daysSince1970, secondsSince1970

    fileprivate func value(of date: DateTime) -> Double {
      switch self {
      case .year: Double(date.year)
      case .month: Double(date.month)
      case .day: Double(date.day)
      case .hour: Double(date.hour)
      case .minute: Double(date.minute)
      case .second: date.second
      case .weekday: Double(date.weekday)
      case .dayOfYear: Double(date.dayOfYear)
      case .daysSince1970: Double(date.daysSince1970) + date.secondOfDay / 86400
      case .secondsSince1970: date.secondsSince1970
      }
    }
  }

  /// The dates of a column of text, or of numbers such as 20241231; nil where a cell is missing.
  ///
  /// Stops if a cell is not a date, and names its row; `DateTime(_:order:)` lists the formats.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - order: whether day or month comes first in `01/02/2024`.
  /// - Returns: a date for each row.
  public func dates(_ name: String, order: DateTime.Order = .dayFirst) -> [DateTime?] {
    let texts =
      switch column(name) {
      case .texts(let texts): texts
      case .integers(let integers): integers.map(String.init)
      case .numbers(let numbers): numbers.map { $0.isNaN ? "" : csvText($0) }
      }
    return texts.enumerated().map { row, text in
      if text.isEmpty { return nil }
      guard let date = DateTime(text, order: order) else {
        fail(
          "dates: column \"\(name)\" has \(text.debugDescription) in row \(row), expected a date such as "
            + "2024-12-31, 31.12.2024 or 12/31/2024 14:30")
      }
      return date
    }
  }

  /// Replaces a column of dates by columns of numbers.
  ///
  /// For example, `expandingDate("sold", into: .year, .month)` adds the columns `sold_year` and
  /// `sold_month`.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - parts: the numbers to derive from each date; NaN where a date is missing.
  ///   - order: whether day or month comes first in `01/02/2024`.
  /// - Returns: the table with one column per part in place of the dates.
  public func expandingDate(
    _ name: String, into parts: DatePart..., order: DateTime.Order = .dayFirst
  ) -> Table {
    let dates = dates(name, order: order)
    return replacing([position(of: name)]) { _ in
      parts.map { part in
        ("\(name)_\(part.rawValue)", .numbers(dates.map { $0.map(part.value) ?? .nan }))
      }
    }
  }
}
