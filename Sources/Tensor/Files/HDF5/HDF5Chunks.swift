// Finds the chunks of an array. There are six kinds of index: the old tree, a single chunk, all
// chunks in a row, a fixed-length list, a list that grows, and the new tree. Next: HDF5File.swift,
// the public interface.

/// A chunk of an array.
struct HDF5Chunk {
  /// The offset of the chunk in the file.
  let place: Int
  /// The number of bytes stored there; nil if no filter was applied.
  var size: Int?
  /// A bit mask of the filters that were skipped for this chunk.
  var mask = 0
  /// The index of the chunk along each axis.
  let position: [Int]
}

/// How an array is divided into chunks.
struct HDF5Chunking {
  enum Index {
    case oldTree
    case single(size: Int?, mask: Int)
    case implicit
    case fixedArray
    case extensibleArray
    case newTree
  }

  /// The number of elements of a chunk along each axis.
  let sizes: [Int]
  let index: Index
  /// The offset of the index or, without an index, of the chunks; nil if nothing has been written
  /// yet.
  let place: Int?
  /// Whether no filter was applied to chunks that extend beyond the edge of the array.
  let leavesPartialChunks: Bool

  /// Reads the form used with the old tree; here `rank` counts the bytes of an element as an axis.
  init(
    _ cursor: inout HDF5Cursor, rank: Int, sizeOfSize: Int, index: Index, place: Int?
  ) throws(FileError) {
    sizes = try Self.sizes(&cursor, rank: rank, sizeOfSize: sizeOfSize)
    (self.index, self.place, leavesPartialChunks) = (index, place, false)
  }

  /// Reads the form used with the other kinds of index.
  init(_ cursor: inout HDF5Cursor) throws(FileError) {
    let (flags, rank) = (try cursor.number(1), try cursor.number(1))
    let sizeOfSize = try cursor.number(1)
    guard (1...8).contains(sizeOfSize) else {
      throw cursor.fault("expected sizes of up to 8 bytes, got \(sizeOfSize)")
    }
    sizes = try Self.sizes(&cursor, rank: rank, sizeOfSize: sizeOfSize)
    leavesPartialChunks = flags & 1 != 0
    switch try cursor.number(1) {
    case 1 where flags & 2 != 0:
      index = .single(size: try cursor.length(), mask: try cursor.number(4))
    case 1: index = .single(size: nil, mask: 0)
    case 2: index = .implicit
    case 3:
      try cursor.take(1)
      index = .fixedArray
    case 4:
      try cursor.take(5)
      index = .extensibleArray
    case 5:
      try cursor.take(6)
      index = .newTree
    case let kind: throw cursor.fault("expected an index of chunks from 1 to 5, got \(kind)")
    }
    place = try cursor.address()
  }

  private static func sizes(
    _ cursor: inout HDF5Cursor, rank: Int, sizeOfSize: Int
  ) throws(FileError) -> [Int] {
    guard rank > 0 else { throw cursor.fault("expected chunks that have axes") }
    var sizes: [Int] = []
    for _ in 0..<rank {
      let size = try cursor.number(sizeOfSize)
      guard size > 0 else { throw cursor.fault("expected chunks that have elements") }
      sizes.append(size)
    }
    return Array(sizes.dropLast())
  }

  /// The number of bytes of a whole chunk.
  func byteCount(_ elementSize: Int, source: HDF5Source) throws(FileError) -> Int {
    var count = elementSize
    for size in sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, product < 1 << 48 else {
        throw source.fault(place ?? 0, "expected chunks that fit in memory, got \(sizes)")
      }
      count = product
    }
    return count
  }
}

