// The two checksums of the compressed formats: CRC-32 (gzip, ZIP, PNG) and Adler-32 (zlib).
// Inflate.swift, next, produces the bytes that Gzip.swift checks with them.

/// The CRC-32 of `bytes`; pass the checksum of what came before as `seed` to continue it.
///
/// The polynomial is that of ISO 3309, reflected: 0xEDB88320.
package func crc32(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt32 = 0) -> UInt32 {
  guard let base = bytes.baseAddress else { return seed }
  return crcTables.withUnsafeBufferPointer { tables in
    let table = tables.baseAddress!
    let input = UnsafeRawPointer(base)
    var crc = ~seed
    var position = 0
    // Sixteen bytes a step: tables[n][b] is the effect of byte b that n more bytes follow.
    while bytes.count &- position >= 16 {
      let low =
        UInt64(littleEndian: input.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        ^ UInt64(crc)
      let high = UInt64(
        littleEndian: input.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self))
      crc = remainder(of: low, table + 8 * 256) ^ remainder(of: high, table)
      position &+= 16
    }
    while position < bytes.count {
      crc = table[Int((crc ^ UInt32(base[position])) & 0xFF)] ^ (crc &>> 8)
      position &+= 1
    }
    return ~crc
  }
}

/// The CRC-32 of an array's bytes.
package func crc32(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
  bytes.withUnsafeBufferPointer { crc32($0, seed: seed) }
}

/// What the eight bytes of `word`, the first one lowest, contribute to the checksum.
@inline(__always)
private func remainder(of word: UInt64, _ table: UnsafePointer<UInt32>) -> UInt32 {
  // Written out: as a loop it stayed one.
  let a = table[7 &* 256 &+ Int(word & 0xFF)] ^ table[6 &* 256 &+ Int((word &>> 8) & 0xFF)]
  let b =
    table[5 &* 256 &+ Int((word &>> 16) & 0xFF)] ^ table[4 &* 256 &+ Int((word &>> 24) & 0xFF)]
  let c =
    table[3 &* 256 &+ Int((word &>> 32) & 0xFF)] ^ table[2 &* 256 &+ Int((word &>> 40) & 0xFF)]
  let d = table[256 &+ Int((word &>> 48) & 0xFF)] ^ table[Int(word &>> 56)]
  return (a ^ b) ^ (c ^ d)
}

/// Sixteen tables of 256 entries: the remainders of each byte with 0 to 15 zero bytes after it.
private let crcTables: [UInt32] = {
  var tables = [UInt32](repeating: 0, count: 16 * 256)
  for byte in 0..<256 {
    var crc = UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    tables[byte] = crc
  }
  for index in 256..<tables.count {
    let shorter = tables[index - 256]
    tables[index] = tables[Int(shorter & 0xFF)] ^ (shorter >> 8)
  }
  return tables
}()

/// The Adler-32 of `bytes`: the sum of the bytes and the sum of those sums, modulo 65521.
package func adler32(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
  var sum: UInt32 = 1
  var sumOfSums: UInt32 = 0
  var position = 0
  while position < bytes.count {
    // 5552 is the longest run after which the second sum still fits in 32 bits.
    let end = min(position &+ 5552, bytes.count)
    while position < end {
      sum &+= UInt32(bytes[position])
      sumOfSums &+= sum
      position &+= 1
    }
    sum %= 65521
    sumOfSums %= 65521
  }
  return sumOfSums << 16 | sum
}

/// The Adler-32 of an array's bytes.
package func adler32(_ bytes: [UInt8]) -> UInt32 {
  bytes.withUnsafeBufferPointer { adler32($0) }
}
