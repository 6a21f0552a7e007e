import ArrayFiles
import Testing

// Golden values: zlib.crc32(pattern[:n]) and zlib.adler32(pattern[:n]) of Python, with
// pattern = bytes((i * 7 + i // 256) & 255 for i in range(1000))
private let goldens: [(count: Int, crc: UInt32, adler: UInt32)] = [
  (0, 0x0, 0x1), (1, 0xD202_EF8D, 0x10001), (7, 0x28B0_12A9, 0x18F_0094),
  (8, 0x2CFE_44E9, 0x254_00C5), (15, 0xC356_FBB9, 0xF5F_02E0), (16, 0x5412_6BA2, 0x12A8_0349),
  (17, 0xBA8B_4E1E, 0x1661_03B9), (31, 0xF483_7CB8, 0x87BF_0CB8), (32, 0xE843_3D3F, 0x9550_0D91),
  (33, 0xC486_63F5, 0xA3C1_0E71), (255, 0x89B9_AECB, 0x8A83_7E88),
  (1000, 0x668F_073D, 0x379E_EDFC),
]

private let pattern = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 256) }

@Test("the checksums agree with zlib's", arguments: goldens)
func checksums(count: Int, crc: UInt32, adler: UInt32) {
  #expect(crc32(Array(pattern.prefix(count))) == crc)
  #expect(adler32(Array(pattern.prefix(count))) == adler)
}

@Test("the CRC of the digits is the published check value")
func crcCheckValue() {
  #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
}

@Test("the CRC-32C of the digits is the published check value")
func castagnoliCheckValue() {
  #expect(crc32c(Array("123456789".utf8)) == 0xE306_9283)
  #expect(crc32c([]) == 0)
  // RFC 3720, appendix B.4: 32 bytes of zeros, 32 of ones, 0...31
  #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
  #expect(crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
  #expect(crc32c(Array(0..<32)) == 0x46DD_794E)
}

@Test("large sums do not overflow")
func manyLargeBytes() {
  let bytes = [UInt8](repeating: 0xFF, count: 100_000)
  #expect(crc32(bytes) == 0x68C6_CEC4)
  #expect(adler32(bytes) == 0x149A_302C)
}

@Test("a CRC can be continued at any byte", arguments: [0, 1, 15, 16, 17, 500, 999, 1000])
func continuedCRC(split: Int) {
  let first = crc32(Array(pattern[..<split]))
  #expect(crc32(Array(pattern[split...]), seed: first) == 0x668F_073D)
}

// hashlib.sha256(bytes(i % 251 for i in range(n))).hexdigest()
@Test(
  "SHA-256 agrees with hashlib, around the sizes of blocks too",
  arguments: [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    (55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"),
    (56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"),
    (63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"),
    (64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
    (119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"),
    (120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"),
    (1000, "4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d"),
  ])
func sha(count: Int, digest: String) {
  #expect(sha256((0..<count).map { UInt8($0 % 251) }) == digest)
}

@Test("SHA-256 of abc is the published one")
func shaOfABC() {
  #expect(
    sha256(Array("abc".utf8))
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}
