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
