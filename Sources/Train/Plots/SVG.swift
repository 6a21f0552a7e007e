// The few elements of SVG that charts and pictures need, written as text. Text is escaped and
// numbers are printed with two decimals at most, whatever the locale.
// Axes.swift and Picture.swift draw with it.

struct SVG {
  let width: Int
  let height: Int
  private var body = ""

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rectangle(x: 0, y: 0, width: Double(width), height: Double(height), fill: .white)
  }

  /// The whole document.
  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
    viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, sans-serif">
    \(body)</svg>

    """
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: Color? = nil, stroke: Color? = nil
  ) {
    element("rect", [("x", x), ("y", y), ("width", width), ("height", height)], fill, stroke)
  }

  mutating func circle(x: Double, y: Double, radius: Double, fill: Color, stroke: Color? = nil) {
    element("circle", [("cx", x), ("cy", y), ("r", radius)], fill, stroke, strokeWidth: 0.5)
  }

  mutating func path(
    _ data: String, fill: Color? = nil, stroke: Color? = nil, strokeWidth: Double = 1
  ) {
    guard !data.isEmpty else { return }
    element(
      "path", [], fill, stroke, strokeWidth: strokeWidth,
      extra: " fill-rule=\"evenodd\" stroke-linejoin=\"round\" d=\"\(data)\"")
  }

  /// Where a text's given point lies in it.
  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Int = 12, anchor: Anchor = .start,
    isBold: Bool = false, isUpwards: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let turn = isUpwards ? " transform=\"rotate(-90 \(decimal(x)) \(decimal(y)))\"" : ""
    let weight = isBold ? " font-weight=\"bold\"" : ""
    element(
      "text", [("x", x), ("y", y)], Color(0x222222), nil,
      extra: " font-size=\"\(size)\" text-anchor=\"\(anchor.rawValue)\"" + weight + turn,
      content: escaped(text))
  }

  /// A PNG picture stretched over a rectangle, each of its pixels a sharp rectangle.
  mutating func image(png: [UInt8], x: Double, y: Double, width: Double, height: Double) {
    body += """
      <image x="\(decimal(x))" y="\(decimal(y))" width="\(decimal(width))" \
      height="\(decimal(height))" preserveAspectRatio="none" \
      style="image-rendering: pixelated" href="data:image/png;base64,\(base64(png))"/>

      """
  }

  /// Draws with `content`, whose marks are cut off at the edges of a rectangle.
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
    _ name: String, _ numbers: [(String, Double)], _ fill: Color?, _ stroke: Color?,
    strokeWidth: Double = 1, extra: String = "", content: String = ""
  ) {
    body += "<\(name)"
    for (attribute, value) in numbers { body += " \(attribute)=\"\(decimal(value))\"" }
    body += " fill=\"\(fill?.hexadecimal ?? "none")\""
    if let stroke {
      body += " stroke=\"\(stroke.hexadecimal)\" stroke-width=\"\(decimal(strokeWidth))\""
    }
    body += extra + (content.isEmpty ? "/>\n" : ">\(content)</\(name)>\n")
  }
}

/// A number with two decimals at most; beyond what a picture can hold it is cut off.
package func decimal(_ value: Double) -> String {
  guard !value.isNaN else { return "0" }
  let hundredths = Int((min(max(value, -1e7), 1e7) * 100).rounded())
  return decimal(hundredths, exponent: -2)
}

/// The number `digits * 10^exponent` in full, without zeros at the end of its decimals.
func decimal(_ digits: Int, exponent: Int) -> String {
  var (digits, exponent) = (digits, digits == 0 ? 0 : exponent)
  while exponent < 0 && digits % 10 == 0 { (digits, exponent) = (digits / 10, exponent + 1) }
  if exponent >= 0 { return String(digits) + String(repeating: "0", count: exponent) }
  let text = String(digits.magnitude)
  let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
  return (digits < 0 ? "-" : "") + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
}

/// Text as it may stand between tags; control characters, which XML forbids, become spaces.
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

/// Base64, RFC 4648: three bytes in four letters, `=` where bytes are missing at the end.
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
