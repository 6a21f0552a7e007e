// One door to all files of named arrays: what a file is follows from its first bytes.

/// Opens a file of named arrays of any kind: safetensors, an index of several, NPZ, PyTorch, GGUF, HDF5, Keras.
///
/// ```swift
/// let file = try arrayArchive(contentsOf: "model.pth")
/// for name in file.names { print(name, try file.array(named: name).shape) }
/// ```
///
/// - Throws: `FileError` if the file cannot be read, or is of another kind or damaged.
public func arrayArchive(contentsOf path: String) throws(FileError) -> any ArrayArchive {
  let file = try FileBytes(mapping: path)
  func begins(with bytes: [UInt8]) -> Bool {
    file.withUnsafeBufferPointer { $0.starts(with: bytes) }
  }
  if begins(with: Array("GGUF".utf8)) { return try GGUFFile(contentsOf: path) }
  if begins(with: [0x89] + Array("HDF\r\n\u{1A}\n".utf8)) {
    return try HDF5File(contentsOf: path)
  }
  if begins(with: oldMagic) { return try PyTorchFile(contentsOf: path) }
  if begins(with: Array("PK".utf8)) {
    let members = try ZIPArchive(file, path: path).entries
    if members.contains(where: { $0.name.hasSuffix("data.pkl") }) {
      return try PyTorchFile(contentsOf: path)
    }
    if members.contains(where: { $0.name == "model.weights.h5" }) {
      return try KerasFile(contentsOf: path)
    }
    return try NPZFile(contentsOf: path)
  }
  return try SafetensorsFile(contentsOf: path)
}
