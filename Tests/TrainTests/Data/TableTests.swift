import ArrayFiles
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the data sets lie, or nil.
private let dataFolder: String? = {
  let folder = getenv("WENGERT_DATA").map { String(cString: $0) } ?? "../shared/datasets"
  return isReadable("\(folder)/grokking/Hyderabad.csv") ? "\(folder)/grokking" : nil
}()

/// Calls `body` with the path of a file that may be there, and removes it afterwards.
private func withFile(_ content: String? = nil, _ body: (String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    if let content { try writeFile(Array(content.utf8), to: "\(folder)/table.csv") }
    try body("\(folder)/table.csv")
  }
}

/// Three homes in two places.
private func homes() -> Table {
  Table([
    "price": .numbers([100, 250.5, 80]), "place": .texts(["Ulm", "Bonn, Beuel", "Ulm"]),
    "area": .numbers([40, 95, 31]),
  ])
}

@Suite("A table")
struct TableTests {
  @Test("is read from a file, with a header or without, and with any separator")
  func reading() throws {
    try withFile("price,place,area\n100,Ulm,40\n250.5,\"Bonn, Beuel\",95\n80,Ulm,31\n") { path in
      let table = try Table(contentsOf: path)
      #expect(table == homes())
      #expect(table.columnNames == ["price", "place", "area"] && table.rowCount == 3)
      #expect(table["price"] == [100, 250.5, 80])
      #expect(table[text: "place"] == ["Ulm", "Bonn, Beuel", "Ulm"])
    }
    try withFile("1;2\r\n3;4\r\n") { path in
      let table = try Table(contentsOf: path, header: false, separator: ";")
      #expect(table == Table(["0": .numbers([1, 3]), "1": .numbers([2, 4])]))
    }
    try withFile("a\tb\n1\t\n") { path in
      let table = try Table(contentsOf: path, separator: "\t")
      #expect(table["a"] == [1] && table["b"][0].isNaN)
    }
  }

  @Test("that is damaged names the file and the line")
  func damaged() throws {
    try withFile("a,b\n1,2\n3\n") { path in
      let error = #expect(throws: FileError.self) { try Table(contentsOf: path) }
      #expect(error?.description == "\(path), line 3: expected 2 cells, got 1")
    }
    try withFile { path in
      let error = #expect(throws: FileError.self) { try Table(contentsOf: path) }
      #expect(error?.description.hasPrefix("\(path): cannot open") == true)
    }
  }

  @Test("gives columns and rows by name and position")
  func choosing() {
    let table = homes()
    #expect(table.dropping("place").columnNames == ["price", "area"])
    #expect(table.selecting("area", "price").columnNames == ["area", "price"])
    #expect(table.selecting("area", "price")["price"] == table["price"])
    #expect(table.dropping("place", "price", "area").rowCount == 3)
    #expect(table.rows(1..<3)["area"] == [95, 31])
    #expect(table.rows([2, 0, 2])[text: "place"] == ["Ulm", "Ulm", "Ulm"])
    #expect(table.rows([]).rowCount == 0 && table.rows([]).columns.count == 3)
    #expect(table.rows(table["area"].indices.filter { table["area"][$0] > 35 }).rowCount == 2)
  }

