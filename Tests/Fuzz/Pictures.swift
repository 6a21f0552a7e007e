// The pictures that are damaged for the readers: those of ImageTests, which Pillow and make_images.py made.

import ArrayFiles
import Tensor

/// The pictures of images.txt whose names begin with one of these.
func pictures(_ prefixes: String...) -> [[UInt8]] {
  let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    .joined(separator: "/")
  do throws(FileError) {
    let lines = try readFile("\(tests)/ArrayFilesTests/Images/images.txt")
      .split(separator: UInt8(ascii: "\n"))
    return lines.compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "))
      let name = String(decoding: words[0], as: UTF8.self)
      return prefixes.contains { name.hasPrefix($0) } ? base64Decoded(words[4]) : nil
    }
  } catch {
    fatalError("\(error)")
  }
}

/// Reads a picture as a user would, in each number of channels, and at another size.
func readPicture(_ path: String) throws(FileError) {
  try read(ImageFile(contentsOf: path, limit: pixelLimit))
}

/// As `readPicture`; if the picture is refused, once more with right checksums in its chunks, so that
/// what is behind them is tried as well.
func readPNG(_ path: String) throws(FileError) {
  do throws(FileError) {
    try readPicture(path)
  } catch {
    try read(ImageFile(mended(try readFile(path)), name: path, limit: pixelLimit))
  }
}

private func read(_ image: ImageFile) throws(FileError) {
  for channels in 1...4 {
    let pixels = image.pixels(channels: channels)
    precondition(pixels.shape == [image.height, image.width, channels])
    precondition(pixels.elements.count == image.height * image.width * channels)
  }
  precondition(image.samples().shape == [image.height, image.width, image.channels])
}

private let pixelLimit = 1 << 20

/// The bytes of a PNG file with a right CRC-32 behind each chunk.
private func mended(_ file: [UInt8]) -> [UInt8] {
  var file = file
  var place = 8
  while place + 12 <= file.count {
    let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    let end = place + 8 + length
    guard end + 4 <= file.count else { break }
    let sum = crc32(Array(file[place + 4..<end]))
    for index in 0..<4 { file[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
    place = end + 4
  }
  return file
}

/// The bytes that a text in base64 (RFC 4648) stands for.
private func base64Decoded(_ text: some Sequence<UInt8>) -> [UInt8] {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var bytes: [UInt8] = []
  var (bits, count) = (0, 0)
  for letter in text {
    guard let value = letters.firstIndex(of: letter) else { break }
    (bits, count) = ((bits << 6 | value) & 0xFFFF, count + 6)
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> count))
    }
  }
  return bytes
}
