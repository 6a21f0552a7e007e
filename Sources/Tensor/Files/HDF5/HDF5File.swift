// HDF5, the format of Keras's weights and of much scientific data: a tree of groups in one file,
// with arrays as leaves and attributes on both. The file begins with a superblock, which points to
// the root group; each part points to the next:
//
//     superblock → header of the root group → its links
//       → headers of groups and arrays → elements, in chunks
//
// This reader handles what h5py and Keras write, in the old and new versions of the format. Next,
// one level down: HDF5Cursor.swift. HDF5Writer.swift writes files.

/// An HDF5 file of named arrays in groups, written by h5py, Keras or another program.
///
/// ```swift
/// let file = try HDF5File(contentsOf: "model.weights.h5")
/// file.names                                  // ["layers/dense/vars/0", "layers/dense/vars/1", …]
/// let kernel: Tensor<Float> = try file["layers/dense/vars/0"]
/// ```
/// The name of an array is its path, with `/` between the names of the groups. Opening a file reads
/// the tree of groups. Elements are read when you ask for them; those in chunks are assembled in
/// memory.
///
/// It reads integers and floating-point numbers in both byte orders, booleans and strings,
/// contiguous or in chunks, unfiltered or with the filters deflate (`gzip`), shuffle and
/// fletcher32. Soft links and links to other files are not followed. A group that has several paths
/// appears only under the first one.
public struct HDF5File: ArrayArchive {
  /// The paths of the arrays, group by group, sorted by name.
  public let names: [String]
  /// The paths of the groups except the root, in the same order.
  public let groupNames: [String]
  private let objects: [ExactName: HDF5Object]
  private let source: HDF5Source

  /// Opens a file and reads its tree of groups.
  ///
  /// - Throws: `FileError` if the file cannot be read, is not an HDF5 file, or is damaged.
  public init(contentsOf path: String) throws(FileError) {
    try self.init(FileBytes(mapping: path), path: path)
  }

  /// Reads the tree of a file that begins at `start` in a block of bytes.
  init(_ file: FileBytes, from start: Int = 0, path: String) throws(FileError) {
    var source = HDF5Source(file: file, path: path, base: start)
    let root = try source.readSuperblock()
    var reader = HDF5Reader(source)
    var (names, groupNames): ([String], [String]) = ([], [])
    var objects: [ExactName: HDF5Object] = [:]
    // An array may have several names; a group is entered only once.
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
        // Without this limit, long names in many groups could make a small file expand in memory.
        try reader.spend(inner.utf8.count, at: place)
        pending.append((inner, link.place, depth + 1))
      }
    }
    (self.names, self.groupNames, self.objects) = (names, groupNames, objects)
    self.source = source
  }

  /// Returns the array at a path; one in chunks is assembled in memory.
  ///
  /// - Throws: `FileError` if there is no such array, it is damaged, or tensors do not support its
  ///   element type.
  public func array(named name: String) throws(FileError) -> StoredArray {
    let path = "\(source.path)/\(name)"
    var reader = HDF5Reader(source)
    let (type, sizes, block, offset) = try reader.elements(of: array(at: name), path: path)
    return try StoredArray(type, sizes: sizes, source: block, at: offset, path: path)
  }

  /// Returns the strings of an array of strings, in row-major order.
  ///
  /// - Parameter name: The path of the array.
  /// - Returns: The strings, without their padding.
  /// - Throws: `FileError` if there is no such array, it is damaged, or it does not hold strings.
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

  /// Returns the names of the attributes of a group or an array.
  ///
  /// - Parameter path: The path of the group or array; the root's is `/`.
  /// - Returns: The names, in file order.
  /// - Throws: `FileError` if there is no such path, or an attribute is damaged.
  public func attributeNames(of path: String = "/") throws(FileError) -> [String] {
    var reader = HDF5Reader(source)
    return try reader.attributes(of: object(at: path)).map(\.name)
  }

  /// Returns an attribute of a group or an array; nil if there is none with that name.
  ///
  /// - Parameters:
  ///   - name: The name of the attribute.
  ///   - path: The path of the group or array; the root's is `/`.
  /// - Returns: The value: strings or numbers.
  /// - Throws: `FileError` if there is no such path, or the attribute is damaged or holds neither
  ///   strings nor numbers.
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
  /// Finds the superblock, which may come after a block of other data, and returns the root's
  /// offset.
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
    // This address counts from the beginning of the file.
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
