// Columns of dates as numbers that a network can use.

import ArrayFiles
import Layers
import Tensor

extension Table {
  /// A number that is made of a date.
  public enum DatePart: String, Sendable, CaseIterable {
    /// The year, the month from 1, the day of the month from 1.
    case year, month, day
    /// The hour, the minute, and the second with its fraction.
    case hour, minute, second
    /// The day of the week, 1 for Monday to 7 for Sunday, and of the year, from 1.
    case weekday, dayOfYear
    /// The time since the beginning of 1970.
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
  /// Stops for a cell that is no date, and tells its row; `DateTime(_:order:)` lists the forms.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - order: what comes first in `01/02/2024`.
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

  /// The table with numbers in place of a column of dates: `expandingDate("sold", into: .year, .month)`
  /// has the columns `sold_year` and `sold_month`.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - parts: what is made of each date; NaN where a date is missing.
  ///   - order: what comes first in `01/02/2024`.
  /// - Returns: the table with a column for each part where the dates were.
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
