// Keras's description of whole networks, sequential and functional: which layer takes what. The
// layers themselves are read in `KerasReading.swift`.

import ArrayFiles
import Layers
import Tensor

extension KerasReader {
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

    /// What `Codable` makes of a `Graph` with these layers.
    var graph: KeyValuePairs<String, JSON?> {
      let inputs = zip(inputNames, inputShapes).map { name, shape in
        let shape = shape.map { JSON.array($0.map { .integer($0) }) }
        return shape.map { ["name": .string(name), "shape": $0] } ?? ["name": .string(name)] as JSON
      }
      let members = layers.map {
        ["name": .string($0.name), "content": $0.content.description] as JSON
      }
      let steps = calls.map {
        [
          "member": .integer($0.layer), "inputs": .array($0.inputs.map { .integer($0) }),
          "resultCount": .integer($0.resultCount),
        ] as JSON
      }
      let outputs = results.map {
        ["name": .string($0.name), "value": .integer($0.value)] as JSON
      }
      return [
        "inputs": .array(inputs), "members": .array(members), "steps": .array(steps),
        "outputs": .array(outputs),
      ]
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
