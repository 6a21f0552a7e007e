// BMP, the bitmaps of Windows and OS/2: a file header of 14 bytes, a header whose length tells its
// version, a palette or masks of bits, then the rows, usually from the bottom to the top, each filled up to
// a multiple of four bytes, or run lengths. All numbers have the lowest byte first.

/// Decodes a BMP file.
func decodeBMP(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> Raster {
  let header = try BMPHeader(bytes, path: path)
  let (width, height) = (header.width, header.height)
  let available = bytes.count - header.pixels
  let rowLength = (width * header.bits + 31) / 32 * 4
  // A run of 255 pixels takes two bytes.
  let room = header.isRunLength ? available * 128 : available * 8 / header.bits
  try checkSize(width: width, height: height, limit: limit, largest: room, path: path, location: 18)

  if header.bits <= 8 {
    let indices =
      try header.isRunLength
      ? runLengthIndices(bytes, header, path: path)
      : packedIndices(bytes, header, rowLength: rowLength, path: path)
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * indices.count)
    for index in indices {
      guard Int(index) < header.palette.count else {
        throw header.fault(
          path,
          "expected indices below \(header.palette.count), the size of the palette, got \(index)")
      }
      let color = header.palette[Int(index)]
      samples.append(color.x)
      samples.append(color.y)
      samples.append(color.z)
    }
    return Raster(width: width, height: height, channels: 3, bytes: samples)
  }

  guard available >= rowLength * height else {
    throw header.fault(path, "expected \(rowLength * height) bytes of pixels, got \(available)")
  }
  let masks = header.masks
  let channels = masks.count
  let pixelLength = header.bits / 8
  let samples = [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, count in
    for row in 0..<height {
      let base = header.pixels + rowLength * (header.isTopDown ? row : height - 1 - row)
      for column in 0..<width {
        let pixel = UInt32(bytes.number(at: base + column * pixelLength, count: pixelLength))
        for (channel, mask) in masks.enumerated() {
          target[(row * width + column) * channels + channel] = mask.sample(pixel)
        }
      }
    }
    count = width * height * channels
  }
  return Raster(width: width, height: height, channels: channels, bytes: samples)
}

/// The bits of a pixel that make a channel.
private struct BitMask {
  let shift: UInt32
  let largest: UInt32

  init(_ mask: UInt32) {
    shift = UInt32(mask == 0 ? 0 : mask.trailingZeroBitCount)
    largest = mask >> shift
  }

  func sample(_ pixel: UInt32) -> UInt8 {
    if largest == 0 { return 0 }
    let value = pixel >> shift & largest
    return UInt8(
      truncatingIfNeeded: largest == 255 ? UInt64(value) : UInt64(value) * 255 / UInt64(largest))
  }
}

private struct BMPHeader {
  let width: Int
  let height: Int
  let isTopDown: Bool
  let bits: Int
  let isRunLength: Bool
  /// Where the pixels begin.
  let pixels: Int
  /// Red, green and blue of each index.
  let palette: [SIMD3<UInt8>]
  /// Red, green, blue, and opacity if there is one.
  let masks: [BitMask]

  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(FileError) {
    func fault(_ offset: Int, _ message: String) -> FileError {
      FileError(path: path, location: .byte(offset), message: "bmp: " + message)
    }
    guard bytes.count >= 26 else {
      throw fault(bytes.count, "expected a header of at least 26 bytes, got \(bytes.count)")
    }
    let size = Int(bytes.number(at: 14, count: 4))
    guard [12, 16, 40, 52, 56, 64, 108, 124].contains(size), bytes.count >= 14 + size else {
      throw fault(14, "expected a header of 12, 40, 108 or 124 bytes, got \(size)")
    }
    let isOld = size == 12
    func signed(_ offset: Int) -> Int {
      Int(Int32(truncatingIfNeeded: bytes.number(at: offset, count: 4)))
    }
    width = isOld ? Int(bytes.number(at: 18, count: 2)) : signed(18)
    let rows = isOld ? Int(bytes.number(at: 20, count: 2)) : signed(22)
    isTopDown = rows < 0
    height = abs(rows)
    let bits = Int(bytes.number(at: isOld ? 24 : 28, count: 2))
    let compression = size >= 40 ? Int(bytes.number(at: 30, count: 4)) : 0
    isRunLength = compression == 1 && bits == 8 || compression == 2 && bits == 4
    let hasMasks = (compression == 3 || compression == 6) && (bits == 16 || bits == 32)
    guard [1, 4, 8, 16, 24, 32].contains(bits), compression == 0 || isRunLength || hasMasks,
      !(isRunLength && isTopDown)
    else {
      throw fault(
        28,
        "expected 1, 4, 8, 16, 24 or 32 bits, plain, with masks or with run lengths, got \(bits) bits with "
          + "compression \(compression)")
    }
    self.bits = bits
    pixels = Int(bytes.number(at: 10, count: 4))
    guard pixels <= bytes.count, pixels >= 14 + size else {
      throw fault(10, "expected pixels within the file, got them at byte \(pixels)")
    }

    var palette: [SIMD3<UInt8>] = []
    if bits <= 8 {
      let entry = isOld ? 3 : 4
      let used = size >= 40 ? Int(bytes.number(at: 46, count: 4)) : 0
      let count = min(used == 0 ? 1 << bits : used, 1 << bits, (pixels - 14 - size) / entry)
      for index in 0..<count {
        let place = 14 + size + index * entry
        palette.append(SIMD3(bytes[place + 2], bytes[place + 1], bytes[place]))
      }
    }
    self.palette = palette

    var masks: [UInt32] =
      bits == 16 ? [0x7C00, 0x03E0, 0x001F] : [0xFF_0000, 0x00_FF00, 0x00_00FF]
    if hasMasks {
      // They are the first fields of longer headers, and follow a short one.
      let count = compression == 6 || size >= 56 ? 4 : 3
      guard bytes.count >= 54 + 4 * count else {
        throw fault(54, "expected \(count) masks behind the header")
      }
      masks = (0..<count).map { UInt32(bytes.number(at: 54 + 4 * $0, count: 4)) }
      if masks.last == 0, count == 4 { masks.removeLast() }
    }
    self.masks = masks.map { BitMask($0) }
  }

