// Where the elements of an array lie in HDF5: in its header, in one piece, or in chunks that may be
// filtered. Next: HDF5Chunks.swift finds the chunks.

/// Where the elements of an array lie.
enum HDF5Layout {
  case compact(Range<Int>)
  /// In one piece; nil if nothing has been written yet.
  case contiguous(Range<Int>?)
  case chunked(HDF5Chunking)

  init(_ message: HDF5Cursor) throws(FileError) {
    var cursor = message
    let version = try cursor.version(1...4, of: "a layout")
    if version < 3 {
      self = try Self.old(&cursor)
      return
    }
    switch try cursor.number(1) {
    case 0: self = .compact(try cursor.take(try cursor.number(2)))
    case 1: self = .contiguous(try Self.piece(cursor.address(), cursor.length(), cursor.source))
    case 2 where version == 3:
      let rank = try cursor.number(1)
      let tree = try cursor.address()
      self = .chunked(
        try HDF5Chunking(&cursor, rank: rank, sizeOfSize: 4, index: .oldTree, place: tree))
    case 2: self = .chunked(try HDF5Chunking(&cursor))
    case 3: throw cursor.fault("arrays whose elements are in other arrays are not read")
    case let kind: throw cursor.fault("expected a layout of class 0, 1 or 2, got \(kind)")
    }
  }

  private static func old(_ cursor: inout HDF5Cursor) throws(FileError) -> HDF5Layout {
    let (rank, kind) = (try cursor.number(1), try cursor.number(1))
    try cursor.take(5)
    let place = kind == 0 ? nil : try cursor.address()
    switch kind {
    case 0:
      try cursor.take(4 * rank)
      return .compact(try cursor.take(try cursor.number(4)))
    // The number of bytes follows from the shape.
    case 1: return .contiguous(place.map { $0..<cursor.source.file.count })
    default:
      return .chunked(
        try HDF5Chunking(&cursor, rank: rank, sizeOfSize: 4, index: .oldTree, place: place))
    }
  }

  private static func piece(
    _ place: Int?, _ size: Int, _ source: HDF5Source
  ) throws(FileError) -> Range<Int>? {
    guard let place else { return nil }
    return try source.cursor(at: place, count: size).range
  }
}

/// A filter that was applied to chunks when they were written.
struct HDF5Filter {
  let id: Int
  let name: String
  let values: [Int]

  /// Reads the filters of an array, in the order in which they were applied.
  static func all(_ message: HDF5Cursor?) throws(FileError) -> [HDF5Filter] {
    guard var cursor = message else { return [] }
    let version = try cursor.version(1...2, of: "the filters")
    let count = try cursor.number(1)
    if version == 1 { try cursor.take(6) }
    var filters: [HDF5Filter] = []
    for _ in 0..<count {
      let id = try cursor.number(2)
      let nameSize = version == 1 || id >= 256 ? try cursor.number(2) : 0
      try cursor.take(2)
      let valueCount = try cursor.number(2)
      let name = try cursor.take(version == 1 ? (nameSize + 7) / 8 * 8 : nameSize)
      var values: [Int] = []
      for _ in 0..<valueCount { values.append(try cursor.number(4)) }
      if version == 1 && valueCount % 2 == 1 { try cursor.take(4) }
      filters.append(
        HDF5Filter(id: id, name: cursor.source.text(name, padding: .zero), values: values))
    }
    for filter in filters where !(1...3).contains(filter.id) {
      let known = [4: "szip", 5: "nbit", 6: "scaleoffset", 32000: "lzf"]
      let name = known[filter.id] ?? (filter.name.isEmpty ? "\(filter.id)" : filter.name)
      throw cursor.fault(
        "expected the filters deflate, shuffle and fletcher32, got \(excerpt(name)); "
          + "in Python, store the array with compression=\"gzip\"")
    }
    return filters
  }

  var isDeflate: Bool { id == 1 }
  var isChecksum: Bool { id == 3 }

  /// Undoes the filter and returns its input, which may have at most `limit` bytes.
  func undo(_ bytes: [UInt8], limit: Int, path: String, at offset: Int) throws(FileError) -> [UInt8]
  {
    func fault(_ message: String) -> FileError {
      FileError(path: path, location: .byte(offset), message: "hdf5: " + message)
    }
    switch id {
    case 1:
      do throws(FileError) {
        return try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
          try zlibDecompressed(bytes, limit: limit, path: path).array
        }
      } catch {
        throw fault("in this chunk: \(error.message)")
      }
    case 2: return unshuffled(bytes, size: values.first ?? 1)
    default:
      guard bytes.count >= 4 else { throw fault("expected a chunk with a checksum") }
      let sum = fletcher32(bytes.dropLast(4))
      let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      guard sum == stored else {
        throw fault(
          "expected a chunk with the Fletcher-32 \(String(sum, radix: 16)), got "
            + String(stored, radix: 16))
      }
      return Array(bytes.dropLast(4))
    }
  }
}

