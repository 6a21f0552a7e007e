// Dates and times: parsed from the formats found in tables, and converted to numbers for a network.
// Table+Dates.swift applies this to whole columns.

/// A date of the Gregorian calendar with a time of day, in UTC or the time zone of the table.
///
/// ```swift
/// DateTime("2024-02-29T12:30:00Z")?.secondsSince1970       // 1709209800.0
/// DateTime("29.2.2024")?.weekday                           // 4, a Thursday
/// ```
public struct DateTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The days since 1 January 1970, negative before.
  public let daysSince1970: Int
  /// The seconds since midnight, 0..<86400.
  public let secondOfDay: Double

  /// The order of day and month if both are numbers and the year comes last.
  public enum Order: Sendable {
    /// As in `31/12/2024`.
    case dayFirst
    /// As in `12/31/2024`.
    case monthFirst
  }

  /// A date; nil if it does not exist, such as 30 February.
  public init?(year: Int, month: Int, day: Int, secondOfDay: Double = 0) {
    guard -999_999...999_999 ~= year, 1...12 ~= month, day >= 1, 0..<86400 ~= secondOfDay,
      day <= daysOfMonth(month, year: year)
    else { return nil }
    daysSince1970 = days(year: year, month: month, day: day)
    self.secondOfDay = secondOfDay
  }

  /// A point in time; nil if it is more than 999 999 years away, or not a number.
  public init?(secondsSince1970 seconds: Double) {
    guard abs(seconds) < 3.0e13 else { return nil }
    let days = (seconds / 86400).rounded(.down)
    // Rounding may turn the rest into a whole day.
    daysSince1970 = Int(days)
    secondOfDay = min(max(0, seconds - days * 86400), 86399.999_999_999_99)
  }

  /// Parses a date with an optional time; nil if the text is in none of the formats.
  ///
  /// - Parameters:
  ///   - text: the text in one of these formats; surrounding blanks are ignored:
  ///     - `2024-12-31`, `2024/12/31`, `20241231`,
  ///     - `31.12.2024`, `31/12/2024` or `31-12-2024` (or month first, according to `order`),
  ///     - `31 Dec 2024`, `31-Dec-2024`, `Dec 31, 2024`, with English months, in full or three
  ///       letters;
  ///     - then optionally, after a blank, a comma or `T`, a time: `23:59`, `23:59:59` or
  ///       `23:59:59.5`, followed by `AM` or `PM`, and by `Z` or an offset such as `+01:00`, which
  ///       is subtracted.
  ///   - order: which comes first if both numbers could be the month; with dots it is always the
  ///     day.
  public init?(_ text: String, order: Order = .dayFirst) {
    var scanner = Scanner(text)
    guard let (year, month, day) = scanner.date(order), let time = scanner.time(),
      scanner.isAtEnd, let date = DateTime(year: year, month: month, day: day)
    else { return nil }
    let seconds = time.seconds - time.offset
    let shift = (seconds / 86400).rounded(.down)
    daysSince1970 = date.daysSince1970 + Int(shift)
    secondOfDay = seconds - shift * 86400
  }
}

// MARK: - Parts

extension DateTime {
  /// The seconds since the start of 1970.
  public var secondsSince1970: Double { Double(daysSince1970) * 86400 + secondOfDay }
  /// The year.
  public var year: Int { civil(daysSince1970).year }
  /// The month, 1...12.
  public var month: Int { civil(daysSince1970).month }
  /// The day of the month, 1...31.
  public var day: Int { civil(daysSince1970).day }
  /// The hour, 0..<24.
  public var hour: Int { Int(secondOfDay) / 3600 }
  /// The minute, 0..<60.
  public var minute: Int { Int(secondOfDay) / 60 % 60 }
  /// The second with its fraction, 0..<60.
  public var second: Double { secondOfDay - Double(Int(secondOfDay) / 60 * 60) }
  /// The day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
  public var weekday: Int { ((daysSince1970 + 3) % 7 + 7) % 7 + 1 }
  /// The day of the year, 1...366.
  public var dayOfYear: Int { daysSince1970 - days(year: year, month: 1, day: 1) + 1 }

  /// Whether `a` is earlier than `b`.
  public static func < (a: DateTime, b: DateTime) -> Bool {
    (a.daysSince1970, a.secondOfDay) < (b.daysSince1970, b.secondOfDay)
  }

  /// The ISO 8601 form, `2024-02-29` or `2024-02-29T12:30:00`.
  public var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number.magnitude)
      return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
        + digits
    }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    if secondOfDay == 0 { return date }
    let fraction = second - second.rounded(.down)
    return date + "T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(Int(second), 2))"
      + (fraction == 0 ? "" : String(fraction.description.dropFirst()))
  }
}

// MARK: - The calendar

/// The days since 1 January 1970.
///
/// Here years start in March, so that the leap day is the last day. The number of days before month
/// m, counted from March, is then ⌊(153 m + 2) / 5⌋, and 400 years have 146 097 days.
private func days(year: Int, month: Int, day: Int) -> Int {
  let year = month > 2 ? year : year - 1
  let era = (year >= 0 ? year : year - 399) / 400
  let yearOfEra = year - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/// The date of a day counted from 1 January 1970: the inverse of `days(year:month:day:)`.
private func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
  let days = days + 719_468
  let era = (days >= 0 ? days : days - 146_096) / 146_097
  let dayOfEra = days - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let month = (5 * dayOfYear + 2) / 153
  let year = yearOfEra + era * 400 + (month > 9 ? 1 : 0)
  return (year, month > 9 ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1)
}

