import Autograd
import TestSupport
import Testing

private let someKeys = Tensor<Bool>([
  [true, false, true, true, true], [false, false, true, true, false],
])

/// The same by tensors, with the whole table of weights in memory.
private func wholeTable(
  _ q: Tensor<Double>, _ k: Tensor<Double>, _ v: Tensor<Double>, heads: Int, isCausal: Bool = false,
  mask: Tensor<Bool>? = nil
) -> Tensor<Double> {
  func split(_ x: Tensor<Double>) -> Tensor<Double> {
    x.reshaped(to: [x.shape[0], x.shape[1], heads, x.shape[2] / heads]).swappingAxes(1, 2)
  }
  let (batch, queries, keys) = (q.shape[0], q.shape[1], k.shape[1])
  var scores = matmul(split(q), split(k).swappingAxes(-1, -2))
  scores = scores / Double(q.shape[2] / heads).squareRoot()
  if isCausal {
    let positions = Tensor((0..<keys).map { $0 }, shape: [1, keys])
    let own = Tensor((0..<queries).map { $0 + keys - queries }, shape: [queries, 1])
    scores = select(positions .<= own, scores, Tensor(-Double.infinity))
  }
  if let mask {
    scores = select(mask.reshaped(to: [batch, 1, 1, keys]), scores, Tensor(-Double.infinity))
  }
  let weights = exp(scores - scores.max(axis: -1, keepingDimensions: true))
  let means = matmul(weights / weights.sum(axis: -1, keepingDimensions: true), split(v))
  return means.swappingAxes(1, 2).reshaped(to: [batch, queries, v.shape[2]])
}

private func example(
  _ name: String, queries: Int = 3, heads: Int = 2, isCausal: Bool = false,
  mask: Tensor<Bool>? = nil
) -> GradientCase {
  GradientCase(
    name,
    [
      anyNumbers([2, queries, 6]), anyNumbers([2, 5, 6], seed: 2), anyNumbers([2, 5, 4], seed: 3),
    ],
    reference: {
      wholeTable($0[0], $0[1], $0[2], heads: heads, isCausal: isCausal, mask: mask)
    },
    { attention($0[0], $0[1], $0[2], heads: heads, isCausal: isCausal, mask: mask) })
}

let attentionCases: [GradientCase] = [
  example("attention"), example("attention of one head", heads: 1),
  example("attention of one query", queries: 1),
  example("causal attention", queries: 5, isCausal: true),
  example("causal attention of the last queries", isCausal: true),
  example("attention to some keys", mask: someKeys),
  GradientCase("attention of one variable", [anyNumbers([1, 4, 4])]) {
    attention($0[0], $0[0], $0[0], heads: 2, isCausal: true)
  },
  GradientCase(
    "attention with dropout", [anyNumbers([2, 3, 4]), anyNumbers([2, 5, 4], seed: 2)]
  ) {
    var generator = RandomGenerator(seed: 5)
    return attention(
      $0[0], $0[1], $0[1], heads: 2, isCausal: false, mask: nil, dropout: 0.4, using: &generator)
  },
  GradientCase(
    "layer normalisation",
    [anyNumbers([2, 3, 5]), anyNumbers([5], seed: 2), anyNumbers([5], seed: 3)],
    reference: {
      let x = $0[0]
      let centered = x - x.mean(axis: -1, keepingDimensions: true)
      let variance = x.variance(axis: -1, keepingDimensions: true)
      return centered / sqrt(variance + 1e-3) * $0[1] + $0[2]
    },
    { layerNormalization($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-3) }),
  GradientCase(
    "rotary positions", [anyNumbers([2, 3, 8])],
    reference: { turned($0[0], heads: 2, first: 5) },
    { rotary($0[0], heads: 2, first: 5) }),
]