  @Test("takes new columns, in place of others or behind them, and other names")
  func changing() {
    var table = homes()
    table["price"] = table["price"].map { $0 * 2 }
    table[text: "kind"] = ["a", "b", "c"]
    table[integers: "key"] = [1, 2, .max]
    #expect(table.columnNames == ["price", "place", "area", "kind", "key"])
    #expect(table["price"] == [200, 501, 160] && table[integers: "key"][2] == .max)
    #expect(table[integers: "area"] == [40, 95, 31])
    #expect(
      table.renaming(["area": "m²", "price": "€"]).columnNames[..<3] == ["€", "place", "m²"])
    var fresh = Table([:])
    fresh["x"] = [1, 2]
    #expect(fresh == Table(["x": .numbers([1, 2])]) && fresh.rowCount == 2)
    #expect(Table(names: ["x"], columns: [.numbers([1, 2])]) == fresh)
    #expect(Table(Tensor<Float>([[1, 2], [3, 4]]), names: ["a", "b"])["b"] == [2, 4])
    #expect(Table(Tensor<Int>([1, 2]), names: ["x"]) == fresh)
  }

  @Test("is filtered by conditions on its rows")
  func filtering() {
    let found = homes().filter { $0["price"] > 90 && $0[text: "place"] == "Ulm" }
    #expect(found == homes().rows([0]))
    #expect(homes().filter { $0.index > 0 }.rowCount == 2)
    #expect(homes().filter { $0[integer: "area"] == 31 }["price"] == [80])
    #expect(homes().filter { _ in false }.rowCount == 0)
  }

  @Test("is appended to another, columns by name, and to itself")
  func appending() {
    let more = homes().selecting("area", "price", "place")
    let both = homes().appending(rowsOf: more)
    #expect(both.rowCount == 6 && both["price"] == homes()["price"] + homes()["price"])
    #expect(both.columnNames == homes().columnNames)
  }

  @Test("gives its groups one by one")
  func groups() {
    let groups = homes().grouped(by: "place")
    #expect(groups.keys[text: "place"] == ["Bonn, Beuel", "Ulm"] && groups.rows == [[1], [0, 2]])
    let found = groups.map { key, rows in (key[text: "place"], rows["area"]) }
    #expect(found.map(\.0) == ["Bonn, Beuel", "Ulm"] && found.map(\.1) == [[95], [40, 31]])
    #expect(homes().rows([]).grouped(by: "place").mean().rowCount == 0)
  }

  @Test("is filled with numbers and texts, each kind of column with its own")
  func filling() {
    let table = Table([
      "a": .numbers([.nan, 1, .nan]), "b": .texts(["x", "", "y"]),
      "c": .numbers([.nan, .nan, .nan]),
    ])
    #expect(table.missingCounts == [2, 1, 3])
    let filled = table.fillingMissing(with: 0).fillingMissing(with: "none")
    #expect(filled["a"] == [0, 1, 0] && filled[text: "b"] == ["x", "none", "y"])
    #expect(table.fillingMissing(in: "b", with: .mostFrequent)[text: "b"] == ["x", "x", "y"])
    #expect(table.fillingMissing(with: .mean)["c"].allSatisfy { $0.isNaN })
    #expect(table.fillingMissing(with: .previous)["a"].dropFirst() == [1, 1])
    #expect(table.droppingMissing(in: "a").rowCount == 1 && table.droppingMissing().rowCount == 0)
    #expect(table.replacing("x", with: "", in: "b").missingCounts == [2, 2, 3])
  }

  @Test("with keys that no Double holds keeps them, sorts and joins by them")
  func keys() throws {
    try withFile("key,x\n11007199254740993,1\n11007199254740992,2\n") { path in
      let table = try Table(contentsOf: path)
      #expect(table[integers: "key"] == [11_007_199_254_740_993, 11_007_199_254_740_992])
      #expect(table.sorted(by: "key")["x"] == [2, 1])
      let other = Table(["key": .integers([11_007_199_254_740_993]), "y": .numbers([5])])
      let joined = table.joined(with: other, on: "key", keeping: .left)
      #expect(joined["y"][0] == 5 && joined["y"][1].isNaN)
      try table.write(to: path)
      #expect(try Table(contentsOf: path) == table)
    }
  }

  @Test("with decimal commas is written and read")
  func decimalCommas() throws {
    let table = Table(["a": .numbers([0.5, -1e-9]), "b": .texts(["x,y", "1.5.x"])])
    try withFile { path in
      try table.write(to: path, separator: ";", decimalMark: ",")
      #expect(
        String(decoding: try readFile(path), as: UTF8.self) == "a;b\n0,5;x,y\n-1e-09;1.5.x\n")
      #expect(try Table(contentsOf: path, decimalMark: ",") == table)
    }
  }

  @Test("gives tensors of its numbers")
  func tensors() {
    let table = homes()
    #expect(table.tensor(of: "area", "price") == [[40, 100], [95, 250.5], [31, 80]])
    let doubles: Tensor<Double> = table.tensor(of: "price")
    #expect(doubles == [[100], [250.5], [80]])
    let all: Tensor<Double> = table.dropping("place").tensor()
    #expect(all == [[100, 40], [250.5, 95], [80, 31]])
    #expect(table.rows([]).dropping("place").tensor().shape == [0, 2])
    #expect(table.selecting([]).tensor().shape == [3, 0])
  }

  @Test("of numbers only is read straight into a tensor")
  func direct() throws {
    try withFile("a,b\n1,2\n\n-3.5,\n\n") { path in
      let numbers = try Table.readNumbers(path)
      #expect(numbers.shape == [2, 2] && numbers.isContiguous)
      #expect(numbers.elements.prefix(3) == [1, 2, -3.5] && numbers[1, 1].isNaN)
      let error = #expect(throws: FileError.self) { try Table.readNumbers(path, header: false) }
      #expect(
        error?.description == "\(path), line 1: expected a number in column \"0\", got \"a\"")
    }
    try withFile("a,b\n") { path in
      let numbers = try Table.readNumbers(path)
      #expect(numbers.shape == [0, 2])
    }
  }

  @Test("of integers, in long rows and whatever stands between them, is read right")
  func integers() throws {
    // Widths around a block of 64 bytes; cells of one to nine digits, and some that are no integers.
    for width in [7, 8, 9, 31, 32, 33, 64, 100] {
      var expected: [Float] = []
      var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
      for row in 0..<5 {
        let cells = (0..<width).map { column in
          let number =
            (row * width + column) * 7919 % [10, 1000, 100_000_000, 1_000_000_000][column % 4]
          return column * row % 11 == 7
            ? "-\(number)" : column % 13 == 5 ? "0\(number)" : "\(number)"
        }
        expected += cells.map { Float(Double($0)!) }
        text += cells.joined(separator: ",") + (row % 2 == 0 ? "\n" : "\r\n")
      }
      try withFile(text) { path in
        #expect(try Table.readNumbers(path).elements == expected)
        let chosen = try Table.readNumbers(path, columns: ["c3", "c0"])
        let places = (0..<5).flatMap { [$0 * width + 3, $0 * width] }
        #expect(chosen.elements == places.map { expected[$0] })
      }
    }
  }

  @Test("of numbers is read in pieces, and some of its columns", arguments: [1, 2, 3, 4, 7])
  func pieces(rowsAtOnce: Int) throws {
    try withFile("a,b,c\n1,x,2\n\n3,y,4\n5,\"z\n,\",6\n7,,8\n") { path in
      var sizes: [Int] = []
      var elements: [Float] = []
      try Table.readNumbers(path, columns: ["c", "a"], rowsAtOnce: rowsAtOnce) { piece in
        sizes.append(piece.shape[0])
        elements += piece.elements
      }
      #expect(elements == [2, 1, 4, 3, 6, 5, 8, 7])
      #expect(sizes == [[1, 1, 1, 1], [2, 2], [3, 1], [4], [4]][min(rowsAtOnce, 5) - 1])
      let table = try Table(contentsOf: path, columns: ["b", "a"])
      #expect(table == Table(["b": .texts(["x", "y", "z\n,", ""]), "a": .numbers([1, 3, 5, 7])]))
      let error = #expect(throws: FileError.self) { try Table.readNumbers(path, columns: ["d"]) }
      #expect(
        error?.description == "\(path), line 1: expected a column \"d\", got \"a\", \"b\", \"c\"")
      #expect(throws: FileError.self) {
        try Table.readNumbers(path, rowsAtOnce: rowsAtOnce) { _ in }
      }
    }
  }

  @Test("that is written is the same when it is read again", arguments: [",", ";", "\t"])
  func writing(separator: String) throws {
    let table = Table([
      "a": .numbers([0.1, -1e-300, .infinity, 123_456_789]),
      "b \"c\"": .texts(["x", "", ",;\t", "\n"]),
    ])
    try withFile("old") { path in
      try table.write(to: path, separator: Character(separator))
      #expect(try Table(contentsOf: path, separator: Character(separator)) == table)
      try homes().write(to: path)
      #expect(
        String(decoding: try readFile(path), as: UTF8.self)
          == "price,place,area\n100,Ulm,40\n250.5,\"Bonn, Beuel\",95\n80,Ulm,31\n")
      let missing = "\(path)/missing/table.csv"
      let error = #expect(throws: FileError.self) { try homes().write(to: missing) }
      #expect(error?.path == missing)
    }
  }

  @Test("of a tensor is text with the fewest digits")
  func tensorText() {
    #expect(Table.csv(of: Tensor<Float>([[0.1, 2], [-3, .nan]])) == "0.1,2\n-3,\n")
    #expect(
      Table.csv(of: Tensor<Double>([0.1, .nan]), header: ["a \"b\""])
        == "\"a \"\"b\"\"\"\n0.1\n\"\"\n")
  }

  @Test("is printed like pandas prints it")
  func description() {
    #expect(
      homes().description == """
                price        place  area
        0  100.000000          Ulm    40
        1  250.500000  Bonn, Beuel    95
        2   80.000000          Ulm    31

        [3 rows x 3 columns]
        """)
    let long = Table([
      "n": .numbers((0..<101).map(Double.init)), "e": .numbers(.init(repeating: 1e-9, count: 101)),
    ])
    let lines = long.description.split(separator: "\n")
    #expect(lines.count == 13)
    #expect(lines[1] == "0      0  1.000000e-09" && lines[6] == "...  ...           ...")
    #expect(lines[11] == "100  100  1.000000e-09" && lines[12] == "[101 rows x 2 columns]")
    #expect(homes().selecting([]).description == " \n0\n1\n2\n\n[3 rows x 0 columns]")
    #expect(homes().rows([]).description == "  price  place  area\n\n[0 rows x 3 columns]")
  }

  @Test("of homes is read", .enabled(if: dataFolder != nil, "needs WENGERT_DATA"))
  func hyderabad() throws {
    let homes = try Table(contentsOf: "\(try #require(dataFolder))/Hyderabad.csv")
    #expect(homes.rowCount == 2518 && homes.columns.count == 40)
    let x = homes.dropping("Location", "Price").tensor()
    #expect(x.shape == [2518, 38] && x[2517, 0] == 1805)
    #expect(homes["Price"].prefix(3) == [6_968_000, 29_000_000, 6_590_000])
    #expect(homes.description.hasSuffix("[2518 rows x 40 columns]"))
  }

  // a = numpy.genfromtxt(name, delimiter=",", skip_header=1); sum(a[:, j]) of each column, in order
  @Test(
    "of points is read to the last bit", .enabled(if: dataFolder != nil, "needs WENGERT_DATA"),
    arguments: [
      ("one_circle", 110, 3.306491211081032, 2.811467916580048, 26.0),
      ("two_circles", 220, -22.15349193155518, 10.957442637243908, 81),
      ("linear", 60, 3.7345234990674907, -4.324642507753117, 30),
    ])
  func points(name: String, rows: Int, x1: Double, x2: Double, y: Double) throws {
    let path = "\(try #require(dataFolder))/\(name).csv"
    let table = try Table(contentsOf: path)
    #expect(table.columnNames == ["Unnamed: 0", "x_1", "x_2", "y"] && table.rowCount == rows)
    let sums = ["x_1", "x_2", "y"].map { table[$0].reduce(0, +) }
    #expect(sums == [x1, x2, y])
    #expect(try Table.readNumbers(path) == table.tensor())
  }

  @Test("stops for a column that is not there, with the nearest name")
  func unknownColumn() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["price": .numbers([1])])["prise"]
    }
    #expect(
      message(of: result, contains: "table: there is no \"prise\"", "did you mean \"price\"?"))
  }

  @Test("stops for text among the columns of a tensor, and names the column")
  func textInTensor() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["a": .numbers([1]), "place": .texts(["Ulm"])]).tensor()
    }
    #expect(
      message(
        of: result, contains: "tensor: column \"place\" is text", "dropping(\"place\")",
        "oneHotEncoding(\"place\")"))
  }

  @Test("stops for text read as numbers, for a row that is not there, and for a bad separator")
  func mistakes() async {
    let text = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["place": .texts(["Ulm"])])["place"]
    }
    #expect(message(of: text, contains: "column \"place\" is text", "table[text: \"place\"]"))
    let row = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["a": .numbers([1])]).rows(0...1)
    }
    #expect(message(of: row, contains: "rows: position 1 is out of range for a table of 1 rows"))
    let separator = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Table(contentsOf: "any.csv", separator: "5")
    }
    #expect(message(of: separator, contains: "table: \"5\" cannot separate cells"))
    let lengths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["a": .numbers([1]), "b": .numbers([])])
    }
    #expect(message(of: lengths, contains: "column \"b\" has 0 rows", "\"a\" has 1"))
  }

  @Test("stops for columns that do not fit, and for marks that are the same")
  func moreMistakes() async {
    let length = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var table = Table(["a": .numbers([1])])
      table["b"] = [1, 2]
    }
    #expect(message(of: length, contains: "column \"b\" of 2 cells does not fit a table of 1 rows"))
    let names = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(Tensor<Float>([[1, 2]]), names: ["a"])
    }
    #expect(message(of: names, contains: "shape [1, 2] does not have 1 columns"))
    let integers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["a": .integers([1])])["a"]
    }
    #expect(message(of: integers, contains: "table[integers: \"a\"]"))
    let marks = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Table(contentsOf: "any.csv", separator: ",", decimalMark: ",")
    }
    #expect(message(of: marks, contains: "must differ"))
    let date = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table(["a": .texts(["2024-01-01", "soon"])]).dates("a")
    }
    #expect(message(of: date, contains: "column \"a\" has \"soon\" in row 1"))
  }
}
