// Writes HDF5 in its oldest form, which every program reads: a superblock, groups with a tree of
// names each, the headers of arrays and, at the end, the elements of each array in one piece.

extension HDF5File {
  /// Writes tensors atomically to a file that h5py and Keras can read.
  ///
  /// ```swift
  /// try HDF5File.write(
  ///   ["layers/dense/vars/0": kernel, "layers/dense/vars/1": bias], to: "model.weights.h5")
  /// ```
  ///
  /// - Parameters:
  ///   - arrays: The tensors by path, as a dictionary literal; groups are created as needed.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  /// - Precondition: The paths are distinct, have no empty names between their `/`, and none leads
  ///   through an array.
  public static func write(
    _ arrays: KeyValuePairs<String, any TensorProtocol>, to path: String
  ) throws(FileError) {
    try write(Array(arrays), to: path)
  }

  /// Writes tensors atomically to a file that h5py and Keras can read.
  ///
  /// - Parameters:
  ///   - arrays: The tensors by path. Pass `Array(dictionary)` for a dictionary.
  ///   - path: The file.
  /// - Throws: `FileError` if the file cannot be written; an older file is then unchanged.
  /// - Precondition: The paths are distinct, have no empty names between their `/`, and none leads
  ///   through an array.
  public static func write(
    _ arrays: [(key: String, value: any TensorProtocol)], to path: String
  ) throws(FileError) {
    let layout = HDF5FileLayout(arrays)
    try writeFile(to: path) { file throws(FileError) in
      try file.append(layout.head)
      for (_, tensor) in arrays {
        try tensor.withUnsafeBytes { elements throws(FileError) in try file.append(elements) }
        try file.append([UInt8](repeating: 0, count: -file.count & 7))
      }
    }
  }

  /// Returns the bytes of a file of tensors.
  package static func bytes(_ arrays: [(key: String, value: any TensorProtocol)]) -> [UInt8] {
    var bytes = HDF5FileLayout(arrays).head
    for (_, tensor) in arrays {
      tensor.withUnsafeBytes { bytes += $0 }
      bytes.align()
    }
    return bytes
  }
}

/// A group to be written: its members, keyed by the bytes of their names.
private struct HDF5Group {
  var groups: [String: HDF5Group] = [:]
  var arrays: [String: Int] = [:]

  /// The largest number of members in this group or any group inside it.
  var largestCount: Int {
    groups.values.reduce(groups.count + arrays.count) { max($0, $1.largestCount) }
  }

  mutating func insert(_ array: Int, at path: ArraySlice<String>, of whole: String) {
    let name = path.first!
    require(
      !name.isEmpty && !name.utf8.contains(0),
      "hdf5: \(excerpt(whole)) is no path, expected names between its /")
    if path.count == 1 {
      require(
        groups[name] == nil && arrays[name] == nil,
        "hdf5: \(excerpt(whole)) is there twice or a group too, expected paths that differ")
      arrays[name] = array
    } else {
      require(arrays[name] == nil, "hdf5: \(excerpt(whole)) goes through an array, expected groups")
      groups[name, default: HDF5Group()].insert(array, at: path.dropFirst(), of: whole)
    }
  }
}

/// Everything in a file but the elements, which follow in the order of the arrays.
private struct HDF5FileLayout {
  private(set) var head: [UInt8] = []
  private let arrays: [(key: String, value: any TensorProtocol)]
  /// Half the number of name tables that a tree has room for.
  private let treeSize: Int
  /// Where the elements of each array lie.
  private var places: [Int] = []

  init(_ arrays: [(key: String, value: any TensorProtocol)]) {
    self.arrays = arrays
    requireDistinct(arrays.map(\.key), "hdf5")
    var root = HDF5Group()
    for (index, array) in arrays.enumerated() {
      let path = array.key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      root.insert(index, at: path[...], of: array.key)
    }
    treeSize = max(16, (root.largestCount + 15) / 16)
    require(treeSize < 1 << 16, "hdf5: a group of \(root.largestCount) arrays is too large")
    // The length of the head does not depend on where the elements lie.
    places = [Int](repeating: 0, count: arrays.count)
    write(root)
    var end = head.count
    for (index, array) in arrays.enumerated() {
      places[index] = end
      let size = array.value.shape.elementCount * array.value.elementType.byteCount
      end += size + (-size & 7)
    }
    write(root, fileSize: end)
  }

