// DEFLATE compression, RFC 1951, for pictures and compressed arrays: repeated strings are found
// with chains of equal hashes (LZ77) and coded with the fixed Huffman codes. Where that does not
// pay, the bytes are stored. Inflate.swift is the way back.

/// Compresses `bytes` into a zlib stream, RFC 1950.
///
/// - Complexity: O(*n*); at most 32 candidates are compared for each position.
package func zlibCompressed(_ bytes: [UInt8]) -> [UInt8] {
  let stream = bytes.withUnsafeBufferPointer { deflated($0) }
  let checksum = adler32(bytes)
  // 78 01: deflate, window of 32 KiB, quickest level.
  return [0x78, 0x01] + stream
    + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) }
}

/// Compresses `bytes` into a gzip file, RFC 1952, of one member without a name.
///
/// - Complexity: As `zlibCompressed`.
package func gzipCompressed(_ bytes: [UInt8]) -> [UInt8] {
  // 1f 8b, deflate, no flags, no time, no level, unknown system.
  var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  file += bytes.withUnsafeBufferPointer { deflated($0) }
  file.append(crc32(bytes), count: 4)
  file.append(bytes.count, count: 4)
  return file
}

/// Compresses `bytes` into a DEFLATE stream: one block with the fixed codes, or stored blocks if
/// those are smaller.
package func deflated(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  let storedSize = bytes.count + 5 * max(1, (bytes.count + 65534) / 65535)
  return fixedBlock(bytes, smallerThan: storedSize) ?? storedBlocks(bytes, size: storedSize)
}

/// The longest and the shortest match, how far back one may lie, and how many are compared.
private let longestMatch = 258
private let shortestMatch = 4
private let windowSize = 32768
private let longestChain = 32

/// One block with the fixed codes, or nil if it would not be smaller than `limit` bytes.
private func fixedBlock(_ bytes: UnsafeBufferPointer<UInt8>, smallerThan limit: Int) -> [UInt8]? {
  var output = BitWriter()
  output.put(0b011, count: 3)  // the last block, fixed codes

  // first[hash] is the last position with that hash, previous[position % window] the one before.
  var hashBits = 8
  while hashBits < 15 && 1 << hashBits < bytes.count { hashBits += 1 }
  let window = min(windowSize, 1 << hashBits)
  var first = [Int](repeating: -1, count: 1 << hashBits)
  var previous = [Int](repeating: -1, count: window)
  let input = UnsafeRawBufferPointer(bytes)

  func insert(_ position: Int) -> Int {
    let word = input.loadUnaligned(fromByteOffset: position, as: UInt32.self)
    let hash = Int((word &* 0x9E37_79B1) >> UInt32(32 - hashBits))
    let candidate = first[hash]
    previous[position & (window - 1)] = candidate
    first[hash] = position
    return candidate
  }

  var position = 0
  while position < bytes.count {
    var (length, distance) = (0, 0)
    if position + shortestMatch <= bytes.count {
      let longest = min(longestMatch, bytes.count - position)
      var candidate = insert(position)
      var remaining = longestChain
      while candidate >= 0, position - candidate <= window, remaining > 0, length < longest {
        // A longer match must also agree in the byte after the best one so far.
        if bytes[candidate + length] == bytes[position + length] {
          var equal = 0
          while equal < longest && bytes[candidate + equal] == bytes[position + equal] {
            equal += 1
          }
          if equal > length { (length, distance) = (equal, position - candidate) }
        }
        let older = previous[candidate & (window - 1)]
        // An entry that is not older was overwritten by a position one window later.
        if older >= candidate { break }
        candidate = older
        remaining -= 1
      }
    }
    if length >= shortestMatch {
      output.putMatch(length: length, distance: distance)
      for next in position + 1..<position + length where next + shortestMatch <= bytes.count {
        _ = insert(next)
      }
      position += length
    } else {
      output.putLiteral(Int(bytes[position]))
      position += 1
    }
    if output.bytes.count >= limit { return nil }
  }
  output.putLiteral(256)
  let stream = output.finished()
  return stream.count < limit ? stream : nil
}

private func storedBlocks(_ bytes: UnsafeBufferPointer<UInt8>, size: Int) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity(size)
  var start = 0
  repeat {
    let length = min(65535, bytes.count - start)
    let isFinal: UInt8 = start + length == bytes.count ? 1 : 0
    for byte in [length, length >> 8, ~length, ~length >> 8].enumerated() {
      if byte.offset == 0 { output.append(isFinal) }
      output.append(UInt8(truncatingIfNeeded: byte.element))
    }
    output += bytes[start..<start + length]
    start += length
  } while start < bytes.count
  return output
}

/// Bits packed into bytes, first bit lowest.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var buffer: UInt64 = 0
  private var count = 0

  /// Writes a number, lowest bit first.
  mutating func put(_ value: Int, count length: Int) {
    buffer |= UInt64(value) << UInt64(count)
    count += length
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: buffer))
      buffer >>= 8
      count -= 8
    }
  }

  /// Writes a Huffman code, highest bit first.
  private mutating func putCode(_ code: Int, count length: Int) {
    var reversed = 0
    for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
    put(reversed, count: length)
  }

  /// Writes a symbol of the fixed code for literals and lengths, RFC 1951, 3.2.6.
  mutating func putLiteral(_ symbol: Int) {
    switch symbol {
    case ..<144: putCode(0x30 + symbol, count: 8)
    case ..<256: putCode(0x190 + symbol - 144, count: 9)
    case ..<280: putCode(symbol - 256, count: 7)
    default: putCode(0xC0 + symbol - 280, count: 8)
    }
  }

  /// Writes the symbol of a length, the symbol of a distance, and the extra bits of both.
  mutating func putMatch(length: Int, distance: Int) {
    if length == longestMatch {
      putLiteral(285)
    } else {
      // Four symbols share a number of extra bits; the two highest bits below the leading one
      // choose among them.
      let extra = max(0, (length - 3).bitWidthInUse - 3)
      putLiteral(257 + 4 * extra + (length - 3) >> extra)
      put((length - 3) & (1 << extra - 1), count: extra)
    }
    let extra = max(0, (distance - 1).bitWidthInUse - 2)
    putCode(2 * extra + (distance - 1) >> extra, count: 5)
    put((distance - 1) & (1 << extra - 1), count: extra)
  }

  /// All bytes, the last one filled up with zeros.
  consuming func finished() -> [UInt8] {
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: buffer)) }
    return bytes
  }
}

extension Int {
  /// The number of bits up to the highest one that is set.
  fileprivate var bitWidthInUse: Int { Int.bitWidth - leadingZeroBitCount }
}
