// Keras's files: a ZIP archive with the configuration in JSON and the weights in HDF5 (`.keras`),
// the weights alone (`.weights.h5`), or the older HDF5 file with the configuration as an attribute
// (`.h5`).

/// A file that Keras wrote: `.keras`, `.weights.h5` or the older `.h5`.
///
/// ```swift
/// let file = try KerasFile(contentsOf: "model.keras")
/// file.names                                  // ["layers/dense/vars/0", "layers/dense/vars/1", …]
/// let kernel: Tensor<Float> = try file["layers/dense/vars/0"]
/// ```
public struct KerasFile: ArrayArchive {
  /// The paths of the weights, with `/` between the parts.
  public var names: [String] { weights.names }
  /// Keras's configuration of the model; nil in a file of weights only.
  public let configuration: JSON?
  /// The HDF5 file that holds the weights.
  public let weights: HDF5File
  private let path: String

  /// Reads the configuration and the paths of the weights.
  ///
  /// - Throws: `FileError` if the file cannot be read, or is not a Keras file.
  public init(contentsOf path: String) throws(FileError) {
    self.path = path
    let file = try FileBytes(mapping: path)
    guard file.withUnsafeBufferPointer({ $0.starts(with: [0x50, 0x4B]) }) else {
      weights = try HDF5File(file, path: path)
      guard case .texts(let texts) = try weights.attribute("model_config"), let text = texts.first
      else {
        configuration = nil
        return
      }
      configuration = try parsed(Array(text.utf8), path: "\(path)/@model_config")
      return
    }
    let archive = try ZIPArchive(file, path: path)
    func content(_ name: String) throws(FileError) -> (FileBytes, Range<Int>) {
      guard let entry = archive.entries.first(where: { $0.name == name }) else {
        throw FileError(
          path: path,
          message: "expected a model of Keras with \(name) in it, got an archive without")
      }
      return try archive.content(of: entry)
    }
    let (bytes, range) = try content("config.json")
    configuration = try parsed(
      bytes.withUnsafeBufferPointer { Array($0[range]) }, path: "\(path)/config.json")
    let (block, place) = try content("model.weights.h5")
    weights = try HDF5File(block, from: place.lowerBound, path: "\(path)/model.weights.h5")
  }

  /// Returns the array at a path.
  ///
  /// - Throws: `FileError` if there is no such array, or it is damaged.
  public func array(named name: String) throws(FileError) -> StoredArray {
    try weights.array(named: name)
  }

  /// The paths of a layer's weights in an older file, in the order of the layer; nil in a newer
  /// one.
  package func weightNames(ofLayer name: String) throws(FileError) -> [String]? {
    let group = weights.groupNames.contains("model_weights") ? "model_weights/\(name)" : name
    guard weights.groupNames.contains(group) else { return nil }
    // Long lists are cut into several attributes.
    let attributes = try weights.attributeNames(of: group)
    let parts = attributes.filter { $0.hasPrefix("weight_names") }
    let lists = parts == ["weight_names"] ? parts : parts.indices.map { "weight_names\($0)" }
    if lists.isEmpty { return nil }
    var names: [String] = []
    for list in lists {
      if case .texts(let texts) = try weights.attribute(list, of: group) {
        names += texts.map { "\(group)/\($0)" }
      }
    }
    return names
  }

  /// Writes a model as Keras does: a ZIP archive of its description and its weights.
  package static func write(
    configuration: JSON, _ arrays: [(key: String, value: any TensorProtocol)], to path: String
  ) throws(FileError) {
    try writeFile(to: path) { file throws(FileError) in
      var writer = ZIPWriter(isAlwaysZIP64: false)
      let entries: [(String, [UInt8])] = [
        ("metadata.json", (["keras_version": "3.15.1"] as JSON).utf8),
        ("config.json", configuration.utf8), ("model.weights.h5", HDF5File.bytes(arrays)),
      ]
      for (name, content) in entries {
        try writer.append(
          name, content, UnsafeRawBufferPointer(start: nil, count: 0), compressed: false, to: &file)
      }
      try writer.finish(&file)
    }
  }
}

private func parsed(_ bytes: [UInt8], path: String) throws(FileError) -> JSON {
  try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
    try JSON(parsing: bytes, path: path)
  }
}
