// Colours, a palette for colour-blind readers, and maps from numbers to colours. Chart.swift and
// Picture.swift use them.

/// An sRGB colour with 8 bits per channel.
public struct Color: Hashable, Sendable {
  /// The red channel.
  public var red: UInt8
  /// The green channel.
  public var green: UInt8
  /// The blue channel.
  public var blue: UInt8

  /// Creates a colour from its hexadecimal notation, such as `0x0072B2`.
  public init(_ hexadecimal: UInt32) {
    red = UInt8(truncatingIfNeeded: hexadecimal >> 16)
    green = UInt8(truncatingIfNeeded: hexadecimal >> 8)
    blue = UInt8(truncatingIfNeeded: hexadecimal)
  }

  /// Creates a colour from its channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// The notation for SVG and CSS, such as `#0072b2`.
  public var hexadecimal: String {
    "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// White.
  public static let white = Color(0xFFFFFF)
  /// Black.
  public static let black = Color(0x000000)
  /// The palette's blue, the default colour of class 0.
  public static let blue = Color(0x0072B2)
  /// The palette's green.
  public static let green = Color(0x009E73)
  /// The palette's red, the default colour of class 1.
  public static let red = Color(0xD55E00)

  /// The palette of Okabe and Ito, in the order in which charts use the colours.
  public static let palette = [
    blue, red, green, Color(0xE69F00), Color(0xCC79A7), Color(0x56B4E9),
    Color(0xF0E442), black,
  ]
}

/// A map from numbers in 0...1 to colours.
public struct ColorMap: Hashable, Sendable {
  /// Equally spaced colours, the first for 0 and the last for 1.
  public let anchors: [Color]

  /// Creates a map that interpolates between colours.
  public init(_ anchors: Color...) { self.init(anchors: anchors) }

  private init(anchors: [Color]) { self.anchors = anchors.isEmpty ? [.black] : anchors }

  /// The colour for a number; numbers are clamped to 0...1, and NaN counts as 0.
  public func callAsFunction(_ value: Double) -> Color {
    let place = (value > 0 ? min(value, 1) : 0) * Double(anchors.count - 1)
    let index = min(Int(place), max(anchors.count - 2, 0))
    let (low, high) = (anchors[index], anchors[min(index + 1, anchors.count - 1)])
    let fraction = place - Double(index)
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + fraction * (Double(b) - Double(a))).rounded())
    }
    return Color(
      red: mix(low.red, high.red), green: mix(low.green, high.green),
      blue: mix(low.blue, high.blue))
  }

  /// The reversed map.
  public var reversed: ColorMap { ColorMap(anchors: anchors.reversed()) }

  /// From white for 0 to black for 1.
  public static let greys = ColorMap(.white, .black)

  /// From white through blue to dark blue, for fractions; the values of ColorBrewer's Blues.
  public static let blues = ColorMap(
    Color(0xF7FBFF), Color(0xDEEBF7), Color(0xC6DBEF), Color(0x9ECAE1), Color(0x6BAED6),
    Color(0x4292C6), Color(0x2171B5), Color(0x08519C), Color(0x08306B))

  /// From dark violet through green to yellow, with even brightness steps; matplotlib's viridis.
  public static let viridis = ColorMap(
    Color(0x440154), Color(0x472D7B), Color(0x3B528B), Color(0x2C728E), Color(0x21918C),
    Color(0x28AE80), Color(0x5EC962), Color(0xADDC30), Color(0xFDE725))

  /// From pale blue through white to pale red, for decisions; light enough to draw on.
  public static let blueToRed = ColorMap(
    Color(0x8FBFDC), Color(0xC7DFEE), Color(0xF7F7F7), Color(0xF6D3BC), Color(0xEBA67A))
}
