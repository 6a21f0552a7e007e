// DEFLATE decompression, RFC 1951. A stream is a row of blocks: stored, or coded with two Huffman
// codes, one for literals and match lengths and one for match distances. The codes are decoded by
// table look-up (HuffmanTable.swift) from a 64-bit buffer of bits.
// Next: Gzip.swift, the wrappers that say where a stream starts and whether it arrived intact.

/// Decompresses one DEFLATE stream of `input` from byte `start`, appending to `output`.
///
/// Memory grows with the bytes that really come out; a stream that yields more than `limit` of them
/// is refused as soon as it does.
///
/// - Returns: the offset in `input` of the byte after the stream.
/// - Throws: `FileError` naming `path` and the byte of `input` at which the stream is malformed.
package func inflate(
  _ input: UnsafeBufferPointer<UInt8>, from start: Int = 0, appendingTo output: FileBytes,
  limit: Int, path: String
) throws(FileError) -> Int {
  var inflater = Inflater(
    bits: BitReader(input: input, position: start), output: output,
    streamStart: output.count, limit: min(limit, Int.max / 4), path: path)
  return try inflater.run()
}

/// The bits of a stream, first bit lowest.
///
/// Past the end of the input come zero bits; `isPastEnd` tells when one of them was consumed.
private struct BitReader {
  let input: UnsafeBufferPointer<UInt8>
  /// The next byte that enters the buffer; it runs on beyond the input's end.
  var position: Int
  var buffer: UInt64 = 0
  /// How many bits of the buffer are valid.
  var count = 0

  init(input: UnsafeBufferPointer<UInt8>, position: Int) {
    self.input = input
    self.position = position
  }

  /// The offset of the first byte of which nothing has been consumed.
  var byteOffset: Int { position &- (count &>> 3) }

  var isPastEnd: Bool { byteOffset > input.count }

  /// Fills the buffer to at least 56 bits.
  @inline(__always)
  mutating func refill() {
    if position &+ 8 <= input.count {
      // The bits above `count` may already be there from the last time; they are the same bits.
      let word = UnsafeRawPointer(input.baseAddress.unsafelyUnwrapped)
        .loadUnaligned(fromByteOffset: position, as: UInt64.self)
      buffer |= UInt64(littleEndian: word) &<< UInt64(truncatingIfNeeded: count)
      position &+= (63 &- count) &>> 3
      count |= 56
    } else {
      refillNearEnd()
    }
  }

  @inline(never)
  private mutating func refillNearEnd() {
    while count < 56 {
      let byte: UInt8 = position < input.count ? input[position] : 0
      buffer |= UInt64(byte) << UInt64(count)
      position += 1
      count += 8
    }
  }

  @inline(__always)
  mutating func consume(_ length: Int) {
    buffer &>>= UInt64(truncatingIfNeeded: length)
    count &-= length
  }

  /// Takes up to 16 bits as a number.
  mutating func take(_ length: Int) -> Int {
    if count < length { refill() }
    let value = Int(buffer & (1 << UInt64(length) - 1))
    consume(length)
    return value
  }

  /// Drops the rest of a byte and empties the buffer, so that `position` is the next byte.
  mutating func alignToByte() {
    position = byteOffset
    buffer = 0
    count = 0
  }
}

private struct Inflater {
  var bits: BitReader
  let output: FileBytes
  /// Where this stream's output begins: distances must not reach behind it.
  let streamStart: Int
  let limit: Int
  let path: String
  var literals = HuffmanTable(indexBits: 11)
  var distances = HuffmanTable(indexBits: 8)
  /// Whether the two tables hold the fixed codes from an earlier block.
  var tablesAreFixed = false

  mutating func run() throws(FileError) -> Int {
    var isFinal = false
    while !isFinal {
      isFinal = bits.take(1) == 1
      switch bits.take(2) {
      case 0: try storedBlock()
      case 1:
        if !tablesAreFixed { setFixedCodes() }
        try codedBlock()
      case 2:
        try readCodes()
        try codedBlock()
      default: throw fault("expected a block of type 0, 1 or 2, got 3")
      }
      if bits.isPastEnd { throw truncated }
    }
    bits.alignToByte()
    return bits.position
  }

  // MARK: Stored blocks

  private mutating func storedBlock() throws(FileError) {
    bits.alignToByte()
    let (input, start) = (bits.input, bits.position + 4)
    guard start <= input.count else { throw truncated }
    let length = Int(input[start - 4]) | Int(input[start - 3]) << 8
    let complement = Int(input[start - 2]) | Int(input[start - 1]) << 8
    guard length ^ complement == 0xFFFF else {
      throw fault("expected the length of a stored block and its complement")
    }
    guard start + length <= input.count else { throw truncated }
    guard output.count + length <= limit else { throw tooLong }
    bits.position = start + length
    if length == 0 { return }
    if output.capacity - output.count < length { try grow(by: length) }
    (output.memory! + output.count).update(from: input.baseAddress! + start, count: length)
    output.count += length
  }

