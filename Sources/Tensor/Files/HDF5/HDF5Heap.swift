// The fractal heap of HDF5, which holds the links of large groups and the attributes of objects
// that have many. Its objects lie in one sequence of bytes, divided into blocks by a table: the
// first two rows of the table have blocks of the same size, and each later row has blocks twice as
// large as the row before. Next: HDF5Links.swift reads the links.

/// The header of a heap.
struct HDF5Heap {
  fileprivate let source: HDF5Source
  /// The number of bytes in an object's ID.
  let idSize: Int
  fileprivate let largestObject: Int
  fileprivate let tableWidth: Int
  fileprivate let startSize: Int
  fileprivate let largestBlock: Int
  fileprivate let addressBits: Int
  fileprivate let root: Int?
  /// The number of rows in the root's table; 0 if the root is itself a block.
  fileprivate let rootRows: Int
  fileprivate let hugeObjects: Int?

  fileprivate var offsetByteCount: Int { (addressBits + 7) / 8 }

  /// Finds an object of up to 64 kB by its offset in the sequence of bytes.
  fileprivate func managedObject(
    _ offset: Int, _ length: Int, at idPosition: Int
  ) throws(FileError) -> Range<Int> {
    guard let root else { throw source.fault(idPosition, "expected a heap with blocks") }
    var (place, start, rows) = (root, 0, rootRows)
    // Each table covers less than the one before, so this ends.
    while rows > 0 {
      guard let (entry, blockStart, blockSize) = block(around: offset - start, rows: rows) else {
        throw source.fault(idPosition, "expected an object within its heap, got one at \(offset)")
      }
      var cursor = try source.cursor(at: place)
      try cursor.expect("FHIB")
      try cursor.take(1 + source.offsetSize + offsetByteCount + entry * source.offsetSize)
      place = try cursor.requiredAddress()
      start += blockStart
      rows = 0
      if blockSize > largestBlock {
        rows = blockSize.trailingZeroBitCount - (startSize * tableWidth).trailingZeroBitCount + 1
      }
    }
    var cursor = try source.cursor(at: place)
    try cursor.expect("FHDB")
    return try source.cursor(at: place + offset - start, count: length).range
  }

  /// The entry of a table that covers an offset, and that block's start and size.
  private func block(around offset: Int, rows: Int) -> (entry: Int, start: Int, size: Int)? {
    var (start, size) = (0, startSize)
    for row in 0..<min(rows, addressBits) {
      if row > 1 { size *= 2 }
      let (width, overflows) = size.multipliedReportingOverflow(by: tableWidth)
      guard !overflows, width <= Int.max / 4 - start else { return nil }
      if offset < start + width {
        let column = (offset - start) / size
        return (row * tableWidth + column, start + column * size, size)
      }
      start += width
    }
    return nil
  }
}

extension HDF5Cursor {
  /// The bytes not read yet.
  var range: Range<Int> { position..<end }
}

extension HDF5Reader {
  /// The header of a heap.
  mutating func heap(at address: Int) throws(FileError) -> HDF5Heap {
    let (offset, length) = (source.offsetSize, source.lengthSize)
    var head = try enter(address, size: 26 + 3 * offset + 12 * length)
    try head.expect("FRHP")
    try head.version(0...0, of: "a heap")
    let idSize = try head.number(2)
    guard try head.number(2) == 0 else { throw head.fault("heaps with filters are not read") }
    try head.take(1)
    let largestObject = try head.number(4)
    try head.take(length)
    let hugeObjects = try head.address()
    try head.take(length + offset + 8 * length)
    let tableWidth = try head.number(2)
    let (startSize, largestBlock) = (try head.length(), try head.length())
    let addressBits = try head.number(2)
    try head.take(2)
    let root = try head.address()
    let rootRows = try head.number(2)
    try head.checksum(from: address)
    for size in [tableWidth, startSize, largestBlock] {
      guard size > 0, size & (size - 1) == 0, size <= 1 << 32 else {
        throw source.fault(address, "expected a heap whose sizes are powers of two, got \(size)")
      }
    }
    guard addressBits <= 64 else {
      throw source.fault(address, "expected a heap of at most 64 bits, got \(addressBits)")
    }
    return HDF5Heap(
      source: source, idSize: idSize, largestObject: largestObject, tableWidth: tableWidth,
      startSize: startSize, largestBlock: largestBlock, addressBits: addressBits, root: root,
      rootRows: rootRows, hugeObjects: hugeObjects)
  }

  /// Finds the object whose ID lies in a range of the file.
  mutating func object(_ id: Range<Int>, in heap: HDF5Heap) throws(FileError) -> HDF5Cursor {
    var cursor = try source.cursor(at: id.lowerBound, count: id.count)
    let flags = try cursor.number(1)
    let object: HDF5Cursor
    switch flags >> 4 & 3 {
    case 0:
      let offset = try cursor.number(heap.offsetByteCount)
      let length = try cursor.number(byteCount(of: min(heap.largestBlock, heap.largestObject)))
      let range = try heap.managedObject(offset, length, at: id.lowerBound)
      object = try source.cursor(at: range.lowerBound, count: range.count)
    case 1: object = try hugeObject(&cursor, in: heap)
    case 2: object = try source.cursor(at: id.lowerBound + 1, count: flags & 0x0F + 1)
    default: throw cursor.fault("expected an object of type 0, 1 or 2, got 3")
    }
    try spend(object.remaining, at: id.lowerBound)
    return object
  }

  /// Finds an object outside the blocks: its ID holds its address, or a key to look up in a tree.
  private mutating func hugeObject(
    _ id: inout HDF5Cursor, in heap: HDF5Heap
  ) throws(FileError) -> HDF5Cursor {
    if id.remaining >= source.offsetSize + source.lengthSize {
      return try source.cursor(at: id.requiredAddress(), count: id.length())
    }
    let number = try id.number(min(id.remaining, source.lengthSize))
    guard let tree = heap.hugeObjects else { throw id.fault("expected a heap with large objects") }
    // Each such object walks the tree again.
    var reader = HDF5Reader(source)
    let records = try reader.newTree(at: tree, types: [1]).records
    try spend(records.reduce(0) { $0 + $1.count }, at: tree)
    for record in records {
      var cursor = try source.cursor(at: record.lowerBound, count: record.count)
      let (place, size) = (try cursor.requiredAddress(), try cursor.length())
      if try cursor.length() == number { return try source.cursor(at: place, count: size) }
    }
    throw id.fault("expected the large object \(number) in its heap, got none of that number")
  }
}
