import Testing
import Train

@Suite("A date and a time")
struct DateTimeTests {
  // datetime.fromisoformat(…), strptime for the others
  @Test(
    "are read in the forms that tables have",
    arguments: [
      ("2024-12-31", "2024-12-31"), (" 2024/12/31 ", "2024-12-31"), ("20241231", "2024-12-31"),
      ("2024-1-5", "2024-01-05"), ("31.12.2024", "2024-12-31"), ("31/12/2024", "2024-12-31"),
      ("1-2-2024", "2024-02-01"), ("12/31/2024", "2024-12-31"), ("31 Dec 2024", "2024-12-31"),
      ("31-dec-2024", "2024-12-31"), ("31 DECEMBER 2024", "2024-12-31"),
      ("Dec 31, 2024", "2024-12-31"), ("May 1 2024", "2024-05-01"), ("Sept 1 2024", nil),
      ("2024-12-31T23:59", "2024-12-31T23:59:00"), ("2024-12-31 23:59:58", "2024-12-31T23:59:58"),
      ("2024-12-31T23:59:58.25Z", "2024-12-31T23:59:58.25"),
      ("2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00"),
      ("2024-01-01T00:30+0100", "2023-12-31T23:30:00"),
      ("1/2/2024, 1:05 pm", "2024-02-01T13:05:00"),
      ("1.2.2024 12:05 AM", "2024-02-01T00:05:00"), ("1.2.2024 12:05:06PM", "2024-02-01T12:05:06"),
      ("2024-02-30", nil), ("2023-02-29", nil), ("2000-02-29", "2000-02-29"), ("1900-02-29", nil),
      ("2024-13-01", nil), ("2024-00-01", nil), ("2024-01-00", nil), ("32.1.2024", nil),
      ("13.13.2024", nil), ("", nil), ("2024", nil), ("2024-12", nil), ("2024-12-31x", nil),
      ("2024-12-31T24:00", nil), ("2024-12-31T23:60", nil), ("2024-12-31T", nil),
      ("1.2.24", nil), ("2024-12/31", nil), ("13:00 pm", nil), ("1.1.2024 13:00 pm", nil),
      ("2024-12-31T23:59:60Z", nil), ("٢٠٢٤-١٢-٣١", nil), ("999999999999-01-01", nil),
    ] as [(String, String?)])
  func forms(text: String, expected: String?) {
    #expect(DateTime(text)?.description == expected)
  }

  @Test("with the month first, unless it cannot be one")
  func order() {
    #expect(DateTime("1/2/2024", order: .monthFirst)?.description == "2024-01-02")
    #expect(DateTime("13/2/2024", order: .monthFirst)?.description == "2024-02-13")
    #expect(DateTime("1.2.2024", order: .monthFirst)?.description == "2024-02-01")
  }

  @Test("of every day of 1,200 years are there and back, one after the other")
  func calendar() throws {
    var day = try #require(DateTime(year: 1400, month: 1, day: 1)).daysSince1970
    #expect(day == -208_188)  // datetime.date(1400, 1, 1) - datetime.date(1970, 1, 1)
    var (wrong, weekday) = (0, DateTime(year: 1400, month: 1, day: 1)?.weekday ?? 0)
    #expect(weekday == 3)
    for year in 1400..<2600 {
      for month in 1...12 {
        for date in 1...31 {
          guard let found = DateTime(year: year, month: month, day: date) else { continue }
          if found.daysSince1970 != day || found.year != year || found.month != month
            || found.day != date || found.weekday != weekday
          {
            wrong += 1
          }
          (day, weekday) = (day + 1, weekday % 7 + 1)
        }
      }
    }
    #expect(wrong == 0 && day == 230_103)  // datetime.date(2600, 1, 1) - …
  }

  @Test("are made of seconds, and compared")
  func seconds() {
    #expect(DateTime(secondsSince1970: -1)?.description == "1969-12-31T23:59:59")
    #expect(DateTime(secondsSince1970: 1_709_209_800)?.description == "2024-02-29T12:30:00")
    #expect(DateTime(secondsSince1970: .nan) == nil && DateTime(secondsSince1970: 1e300) == nil)
    #expect(DateTime(secondsSince1970: -1e-300)?.secondOfDay ?? 90_000 < 86_400)
    let (a, b) = (DateTime("2024-01-01"), DateTime("2024-01-01T00:00:01"))
    #expect(a.map { a in b.map { a < $0 } ?? false } == true && a != b)
    #expect(b?.secondsSince1970 == 1_704_067_201)
  }
}
