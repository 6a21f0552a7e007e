// The paint of an element of a drawing. Background, text and marks have a second colour for dark
// mode, set by the style sheet in each SVG. Programs without style sheets, and prints, show the
// light colours.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A fixed colour, or a role with different colours in light and dark mode.
enum Paint: Sendable {
  /// A fixed colour, for elements on top of other colours.
  case color(Color)
  /// A line, bar or point on the background; dark palette colours are brighter in dark mode.
  case mark(Color)
  /// The background.
  case paper
  /// Text.
  case ink
  /// The lines of a frame and its ticks.
  case frame
  /// The grid lines behind the marks.
  case grid

  /// The colour in light mode and in print.
  var light: Color {
    switch self {
    case .color(let color), .mark(let color): color
    case .paper: .white
    case .ink: Color(0x222222)
    case .frame: Color(0x666666)
    case .grid: Color(0xE6E6E6)
    }
  }

  /// The class in the style sheet and the colour in dark mode; nil for fixed colours.
  private var role: (name: String, dark: Color)? {
    switch self {
    case .color: nil
    case .mark(.blue): ("blue", Color(0x3D9CDB))
    case .mark(.red): ("red", Color(0xF58238))
    case .mark(.green): ("green", Color(0x26BF93))
    case .mark(.black): Paint.ink.role
    case .mark: nil
    case .paper: ("paper", Color(0x16181C))
    case .ink: ("ink", Color(0xE8E8E8))
    case .frame: ("frame", Color(0x9A9DA3))
    case .grid: ("grid", Color(0x34383F))
    }
  }

  /// The colour in dark mode.
  var dark: Color { role?.dark ?? light }

  var fillClass: String? { role?.name }
  var strokeClass: String? { role.map { $0.name + "-line" } }

  /// The style sheet for dark mode.
  static let styleSheet: String = {
    let paints = [Paint.paper, .ink, .frame, .grid, .mark(.blue), .mark(.red), .mark(.green)]
    let rules = paints.compactMap(\.role).map { name, dark in
      ".\(name){fill:\(dark.hexadecimal)}.\(name)-line{stroke:\(dark.hexadecimal)}"
    }
    return "<style>@media (prefers-color-scheme:dark){\(rules.joined())}</style>"
  }()
}

extension Color {
  /// Black or white, whichever is more readable on the colour; the WCAG 2 contrast is at least 4.5.
  package var readableText: Color {
    func linear(_ channel: UInt8) -> Double { pow(Double(channel) / 255, 2.2) }  // About sRGB's.
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return luminance > 0.179 ? .black : .white
  }
}
