// Reads and writes networks in Keras's files: `.keras` both ways, the older `.h5` only reading. A
// network is translated between Keras's description and the one that `Codable` uses
// (`KerasReading.swift` and `KerasNetwork.swift`, `KerasWriting.swift`); the weights follow by their places in the file.

import ArrayFiles
import Layers
import Tensor

extension Sequential {
  /// Reads the network of a model that Keras saved with `model.save("model.keras")` or
  /// `model.save("model.h5")`.
  ///
  /// ```swift
  /// let network = try Sequential<Float>(contentsOfKeras: "model.keras")
  /// let model = network.compile(optimizer: Adam(), loss: "mse")
  /// ```
  ///
  /// The layers have Keras's settings and weights; optimizer and loss are not read. A functional
  /// model is read if its layers form a chain; `Graph(contentsOfKeras:)` reads any other.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - inputShape: The shape of one sample, if the file does not state it.
  /// - Throws: `FileError` if the file cannot be read, if it contains a layer or a setting that
  ///   this library does not have, or if its weights do not fit.
  public init(contentsOfKeras path: String, inputShape: TensorShape? = nil) throws(FileError) {
    let (file, reader, network) = try kerasNetwork(path)
    guard network.isChain else {
      throw FileError(
        path: path,
        message: "expected layers one after another, got a graph; read it with "
          + "Graph(contentsOfKeras:)")
    }
    let layers = network.layers.map(\.content.description)
    self = try reader.decoded(Self.self, ["layers": .array(layers)])
    try takeWeights(of: network, in: file, path: path, inputShapes: inputShape.map { [$0] })
    for (index, layer) in network.layers.enumerated() where layer.content.isFrozen {
      self[index].isTrainable = false
    }
  }

  /// Writes the network and its weights to a file that `keras.saving.load_model` reads.
  ///
  /// - Parameter path: The file; Keras wants it to end in `.keras`.
  /// - Throws: `FileError` if Keras does not have one of the layers, or if the file cannot be
  ///   written; an existing file then stays as it was.
  /// - Precondition: The network was built.
  public func writeKeras(to path: String) throws(FileError) {
    guard isInitialized, let inputShape else {
      fail("writeKeras: the network has no weights yet; compile it first")
    }
    let writer = KerasWriter(path: path)
    var parts: [(name: String, json: JSON, isTrainable: Bool)] = []
    for (name, layer) in zip(layerNames, layers) {
      parts.append((name, try describedForKeras(layer, path: path), isTrainedByKeras(layer)))
    }
    try writeKerasModel(writer.sequential(parts, inputShape: inputShape), weights, to: path)
  }
}

extension Graph {
  /// Reads the network of a functional or sequential model that Keras saved.
  ///
  /// - Parameters:
  ///   - path: The file, `.keras` or `.h5`.
  ///   - inputShapes: The shape of one sample of each input, if the file does not state it.
  /// - Throws: `FileError` if the file cannot be read, if it contains a layer or a setting that
  ///   this library does not have, or if its weights do not fit.
  public init(
    contentsOfKeras path: String, inputShapes: [TensorShape]? = nil
  ) throws(FileError) {
    let (file, reader, network) = try kerasNetwork(path)
    self = try reader.decoded(Self.self, KerasLayer("Graph", network.graph).description)
    try takeWeights(of: network, in: file, path: path, inputShapes: inputShapes)
    for layer in network.layers where layer.content.isFrozen {
      self[layer.name].isTrainable = false
    }
  }

  /// Writes the network and its weights to a file that `keras.saving.load_model` reads.
  ///
  /// - Parameter path: The file; Keras wants it to end in `.keras`.
  /// - Throws: `FileError` if Keras does not have one of the layers, or if the file cannot be
  ///   written; an existing file then stays as it was.
  /// - Precondition: The network was built, and its inputs state their shapes.
  public func writeKeras(to path: String) throws(FileError) {
    guard isInitialized else {
      fail("writeKeras: the network has no weights yet; compile it first")
    }
    let shapes = inputs.compactMap(\.shape)
    require(
      shapes.count == inputs.count,
      "writeKeras: the inputs of the graph must state their shapes, as in g.input([28, 28])")
    let description = try KerasWriter(path: path).functional(
      describedForKeras(self, path: path), inputShapes: shapes
    ) { isTrainedByKeras(self[$0]) }
    try writeKerasModel(description, weights, to: path)
  }
}

/// The file, a reader of its description, and the network that it describes.
private func kerasNetwork(
  _ path: String
) throws(FileError) -> (KerasFile, KerasReader, KerasReader.Network) {
  let file = try KerasFile(contentsOf: path)
  guard let configuration = file.configuration else {
    throw FileError(
      path: path,
      message: "expected a model with its description, got weights only; make the network and take "
        + "the weights by their names")
  }
  let reader = KerasReader(path: path)
  return (file, reader, try reader.network(configuration))
}

