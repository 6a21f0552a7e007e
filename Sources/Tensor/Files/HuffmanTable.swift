// The decoding table of a canonical Huffman code. The next bits of the stream are the index: one
// look-up tells the symbol and its length. Codes longer than the index end in a second, smaller
// table, to which the entry of their common beginning links.
// Used by Inflate.swift.

struct HuffmanTable {
  /// What a code means, packed into 32 bits.
  ///
  ///     bits 0-7    bits to consume: the code and the extra bits that follow it
  ///     bits 8-11   length of the code alone
  ///     bits 12-15  special; end of block; link
  ///     bits 16-30  literal, base of a length or distance, or index of the linked table
  ///     bit 31      literal
  struct Entry {
    var packed: UInt32

    init(literal: UInt8) { packed = 1 << 31 | UInt32(literal) << 16 }
    init(base: Int, extraBits: Int) { packed = UInt32(base) << 16 | UInt32(extraBits) }
    private init(packed: UInt32) { self.packed = packed }

    static let end = Entry(packed: 1 << 15 | 1 << 14)
    static let unused = Entry(packed: 1 << 15)
    static func link(to index: Int) -> Entry { Entry(packed: UInt32(index) << 16 | 1 << 13) }

    var isLiteral: Bool { packed & (1 << 31) != 0 }
    var isSpecial: Bool { packed & (1 << 15) != 0 }
    var isEnd: Bool { packed & (1 << 14) != 0 }
    var isLink: Bool { packed & (1 << 13) != 0 }
    var literal: UInt8 { UInt8(truncatingIfNeeded: packed &>> 16) }
    var base: Int { Int(truncatingIfNeeded: (packed &>> 16) & 0x7FFF) }
    var bitCount: Int { Int(truncatingIfNeeded: packed & 0xFF) }

    /// The number in the extra bits, which follow the code.
    @inline(__always)
    func extra(_ bits: UInt64) -> Int {
      let codeAndExtra = bits & ((1 &<< UInt64(packed & 0xFF)) &- 1)
      return Int(truncatingIfNeeded: codeAndExtra &>> UInt64((packed &>> 8) & 15))
    }

    func adding(codeLength: Int) -> Entry { Entry(packed: packed + UInt32(codeLength) * 0x101) }
  }

  /// What kind of code a list of lengths describes.
  enum Kind {
    /// Every sequence of bits is a code or begins with one.
    case complete
    /// One code of one bit; RFC 1951 allows it, the other bit is unused.
    case single
    /// No code at all; allowed for the distances of a block without matches.
    case empty
    /// Some sequence has no code, or two codes.
    case invalid
  }

  private(set) var entries: [Entry] = []
  private let indexBits: Int
  /// Index bits of the linked tables: what the longest code leaves.
  private var linkedBits = 0

  init(indexBits: Int) { self.indexBits = indexBits }

  var indexMask: UInt64 { 1 << UInt64(indexBits) - 1 }

  /// The index of the entry behind a link.
  @inline(__always)
  func linked(_ link: Entry, _ bits: UInt64) -> Int {
    let rest = (bits &>> UInt64(truncatingIfNeeded: indexBits))
    return link.base &+ Int(rest & ((1 &<< UInt64(truncatingIfNeeded: linkedBits)) &- 1))
  }

  /// Fills the table for the canonical code with these lengths (0 to 15; 0 means unused).
  ///
  /// Codes of equal length are consecutive numbers in the order of their symbols, and shorter codes
  /// come before longer ones. The stream has a code's first bit lowest, so the numbers are counted
  /// with their bits reversed.
  mutating func build(lengths: ArraySlice<UInt8>, symbols: [Entry]) -> Kind {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    let codeCount = counts.reduce(0, +)
    let longest = counts.lastIndex { $0 > 0 } ?? 0
    // How many codes of 15 bits are still free.
    let free = (1...15).reduce(1 << 15) { $0 - counts[$1] << (15 - $1) }
    let kind: Kind =
      switch (codeCount, free) {
      case (_, 0): .complete
      case (0, _): .empty
      case (1, 1 << 14): .single
      default: .invalid
      }
    if kind == .invalid { return .invalid }

    linkedBits = max(0, longest - indexBits)
    entries.removeAll(keepingCapacity: true)
    entries.append(contentsOf: repeatElement(.unused, count: 1 << indexBits))

    // The symbols sorted by length, then by number.
    var starts = [Int](repeating: 0, count: 17)
    for length in 1...15 { starts[length + 1] = starts[length] + counts[length] }
    var sorted = [Int](repeating: 0, count: codeCount)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      sorted[starts[Int(length)]] = symbol
      starts[Int(length)] += 1
    }

    var code = 0
    var prefix = -1
    for symbol in sorted {
      let length = Int(lengths[lengths.startIndex + symbol])
      let entry = symbols[symbol].adding(codeLength: length)
      var (first, last, step) = (code, 1 << indexBits, 1 << length)
      if length > indexBits {
        if code & (1 << indexBits - 1) != prefix {
          prefix = code & (1 << indexBits - 1)
          entries[prefix] = .link(to: entries.count)
          entries.append(contentsOf: repeatElement(.unused, count: 1 << linkedBits))
        }
        let table = entries[prefix].base
        (first, last) = (table + code >> indexBits, table + 1 << linkedBits)
        step = 1 << (length - indexBits)
      }
      // All continuations of the code mean the same.
      for index in stride(from: first, to: last, by: step) { entries[index] = entry }
      code = successor(of: code, length: length)
    }
    return kind
  }
}

/// The next code of `length` bits, with the carry running from the highest bit, the stream's last,
/// to the lowest.
private func successor(of code: Int, length: Int) -> Int {
  var bit = 1 << (length - 1)
  var code = code
  while code & bit != 0 {
    code ^= bit
    bit >>= 1
  }
  return code | bit
}
