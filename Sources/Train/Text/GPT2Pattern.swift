// How GPT-2 splits a text before merging bytes: into words, numbers and runs of symbols, each with
// the space before it. The pattern is published as a regular expression,
//
//     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// which is matched here by hand, one alternative at a time. Next: BytePairEncoder.swift, which uses
// it.

/// Splits UTF-8 text into the pieces of GPT-2's pattern.
struct GPT2Scanner {
  let bytes: UnsafeBufferPointer<UInt8>
  private let classes: UnsafePointer<CharacterClass>

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ classes: UnsafePointer<CharacterClass>) {
    self.bytes = bytes
    self.classes = classes
  }

  /// Calls `body` with a scanner for valid UTF-8.
  static func scan<Result>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (GPT2Scanner) -> Result
  ) -> Result {
    basicClasses.withUnsafeBufferPointer { body(GPT2Scanner(bytes, $0.baseAddress!)) }
  }

  /// The end of the piece that starts at `start`.
  ///
  /// - Precondition: `start` is before `end`, and both are character boundaries.
  func pieceEnd(from start: Int, to end: Int) -> Int {
    if let contraction = contractionEnd(from: start, to: end) { return contraction }
    let (first, afterFirst) = character(at: start)
    if first != .space { return runEnd(of: first, from: afterFirst, to: end) }
    // A single space belongs to the following piece.
    if bytes[start] == 0x20 && afterFirst < end {
      let (second, afterSecond) = character(at: afterFirst)
      if second != .space { return runEnd(of: second, from: afterSecond, to: end) }
    }
    // All blanks except the last one, which belongs to the following piece if there is one.
    var (position, last) = (afterFirst, start)
    while position < end {
      let (kind, next) = character(at: position)
      if kind != .space { return last > start ? last : position }
      (last, position) = (position, next)
    }
    return end
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`.
  private func contractionEnd(from start: Int, to end: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case let letter where start + 2 < end:
      let next = bytes[start + 2]
      let isContraction =
        letter == UInt8(ascii: "l")
        ? next == letter
        : next == UInt8(ascii: "e") && (letter == UInt8(ascii: "r") || letter == UInt8(ascii: "v"))
      return isContraction ? start + 3 : nil
    default: return nil
    }
  }

  @inline(__always)
  private func runEnd(of kind: CharacterClass, from start: Int, to end: Int) -> Int {
    var position = start
    while position < end {
      let (next, after) = character(at: position)
      if next != kind { return position }
      position = after
    }
    return end
  }

  /// The class of the character at a position, and the position after it.
  @inline(__always)
  private func character(at position: Int) -> (CharacterClass, Int) {
    let first = UInt32(bytes[position])
    if first < 0x80 { return (classes[Int(first)], position &+ 1) }
    func following(_ offset: Int) -> UInt32 { UInt32(bytes[position &+ offset]) & 0x3F }
    if first < 0xE0 {
      return (classes[Int((first & 0x1F) &<< 6 | following(1))], position &+ 2)
    }
    if first < 0xF0 {
      let scalar = (first & 0x0F) &<< 12 | following(1) &<< 6 | following(2)
      return (classes[Int(scalar)], position &+ 3)
    }
    let scalar =
      (first & 0x07) &<< 18 | following(1) &<< 12 | following(2) &<< 6 | following(3)
    return (CharacterClass(scalar), position &+ 4)
  }
}

/// The pieces of a text by GPT-2's pattern.
package func gpt2Pieces(_ text: String) -> [String] {
  var text = text
  return text.withUTF8 { bytes in
    GPT2Scanner.scan(bytes) { scanner in
      var pieces: [String] = []
      var start = 0
      while start < bytes.count {
        let end = scanner.pieceEnd(from: start, to: bytes.count)
        pieces.append(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end
      }
      return pieces
    }
  }
}

/// The character classes that GPT-2's pattern distinguishes.
private enum CharacterClass: UInt8 {
  case other, letter, number, space

  init(_ code: UInt32) {
    guard let properties = Unicode.Scalar(code)?.properties else {
      self = .other
      return
    }
    self =
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        .letter
      case .decimalNumber, .letterNumber, .otherNumber: .number
      default: properties.isWhitespace ? .space : .other
      }
  }
}

/// The classes of the characters of up to three bytes, by code point.
private let basicClasses = (0..<0x10000).map { CharacterClass($0) }
