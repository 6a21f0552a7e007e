// The two wrappers around a DEFLATE stream: gzip, RFC 1952 (a file is a row of members, each with
// header, stream, CRC-32 and length), and zlib, RFC 1950 (used in PNG; Adler-32).
// Next: IDX.swift, a format that usually comes compressed.

/// Whether the bytes begin like a gzip file.
package func isGzip(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
}

/// Decompresses a gzip file: all its members, one after the other.
///
/// - Throws: `FileError` if a header, stream or checksum is wrong, if something other than a member or
///   the zeros with which tapes are filled up follows, or if more than `limit` bytes come out.
package func gunzip(
  _ input: UnsafeBufferPointer<UInt8>, limit: Int, path: String
) throws(FileError) -> FileBytes {
  let output = FileBytes()
  try gunzip(input, into: output, limit: limit, path: path)
  try output.reallocate(output.count, path: path)
  return output
}

/// Decompresses a gzip file into `output`, which holds what came out before an error too.
func gunzip(
  _ input: UnsafeBufferPointer<UInt8>, into output: FileBytes, limit: Int, path: String
) throws(FileError) {
  var reader = HeaderReader(input: input, path: path)
  repeat {
    try reader.gzipHeader()
    let start = output.count
    reader.position = try inflate(
      input, from: reader.position, appendingTo: output, limit: limit, path: path)
    let length = output.count - start
    let crc = output.withUnsafeBufferPointer { crc32(UnsafeBufferPointer(rebasing: $0[start...])) }
    try reader.expect(crc, asNumberOf: 4, "the CRC-32 of the data")
    try reader.expect(
      UInt32(truncatingIfNeeded: length), asNumberOf: 4, "the length of the data")
  } while !input[reader.position...].allSatisfy { $0 == 0 }
}

/// Decompresses a zlib stream, which must fill the whole input.
///
/// - Throws: `FileError` if header, stream or checksum is wrong, if something follows, or if more
///   than `limit` bytes come out. Preset dictionaries are refused.
package func zlibDecompressed(
  _ input: UnsafeBufferPointer<UInt8>, limit: Int, path: String
) throws(FileError) -> FileBytes {
  var reader = HeaderReader(input: input, path: path)
  let (method, flags) = (try reader.byte(), try reader.byte())
  guard method & 0x0F == 8, method >> 4 <= 7, (method * 256 + flags) % 31 == 0 else {
    throw reader.fault(0, "expected a zlib header, got \(hexadecimal(input.prefix(2)))")
  }
  guard flags & 0x20 == 0 else {
    throw reader.fault(1, "expected a zlib stream without a preset dictionary")
  }
  let output = FileBytes()
  reader.position = try inflate(
    input, from: reader.position, appendingTo: output, limit: limit, path: path)
  let adler = output.withUnsafeBufferPointer { adler32($0) }
  try reader.expect(adler.byteSwapped, asNumberOf: 4, "the Adler-32 of the data")
  guard reader.position == input.count else {
    throw reader.fault(
      reader.position,
      "expected the end of the zlib stream, got \(input.count - reader.position)"
        + " more bytes")
  }
  try output.reallocate(output.count, path: path)
  return output
}

/// Reads the bytes before and after a stream.
private struct HeaderReader {
  let input: UnsafeBufferPointer<UInt8>
  let path: String
  var position = 0

  init(input: UnsafeBufferPointer<UInt8>, path: String) {
    self.input = input
    self.path = path
  }

  mutating func byte() throws(FileError) -> Int {
    guard position < input.count else {
      throw fault(position, "expected more data, got the end of the file")
    }
    position += 1
    return Int(input[position - 1])
  }

  mutating func skip(_ count: Int) throws(FileError) {
    guard input.count - position >= count else {
      throw fault(input.count, "expected more data, got the end of the file")
    }
    position += count
  }

  /// Reads a number of `count` bytes, lowest first, that must be `value`.
  mutating func expect(
    _ value: UInt32, asNumberOf count: Int, _ meaning: String
  ) throws(FileError) {
    let start = position
    var stored: UInt32 = 0
    for index in 0..<count { stored |= UInt32(try byte()) << UInt32(8 * index) }
    guard stored == value else {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
      throw fault(
        start,
        "expected \(meaning), \(hexadecimal(bytes)), got \(hexadecimal(input[start..<position]))")
    }
  }

  /// RFC 1952, 2.3: ten fixed bytes, then the fields that the flags announce.
  mutating func gzipHeader() throws(FileError) {
    let start = position
    guard input[start...].starts(with: [0x1F, 0x8B, 8]) else {
      let what = start == 0 ? "a gzip header" : "the end of the file or another gzip header"
      throw fault(
        start,
        "expected \(what) (1f 8b 08), got \(hexadecimal(input[start...].prefix(3)))"
          + (start == 0 && !isGzip(input) ? kindHint(input) : ""))
    }
    position += 3
    let flags = try byte()
    guard flags & 0xE0 == 0 else {
      throw fault(start + 3, "expected the reserved gzip flags to be 0, got \(flags)")
    }
    try skip(6)  // time stamp, compression level, operating system
    if flags & 4 != 0 {  // FEXTRA: a length, then that many bytes
      let low = try byte()
      try skip(try byte() << 8 | low)
    }
    for flag in [8, 16] where flags & flag != 0 {  // FNAME, FCOMMENT: text with a zero at its end
      while try byte() != 0 {}
    }
    if flags & 2 != 0 {  // FHCRC: the low half of the header's CRC-32
      let crc = crc32(UnsafeBufferPointer(rebasing: input[start..<position])) & 0xFFFF
      try expect(crc, asNumberOf: 2, "the CRC-16 of the header")
    }
  }

  func fault(_ offset: Int, _ message: String) -> FileError {
    FileError(path: path, location: .byte(offset), message: message)
  }
}
