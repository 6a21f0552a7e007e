// Networks that read sequences, in training and in files.

import TestSupport
import Testing
import Train

/// Element i of tensor `seed` is sin(0.7 i + seed) / 2, as in make_goldens.py.
private func numbers<Scalar: TensorFloat>(
  _ shape: TensorShape, _ seed: Int, _: Scalar.Type = Scalar.self
) -> Tensor<Scalar> {
  let angles = (0..<shape.elementCount).map { 0.7 * Double($0) + Double(seed) }
  return Tensor(sin(Tensor(angles, shape: shape)) * 0.5)
}

private let (words, size, steps, batch) = (11, 8, 6, 4)

/// A whole number for each sample and step.
private func tokens<Scalar: TensorFloat>(
  _ rule: (_ sample: Int, _ step: Int) -> Int
) -> Tensor<Scalar> {
  let elements = (0..<batch * steps).map { Scalar(rule($0 / steps, $0 % steps)) }
  return Tensor(elements, shape: [batch, steps])
}

/// The networks of make_goldens.py.
private func network<Scalar: TensorFloat>(_ kind: String) -> Sequential<Scalar> {
  let embedding = Embedding<Scalar>(words, size, inputShape: [steps])
  func block(_ rotaryBase: Double? = nil) -> TransformerEncoder<Scalar> {
    TransformerEncoder(
      heads: 2, units: 4 * size, isCausal: true, normalizesFirst: true, rotaryBase: rotaryBase)
  }
  let output = Dense<Scalar>(words, activation: .softmax)
  let layers: [any Layer<Scalar>] =
    switch kind {
    case "lstm": [embedding, LSTM(size, returnSequences: true), output]
    case "gru": [embedding, GRU(size, returnSequences: true), output]
    case "gpt":
      [embedding, PositionEmbedding(), block(), LayerNormalization(epsilon: 1e-5), output]
    default:
      [
        TiedEmbedding(embedding, activation: .softmax) {
          block(10_000)
          LayerNormalization<Scalar>(epsilon: 1e-5)
        }
      ]
    }
  return Sequential(layers)
}

private func expectClose(
  _ number: Double, _ expected: Double, relative: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  TestSupport.expectClose(
    [number], [expected], relative: relative, sourceLocation: sourceLocation)
}

@Suite("Sequences in training")
struct SequenceTrainingTests {
  @Test("follow PyTorch's losses for 50 steps", arguments: ["lstm", "gru", "gpt", "tied"])
  func pyTorch(kind: String) {
    let line = goldenLines("goldens.txt").first { $0.hasPrefix(kind + " ") } ?? ""
    let expected = line.split(separator: " ").dropFirst().map { Double($0)! }
    #expect(expected.count == 50)
    func check<Scalar: TensorFloat>(_: Scalar.Type, _ tolerance: Double) {
      let network: Sequential<Scalar> = network(kind)
      var model = network.compile(
        optimizer: SGD(learningRate: 0.03, momentum: 0.9),
        loss: .sparseCategoricalCrossentropy(ignoring: -1))
      model.weights = model.weights.enumerated().map { numbers($1.shape, 10 + $0) }
      let data = Batch<Scalar>(
        x: tokens { (3 * $0 + 2 * $1 + $0 * $1) % words },
        y: tokens { $0 == 1 && $1 >= 3 ? -1 : (5 * $0 + $1 * $1 + 1) % words })
      let context = Context<Scalar>(isTraining: true)
      let losses = expected.map { _ in model.step(data, in: context) }
      expectClose(losses, expected, relative: tolerance, absolute: tolerance)
    }
    check(Double.self, 1e-9)
    check(Float.self, 1e-4)
  }

  /// The layers of sequences in all their forms, each for samples of shape [4, 3].
  private static let layers: [any Layer<Float>] = [
    SimpleRNN(3, activation: .sigmoid, goBackwards: true), LSTM(3, unitForgetBias: false),
    LSTM(3, useBias: false, dropout: 0.1, recurrentDropout: 0.2, returnSequences: true),
    GRU(3), GRU(3, resetAfter: false, returnSequences: true), LSTM(2, statefulBatchSize: 5),
    Bidirectional(GRU(2, returnSequences: true), mergeMode: .sum), Bidirectional(LSTM(2)),
    TimeDistributed(Dense(2, activation: .tanh)), Masking(0.25), Permute([2, 1]),
    LayerNormalization(epsilon: 0.5), PositionEmbedding(), PositionEmbedding(.sinusoidal),
    PositionEmbedding(length: 7),
    MultiHeadAttention(heads: 2, keySize: 2, valueSize: 3, isCausal: true, rotaryBase: 50),
    MultiHeadAttention(heads: 1, keySize: 3, dropout: 0.1, useBias: false),
    TransformerEncoder(heads: 3, units: 5, isCausal: true, normalizesFirst: true),
    TransformerEncoder(heads: 1, units: 5, activation: .gelu, epsilon: 0.25),
    Sequential([Flatten(), RepeatVector(3)]),
    Graph { g in
      let x = g.input(name: "x")
      g.output(g.layer(TransformerDecoder(heads: 3, units: 4, normalizesFirst: true))(x, x))
    },
    Graph { g in
      let x = g.input(name: "x")
      let results = g.layer(LSTM(3, returnSequences: true, returnState: true)).results(x)
      g.output(results[2])
    },
  ]