extension HDF5Reader {
  /// Returns the chunks that have been written.
  mutating func chunks(
    of chunking: HDF5Chunking, space: HDF5Space, elementSize: Int, isFiltered: Bool
  ) throws(FileError) -> [HDF5Chunk] {
    guard let place = chunking.place else { return [] }
    let rank = space.sizes.count
    guard chunking.sizes.count == rank else {
      throw source.fault(
        place, "expected chunks of \(rank) axes, got \(chunking.sizes.count)")
    }
    switch chunking.index {
    case .oldTree:
      return try oldTree(at: place, type: 1, keySize: 16 + 8 * rank).map {
        child throws(FileError) in
        var key = try source.cursor(at: child.key, count: 16 + 8 * rank)
        let (size, mask) = (try key.number(4), try key.number(4))
        var position: [Int] = []
        for size in chunking.sizes { position.append(try key.number(8) / size) }
        return HDF5Chunk(
          place: child.place, size: isFiltered ? size : nil, mask: mask, position: position)
      }
    case .single(let size, let mask):
      let position = [Int](repeating: 0, count: rank)
      return [HDF5Chunk(place: place, size: size, mask: mask, position: position)]
    case .implicit:
      let size = try chunking.byteCount(elementSize, source: source)
      let grid = HDF5ChunkGrid(chunking, space)
      guard let count = grid.count, count <= (source.file.count - place) / size else {
        throw source.fault(place, "expected all chunks of \(size) bytes within the file")
      }
      return (0..<count).map { HDF5Chunk(place: place + $0 * size, position: grid.position($0)) }
    case .fixedArray, .extensibleArray:
      let grid = HDF5ChunkGrid(chunking, space)
      let isFixed = if case .fixedArray = chunking.index { true } else { false }
      let entries = isFixed ? try fixedArray(at: place) : try extensibleArray(at: place)
      var chunks: [HDF5Chunk] = []
      for (number, entry) in entries {
        if let chunk = try chunk(entry, isFiltered, grid.position(number)) { chunks.append(chunk) }
      }
      return chunks
    case .newTree:
      var chunks: [HDF5Chunk] = []
      for record in try newTree(at: place, types: [10, 11]).records {
        let size = record.count - 8 * rank
        guard size > 0 else {
          throw source.fault(
            record.lowerBound, "expected records of chunks, got \(record.count) bytes")
        }
        let entry = record.lowerBound..<record.lowerBound + size
        var cursor = try source.cursor(at: entry.upperBound, count: 8 * rank)
        var position: [Int] = []
        for _ in 0..<rank { position.append(try cursor.number(8)) }
        if let chunk = try chunk(entry, isFiltered, position) { chunks.append(chunk) }
      }
      return chunks
    }
  }

  /// Reads an index entry: the chunk's address and, if the chunk is filtered, its size and filter
  /// mask.
  private func chunk(
    _ entry: Range<Int>, _ isFiltered: Bool, _ position: [Int]
  ) throws(FileError) -> HDF5Chunk? {
    var cursor = try source.cursor(at: entry.lowerBound, count: entry.count)
    guard let place = try cursor.address() else { return nil }
    guard isFiltered else { return HDF5Chunk(place: place, position: position) }
    let size = cursor.remaining - 4
    guard (1...8).contains(size) else {
      throw cursor.fault("expected an entry with the size of a chunk, got \(entry.count) bytes")
    }
    return HDF5Chunk(
      place: place, size: try cursor.number(size), mask: try cursor.number(4), position: position)
  }

  /// The written entries of a fixed-length list, with their indices.
  private mutating func fixedArray(
    at place: Int
  ) throws(FileError) -> [(index: Int, entry: Range<Int>)] {
    var head = try enter(place, size: 12 + source.lengthSize + source.offsetSize)
    try head.expect("FAHD")
    try head.version(0...0, of: "a list of chunks")
    try head.take(1)
    let (entrySize, pageBits) = (try head.number(1), try head.number(1))
    let count = try head.length()
    let data = try head.address()
    try head.checksum(from: place)
    guard let data, entrySize > 0 else { return [] }
    guard pageBits < 32, count <= source.file.count / entrySize else {
      throw source.fault(place, "expected a list that fits into the file, got \(count) chunks")
    }
    return try entries(
      HDF5Block(
        place: data, signature: "FADB", head: 6 + source.offsetSize, first: 0, count: count,
        entrySize: entrySize, pageSize: 1 << pageBits, holdsPageBits: true))
  }

