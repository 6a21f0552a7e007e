import Tensor
import Testing

// The numbers for seed 42 come from an independent implementation in Python:
//   def philox(c, k):                                   # c = c0...c3, k = k0, k1
//     for _ in range(10):
//       p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
//       c = (p1 >> 32) ^ c[1] ^ k[0], p1 & K, (p0 >> 32) ^ c[3] ^ k[1], p0 & K
//       k = (k[0] + 0x9E3779B9) & K, (k[1] + 0xBB67AE85) & K
//     return c                                          # K = 0xFFFFFFFF

struct RandomGeneratorTests {
  @Test("next() gives the halves of blocks 0, 1, ...")
  func bits() {
    var generator = RandomGenerator(seed: 42)
    let expected: [UInt64] = [
      0x77F5_493B_9CEA_F053, 0x5742_B3D7_12BF_50AD, 0x53BA_6CFD_FCDB_2127, 0x744E_06FB_838F_5A6E,
    ]
    for word in expected {
      #expect(generator.next() == word)
    }
  }

  @Test("A copy repeats the original")
  func valueSemantics() {
    var original = RandomGenerator(seed: 3)
    _ = original.next()
    var copy = original
    for _ in 0..<5 {
      #expect(original.next() == copy.next())
      #expect(original.nextNormal() == copy.nextNormal())
    }
  }

  @Test("split() and stream(_:) give the children that Python computes")
  func children() {
    var generator = RandomGenerator(seed: 42)
    var third = generator.stream(3)
    var nested = generator.stream(3).stream(5)
    var first = generator.split()
    #expect(first.next() == 0x8534_6C23_87FC_B656)
    #expect(first.next() == 0x44FE_701F_55AD_F555)
    #expect(third.next() == 0x7B16_D146_7139_9A3C)
    #expect(third.next() == 0x258A_9382_BE52_F16C)
    #expect(nested.next() == 0x69C3_6C18_896A_1CDC)
    #expect(nested.next() == 0x7D3C_579A_56D9_F761)
    #expect(generator.next() == 0x53BA_6CFD_FCDB_2127, "split() uses a block up")
  }

  @Test("A stream does not depend on what was drawn, a split does")
  func independenceOfDraws() {
    var fresh = RandomGenerator(seed: 9)
    var used = fresh
    _ = used.next()
    var a = fresh.stream(0)
    var b = used.stream(0)
    #expect(a.next() == b.next())
    var c = fresh.split()
    var d = used.split()
    #expect(c.next() != d.next())
  }

  @Test("Generators of different seeds, streams and splits share no number")
  func distinct() {
    var seen: Set<UInt64> = []
    var parent = RandomGenerator(seed: 0)
    var all = (0..<20).map { parent.stream($0) }
    all += (0..<20).map { _ in parent.split() }
    all += (1..<20).map { RandomGenerator(seed: $0) }
    all.append(parent)
    for var generator in all {
      for _ in 0..<50 {
        #expect(seen.insert(generator.next()).inserted)
      }
    }
  }

  @Test("nextInteger(below:) gives the integers that Python computes")
  func integers() {
    // p = word * bound, refused while p mod 2^64 < 2^64 mod bound; the result is p >> 64
    var generator = RandomGenerator(seed: 42)
    let big = 1 << 62 + 1
    let bounds = [
      1, 2, 6, 10, 1000, 1_000_000, 1 << 31 + 1, big, big, big, big, Int.max, 7, 7, 7,
    ]
    let expected = [
      0, 0, 1, 4, 658, 773_584, 1_440_188_118, 3_869_414_159_550_777_583,
      1_087_065_842_617_143_896, 1_353_381_666_749_838_850, 187_265_529_479_720_312,
      6_854_233_532_443_433_125, 1, 2, 1,
    ]
    #expect(bounds.map { generator.nextInteger(below: $0) } == expected)
  }

  @Test("nextInteger(below:) is uniform: chi-square on 7 and 10 bins", arguments: [7, 10])
  func integersAreUniform(_ bound: Int) {
    var generator = RandomGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<20_000 {
      counts[generator.nextInteger(below: bound)] += 1
    }
    #expect(chiSquare(counts) < chiSquareLimit(degrees: bound - 1))
  }

  @Test("nextUniform() stays in [0, 1) and nextNormal() has mean 0 and variance 1")
  func scalars() {
    var generator = RandomGenerator(seed: 11)
    let uniform = (0..<20_000).map { _ in generator.nextUniform() }
    #expect(uniform.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(abs(Moments(uniform).mean - 0.5) < 5 * 0.29 / 141)
    let normal = Moments((0..<20_000).map { _ in generator.nextNormal() })
    #expect(abs(normal.mean) < 5 / 141)
    #expect(abs(normal.variance - 1) < 5 * 1.42 / 141)
  }

  @Test("nextNormal() is the first element of a fill")
  func normalIsFirstOfFill() {
    var one = RandomGenerator(seed: 12)
    var two = one
    for _ in 0..<5 {
      var element = 0.0
      two.fillNormal(&element, count: 1)
      #expect(one.nextNormal() == element)
    }
  }

  @Test("The standard library's algorithms accept the generator")
  func standardLibrary() {
    var generator = RandomGenerator(seed: 1)
    let word = (0..<10).shuffled(using: &generator)
    #expect(word.sorted() == Array(0..<10))
    #expect((3..<5).contains(Int.random(in: 3..<5, using: &generator)))
  }
}
