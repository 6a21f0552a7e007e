// A canvas of characters for the terminal, which also works over ssh. In colour, each character
// holds 2 x 4 Braille dots on its own background; without colour it is one ASCII character.
// Chart+Terminal.swift and Picture+Terminal.swift draw on it.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Whether standard output is a terminal that shows colours, `NO_COLOR` is not set and `TERM` is
/// not `dumb`.
public var isColorTerminal: Bool {
  func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
  return isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
}

/// A grid of characters.
struct TextCanvas {
  private struct Cell {
    var character: Character = " "
    /// The Braille dots, one bit each.
    var dots: UInt8 = 0
    var foreground: Color?
    var background: Color?
  }

  let columns: Int
  let rows: Int
  let isColored: Bool
  private var cells: [Cell]

  init(columns: Int, rows: Int, isColored: Bool) {
    require(
      columns.multipliedSaturated(by: rows) <= 1 << 26,
      "terminalText: \(columns) columns and \(rows) rows are more than any terminal has")
    (self.columns, self.rows, self.isColored) = (columns, rows, isColored)
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  /// The number of dots in a row.
  var width: Int { isColored ? 2 * columns : columns }
  /// The number of dots in a column.
  var height: Int { isColored ? 4 * rows : rows }

  /// Sets a dot, counted from the upper left corner; without colour, sets the given character.
  mutating func dot(_ x: Int, _ y: Int, color: Color?, sign: Character) {
    guard 0..<width ~= x, 0..<height ~= y else { return }
    guard isColored else {
      cells[y * columns + x].character = sign
      return
    }
    let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    let index = y / 4 * columns + x / 2
    cells[index].dots |= bits[y % 4 * 2 + x % 2]
    cells[index].foreground = color
  }

  /// Sets a whole cell.
  mutating func fill(
    _ column: Int, _ row: Int, _ character: Character, foreground: Color? = nil,
    background: Color? = nil
  ) {
    cells[row * columns + column] = Cell(
      character: character, foreground: foreground, background: background)
  }

  /// The characters of a row, with control sequences for colours and without trailing blanks.
  func line(_ row: Int) -> String {
    var line = ""
    var current = ""
    let cells = cells[row * columns..<(row + 1) * columns]
    let last = cells.lastIndex { $0.character != " " || $0.dots != 0 || $0.background != nil }
    for cell in cells[..<(last.map { $0 + 1 } ?? cells.startIndex)] {
      if isColored {
        let needed = sequence(foreground: cell.foreground, background: cell.background)
        if needed != current { line += (current.isEmpty ? "" : "\u{1B}[0m") + needed }
        current = needed
      }
      line.append(
        cell.dots == 0
          ? cell.character : Character(Unicode.Scalar(0x2800 + UInt32(cell.dots)) ?? " "))
    }
    return line + (current.isEmpty ? "" : "\u{1B}[0m")
  }
}

/// The text in a colour, if the terminal has colours.
func colored(_ text: String, _ color: Color?, isColored: Bool) -> String {
  guard isColored, let color else { return text }
  return sequence(foreground: color, background: nil) + text + "\u{1B}[0m"
}

/// The control sequence that selects colours; black means the terminal's default text colour.
private func sequence(foreground: Color?, background: Color?) -> String {
  var codes: [String] = []
  // On a coloured background, the terminal's default text colour may be hard to read.
  if let foreground, foreground != .black || background != nil {
    codes.append("38;5;\(foreground.terminalNumber)")
  }
  if let background { codes.append("48;5;\(background.terminalNumber)") }
  return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
}

/// The colours of 256-colour terminals: a cube of 6 x 6 x 6 from number 16 on, 24 greys from 232
/// on.
private let terminalColors: [(red: Int, green: Int, blue: Int)] = {
  let levels = [0, 95, 135, 175, 215, 255]
  let cube = levels.flatMap { red in
    levels.flatMap { green in levels.map { blue in (red, green, blue) } }
  }
  return cube + (0..<24).map { (8 + 10 * $0, 8 + 10 * $0, 8 + 10 * $0) }
}()

extension Color {
  /// The number of the closest terminal colour, where hue matters more than brightness.
  package var terminalNumber: Int {
    func distance(_ color: (red: Int, green: Int, blue: Int)) -> Int {
      let (r, g, b) = (
        color.red - Int(red), color.green - Int(green), color.blue - Int(blue)
      )
      return r * r + g * g + b * b + 4 * ((r - g) * (r - g) + (g - b) * (g - b))
    }
    let distances = terminalColors.map(distance)
    return 16 + (distances.indices.min { distances[$0] < distances[$1] } ?? 0)
  }
}
