// Pictures in every form of PNG, JPEG, BMP and Netpbm. make_images.py made images.txt and has read the same
// files with Pillow.

import ArrayFiles
import TestSupport
import Testing

/// A line of images.txt.
private struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  let shape: TensorShape
  let file: [UInt8]
  let pixels: [UInt8]
  var testDescription: String { name }
}

private let goldens: [Golden] = {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/")
  guard let bytes = try? readFile("\(folder)/images.txt") else { return [] }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
    let words = line.split(separator: " ").map(String.init)
    let sizes = words[1...3].compactMap { Int($0) }
    return Golden(
      name: words[0], shape: [sizes[1], sizes[0], sizes[2]], file: base64Decoded(words[4]),
      pixels: base64Decoded(words[5]))
  }
}()

/// The file of a line.
private func file(_ name: String) throws -> [UInt8] {
  try #require(goldens.first { $0.name == name }?.file)
}

/// What the error about a file says.
private func error(_ bytes: [UInt8], limit: Int = 1 << 28) -> String? {
  fileError { () throws(FileError) in _ = try ImageFile(bytes, limit: limit) }?.description
}

@Suite("Pictures")
struct ImageTests {
  @Test("have the pixels that Pillow reads", arguments: goldens)
  fileprivate func pillow(golden: Golden) throws {
    let image = try ImageFile(golden.file)
    let pixels = image.pixels()
    #expect(pixels.shape == golden.shape)
    let differences = zip(pixels.elements, golden.pixels).count { $0 != $1 }
    #expect(differences == 0, "\(differences) of \(golden.pixels.count) samples")
  }

  @Test("are many")
  func count() {
    #expect(goldens.count > 150)
  }

  @Test("of 16 bits keep all of them")
  func depth() throws {
    let pgm = Array("P5 2 1 65535\n".utf8) + [0x12, 0x34, 0xFF, 0xFE]
    let image = try ImageFile(pgm)
    #expect(image.bitDepth == 16 && image.samples() == [[[0x1234], [0xFFFE]]])
    #expect(image.pixels() == [[[0x12], [0xFF]]])
    #expect(try ImageFile(Array("P2 1 1 3\n2".utf8)).samples() == [[[170]]])
  }

  // Image.new("RGBA", (1, 1), (10, 200, 30, 40)).convert("L"), …
  @Test("are brought to another number of channels")
  func channels() throws {
    let rgb = try ImageFile(Array("P3 1 1 255 10 200 30".utf8))
    #expect(rgb.pixels(channels: 1) == [[[124]]])
    #expect(rgb.pixels(channels: 2) == [[[124, 255]]])
    #expect(rgb.pixels(channels: 4) == [[[10, 200, 30, 255]]])
    let grey = try ImageFile(Array("P2 1 1 255 7".utf8))
    #expect(
      grey.pixels(channels: 3) == [[[7, 7, 7]]] && grey.pixels(channels: 4) == [[[7, 7, 7, 255]]])
    try withFile(Array("P2 1 1 255 7".utf8), called: "x.pgm") { path in
      let tensor = try Tensor(contentsOfImage: path, channels: 3)
      #expect(tensor.shape == [1, 1, 3])
    }
    let opaque = try ImageFile(try file("png-6-8-0"))
    #expect(opaque.channels == 4 && opaque.pixels(channels: 3) == opaque.pixels()[0..., 0..., ..<3])
  }

  @Test("that are cut off anywhere are refused", arguments: goldens.filter { $0.file.count < 1500 })
  fileprivate func truncations(golden: Golden) {
    // A JPEG may lack its last marker, a text its last blank and the digits of its last number.
    let isJPEG = golden.name.hasPrefix("jpeg"), isText = golden.name.contains("text")
    let end = golden.file.count - (isJPEG ? 2 : isText ? 4 : 0)
    for length in stride(from: 0, to: end, by: max(1, end / 60)) {
      #expect(
        fileError { () throws(FileError) in _ = try ImageFile(Array(golden.file[..<length])) }
          != nil,
        "\(length) of \(golden.file.count) bytes")
    }
  }

  @Test("that claim more pixels than they have bytes for are refused before they take memory")
  func hostileSizes() throws {
    func bigEndian(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    var png = try file("png-small-1x1")
    png.replaceSubrange(16..<24, with: bigEndian(31_623) + bigEndian(31_623))
    png.replaceSubrange(29..<33, with: bigEndian(crc32(Array(png[12..<29]))))
    #expect(
      error(png, limit: 1 << 31)?.contains("as many pixels as the file has bytes for") == true)
    #expect(error(png)?.contains("expected at most 268435456 pixels, got 31623 x 31623") == true)
    var jpeg = try file("jpeg-L-8x8-0-quality90")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x7B, 0x87, 0x7B, 0x87])
    #expect(
      error(jpeg, limit: 1 << 31)?.contains("as many pixels as the file has bytes for") == true)
    var bmp = try file("bmp-pillow-RGB")
    bmp.replaceSubrange(18..<26, with: [0x87, 0x7B, 0, 0, 0x87, 0x7B, 0, 0])
    #expect(
      error(bmp, limit: 1 << 31)?.contains("as many pixels as the file has bytes for") == true)
    #expect(
      error(Array("P6 31623 31623 255\n".utf8), limit: 1 << 31)?
        .contains("as many pixels as the file has bytes for") == true)
  }

  @Test("that are damaged are refused with a sentence")
  func damaged() throws {
    var png = try file("png-2-8-0")
    png[20] ^= 1
    #expect(error(png)?.contains("png: expected the CRC-32") == true)
    #expect(error(Array("GIF89a".utf8))?.contains("this is a picture in GIF format") == true)
    #expect(error([])?.contains("expected a picture in PNG, JPEG, BMP") == true)
    #expect(
      error(Array("P2 1 1 3\n4".utf8))
        == "image, byte 10: pnm: expected samples of at most 3, got 4")
    #expect(error(Array("P5 0 1 255\n".utf8))?.contains("expected at least one pixel") == true)
    var jpeg = try file("jpeg-L-8x8-0-quality90")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    jpeg[frame + 1] = 0xC9
    #expect(error(jpeg)?.contains("coded by arithmetic") == true)
  }

  @Test("with changed bytes never crash", arguments: 0..<4)
  func mutations(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let small = goldens.filter { $0.file.count < 2500 }
    for _ in 0..<400 {
      var bytes = small.randomElement(using: &random)?.file ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      _ = try? ImageFile(bytes, limit: 1 << 20)
    }
  }
}
