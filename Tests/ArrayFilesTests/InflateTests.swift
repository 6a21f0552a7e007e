import ArrayFiles
import Testing

// Streams made by Python's zlib:
// def raw(data, level=9, strategy=zlib.Z_DEFAULT_STRATEGY):
//   c = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy); return c.compress(data) + c.flush()

/// `raw(text)` of the text below: one dynamic block.
let squaresStream = bytes(
  "5d934b6e05210c04afc20946f807c37122258b2c93a7dc3ff4aca8b7c4b2eceaa6dddbebe7efe3f7ebb37dbf"
    + "5abf9a9d6fbb9a9fefbc5a9cef75b544ffb85a9d05afab8db310bb6362e49e719f85b197acb3706f0aeb58d3"
    + "054a525717602df7240bf2ed6d46e4b5898cd0a2b6411dea02b8df9a05f4706d5cd42b0f419fa277d067aa8b"
    + "56df7b9683be7c6f74d0d7dc5c0efa217a07fd78ba403f9f59a09fcf465a2fae00fd127d807e4963d0fb2e2b"
    + "82e677391674df646c14bf520a62b0a66f0a48b0d06fc6fdf6e7da0b1156ca463241433292111a4a5a52c754"
    + "1c933a6e6536df52a4602763d4a5239923d3892483e45df3a0c3a36b2f7478f6cd579db9948e820e1f4f1f74"
    + "f8d4bc0a06587b0b3a7c3d270c1df1e8289eb1496fcdb7f46b1e2f22e45ff124523eff03")

/// The text whose CRC-32 is 4010848225.
///
/// b"".join(b"%d squared is %d. " % (i, i * i) for i in range(60))
let squaresText = (0..<60).flatMap { Array("\($0) squared is \($0 * $0). ".utf8) }

/// Letters as frequent as the Fibonacci numbers, scattered: their codes have up to 13 bits.
/// data = b"".join(bytes([65 + s]) * f for s, f in enumerate(fibonacci[:14]))
/// raw(bytes(data[i * 379 % 986] for i in range(986)), 9, zlib.Z_HUFFMAN_ONLY), CRC-32 956767114
private let longCodesStream = bytes(
  "05c1818103310cc3b0d9beed5d624be4fee33cf087c13a18c4601d0cd6601d0cd6c53a18ac8b75305817eb60"
    + "b02ed6c1605dac178375b15e0cd6c57a315817ebc5605dac178375b15e0cd6c57a315817ebc1605dac078375"
    + "b11e0cd6c57a305817ebc1605dac2f06eb627d315817eb83c13a581f0cd6c1fac3601d8c5f0cd6c12006eb60"
    + "b006eb60b006eb60b02ed6c1605dac83c1ba58078375b10e06eb62bd18ac8bf562b02ed68bc1ba582f06eb62"
    + "bd18ac8bf562b02ed68bc1ba580f06eb623d18ac8bf560b02ed683c1ba585f0cd6c5fa62b02ed6178375b03e"
    + "18ac83f5c1601dac3f0cd6c1f0c1601d0c62b00e066bb00e066bb00e06eb621d0cd6c53a18ac8b75305817eb"
    + "60b02ed68bc1ba582f06eb62bd18ac8bf562b02ed68bc1ba582f06eb62bd18ac8bf560b02ed683c1ba580f06"
    + "eb623d18ac8bf5c5605dac2f06eb627d315807eb83c13a587f18ac83f18bc13a18fe01")

@Suite("Inflate")
struct InflateTests {
  @Test(
    "blocks of each type give what zlib compressed",
    arguments: [
      ("010000ffff", ""),  // raw(b"", 0)
      ("0300", ""),  // raw(b"")
      ("010500faff68656c6c6f", "hello"),  // raw(b"hello", 0)
      ("cb48cdc9c957c8409000", "hello hello hello"),  // raw(b"hello hello hello", 9, zlib.Z_FIXED)
    ])
  func smallBlocks(stream: String, text: String) throws {
    #expect(try inflated(bytes(stream)) == Array(text.utf8))
  }

  @Test("a dynamic block gives what zlib compressed")
  func dynamicBlock() throws {
    #expect(crc32(squaresText) == 4_010_848_225)
    #expect(try inflated(squaresStream) == squaresText)
  }

  @Test("codes longer than the first table's index are decoded")
  func longCodes() throws {
    let data = try inflated(longCodesStream)
    #expect(data.count == 986)
    #expect(crc32(data) == 956_767_114)
  }

