// Weights of other frameworks. pytorch_layers.txt holds layers of PyTorch with their weights, an input and
// their result; make_pytorch_layers.py wrote it.

import ArrayFiles
import TestSupport
import Testing
import Train

/// The file of PyTorch's layers.
private let layers: [UInt8] = {
  let digits = goldenLines("pytorch_layers.txt").joined().compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}()

private let kinds: [(name: String, layer: any Layer<Float>)] = [
  ("linear", Dense(4)),
  ("linear_without_bias", Dense(4)),
  ("batch_norm", BatchNormalization(epsilon: 1e-5)),
  ("layer_norm", LayerNormalization(epsilon: 1e-5)),
  ("embedding", Embedding(6, 3)),
  ("lstm", LSTM(2, returnSequences: true)),
  ("gru", GRU(2, returnSequences: true)),
  ("rnn", SimpleRNN(2, returnSequences: true)),
  ("bidirectional_gru", Bidirectional(GRU(2, returnSequences: true))),
  ("bidirectional_lstm", Bidirectional(LSTM(2, returnSequences: true))),
  ("attention", MultiHeadAttention(heads: 2, keySize: 2)),
  ("encoder", TransformerEncoder(heads: 2, units: 6)),
  ("conv1d", Conv1D(3, kernelSize: 3)),
  ("conv2d", Conv2D(3, kernelSize: [3, 2], strides: 2)),
  ("grouped", Conv2D(6, kernelSize: 3, groups: 2, useBias: false)),
  ("depthwise", DepthwiseConv2D(kernelSize: 3, depthMultiplier: 2)),
  ("transposed1d", Conv1DTranspose(3, kernelSize: 3, strides: 2)),
  ("transposed2d", Conv2DTranspose(3, kernelSize: [3, 2], strides: 2)),
]

/// A network of members with PyTorch's names, one of them in a list, and a parameter of its own.
private struct Tower: StorableLayer {
  var blocks = [Dense<Float>(3, activation: .relu), Dense<Float>(3)]
  var head = Head()
  var scale = Parameter<Float>()

  struct Head: StorableLayer {
    var norm = LayerNormalization<Float>(epsilon: 1e-5)

    mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) { visit("norm", &norm) }
    mutating func build(
      _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
    ) throws(ShapeError) -> TensorShape { try builder.layer("norm", &norm, inputShape: inputShape) }
    func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
      norm(x, in: context)
    }
  }

  mutating func forEachMember(_ visit: inout some MemberVisitor<Float>) {
    visit("blocks", &blocks)
    visit("head", &head)
    visit("scale", &scale)
  }
  mutating func build(
    _ builder: inout LayerBuilder<Float>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    var shape = try builder.layers("blocks", &blocks, inputShape: inputShape)
    shape = try builder.layer("head", &head, inputShape: shape)
    try builder.parameter(&scale, Array(shape), .ones)
    return shape
  }
  func call(_ x: Variable<Float>, in context: Context<Float>) -> Variable<Float> {
    head(blocks.reduce(x) { $1($0, in: context) }, in: context) * context[scale]
  }
}

/// A network of one layer for samples like those of `input`.
private func built(
  _ layer: any Layer<Float>, for input: Tensor<Float>, seed: UInt64
) -> Sequential<Float> {
  var network = Sequential([layer])
  var generator = RandomGenerator(seed: seed)
  network.initialize(inputShape: TensorShape(input.shape.dropFirst()), using: &generator)
  return network
}

private func bits(_ tensor: Tensor<Float>) -> [UInt32] { tensor.elements.map(\.bitPattern) }

private func rising(_ shape: TensorShape, from start: Float = 1) -> Tensor<Float> {
  Tensor((0..<shape.elementCount).map { start + Float($0) }, shape: shape)
}

/// A model of two dense layers, [2] to [3] to [1].
private func twoLayers() -> Model<Sequential<Float>> {
  Sequential([Dense(3, inputShape: [2]), Dense(1)]).compile(optimizer: "sgd", loss: "mse", seed: 5)
}

