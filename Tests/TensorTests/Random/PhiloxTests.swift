import Tensor
import Testing

/// The vectors for `philox4x32 10` that come with Random123, the authors' library: the counter
/// c0...c3, the key k0, k1 and the four words.
private let knownAnswers: [(counter: [UInt32], key: [UInt32], words: [UInt32])] = [
  (
    [0, 0, 0, 0], [0, 0],
    [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]
  ),
  (
    [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [0xFFFF_FFFF, 0xFFFF_FFFF],
    [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
  ),
  (
    [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
    [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
  ),
]

struct PhiloxTests {
  @Test("Philox4x32-10 gives the known answers", arguments: knownAnswers.indices)
  func knownAnswer(_ index: Int) {
    let (counter, key, words) = knownAnswers[index]
    func join(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(low) | UInt64(high) << 32 }
    let philox = Philox(key: join(key[0], key[1]), stream: join(counter[2], counter[3]))
    let block = philox[join(counter[0], counter[1])]
    #expect(block.0 == join(words[0], words[1]))
    #expect(block.1 == join(words[2], words[3]))
  }

  @Test("Copied blocks are the blocks one by one, across every carry", arguments: 0...19)
  func copying(_ count: Int) {
    let philox = Philox(key: 0x0123_4567_89AB_CDEF, stream: 0xFEDC_BA98_7654_3210)
    for start in [0, 0xFFFF_FFF8, UInt64.max - 7] {
      var words = [UInt64](repeating: 7, count: 2 * count + 1)
      words.withUnsafeMutableBufferPointer {
        philox.copy(count, from: start, to: $0.baseAddress!)
      }
      for i in 0..<count {
        let block = philox[start &+ UInt64(i)]
        #expect(words[2 * i] == block.0)
        #expect(words[2 * i + 1] == block.1)
      }
      #expect(words[2 * count] == 7, "wrote past the end")
    }
  }
}
