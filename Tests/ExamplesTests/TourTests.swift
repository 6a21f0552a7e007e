// Examples/Tour prints what NumPy prints.

import Testing
import tour

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("The tour of arrays")
struct TourTests {
  @Test("prints NumPy's lines")
  func lines() throws {
    let golden = goldenLines()
    #expect(golden.count > 250)
    var lines: [String] = []
    Tour.run { text in
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    var section = ""
    for (line, expected) in zip(lines, golden) {
      if expected.hasPrefix("==") { section = expected }
      #expect(line == expected, "in \(section)")
    }
    #expect(lines.count == golden.count)
  }

  /// What Examples/Tour/numpy_tour.py wrote.
  private func goldenLines() -> [String] {
    let root = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/")
    guard let file = fopen(root + "/Examples/Tour/numpy.txt", "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    var lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    lines.removeLast()
    return lines
  }
}
