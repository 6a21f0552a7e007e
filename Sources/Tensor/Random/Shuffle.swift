// Random orders. They use the words of the fill functions, many at a time, which is several times
// as fast as calling the generator for every element. Next: MersenneTwister.swift, for NumPy's
// orders and numbers.

extension RandomGenerator {
  /// Shuffles indices; every order has the same probability.
  ///
  /// Advances by about a block per 4 elements. For collections of other elements, use the standard
  /// library's `shuffle(using:)`, which is slower.
  ///
  /// Source: the algorithm of R. Fisher and F. Yates in R. Durstenfeld's form, from the last
  /// element to the first, with integers drawn as in D. Lemire, "Fast random integer generation in
  /// an interval".
  public mutating func shuffle(_ indices: UnsafeMutableBufferPointer<Int32>) {
    shuffleElements(indices)
  }

  /// Shuffles indices, into the same order as a buffer of the same length.
  public mutating func shuffle(_ indices: inout [Int]) {
    indices.withUnsafeMutableBufferPointer { shuffleElements($0) }
  }

  /// Returns 0..<`count` in random order.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func permutation(_ count: Int) -> [Int] {
    require(
      count >= 0 && count <= UInt32.max,
      "RandomGenerator.permutation: got the count \(count), expected 0 to 2^32 - 1")
    var indices = Array(0..<count)
    shuffle(&indices)
    return indices
  }

  @inline(__always)
  private mutating func shuffleElements<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>
  ) {
    require(
      elements.count <= UInt32.max,
      "RandomGenerator.shuffle: got \(elements.count) elements, expected 2^32 - 1 at most")
    var i = elements.count - 1
    // One round for every 256 elements, and another when words had to be rejected.
    while i > 0 {
      let words = min(256, i)
      withWords(UInt32.self, offset: 0, count: words) { words, _, count in
        for k in 0..<count {
          let choices = UInt64(truncatingIfNeeded: i &+ 1)
          let product = UInt64(words[k]) &* choices
          let low = product & 0xFFFF_FFFF
          // Without rejecting 2^32 mod choices of the words, some indices would be more likely.
          if low < choices && low < (1 &<< 32 &- choices) % choices { continue }
          elements.swapAt(i, Int(truncatingIfNeeded: product &>> 32))
          i &-= 1
        }
      }
      skip(bits: 32 * words)
    }
  }
}