  /// The written entries of a list that grows along one axis.
  private mutating func extensibleArray(
    at place: Int
  ) throws(FileError) -> [(index: Int, entry: Range<Int>)] {
    var head = try enter(place, size: 16 + 6 * source.lengthSize + source.offsetSize)
    try head.expect("EAHD")
    try head.version(0...0, of: "a list of chunks")
    try head.take(1)
    let (entrySize, countBits) = (try head.number(1), try head.number(1))
    let (inIndex, smallest) = (try head.number(1), try head.number(1))
    let (leastPointers, pageBits) = (try head.number(1), try head.number(1))
    try head.take(6 * source.lengthSize)
    let index = try head.address()
    try head.checksum(from: place)
    guard let index else { return [] }
    guard entrySize > 0, countBits <= 64, pageBits < 32, smallest > 0, leastPointers > 1,
      smallest & (smallest - 1) == 0, leastPointers & (leastPointers - 1) == 0,
      countBits >= smallest.trailingZeroBitCount
    else { throw source.fault(place, "expected a list whose sizes are powers of two") }

    // Level n of the blocks has 2^(n/2) blocks of smallest · 2^((n+1)/2) entries.
    let levelCount = 1 + countBits - smallest.trailingZeroBitCount
    let direct = min(2 * leastPointers.trailingZeroBitCount, levelCount)
    let directBlocks = 2 * (leastPointers - 1)
    let blockHead = 6 + source.offsetSize
    let size =
      blockHead + inIndex * entrySize + (directBlocks + levelCount - direct) * source.offsetSize + 4
    var cursor = try enter(index, size: size)
    try cursor.expect("EAIB")
    try cursor.take(blockHead - 4)
    var results: [(index: Int, entry: Range<Int>)] = []
    for number in 0..<inIndex { results.append((number, try cursor.take(entrySize))) }
    var blocks: [Int?] = []
    for _ in 0..<directBlocks + levelCount - direct { blocks.append(try cursor.address()) }
    try cursor.checksum(from: index)

    let offsetSize = (countBits + 7) / 8
    var first = inIndex
    var next = 0
    for level in 0..<levelCount where level < 60 {
      let (count, size) = (1 << (level / 2), smallest << ((level + 1) / 2))
      let pageSize = 1 << pageBits
      let pages = size > pageSize ? size / pageSize : 0
      var block = HDF5Block(
        place: 0, signature: "EADB", head: blockHead + offsetSize, first: first, count: size,
        entrySize: entrySize, pageSize: pageSize, holdsPageBits: false)
      if level < direct {
        for number in 0..<count where next < directBlocks {
          defer { next += 1 }
          guard let place = blocks[next] else { continue }
          (block.place, block.first) = (place, first + number * size)
          results += try entries(block)
        }
      } else if let place = blocks[directBlocks + level - direct] {
        let bitmapSize = (pages + 7) / 8
        let total = blockHead + offsetSize + count * (bitmapSize + source.offsetSize) + 4
        var cursor = try enter(place, size: total)
        try cursor.expect("EASB")
        try cursor.take(blockHead - 4 + offsetSize)
        let bitmap = try cursor.take(count * bitmapSize)
        for number in 0..<count {
          guard let place = try cursor.address() else { continue }
          (block.place, block.first) = (place, first + number * size)
          block.pageBits = bitmap
          block.firstPageBit = number * pages
          results += try entries(block)
        }
        try cursor.checksum(from: place)
      }
      let (end, overflows) = first.addingReportingOverflow(count * size)
      if overflows || end > Int.max / 4 { break }
      first = end
    }
    return results
  }

