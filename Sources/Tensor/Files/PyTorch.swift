// PyTorch's files, `.pt` and `.pth`. A pickle (Pickle.swift) holds dictionaries and lists; a tensor
// in it is a function call whose arguments are a storage, the index of the tensor's first element
// in it, sizes and strides. The bytes of the storages lie beside the pickle:
//
//     a ZIP archive    archive/data.pkl  archive/byteorder  archive/data/0  archive/data/1  …
//     before 1.6       magic number, version, system, object, keys of the storages: five pickles,
//     (2020)           then for each key a count in eight bytes and the elements
//
// Next: GGUF.swift, the weights of language models.

/// A file that PyTorch's `torch.save` writes and `torch.load` reads.
///
/// ```swift
/// let file = try PyTorchFile(contentsOf: "checkpoint.pth")
/// file.names                                            // ["model.fc.weight", "model.fc.bias", …]
/// let weight: Tensor<Float> = try file["model.fc.weight"]
/// file.metadata["epoch"]                                // "12"
///
/// try PyTorchFile.write(["weight": weight], to: "layer.pt")
/// ```
/// Nested dictionaries and lists become names with dots between them; in a file of one tensor
/// without a dictionary, the tensor's name is `""`. Opening a file reads the pickle as data: none
/// of it is executed, and a file whose pickle names anything but tensors, dictionaries and lists is
/// refused. The elements of a tensor are read only when you ask for it.
public struct PyTorchFile: ArrayArchive {
  /// The names of the tensors, in file order.
  public let names: [String]
  /// The numbers, strings and booleans beside the tensors, as Python prints them.
  public let metadata: [String: String]
  private let tensors: [ExactName: StridedTensor]
  private let storages: Storages
  private let path: String

  /// Opens a file in the new or the old format and lists its tensors.
  ///
  /// - Throws: `FileError` if the file cannot be read, is damaged, or holds more than tensors,
  ///   dictionaries, lists, numbers and strings, such as a whole model.
  public init(contentsOf path: String) throws(FileError) {
    let file = try FileBytes(mapping: path)
    let isOld = file.withUnsafeBufferPointer { $0.starts(with: oldMagic) }
    let (pickle, name, storages) =
      try isOld ? openOld(file, path: path) : openArchive(file, path: path)
    var reader = PickleReader(
      pickle: pickle, storages: storages.sizes, fileSize: file.count, path: name)
    try reader.read(pickle.root, named: "", depth: 0)
    names = reader.names
    tensors = reader.tensors
    metadata = reader.metadata
    self.storages = storages
    self.path = path
  }

  /// Returns the tensor with a name; one that is not in row-major order is copied into memory.
  ///
  /// - Throws: `FileError` if there is no such tensor, it is damaged, or its element type is not
  ///   supported.
  public func array(named name: String) throws(FileError) -> StoredArray {
    guard let position = names.position(ofName: name),
      let tensor = tensors[ExactName(names[position])]
    else { throw unknownArray(name, path: path, known: names) }
    let arrayPath = "\(path)/\(names[position])"
    guard let type = tensor.type.element else {
      throw FileError(
        path: arrayPath, message: "expected elements that tensors can have, got \(tensor.type.name)"
      )
    }
    let (block, range) = try storages.content(tensor.storage)
    let first = range.lowerBound + tensor.offset * type.byteCount
    let isRowMajor = tensor.isRowMajor
    return StoredArray(
      elementType: type, shape: tensor.shape, isBigEndian: storages.isBigEndian,
      isFortranOrder: false,
      file: isRowMajor ? block : try tensor.gathered(from: block, at: first, path: arrayPath),
      offset: isRowMajor ? first : 0, path: arrayPath)
  }
}

// MARK: - Element types

/// An element type and PyTorch's names for it.
struct TorchType {
  /// The type's name without the module: `float32` for `torch.float32`.
  let name: String
  /// The storage class of the type; types added later have none.
  let storage: String?
  /// The type here; nil if tensors of this library do not support it.
  let element: ElementType?
  let byteCount: Int

  init(_ name: String, _ storage: String?, _ element: ElementType) {
    (self.name, self.storage, self.element, byteCount) = (
      name, storage, element, element.byteCount
    )
  }