/// Rotary positions as Llama's source writes them: x cos + (-second half, first half) sin.
private func turned(_ x: Tensor<Double>, heads: Int, first: Int) -> Tensor<Double> {
  let (batch, steps, size) = (x.shape[0], x.shape[1], x.shape[2] / heads)
  let split = x.reshaped(to: [batch, steps, heads, size])
  let half = size / 2
  let exponents = (0..<size).map { -Double(2 * ($0 % half)) / Double(size) }
  let frequencies = exp(Tensor(exponents, shape: [1, 1, size]) * log(Tensor(10_000.0)))
  let positions = Tensor((first..<first + steps).map(Double.init), shape: [steps, 1, 1])
  let angles = positions * frequencies
  let swapped = concatenate(
    [-split[0..., 0..., 0..., half...], split[0..., 0..., 0..., ..<half]], axis: -1)
  return (split * cos(angles) + swapped * sin(angles)).reshaped(to: x.shape)
}

@Suite("Attention")
struct AttentionTests {
  @Test(
    "has the derivative of finite differences and the value of the whole table",
    arguments: attentionCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("of a long sequence is that of the whole table", arguments: [false, true])
  func long(isCausal: Bool) {
    var generator = RandomGenerator(seed: 1)
    let inputs = (0..<3).map { _ in Tensor<Double>.normal([1, 300, 8], using: &generator) }
    let tape = Tape<Double>(records: false)
    let y = attention(
      tape.constant(inputs[0]), tape.constant(inputs[1]), tape.constant(inputs[2]), heads: 2,
      isCausal: isCausal)
    let expected = wholeTable(inputs[0], inputs[1], inputs[2], heads: 2, isCausal: isCausal)
    expectClose(y.value, expected, relative: 1e-11)
  }

  @Test("over 16,384 positions holds memory for the sequence and not for the table of weights")
  func memory() {
    let steps = 16_384
    let before = BufferPool.statistics.bytesInUse
    let tape = Tape<Float>()
    let x = tape.variable(.ones([1, steps, 2]))
    let y = attention(x, x, x, isCausal: true)
    let gradient = tape.gradients(of: y.sum())[x]
    // What other tests hold meanwhile is part of the number; the table would have a gigabyte.
    #expect(BufferPool.statistics.bytesInUse - before < 200 << 20)
    #expect(y.value[0, steps - 1, 0] == 1 && gradient.shape == [1, steps, 2])
  }

  @Test("of queries and keys with rotary positions depends on their distance alone")
  func rotaryDistance() {
    let tape = Tape<Double>()
    let x = tape.constant(anyNumbers([1, 4, 8]))
    func scores(_ first: Int) -> Tensor<Double> {
      let turned = rotary(x, heads: 1, first: first).value[0, ...]
      return matmul(turned, turned.transposed())
    }
    expectClose(scores(1000), scores(0), relative: 1e-10)
  }

  @Test("gives zeros to a query that sees no key, and a gradient of zeros")
  func nothing() {
    let tape = Tape<Float>()
    let x = tape.variable(.ones([1, 2, 4]))
    let y = attention(x, x, x, heads: 2, mask: Tensor<Bool>([[false, false]]))
    #expect(y.value == .zeros([1, 2, 4]))
    #expect(tape.gradients(of: sum(y))[x] == .zeros([1, 2, 4]))
  }

  @Test("does not depend on the number of threads")
  func threads() {
    func bits() -> [Tensor<Float>] {
      var generator = RandomGenerator(seed: 1)
      let tape = Tape<Float>()
      let x = tape.variable(Tensor<Float>.normal([3, 50, 12], using: &generator))
      let y = attention(x, x, x, heads: 3, isCausal: true)
      return [y.value, tape.gradients(of: sum(y * y))[x]]
    }
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let expected = bits()
    for threads in [2, 5] {
      Parallel.threadCount = threads
      #expect(bits() == expected)
    }
  }

  @Test("of shapes that do not fit stops with a sentence")
  func mistakes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tape<Float>().variable(.ones([1, 2, 4]))
      _ = attention(x, x, x, heads: 3)
    }
    #expect(message(of: result, contains: "attention:", "3 heads", "sizes 4 and 4"))
  }
}
