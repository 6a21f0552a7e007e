import Layers
import TestSupport
import Testing

private let x = numbers([3, 5, 4], 1)
private let keys = Tensor<Bool>([
  [true, true, true, true, true], [false, true, true, false, true],
  [true, true, false, false, false],
])

@Suite("Attention layers")
struct AttentionLayerTests {
  @Test("have Keras's results and gradients")
  func keras() {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      func layer(isCausal: Bool = false) -> MultiHeadAttention<Scalar> {
        MultiHeadAttention(heads: 2, keySize: 3, isCausal: isCausal)
      }
      expectKeras("attention.self", layer(), [x], isRounded: true)
      expectKeras("attention.causal", layer(isCausal: true), [x], isRounded: true)
      expectKeras("attention.cross", layer(), [x, numbers([3, 7, 4], 2)], isRounded: true)
      expectKeras("attention.padded", layer(), [x], mask: keys, isRounded: true)
      expectKeras(
        "attention.plain",
        MultiHeadAttention<Scalar>(heads: 2, keySize: 3, valueSize: 2, useBias: false), [x],
        isRounded: true)
    }
    check(Double.self)
    check(Float.self)
  }

  @Test("see no later step in a network that writes", arguments: [true, false])
  func causal(normalizesFirst: Bool) {
    var generator = RandomGenerator(seed: 1)
    var gpt = Sequential<Double>([
      Embedding(7, 8, inputShape: [6]), PositionEmbedding(),
      TransformerEncoder(
        heads: 2, units: 16, isCausal: true, normalizesFirst: normalizesFirst, dropout: 0.1),
      LayerNormalization(), Dense(7),
    ])
    #expect(gpt.initialize(using: &generator) == [6, 7])
    let y = apply(gpt, [[1, 2, 3, 4, 5, 6]])
    let changed = apply(gpt, [[1, 2, 3, 4, 0, 0]])
    #expect(y[0, 0..<4] == changed[0, 0..<4] && y[0, 4, ...] != changed[0, 4, ...])
    // A shorter text than the network was built for.
    expectClose(apply(gpt, [[1, 2, 3]]), y[0..<1, 0..<3])
    #expect(
      gpt.parameterPaths.contains("transformer_encoder.attention.query.kernel"),
      "\(gpt.parameterPaths)")
  }

  @Test("leave a block's weights trained by the gradients of finite differences")
  func blockGradients() {
    var generator = RandomGenerator(seed: 1)
    var decoder = TransformerDecoder<Double>(heads: 2, units: 5, activation: .tanh)
    #expect(decoder.initialize(inputShapes: [[3, 4], [5, 4]], using: &generator) == [[3, 4]])
    let check = checkGradients(at: [numbers([2, 3, 4], 1), numbers([2, 5, 4], 2)]) {
      decoder($1, in: Context(isTraining: false, tape: $0))[0]
    }
    #expect(check.passes, "\(check)")
  }

  @Test("end with the table that they begin with, one parameter that both uses train")
  func tied() throws {
    func make() -> TiedEmbedding<Double> {
      TiedEmbedding(Embedding(7, 4, inputShape: [3])) { Dense<Double>(4, activation: .tanh) }
    }
    var network = make()
    var generator = RandomGenerator(seed: 1)
    #expect(network.initialize(using: &generator) == [3, 7])
    #expect(
      network.parameterPaths == ["embedding.embeddings", "dense.kernel", "dense.bias"])
    #expect(network.parameterCounts.trainable == 7 * 4 + 4 * 4 + 4)
    let tokens: Tensor<Double> = [[1, 2, 6], [0, 1, 1]]
    let weights = network.weights
    // The sum of both uses: the derivative of the function of the table.
    let check = checkGradients(at: [weights[0]]) { tape, variables in
      let x = embedding(variables[0], tape.constant(tokens))
      let y = tanh(dense(x, tape.constant(weights[1]), tape.constant(weights[2])))
      return square(matmul(y, variables[0].transposed()))
    }
    #expect(check.passes, "\(check)")
    let context = Context<Double>(isTraining: true)
    let loss = square(network(context.tape.constant(tokens), in: context)).sum()
    let tape = Tape<Double>()
    let table = tape.variable(weights[0])
    let y = tanh(
      dense(
        embedding(table, tape.constant(tokens)), tape.constant(weights[1]),
        tape.constant(weights[2])))
    let expected = tape.gradients(of: square(matmul(y, table.transposed())).sum())[table]
    expectClose(context.tape.gradients(of: loss)[network.parameters[0]]!, expected)
    #expect(throws: ShapeError.self) {
      try TiedEmbedding<Double>(Embedding(7, 4)) { Dense<Double>(5) }.outputShapes(for: [[3]])
    }
  }

  @Test("know positions by their angles, and none beside them")
  func rotaryPositions() {
    var generator = RandomGenerator(seed: 1)
    var layer = MultiHeadAttention<Double>(heads: 2, keySize: 4, isCausal: true, rotaryBase: 100)
    layer.initialize(inputShape: [5, 6], using: &generator)
    let x = numbers([2, 5, 6], 1)
    let context = Context<Double>(isTraining: false)
    func turned(_ projection: Projection<Double>) -> Variable<Double> {
      rotary(projection(context.tape.constant(x), in: context), heads: 2, base: 100)
    }
    let means = attention(
      turned(layer.query), turned(layer.key),
      layer.value(context.tape.constant(x), in: context), heads: 2, isCausal: true)
    expectClose(apply(layer, x), layer.output(means, in: context).value)
    let check = checkGradients(at: [x]) {
      layer($1[0], in: Context(isTraining: false, tape: $0))
    }
    #expect(check.passes, "\(check)")
    #expect(
      (try? MultiHeadAttention<Double>(heads: 2, keySize: 3, rotaryBase: 100)
        .outputShapes(for: [[5, 6]])) == nil)
  }

  @Test("do not look at steps that are masked")
  func masked() {
    var generator = RandomGenerator(seed: 1)
    var network = Sequential<Double>([
      Embedding(7, 4, masksZero: true, inputShape: [4]), TransformerEncoder(heads: 2, units: 8),
    ])
    network.initialize(using: &generator)
    expectClose(apply(network, [[1, 2, 0, 0]])[0..<1, 0..<2], apply(network, [[1, 2]]))
  }

  @Test("add sines and cosines of positions")
  func positions() {
    let table = sinusoidalPositions(3, features: 4)
    expectClose(
      table,
      [
        [0, 1, 0, 1],
        [0.8414709848078965, 0.5403023058681398, 0.009999833334166664, 0.9999500004166653],
        [0.9092974268256817, -0.4161468365471424, 0.01999866669333308, 0.9998000066665778],
      ])
    expectClose(apply(PositionEmbedding<Double>(.sinusoidal), .ones([2, 3, 4]))[1, ...], table + 1)
    #expect((try? PositionEmbedding<Double>(length: 2).outputShapes(for: [[3, 4]])) == nil)
  }

  @Test("have Keras's numbers of parameters, and heads that share features")
  func counts() {
    func count(_ layer: some Layer<Float>) -> Int {
      var layer = layer
      var generator = RandomGenerator(seed: 1)
      layer.initialize(inputShape: [7, 16], using: &generator)
      return layer.parameterCounts.trainable
    }
    #expect(count(MultiHeadAttention(heads: 2, keySize: 8)) == 1_088)
    // PyTorch's TransformerEncoderLayer(16, 2, 32).
    #expect(count(TransformerEncoder(heads: 2, units: 32)) == 2_224)
    #expect(count(PositionEmbedding()) == 112)
    #expect(
      (try? TransformerEncoder<Float>(heads: 3, units: 4).outputShapes(for: [[5, 4]])) == nil)
  }
}
