// Byte-pair encoding as in GPT-2. GPT2Pattern.swift splits a text into pieces. Within a piece, the
// tokens are at first single bytes; then the neighbouring pair that was learned first is merged,
// again and again. Next: BytePairEncoder+Training.swift, which learns the pairs.
// BytePairEncoder+Files.swift reads and writes them.

/// A tokenizer whose tokens are bytes and frequent byte sequences, so that it can encode any text.
///
/// ```swift
/// let gpt2 = try BytePairEncoder(vocabulary: "vocab.json", merges: "merges.txt")
/// gpt2.encode("Hello world")          // [15496, 995]
/// gpt2.decode([15496, 995])           // "Hello world"
///
/// let own = BytePairEncoder(trainedOn: [text], count: 1_000)
/// ```
/// Texts are split by GPT-2's pattern. The numbers are those of OpenAI's tiktoken and Hugging
/// Face's tokenizers for the same vocabulary.
public struct BytePairEncoder: Tokenizer {
  /// The bytes of each token, indexed by its number.
  public let tokens: [[UInt8]]
  /// The special tokens, such as `<|endoftext|>`; only `encodeWithSpecialTokens` produces them.
  public let specialTokens: [String: Int]
  /// The pairs of tokens that are merged, highest priority first.
  let merges: [Merge]
  private let mergeOfPair: [UInt64: Merge]
  private let tokenOfByte: [UInt32]

  /// A pair of tokens that is merged into one.
  struct Merge: Sendable {
    let left: UInt32
    let right: UInt32
    /// The resulting token.
    let result: UInt32
    /// The priority: lower ranks first; at equal rank, the first pair in the text.
    let rank: UInt32
  }

  /// - Precondition: every byte is a token, and merges only refer to tokens.
  init(tokens: [[UInt8]], specialTokens: [String: Int], merges: [Merge]) {
    self.tokens = tokens
    self.specialTokens = specialTokens
    self.merges = merges
    mergeOfPair = Dictionary(
      merges.map { (pairKey($0.left, $0.right), $0) }, uniquingKeysWith: { first, _ in first })
    var tokenOfByte = [UInt32](repeating: 0, count: 256)
    let special = Set(specialTokens.values)
    for (number, token) in tokens.enumerated() where token.count == 1 && !special.contains(number) {
      tokenOfByte[Int(token[0])] = UInt32(number)
    }
    self.tokenOfByte = tokenOfByte
  }

  /// The number of tokens.
  public var count: Int { tokens.count }

  /// The tokens of a text; the names of special tokens are treated as ordinary text.
  public func encode(_ text: String) -> [Int] {
    var text = text
    return text.withUTF8 { encode($0) }
  }

  /// The tokens of a text in which the names of special tokens are encoded as these tokens.
  ///
  /// Do not use it for untrusted text.
  public func encodeWithSpecialTokens(_ text: String) -> [Int] {
    var result: [Int] = []
    var rest = text[...]
    while true {
      let next = specialTokens.compactMap { name, number in
        rest.firstRange(of: name).map { (range: $0, number: number) }
      }.min {
        ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
      }
      guard let next else { return result + encode(String(rest)) }
      result += encode(String(rest[..<next.range.lowerBound])) + [next.number]
      rest = rest[next.range.upperBound...]
    }
  }

  /// The tokens of a UTF-8 file; only the tokens are kept in memory, so the file may be large.
  ///
  /// - Throws: `FileError` if the file cannot be read or is not valid UTF-8.
  public func encode(contentsOf path: String) throws(FileError) -> [Int] {
    let file = try FileBytes(mapping: path)
    return try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try requireUTF8(bytes, path: path)
      return encode(bytes)
    }
  }

  /// The text of tokens; invalid UTF-8, such as a truncated character, becomes U+FFFD.
  ///
  /// - Precondition: all numbers lie in `0..<count`.
  public func decode(_ tokens: some Sequence<Int>) -> String {
    String(decoding: bytes(of: tokens), as: UTF8.self)
  }

  /// The bytes of tokens, to assemble a text that is generated token by token.
  ///
  /// - Precondition: all numbers lie in `0..<count`.
  public func bytes(of tokens: some Sequence<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    for token in tokens {
      requireToken(token)
      bytes += self.tokens[token]
    }
    return bytes
  }
}

// MARK: - Encoding

