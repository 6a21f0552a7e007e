// The members of an HDF5 group. Old groups have a tree of names, whose characters lie in a separate
// heap; new groups have links in their header or, if there are many, in a heap indexed by a tree.
// Next: HDF5Types.swift reads the element types of arrays.

/// A name in a group and the address of the object it names.
struct HDF5Link {
  let name: String
  let place: Int
}

extension HDF5Reader {
  /// The links of a group, sorted by the bytes of their names.
  ///
  /// Soft links and links to other files are left out.
  mutating func links(of group: HDF5Object) throws(FileError) -> [HDF5Link] {
    var links: [HDF5Link] = []
    for message in group.messages {
      switch message.kind {
      case HDF5MessageKind.symbolTable:
        var cursor = try content(of: message)
        links += try oldLinks(tree: cursor.requiredAddress(), names: cursor.requiredAddress())
      case HDF5MessageKind.link:
        if let link = try link(content(of: message)) { links.append(link) }
      case HDF5MessageKind.linkInfo:
        links += try denseLinks(content(of: message))
      default: break
      }
    }
    return links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func oldLinks(tree: Int, names: Int) throws(FileError) -> [HDF5Link] {
    var heap = try enter(names, size: 8 + 2 * source.lengthSize + source.offsetSize)
    try heap.expect("HEAP")
    try heap.version(0...0, of: "a heap of names")
    try heap.take(3)
    let size = try heap.length()
    try heap.take(source.lengthSize)
    let texts = try source.cursor(at: heap.requiredAddress(), count: size).range

    var links: [HDF5Link] = []
    for (_, place) in try oldTree(at: tree, type: 0, keySize: source.lengthSize) {
      var head = try enter(place, size: 8)
      try head.expect("SNOD")
      try head.version(1...1, of: "a table of names")
      try head.take(1)
      let count = try head.number(2)
      let entrySize = 2 * source.offsetSize + 24
      try spend(count * entrySize, at: place)
      var cursor = try source.cursor(at: place + 8, count: count * entrySize)
      for _ in 0..<count {
        let start = cursor.position
        let offset = try cursor.number(source.offsetSize)
        let target = try cursor.address()
        let kind = try cursor.number(4)
        try cursor.take(20)
        guard offset < texts.count else {
          throw source.fault(
            start, "expected a name within \(texts.count) bytes, got one at \(offset)")
        }
        // Kind 2 is a soft link: the path of another object.
        guard kind != 2, let target else { continue }
        let name = source.text(
          texts.lowerBound + offset..<texts.upperBound, padding: .zero)
        try spend(name.utf8.count, at: start)
        links.append(HDF5Link(name: name, place: target))
      }
    }
    return links
  }

  /// Reads a link message; nil for a soft link or a link to another file.
  private func link(_ message: HDF5Cursor) throws(FileError) -> HDF5Link? {
    var cursor = message
    try cursor.version(1...1, of: "a link")
    let flags = try cursor.number(1)
    let kind = flags & 8 != 0 ? try cursor.number(1) : 0
    if flags & 4 != 0 { try cursor.take(8) }
    if flags & 0x10 != 0 { try cursor.take(1) }
    let name = try cursor.take(try cursor.number(1 << (flags & 3)))
    guard kind == 0 else { return nil }
    return HDF5Link(name: source.text(name, padding: .none), place: try cursor.requiredAddress())
  }

  private mutating func denseLinks(_ message: HDF5Cursor) throws(FileError) -> [HDF5Link] {
    var cursor = message
    try cursor.version(0...0, of: "the links of a group")
    let flags = try cursor.number(1)
    if flags & 1 != 0 { try cursor.take(8) }
    guard let heapPlace = try cursor.address(), let tree = try cursor.address() else { return [] }
    let heap = try heap(at: heapPlace)
    var links: [HDF5Link] = []
    for record in try newTree(at: tree, types: [5]).records {
      // The hash of the name comes first.
      var cursor = try source.cursor(at: record.lowerBound, count: record.count)
      try cursor.take(4)
      let id = try cursor.take(heap.idSize)
      if let link = try link(object(id, in: heap)) { links.append(link) }
    }
    return links
  }
}
