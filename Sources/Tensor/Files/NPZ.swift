// NPZ, the format of NumPy's `savez`: a ZIP archive (ZIP.swift) with one NPY file (NPY.swift) for each
// array, called after it. Safetensors.swift, next, holds several arrays too, without compression.

/// A file that NumPy's `savez` or `savez_compressed` wrote, or that either could have written.
///
/// ```swift
/// try NPZFile.write(["x": images, "y": labels], to: "data.npz")
///
/// let file = try NPZFile(contentsOf: "data.npz")
/// let images: Tensor<UInt8> = try file["x"]
/// ```
/// Opening reads the directory only. An array is read, and its checksum compared, when it is asked
/// for.
public struct NPZFile: ArrayArchive {
  /// The names of the arrays, in the order of the file.
  public let names: [String]
  private let archive: ZIPArchive
  private let path: String

  /// Reads the directory of a file.
  ///
  /// - Throws: `FileError` if the file cannot be read, or is no ZIP archive of stored and deflated
  ///   entries.
  public init(contentsOf path: String) throws(FileError) {
    archive = try ZIPArchive(FileBytes(mapping: path), path: path)
    names = archive.entries.map { arrayName($0.name) }
    self.path = path
  }

  /// The array of a name; if it is compressed, its bytes are decompressed into memory.
  ///
  /// - Throws: `FileError` if there is none, or if it is damaged.
  public func array(named name: String) throws(FileError) -> StoredArray {
    guard let index = names.position(ofName: name) else {
      throw unknownArray(name, path: path, known: names)
    }
    let entry = archive.entries[index]
    let (bytes, range) = try archive.content(of: entry)
    return try StoredArray(npy: bytes, in: range, path: "\(path)/\(entry.name)")
  }

  /// Writes tensors, atomically, to a file that NumPy's `load` reads.
  ///
  /// - Parameters:
  ///   - arrays: The tensors by name, as a literal; their order is kept.
  ///   - path: The file.
  ///   - compressed: Whether the elements are deflated, as by `savez_compressed`.
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The names differ.
  public static func write(
    _ arrays: KeyValuePairs<String, any TensorProtocol>, to path: String, compressed: Bool = false
  ) throws(FileError) {
    try write(Array(arrays), to: path, compressed: compressed)
  }

  /// Writes tensors, atomically, to a file that NumPy's `load` reads.
  ///
  /// - Parameters:
  ///   - arrays: The tensors by name; their order is kept. `Array(dictionary)` makes a list of a dictionary.
  ///   - path: The file.
  ///   - compressed: Whether the elements are deflated, as by `savez_compressed`.
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The names differ.
  public static func write(
    _ arrays: [(key: String, value: any TensorProtocol)], to path: String,
    compressed: Bool = false
  ) throws(FileError) {
    try write(arrays, to: path, compressed: compressed, isAlwaysZIP64: false)
  }

  package static func write(
    _ arrays: [(key: String, value: any TensorProtocol)], to path: String,
    compressed: Bool, isAlwaysZIP64: Bool
  ) throws(FileError) {
    requireDistinct(arrays.map(\.key), "npz")
    try writeFile(to: path) { file throws(FileError) in
      var writer = ZIPWriter(isAlwaysZIP64: isAlwaysZIP64)
      for (name, tensor) in arrays {
        try tensor.withUnsafeBytes { elements throws(FileError) in
          try writer.append(
            name + ".npy", npyHeader(of: tensor), elements, compressed: compressed, to: &file)
        }
      }
      try writer.finish(&file)
    }
  }
}

/// The name of the entry without `.npy`.
private func arrayName(_ entry: String) -> String {
  entry.hasSuffix(".npy") ? String(entry.dropLast(4)) : entry
}
