// The two kinds of B-trees in HDF5. The old kind leads from its root, level by level, to the
// addresses of other parts; the new kind holds records in all its nodes. Next: HDF5Heap.swift, to
// which the records of links and attributes point.

extension HDF5Reader {
  /// The parts that an old tree leads to, each with the offset of the key before it.
  ///
  /// - Parameters:
  ///   - address: the offset of the root.
  ///   - type: 0 for the names of a group, 1 for the chunks of an array.
  ///   - keySize: the number of bytes of a key.
  /// - Returns: the offset of each part, and of the key before it.
  /// - Throws: `FileError` if the tree is damaged.
  mutating func oldTree(
    at address: Int, type: Int, keySize: Int
  ) throws(FileError) -> [(key: Int, place: Int)] {
    var results: [(key: Int, place: Int)] = []
    var nodes: [(place: Int, level: Int?)] = [(address, nil)]
    let head = 8 + 2 * source.offsetSize
    while let (place, expected) = nodes.popLast() {
      var cursor = try enter(place, size: head)
      try cursor.expect("TREE")
      guard try cursor.number(1) == type else {
        throw cursor.fault("expected a tree of type \(type), got another one")
      }
      let level = try cursor.number(1)
      guard expected == nil || level == expected else {
        throw cursor.fault("expected a node of level \(expected!), got \(level)")
      }
      let count = try cursor.number(2)
      let size = count * (keySize + source.offsetSize)
      try spend(size, at: place)
      cursor = try source.cursor(at: place + head, count: size)
      var children: [(key: Int, place: Int)] = []
      for _ in 0..<count {
        let key = try cursor.take(keySize).lowerBound
        children.append((key, try cursor.requiredAddress()))
      }
      if level == 0 {
        results += children
      } else {
        nodes += children.reversed().map { ($0.place, level - 1) }
      }
    }
    return results
  }

  /// The records of a new tree.
  ///
  /// - Parameters:
  ///   - address: the offset of the tree's header.
  ///   - types: the accepted kinds of records.
  /// - Returns: the kind of the records, and the position of each.
  /// - Throws: `FileError` if the tree is damaged.
  mutating func newTree(
    at address: Int, types: Set<Int>
  ) throws(FileError) -> (type: Int, records: [Range<Int>]) {
    let headSize = 4 + 1 + 1 + 4 + 2 + 2 + 2 + source.offsetSize + 2 + source.lengthSize + 4
    var head = try enter(address, size: headSize)
    try head.expect("BTHD")
    try head.version(0...0, of: "a tree")
    let type = try head.number(1)
    guard types.contains(type) else {
      throw head.fault("expected a tree of type \(types.sorted()), got \(type)")
    }
    let (nodeSize, recordSize) = (try head.number(4), try head.number(2))
    let depth = try head.number(2)
    try head.take(2)
    let root = try head.address()
    let rootCount = try head.number(2)
    try head.take(source.lengthSize)
    try head.checksum(from: address)
    guard let root else { return (type, []) }
    guard recordSize > 0, nodeSize >= 10 + recordSize, depth < 32 else {
      throw head.fault("expected nodes that hold a record, got \(nodeSize) bytes and \(recordSize)")
    }
    // The number of bytes that count the records of a node, and those of all nodes below a node of
    // a given depth.
    let most = (nodeSize - 10) / recordSize
    let countSize = byteCount(of: most)
    var (total, totalSizes) = (most, [0])
    for level in 1..<max(depth, 1) {
      let pointer = source.offsetSize + countSize + totalSizes[level - 1]
      let records = max(nodeSize - 10 - pointer, 0) / (recordSize + pointer)
      let (product, overflows) = (records + 1).multipliedReportingOverflow(by: total)
      total = overflows || product > Int.max - records ? Int.max : product + records
      totalSizes.append(byteCount(of: total))
    }

    var records: [Range<Int>] = []
    var nodes = [(root, rootCount, depth)]
    while let (place, count, depth) = nodes.popLast() {
      let pointer = depth == 0 ? 0 : source.offsetSize + countSize + totalSizes[depth - 1]
      let size = 6 + count * recordSize + (depth == 0 ? 0 : (count + 1) * pointer)
      var cursor = try enter(place, size: size + 4)
      try cursor.expect(depth == 0 ? "BTLF" : "BTIN")
      try cursor.version(0...0, of: "a node")
      guard try cursor.number(1) == type else {
        throw cursor.fault("expected a node of type \(type), as its tree has it")
      }
      for _ in 0..<count { records.append(try cursor.take(recordSize)) }
      for _ in 0...count where depth > 0 {
        let child = try cursor.requiredAddress()
        nodes.append((child, try cursor.number(countSize), depth - 1))
        try cursor.take(totalSizes[depth - 1])
      }
      try cursor.checksum(from: place)
    }
    return (type, records)
  }
}

/// The number of bytes needed for numbers up to `limit`.
func byteCount(of limit: Int) -> Int {
  (max(Int.bitWidth - limit.leadingZeroBitCount, 1) + 7) / 8
}
