// A picture of pixels with a title above, a label below and an optional colour bar, as an SVG with
// an embedded PNG. PNG.swift encodes the pixels, ColorBar.swift draws the bar.

import Tensor

/// A picture with captions, such as a digit with the expected class and the network's guess.
///
/// ```swift
/// var picture = Picture(values: digit, width: 28, height: 28)
/// picture.title = "Expected: 4"
/// picture.label = "Guess: 9"
/// try picture.write(to: "guess.svg")
/// ```
public struct Picture: Drawing {
  /// The text above the picture.
  public var title = ""
  /// The text below the picture.
  public var label = ""
  /// The colour of the text below the picture, such as red for a wrong guess; nil for the default.
  public var labelColor: Color?
  /// Whether to show a colour bar beside the picture.
  public var showsColorBar = false
  /// The width of the whole drawing in pixels.
  public var drawingWidth = 320

  let pixels: [UInt8]
  let format: PixelFormat
  let columns: Int
  let rows: Int
  private let colors: ColorMap
  let range: ClosedRange<Double>

  /// Creates a picture of numbers, each drawn in the colour of its position in a range.
  ///
  /// - Parameters:
  ///   - values: The numbers row by row from the top.
  ///   - width: The number of columns, at least 1.
  ///   - height: The number of rows, at least 1.
  ///   - colors: The colour map from the lower to the upper end of the range.
  ///   - range: The range; nil for that of the finite values.
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
  ///   - format: The meaning of the bytes of a pixel.
  public init(pixels: [UInt8], width: Int, height: Int, format: PixelFormat) {
    require(
      width > 0 && height > 0
        && pixels.count
          == width.multipliedSaturated(by: height).multipliedSaturated(by: format.rawValue),
      "Picture: \(pixels.count) bytes do not make \(width) x \(height) pixels of"
        + " \(format.rawValue) bytes; sizes start at 1")
    (self.pixels, self.format) = (pixels, format)
    (columns, rows, colors, range) = (width, height, ColorMap.greys.reversed, 0...255)
  }

  /// The colour of a pixel, counted row by row from the top; opacity is ignored.
  func color(at index: Int) -> Color {
    let start = index * format.rawValue
    return format == .grey
      ? Color(red: pixels[start], green: pixels[start], blue: pixels[start])
      : Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
  }

  /// Encodes the picture without its captions as a PNG file.
  ///
  /// - Parameter scale: The size of each pixel in pixels of the file, in both directions.
  /// - Returns: the bytes of the file.
  public func png(scale: Int = 1) -> [UInt8] {
    encodePNG(
      enlarged(by: scale), width: columns * scale, height: rows * scale, format: format)
  }

  /// The pixels, each repeated `scale` times in both directions.
  func enlarged(by scale: Int) -> [UInt8] {
    require(
      scale > 0 && columns.multipliedSaturated(by: scale) <= 1 << 16
        && rows.multipliedSaturated(by: scale) <= 1 << 16,
      "Picture.png: \(columns) x \(rows) pixels times \(scale); the factor starts at 1, and no side may "
        + "be longer than 65,536 pixels")
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
    return enlarged
  }

  /// The width of the whole drawing in pixels.
  public var width: Int { drawingWidth }

  /// The height of the whole drawing in pixels, including captions.
  public var height: Int { Int(top + pixelArea.height) + (label.isEmpty ? 12 : 34) }

  private var top: Double { title.isEmpty ? 12 : 34 }

  private var colorBar: ColorBar? {
    showsColorBar ? ColorBar(colors, range: range) : nil
  }

  /// The size of the rectangle that the pixels fill.
  private var pixelArea: (width: Double, height: Double) {
    let width = max(Double(drawingWidth) - 28 - (colorBar?.width ?? 0), 20)
    return (width, (width * Double(rows) / Double(columns)).rounded())
  }

  /// Returns the picture with its captions as an SVG document.
  public func svg() -> String {
    let (left, area) = (14.0, pixelArea)
    let bottom = top + area.height
    var svg = SVG(width: width, height: height)
    let middle = left + area.width / 2
    // Captions are centred on the picture and may be as wide as the drawing allows there.
    let available = 2 * middle - 12
    svg.text(
      title, x: middle, y: 23, size: fittingSize(title, width: available, size: 15),
      anchor: .middle, isBold: true)
    svg.text(
      label, x: middle, y: bottom + 22, size: fittingSize(label, width: available, size: 14),
      anchor: .middle, fill: labelColor.map { .mark($0) } ?? .ink)
    // Browsers keep the pixels sharp. Other programs smooth them, which enlarging confines to the
    // edges.
    let scale = min(max(Int(area.width) / columns, 1), 16)
    svg.image(png: png(scale: scale), x: left, y: top, width: area.width, height: area.height)
    svg.rectangle(x: left, y: top, width: area.width, height: area.height, stroke: .frame)
    colorBar?.draw(into: &svg, x: left + area.width, top: top, height: area.height)
    return svg.document
  }
}
