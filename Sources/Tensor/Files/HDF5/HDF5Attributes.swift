// Attributes: small named values attached to groups and arrays. Keras keeps the names of layers in
// them. They lie in the header or, if there are many, in a heap indexed by a tree; variable-length
// strings lie in separate collections. Next: HDF5Layout.swift finds the elements of an array.

/// The value of an attribute.
public enum HDF5Attribute: Sendable {
  /// Strings in row-major order; a single string is a list of one.
  case texts([String])
  /// An array of numbers.
  case numbers(StoredArray)
}

/// An attribute as stored: its name, and where its value lies.
struct HDF5StoredAttribute {
  let name: String
  fileprivate let type: HDF5Type
  fileprivate let sizes: [Int]
  fileprivate let values: HDF5Cursor
}

extension HDF5Reader {
  /// The attributes of a group or an array, in header order or in the order of their names' hashes.
  mutating func attributes(of object: HDF5Object) throws(FileError) -> [HDF5StoredAttribute] {
    var attributes: [HDF5StoredAttribute] = []
    for message in object.messages {
      switch message.kind {
      case HDF5MessageKind.attribute:
        attributes.append(try attribute(content(of: message)))
      case HDF5MessageKind.attributeInfo:
        var cursor = try content(of: message)
        try cursor.version(0...0, of: "the attributes")
        if try cursor.number(1) & 1 != 0 { try cursor.take(2) }
        guard let heapPlace = try cursor.address(), let tree = try cursor.address() else {
          continue
        }
        let heap = try heap(at: heapPlace)
        for record in try newTree(at: tree, types: [8]).records {
          var cursor = try source.cursor(at: record.lowerBound, count: record.count)
          let id = try cursor.take(8)
          guard try cursor.number(1) & 2 == 0 else {
            throw cursor.fault("attributes in a heap of their own are not read")
          }
          attributes.append(try attribute(self.object(id, in: heap)))
        }
      default: break
      }
    }
    return attributes
  }

  private mutating func attribute(_ message: HDF5Cursor) throws(FileError) -> HDF5StoredAttribute {
    var cursor = message
    let version = try cursor.version(1...3, of: "an attribute")
    let flags = try cursor.number(1)
    let sizes = [try cursor.number(2), try cursor.number(2), try cursor.number(2)]
    if version == 3 { try cursor.take(1) }
    var parts: [Range<Int>] = []
    for size in sizes {
      let part = try cursor.take(size)
      parts.append(part)
      if version == 1 { try cursor.take(-size & 7) }
    }
    var type = try source.cursor(at: parts[1].lowerBound, count: parts[1].count)
    var space = try source.cursor(at: parts[2].lowerBound, count: parts[2].count)
    if version > 1 && flags & 1 != 0 { type = try shared(HDF5MessageKind.datatype, type) }
    if version > 1 && flags & 2 != 0 { space = try shared(HDF5MessageKind.dataspace, space) }
    return HDF5StoredAttribute(
      name: source.text(parts[0], padding: .zero), type: try HDF5Type(&type),
      sizes: try HDF5Space(&space).sizes, values: cursor)
  }

  /// The value of an attribute.
  mutating func value(of attribute: HDF5StoredAttribute) throws(FileError) -> HDF5Attribute {
    let (cursor, name) = (attribute.values, "\(source.path)/@\(attribute.name)")
    switch attribute.type.content {
    case .text, .heapText:
      return .texts(
        try texts(
          attribute.type, count: checkedCount(attribute.sizes, attribute.type.size, cursor),
          in: source, at: cursor.position, limit: cursor.remaining))
    default:
      let array = try StoredArray(
        attribute.type, sizes: attribute.sizes, source: source, at: cursor.position, path: name)
      guard array.byteCount <= cursor.remaining else {
        throw cursor.fault("expected \(array.byteCount) bytes of values, got \(cursor.remaining)")
      }
      return .numbers(array)
    }
  }

  /// The product of the sizes; throws if the remaining bytes cannot hold that many elements.
  private func checkedCount(
    _ sizes: [Int], _ size: Int, _ cursor: HDF5Cursor
  ) throws(FileError) -> Int {
    var count = 1
    for size in sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows else {
        throw cursor.fault("expected a shape that fits in memory, got \(sizes)")
      }
      count = product
    }
    guard count == 0 || size <= cursor.remaining / count else {
      throw cursor.fault(
        "expected \(count) elements of \(size) bytes, got \(cursor.remaining) bytes")
    }
    return count
  }

  /// Reads strings from `values`, which holds either the strings themselves or their addresses in
  /// collections.
  mutating func texts(
    _ type: HDF5Type, count: Int, in values: HDF5Source, at offset: Int, limit: Int
  ) throws(FileError) -> [String] {
    var cursor = try values.cursor(at: offset, count: limit)
    var texts: [String] = []
    for _ in 0..<count {
      switch type.content {
      case .text(let padding):
        texts.append(values.text(try cursor.take(type.size), padding: padding))
      default:
        let length = try cursor.number(4)
        let start = cursor.position
        let place = try source.address(cursor.bits(source.offsetSize), at: start)
        let index = try cursor.number(4)
        guard length > 0, let place, place > source.base else {
          texts.append("")
          continue
        }
        let object = try collected(index, at: place)
        guard length <= object.count else {
          throw source.fault(
            object.lowerBound, "expected a text of \(length) bytes, got \(object.count)")
        }
        let text = object.lowerBound..<object.lowerBound + length
        try spend(length, at: text.lowerBound)
        texts.append(source.text(text, padding: .zero))
      }
    }
    return texts
  }

  /// The bytes of an object in a collection.
  private mutating func collected(_ index: Int, at place: Int) throws(FileError) -> Range<Int> {
    if let known = collections[place] {
      if let object = known[index] { return object }
    } else {
      var head = try source.cursor(at: place)
      try head.expect("GCOL")
      try head.version(1...1, of: "a collection")
      try head.take(3)
      let size = try head.length()
      let start = 8 + source.lengthSize
      var cursor = try enter(place, size: max(size, start))
      try cursor.take(start)
      var objects: [Int: Range<Int>] = [:]
      while cursor.remaining >= 8 + source.lengthSize {
        let number = try cursor.number(2)
        try cursor.take(6)
        let size = try cursor.length()
        // Object 0 is free space.
        if number == 0 { break }
        objects[number] = try cursor.take(size)
        try cursor.take(min(-size & 7, cursor.remaining))
      }
      collections[place] = objects
      if let object = objects[index] { return object }
    }
    throw source.fault(place, "expected an object \(index) in this collection, got none")
  }
}
