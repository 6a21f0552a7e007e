// Hexadecimal literals, a reproducible generator and a folder for one test.

import ArrayFiles
import TestSupport

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The bytes written as two hexadecimal digits each; spaces do not count.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

/// SplitMix64, so that a failing case can be repeated.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The error `body` throws, or nil.
func fileError(_ body: () throws(FileError) -> Void) -> FileError? {
  do throws(FileError) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// `inflate` on an array that must hold exactly one stream.
func inflated(_ stream: [UInt8], limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
  let output = FileBytes()
  let end = try stream.withUnsafeBufferPointer { input throws(FileError) in
    try inflate(input, appendingTo: output, limit: limit, path: "stream")
  }
  if end != stream.count { throw FileError(path: "stream", message: "ended at \(end)") }
  return output.array
}

func gunzipped(_ file: [UInt8], limit: Int = 1 << 24) throws(FileError) -> [UInt8] {
  try file.withUnsafeBufferPointer { input throws(FileError) in
    try gunzip(input, limit: limit, path: "file.gz").array
  }
}

func unzlibbed(_ file: [UInt8], limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
  try file.withUnsafeBufferPointer { input throws(FileError) in
    try zlibDecompressed(input, limit: limit, path: "stream").array
  }
}

/// Writes a file without waiting for the disk, as `writeFile` does.
private func store(_ content: [UInt8], at path: String) {
  let file = fopen(path, "w")
  fwrite(content, 1, content.count, file)
  fclose(file)
}

/// Writes `content` to a file called `name`, calls `body` with its path, and removes it.
func withFile(_ content: [UInt8], called name: String, _ body: (String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    store(content, at: "\(folder)/\(name)")
    try body("\(folder)/\(name)")
  }
}

/// What the error of `body` on a file with `content` says, without the folder that the file is in.
func errorReading(
  _ content: [UInt8], called name: String, _ body: (String) throws(FileError) -> Void
) -> String? {
  var result: String?
  withTemporaryFolder { folder in
    store(content, at: "\(folder)/\(name)")
    let error = fileError { () throws(FileError) in try body("\(folder)/\(name)") }
    result = error.map { String($0.description.dropFirst(folder.utf8.count + 1)) }
  }
  return result
}
