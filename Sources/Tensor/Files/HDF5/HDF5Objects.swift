// Headers of groups and arrays in HDF5: a list of messages, such as "shape", "type" and "where the
// elements lie". The old form has only messages; the new form begins with OHDR and ends with a
// checksum. Both may continue elsewhere in the file. Next: HDF5Links.swift finds the members of a
// group.

/// The kinds of messages that this reader uses.
enum HDF5MessageKind {
  static let dataspace = 0x01
  static let linkInfo = 0x02
  static let datatype = 0x03
  static let oldFillValue = 0x04
  static let fillValue = 0x05
  static let link = 0x06
  static let externalFiles = 0x07
  static let layout = 0x08
  static let groupInfo = 0x0A
  static let filters = 0x0B
  static let attribute = 0x0C
  static let continuation = 0x10
  static let symbolTable = 0x11
  static let attributeInfo = 0x15
}

/// A header message: its kind, and where its content lies in the file.
struct HDF5Message: Sendable {
  let kind: Int
  /// Whether the content lies elsewhere and only its address is here.
  let isShared: Bool
  let range: Range<Int>
}

/// A group or an array.
struct HDF5Object: Sendable {
  let messages: [HDF5Message]

  func has(_ kind: Int) -> Bool { messages.contains { $0.kind == kind } }

  var isGroup: Bool {
    [HDF5MessageKind.symbolTable, HDF5MessageKind.linkInfo, HDF5MessageKind.groupInfo].contains(
      where: has)
  }

  var isArray: Bool {
    [HDF5MessageKind.dataspace, HDF5MessageKind.datatype, HDF5MessageKind.layout].allSatisfy(has)
  }
}

/// Reads the linked parts of an HDF5 file.
///
/// A damaged file cannot make it run for long: no part is entered twice, and all parts together may
/// not have many more bytes than the file.
struct HDF5Reader {
  let source: HDF5Source
  private var visited: Set<Int> = []
  private var budget: Int
  /// The objects of the collections read so far, by index.
  var collections: [Int: [Int: Range<Int>]] = [:]

  init(_ source: HDF5Source) {
    self.source = source
    budget = 16 * min(source.file.count, Int.max / 32) + 1 << 16
  }

  /// Counts bytes that are read; throws if there are too many.
  mutating func spend(_ count: Int, at offset: Int) throws(FileError) {
    budget -= min(count, budget + 1)
    guard budget >= 0 else {
      throw source.fault(offset, "expected parts that do not overlap, got more than the file has")
    }
  }

  /// Enters a part of the file of `size` bytes; throws if it was entered before.
  mutating func enter(_ offset: Int, size: Int) throws(FileError) -> HDF5Cursor {
    guard visited.insert(offset).inserted else {
      throw source.fault(offset, "expected parts that do not lead to themselves, got a cycle")
    }
    try spend(size, at: offset)
    return try source.cursor(at: offset, count: size)
  }

  /// Reads the header at an offset.
  mutating func object(at address: Int) throws(FileError) -> HDF5Object {
    var start = try source.cursor(at: address)
    let isNew =
      start.remaining >= 4 && source.bytes(address..<address + 4).elementsEqual("OHDR".utf8)
    return isNew ? try newObject(&start) : try oldObject(&start)
  }

  private mutating func oldObject(_ start: inout HDF5Cursor) throws(FileError) -> HDF5Object {
    try start.version(1...1, of: "the header of a group or an array")
    try start.take(1)
    let count = try start.number(2)
    try start.take(4)
    let size = try start.number(4)
    try start.take(4)
    var messages: [HDF5Message] = []
    var blocks = [(start.position, size)]
    while let (offset, size) = blocks.popLast() {
      var cursor = try enter(offset, size: size)
      while cursor.remaining >= 8 && messages.count < count {
        let (kind, size) = (try cursor.number(2), try cursor.number(2))
        let flags = try cursor.number(1)
        try cursor.take(3)
        let message = HDF5Message(
          kind: kind, isShared: flags & 2 != 0, range: try cursor.take(size))
        messages.append(message)
        if kind == HDF5MessageKind.continuation { blocks.append(try continuation(message)) }
      }
    }
    return HDF5Object(messages: messages)
  }

