// The library's random number generator: a key, a stream number and the number of the next block of
// `Philox`. Because it is a value, it can be stored, copied and replayed. Because it is a counter,
// every thread can compute its part of a fill without a lock. This file holds the state, the
// streams and single numbers; UniformFill.swift (next), NormalFill.swift and TruncatedNormal.swift
// fill whole buffers, and Shuffle.swift makes random orders.

/// A counter-based generator of random numbers, Philox4x32-10.
///
/// The same seed gives the same numbers on every machine and with any number of threads. A copy of
/// a generator gives the same numbers as the original. For independent generators, use ``split()``
/// or ``stream(_:)``:
/// ```swift
/// var generator = RandomGenerator(seed: 42)
/// let dropout = generator.split()        // the next child; the parent moves on
/// let layer = generator.stream(3)        // child number 3, whatever was drawn before
/// let die = generator.nextInteger(below: 6) + 1
/// ```
/// It is not meant for cryptography.
///
/// Source: J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2,
/// 3", SC 2011.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  var philox: Philox
  /// The number of the next unused block.
  package private(set) var block: UInt64 = 0
  /// The half of the last block that `next()` has not returned yet.
  private var spare: UInt64?

  /// Creates a generator.
  public init(seed: UInt64) {
    philox = Philox(key: seed, stream: 0)
  }

  private init(_ philox: Philox) {
    self.philox = philox
  }

  /// The complete state of the generator, as up to four numbers.
  package var state: [UInt64] {
    [philox.key, philox.stream, block] + (spare.map { [$0] } ?? [])
  }

  /// Creates the generator with the given `state`; nil unless it has three or four numbers.
  package init?(state: [UInt64]) {
    guard (3...4).contains(state.count) else { return nil }
    philox = Philox(key: state[0], stream: state[1])
    block = state[2]
    spare = state.count == 4 ? state[3] : nil
  }

  // MARK: Streams

  /// Creates an independent generator and moves this one on by a block.
  ///
  /// The block gives the child's key (first half) and stream number (second half), so no two
  /// children of a generator are the same.
  public mutating func split() -> RandomGenerator {
    let (key, stream) = nextBlock()
    return RandomGenerator(Philox(key: key, stream: stream))
  }

  /// The independent child generator with number `index`.
  ///
  /// It depends on the seed and on the `split` and `stream` calls that led here, not on the numbers
  /// drawn from this generator. Draws count a generator's blocks up from 0; streams count them down
  /// from 2^64 - 1.
  ///
  /// - Precondition: `index` is not negative.
  public func stream(_ index: Int) -> RandomGenerator {
    require(
      index >= 0, "RandomGenerator.stream: got index \(index), expected 0 or more")
    let (key, stream) = philox[~UInt64(truncatingIfNeeded: index)]
    return RandomGenerator(Philox(key: key, stream: stream))
  }

  /// The generator for element `index` of a tensor whose elements may each take any number of
  /// draws.
  ///
  /// No other child of this generator's parent has its key, so these streams never overlap others.
  func ofElement(_ index: Int) -> RandomGenerator {
    RandomGenerator(
      Philox(key: philox.key, stream: philox.stream &+ UInt64(truncatingIfNeeded: index)))
  }

  // MARK: Single numbers

  /// Returns 64 random bits, half a block.
  public mutating func next() -> UInt64 {
    if let half = spare {
      spare = nil
      return half
    }
    let (low, high) = nextBlock()
    spare = high
    return low
  }

  /// Returns a number from [0, 1), a multiple of 2^-53.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns a number from the standard normal distribution, made from one block as in
  /// `fillNormal`.
  public mutating func nextNormal() -> Double {
    let (radius, angle) = nextBlock()
    return normalPair(radius, angle).cosine
  }

  /// Returns an integer from 0..<`bound`, each with exactly the same probability.
  ///
  /// Source: D. Lemire, "Fast random integer generation in an interval", ACM Transactions on
  /// Modeling and Computer Simulation 29, 2019.
  ///
  /// - Precondition: `bound` is positive.
  public mutating func nextInteger(below bound: Int) -> Int {
    require(
      bound > 0, "RandomGenerator.nextInteger: got the bound \(bound), expected 1 or more")
    let range = UInt64(truncatingIfNeeded: bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      // Without rejecting 2^64 mod range of the products' low halves, some integers would be more
      // likely.
      let excess = (0 &- range) % range
      while product.low < excess {
        product = next().multipliedFullWidth(by: range)
      }
    }
    return Int(truncatingIfNeeded: product.high)
  }

  // MARK: Blocks

  private mutating func nextBlock() -> (UInt64, UInt64) {
    defer { block &+= 1 }
    return philox[block]
  }

  /// Advances by `bits` random bits, rounded up to whole blocks of 128.
  package mutating func skip(bits: Int) {
    block &+= UInt64(truncatingIfNeeded: (bits + 127) / 128)
  }

  /// Passes `count` random words to `body`, one part at a time.
  ///
  /// Word i of a fill is word i of the blocks starting at `block`, low halves first; `offset` is
  /// the number of words to skip before the first.
  ///
  /// - Parameters:
  ///   - word: `UInt32` or `UInt64`, four or two to a block.
  ///   - offset: A multiple of 4.
  ///   - count: The number of words.
  ///   - body: Takes a pointer to the words of a part, which reach to the end of the last block,
  ///     the part's position among the `count` words, a multiple of 4, and its length.
  @inline(__always)
  func withWords<Word: FixedWidthInteger>(
    _ word: Word.Type, offset: Int, count: Int,
    _ body: (_ words: UnsafeMutablePointer<Word>, _ first: Int, _ count: Int) -> Void
  ) {
    require(
      count >= 0 && offset >= 0 && offset % 4 == 0,
      "RandomGenerator: got \(count) elements at offset \(offset); the count must not be negative "
        + "and the offset must be a multiple of 4, so that it falls between two blocks")
    let blockWords = 16 / MemoryLayout<Word>.size
    // 1 KiB, the largest temporary that certainly lies on the stack.
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { buffer in
      let halves = buffer.baseAddress!
      let capacity = 64 &* blockWords
      halves.withMemoryRebound(to: Word.self, capacity: capacity) { words in
        var first = 0
        while first < count {
          let part = min(capacity, count &- first)
          let start = block &+ UInt64(truncatingIfNeeded: (offset &+ first) / blockWords)
          philox.copy((part &+ blockWords &- 1) / blockWords, from: start, to: halves)
          body(words, first, part)
          first &+= part
        }
      }
    }
  }
}
