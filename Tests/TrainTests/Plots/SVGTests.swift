import Testing
import Train

@Suite("SVG")
struct SVGTests {
  @Test(
    "numbers have two decimals at most",
    arguments: [
      (0, "0"), (1, "1"), (-1, "-1"), (0.5, "0.5"), (0.25, "0.25"), (0.05, "0.05"),
      (-0.004, "0"), (-0.05, "-0.05"), (12.346, "12.35"), (100, "100"), (120.10, "120.1"),
      (.nan, "0"), (.infinity, "10000000"), (-.infinity, "-10000000"), (1e300, "10000000"),
    ])
  func decimals(value: Double, text: String) { #expect(decimal(value) == text) }

  @Test("text is escaped and control characters are replaced")
  func escaping() {
    #expect(escaped("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d")
    #expect(escaped("\u{0}\u{1B}x\n") == "  x ")
    #expect(escaped("höher 日本") == "höher 日本")
  }

  // RFC 4648, section 10, and base64.b64encode(bytes(range(250, 256))) of Python
  @Test(
    "base64 agrees with the RFC",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64Vectors(text: String, encoded: String) {
    #expect(base64(Array(text.utf8)) == encoded)
    #expect(base64([250, 251, 252, 253, 254, 255]) == "+vv8/f7/")
  }
}

/// Checks that tags are balanced and attributes quoted, and returns how often each tag occurs.
func tags(of document: String) throws -> [String: Int] {
  var counts: [String: Int] = [:]
  var open: [Substring] = []
  var rest = document[...]
  while let start = rest.firstIndex(of: "<") {
    let end = try #require(rest[start...].firstIndex(of: ">"))
    let tag = rest[rest.index(after: start)..<end]
    #expect(!tag.contains("<"))
    #expect(tag.filter { $0 == "\"" }.count.isMultiple(of: 2))
    if tag.hasPrefix("/") {
      #expect(open.popLast() == tag.dropFirst())
    } else {
      let name = tag.prefix { $0 != " " && $0 != "/" }
      counts[String(name), default: 0] += 1
      if !tag.hasSuffix("/") { open.append(name) }
    }
    rest = rest[rest.index(after: end)...]
  }
  #expect(open.isEmpty)
  return counts
}
