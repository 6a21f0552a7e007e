// ZIP archives (PKWARE's APPNOTE) as far as NPZ needs them: entries stored or deflated, and ZIP64 for
// sizes and places beyond 32 bits. Each entry has a header of its own before its data; the directory
// at the end repeats the headers and says where they are, and a last record says where it is itself.
// NPZ.swift, next, puts arrays into the entries.

/// A file in an archive.
struct ZIPEntry: Sendable {
  let name: String
  fileprivate let isDeflated: Bool
  fileprivate let checksum: UInt32
  fileprivate let storedSize: Int
  let size: Int
  fileprivate let headerOffset: Int
}

private let localSignature: UInt64 = 0x0403_4B50
private let entrySignature: UInt64 = 0x0201_4B50
private let endSignature: UInt64 = 0x0605_4B50
private let end64Signature: UInt64 = 0x0606_4B50
private let locatorSignature: UInt64 = 0x0706_4B50
/// The field with which PyTorch moves the data to a multiple of 64 bytes.
private let paddingField = 0x4246
/// The number that sends a reader to the ZIP64 field.
private let max32: UInt64 = 0xFFFF_FFFF

// MARK: - Reading

/// An archive whose directory has been read.
struct ZIPArchive: Sendable {
  let entries: [ZIPEntry]
  private let file: FileBytes
  private let path: String
  /// Where the directory begins and the data ends.
  private let directoryStart: Int

  /// Reads the directory.
  ///
  /// - Throws: `FileError` if there is none, or if it is damaged, has a name twice, or claims more
  ///   data than there is.
  init(_ file: FileBytes, path: String) throws(FileError) {
    self.file = file
    self.path = path
    (directoryStart, entries) = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      let (start, end, count) = try directory(of: bytes, path: path)
      return (start, try readEntries(bytes, in: start..<end, count: count, path: path))
    }
  }

  /// The data of an entry: a block and the range in it.
  ///
  /// Memory grows with the bytes that come out of the compressed ones, up to the size that the
  /// directory tells and DEFLATE can reach.
  ///
  /// - Throws: `FileError` if the entry is damaged, or its CRC-32 is not that of the directory.
  func content(of entry: ZIPEntry) throws(FileError) -> (FileBytes, Range<Int>) {
    let range = try storedRange(of: entry)
    let (block, content): (FileBytes, Range<Int>)
    if entry.isDeflated {
      block = FileBytes()
      let end = try file.withUnsafeBufferPointer { bytes throws(FileError) in
        try inflate(
          UnsafeBufferPointer(rebasing: bytes[..<range.upperBound]), from: range.lowerBound,
          appendingTo: block, limit: entry.size, path: path)
      }
      guard end == range.upperBound, block.count == entry.size else {
        throw fault(
          range.lowerBound,
          "expected \(entry.size) bytes from \(range.count), got \(block.count) "
            + "from \(end - range.lowerBound)")
      }
      content = 0..<block.count
    } else {
      (block, content) = (file, range)
    }
    let crc = block.withUnsafeBufferPointer { crc32(UnsafeBufferPointer(rebasing: $0[content])) }
    guard crc == entry.checksum else {
      throw fault(
        range.lowerBound,
        "expected data of CRC-32 \(String(entry.checksum, radix: 16)), got "
          + String(crc, radix: 16))
    }
    return (block, content)
  }

  /// Where the entry's data lies, behind its own header.
  private func storedRange(of entry: ZIPEntry) throws(FileError) -> Range<Int> {
    try file.withUnsafeBufferPointer { bytes throws(FileError) in
      let header = entry.headerOffset
      guard header <= directoryStart - 30, bytes.number(at: header, count: 4) == localSignature
      else {
        throw fault(min(header, bytes.count), "expected the header of \(excerpt(entry.name))")
      }
      let nameLength = Int(bytes.number(at: header + 26, count: 2))
      let start = header + 30 + nameLength + Int(bytes.number(at: header + 28, count: 2))
      guard start <= directoryStart, entry.storedSize <= directoryStart - start else {
        throw fault(
          header,
          "expected \(entry.storedSize) bytes of \(excerpt(entry.name)) before the directory")
      }
      return start..<start + entry.storedSize
    }
  }

  private func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: "zip: " + message)
  }
}

