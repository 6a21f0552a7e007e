import Layers
import TestSupport
import Testing

private let x = numbers([3, 5, 4], 1)
private let mask = Tensor<Bool>([
  [true, true, true, true, true], [false, true, true, false, true],
  [true, true, false, false, false],
])

private let (batch, units) = (3, 3)

/// A layer of each kind with the given options.
private func layer<Scalar: TensorFloat>(
  _ kind: String, of _: Scalar.Type, activation: ActivationFunction = .tanh, useBias: Bool = true,
  sequences: Bool = false, states: Bool = false, backwards: Bool = false
) -> any RecurrentLayer<Scalar> {
  switch kind {
  case "simple_rnn":
    SimpleRNN<Scalar>(
      units, activation: activation, useBias: useBias, returnSequences: sequences,
      returnState: states, goBackwards: backwards)
  case "lstm":
    LSTM<Scalar>(
      units, activation: activation, useBias: useBias, returnSequences: sequences,
      returnState: states, goBackwards: backwards)
  default:
    GRU<Scalar>(
      units, activation: activation, useBias: useBias, resetAfter: kind == "gru",
      returnSequences: sequences, returnState: states, goBackwards: backwards)
  }
}

@Suite("Recurrent layers")
struct RecurrentLayerTests {
  @Test(
    "have Keras's results and gradients", arguments: ["simple_rnn", "lstm", "gru", "gru_before"])
  func keras(kind: String) {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      func make(
        activation: ActivationFunction = .tanh, useBias: Bool = true, sequences: Bool = false,
        states: Bool = false, backwards: Bool = false
      ) -> any RecurrentLayer<Scalar> {
        layer(
          kind, of: Scalar.self, activation: activation, useBias: useBias, sequences: sequences,
          states: states, backwards: backwards)
      }
      expectKeras("\(kind).last", make(), [x])
      expectKeras("\(kind).sequences", make(sequences: true), [x])
      expectKeras("\(kind).backwards", make(sequences: true, backwards: true), [x])
      expectKeras("\(kind).masked", make(sequences: true), [x], mask: mask)
      expectKeras("\(kind).masked_last", make(backwards: true), [x], mask: mask)
      expectKeras("\(kind).plain", make(activation: .relu, useBias: false), [x])
      let given = (0..<(kind == "lstm" ? 2 : 1)).map { numbers([batch, units], 3 + $0) }
      expectKeras("\(kind).states", make(sequences: true, states: true), [x] + given)
    }
    check(Double.self)
    check(Float.self)
  }

  @Test("read in both directions as in Keras")
  func bidirectional() {
    let lstm = LSTM<Double>(units, returnSequences: true)
    for mode in Bidirectional<Double>.MergeMode.allCases where mode != .separate {
      expectKeras("bidirectional.\(mode.rawValue)", Bidirectional(lstm, mergeMode: mode), [x])
    }
    expectKeras("bidirectional.last", Bidirectional(GRU<Double>(units)), [x])
    expectKeras("bidirectional.masked", Bidirectional(lstm), [x], mask: mask)
  }

  @Test("have two results where both directions stay separate")
  func separate() {
    var layer = Bidirectional(GRU<Double>(2, returnState: true), mergeMode: .separate)
    var generator = RandomGenerator(seed: 1)
    let shapes = layer.initialize(inputShapes: [[5, 4]], using: &generator)
    #expect(shapes == [[2], [2], [2], [2]])
    #expect(layer.outputNames == ["forward", "backward", "forward_state0", "backward_state0"])
    let context = Context<Double>(isTraining: false)
    let results = layer([context.tape.constant(x)], in: context)
    #expect(results[0].value == results[2].value && results[1].value == results[3].value)
  }

  @Test("have Keras's numbers of parameters")
  func counts() throws {
    func count(_ layer: some Layer<Float>) -> Int {
      var layer = layer
      var generator = RandomGenerator(seed: 1)
      layer.initialize(inputShape: [7, 10], using: &generator)
      return layer.parameterCounts.trainable
    }
    #expect(count(SimpleRNN(32)) == 1_376)
    #expect(count(LSTM(32)) == 5_504)
    #expect(count(GRU(32)) == 4_224)
    #expect(count(GRU(32, resetAfter: false)) == 4_128)
    #expect(count(Bidirectional(LSTM(32))) == 11_008)
  }

  @Test("begin with an orthogonal recurrent kernel and a forget gate's bias of 1")
  func initial() {
    var layer = LSTM<Double>(4)
    var generator = RandomGenerator(seed: 2)
    layer.initialize(inputShape: [5, 3], using: &generator)
    let u = layer.core.recurrentKernel.value
    expectClose(matmul(u, u.transposed()), .identity(4), absolute: 1e-12)
    let bias = layer.core.bias!.value
    #expect(bias.elements == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test("carry states from batch to batch: two halves of a sequence give what the whole gives")
  func stateful() {
    var generator = RandomGenerator(seed: 3)
    var whole = LSTM<Double>(units, returnSequences: true)
    whole.initialize(inputShape: [5, 4], using: &generator)
    var halves = LSTM<Double>(units, returnSequences: true, statefulBatchSize: batch)
    halves.initialize(inputShape: [5, 4], using: &generator)
    halves.weights = whole.weights + halves.weights.suffix(2)
    func run(_ x: Tensor<Double>) -> Tensor<Double> {
      let context = Context<Double>(isTraining: true)
      defer { halves.applyAssignments(of: context) }
      return halves(context.tape.constant(x), in: context).value
    }
    let parts = [run(x[0..<3, 0..<2]), run(x[0..<3, 2..<5])]
    expectClose(concatenate(parts, axis: 1), apply(whole, x))
    #expect(halves.parameterCounts.nonTrainable == 2 * batch * units)
    halves.resetStates()
    #expect(run(x[0..<3, 0..<2]) == parts[0])
  }

  @Test("drop the same numbers at all steps, in training only")
  func dropout() {
    var layer = SimpleRNN<Double>(
      units, activation: .linear, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true)
    var generator = RandomGenerator(seed: 3)
    layer.initialize(inputShape: [5, 4], using: &generator)
    // Weights of one: the result of a step is the sum of what was kept, twice.
    layer.weights = [.ones([4, 3]), .zeros([3, 3]), .zeros([3])]
    let ones = Tensor<Double>.ones([3, 5, 4])
    let y = apply(layer, ones, isTraining: true)
    for t in 1..<5 { #expect(y[0..<3, t] == y[0..<3, 0]) }
    #expect(y != apply(layer, ones) && apply(layer, ones) == .ones([3, 5, 3]) * 4)
  }

  @Test("check the shapes of samples and states")
  func shapes() {
    do throws(ShapeError) {
      _ = try LSTM<Float>(2).outputShapes(for: [[5]])
      Issue.record("samples without steps were taken")
    } catch {
      #expect(error.message == "expected samples of shape [steps, features], got [5]")
    }
    #expect((try? LSTM<Float>(2).outputShapes(for: [[5, 3], [2]])) == nil)
    #expect((try? LSTM<Float>(2).outputShapes(for: [[5, 3], [2], [2]])) == [[2]])
  }

  @Test("take cells of one's own")
  func ownCell() {
    var layer = RNN(Leaky<Double>(), returnSequences: true)
    var generator = RandomGenerator(seed: 3)
    #expect(layer.initialize(inputShape: [5, 4], using: &generator) == [5, 2])
    let context = Context<Double>(isTraining: false)
    let input = context.tape.constant(x)
    context.setMask(mask, of: input)
    let y = layer(input, in: context).value
    let mix = matmul(x, layer.cell.mix.kernel.value)
    expectClose(y[0, 1, ...], mix[0, 0, ...] * 0.9 + mix[0, 1, ...])
    #expect(y[1, 0, ...] == [0, 0] && y[1, 2, ...] == y[1, 3, ...])
    #expect(context.mask(of: input) == mask)
  }
}

private struct Leaky<Scalar: TensorFloat>: RecurrentCell {
  var mix = Dense<Scalar>(2)
  var stateSizes: [Int] { [2] }

  mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) { visit("mix", &mix) }
  mutating func buildStep(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.layer("mix", &mix, inputShape: inputShape)
  }
  func step(
    _ x: Variable<Scalar>, _ states: [Variable<Scalar>], in context: Context<Scalar>
  ) -> (output: Variable<Scalar>, states: [Variable<Scalar>]) {
    let h = states[0] * 0.9 + mix(x, in: context)
    return (h, [h])
  }
}

