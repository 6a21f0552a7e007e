import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Charts")
struct ChartTests {
  @Test("a chart is well-formed, with a mark for each finite point and a legend")
  func scatter() throws {
    var chart = Chart(title: "<A & B>", x: "x < 1", y: "\"y\"")
    chart.scatter(x: [0, 1, 2, .nan], y: [0, 1, .infinity, 3], label: "dots & more")
    chart.scatter(x: [0.5], y: [0.5], marker: .cross, label: "crosses")
    let svg = chart.svg()
    let tags = try tags(of: svg)
    #expect(tags["circle"] == 2 + 1)  // two points and the sample in the legend
    for text in ["&lt;A &amp; B&gt;", "x &lt; 1", "&quot;y&quot;", "dots &amp; more", "crosses"] {
      #expect(svg.contains(">\(text)</text>"))
    }
  }

  @Test(
    "numbers at the ends of Double can be drawn, on either axis",
    arguments: [
      [1e304, 1e305], [3e304, 4e304], [.greatestFiniteMagnitude, 1], [1e-320, 1e-310], [5e-324],
    ], [AxisScale.linear, .logarithmic])
  func extremes(y: [Double], scale: AxisScale) throws {
    var chart = Chart()
    chart.yScale = scale
    chart.line(y: y)
    chart.scatter(x: y, y: y)
    #expect(try tags(of: chart.svg())["circle"] == y.count)
    #expect(!chart.svg().contains("nan") && !chart.svg().contains("inf"))
    #expect(!chart.terminalText(isColored: false).isEmpty)
  }

  @Test("classes are drawn as blue dots and red crosses")
  func classes() throws {
    var chart = Chart()
    chart.scatter(x: [0, 1, 2], y: [0, 1, 2], classes: [1, 0, 1], labels: ["outer", "inner"])
    let svg = chart.svg()
    #expect(try tags(of: svg)["circle"] == 1 + 1)
    #expect(svg.contains("fill=\"#0072b2\""))
    #expect(svg.contains("stroke=\"#d55e00\""))
    #expect(svg.contains(">outer</text>") && svg.contains(">inner</text>"))
  }