  init(_ name: String, _ storage: String, byteCount: Int) {
    (self.name, self.storage, element, self.byteCount) = (name, storage, nil, byteCount)
  }
}

let torchTypes: [TorchType] = [
  TorchType("float32", "FloatStorage", .float32),
  TorchType("float64", "DoubleStorage", .float64),
  TorchType("float16", "HalfStorage", .float16),
  TorchType("bfloat16", "BFloat16Storage", .bfloat16),
  TorchType("int64", "LongStorage", .int64), TorchType("int32", "IntStorage", .int32),
  TorchType("int16", "ShortStorage", .int16), TorchType("int8", "CharStorage", .int8),
  TorchType("uint8", "ByteStorage", .uint8), TorchType("bool", "BoolStorage", .bool),
  TorchType("uint16", nil, .uint16), TorchType("uint32", nil, .uint32),
  TorchType("uint64", nil, .uint64),
  TorchType("float8_e4m3fn", nil, .float8e4m3), TorchType("float8_e5m2", nil, .float8e5m2),
  TorchType("complex64", "ComplexFloatStorage", byteCount: 8),
  TorchType("complex128", "ComplexDoubleStorage", byteCount: 16),
  TorchType("qint8", "QInt8Storage", byteCount: 1),
  TorchType("quint8", "QUInt8Storage", byteCount: 1),
  TorchType("qint32", "QInt32Storage", byteCount: 4),
]

/// Untyped storages, which do not name their element type; the types added later use them.
private let untyped = "torch.storage.UntypedStorage"

/// Whether a pickle may name this class or function.
///
/// The code below handles those that are neither types nor storages.
private func isKnown(_ name: String) -> Bool {
  functions.contains(name) || name == untyped || torchType(ofStorage: name) != nil
    || torchType(named: name) != nil
}

private let functions: Set<String> = [
  "collections.OrderedDict", "collections.Counter", "builtins.set", "__builtin__.set",
  "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state", "torch.Size", "torch.device",
]

private func torchType(ofStorage name: String) -> TorchType? {
  torchTypes.first { type in type.storage.map { "torch.\($0)" == name } ?? false }
}

private func torchType(named name: String) -> TorchType? {
  torchTypes.first { "torch.\($0.name)" == name }
}

// MARK: - Tensors

/// A tensor as a view of a storage, already checked to lie within its bounds.
private struct StridedTensor: Sendable {
  let type: TorchType
  let storage: String
  /// The index of the first element in the storage.
  let offset: Int
  let shape: TensorShape
  let strides: [Int]

