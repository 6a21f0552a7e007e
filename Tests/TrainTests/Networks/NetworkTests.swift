// Networks of all shapes, with the public interface only: each is trained, saved and read again,
// summarised, profiled and drawn.

import TestSupport
import Testing
import Train

/// A block as a user would write it: layers and a parameter of its own.
private struct Block: StorableLayer {
  typealias Scalar = Float
  var inner: Dense<Float>
  var outer: Dense<Float>
  var blocks: [Dense<Float>]
  var gate: Inner?
  var scale = Parameter<Float>()

  init(_ units: Int) {
    inner = Dense(units, activation: .relu)
    outer = Dense(4)
    blocks = [Dense(4, activation: .tanh), Dense(4)]
    gate = Inner()
  }

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
    visit("inner", &inner)
    visit("outer", &outer)
    visit("blocks", &blocks)
    visit("gate", &gate)
    visit("scale", &scale)
  }
  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    var shape = try builder.layer("inner", &inner, inputShape: inputShape)
    shape = try builder.layer("outer", &outer, inputShape: shape)
    shape = try builder.layers("blocks", &blocks, inputShape: shape)
    if gate != nil { shape = try builder.layer("gate", &gate!, inputShape: shape) }
    try builder.parameter(&scale, Array(shape), .ones)
    return shape
  }
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    var y = outer(inner(x, in: context), in: context)
    for block in blocks { y = block(y, in: context) }
    if let gate { y = gate(y, in: context) }
    return y * context[scale]
  }
}

/// A layer within the block, with one more layer within.
private struct Inner: StorableLayer {
  typealias Scalar = Float
  var dense = Dense<Float>(4, activation: .sigmoid)

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) { visit("dense", &dense) }
  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.layer("dense", &dense, inputShape: inputShape)
  }
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    x * dense(x, in: context)
  }
}

private let (points, rings) = makeCircles(samples: 64, noise: 0.1, factor: 0.3, randomState: 0)
private let x = Tensor<Float>(points)
private let y = Tensor<Float>(rings).reshaped(to: [64, 1])

