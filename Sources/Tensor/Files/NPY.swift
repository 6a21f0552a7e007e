// NPY, the format of NumPy's `save`: a magic number, a version, the length of a header, the header
// (a Python dictionary of element type, order and shape), then the elements.
//
//     \x93NUMPY 1 0 length(2) {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } \n elements
//
// Versions 2 and 3 have lengths of four bytes. NPZ.swift, next, holds several such files.

extension Tensor {
  /// Reads an array that NumPy's `save` wrote.
  ///
  /// ```swift
  /// let x = try Tensor<Float>(contentsOfNPY: "x.npy")
  /// ```
  /// Elements that tensors do not have are converted: `float16` to `Float`, `int8`, `int16` and
  /// `uint16` to `Int32`, `uint32` to `Int64`; and so are those with the highest byte first. An array
  /// in Fortran order becomes a transposed view.
  ///
  /// - Throws: `FileError` if the file cannot be read, is damaged, or has elements of another type
  ///   than `Scalar`. An array of `float64`, for example, is read as
  ///   `Tensor<Float>(Tensor<Double>(contentsOfNPY: path))`.
  public init(contentsOfNPY path: String) throws(FileError) {
    self = try StoredArray(contentsOfNPY: path).tensor()
  }

  /// Writes the tensor, atomically, to a file that NumPy's `load` reads.
  ///
  /// - Throws: `FileError` if the file cannot be written; then an older one is as it was.
  public func writeNPY(to path: String) throws(FileError) {
    try writeFile(to: path) { file throws(FileError) in
      try file.append(npyHeader(of: self))
      try withUnsafeBytes { elements throws(FileError) in try file.append(elements) }
    }
  }
}

extension StoredArray {
  /// Looks at an array that NumPy's `save` wrote, without reading its elements.
  ///
  /// If several were saved to one file, it is the first of them, as for NumPy's `load`.
  ///
  /// - Throws: `FileError` if the file cannot be read, or if its size is not what its header says.
  public init(contentsOfNPY path: String) throws(FileError) {
    let file = try FileBytes(mapping: path)
    try self.init(npy: file, in: 0..<file.count, path: path)
  }

  /// Looks at all arrays that NumPy's `save` wrote to one file, one call after the other.
  ///
  /// - Parameter path: The file.
  /// - Returns: The arrays in the order of the file, at least one.
  /// - Throws: `FileError` if the file cannot be read, or if its size is not what the headers say.
  public static func all(contentsOfNPY path: String) throws(FileError) -> [StoredArray] {
    let file = try FileBytes(mapping: path)
    var arrays: [StoredArray] = []
    var start = 0
    repeat {
      do throws(FileError) {
        let array = try StoredArray(npy: file, in: start..<file.count, path: path)
        arrays.append(array)
        start = array.offset + array.byteCount
      } catch {
        guard case .byte(let offset) = error.location else { throw error }
        throw FileError(path: path, location: .byte(start + offset), message: error.message)
      }
    } while start < file.count
    return arrays
  }

  /// The first array in NPY format of a range of a file, behind which only others may lie; errors count
  /// bytes from the beginning of the range.
  init(npy file: FileBytes, in range: Range<Int>, path: String) throws(FileError) {
    let (header, byteCount, offset) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try readHeader(UnsafeBufferPointer(rebasing: bytes[range]), path: path)
    }
    let rest = range.count - offset - byteCount
    let isFollowed =
      rest > 0
      && file.withUnsafeBufferPointer {
        $0[range].suffix(rest).starts(with: magic)
      }
    guard rest == 0 || isFollowed else {
      throw FileError(
        path: path, location: .byte(offset),
        message: "expected \(byteCount) bytes of \(header.type) elements with shape "
          + "\(header.sizes), got \(range.count - offset)")
    }
    self.init(
      elementType: header.type, shape: TensorShape(header.sizes), isBigEndian: header.isBigEndian,
      isFortranOrder: header.isFortranOrder, file: file, offset: range.lowerBound + offset,
      path: path)
  }
}

private let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

/// NumPy's codes of element types, behind the character of the byte order.
private let codes: [(code: String, type: ElementType)] = [
  ("b1", .bool), ("u1", .uint8), ("i1", .int8), ("u2", .uint16), ("i2", .int16), ("u4", .uint32),
  ("i4", .int32), ("u8", .uint64), ("i8", .int64), ("f2", .float16), ("f4", .float32),
  ("f8", .float64),
]

/// The bytes before the elements of a tensor: those that NumPy writes.
func npyHeader(of tensor: some TensorProtocol) -> [UInt8] {
  let type = tensor.elementType
  let code = codes.first { $0.type == type }!.code
  let order = type.byteCount == 1 ? "|" : "<"
  let sizes = tensor.shape.map(String.init)
  let shape = "(" + sizes.joined(separator: ", ") + (sizes.count == 1 ? ",)" : ")")
  var text = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': \(shape), }"
  // Room for a first size of 21 digits, so that a program can append rows to the file.
  text += String(repeating: " ", count: sizes.first.map { 21 - $0.count } ?? 0)
  // The elements begin at a multiple of 64 bytes.
  text += String(repeating: " ", count: 64 - (magic.count + 4 + text.utf8.count + 1) % 64) + "\n"
  var header = magic + [1, 0]
  header.append(text.utf8.count, count: 2)
  return header + text.utf8
}

