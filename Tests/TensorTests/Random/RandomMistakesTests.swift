import Tensor
import Testing

/// Whether the process said `words` before it stopped.
private func said(_ words: String, _ result: ExitTest.Result?) -> Bool {
  guard let result else { return false }
  return String(decoding: result.standardErrorContent, as: UTF8.self).contains(words)
}

struct RandomMistakesTests {
  @Test("A range without width stops and is named")
  func emptyRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      var x: Float = 0
      generator.fillUniform(&x, count: 1, in: 2..<2)
    }
    #expect(said("fillUniform: got the range 2.0..<2.0", result))
  }

  @Test("A range of infinite width stops")
  func infiniteRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      var x = 0.0
      generator.fillUniform(&x, count: 1, in: -1e308..<1e308)
    }
    #expect(said("fillUniform: got the range -1e+308..<1e+308", result))
  }

  @Test("A probability that is none stops and is named")
  func probability() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      var x = 0.0
      generator.fillBernoulli(&x, count: 1, probability: .nan)
    }
    #expect(said("fillBernoulli: got the probability nan", result))
  }

  @Test("A negative standard deviation stops and is named")
  func standardDeviation() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      var x = 0.0
      generator.fillTruncatedNormal(&x, count: 1, standardDeviation: -1)
    }
    #expect(said("fillTruncatedNormal: got the standard deviation -1.0", result))
  }

  @Test("A part that starts within a block stops and is named")
  func offset() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var x: Float = 0
      RandomGenerator(seed: 0).fillUniform(&x, count: 1, in: 0..<1, offset: 6)
    }
    #expect(said("got 1 elements at offset 6", result))
  }

  @Test("Negative counts, bounds and streams stop")
  func negatives() async {
    await #expect(processExitsWith: .failure) { _ = RandomGenerator(seed: 0).stream(-1) }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 0)
      _ = generator.nextInteger(below: 0)
    }
    await #expect(processExitsWith: .failure) {
      var generator = MersenneTwister(seed: 0)
      _ = generator.nextInteger(upTo: -1)
    }
    await #expect(processExitsWith: .failure) {
      var generator = MersenneTwister(seed: 0)
      _ = generator.permutation(-1)
    }
  }
}
