import Tensor
import Testing

struct ShuffleTests {
  @Test("Permutations are those that Python computes")
  func goldens() {
    // while i > 0:
    //   m = min(256, i)
    //   words = [m words from block b on]; b += (m + 3) // 4
    //   for w in words:
    //     p = w * (i + 1)
    //     if p % 2**32 < 2**32 % (i + 1): continue
    //     swap a[i] with a[p >> 32]; i -= 1
    var generator = RandomGenerator(seed: 42)
    #expect(generator.permutation(10) == [7, 3, 8, 9, 1, 5, 2, 0, 4, 6])
    #expect(generator.block == 3)

    generator = RandomGenerator(seed: 42)
    let thousand = generator.permutation(1000)
    #expect([0, 1, 499, 999].map { thousand[$0] } == [394, 617, 645, 612])
    #expect(thousand.enumerated().reduce(0) { $0 + $1.offset * $1.element } == 246_220_748)
    #expect(generator.block == 250)

    generator = RandomGenerator(seed: 42)
    let many = generator.permutation(100_003)
    #expect([0, 1, 499, 100_002].map { many[$0] } == [5256, 61280, 99702, 61297])
    #expect(many.enumerated().reduce(0) { $0 + $1.offset * $1.element } == 250_061_618_975_516)
    #expect(generator.block == 25_001)
  }

  @Test("Int32 and Int come into the same order", arguments: [0, 1, 2, 3, 5, 256, 257, 258, 1000])
  func sameOrder(_ count: Int) {
    var one = RandomGenerator(seed: 6)
    var two = one
    let expected = one.permutation(count)
    var indices = (0..<count).map { Int32($0) }
    indices.withUnsafeMutableBufferPointer { two.shuffle($0) }
    #expect(indices.map { Int($0) } == expected)
    #expect(expected.sorted() == Array(0..<count))
    #expect(one.next() == two.next())
  }

  @Test("All 24 orders of four elements are equally likely")
  func uniformOrders() {
    var generator = RandomGenerator(seed: 2)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      counts[generator.permutation(4), default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < chiSquareLimit(degrees: 23))
  }

  @Test("An element of 20 ends at every place equally often")
  func uniformPlaces() {
    var generator = RandomGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 20)
    for _ in 0..<10_000 {
      counts[generator.permutation(20)[7]] += 1
    }
    #expect(chiSquare(counts) < chiSquareLimit(degrees: 19))
  }
}