  /// Whether the elements are contiguous in row-major order.
  var isRowMajor: Bool {
    var expected = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      guard strides[axis] == expected || shape.elementCount == 0 else { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Copies the elements, the first of which lies at `start`, into a block in row-major order.
  func gathered(from block: FileBytes, at start: Int, path: String) throws(FileError) -> FileBytes {
    let size = type.byteCount
    let result = FileBytes()
    try result.reallocate(shape.elementCount * size, path: path)
    result.count = result.capacity
    guard var target = result.memory.map(UnsafeMutableRawPointer.init) else { return result }
    block.withUnsafeBufferPointer { bytes in
      func copy(axis: Int, from source: UnsafeRawPointer) {
        guard axis < shape.rank else {
          target.copyMemory(from: source, byteCount: size)
          target += size
          return
        }
        for index in 0..<shape[axis] {
          copy(axis: axis + 1, from: source + index * strides[axis] * size)
        }
      }
      copy(axis: 0, from: UnsafeRawPointer(bytes.baseAddress! + start))
    }
    return result
  }
}

// MARK: - The pickle

/// Collects the tensors and the other values of a pickle by name.
private struct PickleReader {
  let pickle: Pickle
  /// The size in bytes of each storage.
  let storages: [String: Int]
  let fileSize: Int
  let path: String
  var names: [String] = []
  var tensors: [ExactName: StridedTensor] = [:]
  var metadata: [String: String] = [:]
  private var taken: Set<ExactName> = []
  /// The number of characters that names may still take.
  ///
  /// Without this limit, dictionaries that share nested dictionaries could make a small file expand
  /// beyond memory.
  private var budget: Int

  init(pickle: Pickle, storages: [String: Int], fileSize: Int, path: String) {
    (self.pickle, self.storages, self.fileSize, self.path) = (pickle, storages, fileSize, path)
    budget = 16 * fileSize + 1 << 16
  }

  /// Collects a value, and all the values inside it, under a name.
  mutating func read(_ value: PickleValue, named name: String, depth: Int) throws(FileError) {
    budget -= 1 + name.utf8.count
    guard depth <= 64, budget >= 0 else {
      throw fault(value, "expected dictionaries and lists at most 64 deep, each at one place")
    }
    guard case .node(let index) = value else { return try take(value, named: name) }
    let node = pickle.nodes[index]
    let prefix = name.isEmpty ? "" : name + "."
    switch node.kind {
    case .list, .tuple:
      for (number, part) in node.parts.enumerated() {
        try read(part, named: prefix + String(number), depth: depth + 1)
      }
    case .dictionary:
      for place in stride(from: 0, to: node.parts.count, by: 2) {
        let key = try key(node.parts[place], at: node)
        try read(node.parts[place + 1], named: prefix + key, depth: depth + 1)
      }
    case .call(let function):
      switch function {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3":
        let tensor = try tensor(node)
        try claim(name, node)
        names.append(name)
        tensors[ExactName(name)] = tensor
      case "collections.OrderedDict":
        // Pairs, as Python 2 writes them.
        for pair in try parts(node.parts.first, of: node) {
          let pair = try parts(pair, of: node)
          guard pair.count == 2 else { throw fault(node, "expected pairs of key and value") }
          try read(pair[1], named: prefix + key(pair[0], at: node), depth: depth + 1)
        }
      default:
        // A parameter is read as its tensor, a set or a size as the list of its elements.
        guard let value = node.parts.first else {
          throw fault(node, "expected an argument of \(function)")
        }
        try read(value, named: name, depth: depth + 1)
      }
    case .reference: throw fault(node, "expected a tensor, got a storage without one")
    }
  }

  private mutating func take(_ value: PickleValue, named name: String) throws(FileError) {
    try claim(name, nil)
    metadata[name] =
      switch value {
      case .none, .node: "None"
      case .bool(let flag): flag ? "True" : "False"
      case .integer(let number): String(number)
      case .number(let number): number.description
      case .text(let text), .global(let text): text
      }
  }

  private mutating func claim(_ name: String, _ node: Pickle.Node?) throws(FileError) {
    guard taken.insert(ExactName(name)).inserted else {
      throw fault(node, "expected each name once, got \(excerpt(name)) again")
    }
  }

  private func key(_ value: PickleValue, at node: Pickle.Node) throws(FileError) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number.description
    case .bool(let flag): flag ? "True" : "False"
    case .none, .global, .node: throw fault(node, "expected keys that are texts or numbers")
    }
  }

  private func parts(
    _ value: PickleValue?, of node: Pickle.Node
  ) throws(FileError) -> [PickleValue] {
    if case .node(let index) = value {
      switch pickle.nodes[index].kind {
      case .list, .tuple: return pickle.nodes[index].parts
      default: break
      }
    }
    throw fault(node, "expected a list")
  }

  private func integers(
    _ value: PickleValue, of node: Pickle.Node
  ) throws(FileError) -> [Int] {
    let parts = try parts(value, of: node)
    guard parts.count <= AxisList.maximumCount else {
      throw fault(node, "expected at most \(AxisList.maximumCount) axes, got \(parts.count)")
    }
    return try parts.map { part throws(FileError) in
      guard case .integer(let number) = part else {
        throw fault(node, "expected whole numbers for sizes and strides")
      }
      return number
    }
  }

