// Safetensors, the format in which models are exchanged: the length of a header in eight bytes, the
// header in JSON (JSON.swift), then the elements of all tensors without gaps.
//
//     {"__metadata__": {"format": "pt"}, "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
//
// Offsets count from the end of the header. IDX.swift, next, is an older and simpler format.

/// A file of named tensors in the safetensors format.
///
/// ```swift
/// try SafetensorsFile.write(["weight": weight, "bias": bias], to: "model.safetensors")
///
/// let file = try SafetensorsFile(contentsOf: "model.safetensors")
/// let weight: Tensor<Float> = try file["weight"]
/// ```
/// A model in several files has an index beside them, `model.safetensors.index.json`; opening the index opens
/// them all. Opening checks headers only; the elements of a tensor are read when it is asked for.
public struct SafetensorsFile: ArrayArchive {
  /// The names of the tensors, in the order of the header.
  public let names: [String]
  /// What the file says about itself.
  public let metadata: [String: String]
  private let tensors: [ExactName: Entry]
  private let path: String

  /// Reads the header of a file, or those of all files of an index, whose name ends in `.json`.
  ///
  /// - Throws: `FileError` if a file cannot be read, or if its header is not as the format demands:
  ///   at most 100 MB, every byte behind it part of exactly one tensor, no name twice. An index must name
  ///   files in its own folder, and tensors that are in them.
  public init(contentsOf path: String) throws(FileError) {
    self = try path.hasSuffix(".json") ? Self(index: path) : Self(single: path)
  }

  /// Reads the headers of the files of an index.
  private init(index path: String) throws(FileError) {
    let index = try JSON(contentsOf: path)
    func fault(_ message: String) -> FileError { FileError(path: path, message: message) }
    guard case .object(let members) = index["weight_map"] else {
      throw fault("expected a weight_map, which names the file of each tensor")
    }
    let folder = String(
      path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
    var files: [String: SafetensorsFile] = [:]
    var tensors: [ExactName: Entry] = [:]
    for member in members {
      guard case .string(let name) = member.value, !name.contains("/"),
        name.hasSuffix(".safetensors")
      else {
        throw fault(
          "expected the name of a safetensors file in the same folder for \(excerpt(member.name)), got "
            + excerpt(member.value.text))
      }
      if files[name] == nil { files[name] = try SafetensorsFile(single: folder + name) }
      guard let entry = files[name]!.tensors[ExactName(member.name)] else {
        throw fault("expected \(excerpt(member.name)) in \(name), which has no tensor of that name")
      }
      tensors[ExactName(member.name)] = entry
    }
    names = members.map(\.name)
    metadata = files.values.reduce(into: [:]) { $0.merge($1.metadata) { first, _ in first } }
    self.tensors = tensors
    self.path = path
  }

  /// Reads the header of a file.
  private init(single path: String) throws(FileError) {
    let file = try FileBytes(mapping: path)
    let (members, start) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try readHeader(bytes, path: path)
    }
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    for member in members {
      if member.name == "__metadata__" {
        metadata = try readMetadata(member.value, path: path)
      } else {
        entries.append(try readTensor(member, in: file, start: start, path: path))
      }
    }
    var end = 0
    // Of two at one place the empty one comes first.
    let inOrder = entries.map { (name: $0.name, range: $0.range) }.sorted {
      ($0.range.lowerBound, $0.range.count) < ($1.range.lowerBound, $1.range.count)
    }
    for (name, range) in inOrder {
      guard range.lowerBound == end else {
        throw fault(
          path,
          "expected \(excerpt(name)) to begin at offset \(end), where the tensor "
            + "before it ends, got \(range.lowerBound)")
      }
      end = range.upperBound
    }
    guard start + end == file.count else {
      throw FileError(
        path: path, location: .byte(start + end),
        message: "expected the end of the file, got \(file.count - start - end) more bytes")
    }
    names = entries.map(\.name)
    tensors = Dictionary(uniqueKeysWithValues: entries.map { (ExactName($0.name), $0) })
    self.metadata = metadata
    self.path = path
  }

  /// The tensor of a name, whose elements are not read yet.
  ///
  /// - Throws: `FileError` if there is none, or if its elements are of a type that is not known.
  public func array(named name: String) throws(FileError) -> StoredArray {
    guard let position = names.position(ofName: name),
      let entry = tensors[ExactName(names[position])]
    else { throw unknownArray(name, path: path, known: names) }
    guard let array = entry.array else {
      throw fault(
        path,
        "expected a dtype of \(codes.map(\.code).joined(separator: ", ")) for \(excerpt(name)), got "
          + excerpt(entry.dtype))
    }
    return array
  }

  /// Writes tensors, atomically, to a file.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name, as a literal; their order is kept.
  ///   - metadata: What the file says about itself.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The names differ, and none is `__metadata__`.
  public static func write(
    _ tensors: KeyValuePairs<String, any TensorProtocol>, metadata: [String: String] = [:],
    to path: String
  ) throws(FileError) {
    try write(Array(tensors), metadata: metadata, to: path)
  }

