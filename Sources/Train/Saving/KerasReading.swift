// Keras's description of layers brought into the form that `Codable` makes of ours, one entry for each
// kind of layer, with the places of its weights. `KerasWriting.swift` is the way back, `KerasModel.swift`
// uses both.

import ArrayFiles
import Layers
import Tensor

/// A layer as ours describe themselves, and where Keras keeps its weights.
struct KerasLayer {
  /// What `Codable` makes of the layer.
  let description: JSON
  /// The place of each parameter below the layer's in a file, in our order; nil if Keras has none, so that the
  /// parameter stays as it begins.
  let weights: [String?]
  /// Whether training leaves it alone.
  var isFrozen = false

  init(_ type: String, _ members: KeyValuePairs<String, JSON?> = [:], weights: [String?] = []) {
    description = .object(
      [JSON.Member("type", .string(type))]
        + members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
    self.weights = weights
  }
}

/// The settings of a layer in Keras's description.
private struct KerasSettings {
  let path: String
  let name: String
  let config: JSON

  func fault(_ message: String) -> FileError {
    FileError(path: path, message: "the layer \(excerpt(name)): \(message)")
  }

  /// A setting; nil if it is not there or null.
  subscript(_ name: String) -> JSON? { config[name].flatMap { $0 == .null ? nil : $0 } }

  func flag(_ name: String, _ standard: Bool) throws(FileError) -> Bool {
    switch self[name] {
    case nil: return standard
    case .bool(let value): return value
    case let other?: throw fault("expected \(name) to be true or false, got \(excerpt(other.text))")
    }
  }

  func integer(_ name: String) throws(FileError) -> Int {
    guard case .integer(let value) = self[name] else {
      throw fault("expected \(name) to be a whole number")
    }
    return value
  }

  /// Refuses a setting that our layer does not have, unless it has one of the given values.
  func expect(_ name: String, _ values: JSON...) throws(FileError) {
    guard let value = self[name], !values.contains(value) else { return }
    throw fault(
      "expected \(name) to be \(values.map(\.text).joined(separator: " or ")), got \(excerpt(value.text))"
    )
  }

  /// The name of an activation function.
  func activation(_ name: String, _ standard: JSON) throws(FileError) -> JSON {
    guard let value = self[name] else { return standard }
    if case .string = value { return value }
    // A function or a layer that stands for one.
    guard let inner = value["config"] else { throw fault("expected \(name) to be a name") }
    if case .string = inner { return inner }
    guard case .string(let type) = value["class_name"] else {
      throw fault("expected \(name) to be a name")
    }
    return .string(snakeCase(type))
  }

  /// A parameter with what Keras adds to the loss for it.
  func parameter(_ regularizer: String? = nil) throws(FileError) -> JSON {
    guard let regularizer, let value = self[regularizer] else { return [:] }
    guard case .string(let type) = value["class_name"], ["L1", "L2", "L1L2"].contains(type),
      let factors = value["config"]
    else { throw fault("expected \(regularizer) to be L1, L2 or L1L2, got \(excerpt(value.text))") }
    return ["regularizer": ["l1": factors["l1"] ?? 0.0, "l2": factors["l2"] ?? 0.0]]
  }
}

/// Reads Keras's descriptions in a file.
struct KerasReader {
  let path: String

  /// The class of a layer and its name.
  func identity(of json: JSON) throws(FileError) -> (type: String, name: String) {
    guard case .string(let type) = json["class_name"], let config = json["config"] else {
      throw FileError(
        path: path, message: "expected a layer with a class_name, got \(excerpt(json.text))")
    }
    if case .string(let name) = json["name"] ?? config["name"] { return (type, name) }
    return (type, snakeCase(type))
  }

  /// A layer from its description.
  ///
  /// - Throws: `FileError` if this library has no such layer, or not with these settings.
  func layer(_ json: JSON, depth: Int = 0) throws(FileError) -> KerasLayer {
    let (type, name) = try identity(of: json)
    let c = KerasSettings(path: path, name: name, config: json["config"] ?? [:])
    guard depth < 32 else { throw c.fault("expected layers in at most 32 layers") }
    var layer = try self.layer(type, c, json, depth: depth)
    layer.isFrozen = try !c.flag("trainable", true)
    return layer
  }

