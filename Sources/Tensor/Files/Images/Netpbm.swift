// The Netpbm formats: a letter and a digit, width, height and largest value in decimal digits, then the
// samples, as digits (P1, P2, P3) or as bytes (P4, P5, P6). P1 and P4 are black and white, P2 and P5 grey,
// P3 and P6 red, green and blue. BMP.swift, next, has more forms and no words.

/// Decodes a PBM, PGM or PPM file.
func decodeNetpbm(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> Raster {
  var reader = NetpbmReader(bytes: bytes, path: path)
  let kind = bytes[1] - 48
  let (isBitmap, channels) = (kind % 3 == 1, kind % 3 == 0 ? 3 : 1)
  let width = try reader.number(), height = try reader.number()
  let largest = isBitmap ? 1 : try reader.number()
  guard 1...65535 ~= largest else {
    throw reader.fault("expected a largest value from 1 to 65535, got \(largest)")
  }
  // A digit or a bit a sample at least.
  let left = bytes.count - reader.position
  let room = kind == 4 ? 8 * left : left / channels
  try checkSize(
    width: width, height: height, limit: limit, largest: room, path: path, location: 2)
  let isDeep = largest > 255
  let count = width * height * channels
  var samples: [UInt8] = []
  samples.reserveCapacity(isDeep ? 2 * count : count)

  func append(_ value: Int) {
    if isBitmap {
      samples.append(value == 0 ? 255 : 0)
    } else if isDeep {
      let scaled = largest == 65535 ? value : scale(value, largest, 65535)
      samples.append(UInt8(scaled >> 8))
      samples.append(UInt8(scaled & 0xFF))
    } else {
      samples.append(UInt8(largest == 255 ? value : scale(value, largest, 255)))
    }
  }

  if kind > 3 {
    try reader.skipBlank()
    let start = reader.position
    let rowLength = kind == 4 ? (width + 7) / 8 : width * channels * (isDeep ? 2 : 1)
    guard bytes.count - start >= rowLength * height else {
      throw reader.fault(
        "expected \(rowLength * height) bytes of pixels, got \(bytes.count - start)")
    }
    for row in 0..<height {
      let base = start + row * rowLength
      for column in 0..<width * channels {
        let value =
          kind == 4
          ? Int(bytes[base + column / 8] >> UInt8(7 - column % 8) & 1)
          : isDeep
            ? Int(bytes[base + 2 * column]) << 8 | Int(bytes[base + 2 * column + 1])
            : Int(bytes[base + column])
        guard value <= largest else {
          throw reader.fault("expected samples of at most \(largest), got \(value)")
        }
        append(value)
      }
    }
  } else {
    for _ in 0..<count {
      let value = isBitmap ? try reader.bit() : try reader.number()
      guard value <= largest else {
        throw reader.fault("expected samples of at most \(largest), got \(value)")
      }
      append(value)
    }
  }
  return Raster(width: width, height: height, channels: channels, isDeep: isDeep, bytes: samples)
}

/// The share of `value` in `largest` as one of `target`, rounded to the nearest, halfway to the even one.
private func scale(_ value: Int, _ largest: Int, _ target: Int) -> Int {
  Int((Double(value) / Double(largest) * Double(target)).rounded(.toNearestOrEven))
}

/// Reads numbers between blanks and comments.
private struct NetpbmReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  var position = 2

  /// Moves past blanks and comments to the next digit.
  private mutating func skipBlanks() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
      } else if bytes[position] == 32 || 9...13 ~= bytes[position] {
        position += 1
      } else {
        return
      }
    }
  }

  mutating func number() throws(FileError) -> Int {
    skipBlanks()
    let start = position
    var value = 0
    while position < bytes.count, bytes[position] &- 48 < 10, position - start < 10 {
      value = value * 10 + Int(bytes[position] - 48)
      position += 1
    }
    guard position > start, position == bytes.count || bytes[position] &- 48 > 9 else {
      throw fault("expected a number of at most 10 digits, got " + found)
    }
    return value
  }

  /// A digit 0 or 1, which no blank needs to follow.
  mutating func bit() throws(FileError) -> Int {
    skipBlanks()
    guard position < bytes.count, bytes[position] == 48 || bytes[position] == 49 else {
      throw fault("expected 0 or 1, got " + found)
    }
    position += 1
    return Int(bytes[position - 1] - 48)
  }

  /// Moves past the one blank between the header and bytes.
  mutating func skipBlank() throws(FileError) {
    guard position < bytes.count, bytes[position] == 32 || 9...13 ~= bytes[position] else {
      throw fault("expected a blank before the pixels, got " + found)
    }
    position += 1
  }

  private var found: String {
    position < bytes.count ? hexadecimal([bytes[position]]) : "the end of the file"
  }

  func fault(_ message: String) -> FileError {
    FileError(path: path, location: .byte(position), message: "pnm: " + message)
  }
}
