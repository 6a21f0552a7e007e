// The text files with other programs' answers, which lie beside the tests that read them.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The lines of a file beside the caller's source file, empty ones included; none if there is no such file.
public func goldenLines(_ name: String, beside source: String = #filePath) -> [Substring] {
  let path =
    source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/" + name
  var bytes: [UInt8] = []
  if let file = fopen(path, "r") {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    fclose(file)
  }
  return String(decoding: bytes, as: UTF8.self).split(
    separator: "\n", omittingEmptySubsequences: false)
}

/// The bytes that a text in base64 (RFC 4648) stands for.
public func base64Decoded(_ text: String) -> [UInt8] {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var bytes: [UInt8] = []
  var (bits, count) = (0, 0)
  for letter in text.utf8 {
    guard let value = letters.firstIndex(of: letter) else { break }
    (bits, count) = ((bits << 6 | value) & 0xFFFF, count + 6)
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
    }
  }
  return bytes
}