@Suite("Layers for sequences")
struct SequenceLayerTests {
  @Test("look up words, pass masks on, and reshape")
  func layers() {
    var generator = RandomGenerator(seed: 3)
    var network = Sequential<Double>([
      Embedding(6, 4, masksZero: true, inputShape: [3]),
      TimeDistributed(Dense(2)),
      Dropout(0.1),
      LSTM(2, returnSequences: true),
      Permute([2, 1]),
    ])
    #expect(network.initialize(using: &generator) == [2, 3])
    let words = Tensor<Double>([[5, 2, 0], [0, 0, 1]])
    let y = apply(network, words)
    // The last word of the first sample is none: the state stays.
    #expect(y[0, 0..<2, 1] == y[0, 0..<2, 2])
    #expect(y[1, 0..<2, 1] == .zeros([2]) && y[1, 0, 2] != y[1, 0, 1])
  }

  @Test("mask steps that hold one number")
  func masking() {
    let context = Context<Double>(isTraining: false)
    let x = context.tape.constant(Tensor<Double>([7, 7, 1, 7], shape: [1, 2, 2]))
    let y = Masking<Double>(7)(x, in: context)
    #expect(y.value == [[[0, 0], [1, 7]]])
    #expect(context.mask(of: y) == Tensor<Bool>([[false, true]]))
    context.tape.reset()
    let next = context.tape.constant(Tensor<Double>([7, 7, 1, 7], shape: [1, 2, 2]))
    #expect(context.mask(of: next) == nil)
  }

  @Test("repeat and permute")
  func shapes() {
    #expect(apply(RepeatVector<Double>(2), [[1, 2]]) == [[[1, 2], [1, 2]]])
    #expect(apply(Permute<Double>([2, 1]), [[[1, 2], [3, 4]]]) == [[[1, 3], [2, 4]]])
    #expect((try? RepeatVector<Double>(2).outputShapes(for: [[3, 3]])) == nil)
    #expect((try? Permute<Double>([2, 1]).outputShapes(for: [[3]])) == nil)
  }
}
