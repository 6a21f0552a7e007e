// What pandas and scikit-learn compute of a small table; make_tables.py has the calls.

import ArrayFiles
import TestSupport
import Testing
import Train

@Suite("What pandas and scikit-learn compute of a table")
struct TableOracleTests {
  private let homes: Table
  private let numbers: Tensor<Double>

  init() throws {
    homes = try golden("homes")
    numbers = homes.dropping("city").tensor()
  }

  @Test("groups and their statistics")
  func grouping() throws {
    let byCity = homes.grouped(by: "city")
    expectEqual(byCity.mean(), try golden("mean by city"))
    expectEqual(byCity.sum(), try golden("sum by city"))
    expectEqual(byCity.min("rooms", "price", "area"), try golden("min by city"))
    expectEqual(byCity.max(), try golden("max by city"))
    expectEqual(byCity.count(), try golden("count by city"))
    expectEqual(
      byCity.computing(("price", .standardDeviation), ("price", .median), ("area", .count)),
      try golden("several by city"))
    expectEqual(
      homes.grouped(by: "rooms", "city").mean("price"), try golden("mean by rooms and city"))
  }

  @Test("descriptions and counts")
  func describing() throws {
    expectEqual(homes.describe(), try golden("described"))
    expectEqual(homes.valueCounts("city"), try golden("counts"))
  }

  @Test("the order of rows")
  func sorting() throws {
    expectEqual(homes.sorted(by: "city", .descending("price")), try golden("sorted"))
    expectEqual(homes.sorted(by: .descending("area")), try golden("sorted by area, descending"))
  }

  @Test("joined tables")
  func joining() throws {
    let places = try golden("places")
    expectEqual(homes.joined(with: places, on: "city"), try golden("inner join"))
    expectEqual(homes.joined(with: places, on: "city", keeping: .left), try golden("left join"))
  }

  @Test("classes of texts as numbers")
  func encoding() throws {
    expectEqual(
      homes.oneHotEncoding("city").dropping("rooms", "price", "area"), try golden("one-hot"))
    expectEqual(
      homes.encoding("city").selecting("city"), try golden("labels"))
  }

  @Test("what is filled in for missing numbers, and rows without them")
  func filling() throws {
    let table = homes.dropping("city")
    expectEqual(table.fillingMissing(with: .mean), try golden("filled with means"))
    expectEqual(table.fillingMissing(with: .median), try golden("filled with medians"))
    expectEqual(
      table.fillingMissing(with: .mostFrequent), try golden("filled with the most frequent"))
    expectEqual(table.fillingMissing(with: .previous), try golden("filled from above"))
    expectEqual(homes.droppingMissing(), try golden("without missing"))
  }

  @Test("scaled and imputed columns, missing numbers not measured")
  func scaling() throws {
    func expect(_ x: Tensor<Double>, _ name: String) throws {
      expectEqual(Table(x, names: ["rooms", "price", "area"]), try golden(name))
    }
    let standardizer = Standardizer(fitting: numbers)
    try expect(standardizer(numbers), "standardized")
    try expect(MinMaxScaler(fitting: numbers)(numbers), "min-max")
    try expect(RobustScaler(fitting: numbers)(numbers), "robust")
    try expect(Imputer(fitting: numbers)(numbers), "imputed means")
    try expect(Imputer(fitting: numbers, with: .median)(numbers), "imputed medians")
    try expect(Imputer(fitting: numbers, with: .mostFrequent)(numbers), "imputed frequent")
    let back = standardizer.inverse(standardizer(numbers))
    expectEqual(
      Table(back, names: ["a", "b", "c"]), Table(numbers, names: ["a", "b", "c"]), relative: 1e-9)
  }

  @Test("dates and their parts")
  func dates() throws {
    let expected = try golden("dates")
    let table = expected.selecting("text").expandingDate(
      "text", into: .secondsSince1970, .year, .month, .day, .hour, .minute, .weekday, .dayOfYear,
      order: .monthFirst)
    let names = expected.columnNames.dropFirst()
    for (name, column) in zip(names, table.columns) {
      #expect(column == expected.column(name), "\(name)")
    }
  }
}
