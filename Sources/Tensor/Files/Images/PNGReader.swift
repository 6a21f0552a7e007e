// PNG (W3C specification): a signature, then chunks of length, type, data and CRC-32. The pixels of all
// IDAT chunks together are one zlib stream of rows, each with a byte that says how it was filtered. An
// interlaced picture comes in seven smaller ones. Train's PNG.swift writes the format.

let pngSignature: [UInt8] = [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]

/// Decodes a PNG file.
func decodePNG(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> Raster {
  var header: PNGHeader?
  var palette: [UInt8] = []
  var transparency: [UInt8] = []
  var compressed: [UInt8] = []
  var position = pngSignature.count
  chunks: while true {
    let chunk = try PNGChunk(bytes, at: position, path: path)
    guard (header == nil) == (chunk.type == "IHDR") else {
      throw fault(path, position, "expected one header, IHDR, before all others, got \(chunk.type)")
    }
    let data = UnsafeBufferPointer(rebasing: bytes[chunk.data])
    switch chunk.type {
    case "IHDR": header = try PNGHeader(data, path: path, position: position, limit: limit)
    case "PLTE":
      guard !data.isEmpty, data.count % 3 == 0, data.count <= 768, palette.isEmpty else {
        throw fault(
          path, position, "expected one palette of 1 to 256 colours, got \(data.count) bytes")
      }
      palette = Array(data)
    case "tRNS": transparency = Array(data)
    case "IDAT": compressed += data
    case "IEND": break chunks
    default:
      // A capital letter marks a chunk without which the picture cannot be understood.
      guard bytes[position + 4] & 0x20 != 0 else {
        throw fault(path, position, "expected a chunk that is known, got \(excerpt(chunk.type))")
      }
    }
    position = chunk.data.upperBound + 4
  }
  guard let header else { throw fault(path, position, "expected a header") }
  let pixels = PNGPixels(header: header, palette: palette, transparency: transparency, path: path)
  try pixels.check(position: position)
  let rowBytes = header.passes.reduce(0) { $0 + $1.height * (header.rowLength($1.width) + 1) }
  guard rowBytes <= compressed.count * 1032 + 258 else {
    throw fault(
      path, position,
      "expected as many pixels as the file has bytes for, got \(header.width) x \(header.height) in "
        + "\(compressed.count) bytes")
  }
  let rows = try compressed.withUnsafeBufferPointer { bytes throws(FileError) in
    try zlibDecompressed(bytes, limit: rowBytes, path: path)
  }
  guard rows.count == rowBytes else {
    throw fault(
      path, position, "expected \(rowBytes) bytes of rows after decompression, got \(rows.count)")
  }
  return try pixels.raster(rows.array)
}

private func fault(_ path: String, _ position: Int, _ message: String) -> FileError {
  FileError(path: path, location: .byte(position), message: "png: " + message)
}

/// A chunk whose checksum has been compared.
private struct PNGChunk {
  let type: String
  /// Where its data lies.
  let data: Range<Int>

  init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, path: String) throws(FileError) {
    guard bytes.count - start >= 12 else {
      throw fault(path, start, "expected a chunk or the last one, IEND, got the end of the file")
    }
    let length = bigEndian(bytes, start, 4)
    guard length <= bytes.count - start - 12 else {
      throw fault(
        path, start, "expected a chunk of at most \(bytes.count - start - 12) bytes, got \(length)")
    }
    type = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
    data = start + 8..<start + 8 + length
    let crc = crc32(UnsafeBufferPointer(rebasing: bytes[start + 4..<data.upperBound]))
    let stored = bigEndian(bytes, data.upperBound, 4)
    guard crc == stored else {
      throw fault(
        path, data.upperBound,
        "expected the CRC-32 \(String(crc, radix: 16)) behind \(excerpt(type)), got "
          + String(stored, radix: 16))
    }
  }
}

private func bigEndian(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ count: Int) -> Int {
  (0..<count).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
}

/// One of the pictures that an interlaced one consists of, or the whole.
private struct PNGPass {
  let left: Int
  let top: Int
  let columnStep: Int
  let rowStep: Int
  let width: Int
  let height: Int
}