extension Layer {
  /// Makes all parameters with the weights of a file.
  fileprivate mutating func takeWeights(
    of network: KerasReader.Network, in file: KerasFile, path: String, inputShapes: [TensorShape]?
  ) throws(FileError) {
    let known = network.inputShapes.compactMap { $0 }
    guard let shapes = inputShapes ?? (known.count == network.inputShapes.count ? known : nil)
    else {
      throw FileError(
        path: path,
        message:
          "the model leaves sizes of its input open; pass the shape of one sample as inputShape")
    }
    // Shapes are compared before anything of that size is made.
    let expected: [(path: String, shape: TensorShape)]
    do {
      expected = try parameterShapes(for: shapes)
    } catch {
      throw FileError(path: path, message: "the model: \(error.description)")
    }
    let places = try kerasPlaces(of: network, in: file, path: path)
    guard places.count == expected.count else {
      throw FileError(
        path: path, message: "expected places of \(expected.count) weights, got \(places.count)")
    }
    var stored: [Tensor<Scalar>?] = []
    for (place, parameter) in zip(places, expected) {
      guard let place else {
        stored.append(nil)
        continue
      }
      let array = try file.array(named: place)
      // Attention keeps heads as an axis of their own.
      let isSplit = array.shape.rank == parameter.shape.rank + 1
      guard
        array.shape == parameter.shape
          || isSplit && array.shape.elementCount == parameter.shape.elementCount
      else {
        throw FileError(
          path: path,
          message:
            "expected shape \(parameter.shape) for \(parameter.path) in \(place), got \(array.shape)"
        )
      }
      let tensor: Tensor<Scalar> =
        array.elementType.scalarType == .float64
        ? Tensor<Scalar>(try array.tensor(of: Double.self))
        : Tensor<Scalar>(try array.tensor(of: Float.self))
      stored.append(tensor.reshaped(to: parameter.shape))
    }
    var generator = RandomGenerator(seed: 0)
    do {
      _ = try initialize(inputShapes: shapes, keepingValues: false, using: &generator)
    } catch {
      throw FileError(path: path, message: "the model: \(error.description)")
    }
    var index = 0
    forEachParameter { parameter in
      if let tensor = stored[index] { parameter.value = tensor }
      index += 1
    }
  }

  /// The path of each weight in a file, in the order of the parameters; nil where there is none.
  private func kerasPlaces(
    of network: KerasReader.Network, in file: KerasFile, path: String
  ) throws(FileError) -> [String?] {
    var places: [String?] = []
    for layer in network.layers {
      let weights = layer.content.weights
      guard let names = try file.weightNames(ofLayer: layer.name) else {
        places += weights.map { $0.map { "\(layer.place)/\($0)" } }
        continue
      }
      guard !layer.content.isNetwork else {
        throw FileError(
          path: path,
          message:
            "the network \(excerpt(layer.name)) within the network is read from .keras files only; "
            + "store the model with model.save(\"model.keras\")")
      }
      var next = names.makeIterator()
      guard names.count == weights.count(where: { $0 != nil }) else {
        throw FileError(
          path: path,
          message:
            "expected \(weights.count(where: { $0 != nil })) weights of the layer \(layer.name), "
            + "got \(names.count)")
      }
      places += weights.map { $0 == nil ? nil : next.next() }
    }
    return places
  }
}

/// What `Codable` makes of a layer.
private func describedForKeras(_ layer: any Layer, path: String) throws(FileError) -> JSON {
  do {
    return try JSON(encoding: Named(layer))
  } catch {
    throw FileError(path: path, message: "the model cannot be described: \(error)")
  }
}

/// Whether training changes a layer, or there is nothing to change.
private func isTrainedByKeras(_ layer: some Layer) -> Bool {
  layer.parameters.isEmpty || layer.isTrainable
}

private func writeKerasModel<Scalar: TensorFloat>(
  _ description: KerasDescription, _ weights: [Tensor<Scalar>], to path: String
) throws(FileError) {
  require(
    description.weights.count == weights.count,
    "writeKeras: \(weights.count) weights for \(description.weights.count) places")
  let arrays = zip(description.weights, weights).map { place, tensor in
    let shape = place.shape(tensor.count)
    return (
      key: place.path,
      value: (shape.map { tensor.reshaped(to: $0) } ?? tensor) as any TensorProtocol
    )
  }
  try KerasFile.write(configuration: description.json, arrays, to: path)
}