/// Regroups shuffled bytes by element; they hold all first bytes, then all second bytes, and so on.
private func unshuffled(_ bytes: [UInt8], size: Int) -> [UInt8] {
  guard size > 1 else { return bytes }
  let count = bytes.count / size
  var result = bytes
  for part in 0..<size {
    for element in 0..<count { result[element * size + part] = bytes[part * count + element] }
  }
  return result
}

/// Fletcher's 32-bit checksum over big-endian pairs of bytes.
private func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var (sum, sumOfSums) = (UInt64(0), UInt64(0))
  var position = bytes.startIndex
  // The sums are modulo 65535; 65535 stands for 0 unless all bytes are 0.
  func folded(_ x: UInt64) -> UInt64 { x == 0 ? 0 : (x - 1) % 65535 + 1 }
  while position < bytes.endIndex {
    let next = position + 1 < bytes.endIndex ? UInt64(bytes[position + 1]) : 0
    sum = folded(sum + UInt64(bytes[position]) << 8 + next)
    sumOfSums = folded(sumOfSums + sum)
    position += 2
  }
  return UInt32(sumOfSums << 16 | sum)
}

// MARK: - Elements

extension StoredArray {
  /// Creates the array from elements in one piece.
  ///
  /// - Throws: `FileError` if tensors do not support the element type or the shape.
  init(
    _ type: HDF5Type, sizes: [Int], source: HDF5Source, at offset: Int, path: String
  ) throws(FileError) {
    var (sizes, content) = (sizes, type.content)
    while case .elements(let inner, let base) = content { (sizes, content) = (sizes + inner, base) }
    guard case .number(let elementType, let isBigEndian) = content else {
      var words = "texts, which strings(named:) reads"
      if case .other(let name) = content { words = name }
      throw FileError(
        path: path, location: .byte(offset), message: "hdf5: expected numbers, got \(words)")
    }
    shape = try checkedShape(sizes, of: elementType, path: path, location: offset).shape
    (self.elementType, self.isBigEndian, self.path) = (elementType, isBigEndian, path)
    (isFortranOrder, file, self.offset) = (false, source.file, offset)
  }
}

extension HDF5Reader {
  /// Returns the elements of an array in one piece: their type, shape and location.
  mutating func elements(
    of object: HDF5Object, path: String
  ) throws(FileError) -> (type: HDF5Type, sizes: [Int], source: HDF5Source, offset: Int) {
    guard var typeMessage = try message(HDF5MessageKind.datatype, of: object),
      var spaceMessage = try message(HDF5MessageKind.dataspace, of: object),
      let layoutMessage = try message(HDF5MessageKind.layout, of: object)
    else { throw FileError(path: path, message: "hdf5: expected an array with a type and a shape") }
    let start = spaceMessage.position
    let (type, space) = (try HDF5Type(&typeMessage), try HDF5Space(&spaceMessage))
    if case .other(let name) = type.content {
      throw FileError(
        path: path, location: .byte(start), message: "hdf5: expected numbers or texts, got \(name)")
    }
    guard !object.has(HDF5MessageKind.externalFiles) else {
      throw source.fault(start, "arrays whose elements are in other files are not read")
    }
    var size = type.size
    for axis in space.sizes {
      let (product, overflows) = size.multipliedReportingOverflow(by: max(axis, 1))
      guard !overflows else {
        throw source.fault(start, "expected a shape that fits in memory, got \(space.sizes)")
      }
      size = product
    }
    if space.sizes.contains(0) { size = 0 }

    let layout = try HDF5Layout(layoutMessage)
    switch layout {
    case .compact(let range), .contiguous(.some(let range)):
      guard range.count >= size else {
        throw source.fault(
          range.lowerBound, "expected \(size) bytes of elements, got \(range.count)")
      }
      return (type, space.sizes, source, range.lowerBound)
    case .contiguous(nil), .chunked: break
    }

    // Elements in no chunk get the fill value. This limit keeps a small file from expanding too
    // far.
    let filters = try HDF5Filter.all(message(HDF5MessageKind.filters, of: object))
    let expansion = filters.contains(where: \.isDeflate) ? 1032 : 1
    guard size <= 1 << 26 || size / expansion <= source.file.count else {
      throw source.fault(
        start,
        "expected elements that a file of \(source.file.count) bytes can hold, got \(size) bytes")
    }
    var block = source
    block.file = try filled(size, with: fillValue(of: object, size: type.size), path: path)
    if case .chunked(let chunking) = layout, size > 0 {
      try copyChunks(
        chunks(of: chunking, space: space, elementSize: type.size, isFiltered: !filters.isEmpty),
        chunking, filters, sizes: space.sizes, elementSize: type.size, to: block.file, path: path)
    }
    return (type, space.sizes, block, 0)
  }

