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
  _ content: some Sequence<UInt8>, header: Bool = true, separator: String = ",",
  _ read: (CSVFile) throws(FileError) -> Result
) throws -> (names: [String], result: Result) {
  var answer: (names: [String], result: Result)?
  try withTemporaryFolder { folder in
    try writeQuickly(Array(content), to: "\(folder)/data")
    do throws(FileError) {
      let file = try CSVFile(
        contentsOf: "\(folder)/data", header: header, separator: separator.utf8.first!)
      answer = (file.columnNames, try read(file))
    } catch {
      #expect(error.path == "\(folder)/data")
      throw FileError(path: "data", location: error.location, message: error.message)
    }
  }
  return try #require(answer)
}

private func columns(
  _ content: String, header: Bool = true, separator: String = ","
) throws -> [CSVColumn] {
  try withFile(content.utf8, header: header, separator: separator) { file throws(FileError) in
    try file.readColumns()
  }.result
}

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
        let file = try withFile(content.utf8, header: false, numbers)
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
    let (names, found) = try withFile(content.utf8, separator: ";", numbers)
    #expect(names == ["a", "b"])
    #expect(found.count == 6 && found[3].isNaN)
    #expect([found[0], found[1], found[2], found[4], found[5]] == [1, -2, 3, 0.4, .infinity])
  }

  @Test("columns without a name, and names that come again, get one of their own")
  func names() throws {
    let file = try withFile(",x,x,x.1,,x\n".utf8) { file throws(FileError) in file.rowLimit }
    #expect(file.names == ["Unnamed: 0", "x", "x.2", "x.1", "Unnamed: 4", "x.3"])
    #expect(file.result == 0)
    #expect(try withFile("5,6\n".utf8, header: false) { _ in }.names == ["0", "1"])
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
        "a,b\n1,\"2\"x\n", 2,
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
    let found = try withFile(bytes, header: false) { file throws(FileError) in
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
          let file = try CSVFile(contentsOf: "\(folder)/data", header: header, separator: 44)
          let columns = try file.readColumns()
          let counts = columns.map { column in
            switch column {
            case .numbers(let numbers): numbers.count
            case .texts(let texts): texts.count
            }
          }
          let isTable = Set(counts).count == 1 && counts[0] <= file.rowLimit
          let isNamed = Set(file.columnNames).count == columns.count
          let isAllNumbers = columns.allSatisfy { if case .numbers = $0 { true } else { false } }
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
    let file = try CSVFile(
      contentsOf: "\(folder)/Hyderabad.csv", header: true, separator: UInt8(ascii: ","))
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
