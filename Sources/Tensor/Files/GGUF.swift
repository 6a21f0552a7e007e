// GGUF, the format of language models for llama.cpp: metadata by name; then, for each tensor, its
// name, its sizes (fastest axis first), its type and the offset of its elements after the header;
// then the elements.
//
//     "GGUF" version(4) tensors(8) entries(8)
//     | name type value | name axes sizes type offset | padding | elements
//
// Next: ArrayArchives.swift opens a file of any of these kinds.

/// A file of named tensors in the GGUF format; it can only be read.
///
/// ```swift
/// let file = try GGUFFile(contentsOf: "model.gguf")
/// file.metadata["general.architecture"]                   // "llama"
/// let embeddings: Tensor<Float> = try file["token_embd.weight"]
/// ```
/// It reads weights of the types F32, F16, BF16, F64, Q8_0 and Q4_0, and integers. The block types,
/// Q8_0 and Q4_0, are expanded to `Float` in memory when you ask for them. Sizes are in the usual
/// order, with the fastest axis last.
public struct GGUFFile: ArrayArchive {
  /// The names of the tensors, in file order.
  public let names: [String]
  /// The file's metadata: numbers, strings and booleans, without lists such as vocabularies.
  public let metadata: [String: String]
  private let tensors: [ExactName: Entry]
  private let file: FileBytes
  private let path: String

  /// Reads the header of a file.
  ///
  /// - Throws: `FileError` if the file cannot be read, or if its header does not follow version 2
  ///   or 3 of the format.
  public init(contentsOf path: String) throws(FileError) {
    let file = try FileBytes(mapping: path)
    let header = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      var header = Header(bytes: bytes, path: path)
      try header.read()
      return (names: header.names, metadata: header.metadata, tensors: header.tensors)
    }
    (names, metadata, tensors) = header
    self.file = file
    self.path = path
  }

  /// Returns the tensor with a name; a block type is expanded in memory.
  ///
  /// - Throws: `FileError` if there is no such tensor, or its element type is not supported.
  public func array(named name: String) throws(FileError) -> StoredArray {
    guard let position = names.position(ofName: name),
      let entry = tensors[ExactName(names[position])]
    else { throw unknownArray(name, path: path, known: names) }
    let arrayPath = "\(path)/\(names[position])"
    guard let type = types.first(where: { $0.code == entry.type }) else {
      throw FileError(
        path: arrayPath,
        message:
          "expected a type of \(types.map(\.name).joined(separator: ", ")), got number \(entry.type)"
      )
    }
    let isExpanded = type.blockSize > 1
    return StoredArray(
      elementType: type.element, shape: entry.shape, isBigEndian: false, isFortranOrder: false,
      file: isExpanded ? try expanded(entry, type, path: arrayPath) : file,
      offset: isExpanded ? 0 : entry.start, path: arrayPath)
  }

  /// Expands blocks to `Float`.
  private func expanded(
    _ entry: Entry, _ type: BlockType, path: String
  ) throws(FileError) -> FileBytes {
    let result = FileBytes()
    let count = entry.shape.elementCount
    try result.reallocate(count * MemoryLayout<Float>.size, path: path)
    result.count = result.capacity
    guard let target = result.memory else { return result }
    target.withMemoryRebound(to: Float.self, capacity: count) { target in
      file.withUnsafeBufferPointer { bytes in
        for block in 0..<count / type.blockSize {
          let source = bytes.baseAddress! + entry.start + block * type.byteCount
          type.expand(source, target + block * type.blockSize)
        }
      }
    }
    return result
  }
}

// MARK: - Element types

/// A type whose elements are stored in blocks of `blockSize` elements and `byteCount` bytes.
private struct BlockType: Sendable {
  let code: UInt64
  let name: String
  let element: ElementType
  let blockSize: Int
  let byteCount: Int
  /// Writes the elements of one block.
  let expand:
    @Sendable (_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<Float>) -> Void

  /// Creates a type whose elements are stored one by one.
  init(_ code: UInt64, _ name: String, _ element: ElementType) {
    (self.code, self.name, self.element) = (code, name, element)
    (blockSize, byteCount) = (1, element.byteCount)
    expand = { _, _ in }
  }

  init(
    _ code: UInt64, _ name: String, byteCount: Int,
    expand: @escaping @Sendable (UnsafePointer<UInt8>, UnsafeMutablePointer<Float>) -> Void
  ) {
    (self.code, self.name, element) = (code, name, .float32)
    (blockSize, self.byteCount, self.expand) = (32, byteCount, expand)
  }
}

private let types: [BlockType] = [
  BlockType(0, "F32", .float32), BlockType(1, "F16", .float16),
  // element = scale · (4 bits - 8): the low halves of 16 bytes, then the high ones
  BlockType(2, "Q4_0", byteCount: 18) { source, target in
    let scale = readScale(source)
    for i in 0..<16 {
      let byte = source[2 + i]
      target[i] = scale * Float(Int(byte & 15) - 8)
      target[i + 16] = scale * Float(Int(byte >> 4) - 8)
    }
  },
  // element = scale · (signed byte)
  BlockType(8, "Q8_0", byteCount: 34) { source, target in
    let scale = readScale(source)
    for i in 0..<32 { target[i] = scale * Float(Int8(bitPattern: source[2 + i])) }
  },
  BlockType(24, "I8", .int8), BlockType(25, "I16", .int16), BlockType(26, "I32", .int32),
  BlockType(27, "I64", .int64), BlockType(28, "F64", .float64), BlockType(30, "BF16", .bfloat16),
]

