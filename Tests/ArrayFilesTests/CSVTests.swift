import ArrayFiles
import TestSupport
import Testing

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
  return access("\(folder)/grokking/Hyderabad.csv", R_OK) == 0 ? "\(folder)/grokking" : nil
}()

/// Writes without the flush to the disk that `writeFile` waits for, and that ext4 gives a file that
/// was truncated.
private func writeQuickly(_ bytes: [UInt8], to path: String) throws {
  unlink(path)
  let file = try #require(fopen(path, "w"))
  defer { fclose(file) }
  #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}

/// A file with that content: its names and what `read` makes of it; errors name the path `data`.
private func withFile<Result>(
  _ content: some Sequence<UInt8>, format: CSVFormat = CSVFormat(),
  _ read: (CSVFile) throws(FileError) -> Result
) throws -> (names: [String], result: Result) {
  var answer: (names: [String], result: Result)?
  try withTemporaryFolder { folder in
    try writeQuickly(Array(content), to: "\(folder)/data")
    do throws(FileError) {
      let file = try CSVFile(contentsOf: "\(folder)/data", format: format)
      answer = (file.columnNames, try read(file))
    } catch {
      #expect(error.path == "\(folder)/data")
      throw FileError(path: "data", location: error.location, message: error.message)
    }
  }
  return try #require(answer)
}

private func columns(
  _ content: String, header: Bool = true, format: CSVFormat? = nil
) throws -> [CSVColumn] {
  let format = format ?? CSVFormat(header: header, separator: comma)
  return try withFile(content.utf8, format: format) { file throws(FileError) in
    try file.readColumns()
  }.result
}

private let comma = UInt8(ascii: ",")
private let noHeader = CSVFormat(header: false)

/// The numbers by the direct way, row by row.
private func numbers(_ file: CSVFile) throws(FileError) -> [Float] {
  let room = file.rowLimit * file.columnNames.count
  let target = UnsafeMutablePointer<Float>.allocate(capacity: max(room, 1))
  defer { target.deallocate() }
  var position = file.start
  let count = try file.readNumbers(from: &position, into: target) * file.columnNames.count
  #expect(count <= room)
  return Array(UnsafeBufferPointer(start: target, count: count))
}

private func number(_ text: String) -> Double? {
  Array(text.utf8).withUnsafeBufferPointer { parseNumber($0) }
}

/// Equality in which NaN equals NaN, and -0 is not 0.
private func expectSameBits(_ actual: Double?, _ expected: Double?, _ text: String) {
  #expect(actual?.bitPattern == expected?.bitPattern, "\(text) gives \(String(describing: actual))")
}

@Suite("Decimal numbers")
struct DecimalNumberTests {
  @Test(
    "are read in every form",
    arguments: [
      ("0", 0.0), ("-0", -0.0), ("+7", 7), ("007", 7), (" 12\t", 12), ("1.", 1), (".5", 0.5),
      ("-.5e1", -5), ("1e3", 1000), ("1E+3", 1000), ("2.5e-1", 0.25), ("0e999999999999", 0),
      ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0), ("inf", .infinity),
      ("-INF", -.infinity), ("+Infinity", .infinity), ("1e0000000000000000000000001", 10),
      ("1e99999999999999999999", .infinity), ("1e-99999999999999999999", 0),
      ("9007199254740993", 9_007_199_254_740_992), ("9007199254740993.5", 9_007_199_254_740_994),
      ("0.000000000000000000000000000001", 1e-30), ("18446744073709551615", 0x1p64),
      ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
      ("4.9e-324", .leastNonzeroMagnitude),
      ("1.7976931348623157e308", 1.7976931348623157e308),
    ])
  func forms(text: String, value: Double) {
    expectSameBits(number(text), value, text)
  }

  @Test("can be nan, in any case", arguments: ["nan", "NaN", "-nan", " NAN "])
  func notANumber(text: String) {
    #expect(number(text)?.isNaN == true)
  }

  @Test(
    "are nothing else",
    arguments: [
      "", " ", "+", "-", ".", "e5", "1e", "1e+", "1 2", "--1", "+-1", "1.2.3", "0x10", "1_000",
      "1,5",
      "nano", "infinit", "in", "- 1", "1e5.0", "1f", "½", "١", "\n1", ".e1", "n\u{0}n", "1\u{0}",
    ])
  func noNumbers(text: String) {
    #expect(number(text) == nil)
  }

  @Test("have the bits of the standard library's, 100 000 random ones")
  func random() {
    var generator = SplitMix64(state: 1)
    func digits(_ count: Int) -> String {
      String((0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &generator))) })
    }
    var differences: [String] = []
    for trial in 0..<100_000 {
      var text = Bool.random(using: &generator) ? "-" : ""
      if trial % 4 == 0 {
        // The digits of a random Double, all of them needed.
        text = Double(bitPattern: generator.next()).description
        if text.hasSuffix("inf") || text.contains("nan") { continue }
      } else {
        text += digits(Int.random(in: 1...12, using: &generator))
        if trial % 4 > 1 { text += "." + digits(Int.random(in: 1...12, using: &generator)) }
        if trial % 4 > 2 { text += "e\(Int.random(in: -40...40, using: &generator))" }
      }
      if number(text)?.bitPattern != Double(text)?.bitPattern { differences.append(text) }
    }
    #expect(differences == [])
  }

  @Test("half way between two Doubles, and next to it, are rounded like the standard library's")
  func halves() {
    var generator = SplitMix64(state: 2)
    var differences: [String] = []
    for _ in 0..<5000 {
      // An odd number of 54 bits, divided by 2^k, has a finite decimal expansion half way.
      let odd = generator.next() >> 10 | 1 << 53 | 1
      for delta in [-1, 0, 1] {
        let whole = "\(Int(odd) + delta)"
        let half = "\(odd >> 1).\(delta < 0 ? "4999" : delta == 0 ? "5" : "5001")"
        for text in [whole, half] where number(text)?.bitPattern != Double(text)?.bitPattern {
          differences.append(text)
        }
      }
    }
    #expect(differences == [])
  }
}

