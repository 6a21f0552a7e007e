// Pickles, Python's format for stored objects: programs for a small machine with a stack and a
// memory. Here, such a program only builds a list of values. A function that it wants to call is
// recorded by name if the caller knows it, and refused if not; no function is ever called. Values
// with parts refer to their parts by index, so that no pickle can overflow the stack by deep
// nesting, neither when it is read nor when it is released. Next: PyTorch.swift reads tensors from
// pickles.

/// A value in a pickle.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// The full name of a class, a function or a constant, such as `torch.FloatStorage`.
  case global(String)
  /// A value with parts: an index into the list of nodes.
  case node(Int)
}

/// The contents of a pickle.
struct Pickle: Sendable {
  /// A value with parts.
  struct Node: Sendable {
    enum Kind: Sendable {
      /// A list of values; a set is read as a list too.
      case list, tuple
      /// Keys and values in turn, each key before its value.
      case dictionary
      /// A function that Python would call, and its arguments.
      case call(String)
      /// A reference to data outside the pickle.
      case reference
    }
    var kind: Kind
    var parts: [PickleValue]
    /// The offset in the file at which the pickle makes it.
    let offset: Int
  }

  let root: PickleValue
  let nodes: [Node]
  /// The offset in the file at which the pickle ends.
  let end: Int

  /// Reads the pickle that begins at `start`, in protocol 2 to 5.
  ///
  /// - Parameters:
  ///   - bytes: the file; positions in errors count from its first byte.
  ///   - start: where the pickle begins.
  ///   - path: the name of the file in error messages.
  ///   - isKnown: whether the pickle may name this class or function.
  /// - Throws: `FileError` if the pickle is damaged, or names an unknown class or function.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, path: String,
    isKnown: (String) -> Bool
  ) throws(FileError) {
    let limit = start + min(bytes.count - start, largestPickle)
    var machine = Machine(
      bytes: UnsafeBufferPointer(rebasing: bytes[..<limit]), path: path, position: start)
    root = try machine.run(isKnown)
    nodes = machine.nodes
    end = machine.position
  }
}

/// Far more than the names and shapes of any model's tensors need.
private let largestPickle = 100_000_000

private struct Machine {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  var position: Int
  /// The position of the current operation.
  private var operation = 0
  private var stack: [PickleValue] = []
  /// The heights of the stack at its marks.
  private var marks: [Int] = []
  private var memory: [Int: PickleValue] = [:]
  /// The first node is the empty tuple.
  private(set) var nodes = [Pickle.Node(kind: .tuple, parts: [], offset: 0)]

  init(bytes: UnsafeBufferPointer<UInt8>, path: String, position: Int) {
    self.bytes = bytes
    self.path = path
    self.position = position
  }

