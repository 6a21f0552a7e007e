// A model file: one safetensors file, which Python can also open.
//
//     dense.kernel, dense.bias, encoder.0.kernel, …        the weights by their paths
//     optimizer.0.dense.kernel, …                          the optimizer's moments, first tensor
//     optimizer.1.dense.kernel, …                          second tensor
//     __metadata__["wengert"]                              all else, as JSON:
//
//     {"version": 2, "scalar": "float32",
//      "network": {"type": "Sequential", "layers": [{"type": "Dense", "units": 4, …}, …]},
//      "inputShapes": [[2]],
//      "optimizer": {"type": "Adam", "learningRate": 0.001, …}, "loss": {"type": "BinaryCrossentropy", …},
//      "metrics": ["accuracy"],
//      "outputs": [{"name": "class", "loss": {…}, "weight": 1, "metrics": ["accuracy"]}, …]    (if several)
//      "training": {"epoch": 3, "optimizerStep": 42, "frozen": ["dense.kernel"], "checksum": …, …}}
//
// Network, optimizer and loss are encoded with `Codable`, together with the names of their types.
// The file is written atomically: at any time the path holds either the old or the new file.
// `ModelFile+Version1.swift` reads version 1.

import ArrayFiles
import Layers
import Tensor

/// The version of the description; later versions are rejected when reading.
private let currentVersion = 2

extension Model {
  /// Saves the whole model to a file, including the state of training.
  ///
  /// It contains the network, weights, optimizer and its state, loss, metrics, random generator and
  /// position in training.
  ///
  /// The file is a safetensors file. `Model(contentsOf:)` recreates the model;
  /// `restore(contentsOf:)` loads it into a model with the same network. Training then continues
  /// and is bit-identical to uninterrupted training.
  ///
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  public func save(to path: String) throws(FileError) {
    let (parameters, paths) = (trained.parameters, trained.parameterPaths)
    var tensors = zip(paths, parameters).map { (key: $0, value: $1.value as any TensorProtocol) }
    for (path, parameter) in zip(paths, parameters) {
      for (index, moment) in optimizerState.moments(of: parameter).enumerated() {
        tensors.append(("optimizer.\(index).\(path)", moment))
      }
    }
    let description = Description(
      scalar: "\(Scalar.scalarType)", network: Named(trained), inputShapes: shapes?.inputs,
      optimizer: NamedOptimizer(optimizer), loss: NamedLoss(loss), metrics: metrics.map(\.name),
      outputs: objectives.count == 1 ? nil : objectives.map(StoredOutput.init),
      training: TrainingRecord(
        epoch: epoch, optimizerName: optimizerState.optimizerName,
        optimizerStep: optimizerState.step, generator: StoredGenerator(generator),
        interruption: interruption.map(StoredInterruption.init),
        frozen: zip(paths, parameters).filter { $1.isFrozen }.map { $0.0 },
        checksum: checksum(tensors.map(\.value))))
    let json: JSON
    do {
      json = try JSON(encoding: description)
    } catch {
      throw FileError(path: path, message: "the model cannot be described: \(error)")
    }
    try SafetensorsFile.write(tensors, metadata: ["wengert": json.text], to: path)
  }

  /// Loads a model from a file.
  ///
  /// - Parameters:
  ///   - path: the file that `save(to:)` wrote.
  ///   - types: the types of custom layers, optimizers and losses in the model, which must be
  ///     `Codable`.
  ///   - activations: custom activation functions; the file only holds their names.
  ///   - metrics: custom metrics; the file only holds their names.
  /// - Throws: `FileError` if the file does not exist or is damaged, or if the model has parts that
  ///   cannot be stored; then create the model in code and call `restore(contentsOf:)`.
  public init(
    contentsOf path: String, types: [any Decodable.Type] = [],
    activations: [ActivationFunction] = [], metrics: [Metric] = []
  ) throws(FileError) where Network: StorableLayer {
    let file = try ModelFile(contentsOf: path)
    let info: [CodingUserInfoKey: Any] = [.types: types, .activations: activations]
    let network = try file.part("network", of: Network.self, info)
    let shapes = try file.part("inputShapes", of: [TensorShape]?.self)
    func known(_ names: [String]) throws(FileError) -> [Metric] {
      try names.map { name throws(FileError) in
        guard let metric = metrics.first(where: { $0.name == name }) ?? Metric(name) else {
          throw file.error("there is no metric \(name); pass it where the file is read")
        }
        return metric
      }
    }
    if let shapes { try file.check(network, for: shapes) }
    let optimizer = try file.part("optimizer", of: NamedOptimizer.self, info).optimizer
    let stored = try file.part("outputs", of: [StoredOutput]?.self, info) ?? []
    guard stored.isEmpty || stored.map(\.name) == network.outputNames else {
      throw file.error(
        "the losses are those of \(stored.map(\.name)), the network's outputs are \(network.outputNames)"
      )
    }
    var objectives = try stored.map { output throws(FileError) in
      Objective(
        output.loss.loss, output.weight, try known(output.metrics), output: output.name)
    }
    if objectives.isEmpty {
      objectives = [
        Objective(
          try file.part("loss", of: NamedLoss.self, info).loss, 1,
          try known(file.part("metrics", of: [String].self)))
      ]
    }
    self.init(unbuilt: network, optimizer, objectives)
    if let shapes { build(inputShapes: shapes) }
    try restore(file)
  }

