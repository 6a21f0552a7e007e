import Layers
import TestSupport
import Testing

/// Logits that depend on the last token alone: a table of what follows what.
private struct Bigram: Layer {
  typealias Scalar = Double
  let table: [[Double]]

  func call(_ x: Variable<Double>, in context: Context<Double>) -> Variable<Double> {
    let rows = x.value.elements.flatMap { table[Int($0)] }
    return context.tape.constant(
      Tensor(rows, shape: [x.shape[0], x.shape[1], table.count]))
  }
}

private let network = Bigram(table: [[0, 3, 1], [2, 0, 2.5], [4, 0, 0]])

@Suite("Generation")
struct GenerationTests {
  @Test("chooses by temperature, top k, top p and penalty as transformers does")
  func probabilities() {
    let logits = [2.0, 1, -1, 0.5]
    expectClose(
      TokenSampling().probabilities(of: logits),
      [0.6094600375988771, 0.22420781804820114, 0.030343228559416225, 0.1359889157935055])
    let cold = TokenSampling(temperature: 0.5).probabilities(of: logits)
    #expect(cold[0] > 0.8)
    #expect(TokenSampling.greedy.probabilities(of: [1, 5, 5]) == [0, 1, 0])
    let two = TokenSampling(topK: 2).probabilities(of: logits)
    expectClose(two, [0.7310585786300049, 0.2689414213699951, 0, 0])
    #expect(TokenSampling(topP: 0.5).probabilities(of: logits) == [1, 0, 0, 0])
    #expect(TokenSampling(topP: 0.7).probabilities(of: logits).count { $0 > 0 } == 2)
    #expect(TokenSampling(topP: 1).probabilities(of: logits).count { $0 > 0 } == 4)
    let penalised = TokenSampling(repetitionPenalty: 2).probabilities(
      of: logits, after: [0, 0, 2, 99])
    expectClose(penalised, TokenSampling().probabilities(of: [1, 1, -2, 0.5]))
    #expect(TokenSampling().probabilities(of: [.infinity, 0]) == [1, 0])
  }

  @Test("draws each token as often as it is likely")
  func frequencies() {
    var generator = RandomGenerator(seed: 1)
    var counts = [0, 0, 0]
    for _ in 0..<3000 { counts[TokenSampling().choose(from: [0, 1, 2], using: &generator)] += 1 }
    let expected = TokenSampling().probabilities(of: [0, 1, 2])
    for (count, probability) in zip(counts, expected) {
      #expect(abs(Double(count) / 3000 - probability) < 0.03)
    }
  }

  @Test("writes the same text for the same seed, and the likeliest without chance")
  func text() {
    var generator = RandomGenerator(seed: 1)
    #expect(
      network.generate(4, after: [0], window: 2, sampling: .greedy, using: &generator)
        == [1, 2, 0, 1])
    let first = network.generate(20, after: [0], window: 2, using: &generator)
    generator = RandomGenerator(seed: 1)
    #expect(first == network.generate(20, after: [0], window: 2, using: &generator))
    var seen: [Int] = []
    network.generate(9, after: [0], window: 2, sampling: .greedy, using: &generator) {
      seen.append($0)
      return $0 != 2
    }
    #expect(seen == [1, 2])
  }

  @Test("finds the likeliest continuation among all where the beam is wide")
  func beam() {
    // All continuations of two tokens, with their probabilities.
    let logs = network.table.map { (Tensor($0) - Tensor($0).logSumExp()).elements }
    var all: [(tokens: [Int], logProbability: Double)] = []
    for a in 0..<3 { for b in 0..<3 { all.append(([a, b], logs[0][a] + logs[a][b])) } }
    all.sort { $0.logProbability > $1.logProbability }
    let found = network.beamSearch(width: 9, 2, after: [0], window: 1)
    #expect(found.map(\.tokens) == all.map(\.tokens))
    expectClose(found.map(\.logProbability), all.map(\.logProbability))
    let ended = network.beamSearch(width: 1, 5, after: [0], window: 1, end: 2)
    #expect(ended.map(\.tokens) == [[1, 2]])
  }
}