/// Trains a network, saves it, reads it and compares; looks at summary, profile and drawings.
private func check<Network: StorableLayer>(
  _ network: Network, types: [any Decodable.Type] = [], activations: [ActivationFunction] = [],
  rows: [String], layers: [String]
) throws where Network.Scalar == Float {
  var model = network.compile(
    optimizer: .adam(learningRate: 0.01), loss: .meanSquaredError, seed: 1)
  let history = model.fit(
    x, y, epochs: 4, batchSize: 16, verbose: 0, profile: true, hints: false)
  #expect(history["loss"].last! < history["loss"].first!)

  var copy = try withTemporaryFolder { folder in
    try model.save(to: "\(folder)/model.safetensors")
    return try Model<Network>(
      contentsOf: "\(folder)/model.safetensors", types: types, activations: activations)
  }
  #expect(copy.predict(x) == model.predict(x) && copy.summary() == model.summary())
  copy.fit(x, y, epochs: 6, initialEpoch: 4, batchSize: 16, verbose: 0, hints: false)
  model.fit(x, y, epochs: 6, initialEpoch: 4, batchSize: 16, verbose: 0, hints: false)
  #expect(copy.weights == model.weights)

  let summary = model.summary(expandNested: true)
  for row in rows { #expect(summary.contains(row), "\(row) is not in\n\(summary)") }
  let named = Set(history.profile.map(\.layer))
  #expect(named.isSuperset(of: layers), "\(named)")

  let context = Context<Float>(isTraining: true)
  let prediction = model.network(context.tape.constant(x), in: context)
  let graph = TapeGraph(of: prediction.mean()).naming(parametersOf: model.network)
  #expect(Set(graph.nodes.map(\.name)).isSuperset(of: model.network.parameterPaths))
  #expect(graph.svg().contains("</svg>"))
}

@Suite("A network")
struct NetworkTests {
  @Test("of a user's own blocks is what the library's are")
  func ownBlock() throws {
    let network = Sequential([Block(8), Dense(1)])
    try check(
      network, types: [Block.self],
      rows: ["block (Block)", "inner (Dense)", "blocks.1 (Dense)", "gate (Inner)"],
      layers: ["block.inner", "block.blocks.1", "block.gate.dense", "block", "dense"])
    var model = network.compile(optimizer: "sgd", loss: "mse")
    model.fit(x, y, verbose: 0, hints: false)
    #expect(
      model.network.parameterPaths == [
        "block.inner.kernel", "block.inner.bias", "block.outer.kernel", "block.outer.bias",
        "block.blocks.0.kernel", "block.blocks.0.bias", "block.blocks.1.kernel",
        "block.blocks.1.bias", "block.gate.dense.kernel", "block.gate.dense.bias", "block.scale",
        "dense.kernel", "dense.bias",
      ])
    #expect(
      NetworkDiagram(model.network).layers.map(\.caption) == [
        "relu", "", "tanh", "", "sigmoid", "",
      ])
  }

  @Test("may be a block alone, read as its type")
  func blockAlone() throws {
    try check(
      Graph { g in
        let input = g.input([2])
        g.output(g.layer(Dense(1))(g.layer(Block(3), name: "body")(input)))
      }, types: [Block.self],
      rows: ["input (InputLayer)", "body (Block)", "inner (Dense)"],
      layers: ["body.inner", "dense"])
  }

  @Test("with residual connections, as a layer and in a graph")
  func residual() throws {
    try check(
      Sequential {
        Dense(4, activation: .relu, inputShape: [2])
        Residual {
          Dense(8, activation: .relu)
          Dense(4)
        }
        Dense(1)
      },
      rows: ["residual (Residual)"], layers: ["dense", "residual", "residual.dense_1", "dense_1"])
    try check(
      Graph { g in
        let input = g.input([2], name: "point")
        let a = g.layer(Dense(4, activation: .relu))(input)
        let b = a + g.layer(Dense(4, activation: .tanh))(a)
        g.output(g.layer(Dense(1))(b))
      },
      rows: ["point (InputLayer)", "add (Add)", "Connected to", "dense_2 (Dense)"],
      layers: ["dense", "add", "dense_2"])
  }

  @Test("of two towers with the same weights sums their gradients")
  func siamese() throws {
    let twin = Dense<Double>(3, activation: .tanh)
    var network = Graph<Double> { g in
      let left = g.input([2], name: "left")
      let right = g.input([2], name: "right")
      let tower = g.layer(twin, name: "tower")
      g.output(g.layer(Dot<Double>(normalizes: true), name: "cosine")(tower(left), tower(right)))
    }
    var generator = RandomGenerator(seed: 4)
    #expect(network.initialize(inputShapes: [[2], [2]], using: &generator) == [[1]])
    #expect(network.parameterPaths == ["tower.kernel", "tower.bias"])
    let (a, b): (Tensor<Double>, Tensor<Double>) = ([[1, 2], [0.5, -1]], [[-1, 0.3], [2, 1]])

    func height(_ network: Graph<Double>) -> (Variable<Double>, Context<Double>) {
      let context = Context<Double>(isTraining: true)
      let inputs = [context.tape.constant(a), context.tape.constant(b)]
      return (sum(network(inputs, in: context)[0]), context)
    }
    let (y, context) = height(network)
    let gradients = context.tape.gradients(of: y)
    for (index, parameter) in network.parameters.enumerated() {
      let found = try #require(gradients[parameter]).elements
      for element in found.indices {
        func moved(_ step: Double) -> Double {
          var copy = network
          copy.weights[index].withUnsafeMutableBufferPointer { $0[element] += step }
          return height(copy).0.scalar
        }
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
        #expect(abs(found[element] - slope) < 1e-8)
      }
    }
    let summary = network.summary()
    #expect(
      summary.contains("tower (Dense)                (None, 3)                 9          left"))
    #expect(summary.contains("right"))
  }

  @Test("wide and deep, with two inputs and two outputs, keeps its form in files")
  func wideAndDeep() throws {
    let network = Graph { g in
      let wide = g.input([3], name: "wide")
      let deep = g.input([2], name: "deep")
      let hidden = g.layer(Dense(4, activation: .relu))(deep)
      let all = g.layer(Concatenate())(wide, hidden)
      g.output(g.layer(Dense(1), name: "price")(all), name: "price")
      g.output(g.layer(Dense(3, activation: .softmax), name: "kind")(hidden), name: "kind")
    }
    #expect(
      network.inputs.map(\.name) == ["wide", "deep"] && network.outputNames == ["price", "kind"])
    #expect(try network.outputShapes(for: [[3], [2]]) == [[1], [3]])
    let error = #expect(throws: ShapeError.self) { try network.outputShapes(for: [[3], [5]]) }
    #expect(error?.description == "Graph: expected samples of shape [2], got [5]")

    var (built, generator) = (network, RandomGenerator(seed: 1))
    built.initialize(inputShapes: [[3], [2]], using: &generator)
    let context = Context<Float>(isTraining: true)
    let (w, d) = (Tensor<Float>([[1, 2, 3]]), Tensor<Float>([[4, -5]]))
    let results = built([context.tape.constant(w), context.tape.constant(d)], in: context)
    let hidden = relu(matmul(d, built.weights[0]) + built.weights[1])
    let price = matmul(concatenate([w, hidden], axis: 1), built.weights[2]) + built.weights[3]
    expectClose(results[0].value, price)
    #expect(results[1].value.shape == [1, 3])
    // Each result has gradients of its own.
    let gradients = context.tape.gradients(of: sum(results[0]))
    let parameters = built.parameters
    #expect(gradients[parameters[4]] == nil && gradients[parameters[0]] != nil)
  }

  @Test("whose encoder is used alone gives the same")
  func autoencoder() throws {
    let network = Graph { g in
      let image = g.input([6], name: "image")
      let encoder = g.layer(
        Sequential([Dense(4, activation: .relu), Dense(2)]), name: "encoder")
      let decoder = g.layer(
        Sequential([Dense(4, activation: .relu), Dense(6)]), name: "decoder")
      g.output(decoder(encoder(image)))
    }
    let data = Tensor<Float>((0..<60).map { Float(($0 * 7) % 11) / 11 }).reshaped(to: [10, 6])
    var model = network.compile(optimizer: .adam(), loss: .meanSquaredError)
    model.fit(data, data, epochs: 2, verbose: 0, hints: false)
    let encoder = model.network["encoder"] as! Sequential<Float>
    let alone = encoder.compile(optimizer: "sgd", loss: "mse")
    let codes = alone.predict(data)
    #expect(codes.shape == [10, 2])
    let w = model.weights
    expectClose(codes, matmul(relu(matmul(data, w[0]) + w[1]), w[2]) + w[3])
  }

  @Test("and another one share a tape; the frozen one lets gradients through")
  func twoNetworks() throws {
    var generator = RandomGenerator(seed: 2)
    var maker = Sequential([Dense(3, activation: .tanh, inputShape: [2]), Dense(2)])
    var judge = Sequential([
      Dense(4, activation: .relu, inputShape: [2]), BatchNormalization(), Dense(1),
    ])
    maker.initialize(using: &generator)
    judge.initialize(using: &generator)
    let context = Context<Float>(isTraining: true)
    func grades(_ judge: Sequential<Float>) -> Gradients<Float> {
      context.tape.reset()
      let made = maker(context.tape.constant(x), in: context)
      return context.tape.gradients(of: square(judge(made, in: context)).mean())
    }
    let both = grades(judge)
    #expect(maker.parameters.allSatisfy { both[$0] != nil })
    #expect(judge.parameters.filter(\.isTrainable).allSatisfy { both[$0] != nil })
    #expect(judge.parameters.filter(\.isTrainable).allSatisfy { both[$0]!.shape == $0.value.shape })
    // Frozen, the judge computes as in inference, gets no gradients and moves no averages.
    var frozen = judge
    frozen.isTrainable = false
    let before = (maker.weights, frozen.weights)
    let through = grades(frozen)
    #expect(maker.parameters.allSatisfy { through[$0] != nil })
    #expect(frozen.parameters.allSatisfy { through[$0] == nil })
    var state = OptimizerState<Float>()
    SGD().update(&frozen, along: through, state: &state)
    SGD().update(&maker, along: through, state: &state)
    #expect(frozen.weights == before.1 && maker.weights != before.0)
  }

  @Test("learns from a frozen copy of itself, though both share memory at first")
  func teacher() throws {
    var generator = RandomGenerator(seed: 2)
    var student = Sequential([Dense(3, activation: .tanh, inputShape: [2]), Dense(1)])
    student.initialize(using: &generator)
    var teacher = student
    teacher.isTrainable = false
    let context = Context<Float>(isTraining: true)
    let batch = context.tape.constant(x)
    let difference = student(batch, in: context) * 2 - teacher(batch, in: context)
    let together = context.tape.gradients(of: sum(difference))
    let found = student.parameters.map { together[$0]! }
    #expect(teacher.parameters.allSatisfy { together[$0] == nil })
    // The teacher is a constant: the gradient is twice that of the student alone.
    let alone = Context<Float>(isTraining: true)
    let single = alone.tape.gradients(of: sum(student(alone.tape.constant(x), in: alone)))
    for (parameter, both) in zip(student.parameters, found) {
      expectClose(both, single[parameter]! * 2, relative: 1e-5)
    }
  }

  @Test("is frozen and thawed by paths")
  func freezing() throws {
    var model = Sequential([Block(3), Dense(1)])
      .compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError)
    model.fit(x, y, verbose: 0, hints: false)
    model.network.freeze("block", "dense.bias")
    model.network.unfreeze("block.inner.kernel")
    let before = model.weights
    model.fit(x, y, verbose: 0, hints: false)
    let changed = zip(model.network.parameterPaths, zip(before, model.weights))
      .filter { $1.0 != $1.1 }.map { $0.0 }
    #expect(changed == ["block.inner.kernel", "dense.kernel"])
    let copy = try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/model")
      return try Model<Sequential<Float>>(contentsOf: "\(folder)/model", types: [Block.self])
    }
    #expect(
      copy.network.parameters.map(\.isTrainable) == model.network.parameters.map(\.isTrainable))
    #expect(copy.network.parameterCounts == model.network.parameterCounts)
  }

  @Test("has activation functions of a user's own, by numbers and by operations on the tape")
  func ownActivations() throws {
    struct Mish: ActivationRule {
      func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
        x * tanh(softplus(x))
      }
    }
    let cube = ActivationFunction("cube", { x in x * x * x }, derivative: { x in 3 * x * x })
    let mish = ActivationFunction("mish", Mish())
    try check(
      Sequential([
        Dense(4, activation: cube, inputShape: [2]), Dense(4, activation: mish), Dense(1),
      ]),
      activations: [cube, mish], rows: [], layers: ["dense_2"])
    for function in [cube, mish] {
      let check = checkGradients(at: [[[1, -2], [0.5, 3]]]) { _, variables in function(variables[0])
      }
      #expect(check.passes, "\(function.name): \(check)")
    }
    // A file that names one that is not given is refused with its name.
    let model = Sequential([Dense(4, activation: cube, inputShape: [2])])
      .compile(optimizer: "sgd", loss: "mse")
    try withTemporaryFolder { folder in
      try model.save(to: "\(folder)/model")
      let error = #expect(throws: FileError.self) {
        try Model<Sequential<Float>>(contentsOf: "\(folder)/model")
      }
      #expect(
        error!.description.contains("network.layers.0.activation: activation: there is no \"cube\"")
      )
    }
  }

  @Test("stops naming the layer where shapes do not fit")
  func shapes() {
    let network = Graph { g in
      let (a, b) = (g.input(name: "a"), g.input(name: "b"))
      let shared = g.layer(Dense(3), name: "shared")
      g.output(shared(a) + shared(b))
    }
    #expect(try! network.outputShapes(for: [[2], [2]]) == [[3]])
    #expect(throws: ShapeError.self) { try network.outputShapes(for: [[2], [4]]) }
    let sum = Graph { g in
      let (a, b) = (g.input(name: "a"), g.input(name: "b"))
      g.output(a + b)
    }
    let error = #expect(throws: ShapeError.self) { try sum.outputShapes(for: [[2], [3]]) }
    #expect(error?.description == "add (Add): expected inputs of equal shapes, got [2] and [3]")
  }

  @Test("merges inputs with Keras's layers")
  func merges() {
    let (a, b): (Tensor<Double>, Tensor<Double>) = ([[1, -2, 3]], [[4, 0.5, -6]])
    func merged<Merge: MergeLayer>(_ layer: Merge) -> Tensor<Double> where Merge.Scalar == Double {
      let tape = Tape<Double>()
      return layer.merge([tape.constant(a), tape.constant(b)]).value
    }
    #expect(merged(Add()) == a + b && merged(Subtract()) == a - b && merged(Multiply()) == a * b)
    #expect(merged(Average()) == (a + b) / 2)
    #expect(merged(Maximum()) == [[4, 0.5, 3]] && merged(Minimum()) == [[1, -2, -6]])
    #expect(merged(Concatenate()) == [[1, -2, 3, 4, 0.5, -6]] && merged(Dot()) == [[-15]])
    let lengths = (14.0 * (16 + 0.25 + 36)).squareRoot()
    expectClose(merged(Dot(normalizes: true)), Tensor([-15 / lengths], shape: [1, 1]))
    let check = checkGradients(at: [a, b]) { _, inputs in
      Concatenate<Double>().merge(inputs) * Dot<Double>(normalizes: true).merge(inputs)
    }
    #expect(check.passes, "\(check)")
  }
}