  /// Restores the state of training from a file that a model with the same network wrote.
  ///
  /// It loads the weights, optimizer state, random generator and position in training.
  ///
  /// Optimizer, loss and metrics are not changed; an optimizer with another name starts with an
  /// empty state.
  ///
  /// - Throws: `FileError` if the file does not exist or is damaged, or if its network has other
  ///   shapes; the model is then unchanged.
  public mutating func restore(contentsOf path: String) throws(FileError) {
    try restore(try ModelFile(contentsOf: path))
  }

  private mutating func restore(_ file: ModelFile) throws(FileError) {
    let training = try file.part("training", of: TrainingRecord.self)
    let parameters = trained.parameters
    let names = file.names(of: trained.parameterPaths)
    let tensors: (weights: [Tensor<Scalar>], moments: [[Tensor<Scalar>]]) = try file.tensors(
      names, parameters.map(\.value.shape), checksum: training.checksum)
    var index = 0
    var state = OptimizerState<Scalar>()
    trained.forEachParameter { parameter in
      parameter.value = tensors.weights[index]
      parameter.isTrainable = !training.frozen.contains(names[index])
      state.setMoments(of: parameter, to: tensors.moments[index])
      index += 1
    }
    state.optimizerName = training.optimizerName
    state.step = training.optimizerStep
    optimizerState = state
    epoch = training.epoch
    generator = training.generator.generator
    interruption = training.interruption?.interruption
  }
}

// MARK: - The description

private struct Description: Encodable {
  var version = currentVersion
  let scalar: String
  let network: Named
  let inputShapes: [TensorShape]?
  let optimizer: NamedOptimizer
  let loss: NamedLoss
  let metrics: [String]
  let outputs: [StoredOutput]?
  let training: TrainingRecord
}

/// The objective of an output, for networks with several.
private struct StoredOutput: Codable, Validated {
  let name: String
  let loss: NamedLoss
  let weight: Double
  let metrics: [String]

  init(_ objective: Objective) {
    (name, loss) = (objective.output, NamedLoss(objective.loss))
    (weight, metrics) = (objective.weight, objective.metrics.map(\.name))
  }

  func validate() throws(InvalidValue) {
    guard weight.isFinite else { throw InvalidValue("the weight of a loss must be a number") }
  }
}

/// The position in training and other state that is not part of the network.
private struct TrainingRecord: Codable, Validated {
  let epoch: Int
  let optimizerName: String?
  let optimizerStep: Int
  let generator: StoredGenerator
  let interruption: StoredInterruption?
  /// The paths of the frozen parameters.
  let frozen: [String]
  let checksum: Int

  func validate() throws(InvalidValue) {
    guard epoch >= 0 && optimizerStep >= 0 else {
      throw InvalidValue("expected counts of epochs and steps, got \(epoch) and \(optimizerStep)")
    }
  }
}

/// A random generator in stored form.
private struct StoredGenerator: Codable, Validated {
  private let state: [Int]

  init(_ generator: RandomGenerator) { state = generator.state.map { Int(bitPattern: UInt($0)) } }

  init(from decoder: any Decoder) throws {
    state = try decoder.singleValueContainer().decode([Int].self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(state)
  }

  private var stored: RandomGenerator? {
    RandomGenerator(state: state.map { UInt64(UInt(bitPattern: $0)) })
  }

  /// The generator; its state has been validated.
  var generator: RandomGenerator { stored! }

  func validate() throws(InvalidValue) {
    if stored == nil { throw InvalidValue("expected the state of a generator, got \(state)") }
  }
}

/// A position within an epoch.
private struct StoredInterruption: Codable, Validated {
  let position: Int
  let batchSize: Int
  let samples: Int
  let generator: StoredGenerator

  init(_ place: Interruption) {
    (position, batchSize, samples) = (place.position, place.batchSize, place.samples)
    generator = StoredGenerator(place.generator)
  }

  var interruption: Interruption {
    Interruption(
      position: position, batchSize: batchSize, samples: samples, generator: generator.generator)
  }

  func validate() throws(InvalidValue) {
    guard 0 <= position && position < samples && batchSize > 0 else {
      throw InvalidValue("expected a place inside of an epoch, got \(position) of \(samples)")
    }
  }
}

// MARK: - Reading

/// An opened model file.
private struct ModelFile {
  private let path: String
  private let description: JSON
  private let version: Int
  private let file: SafetensorsFile

