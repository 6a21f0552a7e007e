// GGUF files put together here, after the description of the format that llama.cpp's project ggml keeps
// (docs/gguf.md); the elements of blocks are those of its `dequantize_row_q8_0` and `dequantize_row_q4_0`.

import ArrayFiles
import TestSupport
import Testing

private func number(_ value: Int, _ count: Int = 8) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func text(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }

/// What stands about a tensor: sizes fastest first.
private func tensor(_ name: String, _ sizes: [Int], _ type: Int, at place: Int) -> [UInt8] {
  text(name) + number(sizes.count, 4) + sizes.flatMap { number($0) } + number(type, 4)
    + number(place)
}

private func file(
  facts: [[UInt8]] = [], tensors: [[UInt8]] = [], data: [UInt8] = [], version: Int = 3,
  alignment: Int = 32
) -> [UInt8] {
  let header =
    Array("GGUF".utf8) + number(version, 4) + number(tensors.count) + number(facts.count)
    + facts.flatMap { $0 } + tensors.flatMap { $0 }
  return header + [UInt8](repeating: 0, count: (alignment - header.count % alignment) % alignment)
    + data
}

private let facts = [
  text("general.architecture") + number(8, 4) + text("llama"),
  text("general.alignment") + number(4, 4) + number(64, 4),
  text("tokens") + number(9, 4) + number(8, 4) + number(2) + text("a") + text("bc"),
  text("lists") + number(9, 4) + number(9, 4) + number(1) + number(4, 4) + number(1) + number(5, 4),
  text("epsilon") + number(6, 4) + bytes("0000003f"),
  text("flag") + number(7, 4) + [1], text("byte") + number(1, 4) + [255],
  text("big") + number(11, 4) + number(-5),
  text("double") + number(12, 4) + bytes("000000000000f83f"),
]

/// A scale of 0.5 and the numbers -16, -15, … 15.
private let q8 = bytes("0038") + (0..<32).map { UInt8(truncatingIfNeeded: $0 - 16) }
/// A scale of -2 and 16 bytes of which the low half counts up and the high half down.
private let q4 = bytes("00c0") + (0..<16).map { UInt8($0 | (15 - $0) << 4) }

private let golden = file(
  facts: facts,
  tensors: [
    tensor("w", [3, 2], 0, at: 0), tensor("h", [2], 1, at: 64), tensor("b", [1, 2], 30, at: 128),
    tensor("q8", [32, 1], 8, at: 192), tensor("q4", [32], 2, at: 256), tensor("i", [], 26, at: 320),
    tensor("k", [256], 12, at: 324),
  ],
  data: bytes("0000803f 00000040 00004040 00008040 0000a040 0000c040")
    + [UInt8](repeating: 0, count: 40)
    + bytes("003c 00c1") + [UInt8](repeating: 0, count: 60)
    + bytes("803f 49c0") + [UInt8](repeating: 0, count: 60)
    + q8 + [UInt8](repeating: 0, count: 30) + q4 + [UInt8](repeating: 0, count: 46)
    + bytes("feffffff"),
  alignment: 64)

private func error(_ content: [UInt8]) -> String? {
  errorReading(content, called: "m.gguf") { path throws(FileError) in
    let file = try GGUFFile(contentsOf: path)
    for name in file.names where name != "k" { _ = try file.array(named: name) }
  }
}

@Suite("GGUF")
struct GGUFTests {
  @Test("facts and tensors are read, those in blocks as Floats")
  func reading() throws {
    try withFile(golden, called: "m.gguf") { path in
      let file = try GGUFFile(contentsOf: path)
      #expect(file.names == ["w", "h", "b", "q8", "q4", "i", "k"])
      #expect(
        file.metadata == [
          "general.architecture": "llama", "general.alignment": "64", "epsilon": "0.5",
          "flag": "true", "byte": "-1", "big": "-5", "double": "1.5",
        ])
      #expect(try file["w"] == [[1, 2, 3], [4, 5, 6]] as Tensor<Float>)
      #expect(try file["h"] == [1, -2.5] as Tensor<Float>)
      #expect(try file["b"] == [[1], [-3.140625]] as Tensor<Float>)
      #expect(try file["i"] == Tensor<Int32>(-2))
      let q8: Tensor<Float> = try file["q8"]
      #expect(q8.shape == [1, 32])
      let expected8: [Float] = (0..<32).map { Float($0 - 16) / 2 }
      #expect(q8.elements == expected8)
      let q4: Tensor<Float> = try file["q4"]
      let (low, high): ([Float], [Float]) = (
        (0..<16).map { -2 * Float($0 - 8) }, (0..<16).map { -2 * Float(7 - $0) }
      )
      #expect(q4.elements == low + high)
      let error = #expect(throws: FileError.self) { try file.array(named: "k") }
      #expect(
        error?.message
          == "expected a type of F32, F16, Q4_0, Q8_0, I8, I16, I32, I64, F64, BF16, got number 12")
      #expect(try arrayArchive(contentsOf: path).names == file.names)
    }
  }

  @Test(
    "hostile headers are refused",
    arguments: [
      (Array("GGML".utf8), "byte 0: gguf: expected GGUF, got 47 47 4d 4c"),
      (file(version: 1), "byte 4: gguf: expected version 2 or 3, got 1"),
      (
        Array("GGUF".utf8) + number(3, 4) + number(.max) + number(0),
        "expected 8 more bytes, got 0"
      ),
      (
        Array("GGUF".utf8) + number(3, 4) + number(0) + number(-1),
        "expected 8 more bytes, got 0"
      ),
      (file(facts: [number(.max)]), "expected a text of at most"),
      (file(facts: [text("a") + number(13, 4)]), "expected a type of value of 0 to 12, got 13"),
      (
        file(facts: [text("a") + number(9, 4) + number(0, 4) + number(1 << 40)]),
        "expected a list of at most"
      ),
      (
        file(facts: [
          text("a") + (0..<9).flatMap { _ in number(9, 4) + number(9, 4) + number(1) }
        ]), "gguf: expected"
      ),
      (
        file(facts: [text("general.alignment") + number(4, 4) + number(0, 4)]),
        "expected a general.alignment of 1 to 1048576, got 0"
      ),
      (
        file(tensors: [tensor("a", [Int](repeating: 1, count: 9), 0, at: 0)]),
        "expected at most 8 axes, got 9"
      ),
      (
        file(tensors: [tensor("a", [1 << 62, 4], 0, at: 0)]), "expected a shape that fits in memory"
      ),
      (file(tensors: [tensor("a", [-1], 0, at: 0)]), "expected a shape that fits in memory"),
      (
        file(tensors: [tensor("a", [2], 0, at: 0)], data: [0, 0, 0, 0]),
        "expected \"a\" within the 4 bytes of data, got 8 from 0 on"
      ),
      (
        file(tensors: [tensor("a", [1], 0, at: -1)], data: [0, 0, 0, 0]),
        "from 18446744073709551615 on"
      ),
      (file(tensors: [tensor("a", [33], 8, at: 0)]), "expected rows of Q8_0 in blocks of 32"),
      (
        file(
          tensors: [tensor("a", [1], 24, at: 0), tensor("a", [1], 24, at: 0)], data: [0]),
        "expected each name once, got \"a\" again"
      ),
    ] as [([UInt8], String)])
  func mistakes(content: [UInt8], message: String) {
    let found = error(content)
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
  }

  @Test("every truncation is refused")
  func truncations() {
    for length in 0..<golden.count { #expect(error(Array(golden[..<length])) != nil, "\(length)") }
  }
}
