// Reads numbers, addresses and signatures from the bytes of an HDF5 file. Addresses count from the
// superblock, which also says how many bytes an address takes; an address with all bits set means
// "undefined". Next: HDF5Objects.swift reads the headers of groups and arrays.

/// The bytes of an HDF5 file, and the widths of its addresses and sizes.
struct HDF5Source: Sendable {
  var file: FileBytes
  let path: String
  /// The offset of the superblock, from which addresses count.
  var base = 0
  /// The number of bytes in an address.
  var offsetSize = 8
  /// The number of bytes in a size.
  var lengthSize = 8

  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: "hdf5: " + message)
  }

  /// Returns a cursor over the bytes from an offset in the file.
  ///
  /// - Throws: `FileError` if the file does not hold `count` bytes there. Without a count, the
  ///   cursor covers the rest of the file.
  func cursor(at offset: Int, count: Int? = nil) throws(FileError) -> HDF5Cursor {
    guard offset >= 0, offset <= file.count, (count ?? 0) >= 0,
      (count ?? 0) <= file.count - offset
    else {
      throw fault(
        min(max(offset, 0), file.count),
        "expected \(count ?? 0) bytes at \(offset), the file has \(file.count)")
    }
    return HDF5Cursor(source: self, position: offset, end: count.map { offset + $0 } ?? file.count)
  }

  /// Converts an address, read at `offset`, to an offset in the file; nil if it is undefined.
  func address(_ bits: UInt64, at offset: Int) throws(FileError) -> Int? {
    if bits == UInt64.max >> UInt64(64 - 8 * offsetSize) { return nil }
    guard bits <= UInt64(file.count - base) else {
      throw fault(
        offset, "expected a place within the \(file.count) bytes of the file, got \(bits)")
    }
    return base + Int(bits)
  }

  /// The bytes of a range, which must lie in the file.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    file.withUnsafeBufferPointer { Array($0[range]) }
  }

  /// The string in a range, which must lie in the file.
  func text(_ range: Range<Int>, padding: HDF5Padding) -> String {
    file.withUnsafeBufferPointer { bytes in
      var part = bytes[range]
      switch padding {
      case .none: break
      case .zero: part = part.prefix { $0 != 0 }
      case .blanks: while part.last == UInt8(ascii: " ") { part.removeLast() }
      }
      return String(decoding: part, as: UTF8.self)
    }
  }
}

/// The padding of a fixed-length string.
enum HDF5Padding: Sendable { case none, zero, blanks }

/// A position in an HDF5 file, from which numbers are read one after another.
struct HDF5Cursor {
  let source: HDF5Source
  /// The offset in the file of the next byte to read.
  private(set) var position: Int
  /// The offset after the last byte that may be read.
  let end: Int

  fileprivate init(source: HDF5Source, position: Int, end: Int) {
    (self.source, self.position, self.end) = (source, position, end)
  }

  var remaining: Int { end - position }

  func fault(_ message: String) -> FileError { source.fault(position, message) }

  /// Skips some bytes and returns their range.
  @discardableResult
  mutating func take(_ count: Int) throws(FileError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw fault("expected \(count) more bytes, got \(remaining)")
    }
    defer { position += count }
    return position..<position + count
  }

  /// Reads an unsigned number of up to 8 bytes.
  mutating func bits(_ count: Int) throws(FileError) -> UInt64 {
    let range = try take(count)
    return source.file.withUnsafeBufferPointer {
      $0.number(at: range.lowerBound, count: range.count)
    }
  }

  /// Reads a number of up to 8 bytes as an `Int`.
  mutating func number(_ count: Int) throws(FileError) -> Int {
    let start = position
    let bits = try bits(count)
    guard let number = Int(exactly: bits) else {
      throw source.fault(start, "expected a number that a file can have, got \(bits)")
    }
    return number
  }

  /// Reads a size.
  mutating func length() throws(FileError) -> Int { try number(source.lengthSize) }

  /// Reads an address as an offset in the file; nil if it is undefined.
  mutating func address() throws(FileError) -> Int? {
    let start = position
    return try source.address(bits(source.offsetSize), at: start)
  }

  /// Reads an address, which must be defined.
  mutating func requiredAddress() throws(FileError) -> Int {
    let start = position
    guard let address = try address() else {
      throw source.fault(start, "expected a place, got none")
    }
    return address
  }

  /// Reads the four-letter signature at the start of a part of the file; throws for any other.
  mutating func expect(_ signature: String) throws(FileError) {
    let start = position
    let found = source.bytes(try take(signature.utf8.count))
    guard found.elementsEqual(signature.utf8) else {
      throw source.fault(start, "expected \(signature), got \(hexadecimal(found))")
    }
  }

  /// Reads a version number; throws unless it is known.
  @discardableResult
  mutating func version(
    _ known: ClosedRange<Int>, of part: String
  ) throws(FileError) -> Int {
    let start = position
    let version = try number(1)
    guard known.contains(version) else {
      throw source.fault(start, "expected \(part) of version \(known), got \(version)")
    }
    return version
  }

  /// Reads a checksum and verifies it for all bytes from `start` to here.
  mutating func checksum(from start: Int) throws(FileError) {
    let content = start..<position
    let sum = source.file.withUnsafeBufferPointer {
      lookup3(UnsafeBufferPointer(rebasing: $0[content]))
    }
    let stored = try bits(4)
    guard stored == UInt64(sum) else {
      throw source.fault(
        start, "expected the checksum \(String(sum, radix: 16)), got \(String(stored, radix: 16))")
    }
  }
}