  // MARK: Codes

  /// The fixed codes of RFC 1951, 3.2.6.
  private mutating func setFixedCodes() {
    var lengths = [UInt8](repeating: 8, count: 288)
    for symbol in 144..<256 { lengths[symbol] = 9 }
    for symbol in 256..<280 { lengths[symbol] = 7 }
    _ = literals.build(lengths: lengths[...], symbols: literalSymbols)
    _ = distances.build(
      lengths: [UInt8](repeating: 5, count: 32)[...], symbols: distanceSymbols)
    tablesAreFixed = true
  }

  /// Reads the two codes of a dynamic block, RFC 1951, 3.2.7: their lengths are run-length coded,
  /// and those runs are Huffman coded in turn.
  private mutating func readCodes() throws(FileError) {
    tablesAreFixed = false
    let literalCount = bits.take(5) + 257
    let distanceCount = bits.take(5) + 1
    guard literalCount <= 286, distanceCount <= 30 else {
      throw fault(
        "expected at most 286 literal and 30 distance codes, got \(literalCount) and"
          + " \(distanceCount)")
    }
    var runLengths = [UInt8](repeating: 0, count: 19)
    for symbol in runOrder.prefix(bits.take(4) + 4) { runLengths[symbol] = UInt8(bits.take(3)) }
    var runs = HuffmanTable(indexBits: 7)
    guard runs.build(lengths: runLengths[...], symbols: runSymbols) == .complete else {
      throw fault("expected a complete Huffman code for the code lengths")
    }

    var lengths: [UInt8] = []
    lengths.reserveCapacity(286 + 30 + 138)
    while lengths.count < literalCount + distanceCount {
      bits.refill()
      let entry = runs.entries[Int(bits.buffer & 127)]
      bits.consume(entry.bitCount)
      switch entry.base {
      case 16:
        guard let last = lengths.last else {
          throw fault("expected a code length before the order to repeat it")
        }
        lengths.append(contentsOf: repeatElement(last, count: 3 + bits.take(2)))
      case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + bits.take(3)))
      case 18: lengths.append(contentsOf: repeatElement(0, count: 11 + bits.take(7)))
      case let length: lengths.append(UInt8(length))
      }
      if bits.isPastEnd { throw truncated }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw fault("expected \(literalCount + distanceCount) code lengths, got \(lengths.count)")
    }
    guard lengths[256] != 0 else { throw fault("expected a code for the end of the block") }
    let literalCode = literals.build(lengths: lengths[..<literalCount], symbols: literalSymbols)
    guard literalCode == .complete || literalCode == .single else {
      throw fault("expected a complete Huffman code for literals and lengths")
    }
    let distanceCode = distances.build(lengths: lengths[literalCount...], symbols: distanceSymbols)
    guard distanceCode != .invalid else {
      throw fault("expected a complete Huffman code for distances")
    }
  }

  // MARK: Coded blocks

  /// Decodes literals and matches until the end of the block.
  ///
  /// A refill gives at least 56 bits. Three literals by direct look-up take at most 33 of them, or
  /// two such literals and a length with its extra bits 22 + 20; a second refill serves the
  /// distance, 15 + 13.
  private mutating func codedBlock() throws(FileError) {
    // Locals, so that they stay in registers.
    var bits = self.bits
    let streamStart = self.streamStart
    let literalTable = literals.entries
    let literalMask = literals.indexMask
    let distanceTable = distances.entries
    let distanceMask = distances.indexMask
    if output.memory == nil { try grow(by: roomPerStep) }
    var memory = output.memory.unsafelyUnwrapped
    var count = output.count
    var safeCount = output.capacity - roomPerStep

    while true {
      if count > safeCount {
        self.bits = bits
        output.count = count
        try grow(by: roomPerStep)
        memory = output.memory.unsafelyUnwrapped
        safeCount = output.capacity - roomPerStep
      }
      bits.refill()
      var entry = literalTable[Int(truncatingIfNeeded: bits.buffer & literalMask)]
      if entry.isLiteral {
        bits.consume(entry.bitCount)
        memory[count] = entry.literal
        count &+= 1
        entry = literalTable[Int(truncatingIfNeeded: bits.buffer & literalMask)]
        if entry.isLiteral {
          bits.consume(entry.bitCount)
          memory[count] = entry.literal
          count &+= 1
          entry = literalTable[Int(truncatingIfNeeded: bits.buffer & literalMask)]
        }
      }
      if entry.isLink { entry = literalTable[literals.linked(entry, bits.buffer)] }
      if entry.isLiteral {
        bits.consume(entry.bitCount)
        memory[count] = entry.literal
        count &+= 1
        // Only zeros remain once the input has ended: without this they could be literals forever.
        if bits.isPastEnd { break }
        continue
      }
      if entry.isSpecial {
        bits.consume(entry.bitCount)
        self.bits = bits
        output.count = count
        guard entry.isEnd else { throw fault("expected a code in use, got an unused one") }
        if count > limit { throw tooLong }
        return
      }
      let length = entry.base &+ entry.extra(bits.buffer)
      bits.consume(entry.bitCount)

      bits.refill()
      entry = distanceTable[Int(truncatingIfNeeded: bits.buffer & distanceMask)]
      if entry.isLink { entry = distanceTable[distances.linked(entry, bits.buffer)] }
      let distance = entry.base &+ entry.extra(bits.buffer)
      bits.consume(entry.bitCount)
      if entry.isSpecial || distance > count &- streamStart || bits.isPastEnd {
        self.bits = bits
        throw fault(
          entry.isSpecial
            ? "expected a distance code in use, got an unused one"
            : "expected a distance of at most \(count - streamStart), got \(distance)")
      }
      copyMatch(to: memory + count, distance: distance, length: length)
      count &+= length
    }
    self.bits = bits
    throw truncated
  }

  /// Makes room for `length` more bytes by at least doubling, but never beyond what `limit` allows.
  private func grow(by length: Int) throws(FileError) {
    guard output.count <= limit else { throw tooLong }
    let needed = output.count + length
    let largest = limit + 2 * roomPerStep
    try output.reallocate(
      max(needed, min(max(2 * output.capacity, 4096), largest)), path: path)
  }

  // MARK: Errors

  /// An error at the current place; beyond the end nothing is wrong but that there is no more.
  @inline(never)
  private func fault(_ message: String) -> FileError {
    if bits.isPastEnd { return truncated }
    return FileError(
      path: path, location: .byte(bits.byteOffset), message: "deflate: " + message)
  }

  private var truncated: FileError {
    FileError(
      path: path, location: .byte(bits.input.count),
      message: "deflate: expected more data, got the end of the file")
  }

  private var tooLong: FileError {
    fault("expected at most \(limit) bytes of output, got more")
  }
}

