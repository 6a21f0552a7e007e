import ArrayFiles
import Testing

@Suite("Deflate")
struct DeflateTests {
  private static let sizes = [
    0, 1, 2, 3, 4, 5, 257, 258, 259, 784, 4095, 32_768, 65_535, 65_536, 200_000,
  ]

  @Test("text-like data comes back and is smaller", arguments: sizes)
  func text(count: Int) throws {
    var random = SplitMix64(state: UInt64(count))
    let words = (0..<50).map { _ in
      (0..<Int.random(in: 1...9, using: &random)).map { _ in
        UInt8.random(in: 97...122, using: &random)
      }
    }
    var data: [UInt8] = []
    while data.count < count { data += words.randomElement(using: &random)! + [32] }
    data.removeLast(data.count - count)
    let stream = data.withUnsafeBufferPointer { deflated($0) }
    #expect(try inflated(stream) == data)
    #expect(stream.count < (count < 4000 ? count + 6 : count / 2))
    #expect(try unzlibbed(zlibCompressed(data)) == data)
  }

  @Test("random data comes back, stored, five bytes per 65535 larger", arguments: sizes)
  func noise(count: Int) throws {
    var random = SplitMix64(state: 1)
    let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let stream = data.withUnsafeBufferPointer { deflated($0) }
    #expect(try inflated(stream) == data)
    #expect(stream.count <= count + 5 * max(1, (count + 65_534) / 65_535))
  }

  @Test("a match may reach back 32768 bytes", arguments: [32_767, 32_768, 32_769])
  func farMatches(distance: Int) throws {
    var random = SplitMix64(state: 7)
    let beginning = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
    let data = beginning + [UInt8](repeating: 0, count: distance - 200) + beginning
    let stream = data.withUnsafeBufferPointer { deflated($0) }
    #expect(try inflated(stream) == data)
    // The 200 bytes are sent once if they are in reach.
    #expect((stream.count < 500) == (distance <= 32_768))
  }
}
