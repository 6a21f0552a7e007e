// Pictures as tensors. What a file is, its first bytes tell; PNGReader.swift, Netpbm.swift, BMP.swift and
// JPEG.swift make samples of the formats, and what is common to them is here.

/// A picture that has been read from a file: PNG, JPEG, BMP, or PBM, PGM and PPM.
///
/// ```swift
/// let picture = try ImageFile(contentsOf: "cat.jpg")
/// let x: Tensor<UInt8> = picture.pixels(channels: 3)      // [height, width, 3], 0...255
/// ```
/// A palette is replaced by its colours, and a colour that stands for transparency by a channel of
/// opacity. Orientation and colour profiles in a file are not applied.
public struct ImageFile: Sendable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The number of channels: 1 for grey, 2 for grey and opacity, 3 for red, green and blue, 4 for these and
  /// opacity.
  public let channels: Int
  /// The number of bits of a sample, 8 or 16; fewer bits in the file are brought to 8.
  public let bitDepth: Int
  /// The samples row by row, pixel by pixel; those of 16 bits in two bytes, the highest first.
  private let bytes: [UInt8]

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the largest number of pixels to accept.
  /// - Throws: `FileError` if the file cannot be read, is none of these formats, is damaged, claims more
  ///   pixels than its bytes can hold, or uses what is rare: arithmetic coding, 12 bits or four
  ///   colours in JPEG, pictures within a BMP file.
  public init(contentsOf path: String, limit: Int = 1 << 28) throws(FileError) {
    let file = try FileBytes(mapping: path)
    let raster = try file.withUnsafeBufferPointer { bytes throws(FileError) in
      try decodedImage(bytes, path: path, limit: limit)
    }
    self.init(raster)
  }

  /// Reads a picture that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the content of a file.
  ///   - name: what errors call it.
  ///   - limit: the largest number of pixels to accept.
  /// - Throws: `FileError` as `init(contentsOf:limit:)` does.
  public init(
    _ bytes: [UInt8], name: String = "image", limit: Int = 1 << 28
  ) throws(FileError) {
    let raster = try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try decodedImage(bytes, path: name, limit: limit)
    }
    self.init(raster)
  }

  private init(_ raster: Raster) {
    (width, height, channels) = (raster.width, raster.height, raster.channels)
    bitDepth = raster.isDeep ? 16 : 8
    bytes = raster.bytes
  }

  /// The pixels as bytes, [height, width, channels]; of samples of 16 bits the upper eight, as Pillow has it.
  ///
  /// - Parameter channels: how many channels the result has: 1 makes grey of colours with the weights of
  ///   ITU-R 601, 3 repeats grey, 4 adds full opacity, and fewer than the file has leave opacity away. Those
  ///   of the file if nil.
  /// - Returns: The pixels, 0...255.
  public func pixels(channels: Int? = nil) -> Tensor<UInt8> {
    let wanted = channels ?? self.channels
    require(1...4 ~= wanted, "pixels: expected 1 to 4 channels, got \(wanted)")
    let samples = bitDepth == 8 ? bytes : stride(from: 0, to: bytes.count, by: 2).map { bytes[$0] }
    let result =
      wanted == self.channels ? samples : converted(samples, from: self.channels, to: wanted)
    return Tensor(result, shape: [height, width, wanted])
  }

  /// The samples as they are in the file, 0...255 or 0...65535, [height, width, channels].
  public func samples() -> Tensor<Int32> {
    let samples =
      bitDepth == 8
      ? bytes.map { Int32($0) }
      : stride(from: 0, to: bytes.count, by: 2).map { Int32(bytes[$0]) << 8 | Int32(bytes[$0 + 1]) }
    return Tensor(samples, shape: [height, width, channels])
  }
}

extension Tensor<UInt8> {
  /// Reads a picture, [height, width, channels]: PNG, JPEG, BMP, or PBM, PGM and PPM.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - channels: how many channels the tensor has, as `ImageFile.pixels(channels:)` makes them; those of
  ///     the file if nil.
  /// - Throws: `FileError` as `ImageFile.init(contentsOf:limit:)` does.
  public init(contentsOfImage path: String, channels: Int? = nil) throws(FileError) {
    self = try ImageFile(contentsOf: path).pixels(channels: channels)
  }
}

/// What a decoder makes of a file.
struct Raster {
  let width: Int
  let height: Int
  let channels: Int
  /// Whether a sample has 16 bits in two bytes, the highest first.
  var isDeep = false
  var bytes: [UInt8]
}

/// The picture that a file holds.
private func decodedImage(
  _ bytes: UnsafeBufferPointer<UInt8>, path: String, limit: Int
) throws(FileError) -> Raster {
  if bytes.starts(with: pngSignature) { return try decodePNG(bytes, path: path, limit: limit) }
  if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
    return try decodeJPEG(bytes, path: path, limit: limit)
  }
  if bytes.starts(with: Array("BM".utf8)) { return try decodeBMP(bytes, path: path, limit: limit) }
  if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), 49...54 ~= bytes[1] {
    return try decodeNetpbm(bytes, path: path, limit: limit)
  }
  throw FileError(
    path: path, location: .byte(0),
    message: "expected a picture in PNG, JPEG, BMP, PBM, PGM or PPM format, got "
      + hexadecimal(bytes.prefix(4)) + kindHint(bytes))
}

/// Throws if a picture has no pixels or more than `limit`; `largest` are as many as its bytes can hold.
func checkSize(
  width: Int, height: Int, limit: Int, largest: Int = .max, path: String, location: Int
) throws(FileError) {
  let (count, overflows) = width.multipliedReportingOverflow(by: height)
  guard width > 0, height > 0, !overflows, count <= min(limit, 1 << 40), count <= largest else {
    let why =
      width <= 0 || height <= 0
      ? "expected at least one pixel"
      : overflows || count > limit
        ? "expected at most \(limit) pixels" : "expected as many pixels as the file has bytes for"
    throw FileError(
      path: path, location: .byte(location), message: "\(why), got \(width) x \(height)")
  }
}

/// Samples with another number of channels.
private func converted(_ samples: [UInt8], from old: Int, to new: Int) -> [UInt8] {
  let count = samples.count / old
  return [UInt8](unsafeUninitializedCapacity: count * new) { target, initialized in
    for pixel in 0..<count {
      let source = pixel * old
      let isGrey = old < 3
      let (red, green, blue) =
        isGrey
        ? (samples[source], samples[source], samples[source])
        : (samples[source], samples[source + 1], samples[source + 2])
      let place = pixel * new
      if new < 3 {
        let sum = Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471 + 0x8000
        target[place] = isGrey ? red : UInt8(sum >> 16)
      } else {
        target[place] = red
        target[place + 1] = green
        target[place + 2] = blue
      }
      if new % 2 == 0 { target[place + new - 1] = old % 2 == 0 ? samples[source + old - 1] : 255 }
    }
    initialized = count * new
  }
}
