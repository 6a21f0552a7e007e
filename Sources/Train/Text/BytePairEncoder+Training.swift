// Training a byte-pair encoder: count the pieces of the texts, then repeatedly merge the most
// frequent pair of neighbours everywhere. Next: BytePairEncoder+Files.swift, which saves the
// result.

extension BytePairEncoder {
  /// Learns tokens from the most frequent byte sequences of texts.
  ///
  /// Of equally frequent pairs, the one with the lower numbers is merged first. The tokens are
  /// those of Hugging Face's `BpeTrainer` with a `ByteLevel` alphabet.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - count: The number of tokens, including special tokens; short texts may give fewer.
  ///   - specialTokens: The names of special tokens, which get the last numbers.
  public init(
    trainedOn texts: some Sequence<String>, count: Int, specialTokens: [String] = []
  ) {
    var counts = PieceCounts()
    for var text in texts { text.withUTF8 { counts.add($0) } }
    self.init(counts, count: count, specialTokens: specialTokens)
  }

  /// Learns tokens from the most frequent byte sequences of UTF-8 files, which may exceed memory.
  ///
  /// - Parameters:
  ///   - paths: The files.
  ///   - count: The number of tokens, including special tokens; short files may give fewer.
  ///   - specialTokens: The names of special tokens, which get the last numbers.
  /// - Throws: `FileError` if a file cannot be read or is not valid UTF-8; it names the first bad
  ///   byte.
  public init(
    trainedOnContentsOf paths: [String], count: Int, specialTokens: [String] = []
  ) throws(FileError) {
    var counts = PieceCounts()
    for path in paths {
      let file = try FileBytes(mapping: path)
      try file.withUnsafeBufferPointer { bytes throws(FileError) in
        try requireUTF8(bytes, path: path)
        counts.add(bytes)
      }
    }
    self.init(counts, count: count, specialTokens: specialTokens)
  }

  private init(_ counts: PieceCounts, count: Int, specialTokens: [String]) {
    require(
      count >= 256 + specialTokens.count && count < 1 << 31,
      "BytePairEncoder: \(count) tokens, expected one for each of 256 bytes and "
        + "\(specialTokens.count) special ones at least")
    require(
      Set(specialTokens).count == specialTokens.count && !specialTokens.contains(""),
      "BytePairEncoder: the special tokens \(specialTokens) must differ and not be empty")
    var trainer = PairTrainer(counts)
    trainer.run(until: count - specialTokens.count)
    let learned = Set(trainer.tokens)
    if let name = specialTokens.first(where: { learned.contains(Array($0.utf8)) }) {
      fail(
        "BytePairEncoder: the special token \(name.debugDescription) is also learned from the texts, "
          + "expected a name that does not occur in them")
    }
    let first = trainer.tokens.count
    self.init(
      tokens: trainer.tokens + specialTokens.map { Array($0.utf8) },
      specialTokens: Dictionary(uniqueKeysWithValues: zip(specialTokens, first...)),
      merges: trainer.merges)
  }
}

/// How often each piece occurs.
private struct PieceCounts {
  private(set) var counts: [[UInt8]: Int] = [:]

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    GPT2Scanner.scan(bytes) { scanner in
      var start = 0
      while start < bytes.count {
        let end = scanner.pieceEnd(from: start, to: bytes.count)
        counts[Array(bytes[start..<end]), default: 0] += 1
        start = end
      }
    }
  }
}

private struct PairTrainer {
  private(set) var tokens: [[UInt8]]
  private(set) var merges: [BytePairEncoder.Merge] = []
  private var words: [(tokens: [UInt32], count: Int)] = []
  private var pairs: [UInt64: (count: Int, words: Set<Int>)] = [:]
  private var queue = Heap<Candidate>()
  private var numbers: [[UInt8]: UInt32]

  /// A pair with its count when it was queued; the most frequent pair comes first.
  private struct Candidate: Comparable {
    let count: Int
    let pair: UInt64

    static func < (a: Candidate, b: Candidate) -> Bool { (b.count, a.pair) < (a.count, b.pair) }
  }

  init(_ counts: PieceCounts) {
    tokens = ByteAlphabet.bytes.map { [$0] }
    numbers = Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
    for (piece, count) in counts.counts where piece.count > 1 {
      let word = words.count
      words.append((piece.map { numbers[[$0]]! }, count))
      add(word, sign: 1)
    }
    for (pair, entry) in pairs { queue.insert(Candidate(count: entry.count, pair: pair)) }
  }

  /// Merges pairs until there are `count` tokens or no pairs left.
  mutating func run(until count: Int) {
    while tokens.count < count, let best = queue.popLeast() {
      guard let entry = pairs[best.pair] else { continue }
      guard entry.count == best.count else {
        // Its count has decreased since it was queued, so it is queued again.
        queue.insert(Candidate(count: entry.count, pair: best.pair))
        continue
      }
      join(best.pair, in: entry.words)
    }
  }

  private mutating func join(_ pair: UInt64, in places: Set<Int>) {
    let (left, right) = (UInt32(pair >> 32), UInt32(truncatingIfNeeded: pair))
    let bytes = tokens[Int(left)] + tokens[Int(right)]
    let result = numbers[bytes] ?? UInt32(tokens.count)
    if numbers.updateValue(result, forKey: bytes) == nil { tokens.append(bytes) }
    merges.append(.init(left: left, right: right, result: result, rank: UInt32(merges.count)))
    var new: Set<UInt64> = []
    for word in places {
      add(word, sign: -1)
      var joined: [UInt32] = []
      for token in words[word].tokens {
        // The result may equal `left`'s number only if it is longer, so it is never joined twice.
        if token == right, joined.last == left {
          joined[joined.count - 1] = result
        } else {
          joined.append(token)
        }
      }
      words[word].tokens = joined
      add(word, sign: 1)
      for pair in Self.pairs(of: joined) where pair >> 32 == result || pair & 0xFFFF_FFFF == result
      {
        new.insert(pair)
      }
    }
    for pair in new { queue.insert(Candidate(count: pairs[pair]!.count, pair: pair)) }
  }

  /// Adds or subtracts the counts of a word's pairs.
  private mutating func add(_ word: Int, sign: Int) {
    for pair in Self.pairs(of: words[word].tokens) {
      var entry = pairs[pair] ?? (0, [])
      pairs[pair] = nil  // The set has one owner while it changes.
      entry.count += sign * words[word].count
      if sign > 0 { entry.words.insert(word) } else { entry.words.remove(word) }
      if entry.count > 0 { pairs[pair] = entry }
    }
  }

  private static func pairs(of tokens: [UInt32]) -> some Sequence<UInt64> {
    zip(tokens, tokens.dropFirst()).lazy.map { pairKey($0, $1) }
  }
}