@Suite("CSV")
struct CSVTests {
  // [list(csv.reader(io.StringIO(text, newline=""))) for text in …], without the empty lines
  @Test(
    "cells are those of Python's csv module",
    arguments: [
      ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
      ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
      ("a,b\rc,d\r\n\n\ne,f\n\r", [["a", "b"], ["c", "d"], ["e", "f"]]),
      ("\"a\",\"b,c\"\n\"d\"\"e\",\"\"\"\"\n", [["a", "b,c"], ["d\"e", "\""]]),
      ("\"a\nb\",\"c\r\nd\"\nx,\"\"", [["a\nb", "c\r\nd"], ["x", ""]]),
      ("a\"b,c \"d\" \n e ,\"f \"", [["a\"b", "c \"d\" "], [" e ", "f "]]),
      ("x,\n,y\n,", [["x", ""], ["", "y"], ["", ""]]),
      ("ä,€\n😀,\u{0}x", [["ä", "€"], ["😀", "\u{0}x"]]),
    ])
  func cells(content: String, rows: [[String]]) throws {
    // A row of text first, so that every column is text.
    let found = try columns("text,text\n" + content, header: false)
    let expected = (0..<2).map { column in CSVColumn.texts(["text"] + rows.map { $0[column] }) }
    #expect(found == expected)
  }

  @Test("a column is numbers if each of its cells is a number or empty, and text otherwise")
  func kinds() throws {
    let found = try columns("a,b,c,d\n1,x, ,\"1\"\n2,3,,-2.5e0\n12345678,4,z,\"\"\n3,,5,8\n")
    #expect(found[0] == .numbers([1, 2, 12_345_678, 3]))
    #expect(found[1] == .texts(["x", "3", "4", ""]))
    #expect(found[2] == .texts([" ", "", "z", "5"]))
    guard case .numbers(let last) = found[3] else {
      Issue.record("expected numbers")
      return
    }
    #expect(last[0] == 1 && last[1] == -2.5 && last[2].isNaN && last[3] == 8)
  }

