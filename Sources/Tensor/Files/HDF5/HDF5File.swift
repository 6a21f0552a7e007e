// HDF5, the format of Keras's weights and of much scientific data: a tree of groups in one file, with arrays
// as its leaves and attributes everywhere. The file begins with a superblock, which says where the root is;
// all other parts point to each other:
//
//     superblock → header of the root group → its links → headers of groups and arrays → elements, in chunks
//
// What is read here is what h5py and Keras write, in the old forms and the new ones. HDF5Cursor.swift, next,
// is the way down; HDF5Writer.swift writes.

/// A file of named arrays in groups, which h5py, Keras or another program wrote in the format HDF5.
///
/// ```swift
/// let file = try HDF5File(contentsOf: "model.weights.h5")
/// file.names                                        // ["layers/dense/vars/0", "layers/dense/vars/1", …]
/// let kernel: Tensor<Float> = try file["layers/dense/vars/0"]
/// ```
/// The name of an array is its path, with `/` between the names of the groups. Opening reads the tree of
/// groups; elements are read when they are asked for, and if they are in chunks, are put together in memory.
///
/// Integers and floating-point numbers of both byte orders, truth values and texts are read, in one piece
/// or in chunks, plain or with the filters deflate (`gzip`), shuffle and fletcher32. Links that lead to a
/// path or to another file are not followed. A group that has several paths appears under the first of them.
public struct HDF5File: ArrayArchive {
  /// The paths of the arrays, group by group in the order of their names.
  public let names: [String]
  /// The paths of the groups, without the root, in the same order.
  public let groupNames: [String]
  private let objects: [ExactName: HDF5Object]
  private let source: HDF5Source

  /// Reads the tree of groups of a file.
  ///
  /// - Throws: `FileError` if the file cannot be read, is no HDF5 file, or is damaged.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(FileBytes(mapping: path), path: path)
  }

  /// Reads the tree of a file whose first byte is at `start` in a block.
  init(_ file: FileBytes, from start: Int = 0, path: String) throws(FileError) {
    var source = HDF5Source(file: file, path: path, base: start)
    let root = try source.readSuperblock()
    var reader = HDF5Reader(source)
    var (names, groupNames): ([String], [String]) = ([], [])
    var objects: [ExactName: HDF5Object] = [:]
    // Arrays may have several names, groups are entered once.
    var known: [Int: HDF5Object] = [:]
    var pending = [(path: "", place: root, depth: 0)]
    while let (path, place, depth) = pending.popLast() {
      guard objects[ExactName(path)] == nil else { continue }
      if let object = known[place] {
        if object.isArray {
          names.append(path)
          objects[ExactName(path)] = object
        }
        continue
      }
      let object = try reader.object(at: place)
      known[place] = object
      guard object.isGroup || object.isArray else { continue }
      objects[ExactName(path)] = object
      if object.isArray { names.append(path) }
      guard object.isGroup else { continue }
      if depth > 0 { groupNames.append(path) }
      guard depth < 200 else {
        throw source.fault(place, "expected groups in at most 200 groups")
      }
      for link in try reader.links(of: object).reversed() {
        let inner = depth == 0 ? link.name : "\(path)/\(link.name)"
        // Long names in many groups would make much of a small file.
        try reader.spend(inner.utf8.count, at: place)
        pending.append((inner, link.place, depth + 1))
      }
    }
    (self.names, self.groupNames, self.objects) = (names, groupNames, objects)
    self.source = source
  }

  /// The array of a path, put together in memory if it is in chunks.
  ///
  /// - Throws: `FileError` if there is none, if it is damaged, or if tensors cannot have such elements.
  public func array(named name: String) throws(FileError) -> StoredArray {
    let path = "\(source.path)/\(name)"
    var reader = HDF5Reader(source)
    let (type, sizes, block, offset) = try reader.elements(of: array(at: name), path: path)
    return try StoredArray(type, sizes: sizes, source: block, at: offset, path: path)
  }

  /// The texts of an array of texts, in row-major order.
  ///
  /// - Parameter name: The path of the array.
  /// - Returns: The texts, without what fills them up.
  /// - Throws: `FileError` if there is none, if it is damaged, or if it holds something else.
  public func strings(named name: String) throws(FileError) -> [String] {
    let path = "\(source.path)/\(name)"
    var reader = HDF5Reader(source)
    let (type, sizes, block, offset) = try reader.elements(of: array(at: name), path: path)
    switch type.content {
    case .text, .heapText:
      let count = sizes.reduce(1, *)
      return try reader.texts(
        type, count: count, in: block, at: offset, limit: count * type.size)
    default:
      throw FileError(
        path: path, message: "hdf5: expected texts, got numbers; read them with array(named:)")
    }
  }

  /// The names of the attributes of a group or an array.
  ///
  /// - Parameter path: Its path; the root's is `/`.
  /// - Returns: The names, in the order of the file.
  /// - Throws: `FileError` if there is no such path, or if an attribute is damaged.
  public func attributeNames(of path: String = "/") throws(FileError) -> [String] {
    var reader = HDF5Reader(source)
    return try reader.attributes(of: object(at: path)).map(\.name)
  }

  /// An attribute of a group or an array; nil if there is none of that name.
  ///
  /// - Parameters:
  ///   - name: The name of the attribute.
  ///   - path: The path of the group or array; the root's is `/`.
  /// - Returns: Its value: texts or numbers.
  /// - Throws: `FileError` if there is no such path, or if the attribute is damaged or holds neither texts
  ///   nor numbers.
  public func attribute(
    _ name: String, of path: String = "/"
  ) throws(FileError) -> HDF5Attribute? {
    var reader = HDF5Reader(source)
    let attributes = try reader.attributes(of: object(at: path))
    guard let position = attributes.map(\.name).position(ofName: name) else { return nil }
    return try reader.value(of: attributes[position])
  }

  private func object(at path: String) throws(FileError) -> HDF5Object {
    let trimmed = path.split(separator: "/").joined(separator: "/")
    guard let object = objects[ExactName(trimmed)] else {
      throw unknownArray(path, path: source.path, known: groupNames + names)
    }
    return object
  }

  private func array(at path: String) throws(FileError) -> HDF5Object {
    let trimmed = path.split(separator: "/").joined(separator: "/")
    guard let position = names.position(ofName: trimmed),
      let object = objects[ExactName(names[position])]
    else { throw unknownArray(path, path: source.path, known: names) }
    return object
  }
}

