// The few SVG elements that drawings need, written as text. Text is escaped, and numbers have at
// most two decimals, regardless of the locale. Paint.swift handles dark mode; Axes.swift and
// Picture.swift draw with it.

import Tensor

struct SVG {
  let width: Int
  let height: Int
  private var body = ""

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rectangle(x: 0, y: 0, width: Double(width), height: Double(height), fill: .paper)
  }

  /// The complete document.
  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
    viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, sans-serif">
    \(Paint.styleSheet)
    \(body)</svg>

    """
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: Paint? = nil, stroke: Paint? = nil,
    opacity: Double = 1
  ) {
    element(
      "rect", [("x", x), ("y", y), ("width", width), ("height", height)], fill, stroke,
      extra: opacity == 1 ? "" : " fill-opacity=\"\(decimal(opacity))\"")
  }

  mutating func circle(
    x: Double, y: Double, radius: Double, fill: Paint, stroke: Paint? = nil,
    strokeWidth: Double = 0.5
  ) {
    element(
      "circle", [("cx", x), ("cy", y), ("r", radius)], fill, stroke, strokeWidth: strokeWidth)
  }

  mutating func path(
    _ data: String, fill: Paint? = nil, stroke: Paint? = nil, strokeWidth: Double = 1,
    hasRoundEnds: Bool = false
  ) {
    guard !data.isEmpty else { return }
    element(
      "path", [], fill, stroke, strokeWidth: strokeWidth,
      extra: " fill-rule=\"evenodd\" stroke-linejoin=\"round\""
        + (hasRoundEnds ? " stroke-linecap=\"round\"" : "") + " d=\"\(data)\"")
  }

  /// The part of a text that is aligned with its position.
  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Int = 12, anchor: Anchor = .start,
    isBold: Bool = false, angle: Int = 0, fill: Paint = .ink, hasHalo: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let turn = angle == 0 ? "" : " transform=\"rotate(\(angle) \(decimal(x)) \(decimal(y)))\""
    let weight = isBold ? " font-weight=\"bold\"" : ""
    // A halo in the background colour below the letters keeps them readable on lines.
    let halo = hasHalo ? " paint-order=\"stroke\" stroke-linejoin=\"round\"" : ""
    element(
      "text", [("x", x), ("y", y)], fill, hasHalo ? .paper : nil, strokeWidth: 4,
      extra: " font-size=\"\(size)\" text-anchor=\"\(anchor.rawValue)\"" + weight + turn + halo,
      content: escaped(text))
  }

  /// Draws a PNG image stretched over a rectangle, with sharp pixels.
  mutating func image(png: [UInt8], x: Double, y: Double, width: Double, height: Double) {
    body += """
      <image x="\(decimal(x))" y="\(decimal(y))" width="\(decimal(width))" \
      height="\(decimal(height))" preserveAspectRatio="none" \
      style="image-rendering: pixelated" href="data:image/png;base64,\(base64(png))"/>

      """
  }

  /// Embeds the complete document of another drawing with its upper left corner at a point.
  mutating func document(_ document: String, x: Double, y: Double) {
    require(document.hasPrefix("<svg "), "Panels: a part's svg() does not begin with <svg")
    body += "<svg x=\"\(decimal(x))\" y=\"\(decimal(y))\" " + document.dropFirst(5)
  }

  /// Draws with `content`, clipped to a rectangle.
  mutating func clipped(
    x: Double, y: Double, width: Double, height: Double, _ content: (inout SVG) -> Void
  ) {
    let (x, y, width, height) = (decimal(x), decimal(y), decimal(width), decimal(height))
    body += """
      <svg x="\(x)" y="\(y)" width="\(width)" height="\(height)" \
      viewBox="\(x) \(y) \(width) \(height)">

      """
    content(&self)
    body += "</svg>\n"
  }

  private mutating func element(
    _ name: String, _ numbers: [(String, Double)], _ fill: Paint?, _ stroke: Paint?,
    strokeWidth: Double = 1, extra: String = "", content: String = ""
  ) {
    body += "<\(name)"
    let classes = [fill?.fillClass, stroke?.strokeClass].compactMap { $0 }
    if !classes.isEmpty { body += " class=\"\(classes.joined(separator: " "))\"" }
    for (attribute, value) in numbers { body += " \(attribute)=\"\(decimal(value))\"" }
    body += " fill=\"\(fill?.light.hexadecimal ?? "none")\""
    if let stroke {
      body += " stroke=\"\(stroke.light.hexadecimal)\" stroke-width=\"\(decimal(strokeWidth))\""
    }
    body += extra + (content.isEmpty ? "/>\n" : ">\(content)</\(name)>\n")
  }
}

/// A number with at most two decimals, limited to what a picture can contain.
package func decimal(_ value: Double) -> String {
  guard !value.isNaN else { return "0" }
  let hundredths = Int((min(max(value, -1e7), 1e7) * 100).rounded())
  return decimal(hundredths, exponent: -2)
}

/// The number `digits * 10^exponent` written out, without trailing zeros in its decimals.
func decimal(_ digits: Int, exponent: Int) -> String {
  var (digits, exponent) = (digits, digits == 0 ? 0 : exponent)
  while exponent < 0 && digits % 10 == 0 { (digits, exponent) = (digits / 10, exponent + 1) }
  if exponent >= 0 { return String(digits) + String(repeating: "0", count: exponent) }
  let text = String(digits.magnitude)
  let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
  return (digits < 0 ? "-" : "") + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
}

/// Escapes text for XML; control characters, which XML forbids, become spaces.
package func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case _ where scalar.value < 32 || 0xFFFE...0xFFFF ~= scalar.value: result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Base64 (RFC 4648): three bytes as four letters, padded with `=` at the end.
package func base64(_ bytes: [UInt8]) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0..<4 {
      text.append(index > group.count ? 0x3D : letters[bits >> (18 - 6 * index) & 63])
    }
  }
  return String(decoding: text, as: UTF8.self)
}