  private func layer(
    _ type: String, _ c: KerasSettings, _ json: JSON, depth: Int
  ) throws(FileError) -> KerasLayer {
    switch type {
    case "Dense":
      return KerasLayer(
        type,
        [
          "units": c["units"], "activation": try c.activation("activation", "linear"),
          "kernel": try c.parameter("kernel_regularizer"),
          "bias": try c.parameter("bias_regularizer"), "kernelInitializer": "glorot_uniform",
          "biasInitializer": "zeros",
        ], weights: ["vars/0", try c.flag("use_bias", true) ? "vars/1" : nil])
    case "Activation":
      return KerasLayer(type, ["function": try c.activation("activation", "linear")])
    case "ReLU":
      try c.expect("max_value")
      try c.expect("negative_slope", 0, 0.0)
      try c.expect("threshold", 0, 0.0)
      return KerasLayer("Activation", ["function": "relu"])
    case "Softmax":
      try c.expect("axis", -1)
      return KerasLayer("Activation", ["function": "softmax"])
    case "Dropout": return KerasLayer(type, ["rate": c["rate"]])
    case "Flatten":
      try c.expect("data_format", "channels_last")
      return KerasLayer(type)
    case "Reshape": return KerasLayer(type, ["targetShape": c["target_shape"]])
    case "LeakyReLU":
      return KerasLayer(type, ["negativeSlope": c["negative_slope"] ?? c["alpha"]])
    case "ELU": return KerasLayer(type, ["alpha": c["alpha"]])
    case "BatchNormalization":
      let (gamma, beta) = (try c.flag("scale", true), try c.flag("center", true))
      var stored = ["vars/0", "vars/1", "vars/2", "vars/3"].makeIterator()
      return KerasLayer(
        type,
        [
          "momentum": c["momentum"], "epsilon": c["epsilon"],
          "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"), "movingMean": ["isTrainable": false],
          "movingVariance": ["isTrainable": false],
        ],
        weights: [
          gamma ? stored.next() : nil, beta ? stored.next() : nil, stored.next(), stored.next(),
        ])
    case "LayerNormalization":
      try c.expect("rms_scaling", false)
      let (gamma, beta) = (try c.flag("scale", true), try c.flag("center", true))
      return KerasLayer(
        type,
        [
          "epsilon": c["epsilon"], "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"),
        ], weights: [gamma ? "vars/0" : nil, beta ? (gamma ? "vars/1" : "vars/0") : nil])
    case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum": return KerasLayer(type)
    case "Concatenate":
      try c.expect("axis", -1)
      return KerasLayer(type)
    case "Dot": return KerasLayer(type, ["normalizes": c["normalize"] ?? false])
    case "Embedding":
      return KerasLayer(
        type,
        [
          "words": c["input_dim"], "size": c["output_dim"], "masksZero": c["mask_zero"] ?? false,
          "embeddings": try c.parameter("embeddings_regularizer"), "initializer": "custom",
        ], weights: ["vars/0"])
    case "Masking": return KerasLayer(type, ["maskValue": c["mask_value"]])
    case "RepeatVector": return KerasLayer(type, ["count": c["n"]])
    case "Permute": return KerasLayer(type, ["axes": c["dims"]])
    case "TimeDistributed":
      guard let inner = c["layer"] else { throw c.fault("expected a layer within") }
      let layer = try layer(inner, depth: depth + 1)
      return KerasLayer(
        type, ["layer": layer.description], weights: layer.weights.map { $0.map { "layer/\($0)" } })
    case "SimpleRNN", "LSTM", "GRU": return try recurrent(type, c)
    case "Conv1D", "Conv2D", "Conv1DTranspose", "Conv2DTranspose", "DepthwiseConv1D",
      "DepthwiseConv2D":
      let useBias = try c.flag("use_bias", true)
      let kind =
        type.hasPrefix("Depth") ? "depthwise" : type.hasSuffix("e") ? "transposed" : "plain"
      return KerasLayer(
        type, ["core": try convolution(type, kind, c, useBias: useBias)],
        weights: (0..<(useBias ? 2 : 1)).map { "vars/\($0)" })
    case "SeparableConv1D", "SeparableConv2D":
      let useBias = try c.flag("use_bias", true)
      return KerasLayer(
        type,
        [
          "depthwise": try convolution(type, "depthwise", c, useBias: false),
          "pointwise": try convolution(type, "pointwise", c, useBias: useBias),
        ], weights: (0..<(useBias ? 3 : 2)).map { "vars/\($0)" })
    case "Bidirectional":
      guard let inner = c["layer"] else { throw c.fault("expected a layer within") }
      let forward = try layer(inner, depth: depth + 1)
      // Without a description the second layer is the first one, reading from the end.
      var backward = forward.description.replacing("core") { core in
        core.replacing("goBackwards") { .bool($0 == .bool(false)) }
      }
      if let inner = c["backward_layer"] {
        backward = try layer(inner, depth: depth + 1).description
      }
      return KerasLayer(
        type,
        [
          "forward": forward.description, "backward": backward,
          "mergeMode": c["merge_mode"] ?? "none",
        ],
        weights: ["forward_layer", "backward_layer"].flatMap { place in
          forward.weights.map { $0.map { "\(place)/\($0)" } }
        })
    case "MultiHeadAttention":
      for name in ["output_shape", "attention_axes", "sliding_window"] { try c.expect(name) }
      try c.expect("use_gate", false)
      let useBias = try c.flag("use_bias", true)
      let projection: JSON =
        useBias ? ["kernel": [:], "bias": [:], "units": 0] : ["kernel": [:], "units": 0]
      return KerasLayer(
        type,
        [
          "heads": c["num_heads"], "keySize": c["key_dim"],
          "valueSize": c["value_dim"] ?? c["key_dim"], "isCausal": false,
          "dropout": c["dropout"] ?? 0.0, "query": projection, "key": projection,
          "value": projection, "output": projection,
        ],
        weights: ["query", "key", "value", "output"].flatMap { part in
          (0..<(useBias ? 2 : 1)).map { "\(part)_dense/vars/\($0)" }
        })
    case "Sequential", "Functional", "Model":
      let network = try network(json, depth: depth + 1)
      return KerasLayer(
        "Graph",
        [
          "inputs": network.inputs, "members": network.members, "steps": network.steps,
          "outputs": network.outputs,
        ],
        weights: network.layers.flatMap { layer in
          layer.content.weights.map { $0.map { "\(layer.place)/\($0)" } }
        })
    default:
      throw c.fault("this library has no layer \(excerpt(type)) that it reads from Keras's files")
    }
  }

  private func recurrent(_ type: String, _ c: KerasSettings) throws(FileError) -> KerasLayer {
    try c.expect("stateful", false)
    let useBias = try c.flag("use_bias", true)
    let resetsAfter = try c.flag("reset_after", type == "GRU" && c["implementation"] == nil)
    let kinds = [
      "SimpleRNN": "simple", "LSTM": "lstm", "GRU": resetsAfter ? "gru" : "gruResettingBefore",
    ]
    let gates: JSON =
      type == "SimpleRNN" ? "linear" : try c.activation("recurrent_activation", "sigmoid")
    let core = KerasLayer(
      type,
      [
        "kind": .string(kinds[type]!), "units": c["units"],
        "activation": try c.activation("activation", "tanh"), "recurrentActivation": gates,
        "dropout": c["dropout"] ?? 0.0, "recurrentDropout": c["recurrent_dropout"] ?? 0.0,
        "returnSequences": c["return_sequences"] ?? false,
        "returnState": c["return_state"] ?? false,
        "goBackwards": c["go_backwards"] ?? false, "kernel": try c.parameter("kernel_regularizer"),
        "recurrentKernel": try c.parameter("recurrent_regularizer"),
        "bias": useBias ? try c.parameter("bias_regularizer") : nil, "states": [],
        "kernelInitializer": "glorot_uniform", "recurrentInitializer": "orthogonal",
        "biasInitializer": "zeros", "hasUnitForgetBias": c["unit_forget_bias"] ?? false,
      ])
    return KerasLayer(
      type, ["core": core.description],
      weights: (0..<(useBias ? 3 : 2)).map { "cell/vars/\($0)" })
  }

  /// The settings of a window that moves over images or sequences.
  private func convolution(
    _ type: String, _ kind: String, _ c: KerasSettings, useBias: Bool
  ) throws(FileError) -> JSON {
    try c.expect("data_format", "channels_last")
    try c.expect("output_padding")
    let rank = type.contains("1D") ? 1 : 2
    /// A size along each axis, given as one number or as a list.
    func size(_ name: String) throws(FileError) -> JSON {
      let value = c[name] ?? 1
      var sizes = list(value)
      if case .integer = value { sizes = Array(repeating: value, count: rank) }
      guard sizes.count == rank else { throw c.fault("expected \(rank) sizes for \(name)") }
      return ["height": rank == 1 ? 1 : sizes[0], "width": sizes[rank - 1]]
    }
    let isMixture = kind == "pointwise"
    let isDepthwise = kind == "depthwise"
    let isLast = isMixture || !type.hasPrefix("Separable")
    let regularizer = isDepthwise ? "depthwise" : isMixture ? "pointwise" : "kernel"
    return KerasLayer(
      type,
      [
        "kind": .string(isMixture ? "plain" : kind), "rank": .integer(rank),
        "filters": isDepthwise ? c["depth_multiplier"] ?? 1 : c["filters"],
        "kernelSize": isMixture ? ["height": 1, "width": 1] : try size("kernel_size"),
        "strides": isMixture ? ["height": 1, "width": 1] : try size("strides"),
        "padding": isMixture ? "valid" : c["padding"] ?? "valid",
        "dilationRate": isMixture ? ["height": 1, "width": 1] : try size("dilation_rate"),
        "groups": isMixture ? 1 : c["groups"] ?? 1,
        "activation": isLast ? try c.activation("activation", "linear") : "linear",
        "kernel": try c.parameter("\(regularizer)_regularizer"),
        "bias": useBias ? try c.parameter("bias_regularizer") : nil,
        "kernelInitializer": "glorot_uniform", "biasInitializer": "zeros",
      ]
    ).description
  }

  // MARK: - Networks

  /// A network: its layers by names, which of them takes what, and the shapes of its inputs.
  struct Network {
    var layers: [(name: String, place: String, content: KerasLayer)] = []
    var calls: [(layer: Int, inputs: [Int], resultCount: Int)] = []
    var inputNames: [String] = []
    /// The shape of one sample of each input; nil where Keras leaves sizes open.
    var inputShapes: [TensorShape?] = []
    /// The numbers of the values that are results, with their names.
    var results: [(name: String, value: Int)] = []

    /// Whether each layer takes what the one before gives.
    var isChain: Bool {
      inputNames.count == 1 && results.map(\.value) == [calls.count]
        && calls.indices.allSatisfy {
          calls[$0].layer == $0 && calls[$0].inputs == [$0] && calls[$0].resultCount == 1
        }
    }

    var inputs: JSON {
      .array(
        zip(inputNames, inputShapes).map { name, shape in
          let shape = shape.map { JSON.array($0.map { .integer($0) }) }
          return shape.map { ["name": .string(name), "shape": $0] } ?? ["name": .string(name)]
        })
    }
    var members: JSON {
      .array(layers.map { ["name": .string($0.name), "content": $0.content.description] })
    }
    var steps: JSON {
      .array(
        calls.map {
          [
            "member": .integer($0.layer), "inputs": .array($0.inputs.map { .integer($0) }),
            "resultCount": .integer($0.resultCount),
          ]
        })
    }
    var outputs: JSON {
      .array(results.map { ["name": .string($0.name), "value": .integer($0.value)] })
    }
  }

  /// The network that a description of a model is about.
  func network(_ json: JSON, depth: Int = 0) throws(FileError) -> Network {
    let (type, name) = try identity(of: json)
    switch type {
    case "Sequential": return try sequential(json, depth: depth)
    case "Functional", "Model": return try functional(json, depth: depth)
    default:
      throw FileError(
        path: path,
        message:
          "the model \(excerpt(name)): expected Sequential or Functional, got \(excerpt(type))")
    }
  }

  private func sequential(_ json: JSON, depth: Int) throws(FileError) -> Network {
    let layers = list(json["config"]?["layers"] ?? json["config"])
    var (network, places) = (Network(), KerasPlaces())
    network.inputNames = ["input"]
    var shape = json["build_config"]?["input_shape"]
    for json in layers {
      let (type, name) = try identity(of: json)
      let config = json["config"]
      shape = config?["batch_shape"] ?? config?["batch_input_shape"] ?? shape
      guard type != "InputLayer" else { continue }
      network.calls.append(
        (network.layers.count, [network.layers.count], 1))
      network.layers.append((name, places.place(of: type), try layer(json, depth: depth)))
    }
    network.inputShapes = [sampleShape(shape)]
    network.results = [("output", network.calls.count)]
    return network
  }

  private func functional(_ json: JSON, depth: Int) throws(FileError) -> Network {
    func fault(_ message: String) -> FileError {
      FileError(path: path, message: "the description of the model: \(message)")
    }
    guard let config = json["config"] else { throw fault("expected a config") }
    var (network, places) = (Network(), KerasPlaces())
    /// The number of a value by layer, call and result.
    var values: [Reference: Int] = [:]
    var pending: [(layer: Int, name: String, node: Int, inputs: [Reference])] = []
    let references = try references(config["input_layers"] ?? [])
    for json in list(config["layers"]) {
      let (type, name) = try identity(of: json)
      let place = places.place(of: type)
      if type == "InputLayer" {
        // Inputs are numbered as the model lists them.
        guard references.contains(where: { $0.layer == name }) else { continue }
        continue
      }
      network.layers.append((name, place, try layer(json, depth: depth)))
      for (node, call) in list(json["inbound_nodes"]).enumerated() {
        pending.append((network.layers.count - 1, name, node, try self.references(call)))
      }
    }
    for reference in references {
      let input = list(config["layers"]).first { $0["config"]?["name"] == .string(reference.layer) }
      let shape = input?["config"]?["batch_shape"] ?? input?["config"]?["batch_input_shape"]
      values[reference] = network.inputNames.count
      network.inputNames.append(reference.layer)
      network.inputShapes.append(sampleShape(shape))
    }
    var count = network.inputNames.count
    // Each round makes at least one call, or nothing more can be made.
    while !pending.isEmpty {
      var left: [(layer: Int, name: String, node: Int, inputs: [Reference])] = []
      for call in pending {
        let inputs = call.inputs.compactMap { values[$0] }
        guard inputs.count == call.inputs.count, !inputs.isEmpty else {
          left.append(call)
          continue
        }
        let results = try resultCount(of: network.layers[call.layer].content)
        network.calls.append((call.layer, inputs, results))
        for index in 0..<results {
          values[Reference(layer: call.name, node: call.node, result: index)] = count + index
        }
        count += results
      }
      guard left.count < pending.count else {
        throw fault("the layer \(excerpt(left[0].name)) takes what no layer gives before it")
      }
      pending = left
    }
    for reference in try self.references(config["output_layers"] ?? []) {
      guard let value = values[reference] else {
        throw fault("the output \(excerpt(reference.layer)) is the result of no layer")
      }
      let isFirst = !network.results.contains { $0.name == reference.layer }
      network.results.append(
        (isFirst ? reference.layer : "\(reference.layer)_\(network.results.count)", value))
    }
    return network
  }

  /// A result of a call of a layer.
  private struct Reference: Hashable {
    let layer: String
    let node: Int
    let result: Int
  }

  /// All results of layers that a part of a description names, in order.
  private func references(_ json: JSON, depth: Int = 0) throws(FileError) -> [Reference] {
    if let reference = reference(json["config"]?["keras_history"] ?? json) { return [reference] }
    guard depth < 16 else { return [] }
    var found: [Reference] = []
    switch json {
    case .array(let values):
      for value in values { found += try references(value, depth: depth + 1) }
    case .object(let members):
      for member in members { found += try references(member.value, depth: depth + 1) }
    default: break
    }
    return found
  }

  private func reference(_ json: JSON) -> Reference? {
    guard case .array(let parts) = json, parts.count >= 3, case .string(let layer) = parts[0],
      case .integer(let node) = parts[1], case .integer(let result) = parts[2]
    else { return nil }
    return Reference(layer: layer, node: node, result: result)
  }

  /// The number of results of a layer.
  private func resultCount(of layer: KerasLayer) throws(FileError) -> Int {
    let network = try decoded(Sequential<Float>.self, ["layers": [layer.description]])
    return network.layers[0].outputNames.count
  }

  /// A network of ours from its description.
  func decoded<Network: Decodable>(_: Network.Type, _ json: JSON) throws(FileError) -> Network {
    do {
      return try json.decode(Network.self)
    } catch {
      throw FileError(path: path, message: "the model: \(explanation(of: error, in: "layers"))")
    }
  }

  /// The shape of one sample; nil if sizes are open.
  private func sampleShape(_ json: JSON?) -> TensorShape? {
    let batchShape = list(json)
    guard !batchShape.isEmpty else { return nil }
    var sizes: [Int] = []
    for size in batchShape.dropFirst() {
      guard case .integer(let size) = size else { return nil }
      sizes.append(size)
    }
    return try? TensorShape(checked: sizes)
  }
}

private func list(_ json: JSON?) -> [JSON] {
  guard case .array(let values) = json else { return [] }
  return values
}

extension JSON {
  /// The same object with another value for a member.
  fileprivate func replacing(_ name: String, with change: (JSON) -> JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? Member(name, change($0.value)) : $0 })
  }
}

/// The places of layers in a file, which Keras names by their classes: `layers/dense_1`.
struct KerasPlaces {
  private var counts: [String: Int] = [:]

  mutating func place(of type: String) -> String {
    let name = snakeCase(type)
    let count = counts[name, default: 0]
    counts[name] = count + 1
    return count == 0 ? "layers/\(name)" : "layers/\(name)_\(count)"
  }
}