/// What a header says.
private struct Header {
  var type = ElementType.float32
  var isBigEndian = false
  var isFortranOrder = false
  var sizes: [Int] = []
}

/// Reads the header; returns also the number of bytes of its array, and where they begin.
private func readHeader(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String
) throws(FileError) -> (Header, byteCount: Int, offset: Int) {
  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: message)
  }
  guard bytes.starts(with: magic) else {
    throw fault(
      0,
      "expected an NPY file (\(hexadecimal(magic))), got \(hexadecimal(bytes.prefix(6)))"
        + kindHint(bytes))
  }
  let version = bytes.count > 6 ? bytes[6] : 0
  let start = version == 1 ? 10 : 12
  guard bytes.count >= start else {
    throw fault(bytes.count, "expected a header of at least \(start) bytes, got \(bytes.count)")
  }
  guard 1...3 ~= version, bytes[7] == 0 else {
    throw fault(6, "expected version 1.0, 2.0 or 3.0, got \(version).\(bytes[7])")
  }
  let length = Int(bytes.number(at: 8, count: start - 8))
  guard length <= bytes.count - start else {
    throw fault(8, "expected a header of at most \(bytes.count - start) bytes, got \(length)")
  }
  var parser = HeaderParser(bytes: bytes, end: start + length, position: start, path: path)
  let header = try parser.header()
  let (_, byteCount) = try checkedShape(
    header.sizes, of: header.type, path: path, location: start)
  return (header, byteCount, start + length)
}

/// Reads the little of Python's notation that a header consists of.
private struct HeaderParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let end: Int
  var position: Int
  let path: String

  mutating func header() throws(FileError) -> Header {
    var header = Header()
    var missing: Set = ["descr", "fortran_order", "shape"]
    guard skip("{") else { throw fault("\"{\"") }
    while !skip("}") {
      let start = position
      let key = try string()
      guard missing.remove(key) != nil else {
        throw error(at: start, "expected descr, fortran_order and shape, got \(excerpt(key))")
      }
      guard skip(":") else { throw fault("\":\"") }
      switch key {
      case "descr": (header.type, header.isBigEndian) = try elementType()
      case "fortran_order": header.isFortranOrder = try truth()
      default: header.sizes = try sizes()
      }
      if !skip(",") {
        guard skip("}") else { throw fault("\",\" or \"}\"") }
        break
      }
    }
    guard missing.isEmpty else {
      throw error(
        at: position, "expected \(missing.sorted().joined(separator: ", ")) in the header, got less"
      )
    }
    skipBlanks()
    if position < end { throw fault("blanks until the end of the header") }
    return header
  }

  private mutating func elementType() throws(FileError) -> (ElementType, isBigEndian: Bool) {
    skipBlanks()
    let start = position
    let text = next == UInt8(ascii: "[") ? "a list of fields" : try string()
    let order = text.first
    guard let order, "<>|=".contains(order),
      let (_, type) = codes.first(where: { $0.code == text.dropFirst() }),
      order != "|" || type.byteCount == 1
    else {
      throw error(
        at: start,
        "expected elements of type b1, u1, i1, u2, i2, u4, i4, i8, f2, f4 or f8, got "
          + excerpt(text))
    }
    return (type, order == ">")
  }

  private mutating func truth() throws(FileError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("True or False")
  }

  private mutating func sizes() throws(FileError) -> [Int] {
    guard skip("(") else { throw fault("\"(\"") }
    var sizes: [Int] = []
    while !skip(")") {
      let start = position
      while UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
      guard let size = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw error(at: start, "expected a size")
      }
      if next == UInt8(ascii: "L") { position += 1 }  // a long integer of Python 2
      sizes.append(size)
      if !skip(",") {
        guard skip(")") else { throw fault("\",\" or \")\"") }
        break
      }
    }
    return sizes
  }

  private mutating func string() throws(FileError) -> String {
    skipBlanks()
    let mark = next
    guard mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else { throw fault("a string") }
    let start = position + 1
    guard let last = bytes[start..<end].firstIndex(of: mark) else {
      throw fault("a string with an end")
    }
    position = last + 1
    return String(decoding: bytes[start..<last], as: UTF8.self)
  }

  // MARK: Bytes

  /// The byte at the position; past the end 0, which begins nothing.
  private var next: UInt8 { position < end ? bytes[position] : 0 }

  private mutating func skipBlanks() {
    while [0x20, 0x0A, 0x0D, 0x09].contains(next) { position += 1 }
  }

  /// Moves past `byte` if it comes next, and past blanks on either side.
  private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: byte) else { return false }
    position += 1
    skipBlanks()
    return true
  }

  private func fault(_ expected: String) -> FileError {
    let got = position < end ? hexadecimal([bytes[position]]) : "the end of the header"
    return error(at: position, "expected \(expected), got \(got)")
  }

  private func error(at position: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(position), message: message)
  }
}
