// Philox4x32-10, the counter-based cipher behind `RandomGenerator` (J. Salmon, M. Moraes, R. Dror
// and D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A key chooses a bijection
// of 128-bit numbers; counting 0, 1, 2, ... through it gives random words. No state is carried from
// one block to the next, so any thread can compute any block in any order. Next:
// RandomGenerator.swift.

/// The endless array of 128-bit random blocks that belongs to a key and a stream number.
///
/// The counter (c0, c1, c2, c3) of a block holds the block's number in c0 and c1 and the stream's
/// number in c2 and c3, low halves first. Ten rounds turn it into four random words:
/// ```
/// (c0, c1, c2, c3) <- (high(M1 c2) ^ c1 ^ k0, low(M1 c2), high(M0 c0) ^ c3 ^ k1, low(M0 c0))
/// (k0, k1)         <- (k0 + W0, k1 + W1) mod 2^32
/// ```
package struct Philox: Sendable {
  package var key: UInt64
  package var stream: UInt64

  package init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// The words of one block: c0 and c1 in the low and high half of the first, c2 and c3 of the
  /// second.
  @inline(__always)
  package subscript(block: UInt64) -> (UInt64, UInt64) {
    var c0 = UInt32(truncatingIfNeeded: block)
    var c1 = UInt32(truncatingIfNeeded: block &>> 32)
    var c2 = UInt32(truncatingIfNeeded: stream)
    var c3 = UInt32(truncatingIfNeeded: stream &>> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key &>> 32)
    for _ in 0..<10 {
      let product0 = UInt64(c0) &* 0xD251_1F53
      let product1 = UInt64(c2) &* 0xCD9E_8D57
      c0 = UInt32(truncatingIfNeeded: product1 &>> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: product1)
      c2 = UInt32(truncatingIfNeeded: product0 &>> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: product0)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (UInt64(c0) | UInt64(c1) &<< 32, UInt64(c2) | UInt64(c3) &<< 32)
  }

  /// Writes `count` blocks starting at number `block`, two elements each.
  ///
  /// The compiler computes several blocks side by side here. SIMD types would be slower, because
  /// their `^` and `&>>` go lane by lane.
  package func copy(_ count: Int, from block: UInt64, to words: UnsafeMutablePointer<UInt64>) {
    for i in 0..<count {
      let (low, high) = self[block &+ UInt64(truncatingIfNeeded: i)]
      words[2 &* i] = low
      words[2 &* i &+ 1] = high
    }
  }
}
