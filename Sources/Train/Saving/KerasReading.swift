// Keras's description of layers brought into the form that `Codable` makes of ours, one entry for
// each kind of layer, with the places of its weights. `KerasWriting.swift` is the way back,
// `KerasModel.swift` uses both.

import ArrayFiles
import Layers
import Tensor

/// A layer as ours describe themselves, and where Keras keeps its weights.
struct KerasLayer {
  /// What `Codable` makes of the layer.
  var description: JSON
  /// The place of each parameter below the layer's in a file, in our order; nil if Keras has none,
  /// so that the parameter stays as it begins.
  let weights: [String?]
  /// Whether training leaves it alone.
  var isFrozen = false
  /// Whether it is a network, whose weights older files list in another order.
  var isNetwork = false

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
  /// The number of axes of the input with the batch, where the file tells it.
  let inputRank: Int?

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
    let expected = values.isEmpty ? "null" : values.map(\.text).joined(separator: " or ")
    throw fault("expected \(name) to be \(expected), got \(excerpt(value.text))")
  }

  /// Refuses axes other than the last.
  func expectLastAxis() throws(FileError) {
    // Older files have a list, and count from the batch: 3 is the last axis of images.
    let axes = self["axis"].map { axis in
      if case .array(let axes) = axis { axes } else { [axis] }
    }
    guard let axes, axes != [-1] && axes != [.integer((inputRank ?? 4) - 1)] else { return }
    throw fault("expected the last axis, got \(excerpt(JSON.array(axes).text))")
  }

  /// A size along each axis, given as one number or as a list.
  func sizes(_ name: String, _ rank: Int) throws(FileError) -> [JSON] {
    switch self[name] {
    case nil: return Array(repeating: 1, count: rank)
    case .integer(let size): return Array(repeating: .integer(size), count: rank)
    case .array(let sizes) where sizes.count == rank: return sizes
    case let other?:
      throw fault("expected \(rank) sizes for \(name), got \(excerpt(other.text))")
    }
  }

  /// A size of images, or of sequences, which have height 1.
  func size(_ name: String, _ rank: Int) throws(FileError) -> JSON {
    let sizes = try sizes(name, rank)
    return ["height": rank == 1 ? 1 : sizes[0], "width": sizes[rank - 1]]
  }

  /// Two numbers for each axis: what lies before and behind.
  func margins(_ name: String, _ rank: Int) throws(FileError) -> [JSON] {
    guard case .array(let axes) = self[name], axes.count == (rank == 1 ? 2 : rank) else {
      throw fault("expected two numbers for each axis as \(name)")
    }
    if rank == 1 { return axes }
    var margins: [JSON] = []
    for axis in axes {
      guard case .array(let sides) = axis, sides.count == 2 else {
        throw fault("expected two numbers for each axis as \(name)")
      }
      margins += sides
    }
    return margins
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
    let inputShape = list(json["build_config"]?["input_shape"])
    let c = KerasSettings(
      path: path, name: name, config: json["config"] ?? [:],
      inputRank: inputShape.isEmpty ? nil : inputShape.count)
    // What is written as `x + y` has names of layers, but broadcasts.
    let operations: [JSON] = ["Add", "Subtract", "Multiply", "Maximum", "Minimum"]
    if case .string(let module) = json["module"], module.contains(".ops."),
      !operations.contains(.string(type))
    {
      throw c.fault("expected a layer, got the operation \(excerpt(type))")
    }
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
      let useBias = try c.flag("use_bias", true)
      return KerasLayer(
        type,
        [
          "units": c["units"], "activation": try c.activation("activation", "linear"),
          "kernel": try c.parameter("kernel_regularizer"),
          "bias": useBias ? try c.parameter("bias_regularizer") : nil,
          "kernelInitializer": "glorot_uniform", "biasInitializer": "zeros",
        ], weights: (0..<(useBias ? 2 : 1)).map { "vars/\($0)" })
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
    case "Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D":
      try c.expect("noise_shape")
      try c.expect("data_format", "channels_last")
      return KerasLayer(type, ["rate": c["rate"]])
    case "GaussianNoise": return KerasLayer(type, ["standardDeviation": c["stddev"]])
    case "Flatten":
      try c.expect("data_format", "channels_last")
      return KerasLayer(type)
    case "Reshape": return KerasLayer(type, ["targetShape": c["target_shape"]])
    case "LeakyReLU":
      return KerasLayer(type, ["negativeSlope": c["negative_slope"] ?? c["alpha"]])
    case "ELU": return KerasLayer(type, ["alpha": c["alpha"]])
    case "PReLU":
      return KerasLayer(
        type,
        [
          "sharedAxes": c["shared_axes"] ?? [], "alpha": try c.parameter("alpha_regularizer"),
          "alphaInitializer": "zeros",
        ], weights: ["vars/0"])
    case "MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D":
      try c.expect("data_format", "channels_last")
      let rank = type.hasSuffix("1D") ? 1 : 2
      let strides = c["strides"] == nil ? "pool_size" : "strides"
      return KerasLayer(
        type,
        [
          "poolSize": rank == 1
            ? try c.sizes("pool_size", 1)[0] : try c.size("pool_size", 2),
          "strides": rank == 1 ? try c.sizes(strides, 1)[0] : try c.size(strides, 2),
          "padding": c["padding"],
        ])
    case "GlobalMaxPooling1D", "GlobalAveragePooling1D", "GlobalMaxPooling2D",
      "GlobalAveragePooling2D":
      try c.expect("data_format", "channels_last")
      return KerasLayer(type, ["keepDimensions": c["keepdims"] ?? false])
    case "UpSampling1D": return KerasLayer(type, ["size": try c.sizes("size", 1)[0]])
    case "UpSampling2D":
      try c.expect("data_format", "channels_last")
      try c.expect("interpolation", "nearest", "bilinear")
      return KerasLayer(
        type,
        ["size": try c.size("size", 2), "interpolation": c["interpolation"] ?? "nearest"])
    case "ZeroPadding1D", "Cropping1D":
      try c.expect("data_format", "channels_last")
      let margins = try c.margins(type.hasPrefix("Zero") ? "padding" : "cropping", 1)
      return KerasLayer(type, ["before": margins[0], "after": margins[1]])
    case "ZeroPadding2D", "Cropping2D":
      try c.expect("data_format", "channels_last")
      let margins = try c.margins(type.hasPrefix("Zero") ? "padding" : "cropping", 2)
      return KerasLayer(
        type,
        ["top": margins[0], "bottom": margins[1], "left": margins[2], "right": margins[3]])
    case "GroupNormalization":
      try c.expectLastAxis()
      let (gamma, beta) = (try c.flag("scale", true), try c.flag("center", true))
      return KerasLayer(
        type,
        [
          "groups": c["groups"], "epsilon": c["epsilon"],
          "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"),
        ], weights: [gamma ? "vars/0" : nil, beta ? (gamma ? "vars/1" : "vars/0") : nil])
    case "RMSNormalization":
      try c.expectLastAxis()
      return KerasLayer(type, ["epsilon": c["epsilon"], "scale": [:]], weights: ["vars/0"])
    case "BatchNormalization":
      try c.expectLastAxis()
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
      try c.expectLastAxis()
      let (gamma, beta) = (try c.flag("scale", true), try c.flag("center", true))
      return KerasLayer(
        type,
        [
          "epsilon": c["epsilon"], "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"),
        ], weights: [gamma ? "vars/0" : nil, beta ? (gamma ? "vars/1" : "vars/0") : nil])
    case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum": return KerasLayer(type)
    case "Concatenate":
      try c.expectLastAxis()
      return KerasLayer(type)
    case "Dot":
      try c.expect("axes", 1, -1, [1, 1], [-1, -1])
      return KerasLayer(type, ["normalizes": c["normalize"] ?? false])
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
      for name in ["output_shape", "sliding_window"] { try c.expect(name) }
      try c.expect("attention_axes", [1])
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
      var layer = KerasLayer(
        "Graph",
        [
          "inputs": network.inputs, "members": network.members, "steps": network.steps,
          "outputs": network.outputs,
        ],
        weights: network.layers.flatMap { layer in
          layer.content.weights.map { $0.map { "\(layer.place)/\($0)" } }
        })
      layer.isNetwork = true
      return layer
    default:
      throw c.fault("this library has no layer \(excerpt(type)) that it reads from Keras's files")
    }
  }

  private func recurrent(_ type: String, _ c: KerasSettings) throws(FileError) -> KerasLayer {
    try c.expect("stateful", false)
    let useBias = try c.flag("use_bias", true)
    let resetsAfter = try c.flag("reset_after", true)
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
    let isMixture = kind == "pointwise"
    let isDepthwise = kind == "depthwise"
    let isLast = isMixture || !type.hasPrefix("Separable")
    let regularizer = isDepthwise ? "depthwise" : isMixture ? "pointwise" : "kernel"
    return KerasLayer(
      type,
      [
        "kind": .string(isMixture ? "plain" : kind), "rank": .integer(rank),
        "filters": isDepthwise ? c["depth_multiplier"] ?? 1 : c["filters"],
        "kernelSize": isMixture ? ["height": 1, "width": 1] : try c.size("kernel_size", rank),
        "strides": isMixture ? ["height": 1, "width": 1] : try c.size("strides", rank),
        "padding": isMixture ? "valid" : c["padding"] ?? "valid",
        "dilationRate": isMixture ? ["height": 1, "width": 1] : try c.size("dilation_rate", rank),
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
    var shape = json["build_config"]?["input_shape"] ?? json["config"]?["build_input_shape"]
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
    var values: [KerasReference: Int] = [:]
    var pending: [(layer: Int, name: String, node: Int, inputs: [KerasReference])] = []
    let inputs = references(config["input_layers"] ?? [])
    for json in list(config["layers"]) {
      let (type, name) = try identity(of: json)
      let place = places.place(of: type)
      guard type != "InputLayer" else { continue }
      var content = try layer(json, depth: depth)
      let calls = list(json["inbound_nodes"])
      for (node, json) in calls.enumerated() {
        var call = KerasCall(path: path, layer: name, type: type)
        try call.read(json)
        if call.isCausal {
          guard calls.count == 1 else {
            throw fault("the layer \(excerpt(name)) is called several times, with a causal mask")
          }
          content.description = content.description.replacing("isCausal") { _ in true }
        }
        pending.append((network.layers.count, name, node, call.inputs))
      }
      network.layers.append((name, place, content))
    }
    for reference in inputs {
      let input = list(config["layers"]).first { $0["config"]?["name"] == .string(reference.layer) }
      let shape = input?["config"]?["batch_shape"] ?? input?["config"]?["batch_input_shape"]
      values[reference] = network.inputNames.count
      network.inputNames.append(reference.layer)
      network.inputShapes.append(sampleShape(shape))
    }
    var count = network.inputNames.count
    // Each round makes at least one call, or nothing more can be made.
    while !pending.isEmpty {
      var left: [(layer: Int, name: String, node: Int, inputs: [KerasReference])] = []
      for call in pending {
        let inputs = call.inputs.compactMap { values[$0] }
        guard inputs.count == call.inputs.count, !inputs.isEmpty else {
          left.append(call)
          continue
        }
        let results = try resultCount(of: network.layers[call.layer].content)
        network.calls.append((call.layer, inputs, results))
        for index in 0..<results {
          values[KerasReference(layer: call.name, node: call.node, result: index)] = count + index
        }
        count += results
      }
      guard left.count < pending.count else {
        throw fault("the layer \(excerpt(left[0].name)) takes what no layer gives before it")
      }
      pending = left
    }
    for reference in references(config["output_layers"] ?? []) {
      guard let value = values[reference] else {
        throw fault("the output \(excerpt(reference.layer)) is the result of no layer")
      }
      let isFirst = !network.results.contains { $0.name == reference.layer }
      network.results.append(
        (isFirst ? reference.layer : "\(reference.layer)_\(network.results.count)", value))
    }
    return network
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

/// A result of a call of a layer: `["dense", 0, 0]`.
private struct KerasReference: Hashable {
  let layer: String
  let node: Int
  let result: Int

  init(layer: String, node: Int, result: Int) {
    (self.layer, self.node, self.result) = (layer, node, result)
  }

  /// The result that a part of a description stands for; nil if it stands for something else.
  init?(_ json: JSON) {
    guard case .array(let parts) = json["config"]?["keras_history"] ?? json, parts.count >= 3,
      case .string(let layer) = parts[0], case .integer(let node) = parts[1],
      case .integer(let result) = parts[2]
    else { return nil }
    self.init(layer: layer, node: node, result: result)
  }
}

/// The results that a list in a description names, which is not nested if there is only one.
private func references(_ json: JSON) -> [KerasReference] {
  KerasReference(json).map { [$0] } ?? list(json).flatMap { references($0) }
}

/// What a layer of a functional model is called with.
private struct KerasCall {
  let path: String
  let layer: String
  let type: String
  var inputs: [KerasReference] = []
  var isCausal = false

  private func fault(_ message: String) -> FileError {
    FileError(path: path, message: "the call of the layer \(excerpt(layer)): \(message)")
  }

  /// Reads one of the `inbound_nodes`.
  mutating func read(_ json: JSON) throws(FileError) {
    try readInputs(json["args"] ?? json)
    if let arguments = json["kwargs"] { try readNamed(arguments) }
  }

  private mutating func readInputs(_ json: JSON) throws(FileError) {
    if let reference = KerasReference(json) {
      inputs.append(reference)
      // Older files have the other arguments behind the first.
      if case .array(let parts) = json, parts.count > 3 { try readNamed(parts[3]) }
      return
    }
    switch json {
    case .null: break
    case .array(let values): for value in values { try readInputs(value) }
    default:
      throw fault("expected results of layers only, got \(excerpt(json.text))")
    }
  }

  private mutating func readNamed(_ json: JSON) throws(FileError) {
    guard case .object(let arguments) = json else {
      throw fault("expected arguments with names, got \(excerpt(json.text))")
    }
    // The order of our inputs.
    for name in ["query", "value", "key"] where type == "MultiHeadAttention" {
      if let input = json[name] { try readInputs(input) }
    }
    for argument in arguments where argument.value != .null && argument.value != false {
      switch argument.name {
      case "query", "value", "key": if type == "MultiHeadAttention" { continue }
      case "use_causal_mask":
        isCausal = true
        continue
      default: break
      }
      throw fault("the argument \(excerpt(argument.name)) is not read from Keras's files")
    }
  }
}

/// The elements of a list; none of what is no list.
func list(_ json: JSON?) -> [JSON] {
  guard case .array(let values) = json else { return [] }
  return values
}

extension JSON {
  /// The same object with another value for a member.
  func replacing(_ name: String, with change: (JSON) -> JSON) -> JSON {
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