  private mutating func newObject(_ start: inout HDF5Cursor) throws(FileError) -> HDF5Object {
    let address = start.position
    try start.take(4)
    try start.version(2...2, of: "the header of a group or an array")
    let flags = try start.number(1)
    if flags & 0x20 != 0 { try start.take(16) }
    if flags & 0x10 != 0 { try start.take(4) }
    let size = try start.number(1 << (flags & 3))
    let prefix = start.position - address
    try start.take(size)

    var messages: [HDF5Message] = []
    var blocks = [(address, start.position - address + 4, prefix)]
    while let (offset, size, prefix) = blocks.popLast() {
      var cursor = try enter(offset, size: size)
      try cursor.take(prefix)
      // Bytes too few for a message's header are a gap.
      let head = flags & 4 != 0 ? 6 : 4
      while cursor.remaining >= head + 4 {
        let (kind, size) = (try cursor.number(1), try cursor.number(2))
        let messageFlags = try cursor.number(1)
        if flags & 4 != 0 { try cursor.take(2) }
        guard size <= cursor.remaining - 4 else {
          throw cursor.fault(
            "expected a message of at most \(cursor.remaining - 4) bytes, got \(size)")
        }
        let message = HDF5Message(
          kind: kind, isShared: messageFlags & 2 != 0, range: try cursor.take(size))
        messages.append(message)
        if kind == HDF5MessageKind.continuation {
          let (offset, size) = try continuation(message)
          var block = try source.cursor(at: offset, count: size)
          try block.expect("OCHK")
          blocks.append((offset, size, 4))
        }
      }
      try cursor.take(cursor.remaining - 4)
      try cursor.checksum(from: offset)
    }
    return HDF5Object(messages: messages)
  }

  private func continuation(_ message: HDF5Message) throws(FileError) -> (Int, Int) {
    var cursor = try source.cursor(at: message.range.lowerBound, count: message.range.count)
    return (try cursor.requiredAddress(), try cursor.length())
  }

  /// The content of the first message of a kind, wherever it lies; nil if there is none.
  mutating func message(_ kind: Int, of object: HDF5Object) throws(FileError) -> HDF5Cursor? {
    guard let message = object.messages.first(where: { $0.kind == kind }) else { return nil }
    return try content(of: message)
  }

  /// The content of a message, wherever it lies.
  mutating func content(of message: HDF5Message) throws(FileError) -> HDF5Cursor {
    let cursor = try source.cursor(at: message.range.lowerBound, count: message.range.count)
    return message.isShared ? try shared(message.kind, cursor) : cursor
  }

  /// The content of a message that several headers share, such as a named type.
  mutating func shared(
    _ kind: Int, _ reference: HDF5Cursor
  ) throws(FileError) -> HDF5Cursor {
    var reference = reference
    let version = try reference.version(1...3, of: "a shared message")
    let place = try reference.number(1)
    if version == 1 { try reference.take(6) }
    guard version < 3 || place == 2 else {
      throw reference.fault("messages in a heap of their own are not read")
    }
    let address = try reference.requiredAddress()
    // Many headers may share it, so it may be entered again.
    var reader = HDF5Reader(source)
    let object = try reader.object(at: address)
    try spend(object.messages.reduce(0) { $0 + $1.range.count }, at: address)
    guard let message = object.messages.first(where: { $0.kind == kind && !$0.isShared }) else {
      throw source.fault(address, "expected the shared message of kind \(kind), got none")
    }
    return try source.cursor(at: message.range.lowerBound, count: message.range.count)
  }
}