  func fault(_ path: String, _ message: String) -> FileError {
    FileError(path: path, location: .byte(pixels), message: "bmp: " + message)
  }
}

/// The indices of rows whose pixels lie side by side in bytes.
private func packedIndices(
  _ bytes: UnsafeBufferPointer<UInt8>, _ header: BMPHeader, rowLength: Int, path: String
) throws(FileError) -> [UInt8] {
  guard bytes.count - header.pixels >= rowLength * header.height else {
    throw header.fault(
      path,
      "expected \(rowLength * header.height) bytes of pixels, got \(bytes.count - header.pixels)")
  }
  let (bits, perByte) = (header.bits, 8 / header.bits)
  let mask = UInt8((1 << bits) - 1)
  var indices: [UInt8] = []
  indices.reserveCapacity(header.width * header.height)
  for row in 0..<header.height {
    let base = header.pixels + rowLength * (header.isTopDown ? row : header.height - 1 - row)
    for column in 0..<header.width {
      let shift = UInt8(8 - bits - column % perByte * bits)
      indices.append(bytes[base + column / perByte] >> shift & mask)
    }
  }
  return indices
}

/// The indices of run lengths: a count and an index (two in turn with 4 bits), or 0 and a command: 0 ends the
/// row, 1 the picture, 2 moves right and up, and others say how many indices follow, filled up to two bytes.
private func runLengthIndices(
  _ bytes: UnsafeBufferPointer<UInt8>, _ header: BMPHeader, path: String
) throws(FileError) -> [UInt8] {
  let (width, height) = (header.width, header.height)
  var indices = [UInt8](repeating: 0, count: width * height)
  var (column, row) = (0, 0)
  var position = header.pixels
  func fault(_ message: String) -> FileError {
    FileError(path: path, location: .byte(position), message: "bmp: " + message)
  }
  func put(_ index: UInt8) throws(FileError) {
    guard column < width, row < height else {
      throw fault("expected runs that end within the picture")
    }
    indices[(height - 1 - row) * width + column] = index
    column += 1
  }
  while true {
    guard position + 2 <= bytes.count else {
      throw fault("expected the end of the picture (00 01), got the end of the file")
    }
    let (count, value) = (Int(bytes[position]), bytes[position + 1])
    position += 2
    if count > 0 {
      for index in 0..<count {
        try put(header.bits == 8 ? value : index % 2 == 0 ? value >> 4 : value & 15)
      }
      continue
    }
    switch value {
    case 0: (column, row) = (0, row + 1)
    case 1: return indices
    case 2:
      guard position + 2 <= bytes.count else { throw fault("expected a step to the right and up") }
      (column, row) = (column + Int(bytes[position]), row + Int(bytes[position + 1]))
      position += 2
    default:
      let length = header.bits == 8 ? Int(value) : (Int(value) + 1) / 2
      guard position + length <= bytes.count else { throw fault("expected \(value) more pixels") }
      for index in 0..<Int(value) {
        try put(
          header.bits == 8
            ? bytes[position + index]
            : index % 2 == 0 ? bytes[position + index / 2] >> 4 : bytes[position + index / 2] & 15)
      }
      position += length + length % 2
    }
  }
}