private struct PNGHeader {
  let width: Int
  let height: Int
  /// The bits of a sample, 1, 2, 4, 8 or 16.
  let depth: Int
  /// 0 grey, 2 colours, 3 a palette, 4 grey with opacity, 6 colours with opacity.
  let colorType: Int
  let passes: [PNGPass]

  /// The number of samples of a pixel.
  var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType]! }

  init(
    _ data: UnsafeBufferPointer<UInt8>, path: String, position: Int, limit: Int
  ) throws(FileError) {
    guard data.count == 13 else {
      throw fault(path, position, "expected a header of 13 bytes, got \(data.count)")
    }
    width = bigEndian(data, 0, 4)
    height = bigEndian(data, 4, 4)
    (depth, colorType) = (Int(data[8]), Int(data[9]))
    let depths = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
    guard depths[colorType]?.contains(depth) == true else {
      throw fault(
        path, position,
        "expected a colour type of 0, 2, 3, 4 or 6 and a depth that it has, got type \(colorType) with "
          + "\(depth) bits")
    }
    guard data[10] == 0, data[11] == 0, data[12] < 2 else {
      throw fault(
        path, position,
        "expected compression 0, filter 0 and interlace 0 or 1, got \(data[10]), \(data[11]), "
          + "\(data[12])")
    }
    try checkSize(
      width: width, height: height, limit: limit, path: path, location: position + 8)
    // Adam7: where each pass begins, and how far apart its pixels are.
    let steps: [(left: Int, top: Int, columns: Int, rows: Int)] =
      data[12] == 0
      ? [(0, 0, 1, 1)]
      : [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ]
    let (width, height) = (width, height)
    passes = steps.map { step in
      PNGPass(
        left: step.left, top: step.top, columnStep: step.columns, rowStep: step.rows,
        width: (width - step.left + step.columns - 1) / step.columns,
        height: (height - step.top + step.rows - 1) / step.rows)
    }.filter { $0.width > 0 && $0.height > 0 }
  }

  /// The number of bytes of a row of so many pixels.
  func rowLength(_ width: Int) -> Int { (width * samples * depth + 7) / 8 }
}

/// Makes samples of decompressed rows.
private struct PNGPixels {
  let header: PNGHeader
  let palette: [UInt8]
  let transparency: [UInt8]
  let path: String

  /// The number of channels of the result.
  private var channels: Int {
    switch header.colorType {
    case 3: transparency.isEmpty ? 3 : 4
    case 0, 2: header.samples + (transparency.isEmpty ? 0 : 1)
    default: header.samples
    }
  }

  func check(position: Int) throws(FileError) {
    if header.colorType == 3 {
      guard !palette.isEmpty, transparency.count <= palette.count / 3 else {
        throw fault(
          path, position,
          "expected a palette before the pixels, and no more opacities than colours")
      }
    } else if !transparency.isEmpty {
      guard header.colorType < 3, transparency.count == 2 * header.samples else {
        throw fault(
          path, position,
          "expected \(2 * header.samples) bytes for the transparent colour of a picture without "
            + "opacity, got \(transparency.count)")
      }
    }
  }

  func raster(_ rows: [UInt8]) throws(FileError) -> Raster {
    var rows = rows
    let isDeep = header.depth == 16
    let pixelLength = channels * (isDeep ? 2 : 1)
    var target = [UInt8](repeating: 0, count: header.width * header.height * pixelLength)
    var start = 0
    for pass in header.passes {
      let length = header.rowLength(pass.width)
      var above: Int?
      for row in 0..<pass.height {
        try unfilter(&rows, at: start, length: length, above: above)
        let first = (pass.top + row * pass.rowStep) * header.width + pass.left
        try place(
          rows[start + 1..<start + 1 + length], pass.width, into: &target,
          at: first * pixelLength, step: pass.columnStep * pixelLength)
        above = start + 1
        start += length + 1
      }
    }
    return Raster(
      width: header.width, height: header.height, channels: channels, isDeep: isDeep, bytes: target)
  }

