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

/// Gives what it takes and says nothing of caches.
private struct Uncached<Scalar: TensorFloat>: Layer {
  func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> { x }
}

/// A network that writes ten words, in the state in which it was made.
private func writer<Scalar: TensorFloat>(
  _ kind: String, of _: Scalar.Type
) -> Sequential<Scalar> {
  // Large weights, so that what a token says matters.
  let embedding = Embedding<Scalar>(
    10, 8, inputShape: [12], embeddingsInitializer: .uniform(in: -1..<1))
  func block(_ rotaryBase: Double? = nil) -> TransformerEncoder<Scalar> {
    TransformerEncoder(
      heads: 2, units: 16, isCausal: true, normalizesFirst: true, rotaryBase: rotaryBase,
      dropout: 0.1)
  }
  let layers: [any Layer<Scalar>] =
    switch kind {
    case "gpt": [embedding, PositionEmbedding(), block(), block(), LayerNormalization(), Dense(10)]
    case "rotary": [embedding, block(100), block(100), Dense(10)]
    case "sinusoidal": [embedding, PositionEmbedding(.sinusoidal), block(), Dense(10)]
    case "tied":
      [
        TiedEmbedding(embedding, activation: .softmax) {
          PositionEmbedding<Scalar>(length: 20)
          block(100)
          LayerNormalization<Scalar>()
        }
      ]
    case "lstm":
      [embedding, LSTM(6, returnSequences: true), LSTM(6, returnSequences: true), Dense(10)]
    default: [embedding, Residual { GRU<Scalar>(8, returnSequences: true) }, Dense(10)]
    }
  return Sequential(layers)
}

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

  @Test(
    "computes each step once, with the logits of the whole text",
    arguments: ["gpt", "rotary", "sinusoidal", "tied", "lstm", "gru"])
  func cache(kind: String) {
    func check<Scalar: TensorFloat>(_: Scalar.Type, _ relative: Double) {
      var network = writer(kind, of: Scalar.self)
      var generator = RandomGenerator(seed: 3)
      network.initialize(using: &generator)
      #expect(network.supportsCaching)
      let tokens: [Scalar] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
      func logits(_ tokens: ArraySlice<Scalar>, _ context: Context<Scalar>) -> Tensor<Scalar> {
        context.tape.reset()
        let x = context.tape.constant(Tensor(Array(tokens), shape: [1, tokens.count]))
        return network(x, in: context).value.copied()
      }
      let whole = logits(tokens[...], Context(isTraining: false))
      let context = Context<Scalar>(isTraining: false)
      let cache = StepCache<Scalar>()
      context.cache = cache
      // Several steps at first, then one at a time, then several again.
      for part in [0..<4, 4..<5, 5..<6, 6..<10] {
        let found = logits(tokens[part], context)
        cache.advance(by: part.count)
        expectClose(found[0, ...], whole[0, part], relative: relative, absolute: relative)
      }
      #expect(cache.stepCount == 10)
      // The text is the same, also after the window has moved.
      let plain = Sequential<Scalar>([network, Uncached()])
      #expect(!plain.supportsCaching)
      for window in [nil, 6] {
        let count = window == nil ? 5 : 12
        var other = RandomGenerator(seed: 4)
        generator = RandomGenerator(seed: 4)
        #expect(
          network.generate(count, after: [3, 1, 4], window: window, using: &generator)
            == plain.generate(count, after: [3, 1, 4], window: window, using: &other))
        let beams = network.beamSearch(width: 3, count, after: [3, 1], window: window)
        let expected = plain.beamSearch(width: 3, count, after: [3, 1], window: window)
        #expect(beams.map(\.tokens) == expected.map(\.tokens))
      }
    }
    check(Double.self, 1e-12)
    check(Float.self, 2e-6)
  }

  @Test("caches nothing where a step depends on later ones or on their number")
  func uncached() {
    let embedding = Embedding<Double>(5, 4, inputShape: [3])
    for layer: any Layer<Double> in [
      TransformerEncoder(heads: 2, units: 8), Bidirectional(LSTM(2, returnSequences: true)),
      LSTM(2, returnSequences: true, goBackwards: true), LSTM(2, statefulBatchSize: 1), Flatten(),
      MultiHeadAttention(heads: 1, keySize: 2), Lambda { $0 },
    ] {
      #expect(!Sequential([embedding, layer]).supportsCaching, "\(layer)")
    }
    #expect(!Embedding<Double>(5, 4, masksZero: true).supportsCaching)
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