  /// The fill value, the bytes of an element where nothing was written; nil for zeros.
  private mutating func fillValue(
    of object: HDF5Object, size: Int
  ) throws(FileError) -> [UInt8]? {
    var value: Range<Int>?
    if var cursor = try message(HDF5MessageKind.fillValue, of: object) {
      let version = try cursor.version(1...3, of: "a fill value")
      let isDefined: Bool
      if version == 3 {
        isDefined = try cursor.number(1) & 0x20 != 0
      } else {
        try cursor.take(2)
        isDefined = try cursor.number(1) != 0 || version == 1
      }
      if isDefined { value = try cursor.take(try cursor.number(4)) }
    } else if var cursor = try message(HDF5MessageKind.oldFillValue, of: object) {
      value = try cursor.take(try cursor.number(4))
    }
    guard let value, value.count == size else { return nil }
    return source.bytes(value)
  }

  private func filled(
    _ size: Int, with value: [UInt8]?, path: String
  ) throws(FileError) -> FileBytes {
    let block = FileBytes()
    try block.reallocate(size, path: path)
    block.count = size
    guard let memory = block.memory, size > 0 else { return block }
    memory.initialize(repeating: 0, count: size)
    if let value, value.contains(where: { $0 != 0 }) {
      for position in 0..<size { memory[position] = value[position % value.count] }
    }
    return block
  }

  /// Copies the part of each chunk that lies inside the array.
  private mutating func copyChunks(
    _ chunks: [HDF5Chunk], _ chunking: HDF5Chunking, _ filters: [HDF5Filter], sizes: [Int],
    elementSize: Int, to block: FileBytes, path: String
  ) throws(FileError) {
    guard let target = block.memory else { return }
    let chunkSize = try chunking.byteCount(elementSize, source: source)
    var stored = 0
    for chunk in chunks {
      let origin = zip(chunk.position, chunking.sizes).map {
        $0.multipliedReportingOverflow(by: $1)
      }
      // An array that was made smaller may still have chunks outside its bounds.
      guard zip(origin, sizes).allSatisfy({ !$0.overflow && $0.partialValue < $1 }) else {
        continue
      }
      let first = origin.map(\.partialValue)
      let extent = zip(zip(first, chunking.sizes), sizes).map { min($0.1, $1 - $0.0) }
      let size = chunk.size ?? chunkSize
      let range = try source.cursor(at: chunk.place, count: size).range
      // Without this limit, chunks that share their bytes could make a small file expand in memory.
      stored += size
      guard stored <= source.file.count else {
        throw source.fault(chunk.place, "expected chunks that do not overlap")
      }
      let isPartial = extent != chunking.sizes
      let isRaw = filters.isEmpty || (isPartial && chunking.leavesPartialChunks)
      if isRaw {
        guard size >= chunkSize else {
          throw source.fault(chunk.place, "expected a chunk of \(chunkSize) bytes, got \(size)")
        }
        source.file.withUnsafeBufferPointer { bytes in
          copy(
            bytes.baseAddress! + range.lowerBound, chunking.sizes, extent, to: target, first, sizes,
            elementSize)
        }
        continue
      }
      var bytes = source.bytes(range)
      for (index, filter) in filters.enumerated().reversed() where chunk.mask >> index & 1 == 0 {
        bytes = try filter.undo(
          bytes, limit: chunkSize + 4 * filters.count(where: \.isChecksum), path: path,
          at: chunk.place)
      }
      guard bytes.count == chunkSize else {
        throw source.fault(
          chunk.place, "expected a chunk of \(chunkSize) bytes, got \(bytes.count)")
      }
      bytes.withUnsafeBufferPointer { bytes in
        copy(
          bytes.baseAddress!, chunking.sizes, extent, to: target, first, sizes, elementSize)
      }
    }
  }
}

/// Copies the first `extent` elements of each axis of a chunk to index `first` of an array.
private func copy(
  _ chunk: UnsafePointer<UInt8>, _ chunkSizes: [Int], _ extent: [Int],
  to target: UnsafeMutablePointer<UInt8>, _ first: [Int], _ sizes: [Int], _ elementSize: Int
) {
  let rank = sizes.count
  let run = (extent.last ?? 1) * elementSize
  var index = [Int](repeating: 0, count: rank)
  while true {
    var (from, to) = (0, 0)
    for axis in 0..<rank {
      from = from * chunkSizes[axis] + index[axis]
      to = to * sizes[axis] + first[axis] + index[axis]
    }
    (target + to * elementSize).update(from: chunk + from * elementSize, count: run)
    var axis = rank - 2
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < extent[axis] { break }
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