private let signature: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]

extension HDF5Source {
  /// Finds the superblock, which may stand behind a block of other data, and tells where the root is.
  fileprivate mutating func readSuperblock() throws(FileError) -> Int {
    let (file, path, start) = (file, path, base)
    let place = file.withUnsafeBufferPointer { bytes in
      (0..<24).lazy.map { start + ($0 == 0 ? 0 : 256 << $0) }.first {
        $0 < bytes.count && bytes[$0...].starts(with: signature)
      }
    }
    guard let place else {
      let hint = file.withUnsafeBufferPointer { kindHint($0) }
      throw FileError(
        path: path, location: .byte(0),
        message: "hdf5: expected an HDF5 file (89 48 44 46), got "
          + file.withUnsafeBufferPointer { hexadecimal($0.prefix(4)) } + hint)
    }
    var cursor = try cursor(at: place)
    try cursor.take(signature.count)
    let version = try cursor.version(0...3, of: "a superblock")
    if version < 2 { try cursor.take(4) }
    let sizes = (try cursor.number(1), try cursor.number(1))
    for size in [sizes.0, sizes.1] {
      guard [2, 4, 8].contains(size) else {
        throw cursor.fault("expected places and sizes of 2, 4 or 8 bytes, got \(size)")
      }
    }
    (offsetSize, lengthSize) = sizes
    try cursor.take(version < 2 ? 9 : 1)
    if version == 1 { try cursor.take(4) }
    cursor = try self.cursor(at: cursor.position)
    base = try cursor.requiredAddress()
    cursor = try self.cursor(at: cursor.position)
    _ = try cursor.address()
    let end = cursor.position
    // This one counts from the beginning of the file.
    guard try cursor.bits(offsetSize) <= file.count - start else {
      throw fault(end, "expected a file that ends where it says; it is cut off")
    }
    let root: Int
    if version < 2 {
      try cursor.take(2 * offsetSize)
      root = try cursor.requiredAddress()
    } else {
      root = try cursor.requiredAddress()
      try cursor.checksum(from: place)
    }
    return root
  }
}