  @Test("integers of every length are read wherever a word of eight bytes ends")
  func integers() throws {
    for length in 1...10 {
      for start in 0..<10 {
        let value = String("9876543210".dropFirst(start).prefix(length))
        let content = "0\(String(repeating: ",0", count: start)),\(value),5"
        let file = try withFile(content.utf8, format: noHeader, numbers)
        #expect(file.result == [Float](repeating: 0, count: start + 1) + [Float(value)!, 5])
      }
    }
  }

  @Test("bytes next to the digits are no digits", arguments: ["/", ":", " ", "\u{B0}", "p", "\t"])
  func neighbours(byte: String) throws {
    let text = "1\(byte)2"
    #expect(try columns("\(text),1,2,3,4,5\n", header: false)[0] == .texts([text]))
  }

  @Test("the direct way to numbers takes blanks, quotes, signs and empty cells")
  func directNumbers() throws {
    let content = "\u{FEFF}a;b\r\n1; -2\n\n\"3\";\r\n4e-1;inf\n\n\n"
    let (names, found) = try withFile(content.utf8, numbers)
    #expect(names == ["a", "b"])
    #expect(found.count == 6 && found[3].isNaN)
    #expect([found[0], found[1], found[2], found[4], found[5]] == [1, -2, 3, 0.4, .infinity])
  }

  @Test("columns without a name, and names that come again, get one of their own")
  func names() throws {
    let file = try withFile(",x,x,x.1,,x\n".utf8) { file throws(FileError) in file.rowLimit }
    #expect(file.names == ["Unnamed: 0", "x", "x.2", "x.1", "Unnamed: 4", "x.3"])
    #expect(file.result == 0)
    #expect(try withFile("5,6\n".utf8, format: noHeader) { _ in }.names == ["0", "1"])
  }

  @Test("a header alone makes empty columns", arguments: ["a,b", "a,b\n", "a,b\r\n\r\n"])
  func headerOnly(content: String) throws {
    #expect(try columns(content) == [.numbers([]), .numbers([])])
    #expect(try withFile(content.utf8, numbers).result == [])
  }

  @Test(
    "a fault is told with its line",
    arguments: [
      ("", nil, "expected a line of cells, got an empty file"),
      ("\n\r\n", nil, "expected a line of cells, got empty lines only"),
      ("a,b\n1,2\n3\n", 3, "expected 2 cells, got 1"),
      ("a,b\r\n1,2\r\n\r\n3,4,5,6", 4, "expected 2 cells, got 4"),
      ("a,b\n\"1\n\n\",2\n3,4,\n", 5, "expected 2 cells, got 3"),
      ("a,b\r1,\"2\n3,4\n", 2, "expected a quote that ends this cell, got the end of the file"),
      ("a,\"", 1, "expected a quote that ends this cell, got the end of the file"),
      (
        "a,b\n1,\"2\" x\n", 2,
        "expected a separator or the end of the line after a quote that ends a cell, got 78"
      ),
    ])
  func faults(content: String, line: Int?, message: String) {
    let expected = FileError(path: "data", location: line.map { .line($0) }, message: message)
    #expect(throws: expected) { try columns(content) }
  }

