// The two checksums of the compressed formats, CRC-32 (gzip, ZIP, PNG) and Adler-32 (zlib), CRC-32C
// (TensorBoard) and SHA-256, by which a downloaded file is recognised.
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

/// The CRC-32C of `bytes`, with Castagnoli's polynomial 0x82F63B78, reflected.
package func crc32c(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in
    castagnoliTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8)
  }
}

/// The remainder of each byte.
private func remainders(polynomial: UInt32) -> [UInt32] {
  (0..<256).map { byte in
    (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
  }
}

private let castagnoliTable = remainders(polynomial: 0x82F6_3B78)

/// Sixteen tables of 256 entries: the remainders of each byte with 0 to 15 zero bytes after it.
private let crcTables: [UInt32] = {
  var tables = remainders(polynomial: 0xEDB8_8320)
  tables.reserveCapacity(16 * 256)
  for index in 256..<16 * 256 {
    let shorter = tables[index - 256]
    tables.append(tables[Int(shorter & 0xFF)] ^ (shorter >> 8))
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

/// The SHA-256 of `bytes` (FIPS 180-4) in hexadecimal, as `sha256sum` prints it.
package func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  var state = initialState
  let whole = bytes.count & ~63
  for start in stride(from: 0, to: whole, by: 64) {
    addBlock(UnsafeRawPointer(bytes.baseAddress! + start), to: &state)
  }
  // The rest, one bit that is set, zeros, and the number of bits fill one or two more blocks.
  var end = Array(bytes[whole...]) + [0x80]
  end += repeatElement(0, count: (120 - end.count) & 63)
  end += (0..<8).map { UInt8(truncatingIfNeeded: (bytes.count << 3) >> (56 - 8 * $0)) }
  end.withUnsafeBytes { end in
    for start in stride(from: 0, to: end.count, by: 64) {
      addBlock(end.baseAddress! + start, to: &state)
    }
  }
  return (0..<8).map { word in
    let digits = String(state[word], radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }.joined()
}

/// The SHA-256 of an array's bytes in hexadecimal.
package func sha256(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBufferPointer { sha256($0) }
}

/// Mixes a block of 64 bytes into the state: 64 rounds, one for each word of the schedule.
private func addBlock(_ block: UnsafeRawPointer, to state: inout SIMD8<UInt32>) {
  withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
    for i in 0..<16 {
      words[i] = UInt32(
        bigEndian: block.loadUnaligned(fromByteOffset: 4 &* i, as: UInt32.self))
    }
    for i in 16..<64 {
      let (a, b) = (words[i &- 15], words[i &- 2])
      let s0 = turned(a, 7) ^ turned(a, 18) ^ a &>> 3
      let s1 = turned(b, 17) ^ turned(b, 19) ^ b &>> 10
      words[i] = words[i &- 16] &+ s0 &+ words[i &- 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    roundConstants.withUnsafeBufferPointer { constants in
      for i in 0..<64 {
        let s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
        let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[i] &+ words[i]
        let s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
        let t2 = s0 &+ (a & b ^ a & c ^ b & c)
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
      }
    }
    state = state &+ SIMD8(a, b, c, d, e, f, g, h)
  }
}

/// The word with its bits turned to the right.
@inline(__always)
private func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
  word &>> count | word &<< (32 &- count)
}

private let primes = (2...311).filter { number in
  (2..<number).allSatisfy { number % $0 != 0 || $0 * $0 > number }
}
private let initialState = SIMD8(primes.prefix(8).map { rootFraction(of: $0, power: 2) })
private let roundConstants = primes.map { rootFraction(of: $0, power: 3) }

/// The first 32 bits of the fraction of a number's square or cube root.
private func rootFraction(of number: Int, power: Int) -> UInt32 {
  var root: UInt128 = 0
  for bit in (0..<37).reversed() {
    let larger = root | 1 << UInt128(bit)
    if larger * larger * (power == 3 ? larger : 1) <= UInt128(number) << UInt128(32 * power) {
      root = larger
    }
  }
  return UInt32(truncatingIfNeeded: root)
}

/// Bob Jenkins's lookup3 of `bytes`, with which HDF5 guards its own structures.
package func lookup3(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
  var (a, b, c) = (UInt32(0), UInt32(0), UInt32(0))
  a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
  (b, c) = (a, a)
  if bytes.isEmpty { return c }
  var position = 0
  /// Adds the next twelve bytes, or those that there are.
  func add() {
    for index in 0..<min(12, bytes.count - position) {
      let part = UInt32(bytes[position + index]) << UInt32(8 * (index & 3))
      switch index >> 2 {
      case 0: a &+= part
      case 1: b &+= part
      default: c &+= part
      }
    }
    position += 12
  }
  func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 { x << count | x >> (32 - count) }
  while bytes.count - position > 12 {
    add()
    for (first, second, third) in [(4, 6, 8), (16, 19, 4)] as [(UInt32, UInt32, UInt32)] {
      a = (a &- c) ^ rotated(c, first)
      c &+= b
      b = (b &- a) ^ rotated(a, second)
      a &+= c
      c = (c &- b) ^ rotated(b, third)
      b &+= a
    }
  }
  add()
  c = (c ^ b) &- rotated(b, 14)
  a = (a ^ c) &- rotated(c, 11)
  b = (b ^ a) &- rotated(a, 25)
  c = (c ^ b) &- rotated(b, 16)
  a = (a ^ c) &- rotated(c, 4)
  b = (b ^ a) &- rotated(a, 14)
  c = (c ^ b) &- rotated(b, 24)
  return c
}
