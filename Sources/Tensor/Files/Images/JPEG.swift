// JPEG (ITU-T T.81), baseline and progressive: segments that begin with FF and a marker hold tables, the
// sizes of the frame, and scans of entropy-coded coefficients. JPEGScan.swift, next, reads the scans;
// JPEGTransform.swift makes pixels of the coefficients.

/// Decodes a JPEG file.
func decodeJPEG(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> Raster {
  var decoder = JPEGDecoder(bytes: bytes, path: path, limit: limit)
  try decoder.readSegments()
  return try decoder.raster()
}

/// A colour channel, which may have fewer samples than the picture has pixels.
struct JPEGComponent {
  let id: UInt8
  /// How many blocks of 8 x 8 samples it has beside and above each other in a unit of the picture.
  let horizontal: Int
  let vertical: Int
  let quantization: Int
  /// The number of samples.
  let width: Int
  let height: Int
  /// The number of blocks in whole units.
  let blocksPerRow: Int
  let blockRows: Int
  /// The coefficients of all blocks, 64 each, in rows of frequencies.
  var coefficients: [Int16]

  /// The number of blocks that hold samples; a scan of this component alone has no others.
  var usedBlocksPerRow: Int { (width + 7) / 8 }
  var usedBlockRows: Int { (height + 7) / 8 }
}

/// The state of decoding.
struct JPEGDecoder {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  let limit: Int
  var position = 2
  /// The steps of each frequency, in rows of frequencies.
  var quantization = [[UInt16]?](repeating: nil, count: 4)
  var dcCodes = [JPEGCode?](repeating: nil, count: 4)
  var acCodes = [JPEGCode?](repeating: nil, count: 4)
  var restartInterval = 0
  var isProgressive = false
  var width = 0
  var height = 0
  var components: [JPEGComponent] = []
  /// What Adobe's segment says about colours: 0 none, 1 YCbCr; nil without the segment.
  private var adobeTransform: UInt8?
  private var hasJFIF = false
  /// How many scans there were; each costs time.
  private var scanCount = 0

  init(bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int) {
    self.bytes = bytes
    self.path = path
    self.limit = limit
  }

  func fault(_ message: String, at offset: Int? = nil) -> FileError {
    FileError(path: path, location: .byte(offset ?? position), message: "jpeg: " + message)
  }

  /// Reads all segments up to the end of the picture.
  mutating func readSegments() throws(FileError) {
    // Some programs leave out the marker at the end of the file; a progressive picture may lack scans then.
    while scanCount == 0 || isProgressive || position < bytes.count {
      // Any number of FF may stand before a marker.
      guard position < bytes.count, bytes[position] == 0xFF else {
        throw fault(
          "expected a marker (ff), got "
            + (position < bytes.count ? hexadecimal([bytes[position]]) : "the end of the file"))
      }
      while position < bytes.count, bytes[position] == 0xFF { position += 1 }
      guard position < bytes.count else { throw fault("expected a marker behind ff") }
      let marker = bytes[position]
      position += 1
      if marker == 0xD9 { break }
      if 0xD0...0xD7 ~= marker || marker == 0x01 { continue }
      guard position + 2 <= bytes.count else { throw fault("expected the length of a segment") }
      let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard length >= 2, position + length <= bytes.count else {
        throw fault("expected a segment within the file, got one of \(length) bytes")
      }
      let segment = position + 2..<position + length
      let start = position
      position = segment.upperBound
      switch marker {
      case 0xDB: try readQuantization(segment)
      case 0xC4: try readCodes(segment)
      case 0xC0, 0xC1, 0xC2: try readFrame(segment, isProgressive: marker == 0xC2)
      case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        throw fault(
          "expected a baseline or progressive picture (c0, c1, c2), got \(hexadecimal([marker])), which is "
            + "lossless, hierarchical or coded by arithmetic", at: start)
      case 0xDD:
        guard segment.count == 2 else { throw fault("expected a restart interval", at: start) }
        restartInterval = number(at: segment.lowerBound)
      case 0xDA: try readScan(segment)
      case 0xE0: hasJFIF = hasJFIF || bytes[segment].starts(with: Array("JFIF".utf8))
      case 0xEE where segment.count >= 12 && bytes[segment].starts(with: Array("Adobe".utf8)):
        adobeTransform = bytes[segment.lowerBound + 11]
      default: break
      }
    }
    guard scanCount > 0 else { throw fault("expected a scan before the end of the picture") }
  }

  /// A number of two bytes, the highest first.
  private func number(at offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }

  private mutating func readQuantization(_ segment: Range<Int>) throws(FileError) {
    var offset = segment.lowerBound
    while offset < segment.upperBound {
      let (isDeep, index) = (bytes[offset] >> 4, Int(bytes[offset] & 15))
      let size = isDeep == 0 ? 1 : 2
      guard isDeep < 2, index < 4, segment.upperBound - offset > 64 * size else {
        throw fault("expected a quantization table of 8 or 16 bits", at: offset)
      }
      var table = [UInt16](repeating: 0, count: 64)
      for place in 0..<64 {
        let entry = offset + 1 + place * size
        table[zigzag[place]] = size == 1 ? UInt16(bytes[entry]) : UInt16(number(at: entry))
      }
      quantization[index] = table
      offset += 1 + 64 * size
    }
  }

  private mutating func readCodes(_ segment: Range<Int>) throws(FileError) {
    var offset = segment.lowerBound
    while offset < segment.upperBound {
      let (kind, index) = (bytes[offset] >> 4, Int(bytes[offset] & 15))
      guard kind < 2, index < 4, segment.upperBound - offset >= 17 else {
        throw fault("expected a Huffman code for DC or AC", at: offset)
      }
      let counts = (1...16).map { Int(bytes[offset + $0]) }
      let total = counts.reduce(0, +)
      let end = offset + 17 + total
      guard total <= 256, end <= segment.upperBound,
        let code = JPEGCode(counts, symbols: Array(bytes[offset + 17..<end]))
      else { throw fault("expected a complete Huffman code of at most 256 symbols", at: offset) }
      if kind == 0 { dcCodes[index] = code } else { acCodes[index] = code }
      offset = end
    }
  }

  private mutating func readFrame(_ segment: Range<Int>, isProgressive: Bool) throws(FileError) {
    let start = segment.lowerBound
    guard components.isEmpty, segment.count >= 6 else {
      throw fault("expected one frame", at: start)
    }
    guard bytes[start] == 8 else {
      throw fault("expected samples of 8 bits, got \(bytes[start])", at: start)
    }
    self.isProgressive = isProgressive
    height = number(at: start + 1)
    width = number(at: start + 3)
    let count = Int(bytes[start + 5])
    guard count == 1 || count == 3, segment.count == 6 + 3 * count else {
      throw fault(
        "expected one or three colour channels, got \(count)"
          + (count == 4 ? "; convert the picture from CMYK to RGB first" : ""), at: start)
    }
    // A block of 64 samples takes a bit at least.
    try checkSize(
      width: width, height: height, limit: limit, largest: bytes.count * 512, path: path,
      location: start)
    let factors = (0..<count).map { channel in
      (Int(bytes[start + 7 + 3 * channel] >> 4), Int(bytes[start + 7 + 3 * channel] & 15))
    }
    guard factors.allSatisfy({ 1...4 ~= $0.0 && 1...4 ~= $0.1 }) else {
      throw fault("expected sampling factors from 1 to 4", at: start)
    }
    let (across, down) = (factors.map(\.0).max()!, factors.map(\.1).max()!)
    let unitsPerRow = (width + 8 * across - 1) / (8 * across)
    let unitRows = (height + 8 * down - 1) / (8 * down)
    for (channel, (horizontal, vertical)) in factors.enumerated() {
      let entry = start + 6 + 3 * channel
      guard across % horizontal == 0, down % vertical == 0, bytes[entry + 2] < 4 else {
        throw fault(
          "expected sampling factors that divide the largest one, and a table below 4", at: entry)
      }
      let (perRow, rows) = (unitsPerRow * horizontal, unitRows * vertical)
      components.append(
        JPEGComponent(
          id: bytes[entry], horizontal: horizontal, vertical: vertical,
          quantization: Int(bytes[entry + 2]),
          width: (width * horizontal + across - 1) / across,
          height: (height * vertical + down - 1) / down, blocksPerRow: perRow, blockRows: rows,
          coefficients: [Int16](repeating: 0, count: perRow * rows * 64)))
    }
  }

  private mutating func readScan(_ segment: Range<Int>) throws(FileError) {
    let start = segment.lowerBound
    guard !components.isEmpty else { throw fault("expected a frame before a scan", at: start) }
    scanCount += 1
    guard scanCount <= 200 else { throw fault("expected at most 200 scans", at: start) }
    let count = segment.isEmpty ? 0 : Int(bytes[start])
    guard 1...components.count ~= count, segment.count == 4 + 2 * count else {
      throw fault("expected a scan of the frame's channels, got \(count)", at: start)
    }
    var parts: [JPEGScan.Part] = []
    for index in 0..<count {
      let entry = start + 1 + 2 * index
      guard let channel = components.firstIndex(where: { $0.id == bytes[entry] }),
        !parts.contains(where: { $0.component == channel }), bytes[entry + 1] & 0xCC == 0
      else {
        throw fault("expected channels of the frame, each once, and codes below 4", at: entry)
      }
      parts.append(
        JPEGScan.Part(
          component: channel, dcCode: dcCodes[Int(bytes[entry + 1] >> 4)],
          acCode: acCodes[Int(bytes[entry + 1] & 15)]))
    }
    let last = start + 1 + 2 * count
    let (from, to) = (Int(bytes[last]), Int(bytes[last + 1]))
    let (high, low) = (Int(bytes[last + 2] >> 4), Int(bytes[last + 2] & 15))
    if isProgressive {
      guard from <= to, to < 64, from == 0 ? to == 0 : count == 1, low < 14,
        high == 0 || high == low + 1
      else {
        throw fault(
          "expected a band of frequencies and bits of a progressive scan, got \(from)...\(to), bits "
            + "\(high) and \(low)", at: last)
      }
    }
    var scan = JPEGScan(
      bytes: bytes, position: position, path: path, parts: parts, isProgressive: isProgressive,
      band: isProgressive ? from...to : 0...63, isRefining: isProgressive && high > 0,
      lowBit: isProgressive ? low : 0, restartInterval: restartInterval)
    position = try scan.decode(&components)
  }

  /// Whether the channels are brightness and two differences of colour.
  var isYCbCr: Bool {
    guard components.count == 3 else { return false }
    if hasJFIF { return true }
    if let adobeTransform { return adobeTransform != 0 }
    return components.map(\.id) != Array("RGB".utf8)
  }
}

/// The order in which the frequencies of a block are coded, as places in rows.
let zigzag: [Int] = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]
