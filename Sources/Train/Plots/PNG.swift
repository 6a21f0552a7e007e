// The PNG image format (W3C specification): a signature, then chunks of length, type, data and
// CRC-32. The pixels pass through a filter that leaves small numbers and then through zlib.
// Picture.swift embeds the result in an SVG with a caption.

import ArrayFiles
import Tensor

/// The number and meaning of the bytes of a pixel.
public enum PixelFormat: Int, Sendable {
  /// One byte, 0 for black.
  case grey = 1
  /// Red, green and blue.
  case rgb = 3
  /// Red, green, blue and opacity, 0 for transparent.
  case rgba = 4

  /// The format's number in the header.
  fileprivate var colorType: UInt8 {
    switch self {
    case .grey: 0
    case .rgb: 2
    case .rgba: 6
    }
  }
}

/// Encodes an image as a PNG file.
///
/// - Parameters:
///   - pixels: The pixels row by row from the top, `format.rawValue` bytes each.
///   - width: The number of pixels in a row, at least 1.
///   - height: The number of rows, at least 1.
///   - format: The meaning of the bytes of a pixel.
/// - Returns: the bytes of the file.
public func encodePNG(
  _ pixels: [UInt8], width: Int, height: Int, format: PixelFormat
) -> [UInt8] {
  require(
    width > 0 && height > 0 && pixels.count == width * height * format.rawValue,
    "encodePNG: \(pixels.count) bytes do not make \(width) x \(height) pixels of"
      + " \(format.rawValue) bytes; sizes start at 1")
  return pngHeader(width: width, height: height, format: format)
    + chunk("IDAT", compressed(pixels, width: width, format: format)) + chunk("IEND", [])
}

/// Encodes images of one size as an animated PNG file, which repeats forever.
///
/// Programs that do not support animations show the first image.
///
/// Source: "PNG specification (third edition)", W3C, 2025, sections 11.3.6.
///
/// - Parameters:
///   - frames: the pixels of each image, at least one.
///   - width: the number of pixels in a row.
///   - height: the number of rows.
///   - format: the meaning of the bytes of a pixel.
///   - milliseconds: how long each image is shown.
/// - Returns: the bytes of the file.
func encodeAnimatedPNG(
  _ frames: [[UInt8]], width: Int, height: Int, format: PixelFormat, milliseconds: [Int]
) -> [UInt8] {
  var bytes = pngHeader(width: width, height: height, format: format)
  bytes += chunk("acTL", bigEndian(frames.count) + bigEndian(0))  // 0: repeated for ever
  // Control and data chunks of all frames share one sequence of numbers.
  var number = 0
  func nextNumber() -> [UInt8] {
    defer { number += 1 }
    return bigEndian(number)
  }
  for (index, frame) in frames.enumerated() {
    bytes += chunk(
      "fcTL",
      nextNumber() + bigEndian(width) + bigEndian(height) + bigEndian(0) + bigEndian(0)
        + bigEndian(milliseconds[index]).suffix(2) + bigEndian(1000).suffix(2)
        + [0, 0])  // The frame stays, and replaces what was there.
    let data = compressed(frame, width: width, format: format)
    bytes += index == 0 ? chunk("IDAT", data) : chunk("fdAT", nextNumber() + data)
  }
  return bytes + chunk("IEND", [])
}

/// The signature and the first chunk.
private func pngHeader(width: Int, height: Int, format: PixelFormat) -> [UInt8] {
  let header =
    bigEndian(width) + bigEndian(height) + [8, format.colorType]  // 8 bits per channel
    + [0, 0, 0]  // deflate, the five filters below, not interlaced
  return [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A] + chunk("IHDR", header)
}

/// The pixels, filtered and then compressed.
private func compressed(_ pixels: [UInt8], width: Int, format: PixelFormat) -> [UInt8] {
  zlibCompressed(
    filtered(pixels, rowLength: width * format.rawValue, pixelLength: format.rawValue))
}

private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  let content = Array(type.utf8) + data
  return bigEndian(data.count) + content + bigEndian(Int(crc32(content)))
}

private func bigEndian(_ value: Int) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
}

/// Filters each row: stores the filter's number and replaces bytes by differences to neighbours.
///
/// Of the five filters, each row uses the one whose differences, as signed bytes, have the smallest
/// sum of absolute values.
private func filtered(_ pixels: [UInt8], rowLength: Int, pixelLength: Int) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity(pixels.count + pixels.count / rowLength)
  var above = [UInt8](repeating: 0, count: rowLength)
  for start in stride(from: 0, to: pixels.count, by: rowLength) {
    let row = Array(pixels[start..<start + rowLength])
    var best: [UInt8] = []
    var smallest = Int.max
    for filter in UInt8(0)...4 {
      var candidate = [filter]
      candidate.reserveCapacity(rowLength + 1)
      var sum = 0
      for i in 0..<rowLength {
        let left = i < pixelLength ? 0 : row[i - pixelLength]
        let corner = i < pixelLength ? 0 : above[i - pixelLength]
        let difference = row[i] &- predicted(filter, left: left, above: above[i], corner: corner)
        candidate.append(difference)
        sum += Int(Int8(bitPattern: difference).magnitude)
      }
      if sum < smallest { (smallest, best) = (sum, candidate) }
    }
    output += best
    above = row
  }
  return output
}

/// The byte that a filter predicts: 0, left, above, their average, or Paeth's choice.
private func predicted(_ filter: UInt8, left: UInt8, above: UInt8, corner: UInt8) -> UInt8 {
  switch filter {
  case 0: return 0
  case 1: return left
  case 2: return above
  case 3: return UInt8((Int(left) + Int(above)) / 2)
  default:
    // The neighbour closest to left + above - corner.
    let (a, b, c) = (Int(left), Int(above), Int(corner))
    let (toLeft, toAbove, toCorner) = (abs(b - c), abs(a - c), abs(a + b - 2 * c))
    if toLeft <= toAbove && toLeft <= toCorner { return left }
    return toAbove <= toCorner ? above : corner
  }
}
