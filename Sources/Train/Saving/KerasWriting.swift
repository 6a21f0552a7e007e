// Translates the description that `Codable` makes of a layer or network into Keras's, one entry for
// each kind of layer, with the places of its weights: the way back of `KerasReading.swift`.

import ArrayFiles
import Layers
import Tensor

/// Where Keras keeps a weight: its path, and its shape if that is another one than ours.
struct KerasWeight {
  var path: String
  /// The sizes of the axes, one of which may be nil for what is left.
  var sizes: [Int?]?

  init(_ path: String, _ sizes: [Int?]? = nil) { (self.path, self.sizes) = (path, sizes) }

  /// The shape of a tensor of `count` elements.
  func shape(_ count: Int) -> TensorShape? {
    guard let sizes else { return nil }
    let known = max(1, sizes.reduce(1) { $0 * ($1 ?? 1) })
    return TensorShape(sizes.map { $0 ?? count / known })
  }
}

/// A layer in Keras's description, and where its weights are.
struct KerasDescription {
  let json: JSON
  let weights: [KerasWeight]
}

/// Writes Keras's descriptions to a file.
struct KerasWriter {
  let path: String

  private func fault(_ message: String) -> FileError {
    FileError(path: path, message: "the model cannot be written for Keras: \(message)")
  }