/// The weights of PyTorch's `Sequential(Linear(2, 3), ReLU(), Linear(3, 1))`.
private let linear: [(key: String, value: any TensorProtocol)] = [
  ("0.weight", rising([3, 2])), ("0.bias", rising([3], from: 10)),
  ("2.weight", rising([1, 3], from: 20)), ("2.bias", rising([1], from: 30)),
]

/// The names of `linear` as those of `twoLayers`.
private func renamed(_ name: String) -> String {
  (name.hasPrefix("0") ? "dense" : "dense_1") + name.dropFirst()
}

private func withArrays(
  _ arrays: [(key: String, value: any TensorProtocol)], _ body: (String) throws -> Void
) throws {
  try withTemporaryFolder { folder in
    try PyTorchFile.write(arrays, to: "\(folder)/w.pt")
    try body("\(folder)/w.pt")
  }
}

@Suite("Weights by rule")
struct WeightLoadingTests {
  @Test("each layer of PyTorch gives the same here, and goes back", arguments: kinds.map(\.name))
  func layer(name: String) throws {
    let layer = kinds.first { $0.name == name }!.layer
    try withTemporaryFolder { folder in
      let path = "\(folder)/layers.pt"
      try writeFile(layers, to: path)
      let file = try PyTorchFile(contentsOf: path)
      let inputs = try file.array(named: "\(name).input")
      let input: Tensor<Float> =
        try inputs.elementType == .int64 ? Tensor(inputs.tensor(of: Int64.self)) : inputs.tensor()
      let output: Tensor<Float> = try file["\(name).output"]

      var network = built(layer, for: input, seed: 1)
      let member = network.layerNames[0]
      let report = try network.loadWeights(contentsOf: path, naming: .pyTorch) { array in
        guard array.hasPrefix("\(name)."), !array.hasSuffix("put") else { return nil }
        return member + array.dropFirst(name.count)
      }
      #expect(report.isComplete, "\(report)")
      let context = Context<Float>(isTraining: false)
      let result = network(context.tape.constant(input), in: context).value
      expectClose(result, output, relative: 1e-5, absolute: 1e-5)

      let stored = network.namedWeights(.pyTorch)
      for (key, value) in stored where file.names.contains(name + key.dropFirst(member.count)) {
        let theirs: Tensor<Float> = try file[name + key.dropFirst(member.count)]
        // Of two biases that are added only the sum is known.
        let isSum = key.contains("bias_") && !name.contains("gru")
        #expect(theirs.shape == value.shape, "\(key)")
        #expect(isSum || bits(theirs) == bits(value as! Tensor<Float>), "\(key)")
      }
      let expected = file.names.filter {
        $0.hasPrefix("\(name).") && !$0.hasSuffix("put") && !$0.hasSuffix("tracked")
      }
      #expect(
        Set(expected.map { $0.dropFirst(name.count) })
          .isSubset(of: stored.map { $0.key.dropFirst(member.count) }))
      try PyTorchFile.write(stored, to: "\(folder)/back.pt")
      var again = built(layer, for: input, seed: 2)
      try again.loadWeights(contentsOf: "\(folder)/back.pt", naming: .pyTorch)
      #expect(again.weights.map(bits) == network.weights.map(bits))
    }
  }

  @Test("structs are matched by the names of their members")
  func members() throws {
    var tower = Tower()
    var generator = RandomGenerator(seed: 1)
    tower.initialize(inputShape: [2], using: &generator)
    let arrays: [(key: String, value: any TensorProtocol)] = [
      ("scale", rising([3])), ("head.norm.weight", rising([3])), ("head.norm.bias", rising([3])),
      ("blocks.1.bias", rising([3])), ("blocks.1.weight", rising([3, 3])),
      ("blocks.0.weight", Tensor<Double>([[1, 2], [3, 4], [5, 6]])),
      ("blocks.0.bias", rising([3])),
    ]
    try withArrays(arrays) { path in
      let report = try tower.loadWeights(contentsOf: path, naming: .pyTorch)
      #expect(report.isComplete && report.rows.count == 7)
      #expect(report.rows.map(\.parameter) == tower.parameterPaths)
      #expect(tower.blocks[0].kernel.value == [[1, 3, 5], [2, 4, 6]] as Tensor<Float>)
      #expect(tower.scale.value == [1, 2, 3] as Tensor<Float>)
      #expect(
        tower.namedWeights(.pyTorch).map(\.key) == [
          "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias",
          "head.norm.weight", "head.norm.bias", "scale",
        ])
    }
  }

  @Test("names can be changed, and arrays left out")
  func renaming() throws {
    try withArrays(linear + [("steps", Tensor<Int>(3))]) { path in
      var model = twoLayers()
      try model.loadWeights(contentsOf: path, naming: .pyTorch) {
        $0 == "steps" ? nil : renamed($0)
      }
      #expect(model.weights[0] == [[1, 3, 5], [2, 4, 6]] as Tensor<Float>)
      #expect(model.weights[2] == [[20], [21], [22]] as Tensor<Float>)
      let error = #expect(throws: FileError.self) {
        try model.loadWeights(contentsOf: path, naming: .pyTorch) { _ in "dense.bias" }
      }
      #expect(error?.message == "expected names that differ, got dense.bias twice")
    }
  }

  @Test("what does not fit is an error with a table, and changes nothing")
  func strict() throws {
    let arrays: [(key: String, value: any TensorProtocol)] = [
      ("dense.weight", rising([3, 3])), ("dense.bias", rising([3], from: 10)),
      ("dense_2.weight", rising([1, 3])), ("dense_1.bias", Tensor<Int>([1])),
    ]
    try withArrays(arrays) { path in
      var model = twoLayers()
      let before = model.weights
      let error = #expect(throws: FileError.self) {
        try model.loadWeights(contentsOf: path, naming: .pyTorch)
      }
      #expect(
        error?.message == """
          dense.kernel: expected [2, 3], got [3, 3]; the weights are as they were
          1 of 4 parameters fit, 2 of another shape, 1 missing, 1 left over

            another shape  dense.kernel    dense.weight    expected [2, 3], got [3, 3]
            another shape  dense_1.bias    dense_1.bias    expected numbers with fractions, got int64
            missing        dense_1.kernel  dense_1.weight  is dense_2.weight meant?
            left over                      dense_2.weight  [1, 3]
          """, "\(error?.message ?? "")")
      #expect(model.weights == before)

      let report = try model.loadWeights(contentsOf: path, naming: .pyTorch, strict: false)
      #expect(!report.isComplete)
      #expect(report.rows(.loaded).map(\.parameter) == ["dense.bias"])
      #expect(report.description.hasSuffix("loaded         dense.bias      dense.bias      [3]"))
      #expect(model.weights[1] == [10, 11, 12] as Tensor<Float>)
      #expect(model.weights[0] == before[0] && model.weights[3] == before[3])
    }
  }

  @Test("a bias that the module does not have is zero, and the report says so")
  func zeroBias() throws {
    try withArrays(linear.filter { $0.key != "2.bias" }) { path in
      var model = twoLayers()
      model.weights[3] = Tensor<Float>([7])
      let report = try model.loadWeights(contentsOf: path, naming: .pyTorch, renaming: renamed)
      #expect(report.rows(.zero).map(\.parameter) == ["dense_1.bias"])
      #expect(model.weights[3] == [0] as Tensor<Float>)
    }
  }

  @Test("weights in our own names are complete too, beside what an optimizer remembers")
  func ownNames() throws {
    try withTemporaryFolder { folder in
      var model = twoLayers()
      model.fit(
        Tensor<Float>.ones([4, 2]), Tensor<Float>.ones([4, 1]), epochs: 1, verbose: 0, hints: false)
      for name in ["m.safetensors", "w.npz", "w.pt", "w.safetensors"] {
        let path = "\(folder)/\(name)"
        if name.hasPrefix("m") { try model.save(to: path) } else { try model.saveWeights(to: path) }
        var other = twoLayers()
        #expect(try other.loadWeights(contentsOf: path).rows(.loaded).count == 4)
        #expect(other.weights.map(bits) == model.weights.map(bits))
      }
    }
  }
}