  /// The tensor that the call `_rebuild_tensor…(storage, offset, size, stride, …, …, type)`
  /// describes.
  private func tensor(_ node: Pickle.Node) throws(FileError) -> StridedTensor {
    guard node.parts.count >= 4, case .node(let reference) = node.parts[0],
      case .reference = pickle.nodes[reference].kind, case .integer(let offset) = node.parts[1]
    else { throw fault(node, "expected a storage, a place in it, sizes and strides") }
    let last = node.parts.count > 6 ? node.parts[6] : .none
    let (storage, type, start, byteCount) = try self.storage(pickle.nodes[reference], as: last)
    let sizes = try integers(node.parts[2], of: node)
    let strides = try integers(node.parts[3], of: node)
    guard sizes.count == strides.count else {
      throw fault(node, "expected as many strides as sizes, got \(strides) for \(sizes)")
    }
    let (shape, size) = try checkedShape(
      sizes, of: type.element ?? .uint8, path: path, location: node.offset)
    var end = offset
    if shape.elementCount > 0 {
      var overflows = false
      for (size, stride) in zip(sizes + [2], strides + [1]) {
        let (distance, a) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, b) = end.addingReportingOverflow(distance)
        overflows = overflows || a || b
        end = sum
      }
      if overflows || strides.contains(where: { $0 < 0 }) { end = .max }
    }
    guard 0 <= offset, end <= byteCount / type.byteCount else {
      throw fault(
        node,
        "expected a tensor within the \(byteCount / type.byteCount) elements of its storage, got "
          + "sizes \(sizes) and strides \(strides) from \(offset) on")
    }
    let tensor = StridedTensor(
      type: type, storage: storage, offset: start / type.byteCount + offset, shape: shape,
      strides: strides)
    guard size <= fileSize || tensor.isRowMajor else {
      throw fault(
        node,
        "expected a tensor that is not larger than the file, got \(size) bytes of shape \(shape)")
    }
    return tensor
  }

  /// The storage of a reference, `("storage", class, key, device, count, view)`: its key, its
  /// element type, and the range of bytes in use.
  private func storage(
    _ node: Pickle.Node, as last: PickleValue
  ) throws(FileError) -> (key: String, type: TorchType, start: Int, byteCount: Int) {
    let parts = try parts(node.parts.first, of: node)
    guard parts.count >= 5, case .text("storage") = parts[0], case .global(let name) = parts[1],
      case .text(let key) = parts[2], case .integer(let count) = parts[4]
    else { throw fault(node, "expected the class, the key, the device and the size of a storage") }
    var type = torchType(ofStorage: name)
    if name == untyped, case .global(let name) = last { type = torchType(named: name) }
    guard let type else { throw fault(node, "expected the type of a storage's elements") }
    let unit = name == untyped ? 1 : type.byteCount
    guard let available = storages[key] else {
      throw fault(node, "expected a storage of the file, got \(excerpt(key))")
    }
    guard 0 <= count, count <= available / unit else {
      throw fault(
        node, "expected a storage of \(available) bytes, got \(count) elements of \(unit)")
    }
    // Before version 0.4, a storage could be part of another.
    guard parts.count > 5, case .node = parts[5] else { return (key, type, 0, count * unit) }
    let view = try self.parts(parts[5], of: node)
    guard view.count == 3, case .integer(let start) = view[1], case .integer(let length) = view[2],
      0 <= start, start <= count, 0 <= length, length <= count - start
    else { throw fault(node, "expected a view within a storage of \(count) elements") }
    return (key, type, start * unit, length * unit)
  }

  private func fault(_ value: PickleValue, _ message: String) -> FileError {
    guard case .node(let index) = value else { return fault(nil, message) }
    return fault(pickle.nodes[index], message)
  }

  private func fault(_ node: Pickle.Node?, _ message: String) -> FileError {
    FileError(path: path, location: (node?.offset).map { .byte($0) }, message: message)
  }
}

// MARK: - Storages

/// Where the bytes of the storages lie.
private struct Storages: Sendable {
  private enum Place {
    case archive(ZIPArchive, [String: ZIPEntry])
    case file(FileBytes, [String: Range<Int>])
  }

  private let place: Place
  let isBigEndian: Bool

  init(_ archive: ZIPArchive, _ entries: [String: ZIPEntry], isBigEndian: Bool) {
    place = .archive(archive, entries)
    self.isBigEndian = isBigEndian
  }

  init(_ file: FileBytes, _ ranges: [String: Range<Int>]) {
    place = .file(file, ranges)
    isBigEndian = false
  }

  /// The size in bytes of each storage.
  var sizes: [String: Int] {
    switch place {
    case .archive(_, let entries): entries.mapValues(\.size)
    case .file(_, let ranges): ranges.mapValues(\.count)
    }
  }

