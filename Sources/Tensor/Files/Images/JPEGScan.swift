// The scans of a JPEG picture: Huffman codes, each followed by as many bits as its symbol says. A baseline
// scan has whole blocks; a progressive one has the first frequency or a band of the others, and either
// their upper bits or one more bit of each (ITU-T T.81, annexes F and G).

/// A Huffman code of at most 16 bits.
final class JPEGCode: Sendable {
  /// For each beginning of 9 bits: the length of the code and its symbol, or 0 if the code is longer.
  private let short: [UInt16]
  /// The first code that is longer than each length, filled up to 16 bits.
  private let limits: [UInt32]
  /// What to add to a code of each length to have the place of its symbol.
  private let offsets: [Int]
  private let symbols: [UInt8]

  /// A code with so many codes of 1 to 16 bits; nil if there are more than the lengths allow.
  init?(_ counts: [Int], symbols: [UInt8]) {
    var short = [UInt16](repeating: 0, count: 512)
    var limits = [UInt32](repeating: 0, count: 18)
    var offsets = [Int](repeating: 0, count: 17)
    var code = 0
    var place = 0
    for length in 1...16 {
      offsets[length] = place - code
      guard code + counts[length - 1] <= 1 << length else { return nil }
      for _ in 0..<counts[length - 1] {
        if length <= 9 {
          let first = code << (9 - length)
          for index in first..<first + 1 << (9 - length) {
            short[index] = UInt16(length) << 8 | UInt16(symbols[place])
          }
        }
        code += 1
        place += 1
      }
      limits[length] = UInt32(code) << UInt32(16 - length)
      code <<= 1
    }
    limits[17] = .max
    (self.short, self.limits, self.offsets, self.symbols) = (short, limits, offsets, symbols)
  }

  /// The symbol of the code with which 16 bits begin, and its length; nil if there is no such code.
  @inline(__always)
  func symbol(of bits: UInt32) -> (symbol: UInt8, length: Int)? {
    let entry = short[Int(bits >> 7)]
    if entry != 0 { return (UInt8(truncatingIfNeeded: entry), Int(entry >> 8)) }
    var length = 10
    while bits >= limits[length] { length += 1 }
    guard length <= 16 else { return nil }
    let place = Int(bits >> UInt32(16 - length)) + offsets[length]
    return symbols.indices.contains(place) ? (symbols[place], length) : nil
  }
}

/// Reads the coefficients of one scan.
struct JPEGScan {
  /// A channel of the scan and its codes.
  struct Part {
    let component: Int
    let dcCode: JPEGCode?
    let acCode: JPEGCode?
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int
  private let path: String
  private let parts: [Part]
  private let isProgressive: Bool
  private let band: ClosedRange<Int>
  private let isRefining: Bool
  private let lowBit: Int
  private let restartInterval: Int
  /// Bits that were read and not used, the next one highest.
  private var buffer: UInt64 = 0
  private var bitCount = 0
  /// The last coefficient of frequency 0 of each part.
  private var predictions: [Int]
  /// How many blocks without further coefficients are left.
  private var emptyBlocks = 0

  init(
    bytes: UnsafeBufferPointer<UInt8>, position: Int, path: String, parts: [Part],
    isProgressive: Bool, band: ClosedRange<Int>, isRefining: Bool, lowBit: Int,
    restartInterval: Int
  ) {
    self.bytes = bytes
    self.position = position
    self.path = path
    self.parts = parts
    self.isProgressive = isProgressive
    self.band = band
    self.isRefining = isRefining
    self.lowBit = lowBit
    self.restartInterval = restartInterval
    predictions = [Int](repeating: 0, count: parts.count)
  }

  private func fault(_ message: String) -> FileError {
    FileError(path: path, location: .byte(position), message: "jpeg: " + message)
  }