/// A pair of tokens as a dictionary key.
func pairKey(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

extension BytePairEncoder {
  /// The tokens of valid UTF-8.
  private func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(bytes.count / 4)
    var seen = SeenPieces()
    var merger = Merger()
    GPT2Scanner.scan(bytes) { scanner in
      var start = 0
      while start < bytes.count {
        let end = scanner.pieceEnd(from: start, to: bytes.count)
        let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if let known = seen.tokens(of: piece, in: bytes) {
          for place in known { result.append(result[place]) }
        } else {
          let first = result.count
          merge(piece, with: &merger, appendingTo: &result)
          seen.insert(start..<end, tokens: first..<result.count)
        }
        start = end
      }
    }
    return result
  }

  /// Merges the bytes of a piece as far as possible.
  ///
  /// The tokens form a linked list, in which a token stays at the position of its first byte. The
  /// queue holds all pairs of neighbours that can be merged, and some that no longer exist. O(n log
  /// n), since a piece can be long.
  private func merge(
    _ piece: UnsafeBufferPointer<UInt8>, with merger: inout Merger, appendingTo result: inout [Int]
  ) {
    let count = piece.count
    merger.start(count)
    for place in 0..<count { merger.tokens[place] = tokenOfByte[Int(piece[place])] }
    for place in 0..<count - 1 { enqueue(place, in: &merger) }
    while let candidate = merger.queue.popLeast() {
      let place = Int(candidate & 0xFFFF_FFFF)
      let right = merger.next[place]
      // A position that was merged into the previous one has no next.
      guard right > 0, right < count,
        let merge = mergeOfPair[pairKey(merger.tokens[place], merger.tokens[right])],
        UInt64(merge.rank) == candidate >> 32
      else { continue }
      merger.tokens[place] = merge.result
      let after = merger.next[right]
      merger.next[place] = after
      merger.next[right] = 0
      if after < count {
        merger.previous[after] = place
        enqueue(place, in: &merger)
      }
      if place > 0 { enqueue(merger.previous[place], in: &merger) }
    }
    var place = 0
    while place < count {
      result.append(Int(merger.tokens[place]))
      place = merger.next[place]
    }
  }

  /// Queues the pair at a position if it can be merged.
  @inline(__always)
  private func enqueue(_ place: Int, in merger: inout Merger) {
    let pair = pairKey(merger.tokens[place], merger.tokens[merger.next[place]])
    if let merge = mergeOfPair[pair] {
      merger.queue.insert(UInt64(merge.rank) << 32 | UInt64(place))
    }
  }
}

/// The working memory for merging, reused for each piece.
private struct Merger {
  var tokens: [UInt32] = []
  var previous: [Int] = []
  /// The position after each token; 0 for positions inside a token.
  var next: [Int] = []
  /// The ranks and positions of pairs.
  var queue = Heap<UInt64>()

  /// Prepares for a piece of `count` bytes.
  mutating func start(_ count: Int) {
    require(count < 1 << 32, "encode: a word of \(count) bytes, expected less than 4 GB")
    if tokens.count < count {
      tokens += repeatElement(0, count: count - tokens.count)
      previous += repeatElement(0, count: count - previous.count)
      next += repeatElement(0, count: count - next.count)
    }
    for place in 0..<count {
      previous[place] = place - 1
      next[place] = place + 1
    }
    queue.removeAll()
  }
}

/// A cache of pieces with their first position in the text and their tokens in the result.
///
/// Most words of a text have been seen before.
private struct SeenPieces {
  private struct Entry {
    var piece = 0..<0
    var tokens = 0..<0
  }

  /// A hash table with open addressing; free slots hold an empty piece.
  private var slots = [Entry](repeating: Entry(), count: 1 << 10)
  private var count = 0
  /// The slot where the last search ended, and the hash it looked for.
  private var free = 0

  /// The range in the result of the tokens of a cached piece; nil if it is not cached.
  mutating func tokens(
    of piece: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    if 2 * count > slots.count { grow(bytes) }
    var slot = Self.hash(piece) & (slots.count &- 1)
    while !slots[slot].piece.isEmpty {
      let known = slots[slot].piece
      if known.count == piece.count,
        piece.elementsEqual(UnsafeBufferPointer(rebasing: bytes[known]))
      {
        return slots[slot].tokens
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    free = slot
    return nil
  }

  /// Inserts the piece of the last, unsuccessful search.
  mutating func insert(_ piece: Range<Int>, tokens: Range<Int>) {
    // Beyond this number, new pieces are unlikely to occur again.
    guard count < 1 << 20 else { return }
    slots[free] = Entry(piece: piece, tokens: tokens)
    count += 1
  }

  private mutating func grow(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard count < 1 << 20 else { return }
    let old = slots
    slots = Array(repeating: Entry(), count: 4 * old.count)
    for entry in old where !entry.piece.isEmpty {
      var slot = Self.hash(UnsafeBufferPointer(rebasing: bytes[entry.piece])) & (slots.count - 1)
      while !slots[slot].piece.isEmpty { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }

  /// The FNV-1a hash with its high bits folded in.
  private static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash &>> 32)
  }
}