  @Test("come back from a file with all settings and the same predictions", arguments: layers)
  func storing(layer: any Layer<Float>) throws {
    // Shapes come from a layer before, which states them.
    try expectRestored(
      Sequential([Embedding(6, 3, inputShape: [4]), layer]),
      Tensor<Float>((0..<20).map { Float($0 * $0 % 6) }, shape: [5, 4]))
  }

  @Test("come back from a file with words that mean nothing, and with one table for both ends")
  func storingEmbeddings() throws {
    let x = Tensor<Float>((0..<20).map { Float($0 * $0 % 6) }, shape: [5, 4])
    try expectRestored(
      Sequential([Embedding(6, 3, masksZero: true, inputShape: [4]), LSTM(2)]), x)
    let tied = Sequential([
      TiedEmbedding(Embedding(6, 3, inputShape: [4]), activation: .softmax) {
        PositionEmbedding()
        TransformerEncoder(heads: 1, units: 4, isCausal: true)
      }
    ])
    let names = try expectRestored(tied, x)
    #expect(names.count { $0.contains("embedding.embeddings") && !$0.contains("position") } == 1)
  }

  /// Stores a model of the network and reads it; the names of the file's tensors.
  @discardableResult
  private func expectRestored(
    _ network: Sequential<Float>, _ x: Tensor<Float>
  ) throws -> [String] {
    let model = network.compile(optimizer: "sgd", loss: "mse", seed: 7)
    return try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/model.safetensors")
      let copy = try Model<Sequential<Float>>(contentsOf: "\(folder)/model.safetensors")
      #expect(copy.description == model.description && copy.summary() == model.summary())
      #expect(copy.weights == model.weights)
      let predictions = model.predict(x, batchSize: 5)
      #expect(copy.predict(x, batchSize: 5) == predictions)
      #expect(predictions.elements.contains { $0 != 0 })
      return copy.network.parameterPaths
    }
  }

  @Test("with carried states resume inside of an epoch with the same bits")
  func resume() throws {
    let x = numbers([20, 3, 2], 1, Float.self)
    let y = numbers([20, 1], 2, Float.self)
    func make() -> Model<Sequential<Float>> {
      Sequential([LSTM(4, inputShape: [3, 2], statefulBatchSize: 4), Dense(1)])
        .compile(optimizer: .adam(learningRate: 0.05), loss: "mse", seed: 3)
    }
    var whole = make()
    whole.fit(x, y, epochs: 3, batchSize: 4, shuffle: false, verbose: 0)
    let states = whole.network.parameters.filter { $0.path.contains("states") }
    #expect(states.count == 2 && states.allSatisfy { $0.value != .zeros([4, 4]) })
    for step in [2, 5, 8] {
      try withTemporaryFolder { folder in
        var count = 0
        var interrupted = make()
        interrupted.fit(
          x, y, epochs: 3, batchSize: 4, shuffle: false,
          callbacks: [
            Callback(lossComputed: { _, state in
              count += 1
              if count == step { state.stop("enough") }
            })
          ], verbose: 0)
        try interrupted.save(to: "\(folder)/model.safetensors")
        var resumed = try Model<Sequential<Float>>(contentsOf: "\(folder)/model.safetensors")
        #expect(resumed.weights != whole.weights)
        resumed.fit(
          x, y, epochs: 3, initialEpoch: resumed.epoch, batchSize: 4, shuffle: false, verbose: 0)
        #expect(resumed.weights == whole.weights)
      }
    }
  }
}

@Suite("Steps that do not count")
struct MaskedLossTests {
  private let logits: Tensor<Double> = [
    [[0.3, -1.2, 2], [0, 0.1, -3], [4, 4, -0.5]], [[1, 2, 3], [0.5, 0.5, 0.5], [-1, 0, 1]],
  ]

  /// PyTorch: `cross_entropy(logits, [2, -1, 0, 1, -1, -1], ignore_index=-1)` and its gradient; Keras's
  /// `SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)` gives the same.
  @Test("are left out of the mean and have no gradient")
  func ignored() {
    let tape = Tape<Double>()
    let x = tape.variable(logits)
    func loss(_ ignored: Int, _ targets: Tensor<Double>) -> Variable<Double> {
      SparseCategoricalCrossentropy(ignoring: ignored)(softmax(x), tape.constant(targets)).mean()
    }
    let mean = loss(-1, [[2, -1, 0], [1, -1, -1]])
    expectClose(mean.scalar, 0.7693211729623687)
    expectClose(
      tape.gradients(of: mean)[x],
      [
        [
          [0.0497729540611304, 0.0111058472107205, -0.0608788012718509], [0, 0, 0],
          [-0.1675873027068949, 0.1657460306264384, 0.0018412720804565],
        ],
        [[0.0300101910567935, -0.2517571763150674, 0.2217469852582739], [0, 0, 0], [0, 0, 0]],
      ], relative: 1e-12, absolute: 1e-15)
    // A class of the network, and targets with an axis more.
    expectClose(
      loss(2, [[2, 1, 0], [2, 2, 2]]).scalar, loss(-5, [[-5, 1, 0], [-5, -5, -5]]).scalar)
    expectClose(loss(-1, [[[2], [-1], [0]], [[1], [-1], [-1]]]).scalar, mean.scalar)
    let none = loss(-1, Tensor(repeating: -1, shape: [2, 3]))
    #expect(none.scalar == 0 && tape.gradients(of: none)[x] == .zeros([2, 3, 3]))
  }

