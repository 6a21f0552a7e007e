import Testing
import Train

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