  @Test(
    "text among numbers is told with line and column",
    arguments: [
      ("a,b\n1,2\n3,four\n", 3, "expected a number in column \"b\", got \"four\""),
      ("a,b\n1,2\n\"\"\"\",\n", 3, "expected a number in column \"a\", got \"\\\"\""),
      ("a\n1e\n", 2, "expected a number in column \"a\", got \"1e\""),
      (
        "a\n\(String(repeating: "x", count: 50))", 2,
        "expected a number in column \"a\", got \"\(String(repeating: "x", count: 40))\"…"
      ),
    ])
  func texts(content: String, line: Int, message: String) {
    #expect(throws: FileError(path: "data", location: .line(line), message: message)) {
      try withFile(content.utf8, numbers)
    }
  }

  @Test("bytes that are no UTF-8 are replaced in text")
  func invalidUTF8() throws {
    let content = Array("a\n".utf8) + [0x78, 0xFF, 0x79, 0x0A, 0x00, 0x0A]
    let found = try withFile(content) { file throws(FileError) in try file.readColumns() }
    #expect(found.result == [.texts(["x\u{FFFD}y", "\u{0}"])])
  }

  @Test("names that look alike and have other bytes are two columns")
  func exactNames() throws {
    let content = "\u{E9},e\u{301},\u{E9}\n1,2,3\n"
    let file = try withFile(content.utf8) { file throws(FileError) in
      try [file.positions(of: ["e\u{301}"]), file.positions(of: ["\u{E9}"])]
    }
    let bytes = file.names.map { Array($0.utf8) }
    #expect(bytes == ["\u{E9}", "e\u{301}", "\u{E9}.1"].map { Array($0.utf8) })
    #expect(file.result == [[1], [0]])
    // With one of them only, the other way to write it finds it too.
    let single = try withFile("e\u{301}\n1\n".utf8) { file throws(FileError) in
      try file.positions(of: ["\u{E9}"])
    }
    #expect(single.result == [0])
  }

  @Test(
    "a missing number has many names, and any case",
    arguments: CSVFormat.missingNames + ["na", "NULL", " n/a ", "\"NA\"", "None"])
  func missing(name: String) throws {
    let content = "a,b\n1,x\n\(name),\(name)\n"
    let found = try columns(content)
    guard case .numbers(let a) = found[0] else {
      Issue.record("expected numbers")
      return
    }
    #expect(a[0] == 1 && a[1].isNaN)
    // In a column of text it stays what it is.
    let text = name == "\"NA\"" ? "NA" : name
    #expect(found[1] == .texts(["x", text]))
    let direct = try withFile("a,b\n1,\(name)\n".utf8, numbers).result
    #expect(direct[0] == 1 && direct[1].isNaN)
  }

  @Test("other names of missing numbers can be given, numbers too")
  func missingNames() throws {
    let format = CSVFormat(missing: ["-999", "gone"])
    let found = try columns("a,b,c\n1,NA,2\n-999.0,gone,Gone\n", format: format)
    guard case .numbers(let a) = found[0], case .numbers(let c) = found[2] else {
      Issue.record("expected numbers")
      return
    }
    #expect(a[0] == 1 && a[1].isNaN && c[0] == 2 && c[1].isNaN)
    #expect(found[1] == .texts(["NA", "gone"]))
    let direct = try withFile("a,b\n-999,7\ngone,8\n".utf8, format: format, numbers).result
    #expect(direct[0].isNaN && direct[1] == 7 && direct[2].isNaN && direct[3] == 8)
  }

  @Test("true and false are 1 and 0, unless a column has other texts or numbers")
  func truths() throws {
    let found = try columns("a,b,c,d\ntrue,True,false,TRUE\nFALSE,,2,yes\n")
    #expect(found[0] == .numbers([1, 0]))
    guard case .numbers(let b) = found[1] else {
      Issue.record("expected numbers")
      return
    }
    #expect(b[0] == 1 && b[1].isNaN)
    #expect(found[2] == .texts(["false", "2"]) && found[3] == .texts(["TRUE", "yes"]))
    #expect(try withFile("a,b\ntrue, False \n".utf8, numbers).result == [1, 0])
  }

  @Test("integers that no Double holds are kept to the last digit")
  func integersBeyondDouble() throws {
    let found = try columns("a,b,c,d\n11007199254740993,9007199254740993,1,1e300\n-5,0.5,2,\n")
    #expect(found[0] == .integers([11_007_199_254_740_993, -5]))
    #expect(found[1] == .numbers([9_007_199_254_740_992, 0.5]))
    #expect(found[2] == .numbers([1, 2]))
    // Those that a Double holds, and those that not even Int holds, are Doubles.
    let others = try columns("a,b\n9007199254740994,92233720368547758070\n", header: true)
    #expect(others == [.numbers([9_007_199_254_740_994]), .numbers([92_233_720_368_547_758_070])])
  }

  @Test("blanks behind the quote that ends a cell do not count")
  func blanksBehindQuotes() throws {
    #expect(
      try columns("a,b\n\"x\" ,y\n\"2\"\t,\"z\"  \n") == [.texts(["x", "2"]), .texts(["y", "z"])])
  }

  @Test(
    "the separator is the one with which the first lines have equally many cells",
    arguments: [
      ("a;b\n1,5;2\n3,5;4\n", 2), ("a\tb\tc\n1,2\t\"x;y\"\tz\n", 3), ("a|b\n1|2\n", 2),
      ("a,b\n1;2,3;4\n", 2), ("a\n1;2\n3\n", 1), ("\"a\";\"b\"\n\"1;2\";3\n", 2), ("a b\n1 2\n", 1),
    ])
  func separators(content: String, columnCount: Int) throws {
    #expect(try withFile(content.utf8) { _ in }.names.count == columnCount)
  }

  @Test("a comma before the fraction, points between groups of digits")
  func decimalCommas() throws {
    let format = CSVFormat(decimalMark: comma, groupMark: UInt8(ascii: "."))
    let content =
      "a;b;c;d\n1,5;-0,25e1;1.234.567,5;1.5\n,5;7;\"1.000\";2\n123456789,123456789123;NA;3;4\n"
    let found = try columns(content, format: format)
    #expect(found[0] == .numbers([1.5, 0.5, 123456789.123456789123]))
    #expect(found[2] == .numbers([1_234_567.5, 1000, 3]))
    // Three digits follow a mark between groups.
    #expect(found[3] == .texts(["1.5", "2", "4"]))
    let english = CSVFormat(separator: comma, groupMark: comma)
    #expect(
      try columns("a,b\n\"1,234\",\"-12,345.5\"\n", format: english) == [
        .numbers([1234]), .numbers([-12_345.5]),
      ])
  }

  @Test("any number of blanks and tabs can stand between cells, and before and behind them")
  func blanks() throws {
    let format = CSVFormat(separator: UInt8(ascii: " "))
    let content = "  a   b\tc  \n1  2 \t 3\n\n   \n\t-4 \"x y\"\t\t6\r\n7 8 9"
    let found = try columns(content, format: format)
    #expect(found == [.numbers([1, -4, 7]), .texts(["2", "x y", "8"]), .numbers([3, 6, 9])])
    let wide = (0..<12).map(String.init).joined(separator: "  ")
    let direct = try withFile("\(wide)\n\(wide)\n".utf8, format: format, numbers).result
    #expect(direct == (0..<12).map(Float.init))
  }

  @Test("lines of comments are passed over")
  func comments() throws {
    let format = CSVFormat(comment: UInt8(ascii: "#"))
    let found = try columns("# from a sensor\na,b\n# 1,2\n3,#4\n#\n", format: format)
    #expect(found == [.numbers([3]), .texts(["#4"])])
    let error = #expect(throws: FileError.self) { try columns("#a\nb\n#\n1,2\n", format: format) }
    #expect(error?.location == .line(4))
  }

  @Test("a compressed file is expanded, one in UTF-16 converted")
  func encodings() throws {
    let text = "name;ä\nx;1\n"
    let expected: [CSVColumn] = [.texts(["x"]), .numbers([1])]
    let units = Array(text.utf16)
    let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    let marked = Array("\u{FEFF}\(text)".utf8)
    for content in [gzipCompressed(Array(text.utf8)), little, big, marked] {
      let (names, found) = try withFile(content) { file throws(FileError) in
        try file.readColumns()
      }
      #expect(names == ["name", "ä"] && found == expected)
    }
  }

  @Test("a file of another kind says what it is")
  func otherKinds() {
    for (content, words) in [
      (Array("<!DOCTYPE html><html>".utf8), "this is a web page"),
      (Array("PAR1".utf8) + [0, 0], "this is a Parquet file"),
      ([0x50, 0x4B, 3, 4, 0, 0] + Array("xl/workbook.xml".utf8), "this is an Excel workbook"),
    ] {
      let error = #expect(throws: FileError.self) { try withFile(content) { _ in } }
      #expect(error?.message.contains(words) == true, "\(words)")
    }
  }

  @Test("many columns are refused before they take memory")
  func manyColumns() {
    let error = #expect(throws: FileError.self) {
      try columns(String(repeating: ",", count: 1 << 20), header: false)
    }
    #expect(error?.message == "expected at most 1048576 cells, got more")
  }

  @Test("what is written is read again")
  func writing() throws {
    let rows = [
      ["plain", "with,comma"], ["with\"quote", "two\nlines"], ["", "\r"], [" blanks ", "ä€😀"],
    ]
    var bytes: [UInt8] = []
    for row in rows { bytes.appendCSVRecord(row, separator: UInt8(ascii: ",")) }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "plain,\"with,comma\"\n\"with\"\"quote\",\"two\nlines\"\n,\"\r\"\n blanks ,ä€😀\n")
    let found = try withFile(bytes, format: noHeader) { file throws(FileError) in
      try file.readColumns()
    }
    #expect(found.result == (0..<2).map { column in .texts(rows.map { $0[column] }) })
    var single: [UInt8] = []
    single.appendCSVRecord([""], separator: UInt8(ascii: ","))
    #expect(single == Array("\"\"\n".utf8))
  }

  @Test("numbers are written with the fewest digits")
  func numberTexts() {
    #expect(
      [0, -0.0, 1, 0.1, 6_968_000, 1e16, 1e-7, .infinity, .nan].map { csvText($0) }
        == ["0", "-0", "1", "0.1", "6968000", "1e+16", "1e-07", "inf", ""])
    #expect(csvText(Float(0.1)) == "0.1")
  }

  @Test("5 000 damaged files give columns or an error, never a crash")
  func mutations() throws {
    let original = Array("a,\"b \"\"c\",d\r\n1,\"x,\ny\",2.5\n-3e2,z,1234567\r\n,\"\",nan\n".utf8)
    let marks = Array("\",\r\n0.e-\u{0}9".utf8)
    var generator = SplitMix64(state: 3)
    var (good, bad) = (0, 0)
    var wrong: [[UInt8]] = []
    try withTemporaryFolder { folder in
      for _ in 0..<5000 {
        var content = original
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !content.isEmpty {
          let index = Int.random(in: content.indices, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: content[index] = marks.randomElement(using: &generator)!
          case 1: content.insert(marks.randomElement(using: &generator)!, at: index)
          case 2: content.remove(at: index)
          default: content[index] = UInt8.random(in: 0...255, using: &generator)
          }
        }
        try writeQuickly(content, to: "\(folder)/data")
        do throws(FileError) {
          let header = Bool.random(using: &generator)
          let file = try CSVFile(contentsOf: "\(folder)/data", format: CSVFormat(header: header))
          let columns = try file.readColumns()
          let counts = columns.map(\.count)
          let isTable = Set(counts).count == 1 && counts[0] <= file.rowLimit
          let isNamed = Set(file.columnNames).count == columns.count
          let isAllNumbers = columns.allSatisfy { if case .texts = $0 { false } else { true } }
          let error = fileError { () throws(FileError) in _ = try numbers(file) }
          if !isTable || !isNamed || (error == nil) != isAllNumbers { wrong.append(content) }
          good += 1
        } catch {
          bad += 1
        }
      }
    }
    #expect(wrong == [])
    #expect(good > 500 && bad > 500, "\(good) good ones, \(bad) bad ones")
  }

  // for c in csv.reader(open("Hyderabad.csv")): …; numpy sums
  @Test("a real file is read", .enabled(if: dataFolder != nil, "needs WENGERT_DATA"))
  func hyderabad() throws {
    let folder = try #require(dataFolder)
    let file = try CSVFile(contentsOf: "\(folder)/Hyderabad.csv", format: CSVFormat())
    let columns = try file.readColumns()
    #expect(file.rowLimit == 2518 && columns.count == 40)
    #expect(
      file.columnNames[3] == "No. of Bedrooms" && file.columnNames[29] == "Children'splayarea")
    guard case .numbers(let price) = columns[0], case .texts(let place) = columns[2] else {
      Issue.record("expected numbers and text")
      return
    }
    #expect(price.reduce(0, +) == 24_722_679_925 && price.count == 2518)
    #expect(place[1] == "Hitech City" && Set(place).count == 243)
    let message = fileError { () throws(FileError) in _ = try numbers(file) }?.message
    #expect(message == "expected a number in column \"Location\", got \"Nizampet\"")
  }
}