/// The most a step of `codedBlock` writes: two literals, a match of 258 bytes, and the 15 bytes by
/// which the copy of a match may run over its end.
private let roomPerStep = 2 + 258 + 15

/// Copies `length` bytes from `distance` bytes before `target`.
///
/// The two ranges may overlap, which repeats the bytes between them. Up to 15 bytes after the match
/// are overwritten.
@inline(__always)
private func copyMatch(to target: UnsafeMutablePointer<UInt8>, distance: Int, length: Int) {
  let source = target - distance
  if distance >= 16 {
    copyVectors(SIMD16<UInt8>.self, from: source, to: target, length: length)
  } else if distance >= 8 {
    copyVectors(SIMD8<UInt8>.self, from: source, to: target, length: length)
  } else if distance == 1 {
    target.update(repeating: source.pointee, count: length)
  } else {
    for index in 0..<length { target[index] = source[index] }
  }
}

@inline(__always)
private func copyVectors<Vector: SIMD>(
  _: Vector.Type, from source: UnsafeMutablePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>,
  length: Int
) {
  let (from, to) = (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
  var index = 0
  repeat {
    to.storeBytes(
      of: from.loadUnaligned(fromByteOffset: index, as: Vector.self), toByteOffset: index,
      as: Vector.self)
    index &+= MemoryLayout<Vector>.size
  } while index < length
}

// MARK: - Alphabets

/// The order in which the lengths of the run-length code are sent.
private let runOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/// The run-length alphabet: code lengths 0 to 15, then three orders to repeat.
private let runSymbols = (0..<19).map { HuffmanTable.Entry(base: $0, extraBits: 0) }

/// Literals, the end of the block, match lengths 3 to 258, and two symbols without a meaning.
private let literalSymbols: [HuffmanTable.Entry] = {
  var symbols = (0..<256).map { HuffmanTable.Entry(literal: UInt8($0)) }
  symbols.append(.end)
  var base = 3
  for index in 0..<28 {
    let extraBits = index < 8 ? 0 : index / 4 - 1
    symbols.append(HuffmanTable.Entry(base: base, extraBits: extraBits))
    base += 1 << extraBits
  }
  return symbols + [HuffmanTable.Entry(base: 258, extraBits: 0), .unused, .unused]
}()

/// Match distances 1 to 32768, and two symbols without a meaning.
private let distanceSymbols: [HuffmanTable.Entry] = {
  var symbols: [HuffmanTable.Entry] = []
  var base = 1
  for index in 0..<30 {
    let extraBits = index < 4 ? 0 : index / 2 - 1
    symbols.append(HuffmanTable.Entry(base: base, extraBits: extraBits))
    base += 1 << extraBits
  }
  return symbols + [.unused, .unused]
}()