  /// A layer from what `Codable` makes of ours.
  ///
  /// - Throws: `FileError` if Keras has no such layer, or not with these settings.
  func layer(
    _ json: JSON, name: String, isTrainable: Bool = true
  ) throws(FileError) -> KerasDescription {
    guard case .string(let type) = json["type"] else {
      throw fault("a layer has no name of a type")
    }
    func regularizer(_ parameter: String) -> JSON { self.regularizer(json[parameter]) }
    func made(
      _ type: String, _ config: KeyValuePairs<String, JSON?> = [:], _ weights: [KerasWeight] = []
    ) -> KerasDescription {
      // Some layers without weights do not take it.
      let frozen = isTrainable ? [] : [JSON.Member("trainable", false)]
      let all = [JSON.Member("name", .string(name))] + frozen
      let own = config.compactMap { name, value in value.map { JSON.Member(name, $0) } }
      return KerasDescription(
        json: described(type, in: "keras.layers", .object(all + own)), weights: weights)
    }
    func variables(_ count: Int, in place: String = "vars") -> [KerasWeight] {
      (0..<count).map { KerasWeight("\(place)/\($0)") }
    }

    switch type {
    case "Dense":
      let useBias = json["bias"] != nil
      return made(
        type,
        [
          "units": json["units"], "activation": try activation(json["activation"]),
          "use_bias": .bool(useBias),
          "kernel_regularizer": regularizer("kernel"), "bias_regularizer": regularizer("bias"),
        ], variables(useBias ? 2 : 1))
    case "Activation": return made(type, ["activation": try activation(json["function"])])
    case "Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D":
      return made(type, ["rate": json["rate"]])
    case "GaussianNoise": return made(type, ["stddev": json["standardDeviation"]])
    case "PReLU":
      let shared = json["sharedAxes"]
      return made(
        type,
        [
          "shared_axes": shared == [] ? .null : shared, "alpha_regularizer": regularizer("alpha"),
        ], variables(1))
    case "MaxPooling1D", "AveragePooling1D":
      return made(
        type,
        ["pool_size": json["poolSize"], "strides": json["strides"], "padding": json["padding"]])
    case "MaxPooling2D", "AveragePooling2D":
      return made(
        type,
        [
          "pool_size": sizes(json["poolSize"], rank: 2), "strides": sizes(json["strides"], rank: 2),
          "padding": json["padding"],
        ])
    case "GlobalMaxPooling1D", "GlobalAveragePooling1D", "GlobalMaxPooling2D",
      "GlobalAveragePooling2D":
      return made(type, ["keepdims": json["keepDimensions"]])
    case "UpSampling1D": return made(type, ["size": json["size"]])
    case "UpSampling2D":
      return made(
        type, ["size": sizes(json["size"], rank: 2), "interpolation": json["interpolation"]])
    case "ZeroPadding1D", "Cropping1D":
      let margins = JSON.array(["before", "after"].map { json[$0] ?? 0 })
      return made(type, [type.hasPrefix("Zero") ? "padding" : "cropping": margins])
    case "ZeroPadding2D", "Cropping2D":
      let margins = [["top", "bottom"], ["left", "right"]].map { sides in
        JSON.array(sides.map { json[$0] ?? 0 })
      }
      return made(type, [type.hasPrefix("Zero") ? "padding" : "cropping": .array(margins)])
    case "GroupNormalization":
      return made(
        type,
        [
          "groups": json["groups"], "axis": -1, "epsilon": json["epsilon"],
          "gamma_regularizer": regularizer("gamma"), "beta_regularizer": regularizer("beta"),
        ], variables(2))
    case "RMSNormalization":
      return made(type, ["axis": -1, "epsilon": json["epsilon"]], variables(1))
    case "Flatten": return made(type)
    case "Reshape": return made(type, ["target_shape": json["targetShape"]])
    case "LeakyReLU": return made(type, ["negative_slope": json["negativeSlope"]])
    case "ELU": return made(type, ["alpha": json["alpha"]])
    case "BatchNormalization":
      return made(
        type,
        [
          "axis": -1, "momentum": json["momentum"], "epsilon": json["epsilon"],
          "gamma_regularizer": regularizer("gamma"), "beta_regularizer": regularizer("beta"),
        ], variables(4))
    case "LayerNormalization":
      return made(
        type,
        [
          "axis": json["axes"] == [-1] ? -1 : json["axes"], "epsilon": json["epsilon"],
          "gamma_regularizer": regularizer("gamma"),
          "beta_regularizer": regularizer("beta"),
        ], variables(2))
    case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum": return made(type)
    case "Concatenate": return made(type, ["axis": -1])
    case "Dot": return made(type, ["axes": 1, "normalize": json["normalizes"]])
    case "Embedding":
      return made(
        type,
        [
          "input_dim": json["words"], "output_dim": json["size"], "mask_zero": json["masksZero"],
          "embeddings_regularizer": regularizer("embeddings"),
        ], variables(1))
    case "Masking": return made(type, ["mask_value": json["maskValue"]])
    case "RepeatVector": return made(type, ["n": json["count"]])
    case "Permute": return made(type, ["dims": json["axes"]])
    case "TimeDistributed":
      let inner = try layer(json["layer"] ?? .null, name: "layer", isTrainable: isTrainable)
      return made(type, ["layer": inner.json], inner.weights.map { $0.inside("layer") })
    case "SimpleRNN", "LSTM", "GRU":
      return try recurrent(type, json["core"] ?? .null, name: name, isTrainable: isTrainable)
    case "Conv1D", "Conv2D", "Conv1DTranspose", "Conv2DTranspose", "DepthwiseConv1D",
      "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D":
      // A separable one consists of a window over single channels and a mixture of what that finds.
      let core = json["core"] ?? json["depthwise"] ?? .null
      let mixture = json["pointwise"]
      let useBias = (mixture ?? core)["bias"] != nil
      let isDepthwise = core["kind"] == "depthwise"
      let rank = integer(core["rank"])
      func size(_ name: String) -> JSON { sizes(core[name], rank: rank) }
      let isPlain = core["kind"] == "plain"
      return made(
        type,
        [
          "filters": mixture?["filters"] ?? (isDepthwise ? nil : core["filters"]),
          "depth_multiplier": isDepthwise ? core["filters"] : nil,
          "kernel_size": size("kernelSize"), "strides": size("strides"),
          "padding": core["padding"], "dilation_rate": size("dilationRate"),
          "groups": isPlain ? core["groups"] : nil, "use_bias": .bool(useBias),
          "activation": try activation((mixture ?? core)["activation"]),
          "bias_regularizer": self.regularizer((mixture ?? core)["bias"]),
          (isDepthwise ? "depthwise_regularizer" : "kernel_regularizer"): self.regularizer(
            core["kernel"]),
          "pointwise_regularizer": mixture.map { self.regularizer($0["kernel"]) },
        ], variables((mixture == nil ? 1 : 2) + (useBias ? 1 : 0)))
    case "Bidirectional":
      let forward = try layer(
        json["forward"] ?? .null, name: "forward_\(name)", isTrainable: isTrainable)
      let backward = try layer(
        json["backward"] ?? .null, name: "backward_\(name)", isTrainable: isTrainable)
      return made(
        type,
        [
          "merge_mode": json["mergeMode"] == "none" ? .null : json["mergeMode"],
          "layer": forward.json, "backward_layer": backward.json,
        ],
        forward.weights.map { $0.inside("forward_layer") }
          + backward.weights.map { $0.inside("backward_layer") })
    case "MultiHeadAttention":
      guard json["isCausal"] != true else {
        throw fault("Keras says in each call, and not in the layer, that attention is causal")
      }
      guard json["rotaryBase"] == nil else {
        throw fault("attention with rotary positions is none of Keras's layers")
      }
      let (heads, keySize) = (integer(json["heads"]), integer(json["keySize"]))
      let valueSize = integer(json["valueSize"])
      let useBias = json["query"]?["bias"] != nil
      var weights: [KerasWeight] = []
      for (part, size) in [("query", keySize), ("key", keySize), ("value", valueSize)] {
        weights.append(KerasWeight("\(part)_dense/vars/0", [nil, heads, size]))
        if useBias { weights.append(KerasWeight("\(part)_dense/vars/1", [heads, size])) }
      }
      weights.append(KerasWeight("output_dense/vars/0", [heads, valueSize, nil]))
      if useBias { weights.append(KerasWeight("output_dense/vars/1")) }
      return made(
        type,
        [
          "num_heads": json["heads"], "key_dim": json["keySize"], "value_dim": json["valueSize"],
          "dropout": json["dropout"], "use_bias": .bool(useBias),
        ], weights)
    default: throw fault("it has a layer \(excerpt(type)), which is not written")
    }
  }

