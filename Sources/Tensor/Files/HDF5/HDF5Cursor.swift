// Numbers, places and signatures in the bytes of an HDF5 file. Places count from the superblock and are
// written in as many bytes as it says; the place with all bits set means "nowhere". HDF5Objects.swift,
// next, reads the headers of groups and arrays with it.

/// The bytes of an HDF5 file, and how it writes places and sizes.
struct HDF5Source: Sendable {
  var file: FileBytes
  let path: String
  /// Where the superblock lies, from which places count.
  var base = 0
  /// The number of bytes of a place.
  var offsetSize = 8
  /// The number of bytes of a size.
  var lengthSize = 8

  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: "hdf5: " + message)
  }

  /// The bytes from an offset in the file on.
  ///
  /// - Throws: `FileError` if the file does not hold `count` of them; without a count all others are meant.
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

  /// The offset in the file of a place that is written at `offset`, or nil if it is nowhere.
  func address(_ bits: UInt64, at offset: Int) throws(FileError) -> Int? {
    if bits == UInt64.max >> UInt64(64 - 8 * offsetSize) { return nil }
    guard bits <= UInt64(file.count - base) else {
      throw fault(
        offset, "expected a place within the \(file.count) bytes of the file, got \(bits)")
    }
    return base + Int(bits)
  }

  /// The bytes of a range that is known to lie in the file.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    file.withUnsafeBufferPointer { Array($0[range]) }
  }

  /// The text of a range that is known to lie in the file.
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

/// What fills up a text of a fixed number of bytes.
enum HDF5Padding: Sendable { case none, zero, blanks }

/// A place in an HDF5 file, from which numbers are read one after another.
struct HDF5Cursor {
  let source: HDF5Source
  /// The offset in the file of what is read next.
  private(set) var position: Int
  /// The offset behind the last byte that may be read.
  let end: Int

  fileprivate init(source: HDF5Source, position: Int, end: Int) {
    (self.source, self.position, self.end) = (source, position, end)
  }

  var remaining: Int { end - position }

  func fault(_ message: String) -> FileError { source.fault(position, message) }

  /// Passes over some bytes and tells where they were.
  @discardableResult
  mutating func take(_ count: Int) throws(FileError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw fault("expected \(count) more bytes, got \(remaining)")
    }
    defer { position += count }
    return position..<position + count
  }

  /// A number of up to 8 bytes.
  mutating func bits(_ count: Int) throws(FileError) -> UInt64 {
    let range = try take(count)
    return source.file.withUnsafeBufferPointer {
      $0.number(at: range.lowerBound, count: range.count)
    }
  }

  /// A number of up to 8 bytes that counts something.
  mutating func number(_ count: Int) throws(FileError) -> Int {
    let start = position
    let bits = try bits(count)
    guard let number = Int(exactly: bits) else {
      throw source.fault(start, "expected a number that a file can have, got \(bits)")
    }
    return number
  }

  /// A size.
  mutating func length() throws(FileError) -> Int { try number(source.lengthSize) }

  /// A place as an offset in the file, or nil if it is nowhere.
  mutating func address() throws(FileError) -> Int? {
    let start = position
    return try source.address(bits(source.offsetSize), at: start)
  }

  /// A place that must be somewhere.
  mutating func requiredAddress() throws(FileError) -> Int {
    let start = position
    guard let address = try address() else {
      throw source.fault(start, "expected a place, got none")
    }
    return address
  }

  /// The four letters with which a part of the file begins.
  mutating func expect(_ signature: String) throws(FileError) {
    let start = position
    let found = source.bytes(try take(signature.utf8.count))
    guard found.elementsEqual(signature.utf8) else {
      throw source.fault(start, "expected \(signature), got \(hexadecimal(found))")
    }
  }

  /// A version, which must be one of those that are known.
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

  /// The checksum of all bytes from `start` on, which comes next.
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