  @Test("a run of zeros, a match that repeats its own output, is decoded")
  func zeros() throws {
    // raw(bytes(5000))
    let stream = bytes("edc13101000000c2a0f54f6d0a3fa00000000080b701")
    #expect(try inflated(stream) == [UInt8](repeating: 0, count: 5000))
  }

  @Test("matches repeat patterns of every short length", arguments: 1...40)
  func overlappingMatches(period: Int) throws {
    let data = (0..<600).map { UInt8($0 % period) }
    #expect(try inflated(data.withUnsafeBufferPointer { deflated($0) }) == data)
  }

  @Test("output is appended, and distances do not reach into what was there before")
  func appending() throws {
    let output = FileBytes()
    for (stream, isMatch) in [(bytes("010500faff68656c6c6f"), false), ([0x02, 0x7E], true)] {
      let error = fileError { () throws(FileError) in
        _ = try stream.withUnsafeBufferPointer { input throws(FileError) in
          try inflate(input, appendingTo: output, limit: 100, path: "stream")
        }
      }
      #expect((error != nil) == isMatch)
    }
    #expect(output.array == Array("hello".utf8))
    // The fixed code for length 3 at distance 1, with nothing before it.
    #expect(
      fileError { () throws(FileError) in _ = try inflated([0x03, 0x02, 0x00]) }?.message
        == "deflate: expected a distance of at most 0, got 1")
  }

  // zlib refuses each of these with the message in the comment.
  @Test(
    "malformed streams are refused with a reason and a place",
    arguments: [
      ("06", 1, "expected a block of type 0, 1 or 2, got 3"),  // invalid block type
      // invalid stored block lengths
      ("00 00 00 00 00", 1, "expected the length of a stored block and its complement"),
      // too many length or distance symbols
      ("fc 00 00", 2, "expected at most 286 literal and 30 distance codes, got 288 and 1"),
      // invalid code lengths set
      ("04 00 fe ff", 4, "expected a complete Huffman code for the code lengths"),
      // invalid bit length repeat
      ("04 00 24 49 00 00", 4, "expected a code length before the order to repeat it"),
      ("04 00 24 e9 ff ff", 6, "expected 258 code lengths, got 276"),
      // invalid code -- missing end-of-block
      ("04 00 24 e9 ff 6d", 6, "expected a code for the end of the block"),
      // invalid literal/lengths set
      (
        "04 80 49 92 24 49 92 24 71 ff ff 93 11 00", 14,
        "expected a complete Huffman code for literals and lengths"
      ),
      // invalid distances set
      (
        "04 80 49 92 24 49 92 24 0f b4 ff ff c3 84", 14,
        "expected a complete Huffman code for distances"
      ),
      // invalid literal/length code
      (
        "04 c0 81 08 00 00 00 00 20 7f eb 0b 00 00", 12, "expected a code in use, got an unused one"
      ),
      // invalid distance code
      ("02 7e ff ff", 2, "expected a distance code in use, got an unused one"),
      // invalid distance too far back
      (
        "0c c0 81 00 00 00 00 00 90 ff 6b 04 00", 12, "expected a distance of at most 0, got 1"
      ),
    ])
  func malformed(stream: String, offset: Int, message: String) {
    let error = fileError { () throws(FileError) in _ = try inflated(bytes(stream)) }
    #expect(error?.message == "deflate: " + message)
    #expect(error?.location == .byte(offset))
  }

  @Test("every truncation is refused at the end of the data")
  func truncations() {
    for stream in [squaresStream, longCodesStream, bytes("010500faff68656c6c6f"), bytes("0300")] {
      for length in 0..<stream.count {
        let error = fileError { () throws(FileError) in
          _ = try inflated(Array(stream.prefix(length)))
        }
        #expect(error?.message == "deflate: expected more data, got the end of the file")
        #expect(error?.location == .byte(length))
      }
    }
  }

  @Test("random bytes never crash and stay within the limit", arguments: 0..<8)
  func noise(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var refused = 0
    for _ in 0..<500 {
      var stream = (0..<Int.random(in: 1...400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      stream[0] = stream[0] & 0xF8 | UInt8.random(in: 2...5, using: &random)
      do throws(FileError) {
        #expect(try inflated(stream, limit: 3000).count <= 3000)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 400)
  }

  @Test("output is allowed up to the limit and not a byte further", arguments: [0, 1, 1143, 1144])
  func limit(limit: Int) throws {
    let error = fileError { () throws(FileError) in
      _ = try inflated(squaresStream, limit: limit)
    }
    if limit == 1144 {
      #expect(error == nil)
    } else {
      #expect(error?.message == "deflate: expected at most \(limit) bytes of output, got more")
    }
  }
}