private func daysOfMonth(_ month: Int, year: Int) -> Int {
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
}

private let monthNames: [[UInt8]] = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
  "november", "december",
].map { Array($0.utf8) }

// MARK: - Parsing

/// Parses the parts of a text from left to right.
private struct Scanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
    skipBlanks()
  }

  /// Whether only blanks remain.
  var isAtEnd: Bool {
    var rest = self
    rest.skipBlanks()
    return rest.position == bytes.count
  }

  mutating func date(_ order: DateTime.Order) -> (year: Int, month: Int, day: Int)? {
    if let month = month() {  // Dec 31, 2024
      guard skip(" "), let day = number(digits: 1...2) else { return nil }
      _ = skip(",")
      guard skip(" "), let year = number(digits: 4...4) else { return nil }
      return (year, month, day)
    }
    let start = position
    if let year = number(digits: 4...4) {
      if let mark = separator("-/."), let month = number(digits: 1...2), skip(mark),
        let day = number(digits: 1...2)
      {
        return (year, month, day)
      }
      return nil
    }
    position = start
    if let whole = number(digits: 8...8) {
      return (whole / 10_000, whole / 100 % 100, whole % 100)
    }
    position = start
    guard let first = number(digits: 1...2), let mark = separator("./- ") else { return nil }
    if let month = month() {  // 31 Dec 2024
      guard skip(mark), let year = number(digits: 4...4) else { return nil }
      return (year, month, first)
    }
    guard mark != " ", let second = number(digits: 1...2), skip(mark),
      let year = number(digits: 4...4)
    else { return nil }
    let isDayFirst = mark == "." || order == .dayFirst && second <= 12 || first > 12
    return isDayFirst ? (year, second, first) : (year, first, second)
  }

  /// The seconds of a time and its zone's offset; zeros if there is no time, nil if it is invalid.
  mutating func time() -> (seconds: Double, offset: Double)? {
    if isAtEnd { return (0, 0) }
    guard skip("T") || skip(",") || skip(" ") else { return nil }
    skipBlanks()
    guard var hour = number(digits: 1...2), skip(":"), let minute = number(digits: 2...2),
      hour < 24, minute < 60
    else { return nil }
    var seconds = 0.0
    if skip(":") {
      guard let whole = number(digits: 2...2), whole < 60 else { return nil }
      seconds = Double(whole)
      if skip(".") || skip(",") {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let fraction = Double("0." + digits + "0") else { return nil }
        seconds += fraction
      }
    }
    skipBlanks()
    if let half = half() {
      guard 1...12 ~= hour else { return nil }
      hour = hour % 12 + half
    }
    seconds += Double(hour * 3600 + minute * 60)
    guard let offset = zone() else { return nil }
    return (seconds, offset)
  }

  /// 0 for `AM` and 12 for `PM`.
  private mutating func half() -> Int? {
    for (word, hours) in [("am", 0), ("pm", 12)] where skip(word: Array(word.utf8)) { return hours }
    return nil
  }

  /// The seconds by which a time zone is ahead of UTC.
  private mutating func zone() -> Double? {
    if skip("Z") || isAtEnd { return 0 }
    guard let sign = separator("+-") else { return nil }
    let (hour, minute): (Int, Int)
    if let both = number(digits: 4...4) {
      (hour, minute) = (both / 100, both % 100)
    } else {
      guard let first = number(digits: 2...2) else { return nil }
      _ = skip(":")
      (hour, minute) = (first, number(digits: 2...2) ?? 0)
    }
    guard hour < 24, minute < 60 else { return nil }
    return Double(hour * 3600 + minute * 60) * (sign == "-" ? -1 : 1)
  }

  private mutating func month() -> Int? {
    for (index, name) in monthNames.enumerated()
    where skip(word: name) || skip(word: Array(name[..<3])) {
      _ = skip(".")
      return index + 1
    }
    return nil
  }

  /// Skips a word, ignoring case, if no other letter follows.
  private mutating func skip(word: [UInt8]) -> Bool {
    let end = position + word.count
    guard end <= bytes.count, zip(bytes[position..<end], word).allSatisfy({ $0 | 0x20 == $1 }),
      end == bytes.count || !(97...122 ~= bytes[end] | 0x20)
    else { return false }
    position = end
    return true
  }

  /// A number, if the number of digits that follow lies in the range.
  private mutating func number(digits: ClosedRange<Int>) -> Int? {
    let run = bytes[position...].prefix { $0 &- 48 < 10 }
    guard digits ~= run.count else { return nil }
    position = run.endIndex
    return run.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  private mutating func separator(_ marks: String) -> Character? {
    marks.first { skip($0) }
  }

  private mutating func skip(_ mark: Character) -> Bool {
    guard position < bytes.count, bytes[position] == mark.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
  }
}
