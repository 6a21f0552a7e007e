import ArrayFiles
import Testing

// gzip.compress(b"gzip", mtime=0) of Python
private let small = bytes("1f8b08000000000002034bafca2c0000f25ce93a04000000")

// A member with every field of the header; Python's gzip reads it as b"all fields":
// h = bytes([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0x78, 0x56, 0x34, 0x12, 2, 255])
// h += struct.pack("<H", 3) + b"abc" + b"name\0" + b"a comment\0"
// h += struct.pack("<H", zlib.crc32(h) & 0xffff)
private let allFields = bytes(
  "1f8b081e7856341202ff03006162636e616d65006120636f6d6d656e740012ef4bccc95148cb4ccd49290600"
    + "cbbb26e00a000000")

// gzip.compress around the stream of InflateTests.swift
private let squares =
  bytes("1f8b0800000000000203") + squaresStream + littleEndian(4_010_848_225)
  + littleEndian(1144)

private func littleEndian(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

@Suite("Gzip")
struct GzipTests {
  @Test("one member, several, and an empty one are read")
  func members() throws {
    #expect(try gunzipped(small) == Array("gzip".utf8))
    #expect(try gunzipped(allFields) == Array("all fields".utf8))
    let empty = bytes("1f8b08000000000002030300") + littleEndian(0) + littleEndian(0)
    #expect(try gunzipped(empty) == [])
    #expect(
      try gunzipped(small + empty + squares + allFields)
        == Array("gzip".utf8) + squaresText + Array("all fields".utf8))
  }

  @Test("every truncation is refused")
  func truncations() {
    for file in [small, allFields, squares] {
      for length in 0..<file.count {
        #expect(
          fileError { () throws(FileError) in _ = try gunzipped(Array(file[..<length])) } != nil)
      }
    }
    // Where a member is cut off in the middle, it does not matter that another came before.
    for length in 1..<small.count {
      let file = small + small[..<length]
      #expect(fileError { () throws(FileError) in _ = try gunzipped(file) } != nil)
    }
  }

  @Test("a changed byte never crashes, and never changes the content unnoticed", arguments: 0..<8)
  func mutations(seed: UInt64) {
    var random = SplitMix64(state: seed)
    for _ in 0..<500 {
      var file = squares
      let offset = Int.random(in: 0..<file.count, using: &random)
      file[offset] ^= UInt8.random(in: 1...255, using: &random)
      do throws(FileError) {
        // Accepted: time stamp, level, system, and unused bits.
        #expect(try gunzipped(file) == squaresText, "byte \(offset)")
      } catch {
        #expect(error.path == "file.gz")
      }
    }
  }

  @Test(
    "each part that is wrong is named",
    arguments: [
      (0, 0x50, 0, "expected a gzip header (1f 8b 08), got 50 8b 08"),
      (2, 7, 0, "expected a gzip header (1f 8b 08), got 1f 8b 07"),
      (3, 0x3E, 3, "expected the reserved gzip flags to be 0, got 62"),
      (30, 0x13, 30, "expected the CRC-16 of the header, 12 ef, got 13 ef"),
      (44, 0xCC, 44, "expected the CRC-32 of the data, cb bb 26 e0, got cc bb 26 e0"),
      (48, 0x0B, 48, "expected the length of the data, 0a 00 00 00, got 0b 00 00 00"),
    ])
  func wrongParts(changed: Int, value: UInt8, offset: Int, message: String) {
    var file = allFields
    file[changed] = value
    let error = fileError { () throws(FileError) in _ = try gunzipped(file) }
    #expect(error == FileError(path: "file.gz", location: .byte(offset), message: message))
  }

  // gzip -c file > file.gz; head -c 512 /dev/zero >> file.gz; gunzip -c file.gz
  @Test("zeros behind the last member, as tapes have them, do not count")
  func padding() throws {
    let zeros = [UInt8](repeating: 0, count: 512)
    #expect(try gunzipped(small + small + zeros) == Array("gzipgzip".utf8))
    #expect(fileError { () throws(FileError) in _ = try gunzipped(small + zeros + [1]) } != nil)
    #expect(fileError { () throws(FileError) in _ = try gunzipped(zeros) } != nil)
  }

  @Test("what follows the last member is refused")
  func trailingBytes() {
    let error = fileError { () throws(FileError) in _ = try gunzipped(small + [0x50, 0x4B, 3, 4]) }
    #expect(
      error?.description == "file.gz, byte 24: expected the end of the file or another gzip header"
        + " (1f 8b 08), got 50 4b 03")
    #expect(
      fileError { () throws(FileError) in _ = try gunzipped([]) }?.description
        == "file.gz, byte 0: expected a gzip header (1f 8b 08), got nothing")
  }

  @Test("a small file that expands to much is stopped at the limit")
  func bomb() throws {
    let zeros = [UInt8](repeating: 0, count: 1_000_000)
    let stream = zeros.withUnsafeBufferPointer { deflated($0) }
    let file =
      bytes("1f8b0800000000000203") + stream + littleEndian(crc32(zeros)) + littleEndian(1_000_000)
    #expect(file.count < 10_000)
    #expect(try gunzipped(file) == zeros)
    let error = fileError { () throws(FileError) in _ = try gunzipped(file, limit: 100_000) }
    #expect(error?.message == "deflate: expected at most 100000 bytes of output, got more")
    // The limit counts all members together.
    #expect(
      fileError { () throws(FileError) in _ = try gunzipped(small + small, limit: 7) }?.message
        == "deflate: expected at most 7 bytes of output, got more")
  }

  @Test("a zlib stream is read and its header and checksum are verified")
  func zlib() throws {
    // zlib.compress(b"zlib zlib zlib")
    let stream = bytes("789cabcac94c52a8821100286d0554")
    #expect(try unzlibbed(stream) == Array("zlib zlib zlib".utf8))
    for length in 0..<stream.count {
      #expect(
        fileError { () throws(FileError) in _ = try unzlibbed(Array(stream[..<length])) } != nil)
    }
    for (offset, value, message) in [
      (0, 0x79, "expected a zlib header, got 79 9c"),
      (14, 0x55, "expected the Adler-32 of the data, 28 6d 05 54, got 28 6d 05 55"),
    ] {
      var changed = stream
      changed[offset] = UInt8(value)
      #expect(fileError { () throws(FileError) in _ = try unzlibbed(changed) }?.message == message)
    }
    #expect(
      fileError { () throws(FileError) in _ = try unzlibbed(stream + [0]) }?.message
        == "expected the end of the zlib stream, got 1 more bytes")
    #expect(
      fileError { () throws(FileError) in _ = try unzlibbed(bytes("78bb")) }?.message
        == "expected a zlib stream without a preset dictionary")
  }
}