  /// Adds the scan to the coefficients; returns where it ends.
  mutating func decode(_ components: inout [JPEGComponent]) throws(FileError) -> Int {
    for part in parts {
      let needsDC = band.lowerBound == 0 && !isRefining
      let needsAC = band.upperBound > 0
      guard !needsDC || part.dcCode != nil, !needsAC || part.acCode != nil else {
        throw fault("expected the Huffman codes of the scan before it")
      }
    }
    var unit = 0
    if parts.count == 1 {
      // A scan of one channel has its blocks row by row, and only those that hold samples.
      let channel = parts[0].component
      let (columns, rows) = (
        components[channel].usedBlocksPerRow, components[channel].usedBlockRows
      )
      for row in 0..<rows {
        for column in 0..<columns {
          try restartIfDue(unit)
          try decodeBlock(0, &components[channel], column, row)
          unit += 1
        }
      }
    } else {
      let first = components[parts[0].component]
      let unitsPerRow = first.blocksPerRow / first.horizontal
      for unitRow in 0..<first.blockRows / first.vertical {
        for unitColumn in 0..<unitsPerRow {
          try restartIfDue(unit)
          for (index, part) in parts.enumerated() {
            let (across, down) = (
              components[part.component].horizontal, components[part.component].vertical
            )
            for row in 0..<down {
              for column in 0..<across {
                try decodeBlock(
                  index, &components[part.component], unitColumn * across + column,
                  unitRow * down + row)
              }
            }
          }
          unit += 1
        }
      }
    }
    return endOfData()
  }

  @inline(__always)
  private mutating func decodeBlock(
    _ index: Int, _ component: inout JPEGComponent, _ column: Int, _ row: Int
  ) throws(FileError) {
    let place = (row * component.blocksPerRow + column) * 64
    try component.coefficients.withUnsafeMutableBufferPointer { all throws(FileError) in
      let block = all.baseAddress! + place
      if !isProgressive {
        try decodeBaseline(index, block)
      } else if band.lowerBound == 0 {
        try decodeFirst(index, block)
      } else if isRefining {
        try refineBand(index, block)
      } else {
        try decodeBand(index, block)
      }
    }
  }

  // MARK: Blocks

  private mutating func decodeBaseline(
    _ index: Int, _ block: UnsafeMutablePointer<Int16>
  ) throws(FileError) {
    block[0] = Int16(truncatingIfNeeded: try nextFirst(index))
    var place = 1
    while place < 64 {
      let symbol = try nextSymbol(parts[index].acCode)
      let (zeros, size) = (Int(symbol >> 4), Int(symbol & 15))
      if size == 0 {
        if zeros < 15 { return }
        place += 16
        continue
      }
      place += zeros
      guard place < 64 else { throw fault("expected at most 63 further coefficients in a block") }
      block[zigzag[place]] = Int16(truncatingIfNeeded: try nextNumber(size))
      place += 1
    }
  }

  private mutating func decodeFirst(
    _ index: Int, _ block: UnsafeMutablePointer<Int16>
  ) throws(FileError) {
    if isRefining {
      if try nextBits(1) == 1 { block[0] |= 1 << Int16(lowBit) }
    } else {
      block[0] = Int16(truncatingIfNeeded: try nextFirst(index) << lowBit)
    }
  }

  private mutating func decodeBand(
    _ index: Int, _ block: UnsafeMutablePointer<Int16>
  ) throws(FileError) {
    if emptyBlocks > 0 {
      emptyBlocks -= 1
      return
    }
    var place = band.lowerBound
    while place <= band.upperBound {
      let symbol = try nextSymbol(parts[index].acCode)
      let (zeros, size) = (Int(symbol >> 4), Int(symbol & 15))
      if size == 0 {
        if zeros < 15 {
          emptyBlocks = 1 << zeros + (zeros > 0 ? try nextBits(zeros) : 0) - 1
          return
        }
        place += 16
        continue
      }
      place += zeros
      guard place <= band.upperBound else { throw fault("expected coefficients within the band") }
      block[zigzag[place]] = Int16(truncatingIfNeeded: try nextNumber(size) << lowBit)
      place += 1
    }
  }

