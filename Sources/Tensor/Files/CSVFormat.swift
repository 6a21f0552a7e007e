// How the cells of a table are written: what stands between them, in numbers, and for a missing one.
// CSVColumn.swift, next, is what becomes of the cells.

/// How the cells of a file of comma-separated values are written.
package struct CSVFormat: Sendable {
  /// Whether the first record names the columns.
  package var header: Bool
  /// The byte between cells; nil if the first records tell it.
  ///
  /// A space stands for any number of spaces and tabs, also before the first cell.
  package var separator: UInt8?
  /// The byte before the fraction of a number.
  package var decimalMark: UInt8
  /// The byte between groups of three digits, if there is one.
  package var groupMark: UInt8?
  /// The byte with which lines begin that are no records.
  package var comment: UInt8?
  /// What a missing number is called, in lower case, besides nothing at all.
  private let missingWords: [[UInt8]]
  /// The numbers that stand for a missing one.
  let missingNumbers: [Double]

  /// A format in which a missing number has one of the given names, whatever their case.
  package init(
    header: Bool = true, separator: UInt8? = nil, decimalMark: UInt8 = UInt8(ascii: "."),
    groupMark: UInt8? = nil, comment: UInt8? = nil, missing: [String] = missingNames
  ) {
    self.header = header
    self.separator = separator
    self.decimalMark = decimalMark
    self.groupMark = groupMark
    self.comment = comment
    let words = missing.map { $0.utf8.map(lowercase) }
    let numbers = words.map { word in word.withUnsafeBufferPointer { parseNumber($0) } }
    missingNumbers = numbers.compactMap { $0 }.filter { !$0.isNaN }
    missingWords = zip(words, numbers).filter { $0.1 == nil }.map(\.0)
  }

  /// Whether a cell that is no number stands for a missing one.
  func isMissing(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    let cell = trimmed(cell)
    if cell.isEmpty { return true }
    return missingWords.contains { word in
      word.count == cell.count && word.indices.allSatisfy { word[$0] == lowercase(cell[$0]) }
    }
  }

  /// The number that a cell stands for: NaN if it is missing, nil if it is text.
  func number(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    if let number = parseNumber(cell, decimalMark: decimalMark) { return number }
    if isMissing(cell) { return .nan }
    guard let groupMark else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: cell.count) { digits in
      var count = 0
      for (index, byte) in cell.enumerated() {
        guard byte == groupMark else {
          digits[count] = byte
          count += 1
          continue
        }
        // Three digits follow, and no fourth one.
        let group = cell[(index + 1)...].prefix { isDigit($0) }
        guard index > 0, isDigit(cell[index - 1]), group.count == 3 else { return nil }
      }
      if count == cell.count { return nil }
      return parseNumber(UnsafeBufferPointer(rebasing: digits[..<count]), decimalMark: decimalMark)
    }
  }

  /// What a missing number is called unless another list is given: pandas's words and `?`, `-`, `--`, `.`.
  package static let missingNames = [
    "", "NA", "N/A", "NaN", "null", "none", "<NA>", "#N/A", "#N/A N/A", "#NA", "-1.#IND",
    "-1.#QNAN", "1.#IND", "1.#QNAN", "?", "-", "--", ".",
  ]
}

/// The value of a cell that says `true` or `false` in any case, or nil.
func truth(_ cell: UnsafeBufferPointer<UInt8>) -> Bool? {
  let cell = trimmed(cell)
  func isWord(_ word: StaticString) -> Bool {
    cell.count == word.utf8CodeUnitCount
      && cell.indices.allSatisfy { lowercase(cell[$0]) == word.utf8Start[$0] }
  }
  return isWord("true") ? true : isWord("false") ? false : nil
}

/// The bytes without spaces and tabs around them.
private func trimmed(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
  guard let first = cell.firstIndex(where: { !isBlank($0) }),
    let last = cell.lastIndex(where: { !isBlank($0) })
  else { return UnsafeBufferPointer(start: nil, count: 0) }
  return UnsafeBufferPointer(rebasing: cell[first...last])
}

/// The small letter of a capital one of ASCII, any other byte as it is.
private func lowercase(_ byte: UInt8) -> UInt8 {
  UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