  init(contentsOf path: String) throws(FileError) {
    self.path = path
    file = try SafetensorsFile(contentsOf: path)
    guard let text = file.metadata["wengert"] else {
      throw FileError(
        path: path,
        message: "expected a model, got a file of tensors only; loadWeights(contentsOf:) reads it")
    }
    let bytes = Array(text.utf8)
    let json = try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try JSON(parsing: bytes, path: path)
    }
    guard case .integer(let version) = json["version"] else {
      throw FileError(
        path: path, message: "expected a description of a model, got \(text.prefix(80))")
    }
    guard (1...currentVersion).contains(version) else {
      throw FileError(
        path: path,
        message: "expected a model of version \(currentVersion) or earlier, got \(version); "
          + "a newer release of this library may read it")
    }
    self.version = version
    let weights = file.names.filter { !$0.hasPrefix("optimizer.") }
    description = version == 1 ? upgradedFromVersion1(json, weights: weights) : json
  }

  func error(_ message: String) -> FileError {
    FileError(path: path, message: "the description of the model: \(message)")
  }

  /// Decodes a part of the description.
  func part<Value: Decodable>(
    _ name: String, of type: Value.Type, _ info: [CodingUserInfoKey: Any] = [:]
  ) throws(FileError) -> Value {
    do {
      return try (description[name] ?? .null).decode(type, userInfo: info)
    } catch {
      throw self.error(explanation(of: error, in: name))
    }
  }

  /// The names of parameters in the file.
  ///
  /// Version 1 numbered the parameters of custom layers, but kept their order.
  func names(of paths: [String]) -> [String] {
    guard version == 1 else { return paths }
    let stored = file.names.filter { !$0.hasPrefix("optimizer.") }
    return stored.count == paths.count ? stored : paths
  }

  /// Throws unless the file holds the weights of a network for samples of the given shapes;
  /// allocates nothing.
  func check<Network: Layer>(
    _ network: Network, for inputShapes: [TensorShape]
  ) throws(FileError) {
    let shapes: [(path: String, shape: TensorShape)]
    do {
      shapes = try network.parameterShapes(for: inputShapes)
    } catch {
      throw self.error(error.description)
    }
    for (name, shape) in zip(names(of: shapes.map(\.path)), shapes.map(\.shape)) {
      try check(file.array(named: name).shape, shape, name)
    }
  }

  private func check(
    _ found: TensorShape, _ expected: TensorShape, _ name: String
  ) throws(FileError) {
    guard found == expected else {
      throw FileError(path: path, message: "expected shape \(expected) for \(name), got \(found)")
    }
  }

  /// The weights in the network's order and their moments; throws if the checksum is wrong.
  func tensors<Scalar: TensorFloat>(
    _ names: [String], _ shapes: [TensorShape], checksum expected: Int
  ) throws(FileError) -> (weights: [Tensor<Scalar>], moments: [[Tensor<Scalar>]]) {
    let weights: [Tensor<Scalar>] = try weightTensors(names, shapes, in: file, path: path)
    let known = Set(file.names)
    var moments: [[Tensor<Scalar>]] = []
    for (name, shape) in zip(names, shapes) {
      var list: [Tensor<Scalar>] = []
      while known.contains("optimizer.\(list.count).\(name)") {
        let moment: Tensor<Scalar> = try file["optimizer.\(list.count).\(name)"]
        try check(moment.shape, shape, "optimizer.\(list.count).\(name)")
        list.append(moment)
      }
      moments.append(list)
    }
    guard checksum(weights + moments.flatMap { $0 }) == expected else {
      throw FileError(
        path: path,
        message: "the checksum of the tensors is not the one written; the file is damaged")
    }
    return (weights, moments)
  }
}

/// The tensors with the given names; throws if their shapes differ from those given.
private func weightTensors<Scalar: TensorFloat>(
  _ names: [String], _ shapes: [TensorShape], in file: any ArrayArchive, path: String
) throws(FileError) -> [Tensor<Scalar>] {
  var weights: [Tensor<Scalar>] = []
  for (name, shape) in zip(names, shapes) {
    let array = try file.array(named: name)
    guard array.shape == shape else {
      throw FileError(
        path: path, message: "expected shape \(shape) for \(name), got \(array.shape)")
    }
    weights.append(try array.tensor())
  }
  return weights
}

/// The CRC-32 of the elements of all tensors, in order.
private func checksum(_ tensors: [any TensorProtocol]) -> Int {
  var checksum: UInt32 = 0
  for tensor in tensors {
    checksum = tensor.withUnsafeBytes { bytes in
      crc32(bytes.bindMemory(to: UInt8.self), seed: checksum)
    }
  }
  return Int(checksum)
}

extension OptimizerState {
  /// The moments of a parameter.
  fileprivate func moments(of parameter: Parameter<Scalar>) -> [Tensor<Scalar>] {
    moments.indices.contains(parameter.slot) ? moments[parameter.slot] : []
  }

  fileprivate mutating func setMoments(of parameter: Parameter<Scalar>, to list: [Tensor<Scalar>]) {
    guard !list.isEmpty && parameter.slot >= 0 else { return }
    while moments.count <= parameter.slot { moments.append([]) }
    moments[parameter.slot] = list
  }
}