  @Test("a line is interrupted at NaN and maps its ends to the margins")
  func line() throws {
    var chart = Chart()
    (chart.width, chart.height) = (400, 300)
    (chart.xRange, chart.yRange) = (0...4, 0...4)
    chart.line(y: [0, 1, .nan, 3, 4])
    let svg = chart.svg()
    let path = try #require(
      svg.split(separator: "d=\"").map { $0.prefix { $0 != "\"" } }
        .first { $0.contains("L") })
    #expect(path.filter { $0 == "M" }.count == 2)
    #expect(path.filter { $0 == "L" }.count == 2)
    #expect(path.hasSuffix("L384 12"))  // 16 pixels from the right, 12 from the top
  }

  @Test("a contour fills each level and draws the boundary")
  func contour() throws {
    let field = Field(columns: 20, rows: 20, x: 0...1, y: 0...1) { x, y in x * y }
    var chart = Chart()
    chart.contour(field, levels: [0.25, 0.5, 2], colors: .viridis, boundary: 0.3)
    let svg = chart.svg()
    _ = try tags(of: svg)
    #expect(svg.contains("fill=\"\(ColorMap.viridis(0).hexadecimal)\""))
    #expect(svg.contains("fill=\"\(ColorMap.viridis(1.0 / 3).hexadecimal)\""))
    #expect(svg.contains("fill=\"\(ColorMap.viridis(2.0 / 3).hexadecimal)\""))
    #expect(!svg.contains("fill=\"\(ColorMap.viridis(1).hexadecimal)\""))  // nothing reaches 2
    #expect(svg.contains("stroke-width=\"1.6\""))
  }

  @Test("charts without marks, with one point, or with nothing finite are drawn")
  func degenerate() throws {
    #expect(try tags(of: Chart().svg())["svg"] == 2)
    var chart = Chart()
    chart.scatter(x: [3], y: [.nan])
    chart.line(y: [])
    chart.contour(Field([.nan, .nan, .nan, .nan], columns: 2, x: 0...0, y: 1...1))
    #expect(!chart.svg().contains("nan"))
    _ = try tags(of: chart.svg())
  }

  // numpy.histogram(values, bins, range)
  @Test(
    "a histogram counts as NumPy's does",
    arguments: [
      ([1.0, 2, 2.5, 3, 4, 4, 4, 5], 4, nil, [1, 2, 1, 4]),
      ([0.0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, -1], 4, 0.0...1.0, [2, 1, 1, 2]),
      ([3.0, 3, 3], 3, nil, [0, 3, 0]),
      ([], 2, nil, [0, 0]),
      ([.nan, 1, .infinity, 2], 2, nil, [1, 1]),
    ] as [([Double], Int, ClosedRange<Double>?, [Int])])
  func histogram(values: [Double], bins: Int, range: ClosedRange<Double>?, counts: [Int]) {
    #expect(Histogram(values, bins: bins, range: range).counts == counts)
  }

  // len(numpy.histogram_bin_edges(range(n), 'sturges')) - 1
  @Test("without a number of bins it is Sturges'", arguments: [(1, 1), (8, 4), (9, 5), (1000, 11)])
  func sturges(count: Int, bins: Int) {
    #expect(Histogram((0..<count).map(Double.init)).counts.count == bins)
  }

  @Test("bars of several series stand side by side, and hang down where negative")
  func bars() throws {
    var chart = Chart()
    (chart.width, chart.height, chart.yRange) = (400, 300, -1...1)
    chart.bars(["a", "b"], [1, -1])
    chart.bars(["a", "b"], [0.5, .nan])
    let svg = chart.svg()
    // The paper, the frame and three bars: half the height, half below the middle, a quarter.
    #expect(try tags(of: svg)["rect"] == 5)
    let heights = svg.split(separator: "<rect").dropFirst().compactMap { tag -> Double? in
      guard tag.contains("paper-line") else { return nil }
      return tag.split(separator: " height=\"").last.flatMap { Double($0.prefix { $0 != "\"" }) }
    }
    #expect(heights.count == 3)
    #expect(abs(heights[0] - heights[1]) < 0.02)
    #expect(abs(heights[0] - 2 * heights[2]) < 0.02)
  }

  @Test("a drawing is as large as it says", arguments: GoldenTests.drawings.map(\.0))
  func size(name: String) throws {
    let drawing = try #require(GoldenTests.drawings.first { $0.0 == name }).1
    #expect(drawing.svg().contains(" width=\"\(drawing.width)\" height=\"\(drawing.height)\" "))
  }

  @Test("text on a colour is black or white, with a contrast of at least 4.5 to 1")
  func contrast() {
    func luminance(_ color: Color) -> Double {  // WCAG 2
      func linear(_ channel: UInt8) -> Double {
        let c = Double(channel) / 255
        return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.red) + 0.7152 * linear(color.green)
        + 0.0722 * linear(color.blue)
    }
    for map in [ColorMap.blues, .viridis, .greys, .blueToRed] {
      for step in 0...100 {
        let color = map(Double(step) / 100)
        let (a, b) = (luminance(color), luminance(color.readableText))
        #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5)
      }
    }
  }

  @Test("a picture has its captions, its pixels and a colour bar with ticks")
  func picture() throws {
    var picture = Picture(values: (0..<12).map { Double($0) }, width: 4, height: 3)
    picture.title = "Expected: <4>"
    picture.label = "Guess: 9"
    #expect(try tags(of: picture.svg())["image"] == 1)
    picture.showsColorBar = true
    let svg = picture.svg()
    #expect(try tags(of: svg)["image"] == 2)
    for text in ["Expected: &lt;4&gt;", "Guess: 9", "0", "2", "10"] {
      #expect(svg.contains(">\(text)</text>"))
    }
    #expect(svg.contains("image-rendering: pixelated"))
    #expect(svg.contains("data:image/png;base64,iVBORw0KGgo"))
  }
}
