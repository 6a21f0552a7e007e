// What an element of a drawing is painted with. Paper, text and marks have a second colour for dark
// screens, which the style sheet in each SVG gives them. Programs that know no style sheets show the
// light colours, as does print.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A colour, or a part of the drawing that has one colour on light and another on dark screens.
enum Paint: Sendable {
  /// The same everywhere, for what lies on other colours.
  case color(Color)
  /// A line, bar or point on the paper: the palette's darker colours are brighter on dark screens.
  case mark(Color)
  /// The background.
  case paper
  /// Text.
  case ink
  /// The lines of a frame, its ticks.
  case frame
  /// The lines behind the marks.
  case grid

  /// The colour on light screens and on paper.
  var light: Color {
    switch self {
    case .color(let color), .mark(let color): color
    case .paper: .white
    case .ink: Color(0x222222)
    case .frame: Color(0x666666)
    case .grid: Color(0xE6E6E6)
    }
  }

  /// The classes of the style sheet: a name, and the colour on dark screens.
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

  /// The colour on dark screens.
  var dark: Color { role?.dark ?? light }

  var fillClass: String? { role?.name }
  var strokeClass: String? { role.map { $0.name + "-line" } }

  /// The rules for dark screens.
  static let styleSheet: String = {
    let paints = [Paint.paper, .ink, .frame, .grid, .mark(.blue), .mark(.red), .mark(.green)]
    let rules = paints.compactMap(\.role).map { name, dark in
      ".\(name){fill:\(dark.hexadecimal)}.\(name)-line{stroke:\(dark.hexadecimal)}"
    }
    return "<style>@media (prefers-color-scheme:dark){\(rules.joined())}</style>"
  }()
}

extension Color {
  /// Black or white, whichever is easier to read on the colour: the contrast of WCAG 2 is at least 4.5.
  package var readableText: Color {
    func linear(_ channel: UInt8) -> Double { pow(Double(channel) / 255, 2.2) }  // About sRGB's.
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return luminance > 0.179 ? .black : .white
  }
}