/// Finds the directory through the record at the end of the file, behind which a comment may stand.
private func directory(
  of bytes: UnsafeBufferPointer<UInt8>, path: String
) throws(FileError) -> (start: Int, end: Int, count: UInt64) {
  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: "zip: " + message)
  }
  let last = bytes.count - 22
  let record = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first { offset in
    bytes[offset] == 0x50 && bytes.number(at: offset, count: 4) == endSignature
      && bytes.number(at: offset + 20, count: 2) == UInt64(last - offset)
  }
  guard var end = record else {
    throw fault(
      bytes.count,
      "expected the end record of an archive (50 4b 05 06), got none"
        + (bytes.starts(with: [0x50, 0x4B]) ? "; the file is cut off" : kindHint(bytes)))
  }
  var (disks, entries) = (
    bytes.number(at: end + 4, count: 4), bytes.number(at: end + 10, count: 2)
  )
  var (size, start) = (bytes.number(at: end + 12, count: 4), bytes.number(at: end + 16, count: 4))
  if end >= 20, bytes.number(at: end - 20, count: 4) == locatorSignature {
    let place = bytes.number(at: end - 12, count: 8)
    guard end >= 76, place <= UInt64(end - 76),
      bytes.number(at: Int(place), count: 4) == end64Signature
    else { throw fault(end - 12, "expected the place of a ZIP64 record, got \(place)") }
    end = Int(place)
    (disks, entries) = (
      bytes.number(at: end + 16, count: 8), bytes.number(at: end + 32, count: 8)
    )
    (size, start) = (bytes.number(at: end + 40, count: 8), bytes.number(at: end + 48, count: 8))
  }
  guard disks == 0 else { throw fault(end, "expected an archive in one part") }
  guard start <= UInt64(end), size <= UInt64(end) - start else {
    throw fault(
      end, "expected a directory before byte \(end), got one of \(size) bytes at \(start)")
  }
  return (Int(start), Int(start + size), entries)
}

private func readEntries(
  _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, count: UInt64, path: String
) throws(FileError) -> [ZIPEntry] {
  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: "zip: " + message)
  }
  var entries: [ZIPEntry] = []
  var names: Set<ExactName> = []
  var available = bytes.count
  var position = range.lowerBound
  while position < range.upperBound {
    func field(_ offset: Int, _ count: Int) -> UInt64 {
      bytes.number(at: position + offset, count: count)
    }
    guard range.upperBound - position >= 46, field(0, 4) == entrySignature else {
      throw fault(position, "expected an entry of the directory (50 4b 01 02)")
    }
    let (nameLength, extraLength) = (Int(field(28, 2)), Int(field(30, 2)))
    let next = position + 46 + nameLength + extraLength + Int(field(32, 2))
    guard next <= range.upperBound else {
      throw fault(position, "expected an entry that ends within the directory")
    }
    let extraStart = position + 46 + nameLength
    let name = String(decoding: bytes[position + 46..<extraStart], as: UTF8.self)
    var sizes = [field(24, 4), field(20, 4), field(42, 4)]
    try readZIP64(bytes, in: extraStart..<extraStart + extraLength, &sizes, path: path)
    let (size, storedSize, headerOffset) = (sizes[0], sizes[1], sizes[2])

    guard field(8, 2) & 1 == 0 else { throw fault(position, "\(excerpt(name)) is encrypted") }
    let method = field(10, 2)
    guard method == 0 || method == 8 else {
      throw fault(
        position, "expected \(excerpt(name)) to be stored (0) or deflated (8), got \(method)")
    }
    // Entries that share their data would make a small archive expand to a large one.
    guard storedSize <= UInt64(available), headerOffset <= UInt64(bytes.count) else {
      throw fault(position, "expected entries within the file, got \(storedSize) more bytes")
    }
    available -= Int(storedSize)
    // A match of 258 bytes takes two bits at least.
    guard method == 8 ? size <= storedSize * 1032 + 258 : size == storedSize else {
      throw fault(position, "\(excerpt(name)) cannot have \(size) bytes in \(storedSize)")
    }
    guard names.insert(ExactName(name)).inserted else {
      throw fault(position, "expected each name once, got \(excerpt(name)) again")
    }
    entries.append(
      ZIPEntry(
        name: name, isDeflated: method == 8, checksum: UInt32(field(16, 4)),
        storedSize: Int(storedSize), size: Int(size), headerOffset: Int(headerOffset)))
    position = next
  }
  // The record without ZIP64 counts modulo 65536.
  guard UInt64(entries.count) == count || UInt64(entries.count & 0xFFFF) == count else {
    throw fault(range.lowerBound, "expected \(count) entries, got \(entries.count)")
  }
  return entries
}

/// Replaces those sizes that are `max32` by the numbers of the ZIP64 field, which has no others.
private func readZIP64(
  _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ sizes: inout [UInt64], path: String
) throws(FileError) {
  guard sizes.contains(max32) else { return }
  var position = range.lowerBound
  while range.upperBound - position >= 4 {
    let (id, length) = (
      bytes.number(at: position, count: 2), Int(bytes.number(at: position + 2, count: 2))
    )
    var field = position + 4
    position = field + length
    guard id == 1, position <= range.upperBound else { continue }
    for index in sizes.indices where sizes[index] == max32 && field + 8 <= position {
      sizes[index] = bytes.number(at: field, count: 8)
      field += 8
    }
    guard sizes.allSatisfy({ $0 <= UInt64(bytes.count) * 1032 + 258 }) else {
      throw FileError(
        path: path, location: .byte(range.lowerBound),
        message: "zip: expected sizes and places that suit the file, got \(sizes)")
    }
    return
  }
}