  private func recurrent(
    _ type: String, _ core: JSON, name: String, isTrainable: Bool
  ) throws(FileError) -> KerasDescription {
    guard core["statefulBatchSize"] == nil else {
      throw fault("layers that carry states from batch to batch are not written")
    }
    let useBias = core["bias"] != nil
    var config: [JSON.Member] = [
      JSON.Member("name", .string(name)), JSON.Member("trainable", .bool(isTrainable)),
      JSON.Member("use_bias", .bool(useBias)),
    ]
    let settings = [
      ("units", "units"), ("return_sequences", "returnSequences"),
      ("return_state", "returnState"), ("go_backwards", "goBackwards"), ("dropout", "dropout"),
      ("recurrent_dropout", "recurrentDropout"),
    ]
    for (name, ours) in settings { config.append(JSON.Member(name, core[ours] ?? .null)) }
    config.append(JSON.Member("activation", try activation(core["activation"])))
    if type != "SimpleRNN" {
      let gates = try activation(core["recurrentActivation"])
      config.append(JSON.Member("recurrent_activation", gates))
    }
    if type == "GRU" {
      config.append(JSON.Member("reset_after", .bool(core["kind"] == "gru")))
    }
    for (name, ours) in [("kernel", "kernel"), ("recurrent", "recurrentKernel"), ("bias", "bias")] {
      config.append(JSON.Member("\(name)_regularizer", regularizer(core[ours])))
    }
    return KerasDescription(
      json: described(type, in: "keras.layers", .object(config)),
      weights: (0..<(useBias ? 3 : 2)).map { KerasWeight("cell/vars/\($0)") })
  }

  private func activation(_ json: JSON?) throws(FileError) -> JSON {
    let value = json ?? "linear"
    guard case .string(let name) = value, ActivationFunction(name) != nil,
      !["step", "gelu_tanh"].contains(name)
    else {
      throw fault("Keras has no activation function \(value.text)")
    }
    return value
  }

  /// What is added to the loss for a parameter.
  private func regularizer(_ parameter: JSON?) -> JSON {
    guard let factors = parameter?["regularizer"] else { return .null }
    return described(
      "L1L2", in: "keras.regularizers",
      ["l1": factors["l1"] ?? 0.0, "l2": factors["l2"] ?? 0.0])
  }

  /// A size of images, or of sequences, as a list.
  private func sizes(_ size: JSON?, rank: Int) -> JSON {
    .array((rank == 1 ? [] : [size?["height"] ?? 1]) + [size?["width"] ?? 1])
  }

  private func integer(_ json: JSON?) -> Int {
    guard case .integer(let value) = json else { return 1 }
    return value
  }

  // MARK: - Networks

  /// A stack of layers, each with its name, from what `Codable` makes of them.
  func sequential(
    _ layers: [(name: String, json: JSON, isTrainable: Bool)], inputShape: TensorShape
  ) throws(FileError) -> KerasDescription {
    var (descriptions, weights) = ([input("input_layer", inputShape)], [KerasWeight]())
    var places = KerasPlaces()
    for (name, json, isTrainable) in layers {
      let layer = try layer(json, name: name, isTrainable: isTrainable)
      guard case .string(let type) = layer.json["class_name"] else { continue }
      let place = places.place(of: type)
      descriptions.append(layer.json)
      weights += layer.weights.map { $0.inside(place) }
    }
    let shape = batchShape(inputShape)
    let json = described(
      "Sequential", in: "keras",
      [
        "name": "sequential", "trainable": true, "layers": .array(descriptions),
        "build_input_shape": shape,
      ], ["build_config": ["input_shape": shape]])
    return KerasDescription(json: json, weights: weights)
  }