  /// One more bit for the coefficients that are not zero, and new ones of this bit among them.
  private mutating func refineBand(
    _ index: Int, _ block: UnsafeMutablePointer<Int16>
  ) throws(FileError) {
    let bit = Int16(1) << Int16(lowBit)
    var place = band.lowerBound
    if emptyBlocks == 0 {
      while place <= band.upperBound {
        let symbol = try nextSymbol(parts[index].acCode)
        var zeros = Int(symbol >> 4)
        var new: Int16 = 0
        if symbol & 15 == 0 {
          if zeros < 15 {
            emptyBlocks = 1 << zeros + (zeros > 0 ? try nextBits(zeros) : 0)
            break
          }
        } else {
          guard symbol & 15 == 1 else { throw fault("expected new coefficients of one bit") }
          new = try nextBits(1) == 1 ? bit : -bit
        }
        // Moves past `zeros` coefficients that are still zero, and refines the others on the way.
        while place <= band.upperBound {
          let coefficient = zigzag[place]
          if block[coefficient] != 0 {
            try refine(&block[coefficient], bit)
          } else if zeros == 0 {
            break
          } else {
            zeros -= 1
          }
          place += 1
        }
        if new != 0 {
          guard place <= band.upperBound else {
            throw fault("expected coefficients within the band")
          }
          block[zigzag[place]] = new
        }
        place += 1
      }
    }
    if emptyBlocks > 0 {
      while place <= band.upperBound {
        if block[zigzag[place]] != 0 { try refine(&block[zigzag[place]], bit) }
        place += 1
      }
      emptyBlocks -= 1
    }
  }

  @inline(__always)
  private mutating func refine(_ coefficient: inout Int16, _ bit: Int16) throws(FileError) {
    if try nextBits(1) == 1, coefficient.magnitude & bit.magnitude == 0 {
      coefficient = coefficient &+ (coefficient > 0 ? bit : -bit)
    }
  }

  // MARK: Bits

  /// The coefficient of frequency 0, coded as the difference to the one before.
  private mutating func nextFirst(_ index: Int) throws(FileError) -> Int {
    let size = Int(try nextSymbol(parts[index].dcCode))
    guard size <= 15 else { throw fault("expected a difference of at most 15 bits, got \(size)") }
    if size > 0 { predictions[index] += try nextNumber(size) }
    // No valid difference leads further, and hostile ones must not overflow.
    predictions[index] = max(-0x8000, min(0x7FFF, predictions[index]))
    return predictions[index]
  }

  @inline(__always)
  private mutating func nextSymbol(_ code: JPEGCode?) throws(FileError) -> UInt8 {
    fill()
    let bits = UInt32(truncatingIfNeeded: buffer >> 48)
    guard let (symbol, length) = code?.symbol(of: bits), length <= bitCount else {
      throw fault(
        bitCount < 16
          ? "expected more coefficients, got the end of the scan" : "expected a Huffman code")
    }
    buffer <<= UInt64(length)
    bitCount -= length
    return symbol
  }

  /// A number of `size` bits; one that begins with 0 is negative.
  @inline(__always)
  private mutating func nextNumber(_ size: Int) throws(FileError) -> Int {
    let value = try nextBits(size)
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
  }

  /// The next bits, 1 to 16 of them.
  @inline(__always)
  private mutating func nextBits(_ count: Int) throws(FileError) -> Int {
    fill()
    guard count <= bitCount else {
      throw fault("expected more coefficients, got the end of the scan")
    }
    let value = Int(buffer >> UInt64(64 - count))
    buffer <<= UInt64(count)
    bitCount -= count
    return value
  }

  /// Reads bytes until there are more than 48 bits, or a marker comes; a byte FF is followed by 0.
  @inline(__always)
  private mutating func fill() {
    if bitCount > 32 { return }
    while bitCount <= 48, position < bytes.count {
      let byte = bytes[position]
      if byte == 0xFF {
        guard position + 1 < bytes.count, bytes[position + 1] == 0 else { return }
        position += 1
      }
      position += 1
      buffer |= UInt64(byte) << UInt64(56 - bitCount)
      bitCount += 8
    }
  }

  /// Begins anew behind a restart marker, if one is due before this unit.
  @inline(__always)
  private mutating func restartIfDue(_ unit: Int) throws(FileError) {
    guard restartInterval > 0, unit > 0, unit % restartInterval == 0 else { return }
    position = endOfData()
    guard position + 2 <= bytes.count, bytes[position] == 0xFF, 0xD0...0xD7 ~= bytes[position + 1]
    else { throw fault("expected a restart marker (ff d0 to ff d7)") }
    position += 2
    (buffer, bitCount, emptyBlocks) = (0, 0, 0)
    for index in predictions.indices { predictions[index] = 0 }
  }

  /// Where the next marker stands.
  private func endOfData() -> Int {
    // What is in the buffer was read, so the marker is further on.
    var end = position
    while end + 1 < bytes.count, bytes[end] != 0xFF || bytes[end + 1] == 0 { end += 1 }
    return end + 1 < bytes.count ? end : bytes.count
  }
}