  /// Writes tensors, atomically, to a file.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name; their order is kept. `Array(dictionary)` makes a list of a
  ///     dictionary.
  ///   - metadata: What the file says about itself.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  /// - Precondition: The names differ, and none is `__metadata__`.
  public static func write(
    _ tensors: [(key: String, value: any TensorProtocol)],
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    requireDistinct(tensors.map(\.key) + ["__metadata__"], "safetensors")
    // Large elements come first, so that each begins at a multiple of its size.
    let sizes = tensors.map { $0.value.elementType.byteCount }
    let places = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var ranges = Array(repeating: 0..<0, count: tensors.count)
    var end = 0
    for place in places {
      ranges[place] = end..<end + tensors[place].value.shape.elementCount * sizes[place]
      end = ranges[place].upperBound
    }

    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key < $1.key }
      members.append(
        JSON.Member("__metadata__", .object(entries.map { .init($0.key, .string($0.value)) })))
    }
    for ((name, tensor), range) in zip(tensors, ranges) {
      members.append(
        JSON.Member(
          name,
          [
            "dtype": .string(codes.first { $0.type == tensor.elementType }!.code),
            "shape": .array(tensor.shape.map { .integer($0) }),
            "data_offsets": [.integer(range.lowerBound), .integer(range.upperBound)],
          ]))
    }
    var text = JSON.object(members).utf8
    text += repeatElement(UInt8(ascii: " "), count: -text.count & 7)
    var length: [UInt8] = []
    length.append(text.count, count: 8)

    try writeFile(to: path) { file throws(FileError) in
      try file.append(length + text)
      for place in places {
        try tensors[place].value.withUnsafeBytes { elements throws(FileError) in
          try file.append(elements)
        }
      }
    }
  }
}

/// The largest header that the reference implementation accepts.
private let largestHeader = 100_000_000

private let codes: [(code: String, type: ElementType)] = [
  ("BOOL", .bool), ("U8", .uint8), ("I8", .int8), ("U16", .uint16), ("I16", .int16),
  ("U32", .uint32), ("I32", .int32), ("U64", .uint64), ("I64", .int64), ("F16", .float16),
  ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64),
  ("F8_E4M3", .float8e4m3), ("F8_E5M2", .float8e5m2),
]

/// What the header says about a tensor.
private struct Entry: Sendable {
  let name: String
  let dtype: String
  /// Where its bytes lie behind the header.
  let range: Range<Int>
  /// Nil if there is no such element type here.
  let array: StoredArray?
}

/// Reads the members of the header, and where it ends.
private func readHeader(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String
) throws(FileError) -> (members: [JSON.Member], end: Int) {
  guard bytes.count >= 8 else {
    throw FileError(
      path: path, location: .byte(bytes.count),
      message: "expected the length of a header in 8 bytes, got \(bytes.count)")
  }
  let length = bytes.number(at: 0, count: 8)
  let limit = min(bytes.count - 8, largestHeader)
  guard length <= UInt64(limit) else {
    throw FileError(
      path: path, location: .byte(0),
      message: "expected a header of at most \(limit) bytes, got \(length)" + kindHint(bytes))
  }
  let end = 8 + Int(length)
  let header = try JSON(
    parsing: UnsafeBufferPointer(rebasing: bytes[8..<end]), path: path, offset: 8)
  guard case .object(let members) = header else {
    throw fault(path, "expected an object of tensors")
  }
  return (members, end)
}

private func readMetadata(_ value: JSON, path: String) throws(FileError) -> [String: String] {
  guard case .object(let members) = value else {
    throw fault(path, "expected __metadata__ to be an object of strings")
  }
  var metadata: [String: String] = [:]
  for member in members {
    guard case .string(let text) = member.value else {
      throw fault(path, "expected __metadata__ to be an object of strings")
    }
    metadata[member.name] = text
  }
  return metadata
}

private func readTensor(
  _ member: JSON.Member, in file: FileBytes, start: Int, path: String
) throws(FileError) -> Entry {
  let name = excerpt(member.name)
  guard case .string(let code) = member.value["dtype"] else {
    throw fault(path, "expected a dtype for \(name)")
  }
  guard let sizes = integers(member.value["shape"]) else {
    throw fault(path, "expected a shape of whole numbers for \(name)")
  }
  guard let offsets = integers(member.value["data_offsets"]), offsets.count == 2,
    0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= file.count - start
  else {
    throw fault(
      path,
      "expected two data_offsets within the \(file.count - start) bytes of data for \(name)"
        + ", got " + (member.value["data_offsets"].map { excerpt($0.text) } ?? "none"))
  }
  let range = offsets[0]..<offsets[1]
  // What an element takes is not known for a type that is none of ours; others are still read.
  guard let type = codes.first(where: { $0.code == code })?.type else {
    return Entry(name: member.name, dtype: code, range: range, array: nil)
  }
  let (shape, byteCount) = try checkedShape(sizes, of: type, path: path, location: 8)
  guard range.count == byteCount else {
    throw fault(
      path,
      "expected \(byteCount) bytes of data for \(name) with shape \(shape), got \(range.count)")
  }
  let array = StoredArray(
    elementType: type, shape: shape, isBigEndian: false, isFortranOrder: false, file: file,
    offset: start + range.lowerBound, path: "\(path)/\(member.name)")
  return Entry(name: member.name, dtype: code, range: range, array: array)
}

private func integers(_ value: JSON?) -> [Int]? {
  guard case .array(let values) = value else { return nil }
  var integers: [Int] = []
  for value in values {
    guard case .integer(let integer) = value else { return nil }
    integers.append(integer)
  }
  return integers
}

/// An error in the header.
private func fault(_ path: String, _ message: String) -> FileError {
  FileError(path: path, location: .byte(8), message: message)
}