/// The scale at the beginning of a block, a 16-bit floating-point number.
private func readScale(_ block: UnsafePointer<UInt8>) -> Float {
  HalfPrecision.float(UInt16(block[0]) | UInt16(block[1]) << 8)
}

// MARK: - The header

/// The header's entry for a tensor.
private struct Entry: Sendable {
  let type: UInt64
  let shape: TensorShape
  /// The offset of its elements; if the type is known, they have been checked to lie in the file.
  let start: Int
}

private struct Header {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  private(set) var names: [String] = []
  private(set) var metadata: [String: String] = [:]
  private(set) var tensors: [ExactName: Entry] = [:]
  private var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
  }

  mutating func read() throws(FileError) {
    guard bytes.starts(with: "GGUF".utf8) else {
      throw fault("expected GGUF, got \(hexadecimal(bytes.prefix(4)))" + kindHint(bytes))
    }
    position = 4
    let version = try number(4)
    guard 2...3 ~= version else {
      throw fault("expected version 2 or 3, got \(version)", at: 4)
    }
    let (tensorCount, factCount) = (try number(8), try number(8))
    // Each entry takes a few bytes, so a count that is too large stops at the end of the file.
    for _ in 0..<min(factCount, UInt64(bytes.count)) { try readFact() }
    var found: [(name: String, type: UInt64, shape: TensorShape, place: UInt64, offset: Int)] = []
    for _ in 0..<min(tensorCount, UInt64(bytes.count)) {
      let offset = position
      let name = try text()
      let rank = try number(4)
      guard rank <= UInt64(AxisList.maximumCount) else {
        throw fault("expected at most \(AxisList.maximumCount) axes, got \(rank)", at: offset)
      }
      var sizes: [Int] = []
      for _ in 0..<rank { sizes.insert(Int(clamping: try number(8)), at: 0) }
      let (shape, _) = try checkedShape(sizes, of: .float64, path: path, location: offset)
      found.append((name, try number(4), shape, try number(8), offset))
    }
    let alignment = metadata["general.alignment"].flatMap { Int($0) } ?? 32
    guard 1...1 << 20 ~= alignment else {
      throw fault("expected a general.alignment of 1 to \(1 << 20), got \(alignment)")
    }
    let start = position + (alignment - position % alignment) % alignment
    for (name, type, shape, place, offset) in found {
      let available = max(0, bytes.count - start)
      var byteCount = 0
      if let type = types.first(where: { $0.code == type }) {
        let last = shape.last ?? 1
        guard last.isMultiple(of: type.blockSize) else {
          throw fault(
            "expected rows of \(type.name) in blocks of \(type.blockSize), got shape \(shape)",
            at: offset)
        }
        byteCount = shape.elementCount / type.blockSize * type.byteCount
      }
      guard place <= UInt64(available), byteCount <= available - Int(place) else {
        throw fault(
          "expected \(excerpt(name)) within the \(available) bytes of data, got \(byteCount) from "
            + "\(place) on", at: offset)
      }
      let entry = Entry(type: type, shape: shape, start: start + Int(place))
      guard tensors.updateValue(entry, forKey: ExactName(name)) == nil else {
        throw fault("expected each name once, got \(excerpt(name)) again", at: offset)
      }
      names.append(name)
    }
  }

  /// Reads a metadata entry: its name, the type of its value, and the value.
  private mutating func readFact() throws(FileError) {
    let name = try text()
    let type = try number(4)
    if type == 9 {
      try skipList(depth: 0)
    } else {
      metadata[name] = try value(type)
    }
  }

  /// Reads a value that is not a list, as text.
  private mutating func value(_ type: UInt64) throws(FileError) -> String {
    switch type {
    case 0: String(try number(1))
    case 1: String(Int8(truncatingIfNeeded: try number(1)))
    case 2: String(try number(2))
    case 3: String(Int16(truncatingIfNeeded: try number(2)))
    case 4: String(try number(4))
    case 5: String(Int32(truncatingIfNeeded: try number(4)))
    case 6: Float(bitPattern: UInt32(try number(4))).description
    case 7: try number(1) == 0 ? "false" : "true"
    case 8: try text()
    case 10: String(try number(8))
    case 11: String(Int64(bitPattern: try number(8)))
    case 12: Double(bitPattern: try number(8)).description
    default: throw fault("expected a type of value of 0 to 12, got \(type)", at: position - 4)
    }
  }

  private mutating func skipList(depth: Int) throws(FileError) {
    let (type, count) = (try number(4), try number(8))
    guard depth < 8, count <= UInt64(bytes.count - position) else {
      throw fault("expected a list of at most \(bytes.count - position) values, got \(count)")
    }
    for _ in 0..<count {
      if type == 9 { try skipList(depth: depth + 1) } else { _ = try value(type) }
    }
  }

  /// Reads a little-endian number of `count` bytes.
  private mutating func number(_ count: Int) throws(FileError) -> UInt64 {
    guard bytes.count - position >= count else {
      throw fault("expected \(count) more bytes, got \(bytes.count - position)")
    }
    defer { position += count }
    return bytes.number(at: position, count: count)
  }

  private mutating func text() throws(FileError) -> String {
    let count = try number(8)
    guard count <= UInt64(bytes.count - position) else {
      throw fault(
        "expected a text of at most \(bytes.count - position) bytes, got \(count)",
        at: position - 8)
    }
    defer { position += Int(count) }
    return String(decoding: bytes[position..<position + Int(count)], as: UTF8.self)
  }

  private func fault(_ message: String, at offset: Int? = nil) -> FileError {
    FileError(path: path, location: .byte(offset ?? position), message: "gguf: " + message)
  }
}
