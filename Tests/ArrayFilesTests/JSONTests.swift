import ArrayFiles
import Testing

private func parse(_ text: String) throws(FileError) -> JSON {
  try Array(text.utf8).withUnsafeBufferPointer { bytes throws(FileError) in
    try JSON(parsing: bytes, path: "text", offset: 100)
  }
}

@Suite("JSON")
struct JSONTests {
  @Test(
    "values are read",
    arguments: [
      ("null", JSON.null), (" true\n", true), ("false", false), ("0", 0), ("-12", -12),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(0x1p63)), ("-0", .number(-0.0)), ("1.0", .number(1)),
      ("1e2", .number(100)), ("-2.5E-3", .number(-0.0025)), ("5e-324", .number(0x1p-1074)),
      ("1e-400", .number(0)), ("\"\"", ""),
      ("\"a\\u00e9\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "aé\n\"\\/\u{8}\u{C}\r\t"),
      ("\"\\ud83d\\ude00 é\"", "😀 é"), ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]),
      ("{\"b\" : 1, \"a\":{\"\":null}}", ["b": 1, "a": ["": .null]]),
    ] as [(String, JSON)])
  func reading(text: String, value: JSON) throws {
    #expect(try parse(text) == value)
    // Minus zero equals zero, so its text is compared too.
    #expect(try parse(value.text).text == value.text)
  }

  @Test(
    "what is no JSON is refused at its byte",
    arguments: [
      ("", 100, "expected a value, got the end of the text"),
      ("tru", 100, "expected a value, got 74"),
      ("[1,]", 103, "expected a value, got 5d"),
      ("[1 2]", 103, "expected \",\" or \"]\", got 32"),
      ("[1", 102, "expected \",\" or \"]\", got the end of the text"),
      ("{\"a\" 1}", 105, "expected \":\", got 31"),
      ("{a:1}", 101, "expected a name in quotes, got 61"),
      ("{\"a\":1,\"a\":2}", 107, "expected each name once, got \"a\" again"),
      ("1 2", 102, "expected the end of the text, got 32"),
      ("01", 101, "expected the end of the text, got 31"),
      ("1.", 102, "expected a digit, got the end of the text"),
      (".5", 100, "expected a value, got 2e"),
      ("+1", 100, "expected a value, got 2b"),
      ("1e", 102, "expected a digit, got the end of the text"),
      ("1e400", 100, "expected a number within the range of Double"),
      ("NaN", 100, "expected a value, got 4e"),
      (
        "\"a", 102, "expected a character of a string or its closing quote, got the end of the text"
      ),
      ("\"\n\"", 101, "expected a character of a string or its closing quote, got 0a"),
      ("\"\\x\"", 101, "expected one of \" \\ / b f n r t u behind the backslash"),
      ("\"\\", 103, "expected a character behind the backslash, got the end of the text"),
      ("\"\\u12g4\"", 105, "expected a hexadecimal digit, got 67"),
      ("\"\\ud800\"", 101, "expected a pair of surrogates, got one of them alone"),
      ("\"\\ud800\\u0041\"", 101, "expected a pair of surrogates, got one of them alone"),
      ("\"\\ude00\"", 101, "expected a pair of surrogates, got one of them alone"),
    ])
  func mistakes(text: String, offset: Int, message: String) {
    #expect(
      throws: FileError(path: "text", location: .byte(offset), message: "json: " + message)
    ) { try parse(text) }
  }

  @Test("bytes that are no UTF-8 are refused")
  func notUTF8() {
    let error = fileError { () throws(FileError) in
      _ = try bytes("22 ff 22").withUnsafeBufferPointer { bytes throws(FileError) in
        try JSON(parsing: bytes, path: "text")
      }
    }
    #expect(error?.description == "text, byte 0: json: expected a string in UTF-8")
  }

  @Test("depth ends at the limit, not with the stack")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try parse(nested(64)).text == nested(64))
    let error = fileError { () throws(FileError) in _ = try parse(nested(65)) }
    #expect(
      error?.description
        == "text, byte 164: json: expected fewer arrays and objects inside each other")
    #expect(throws: FileError.self) { try parse(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test("numbers are written with the fewest digits that give them back")
  func numbers() throws {
    var generator = SplitMix64(state: 3)
    for _ in 0..<10_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let text = JSON.number(number).text
      #expect(text == number.description)
      guard case .number(let back) = try parse(text) else {
        Issue.record("\(text) became another kind of value")
        continue
      }
      #expect(back.bitPattern == number.bitPattern)
    }
  }

  // json.dumps({"a": [1, 0.1, 1e-5, 1e16], "é\x01\n": None, "t": True},
  //   separators=(",", ":"), ensure_ascii=False)
  @Test("the text is that of Python's json module")
  func writing() {
    let value: JSON = ["a": [1, 0.1, 1e-5, 1e16], "é\u{1}\n": .null, "t": true]
    #expect(value.text == "{\"a\":[1,0.1,1e-05,1e+16],\"é\\u0001\\n\":null,\"t\":true}")
    #expect(value["t"] == true)
    #expect(value["u"] == nil)
    #expect(JSON.null["t"] == nil)
  }
}
