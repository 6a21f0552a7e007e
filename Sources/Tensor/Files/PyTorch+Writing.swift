// Writes PyTorch's files: a dictionary of tensors, each with its own storage, in the new format
// that PyTorch.swift describes and with the pickle that `torch.save` makes of a `state_dict()`.

extension PyTorchFile {
  /// Writes tensors atomically to a file that `torch.load` reads as a dictionary, also with
  /// `weights_only`.
  ///
  /// ```swift
  /// try PyTorchFile.write(["weight": weight, "bias": bias], to: "layer.pt")
  /// ```
  /// In Python, load them with `layer.load_state_dict(torch.load("layer.pt"))`.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name, as a dictionary literal; their order is kept.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  /// - Precondition: The names are distinct.
  public static func write(
    _ tensors: KeyValuePairs<String, any TensorProtocol>, to path: String
  ) throws(FileError) {
    try write(Array(tensors), to: path)
  }

  /// Writes tensors atomically to a file that `torch.load` reads as a dictionary, also with
  /// `weights_only`.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name; their order is kept. Pass `Array(dictionary)` for a
  ///     dictionary.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  /// - Precondition: The names are distinct.
  public static func write(
    _ tensors: [(key: String, value: any TensorProtocol)], to path: String
  ) throws(FileError) {
    requireDistinct(tensors.map(\.key), "pytorch")
    try writeFile(to: path) { file throws(FileError) in
      var archive = ZIPWriter(isAlwaysZIP64: false)
      func append(_ name: String, _ start: [UInt8], _ rest: UnsafeRawBufferPointer)
        throws(FileError)
      {
        try archive.append(
          "archive/\(name)", start, rest, compressed: false, alignment: 64, to: &file)
      }
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      try append("data.pkl", pickle(of: tensors), nothing)
      try append("byteorder", Array("little".utf8), nothing)
      for (index, tensor) in tensors.enumerated() {
        try tensor.value.withUnsafeBytes { elements throws(FileError) in
          try append("data/\(index)", [], elements)
        }
      }
      try append("version", Array("3\n".utf8), nothing)
      try archive.finish(&file)
    }
  }
}

/// The pickle, in protocol 2, of an ordered dictionary of these tensors.
private func pickle(of tensors: [(key: String, value: any TensorProtocol)]) -> [UInt8] {
  var pickle = PickleWriter()
  pickle.emptyDictionary()
  pickle.code("(")
  for (index, (name, tensor)) in tensors.enumerated() {
    let type = torchTypes.first { $0.element == tensor.elementType }!
    let count = tensor.shape.elementCount
    pickle.text(name)
    pickle.global("torch._utils", "_rebuild_tensor_\(type.storage == nil ? "v3" : "v2")")
    pickle.code("((")
    pickle.text("storage")
    if let storage = type.storage {
      pickle.global("torch", storage)
    } else {
      pickle.global("torch.storage", "UntypedStorage")
    }
    pickle.text(String(index))
    pickle.text("cpu")
    pickle.integer(type.storage == nil ? count * type.byteCount : count)
    pickle.code("tQ")
    pickle.integer(0)
    pickle.tuple(Array(tensor.shape))
    pickle.tuple(rowMajorStrides(of: tensor.shape))
    pickle.code("\u{89}")  // requires_grad = False
    pickle.emptyDictionary()  // no backward hooks
    if type.storage == nil { pickle.global("torch", type.name) }
    pickle.code("tR")
  }
  pickle.code("u.")
  return pickle.bytes
}

private func rowMajorStrides(of shape: TensorShape) -> [Int] {
  var strides = Array(repeating: 1, count: shape.rank)
  for axis in strides.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
  }
  return strides
}

private struct PickleWriter {
  private(set) var bytes: [UInt8] = [0x80, 2]

  /// Appends operations, one byte each.
  mutating func code(_ operations: String) {
    bytes += operations.unicodeScalars.map { UInt8($0.value) }
  }

  mutating func global(_ module: String, _ name: String) { bytes += "c\(module)\n\(name)\n".utf8 }

  mutating func emptyDictionary() {
    global("collections", "OrderedDict")
    code(")R")
  }

  mutating func text(_ text: String) {
    code("X")
    bytes.append(text.utf8.count, count: 4)
    bytes += text.utf8
  }

  mutating func integer(_ value: Int) {
    if let small = Int32(exactly: value) {
      code("J")
      bytes.append(small, count: 4)
    } else {
      code("\u{8A}\u{8}")
      bytes.append(value, count: 8)
    }
  }

  mutating func tuple(_ values: [Int]) {
    code("(")
    for value in values { integer(value) }
    code("t")
  }
}
