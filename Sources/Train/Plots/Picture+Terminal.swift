// Pictures on the terminal. With colours, each character shows two pixels, as an upper half block
// in one colour on the background of the other. Without, ASCII characters range from light to dark.

extension Picture {
  /// Returns the picture with its captions as text for a terminal.
  ///
  /// - Parameters:
  ///   - columns: The maximum width in characters; larger pictures are scaled down.
  ///   - isColored: Whether to use colours, or only ASCII.
  /// - Returns: the lines, without a line feed at the end.
  public func terminalText(columns: Int = terminalColumns, isColored: Bool = isColorTerminal)
    -> String
  {
    let width = min(self.columns, max(columns, 1))
    let height = max((rows * width + self.columns / 2) / self.columns, 1)
    var canvas = TextCanvas(columns: width, rows: (height + 1) / 2, isColored: isColored)
    for row in 0..<canvas.rows {
      for column in 0..<width {
        let upper = mean(column, 2 * row, width, height)
        let lower = 2 * row + 1 < height ? mean(column, 2 * row + 1, width, height) : nil
        if isColored {
          canvas.fill(column, row, "▀", foreground: upper, background: lower)
        } else {
          let darkness = [upper, lower ?? upper].map { 1 - $0.brightness }.reduce(0, +) / 2
          canvas.fill(column, row, density(darkness))
        }
      }
    }
    var lines = (0..<canvas.rows).map(canvas.line)
    if !title.isEmpty { lines.insert(title, at: 0) }
    if !label.isEmpty { lines.append(colored(label, labelColor, isColored: isColored)) }
    return lines.joined(separator: "\n")
  }

  /// The mean colour of the pixels that one pixel of the scaled picture covers.
  private func mean(_ column: Int, _ row: Int, _ width: Int, _ height: Int) -> Color {
    func part(_ index: Int, of count: Int, _ whole: Int) -> Range<Int> {
      let start = index * whole / count
      return start..<max((index + 1) * whole / count, start + 1)
    }
    let xs = part(column, of: width, columns)
    let ys = part(row, of: height, rows)
    let pixels = ys.flatMap { y in xs.map { x in color(at: y * columns + x) } }
    func mean(_ channel: KeyPath<Color, UInt8>) -> UInt8 {
      UInt8(pixels.reduce(0) { $0 + Int($1[keyPath: channel]) } / pixels.count)
    }
    return Color(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
  }
}

extension Color {
  /// The perceived brightness in 0...1, a weighted mean of the channels without gamma correction.
  fileprivate var brightness: Double {
    (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
  }
}

/// An ASCII character that covers about this fraction of its cell.
func density(_ share: Double) -> Character {
  let signs = Array(" .:-=+*#%@")
  return signs[min(max(Int(share * Double(signs.count)), 0), signs.count - 1)]
}