// MARK: - Writing

/// Writes entries one after the other, and the directory in the end.
struct ZIPWriter {
  /// Whether all sizes go into ZIP64 fields; otherwise only those that must.
  let isAlwaysZIP64: Bool
  private var directory: [UInt8] = []
  private var entryCount = 0

  init(isAlwaysZIP64: Bool) { self.isAlwaysZIP64 = isAlwaysZIP64 }

  private func needsZIP64(_ number: Int) -> Bool { isAlwaysZIP64 || number >= max32 }

  /// Writes an entry whose data are `start` and, behind it, `rest`; they begin at a multiple of
  /// `alignment`.
  mutating func append(
    _ name: String, _ start: [UInt8], _ rest: UnsafeRawBufferPointer, compressed: Bool,
    alignment: Int = 1, to file: inout AtomicFile
  ) throws(FileError) {
    let header = file.count
    let size = start.count + rest.count
    let crc = crc32(rest.bindMemory(to: UInt8.self), seed: crc32(start))
    let data = compressed ? (start + rest).withUnsafeBufferPointer { deflated($0) } : start
    let storedSize = compressed ? data.count : size

    let (bigSize, bigHeader) = (needsZIP64(max(size, storedSize)), needsZIP64(header))
    let sizeField = bigSize ? [size, storedSize] : []
    let version = bigSize || bigHeader ? 45 : 20
    var common: [UInt8] = []
    common.append(version, count: 2)
    common.append(1 << 11, count: 2)  // the name is in UTF-8
    common.append(compressed ? 8 : 0, count: 2)
    common.append(0x21 << 16, count: 4)  // 1 January 1980, so that equal arrays make equal files
    common.append(crc, count: 4)
    common.append(bigSize ? Int(max32) : storedSize, count: 4)
    common.append(bigSize ? Int(max32) : size, count: 4)
    common.append(name.utf8.count, count: 2)

    var local: [UInt8] = []
    local.append(localSignature, count: 4)
    local += common
    let sizeFieldCount = sizeField.isEmpty ? 0 : 20
    var padding = (header + 30 + name.utf8.count + sizeFieldCount) % alignment
    // A field takes four bytes at least.
    if padding > 0 { padding = 4 + (2 * alignment - 4 - padding) % alignment }
    local.append(sizeFieldCount + padding, count: 2)
    local += name.utf8
    local.appendZIP64(sizeField)
    if padding > 0 {
      local.append(paddingField, count: 2)
      local.append(padding - 4, count: 2)
      local += repeatElement(0, count: padding - 4)
    }
    try file.append(local)
    try file.append(data)
    if !compressed { try file.append(rest) }

    let fields = sizeField + (bigHeader ? [header] : [])
    directory.append(entrySignature, count: 4)
    directory.append(version, count: 2)
    directory += common
    directory.append(fields.isEmpty ? 0 : 4 + 8 * fields.count, count: 2)
    directory.append(0, count: 10)  // no comment, disk 0, no attributes
    directory.append(bigHeader ? Int(max32) : header, count: 4)
    directory += name.utf8
    directory.appendZIP64(fields)
    entryCount += 1
  }

  /// Writes the directory and the records that lead to it.
  func finish(_ file: inout AtomicFile) throws(FileError) {
    let start = file.count
    try file.append(directory)
    var end: [UInt8] = []
    let isBig = needsZIP64(start) || needsZIP64(directory.count) || entryCount >= 0xFFFF
    if isBig {
      end.append(end64Signature, count: 4)
      end.append(44, count: 8)  // what follows
      end.append(45 << 16 | 45, count: 4)
      end.append(0, count: 8)
      end.append(entryCount, count: 8)
      end.append(entryCount, count: 8)
      end.append(directory.count, count: 8)
      end.append(start, count: 8)
      end.append(locatorSignature, count: 4)
      end.append(0, count: 4)
      end.append(start + directory.count, count: 8)
      end.append(1, count: 4)
    }
    end.append(endSignature, count: 4)
    end.append(0, count: 4)
    end.append(isBig ? 0xFFFF : entryCount, count: 2)
    end.append(isBig ? 0xFFFF : entryCount, count: 2)
    end.append(isBig ? Int(max32) : directory.count, count: 4)
    end.append(isBig ? Int(max32) : start, count: 4)
    end.append(0, count: 2)
    try file.append(end)
  }
}

extension [UInt8] {
  /// Appends a ZIP64 field with these numbers, if there are any.
  fileprivate mutating func appendZIP64(_ numbers: [Int]) {
    if numbers.isEmpty { return }
    append(1, count: 2)
    append(8 * numbers.count, count: 2)
    for number in numbers { append(number, count: 8) }
  }
}
