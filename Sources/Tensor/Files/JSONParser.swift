// JSON text to values, RFC 8259 to the letter: no comments, no commas at the end, no lone
// surrogates, and no name twice. Depth is limited, because each level takes a piece of the stack.
// Safetensors.swift, next, reads its header with it.

extension JSON {
  /// The value that a file consists of.
  ///
  /// - Throws: `FileError` if the file cannot be read, or as `init(parsing:path:offset:depth:)` does.
  package init(contentsOf path: String) throws(FileError) {
    let file = try FileBytes(mapping: path)
    self = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try JSON(parsing: bytes, path: path)
    }
  }

  /// The value that a text consists of.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - path: The file that errors name.
  ///   - offset: The place in the file of the first byte, to which errors count.
  ///   - depth: How many arrays and objects may lie inside each other.
  /// - Throws: `FileError` naming the byte where the text is no JSON, goes deeper, has a number
  ///   beyond the range of `Double`, or a name twice in one object.
  package init(
    parsing bytes: UnsafeBufferPointer<UInt8>, path: String, offset: Int = 0, depth: Int = 64
  ) throws(FileError) {
    var parser = JSONParser(bytes: bytes, path: path, offset: offset)
    self = try parser.value(depth: depth)
    parser.skipBlanks()
    if parser.position < bytes.count { throw parser.fault("the end of the text") }
  }
}

private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  let offset: Int
  var position = 0

  /// The byte at the position; past the end 0, which begins nothing.
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  mutating func skipBlanks() {
    while [0x20, 0x0A, 0x0D, 0x09].contains(next) { position += 1 }
  }

  /// Moves past `byte` if it comes next, after blanks.
  private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(FileError) -> JSON {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth > 0 else {
        throw error(at: position, "expected fewer arrays and objects inside each other")
      }
      return next == UInt8(ascii: "{")
        ? .object(try members(depth: depth - 1)) : .array(try values(depth: depth - 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default:
      for (word, value) in [("null", JSON.null), ("true", true), ("false", false)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw fault("a value")
    }
  }

  private mutating func values(depth: Int) throws(FileError) -> [JSON] {
    position += 1
    var values: [JSON] = []
    if skip("]") { return values }
    repeat { values.append(try value(depth: depth)) } while skip(",")
    guard skip("]") else { throw fault("\",\" or \"]\"") }
    return values
  }

  private mutating func members(depth: Int) throws(FileError) -> [JSON.Member] {
    position += 1
    var members: [JSON.Member] = []
    var names: Set<String> = []
    if skip("}") { return members }
    repeat {
      skipBlanks()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw fault("a name in quotes") }
      let name = try string()
      guard names.insert(name).inserted else {
        throw error(at: start, "expected each name once, got \(excerpt(name)) again")
      }
      guard skip(":") else { throw fault("\":\"") }
      members.append(JSON.Member(name, try value(depth: depth)))
    } while skip(",")
    guard skip("}") else { throw fault("\",\" or \"}\"") }
    return members
  }

  // MARK: Numbers

  private mutating func number() throws(FileError) -> JSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits()
    }
    if next | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
    // Minus zero is a number that Int does not have.
    if isWhole, let integer = Int(String(decoding: text, as: UTF8.self)),
      integer != 0 || text[0] != UInt8(ascii: "-")
    {
      return .integer(integer)
    }
    guard let number = parseNumber(text), number.isFinite else {
      throw error(at: start, "expected a number within the range of Double")
    }
    return .number(number)
  }

  private mutating func digits() throws(FileError) {
    let start = position
    while UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
    if position == start { throw fault("a digit") }
  }

  // MARK: Strings

  private mutating func string() throws(FileError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      let run = position
      while next >= 0x20, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { position += 1 }
      text += bytes[run..<position]
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        guard let result = String(validating: text, as: UTF8.self) else {
          throw error(at: start, "expected a string in UTF-8")
        }
        return result
      case UInt8(ascii: "\\"): text += String(try escaped()).utf8
      default: throw fault("a character of a string or its closing quote")
      }
    }
  }

  /// Reads a backslash and what it stands for.
  private mutating func escaped() throws(FileError) -> Unicode.Scalar {
    let start = position
    position += 2
    guard position <= bytes.count else { throw fault("a character behind the backslash") }
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try fourHexadecimalDigits()
      // Beyond U+FFFF two codes, D800...DBFF and DC00...DFFF, carry ten bits each.
      if 0xD800..<0xDC00 ~= code, bytes[position...].starts(with: [0x5C, 0x75]) {
        position += 2
        let low = try fourHexadecimalDigits()
        code = 0xDC00..<0xE000 ~= low ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : code
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw error(at: start, "expected a pair of surrogates, got one of them alone")
      }
      return scalar
    default: throw error(at: start, "expected one of \" \\ / b f n r t u behind the backslash")
    }
  }

  private mutating func fourHexadecimalDigits() throws(FileError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
        throw fault("a hexadecimal digit")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  // MARK: Errors

  /// What was expected at the position, and what is there.
  func fault(_ expected: String) -> FileError {
    let got =
      position < bytes.count ? hexadecimal([bytes[position]]) : "the end of the text"
    return error(at: position, "expected \(expected), got \(got)")
  }

  private func error(at position: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset + position), message: "json: " + message)
  }
}