  /// A graph of layers from what `Codable` makes of it.
  func functional(
    _ graph: JSON, inputShapes: [TensorShape], isTrainable: (String) -> Bool
  ) throws(FileError) -> KerasDescription {
    let inputNames = list(graph["inputs"]).map { text($0["name"]) }
    let members = list(graph["members"]).map {
      (name: text($0["name"]), json: $0["content"] ?? .null)
    }
    /// What stands for each value: a layer, which of its calls, and which result.
    var values = inputNames.map { JSON.array([.string($0), 0, 0]) }
    var calls: [[JSON]] = members.map { _ in [] }
    for step in list(graph["steps"]) {
      let member = integer(step["member"])
      let tensors = list(step["inputs"]).map { tensor(values[integer($0)]) }
      let type = text(members[member].json["type"])
      let isMerge = [
        "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
      ].contains(type)
      guard isMerge || tensors.count == 1 || type == "MultiHeadAttention" else {
        throw fault("the layer \(excerpt(members[member].name)) is called with several values")
      }
      let node = calls[member].count
      // A layer of ours says that attention is causal, in Keras a call does.
      let isCausal = members[member].json["isCausal"] == true
      calls[member].append([
        "args": isMerge ? [.array(tensors)] : .array(tensors),
        "kwargs": isCausal ? ["use_causal_mask": true] : [:],
      ])
      for result in 0..<integer(step["resultCount"]) {
        values.append(.array([.string(members[member].name), .integer(node), .integer(result)]))
      }
    }
    var (layers, weights) = ([JSON](), [KerasWeight]())
    for (name, shape) in zip(inputNames, inputShapes) {
      layers.append(input(name, shape).adding(["name": .string(name), "inbound_nodes": []]))
    }
    var places = KerasPlaces()
    for (member, calls) in zip(members, calls) {
      let layer = try layer(
        member.json.replacing("isCausal") { _ in false }, name: member.name,
        isTrainable: isTrainable(member.name))
      let place = places.place(of: text(layer.json["class_name"]))
      layers.append(
        layer.json.adding(["name": .string(member.name), "inbound_nodes": .array(calls)]))
      weights += layer.weights.map { $0.inside(place) }
    }
    let outputs = list(graph["outputs"]).map { values[integer($0["value"])] }
    let json = described(
      "Functional", in: "keras.src.models.functional",
      [
        "name": "functional", "trainable": true, "layers": .array(layers),
        "input_layers": .array(Array(values.prefix(inputNames.count))),
        "output_layers": .array(outputs),
      ])
    return KerasDescription(json: json, weights: weights)
  }

  private func input(_ name: String, _ shape: TensorShape) -> JSON {
    described(
      "InputLayer", in: "keras.layers",
      ["batch_shape": batchShape(shape), "dtype": "float32", "name": .string(name)])
  }

  private func batchShape(_ shape: TensorShape) -> JSON {
    .array([.null] + shape.map { .integer($0) })
  }

  private func tensor(_ place: JSON) -> JSON {
    [
      "class_name": "__keras_tensor__",
      "config": ["shape": [.null], "dtype": "float32", "keras_history": place],
    ]
  }
}

/// An object as Keras describes it: its class, where that is, and its settings.
private func described(
  _ type: String, in module: String, _ config: JSON, _ more: KeyValuePairs<String, JSON> = [:]
) -> JSON {
  .object(
    [
      JSON.Member("module", .string(module)), JSON.Member("class_name", .string(type)),
      JSON.Member("config", config), JSON.Member("registered_name", .null),
    ] + more.map { JSON.Member($0, $1) })
}

private func text(_ json: JSON?) -> String {
  guard case .string(let text) = json else { return "" }
  return text
}

extension KerasWeight {
  /// The same weight of a layer that lies within another one.
  func inside(_ place: String) -> KerasWeight { KerasWeight("\(place)/\(path)", sizes) }
}

extension JSON {
  /// The same object with more members.
  fileprivate func adding(_ more: KeyValuePairs<String, JSON>) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members + more.map { Member($0, $1) })
  }
}