  /// The entries of a block, which is divided into pages if it is large; unwritten pages are left
  /// out.
  private mutating func entries(
    _ block: HDF5Block
  ) throws(FileError) -> [(index: Int, entry: Range<Int>)] {
    let pages = block.count > block.pageSize ? (block.count - 1) / block.pageSize + 1 : 0
    let bitmapSize = block.holdsPageBits ? (pages + 7) / 8 : 0
    let (bytes, overflows) = block.count.multipliedReportingOverflow(by: block.entrySize)
    guard !overflows, bytes <= source.file.count else {
      throw source.fault(
        block.place, "expected a list that fits into the file, got \(block.count) chunks")
    }
    var cursor = try enter(
      block.place, size: block.head + bitmapSize + bytes + 4 * max(pages + 1, 1))
    try cursor.expect(block.signature)
    try cursor.take(block.head - 4)
    let bitmap = block.holdsPageBits ? try cursor.take(bitmapSize) : block.pageBits
    var results: [(index: Int, entry: Range<Int>)] = []
    if pages == 0 {
      for number in 0..<block.count {
        results.append((block.first + number, try cursor.take(block.entrySize)))
      }
      try cursor.checksum(from: block.place)
      return results
    }
    try cursor.checksum(from: block.place)
    for page in 0..<pages {
      let start = cursor.position
      let first = page * block.pageSize
      let entries = first..<min(first + block.pageSize, block.count)
      let bit = block.firstPageBit + page
      let isWritten =
        try source.cursor(at: bitmap.lowerBound + bit / 8, count: 1).firstByte >> (7 - bit % 8) & 1
        == 1
      guard isWritten else {
        try cursor.take(entries.count * block.entrySize + 4)
        continue
      }
      for number in entries {
        results.append((block.first + number, try cursor.take(block.entrySize)))
      }
      try cursor.checksum(from: start)
    }
    return results
  }
}

extension HDF5Cursor {
  /// The next byte to read.
  fileprivate var firstByte: Int {
    get throws(FileError) {
      var copy = self
      return try copy.number(1)
    }
  }
}

/// A block of entries in a list of chunks.
private struct HDF5Block {
  var place: Int
  let signature: String
  /// The number of bytes before the entries or the page bits.
  let head: Int
  /// The index of the first entry.
  var first: Int
  let count: Int
  let entrySize: Int
  /// The number of entries above which a block is divided into pages, each with a checksum.
  let pageSize: Int
  /// Whether this block holds the bits that tell which pages have been written.
  let holdsPageBits: Bool
  /// Otherwise, where those bits lie and the index of the first one.
  var pageBits = 0..<0
  var firstPageBit = 0
}

/// The grid of an array's chunks at its largest size, which lists number row by row.
private struct HDF5ChunkGrid {
  /// The axes in counting order: an axis that may grow without limit comes first.
  private let order: [Int]
  private let counts: [Int?]

  init(_ chunking: HDF5Chunking, _ space: HDF5Space) {
    let axes = Array(space.sizes.indices)
    let open = axes.filter { space.limits[$0] == nil }
    order = open + axes.filter { !open.contains($0) }
    counts = axes.map { axis in
      space.limits[axis].map { $0 / chunking.sizes[axis] + ($0 % chunking.sizes[axis] > 0 ? 1 : 0) }
    }
  }

  /// The number of chunks; nil if it is unknown.
  var count: Int? {
    counts.reduce(1) { product, count in
      guard let product, let count else { return nil }
      let (next, overflows) = product.multipliedReportingOverflow(by: count)
      return overflows ? nil : next
    }
  }

  /// The indices along all axes of the chunk with a given number.
  func position(_ number: Int) -> [Int] {
    var (rest, position) = (number, counts.map { _ in 0 })
    for axis in order.reversed() {
      guard let count = counts[axis] else {
        position[axis] = rest
        break
      }
      guard count > 0 else { continue }
      (rest, position[axis]) = rest.quotientAndRemainder(dividingBy: count)
    }
    return position
  }
}
