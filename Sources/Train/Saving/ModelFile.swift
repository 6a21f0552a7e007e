// A model on disk: one safetensors file that Python can open too.
//
//     __metadata__["wengert"]   what makes the model again, as JSON: network, optimizer, loss, metrics,
//                               epoch, step, state of the random generator, checksum of the tensors
//     dense.kernel, dense.bias, dense_1.kernel, …          the weights
//     optimizer.0.dense.kernel, …                          what the optimizer remembers, first tensor
//     optimizer.1.dense.kernel, …                          second tensor
//
// It is written atomically: whoever opens the path sees the old file or the new one.

import ArrayFiles
import Layers
import Tensor

/// The version of the description; a reader refuses versions that it does not know.
private let currentVersion = 1

extension Model {
  /// Writes the whole model to a file: network, weights, optimizer and its memory, loss, metrics, the
  /// source of randomness and the place in training.
  ///
  /// The file is a safetensors file. `Model(contentsOf:)` makes the model again, `restore(contentsOf:)`
  /// brings it into a model of the same network; training then goes on as if it had not been
  /// interrupted, with the same bits.
  ///
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  public func save(to path: String) throws(FileError) {
    var tensors: [(key: String, value: any TensorProtocol)] = []
    let parameters = trained.parameters
    let names = trained.parameterNames
    for (name, parameter) in zip(names, parameters) { tensors.append((name, parameter.value)) }
    for (slot, moments) in optimizerState.moments.enumerated() {
      for (index, moment) in moments.enumerated() {
        tensors.append(("optimizer.\(index).\(names[slot])", moment))
      }
    }

    var settings = Settings()
    settings["version"] = currentVersion
    settings["scalar"] = "\(Scalar.scalarType)"
    if let network = trained as? any StorableLayer { settings["network"] = network.namedSettings }
    settings["input_shape"] = shapes?.input
    settings["frozen"] = parameters.filter(\.isFrozen).map(\.slot)
    settings["optimizer"] = describe(optimizer)
    settings["loss"] = describe(loss)
    settings["metrics"] = metrics.map(\.name)
    settings["optimizer_step"] = optimizerState.step
    settings["optimizer_name"] = optimizerState.optimizerName
    settings["epoch"] = epoch
    settings["generator"] = generator.stored
    if let interruption {
      settings["interruption"] = [
        interruption.position, interruption.batchSize, interruption.samples,
      ]
      settings["interruption_generator"] = interruption.generator.stored
    }
    settings["checksum"] = checksum(tensors.map(\.value))
    try SafetensorsFile.write(tensors, metadata: ["wengert": settings.json.text], to: path)
  }

  /// Makes the model that was written to a file.
  ///
  /// - Parameters:
  ///   - path: the file that `save(to:)` wrote.
  ///   - layers: the types of your own layers in the network.
  ///   - metrics: your own metrics, which the file knows by name only.
  /// - Throws: `FileError` if there is no such file, if it is damaged, or if the model has parts that
  ///   cannot be described; then make the model and call `restore(contentsOf:)`.
  public init<Number>(
    contentsOf path: String, layers: [any StorableLayer<Number>.Type] = [],
    metrics: [Metric] = []
  ) throws(FileError) where Network == Sequential<Number> {
    let file = try ModelFile(contentsOf: path)
    self = try file.reading { () throws(SettingsError) in
      let network = try Sequential<Number>(
        settings: try file.settings.value("network"), layers: layers)
      var known: [Metric] = []
      let names: [String] = try file.settings.value("metrics")
      for name in names {
        guard let metric = metrics.first(where: { $0.name == name }) ?? Metric(name) else {
          throw SettingsError("there is no metric \(name); pass it where the file is read")
        }
        known.append(metric)
      }
      let shape: TensorShape? = file.settings["input_shape"]
      if let shape { try file.check(try network.plan(inputShape: shape).parameters) }
      var model = Model(
        unbuilt: network, try Train.optimizer(of: try file.settings.value("optimizer")),
        try Train.loss(of: try file.settings.value("loss")), known)
      if let shape { model.build(inputShape: shape) }
      return model
    }
    try restore(file)
  }

  /// Takes weights, the optimizer's memory, the source of randomness and the place in training from a file
  /// that a model with the same network wrote.
  ///
  /// Optimizer, loss and metrics stay as they are; an optimizer of another name begins afresh.
  ///
  /// - Throws: `FileError` if there is no such file, if it is damaged, or if its network has other shapes;
  ///   then the model is as it was.
  public mutating func restore(contentsOf path: String) throws(FileError) {
    try restore(try ModelFile(contentsOf: path))
  }

  private mutating func restore(_ file: ModelFile) throws(FileError) {
    var restored = self
    let tensors = try file.tensors(
      trained.parameterNames, trained.parameters.map(\.value.shape), of: Scalar.self)
    var index = 0
    let frozen: [Int] = file.settings["frozen"] ?? []
    restored.trained.forEachParameter { parameter in
      parameter.value = tensors.weights[index]
      parameter.isTrainable = !frozen.contains(index)
      index += 1
    }
    try file.reading { () throws(SettingsError) in
      restored.optimizerState = OptimizerState()
      restored.optimizerState.moments = tensors.moments
      restored.optimizerState.optimizerName = file.settings["optimizer_name"]
      restored.optimizerState.step = try file.settings.value("optimizer_step") { $0 >= 0 }
      restored.epoch = try file.settings.value("epoch") { $0 >= 0 }
      restored.generator = try RandomGenerator(stored: file.settings.value("generator"))
      restored.interruption = nil
      if let place: [Int] = file.settings["interruption"] {
        guard place.count == 3, place[0] >= 0, place[0] < place[2], place[1] > 0 else {
          throw SettingsError("expected a place inside of an epoch, got \(place)")
        }
        restored.interruption = Interruption(
          position: place[0], batchSize: place[1], samples: place[2],
          generator: try RandomGenerator(stored: file.settings.value("interruption_generator")))
      }
    }
    self = restored
  }

