// The cells of comma-separated values, one after the other: RFC 4180, and what programs write
// besides. A cursor keeps nothing but its position; a cell is a range of the file's bytes. The
// numbers among them are made by CSVFormat.swift, next, and DecimalNumber.swift.

/// One cell: the bytes between two separators, without the quotes around them.
struct CSVCell {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Whether a quote in the text is written as two, as happens between quotes.
  let hasDoubledQuotes: Bool

  /// The text; bytes that are no UTF-8 become U+FFFD.
  var text: String {
    guard hasDoubledQuotes else { return String(decoding: bytes, as: UTF8.self) }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      plain.append(bytes[index])
      index += bytes[index] == quote ? 2 : 1
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

/// A position in comma-separated values.
///
/// ```
/// file   = [BOM] record *(line-end record) [line-end]       line-end = CRLF / LF / CR
/// record = cell *(separator cell)
/// cell   = *(any byte but separator, CR, LF)  /  quote *(any byte but quote / quote quote) quote
/// ```
/// A quote inside a cell that does not begin with one is text; blanks behind the second quote do not
/// count. Empty lines and comments are no records.
struct CSVCursor {
  private let base: UnsafePointer<UInt8>
  private let count: Int
  private let separator: UInt8
  /// Whether any number of spaces and tabs separates two cells.
  private let isBlankSeparated: Bool
  private let format: CSVFormat
  private let path: String
  /// Where the next cell begins.
  private(set) var position: Int
  /// Whether the last cell ended its record.
  private(set) var isAtEndOfRecord = true

  /// A cursor at `position` of the bytes, of which there must be some.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, from position: Int, separator: UInt8, format: CSVFormat,
    path: String
  ) {
    base = bytes.baseAddress!
    count = bytes.count
    self.position = position
    self.separator = separator
    isBlankSeparated = separator == UInt8(ascii: " ")
    self.format = format
    self.path = path
  }

  /// Moves to the first cell of the next record; returns false at the end of the file.
  mutating func beginRecord() -> Bool {
    while position < count {
      let byte = base[position]
      if byte == format.comment {
        while position < count, !isLineEnd(base[position]) { position += 1 }
      } else if isLineEnd(byte) || isBlankSeparated && isBlank(byte) {
        position += 1
      } else {
        break
      }
    }
    isAtEndOfRecord = false
    return position < count
  }

  /// Returns the next cell of the record and moves behind it.
  mutating func nextCell() throws(FileError) -> CSVCell {
    if position < count, base[position] == quote { return try quotedCell() }
    let start = position
    if isBlankSeparated {
      while position < count, !isBlank(base[position]), !isLineEnd(base[position]) { position += 1 }
    } else {
      while position < count, base[position] != separator, !isLineEnd(base[position]) {
        position &+= 1
      }
    }
    let end = position
    endCell()
    return CSVCell(
      bytes: UnsafeBufferPointer(start: base + start, count: end - start), hasDoubledQuotes: false)
  }

  private mutating func quotedCell() throws(FileError) -> CSVCell {
    let start = position + 1
    var hasDoubledQuotes = false
    position = start
    while true {
      while position < count, base[position] != quote { position += 1 }
      guard position < count else {
        throw fault(start - 1, "expected a quote that ends this cell, got the end of the file")
      }
      position += 1
      guard position < count, base[position] == quote else { break }
      hasDoubledQuotes = true
      position += 1
    }
    let end = position - 1
    let behind = position
    while position < count, isBlank(base[position]), base[position] != separator { position += 1 }
    guard
      position == count || base[position] == separator || isLineEnd(base[position])
        || isBlankSeparated && position > behind
    else {
      throw fault(
        position,
        "expected a separator or the end of the line after a quote that ends a cell, got "
          + hexadecimal([base[position]]))
    }
    endCell()
    return CSVCell(
      bytes: UnsafeBufferPointer(start: base + start, count: end - start),
      hasDoubledQuotes: hasDoubledQuotes)
  }

  /// Moves behind what follows a cell: a separator, the end of a line, or the end of the file.
  @inline(__always)
  private mutating func endCell() {
    if isBlankSeparated { skipBlanks() }
    guard position < count else {
      isAtEndOfRecord = true
      return
    }
    let byte = base[position]
    if isBlankSeparated && !isLineEnd(byte) { return }
    position &+= 1
    if byte == separator { return }
    isAtEndOfRecord = true
    if byte == carriageReturn, position < count, base[position] == lineFeed { position &+= 1 }
  }

  private mutating func skipBlanks() {
    while position < count, isBlank(base[position]) { position += 1 }
  }

  /// Moves back to a cell of the record.
  mutating func goBack(to start: Int) {
    position = start
    isAtEndOfRecord = false
  }

  /// Returns the next cell's number, NaN if it is missing, nil if it is text, and moves behind it.
  @inline(__always)
  mutating func nextNumber() throws(FileError) -> Double? {
    if let number = nextShortInteger() { return number }
    if let number = nextDecimal() { return number }
    return try nextAnyNumber()
  }

  /// Returns the next cell's number if it is made of at most 19 digits, a sign and a decimal mark, and moves
  /// behind it.
  @inline(__always)
  private mutating func nextDecimal() -> Double? {
    guard position &+ longestDecimal <= count else { return nil }
    var next = base + position
    guard let number = decimalNumber(at: &next, decimalMark: format.decimalMark),
      next[0] == separator || isLineEnd(next[0])
    else { return nil }
    position = next - base
    endCell()
    return number
  }

  @inline(never)
  private mutating func nextAnyNumber() throws(FileError) -> Double? {
    format.number(try nextCell().bytes)
  }

  /// Returns the next cell's number if it consists of one to seven digits, and moves behind it.
  ///
  /// Eight bytes are looked at together, without a branch for each. XOR with `0` leaves a byte
  /// below 10 for a digit, and only for a digit. In any other byte the highest bit is set, or adding
  /// 0x76 sets it, and only such a byte can carry into the next one; so the first of these bits
  /// tells the number of digits.
  @inline(__always)
  private mutating func nextShortInteger() -> Double? {
    guard position &+ 8 <= count else { return nil }
    let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
    let bytes = word ^ 0x3030_3030_3030_3030
    let others = (bytes &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080
    let digits = others.trailingZeroBitCount &>> 3
    guard digits &- 1 < 7 && digits > 0 else { return nil }
    let next = base[position &+ digits]
    guard next == separator || isLineEnd(next) else { return nil }
    position &+= digits
    endCell()
    return Double(integer(bytes, digits: digits))
  }

  /// Writes the numbers of the next cells, up to `limit`, and moves behind them; stops before a cell
  /// that does not consist of one to seven digits and a separator.
  ///
  /// - Returns: How many numbers were written.
  ///
  /// Where the digits end is found for 64 bytes at once: one bit for each byte, set if it is no digit.
  /// The cells between those bits do not wait for each other, as they do when each has to tell where
  /// the next one begins.
  @inline(__always)
  mutating func nextShortIntegers(into target: UnsafeMutablePointer<Float>, limit: Int) -> Int {
    var written = 0
    var start = position
    var block = start
    // The last cell of a block may begin with its last byte, and eight bytes are read there.
    scan: while written < limit, block &+ 72 <= count {
      var ends: UInt64 = 0
      for part in 0..<8 {
        let word = UnsafeRawPointer(base + block).loadUnaligned(
          fromByteOffset: 8 &* part, as: UInt64.self
        ).littleEndian
        let bytes = word ^ 0x3030_3030_3030_3030
        let low = bytes & 0x7F7F_7F7F_7F7F_7F7F
        let others = (low &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080
        // The product moves the eight highest bits side by side into the highest byte.
        let bits = (others &>> 7) &* 0x0102_0408_1020_4080 &>> 56
        ends |= bits &<< UInt64(8 &* part)
      }
      while ends != 0 {
        let end = block &+ ends.trailingZeroBitCount
        let digits = end &- start
        guard digits &- 1 < 7 && digits > 0, base[end] == separator else { break scan }
        let word = UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self).littleEndian
        target[written] = Float(integer(word ^ 0x3030_3030_3030_3030, digits: digits))
        start = end &+ 1
        written &+= 1
        if written == limit { break scan }
        ends &= ends &- 1
      }
      block &+= 64
    }
    position = start
    return written
  }

  /// An error at a position, which is told as a line.
  func fault(_ position: Int, _ message: String) -> FileError {
    let line = lineEnds(in: UnsafeBufferPointer(start: base, count: position)) + 1
    return FileError(path: path, location: .line(line), message: message)
  }
}

/// The number of line ends: LF, and CR without LF behind it.
func lineEnds(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
  guard bytes.count > 0, let base = bytes.baseAddress else { return 0 }
  var ends = 0
  var index = 0
  let feeds = SIMD16(repeating: lineFeed)
  let returns = SIMD16(repeating: carriageReturn)
  while index &+ 17 <= bytes.count {
    // A lane counts to 255 at most before the lanes are added up.
    var counts = SIMD16<UInt8>()
    for _ in 0..<min(255, (bytes.count &- index &- 1) / 16) {
      let here = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
      let next = UnsafeRawPointer(base + (index &+ 1)).loadUnaligned(as: SIMD16<UInt8>.self)
      let isEnd = (here .== feeds) .| ((here .== returns) .& (next .!= feeds))
      counts &+= SIMD16<UInt8>().replacing(with: 1, where: isEnd)
      index &+= 16
    }
    for lane in 0..<16 { ends &+= Int(counts[lane]) }
  }
  while index < bytes.count {
    let isFollowed = index &+ 1 < bytes.count && base[index &+ 1] == lineFeed
    if base[index] == lineFeed || base[index] == carriageReturn && !isFollowed { ends &+= 1 }
    index &+= 1
  }
  return ends
}

/// The beginning of a text in quotes, for a message.
package func excerpt(_ text: String) -> String {
  text.count <= 40 ? text.debugDescription : String(text.prefix(40)).debugDescription + "…"
}

private let quote = UInt8(ascii: "\"")
private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")

@inline(__always)
func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