  /// Executes all operations and returns the value left on the stack.
  mutating func run(_ isKnown: (String) -> Bool) throws(FileError) -> PickleValue {
    while true {
      operation = position
      let code = UInt8(try number(1))
      switch Unicode.Scalar(code) {
      case ".": return try pop()
      case "\u{80}":
        let version = try number(1)
        guard 2...5 ~= version else {
          throw fault("expected a protocol of 2 to 5, got \(version)")
        }
      case "\u{95}": _ = try number(8)  // the length of a frame, which only streams need

      case "N": stack.append(.none)
      case "\u{88}": stack.append(.bool(true))
      case "\u{89}": stack.append(.bool(false))
      case "K": stack.append(.integer(Int(try number(1))))
      case "M": stack.append(.integer(Int(try number(2))))
      case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
      case "\u{8A}": stack.append(try long(Int(try number(1))))
      case "G": stack.append(.number(Double(bitPattern: try number(8).byteSwapped)))
      case "U", "C", "\u{8C}": stack.append(.text(try text(try number(1))))
      case "T", "B", "X": stack.append(.text(try text(try number(4))))
      case "\u{8D}", "\u{8E}": stack.append(.text(try text(try number(8))))

      case ")": stack.append(.node(0))
      case "]", "\u{8F}": push(.list, [])
      case "}": push(.dictionary, [])
      case "(": marks.append(stack.count)
      case "t": push(.tuple, try popToMark())
      case "\u{85}": push(.tuple, try pop(count: 1))
      case "\u{86}": push(.tuple, try pop(count: 2))
      case "\u{87}": push(.tuple, try pop(count: 3))
      case "a": try extendList(pop(count: 1))
      case "e", "\u{90}": try extendList(popToMark())
      case "s": try extendDictionary(pop(count: 2))
      case "u": try extendDictionary(popToMark())

      case "q": memory[Int(try number(1))] = try top()
      case "r": memory[Int(try number(4))] = try top()
      case "\u{94}": memory[memory.count] = try top()
      case "h": try recall(Int(try number(1)))
      case "j": try recall(Int(try number(4)))

      case "c":
        let module = try line()
        try pushGlobal("\(module).\(line())", isKnown)
      case "\u{93}":
        guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
          throw fault("expected the name of a class or function as two texts")
        }
        try pushGlobal("\(module).\(name)", isKnown)
      case "R", "\u{81}": try call()
      case "b": try setState()
      case "Q": push(.reference, try pop(count: 1))
      default:
        throw fault(
          "expected an operation that data need, got \(hexadecimal([code])), which is refused")
      }
    }
  }

  // MARK: Operations

  private mutating func pushGlobal(
    _ name: String, _ isKnown: (String) -> Bool
  ) throws(FileError) {
    guard isKnown(name) else {
      throw fault(
        "expected the classes of tensors and dictionaries, got \(excerpt(name)), which is refused: "
          + "nothing that a pickle names is run; of a whole model, save the state_dict() in Python")
    }
    stack.append(.global(name))
  }

  /// Records a call; an ordered dictionary without arguments is an empty one, which is filled
  /// later.
  private mutating func call() throws(FileError) {
    guard case .node(let arguments) = try pop(), case .tuple = nodes[arguments].kind,
      case .global(let name) = try pop()
    else { throw fault("expected a function and a tuple of its arguments") }
    let parts = nodes[arguments].parts
    let isDictionary = name == "collections.OrderedDict" && parts.isEmpty
    push(isDictionary ? .dictionary : .call(name), parts)
  }

  /// Discards an object's attributes; those of dictionaries and parameters say nothing about
  /// tensors.
  private mutating func setState() throws(FileError) {
    _ = try pop()
    guard case .node(let index) = try top() else {
      throw fault("expected an object whose attributes to set")
    }
    switch nodes[index].kind {
    case .dictionary, .call: return
    case .list, .tuple, .reference: throw fault("expected an object whose attributes to set")
    }
  }

  private mutating func extendList(_ values: [PickleValue]) throws(FileError) {
    guard case .node(let index) = try top(), case .list = nodes[index].kind else {
      throw fault("expected a list to append to")
    }
    nodes[index].parts += values
  }

  private mutating func extendDictionary(_ values: [PickleValue]) throws(FileError) {
    guard case .node(let index) = try top(), case .dictionary = nodes[index].kind,
      values.count.isMultiple(of: 2)
    else { throw fault("expected a dictionary, and a value for each key") }
    nodes[index].parts += values
  }

  private mutating func recall(_ index: Int) throws(FileError) {
    guard let value = memory[index] else {
      throw fault("expected a value that was stored, got number \(index)")
    }
    stack.append(value)
  }

  // MARK: The stack

  private mutating func push(_ kind: Pickle.Node.Kind, _ parts: [PickleValue]) {
    nodes.append(Pickle.Node(kind: kind, parts: parts, offset: operation))
    stack.append(.node(nodes.count - 1))
  }

  private func top() throws(FileError) -> PickleValue {
    guard stack.count > marks.last ?? 0 else { throw fault("expected a value on the stack") }
    return stack[stack.count - 1]
  }

  private mutating func pop() throws(FileError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(FileError) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else {
      throw fault("expected \(count) values on the stack")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(FileError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw fault("expected a mark on the stack") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  // MARK: Bytes

  /// Reads a little-endian number of `count` bytes.
  private mutating func number(_ count: Int) throws(FileError) -> UInt64 {
    guard bytes.count - position >= count else {
      throw fault("expected \(count) more bytes, got the end", at: bytes.count)
    }
    defer { position += count }
    return bytes.number(at: position, count: count)
  }

  /// Reads an integer of `count` bytes, or the nearest floating-point number if it needs more than
  /// 64 bits.
  private mutating func long(_ count: Int) throws(FileError) -> PickleValue {
    guard bytes.count - position >= count else {
      throw fault("expected \(count) more bytes, got the end", at: bytes.count)
    }
    let part = bytes[position..<position + count]
    position += count
    let isNegative = part.last.map { $0 >= 0x80 } ?? false
    if count <= 8 {
      return .integer(
        part.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
    }
    let magnitude = part.reversed().reduce(0.0) { $0 * 256 + Double(isNegative ? ~$1 : $1) }
    return .number(isNegative ? -1 - magnitude : magnitude)
  }

  private mutating func text(_ count: UInt64) throws(FileError) -> String {
    guard count <= UInt64(bytes.count - position) else {
      throw fault("expected a text of \(count) bytes, got \(bytes.count - position)")
    }
    defer { position += Int(count) }
    return String(decoding: bytes[position..<position + Int(count)], as: UTF8.self)
  }

  private mutating func line() throws(FileError) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw fault("expected a name that ends with its line")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private func fault(_ message: String, at offset: Int? = nil) -> FileError {
    FileError(
      path: path, location: .byte(offset ?? operation), message: "pickle: " + message)
  }
}