  /// Writes the weights alone, for other programs too.
  ///
  /// - Parameter path: a path that ends in `.npz` for NumPy's archive; any other gets a safetensors file.
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  public func saveWeights(to path: String) throws(FileError) {
    let tensors = zip(trained.parameterNames, weights).map {
      (key: $0, value: $1 as any TensorProtocol)
    }
    if path.hasSuffix(".npz") {
      try NPZFile.write(tensors, to: path)
    } else {
      try SafetensorsFile.write(tensors, to: path)
    }
  }

  /// Takes the weights from a file that `saveWeights(to:)`, `save(to:)` or a Python program wrote.
  ///
  /// - Throws: `FileError` if a name is missing or a shape differs; then the weights are as they were.
  public mutating func loadWeights(contentsOf path: String) throws(FileError) {
    let file: any ArrayArchive =
      path.hasSuffix(".npz")
      ? try NPZFile(contentsOf: path) : try SafetensorsFile(contentsOf: path)
    weights = try weightTensors(
      trained.parameterNames, trained.parameters.map(\.value.shape), in: file, path: path)
  }
}

/// An opened model file.
private struct ModelFile {
  let path: String
  let settings: Settings
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
    guard let settings = Settings(json), let version: Int = settings["version"] else {
      throw FileError(
        path: path, message: "expected a description of a model, got \(text.prefix(80))")
    }
    guard version == currentVersion else {
      throw FileError(
        path: path,
        message: "expected a model of version \(currentVersion), got \(version); "
          + "a newer release of this library may read it")
    }
    self.settings = settings
  }

  /// Gives errors in the description the file's name.
  func reading<Result>(
    _ body: () throws(SettingsError) -> Result
  ) throws(FileError) -> Result {
    do {
      return try body()
    } catch {
      throw FileError(path: path, message: "the description of the model: \(error)")
    }
  }

  /// Throws if the file does not hold weights of these shapes.
  func check(_ shapes: [TensorShape]) throws(SettingsError) {
    let weights = file.names.filter { !$0.hasPrefix("optimizer.") }
    guard weights.count == shapes.count else {
      throw SettingsError("expected \(shapes.count) weights, got \(weights.count)")
    }
    var left = shapes.map { Array($0) }
    for name in weights {
      guard let array = try? file.array(named: name),
        let index = left.firstIndex(of: Array(array.shape))
      else { throw SettingsError("the weights \(name) do not fit the network") }
      left.remove(at: index)
    }
  }

  /// The weights in the network's order and what the optimizer remembers of each, if the checksum is right.
  func tensors<Scalar: TensorFloat>(
    _ names: [String], _ shapes: [TensorShape], of _: Scalar.Type
  ) throws(FileError) -> (weights: [Tensor<Scalar>], moments: [[Tensor<Scalar>]]) {
    let weights: [Tensor<Scalar>] = try weightTensors(names, shapes, in: file, path: path)
    var moments: [[Tensor<Scalar>]] = []
    for (slot, name) in names.enumerated() {
      var list: [Tensor<Scalar>] = []
      while file.names.contains("optimizer.\(list.count).\(name)") {
        let moment: Tensor<Scalar> = try file["optimizer.\(list.count).\(name)"]
        guard moment.shape == shapes[slot] else {
          throw FileError(
            path: path,
            message: "expected shape \(shapes[slot]) for optimizer.\(list.count).\(name), got "
              + "\(moment.shape)")
        }
        list.append(moment)
      }
      moments.append(list)
    }
    while moments.last?.isEmpty == true { moments.removeLast() }
    let found = checksum(weights + moments.flatMap { $0 })
    guard let expected: Int = settings["checksum"], found == expected else {
      throw FileError(
        path: path,
        message: "the checksum of the tensors is not the one written; the file is damaged")
    }
    return (weights, moments)
  }
}

/// The tensors of the given names, if they have the given shapes.
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

/// The CRC-32 of the elements of all tensors, one after another.
private func checksum(_ tensors: [any TensorProtocol]) -> Int {
  var checksum: UInt32 = 0
  for tensor in tensors {
    checksum = tensor.withUnsafeBytes { bytes in
      crc32(bytes.bindMemory(to: UInt8.self), seed: checksum)
    }
  }
  return Int(checksum)
}

extension RandomGenerator {
  /// The state as numbers of a file.
  fileprivate var stored: [Int] { state.map { Int(bitPattern: UInt($0)) } }

  fileprivate init(stored: [Int]) throws(SettingsError) {
    guard let generator = RandomGenerator(state: stored.map { UInt64(UInt(bitPattern: $0)) }) else {
      throw SettingsError("expected the state of a generator, got \(stored)")
    }
    self = generator
  }
}
