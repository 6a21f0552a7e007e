// A picture of pixels with a title above, a label below and, if wanted, a bar that explains its
// colours: an SVG around an embedded PNG.
// PNG.swift encodes the pixels, SVG.swift the rest.

import ArrayFiles
import Tensor

/// A captioned picture, such as a digit with what was expected and what the network guessed.
///
/// ```swift
/// var picture = Picture(values: digit, width: 28, height: 28)
/// picture.title = "Expected: 4"
/// picture.label = "Guess: 9"
/// try picture.write(to: "guess.svg")
/// ```
public struct Picture: Sendable {
  /// The text above the picture.
  public var title = ""
  /// The text below the picture.
  public var label = ""
  /// Whether a bar with the colours and their values stands beside the picture.
  public var showsColorBar = false
  /// The width of the whole drawing in pixels.
  public var drawingWidth = 320

  private let pixels: [UInt8]
  private let format: PixelFormat
  private let columns: Int
  private let rows: Int
  private let colors: ColorMap
  private let range: ClosedRange<Double>

  /// Creates a picture of numbers, each drawn in the colour for its place in a range.
  ///
  /// - Parameters:
  ///   - values: The numbers row by row from the top.
  ///   - width: The number of columns, at least 1.
  ///   - height: The number of rows, at least 1.
  ///   - colors: The colours from the lower to the upper end of the range.
  ///   - range: The range; nil takes the smallest and the largest finite value.
  public init(
    values: [Double], width: Int, height: Int, colors: ColorMap = .greys,
    range: ClosedRange<Double>? = nil
  ) {
    require(
      width > 0 && height > 0 && values.count == width * height,
      "Picture: \(values.count) values do not make \(width) x \(height); sizes start at 1")
    let range = drawableRange(range ?? finiteRange(values) ?? 0...1)
    let extent = range.upperBound - range.lowerBound
    pixels = values.flatMap { value in
      let color = colors((value - range.lowerBound) / extent)
      return [color.red, color.green, color.blue]
    }
    format = .rgb
    (columns, rows, self.colors, self.range) = (width, height, colors, range)
  }

  /// Creates a picture of pixels.
  ///
  /// - Parameters:
  ///   - pixels: The pixels row by row from the top, `format.rawValue` bytes each.
  ///   - width: The number of pixels in a row, at least 1.
  ///   - height: The number of rows, at least 1.
  ///   - format: What the bytes of a pixel mean.
  public init(pixels: [UInt8], width: Int, height: Int, format: PixelFormat) {
    require(
      width > 0 && height > 0 && pixels.count == width * height * format.rawValue,
      "Picture: \(pixels.count) bytes do not make \(width) x \(height) pixels of"
        + " \(format.rawValue) bytes; sizes start at 1")
    (self.pixels, self.format) = (pixels, format)
    (columns, rows, colors, range) = (width, height, ColorMap.greys.reversed, 0...255)
  }

  /// Encodes the picture without its captions as a PNG file.
  ///
  /// - Parameter scale: How many pixels of the file each pixel covers in either direction.
  /// - Returns: the bytes of the file.
  public func png(scale: Int = 1) -> [UInt8] {
    var enlarged: [UInt8] = []
    for row in 0..<rows {
      var line: [UInt8] = []
      for column in 0..<columns {
        let start = (row * columns + column) * format.rawValue
        let pixel = pixels[start..<start + format.rawValue]
        for _ in 0..<scale { line += pixel }
      }
      for _ in 0..<scale { enlarged += line }
    }
    return encodePNG(enlarged, width: columns * scale, height: rows * scale, format: format)
  }

  /// Returns the picture with its captions as an SVG document.
  public func svg() -> String {
    let top = title.isEmpty ? 12.0 : 34
    let (left, right) = (14.0, Double(drawingWidth) - 14)
    let ticks = Ticks(range, count: 6)
    let widest = ticks.labels.map { textWidth($0, size: 11) }.max() ?? 0
    let barWidth = showsColorBar ? 14 + 16 + 8 + widest : 0
    let width = max(right - left - barWidth, 20)
    let height = (width * Double(rows) / Double(columns)).rounded()
    let bottom = top + height

    var svg = SVG(width: drawingWidth, height: Int(bottom) + (label.isEmpty ? 12 : 34))
    let middle = left + width / 2
    // A caption is centred on the picture and may be as wide as the drawing allows there.
    let available = 2 * middle - 12
    svg.text(
      title, x: middle, y: 23, size: fittingSize(title, width: available, size: 15),
      anchor: .middle, isBold: true)
    svg.text(
      label, x: middle, y: bottom + 22, size: fittingSize(label, width: available, size: 14),
      anchor: .middle)
    // Browsers keep the pixels sharp; other programs smooth them, which this confines to the edges.
    let scale = min(max(Int(width) / columns, 1), 16)
    svg.image(png: png(scale: scale), x: left, y: top, width: width, height: height)
    svg.rectangle(x: left, y: top, width: width, height: height, stroke: Color(0x666666))
    if showsColorBar {
      let bar = left + width + 14
      let steps = (0..<256).reversed().flatMap { step in
        let color = colors(Double(step) / 255)
        return [color.red, color.green, color.blue]
      }
      svg.image(
        png: encodePNG(steps, width: 1, height: 256, format: .rgb), x: bar, y: top, width: 16,
        height: height)
      svg.rectangle(x: bar, y: top, width: 16, height: height, stroke: Color(0x666666))
      let position = PixelScale(domain: range, start: bottom, end: top)
      for (value, label) in zip(ticks.values, ticks.labels) {
        let y = position(value)
        svg.path("M\(decimal(bar + 16)) \(decimal(y))h4", stroke: Color(0x666666))
        svg.text(label, x: bar + 24, y: y + 4, size: 11)
      }
    }
    return svg.document
  }

  /// Writes the picture with its captions into an SVG file, atomically.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try writeFile(Array(svg().utf8), to: path)
  }
}