  /// Keras 3.15.1 on PyTorch in float64, with `set_keras_mask(y_pred, mask)`.
  @Test("because the prediction is masked are left out as in Keras")
  func masked() {
    let mask = Tensor<Bool>([[true, true, false], [false, true, false]])
    func value(
      _ loss: some Loss, _ targets: Tensor<Double>, mask: Tensor<Bool>,
      weights: Tensor<Double>? = nil
    ) -> Double {
      var model = Sequential([Masked(mask: mask, inputShape: [3, 3])])
        .compile(optimizer: "sgd", loss: loss)
      return model.step(
        Batch(x: logits, y: targets, weights: weights), in: Context(isTraining: true))
    }
    expectClose(
      value(Softmaxed(), [[2, 0, 0], [1, 2, 0]], mask: mask), 0.6893515586853027, relative: 1e-6)
    let halves = logits.flipped(axes: [0]) * 0.5
    expectClose(
      value(MeanSquaredError(), halves, mask: mask), 2.2477777004241943, relative: 1e-6)
    expectClose(
      value(MeanSquaredError(), halves, mask: mask, weights: [2, 0.5]), 3.753472328186035,
      relative: 1e-6)
    #expect(
      value(MeanSquaredError(), halves, mask: Tensor<Bool>(repeating: false, shape: [2, 3])) == 0)
  }

  @Test("do not count in a network whose words may mean nothing")
  func padding() {
    let network = Sequential<Double>([
      Embedding(5, 3, masksZero: true, inputShape: [4]), GRU(3, returnSequences: true),
      Dense(5, activation: .softmax),
    ])
    let model = network.compile(optimizer: "sgd", loss: .sparseCategoricalCrossentropy)
    let x: Tensor<Double> = [[1, 2, 0, 0]]
    let p = model.predict(x)
    let expected = -log(Tensor(p[0, 0, 2] * p[0, 1, 3])).scalar / 2
    for targets in [[[2, 3, 4, 1]], [[2, 3, 0, 0]]] as [Tensor<Double>] {
      expectClose(model.evaluate(x, targets, verbose: 0).loss, expected)
    }
  }

  @Test("do not count in the perplexity, which is that of the mean loss")
  func perplexity() {
    let x: Tensor<Double> = [[1, 2, 3], [4, 0, 1]]
    let y: Tensor<Double> = [[2, 3, -1], [0, -1, -1]]
    let model = Sequential<Double>([
      Embedding(5, 5, inputShape: [3], embeddingsInitializer: .uniform(in: -2..<2)),
      Activation(.softmax),
    ]).compile(
      optimizer: "sgd", loss: .sparseCategoricalCrossentropy(ignoring: -1),
      metrics: [.perplexity(ignoring: -1)])
    let result = model.evaluate(x, y, verbose: 0)
    expectClose(result["perplexity_ignoring_-1"]!, exp(Tensor(result.loss)).scalar)
    // In batches the mean is over all steps that count, not over batches.
    let single = model.evaluate(x, y, batchSize: 1, verbose: 0)
    expectClose(single["perplexity_ignoring_-1"]!, result["perplexity_ignoring_-1"]!)
    #expect(Metric("perplexity" as String)?.direction == .smaller)
    #expect(Metric("perplexity_ignoring_-1" as String)?.name == "perplexity_ignoring_-1")
    for name in ["perplexity_ignoring_", "perplexity_ignoring_+1", "perplexity_ignoring_x"] {
      #expect(Metric(name as String) == nil)
    }
  }
}

/// Gives what it takes, with a mask.
private struct Masked: Layer {
  let mask: Tensor<Bool>
  let inputShape: TensorShape?
  var scale = Parameter<Double>()

  mutating func forEachMember(_ visit: inout some MemberVisitor<Double>) { visit("scale", &scale) }

  mutating func build(
    _ builder: inout LayerBuilder<Double>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.parameter(&scale, [1], .ones)
    return inputShape
  }

  func call(_ x: Variable<Double>, in context: Context<Double>) -> Variable<Double> {
    let y = x * context[scale]
    context.setMask(mask, of: y)
    return y
  }
}

/// The cross-entropy of predictions that are logits.
private struct Softmaxed: Loss {
  var name: String { "softmaxed" }

  func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> { sparseSoftmaxCrossEntropy(logits: prediction, labels: target) }

  func check(predictionShape: TensorShape, targetShape: TensorShape) {}
}