  /// Adds to each byte of a row what its filter predicts from the bytes to the left, above and in between.
  private func unfilter(
    _ rows: inout [UInt8], at start: Int, length: Int, above: Int?
  ) throws(FileError) {
    let filter = rows[start]
    guard filter <= 4 else {
      throw FileError(path: path, message: "png: expected a filter from 0 to 4, got \(filter)")
    }
    let step = max(1, header.samples * header.depth / 8)
    rows.withUnsafeMutableBufferPointer { rows in
      let row = rows.baseAddress! + start + 1
      // Above the first row are zeros, and so there are to the left of the first pixel.
      let upper = above.map { UnsafePointer(rows.baseAddress! + $0) }
      switch filter {
      case 1:
        for index in stride(from: step, to: length, by: 1) {
          row[index] = row[index] &+ row[index - step]
        }
      case 2:
        if let upper { for index in 0..<length { row[index] = row[index] &+ upper[index] } }
      case 3:
        for index in 0..<length {
          let left = index < step ? 0 : Int(row[index - step])
          row[index] = row[index] &+ UInt8((left + Int(upper?[index] ?? 0)) / 2)
        }
      case 4:
        for index in 0..<length {
          let left = index < step ? 0 : Int(row[index - step])
          let up = Int(upper?[index] ?? 0)
          let corner = index < step ? 0 : Int(upper?[index - step] ?? 0)
          row[index] = row[index] &+ paeth(left, up, corner)
        }
      default: break
      }
    }
  }

  /// Which of the three neighbours is nearest to left + above - corner.
  @inline(__always)
  private func paeth(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
    let (toLeft, toAbove) = (abs(above - corner), abs(left - corner))
    let toCorner = abs(left + above - 2 * corner)
    return UInt8(
      truncatingIfNeeded: toLeft <= toAbove && toLeft <= toCorner
        ? left : toAbove <= toCorner ? above : corner)
  }

  /// Writes the pixels of a row to the target, `step` bytes apart.
  private func place(
    _ row: ArraySlice<UInt8>, _ width: Int, into target: inout [UInt8], at first: Int, step: Int
  ) throws(FileError) {
    let (depth, samples) = (header.depth, header.samples)
    let isPalette = header.colorType == 3
    var place = first
    if depth >= 8, !isPalette {
      let length = samples * depth / 8
      for pixel in 0..<width {
        let source = row.startIndex + pixel * length
        for index in 0..<length { target[place + index] = row[source + index] }
        if !transparency.isEmpty { addOpacity(to: &target, at: place, length: length) }
        place += step
      }
      return
    }
    let largest = (1 << depth) - 1
    for pixel in 0..<width {
      let bit = pixel * depth
      let value =
        Int(row[row.startIndex + bit / 8]) >> (8 - depth - bit % 8) & largest
      if isPalette {
        guard 3 * value < palette.count else {
          throw FileError(
            path: path,
            message: "png: expected indices below \(palette.count / 3), the size of the palette, "
              + "got \(value)")
        }
        for channel in 0..<3 { target[place + channel] = palette[3 * value + channel] }
        if !transparency.isEmpty {
          target[place + 3] = value < transparency.count ? transparency[value] : 255
        }
      } else {
        target[place] = UInt8(value * 255 / largest)
        if !transparency.isEmpty {
          let transparent = Int(transparency[0]) << 8 | Int(transparency[1])
          target[place + 1] = value == transparent ? 0 : 255
        }
      }
      place += step
    }
  }

  /// Writes no opacity behind the samples of the transparent colour, and full opacity behind others.
  private func addOpacity(to target: inout [UInt8], at place: Int, length: Int) {
    let isDeep = header.depth == 16
    // The colour is written in 16 bits for a sample of any depth.
    let isTransparent = (0..<length).allSatisfy { index in
      target[place + index] == transparency[isDeep ? index : 2 * index + 1]
    }
    for index in 0..<(isDeep ? 2 : 1) { target[place + length + index] = isTransparent ? 0 : 255 }
  }
}
