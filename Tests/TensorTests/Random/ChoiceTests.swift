import Tensor
import TestSupport
import Testing

@Suite("Choice")
struct ChoiceTests {
  @Test("NumPy's legacy generator, digit for digit")
  func legacy() {
    // r = np.random.RandomState(42); r.randint(-3, 5, 8); r.choice(5, 4); r.choice(6, 4, replace=False)
    // r.choice(4, 5, p=[.1, .2, .3, .4]); r.choice(5, 4, False, [.1, .2, .3, .35, .05])
    var r = MersenneTwister(seed: 42)
    #expect(r.integers(in: -3..<5, count: 8) == [3, 0, 1, 3, -1, 4, 1, 1])
    #expect(r.choice(from: 5, count: 4) == [1, 2, 2, 2])
    #expect(r.choice(from: 6, count: 4, replacing: false) == [0, 1, 2, 5])
    #expect(r.choice(from: 4, count: 5, probabilities: [0.1, 0.2, 0.3, 0.4]) == [0, 3, 3, 0, 3])
    #expect(
      r.choice(from: 5, count: 4, replacing: false, probabilities: [0.1, 0.2, 0.3, 0.35, 0.05])
        == [3, 0, 2, 1])
  }

  @Test("NumPy's legacy generator over half of all integers and nearly all")
  func wideRanges() {
    // RandomState(0).randint(-2**63, 2**63 - 1, 3, dtype=np.int64)
    var r = MersenneTwister(seed: 0)
    #expect(
      r.integers(in: .min ..< .max, count: 3)
        == [900_450_186_894_289_455, 3_969_543_146_641_149_120, 1_895_649_597_198_586_619])
    // r = RandomState(5); r.randint(-2**62, 2**62 + 5, 3, dtype=np.int64); r.randint(0, 2**32, 3, ...)
    r = MersenneTwister(seed: 5)
    #expect(
      r.integers(in: -1 << 62..<1 << 62 + 5, count: 3)
        == [-516_634_799_685_744_434, -798_390_687_407_154_058, 4_397_910_206_407_672_548])
    #expect(
      r.integers(in: 0..<1 << 32, count: 3) == [2_627_419_879, 1_703_970_750, 3_289_549_211])
  }

  @Test("integers fill their range evenly", arguments: [1, 3, 256, 1 << 33])
  func integers(size: Int) {
    var generator = RandomGenerator(seed: 3)
    let t = Tensor<Int>.integers([1000, 10], in: -2..<size - 2, using: &generator)
    #expect(t.min() >= -2 && t.max() < size - 2)
    let mean = (Tensor<Double>(t).mean() + 2.5) / Double(size)
    #expect(abs(mean - 0.5) < 0.015)
    if size <= 256 { #expect((t + 2).binCount().count == size && (t + 2).unique().count == size) }
  }

  @Test("choices follow their probabilities")
  func choices() {
    var generator = RandomGenerator(seed: 5)
    let drawn = Tensor<Int>(
      generator.choice(from: 3, count: 20_000, probabilities: [0.5, 0, 0.5]))
    let counts = drawn.binCount(minimumLength: 3)
    #expect(counts[1] == 0 && abs(counts[0] - 10_000) < 300)
    #expect(generator.choice(from: 9, count: 9, replacing: false).sorted() == Array(0..<9))
    let ones = Tensor<Float>.bernoulli([20_000], probability: 0.25, using: &generator)
    #expect(abs(ones.mean() - 0.25) < 0.015 && ones.unique() == [0, 1])
  }
}