  private mutating func write(_ root: HDF5Group, fileSize: Int = 0) {
    head = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]
    head += [0, 0, 0, 0, 0, 8, 8, 0]
    head.append(smallTableSize / 2, count: 2)
    head.append(treeSize, count: 2)
    head.append(0, count: 4)
    head.append(0, count: 8)
    head.append(nowhere, count: 8)
    head.append(fileSize, count: 8)
    head.append(nowhere, count: 8)
    let entry = head.count
    head += [UInt8](repeating: 0, count: 40)
    let (place, tree, names) = write(group: root)
    head.replace(at: entry + 8, place)
    head.replace(at: entry + 16, 1)
    head.replace(at: entry + 24, tree)
    head.replace(at: entry + 32, names)
  }

  /// Writes a group after all of its members.
  private mutating func write(group: HDF5Group) -> (place: Int, tree: Int, names: Int) {
    var members: [(name: String, place: Int)] = []
    for (name, index) in group.arrays { members.append((name, index)) }
    let inner = group.groups.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let arrays = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    members = arrays.map { ($0.name, write(array: $0.place)) }
    members += inner.map { ($0.key, write(group: $0.value).place) }
    members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }

    // The characters of the names; the empty name at the beginning is the tree's first key.
    var texts = [UInt8](repeating: 0, count: 8)
    var offsets: [Int] = []
    for member in members {
      offsets.append(texts.count)
      texts += member.name.utf8
      texts.append(0)
      texts.align()
    }
    let names = head.count
    head += "HEAP".utf8
    head.append(0, count: 4)
    head.append(texts.count, count: 8)
    head.append(1, count: 8)  // no free space
    head.append(names + 32, count: 8)
    head += texts

    var tables: [(place: Int, lastName: Int)] = []
    for start in stride(from: 0, to: members.count, by: smallTableSize) {
      let range = start..<min(start + smallTableSize, members.count)
      tables.append((head.count, offsets[range.upperBound - 1]))
      head += "SNOD".utf8
      head.append(1, count: 2)
      head.append(range.count, count: 2)
      for index in range {
        head.append(offsets[index], count: 8)
        head.append(members[index].place, count: 8)
        head.append(0, count: 24)
      }
      head += [UInt8](repeating: 0, count: 40 * (smallTableSize - range.count))
    }

    let tree = head.count
    head += "TREE".utf8
    head.append(0, count: 2)
    head.append(tables.count, count: 2)
    head.append(nowhere, count: 8)
    head.append(nowhere, count: 8)
    head.append(0, count: 8)
    for (place, lastName) in tables {
      head.append(place, count: 8)
      head.append(lastName, count: 8)
    }
    head += [UInt8](repeating: 0, count: 16 * (2 * treeSize - tables.count))

    let place = writeHeader([(HDF5MessageKind.symbolTable, [tree, names].flatMap(littleEndian))])
    return (place, tree, names)
  }

  private mutating func write(array index: Int) -> Int {
    let (type, shape) = (arrays[index].value.elementType, arrays[index].value.shape)
    let size = shape.elementCount * type.byteCount
    var space: [UInt8] = [1, UInt8(shape.rank), 0, 0, 0, 0, 0, 0]
    for size in shape { space.append(size, count: 8) }
    var layout: [UInt8] = [3, 1]
    layout.append(size == 0 ? nowhere : places[index], count: 8)
    layout.append(size, count: 8)
    return writeHeader([
      (HDF5MessageKind.dataspace, space),
      (HDF5MessageKind.datatype, description(of: type)),
      // The fill value is zero, so no bytes are given for it.
      (HDF5MessageKind.fillValue, [2, 2, 2, 1, 0, 0, 0, 0]),
      (HDF5MessageKind.layout, layout),
    ])
  }

  /// Writes the header of a group or an array.
  private mutating func writeHeader(_ messages: [(kind: Int, content: [UInt8])]) -> Int {
    var content: [UInt8] = []
    for message in messages {
      var body = message.content
      body.align()
      content.append(message.kind, count: 2)
      content.append(body.count, count: 2)
      content.append(0, count: 4)
      content += body
    }
    let place = head.count
    head += [1, 0]
    head.append(messages.count, count: 2)
    head.append(1, count: 4)
    head.append(content.count, count: 4)
    head.append(0, count: 4)
    head += content
    return place
  }
}

/// The undefined address.
private let nowhere = -1
/// The number of names in a name table.
private let smallTableSize = 8

private func littleEndian(_ number: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(number, count: 8)
  return bytes
}

/// HDF5's description of an element type.
private func description(of type: ElementType) -> [UInt8] {
  let size = type.byteCount
  let bits = UInt8(8 * size)
  func integer(isSigned: Bool) -> [UInt8] {
    [0x10, isSigned ? 8 : 0, 0, 0, UInt8(size), 0, 0, 0, 0, 0, bits, 0]
  }
  func float(exponent: UInt8) -> [UInt8] {
    let fraction = bits - 1 - exponent
    var bytes = [0x11, 0x20, bits - 1, 0, UInt8(size), 0, 0, 0, 0, 0, bits, 0]
    bytes += [fraction, exponent, 0, fraction]
    bytes.append(1 << (exponent - 1) - 1, count: 4)
    return bytes
  }
  switch type {
  // h5py's booleans: a one-byte enumeration.
  case .bool:
    return [0x18, 2, 0, 0, 1, 0, 0, 0] + integer(isSigned: true)
      + Array("FALSE\0\0\0TRUE\0\0\0\0".utf8) + [0, 1]
  case .uint8, .uint16, .uint32, .uint64: return integer(isSigned: false)
  case .int8, .int16, .int32, .int64: return integer(isSigned: true)
  case .float8e4m3: return float(exponent: 4)
  case .float8e5m2, .float16: return float(exponent: 5)
  case .bfloat16, .float32: return float(exponent: 8)
  case .float64: return float(exponent: 11)
  }
}

extension [UInt8] {
  /// Appends zeros up to a multiple of eight bytes.
  fileprivate mutating func align() { self += repeatElement(0, count: -count & 7) }

  /// Overwrites eight bytes with an address.
  fileprivate mutating func replace(at offset: Int, _ number: Int) {
    replaceSubrange(offset..<offset + 8, with: littleEndian(number))
  }
}
