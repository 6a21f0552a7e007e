// Translates Keras's description of a layer into the one that `Codable` uses, one entry for each
// kind of layer, with the places of its weights. `KerasNetwork.swift` reads whole networks,
// `KerasWriting.swift` is the way back, `KerasModel.swift` uses them all.

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
        ], weights: variables(useBias ? 2 : 1))
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
        ], weights: variables(1))
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
      return KerasLayer(
        type,
        [
          "groups": c["groups"], "epsilon": c["epsilon"],
          "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"),
        ], weights: try normalizationVariables(c))
    case "RMSNormalization":
      try c.expectLastAxis()
      return KerasLayer(type, ["epsilon": c["epsilon"], "scale": [:]], weights: variables(1))
    case "BatchNormalization":
      try c.expectLastAxis()
      return KerasLayer(
        type,
        [
          "momentum": c["momentum"], "epsilon": c["epsilon"],
          "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"), "movingMean": ["isTrainable": false],
          "movingVariance": ["isTrainable": false],
        ],
        weights: try normalizationVariables(c, and: 2))
    case "LayerNormalization":
      try c.expect("rms_scaling", false)
      try c.expectLastAxis()
      return KerasLayer(
        type,
        [
          "epsilon": c["epsilon"], "gamma": try c.parameter("gamma_regularizer"),
          "beta": try c.parameter("beta_regularizer"),
        ], weights: try normalizationVariables(c))
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
        ], weights: variables(1))
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
        weights: variables(useBias ? 2 : 1))
    case "SeparableConv1D", "SeparableConv2D":
      let useBias = try c.flag("use_bias", true)
      return KerasLayer(
        type,
        [
          "depthwise": try convolution(type, "depthwise", c, useBias: false),
          "pointwise": try convolution(type, "pointwise", c, useBias: useBias),
        ], weights: variables(useBias ? 3 : 2))
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
          variables(useBias ? 2 : 1, in: "\(part)_dense/vars")
        })
    case "Sequential", "Functional", "Model":
      let network = try network(json, depth: depth + 1)
      var layer = KerasLayer(
        "Graph", network.graph,
        weights: network.layers.flatMap { layer in
          layer.content.weights.map { $0.map { "\(layer.place)/\($0)" } }
        })
      layer.isNetwork = true
      return layer
    default:
      throw c.fault("this library has no layer \(excerpt(type)) that it reads from Keras's files")
    }
  }

  private func variables(_ count: Int, in place: String = "vars") -> [String?] {
    (0..<count).map { "\(place)/\($0)" }
  }

  /// The places of gamma and beta, both of which Keras can leave out, and of `more` weights after
  /// them.
  private func normalizationVariables(
    _ c: KerasSettings, and more: Int = 0
  ) throws(FileError) -> [String?] {
    let (gamma, beta) = (try c.flag("scale", true), try c.flag("center", true))
    var places = variables((gamma ? 1 : 0) + (beta ? 1 : 0) + more)
    if !gamma { places.insert(nil, at: 0) }
    if !beta { places.insert(nil, at: 1) }
    return places
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
      weights: variables(useBias ? 3 : 2, in: "cell/vars"))
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
}