  /// The bytes of a storage that is known to exist.
  func content(_ key: String) throws(FileError) -> (FileBytes, Range<Int>) {
    switch place {
    case .archive(let archive, let entries): try archive.content(of: entries[key]!)
    case .file(let file, let ranges): (file, ranges[key]!)
    }
  }
}

/// Opens a ZIP archive; returns the pickle, its name in error messages, and the storages.
private func openArchive(
  _ file: FileBytes, path: String
) throws(FileError) -> (Pickle, String, Storages) {
  let archive = try ZIPArchive(file, path: path)
  guard let main = archive.entries.first(where: { $0.name.hasSuffix("data.pkl") }) else {
    throw FileError(
      path: path, message: "expected a member data.pkl" + file.withUnsafeBufferPointer(kindHint))
  }
  let root = main.name.dropLast("data.pkl".count)
  var entries: [String: ZIPEntry] = [:]
  var isBigEndian = false
  for entry in archive.entries where entry.name.hasPrefix(root) {
    let name = entry.name.dropFirst(root.count)
    if name.hasPrefix("data/") { entries[String(name.dropFirst(5))] = entry }
    if name == "byteorder" {
      let (block, range) = try archive.content(of: entry)
      isBigEndian = block.withUnsafeBufferPointer { $0[range].elementsEqual("big".utf8) }
    }
  }
  let (block, range) = try archive.content(of: main)
  let name = "\(path)/\(main.name)"
  let pickle = try block.withUnsafeBufferPointer { bytes throws(FileError) in
    try Pickle(UnsafeBufferPointer(rebasing: bytes[range]), path: name, isKnown: isKnown)
  }
  return (pickle, name, Storages(archive, entries, isBigEndian: isBigEndian))
}

/// The pickle of the number 0x1950a86a20f9469cfc6c, and the version, 1001.
let oldMagic: [UInt8] = [
  0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  0x80, 2, 0x4D, 0xE9, 3, 0x2E,
]

/// Opens a file in the old format; returns the pickle, its name in error messages, and the
/// storages.
private func openOld(
  _ file: FileBytes, path: String
) throws(FileError) -> (Pickle, String, Storages) {
  try file.withUnsafeBufferPointer { bytes throws(FileError) in
    let system = try Pickle(bytes, from: oldMagic.count, path: path, isKnown: isKnown)
    let pickle = try Pickle(bytes, from: system.end, path: path, isKnown: isKnown)
    let keys = try Pickle(bytes, from: pickle.end, path: path, isKnown: isKnown)
    let sizes = elementSizes(pickle)
    guard case .node(let list) = keys.root, case .list = keys.nodes[list].kind else {
      throw FileError(
        path: path, location: .byte(pickle.end), message: "expected the keys of the storages")
    }
    var ranges: [String: Range<Int>] = [:]
    var position = keys.end
    for key in keys.nodes[list].parts {
      guard case .text(let key) = key, let size = sizes[key], ranges[key] == nil else {
        throw FileError(
          path: path, location: .byte(pickle.end), message: "expected the key of each storage once")
      }
      let rest = bytes.count - position - 8
      let count = rest < 0 ? 0 : bytes.number(at: position, count: 8)
      guard rest >= 0, count <= UInt64(rest / size) else {
        throw FileError(
          path: path, location: .byte(position),
          message: "expected a storage of \(count) elements in \(max(0, rest)) bytes")
      }
      position += 8
      ranges[key] = position..<position + Int(count) * size
      position = ranges[key]!.upperBound
    }
    guard position == bytes.count else {
      throw FileError(
        path: path, location: .byte(position),
        message: "expected the end of the file, got \(bytes.count - position) more bytes")
    }
    return (pickle, path, Storages(file, ranges))
  }
}

/// The element size in bytes of each storage that a pickle refers to, by key.
private func elementSizes(_ pickle: Pickle) -> [String: Int] {
  var sizes: [String: Int] = [:]
  for node in pickle.nodes {
    guard case .reference = node.kind, case .node(let index) = node.parts[0] else { continue }
    let parts = pickle.nodes[index].parts
    if parts.count > 2, case .global(let name) = parts[1], case .text(let key) = parts[2] {
      sizes[key] = name == untyped ? 1 : torchType(ofStorage: name)?.byteCount
    }
  }
  return sizes
}
