// Each kind of drawing as a file in Goldens that can be looked at. After a change that was meant:
//
//     WENGERT_GOLDENS=write swift test --filter GoldenTests

import ArrayFiles
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Compares a text with the file of that name in Goldens, or writes it if the environment says so.
func expectGolden(_ text: String, _ name: String) throws {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  let path = folder.joined(separator: "/") + "/Goldens/" + name
  if getenv("WENGERT_GOLDENS").map({ String(cString: $0) }) == "write" {
    try writeFile(Array(text.utf8), to: path)
    return
  }
  let golden = String(decoding: try readFile(path), as: UTF8.self)
  let (lines, expected) = (text.split(separator: "\n"), golden.split(separator: "\n"))
  #expect(lines.count == expected.count, "\(name) has another number of lines")
  let first = zip(lines, expected).enumerated().first { $0.element.0 != $0.element.1 }
  if let first {
    Issue.record("\(name), element \(first.offset): \(first.element.0) was \(first.element.1)")
  }
  #expect(text == golden)
}

/// Small numbers that look random, the same everywhere.
private func noise(_ count: Int, seed: UInt64 = 1) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53) - 0.5
  }
}

/// The text without control sequences.
private func plain(_ text: String) -> String {
  text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated().map {
    $0.offset == 0 ? $0.element : $0.element.drop { $0 != "m" }.dropFirst()
  }.joined()
}

@Suite("Golden files of drawings")
struct GoldenTests {
  static let drawings: [(String, any Drawing)] = [
    ("lines", lines()), ("logarithmic", logarithmic()), ("contour", contour()),
    ("histogram", histogram()), ("bars", bars()), ("names", longNames()),
    ("heat-map", heatMap()), ("confusion", confusion()), ("picture", picture()),
    ("digits", digits()), ("panels", Panels(title: "Two of them", columns: 2, [lines(), bars()])),
    ("perceptrons", perceptrons()), ("network", network()), ("large-network", largeNetwork()),
    ("empty", Panels(columns: 2, [Chart(title: "Nothing"), constant(), notFinite(), Chart()])),
  ]

  @Test("a drawing is the same as when it was last looked at", arguments: drawings.map(\.0))
  func golden(name: String) throws {
    let drawing = try #require(Self.drawings.first { $0.0 == name }).1
    let svg = drawing.svg()
    _ = try tags(of: svg)
    #expect(!svg.contains("nan") && !svg.contains("inf\""))
    #expect(svg.hasPrefix("<svg "))
    try expectGolden(svg, name + ".svg")
  }

  @Test("on the terminal, with colours and without", arguments: [true, false])
  func terminal(isColored: Bool) throws {
    let charts = [
      Self.lines(), Self.logarithmic(), Self.contour(), Self.histogram(), Self.bars(),
      Self.constant(), Self.notFinite(),
    ]
    for size in [(72, 20), (40, 12), (12, 4)] {
      for chart in charts + [Self.longNames(), Chart()] {
        let text = chart.terminalText(columns: size.0, rows: size.1, isColored: isColored)
        let lines = plain(text).split(separator: "\n", omittingEmptySubsequences: false)
        if size.0 > 12 {
          #expect(lines.count == size.1, "\(chart.title)")
          // Names in the legend may need more.
          #expect(lines.dropFirst(2).allSatisfy { $0.count <= size.0 + 4 })
        }
        if !isColored { #expect(!text.contains("\u{1B}")) }
      }
    }
    let text =
      (charts.map { $0.terminalText(columns: 56, rows: 14, isColored: isColored) }
      + [Self.picture().terminalText(isColored: isColored)]).joined(separator: "\n\n")
    try expectGolden(text + "\n", isColored ? "terminal-color.txt" : "terminal-ascii.txt")
  }

  @Test("without colours the terminal gets ASCII, but for what titles and labels hold")
  func ascii() {
    for chart in [Self.histogram(), Self.bars(), Self.logarithmic()] {
      #expect(chart.terminalText(isColored: false).allSatisfy { $0.isASCII })
    }
    #expect(Self.picture().terminalText(isColored: false).allSatisfy { $0.isASCII })
  }

  // Python, with xterm's table t and d(p, q) = x*x + y*y + z*z + 4*((x-y)**2 + (y-z)**2) for the differences
  // x, y, z of p and q: min(range(16, 256), key=lambda n: d(t[n], q))
  @Test(
    "a colour becomes the nearest of the terminal's 256",
    arguments: [
      (0x000000, 16), (0xFFFFFF, 231), (0x0072B2, 25), (0xD55E00, 166), (0x808080, 244),
      (0x8FBFDC, 110), (0x121212, 233), (0xFFFF00, 226),
      (0xC7DFEE, 152), (0xF6D3BC, 223), (0x009E73, 36),
    ])
  func terminalColors(color: UInt32, number: Int) { #expect(Color(color).terminalNumber == number) }

  @Test("a picture on the terminal is as wide as it may be, and half as many lines")
  func terminalPicture() {
    let picture = Picture(
      values: (0..<28 * 28).map { Double($0 % 28) }, width: 28, height: 28)
    for isColored in [true, false] {
      for (columns, width, lines) in [(72, 28, 14), (14, 14, 7), (5, 5, 3), (1, 1, 1)] {
        let text = plain(picture.terminalText(columns: columns, isColored: isColored))
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.count == lines)
        #expect(rows.allSatisfy { $0.count <= width })
      }
    }
    #expect(
      picture.terminalText(columns: 28, isColored: false).hasPrefix("   ...:::--===+++**###%%%@@@"))
  }

  @Test("a report is one page of its own: no other file, no network, every tag closed")
  func report() throws {
    let (x, y) = makeCircles(samples: 60, noise: 0.1, factor: 0.2, randomState: 0)
    var model = Sequential([
      Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
    ]).compile(optimizer: "sgd", loss: "binary_crossentropy", metrics: ["accuracy"])
    let history = model.fit(x, y, epochs: 2, validationSplit: 0.2, verbose: 0)
    #expect(history.charts.map(\.title) == ["loss", "accuracy"])
    var report = Report(title: "Two <circles>")
    report.network(model.network, inputs: ["x₁", "x₂"])
    report.curves(history)
    report.classification(model.predict(x), y)
    report.classification(
      toCategorical(Tensor<Int>([0, 1, 1]), classes: 2), Tensor<Int>([0, 0, 1]),
      images: Tensor<UInt8>.zeros([3, 4, 4]), classNames: ["left & right", "b"])
    report.profile(history)
    let html = report.html
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    for text in [
      "<title>Two &lt;circles&gt;</title>", "Total params: 17", "2 epochs", "val_accuracy",
      "left &amp; right", ">b</text>",
    ] {
      #expect(html.contains(text))
    }
    #expect(!html.contains("Where the time went"))
    for link in ["src=", "url(", "http://", "https://", "<script", "<link", "@import"] {
      let found = html.split(separator: link).count - 1
      // A name that SVG demands, and nothing is fetched from it.
      let names = html.split(separator: "xmlns=\"http://www.w3.org/2000/svg\"").count - 1
      #expect(found == (link == "http://" ? names : 0), "\(link)")
    }
    let page = html.split(separator: "\n").filter { !$0.hasPrefix("<meta") }.dropFirst()
    _ = try tags(of: page.joined(separator: "\n"))
  }

  static func lines() -> Chart {
    var chart = Chart(title: "Activation functions", x: "z", y: "g(z)")
    chart.width = 360
    chart.height = 300
    chart.line(x: [-3, -1, 0, 1, 3], y: [-1, -0.8, 0, 0.8, 1], label: "tanh, roughly")
    chart.function(over: -3...3, label: "ReLU") { max($0, 0) }
    chart.scatter(x: [-2, 2], y: [2, 1], marker: .cross, label: "points")
    chart.line(x: [-3, 3], y: [2.5, 2.5], color: .black, label: "black is ink")
    return chart
  }

  static func logarithmic() -> Chart {
    var chart = Chart(title: "Gradients", x: "layer", y: "norm of the gradient")
    chart.yScale = .logarithmic
    chart.line(x: [1, 2, 3, 4, 5], y: [2e-7, 3e-5, 1e-3, 0, 0.5], label: "sigmoid")
    chart.line(x: [1, 2, 3, 4, 5], y: [0.2, 0.21, 0.3, 0.35, 0.5], label: "ReLU")
    return chart
  }

  static func contour() -> Chart {
    let field = Field(columns: 12, rows: 12, x: -1...1, y: -1...1) { x, y in
      1 - x * x - y * y
    }
    var chart = Chart(title: "Decision boundary", x: "x₁", y: "x₂")
    chart.contour(field, levels: [0, 0.25, 0.5, 0.75], boundary: 0.5)
    chart.scatter(
      x: [0, 0.3, 0.9, -0.8], y: [0, -0.2, 0.8, 0.9], classes: [1, 1, 0, 0],
      labels: ["outside", "inside"])
    return chart
  }

  static func histogram() -> Chart {
    var chart = Chart(title: "Weights before and after", x: "weight", y: "number")
    chart.histogram(noise(200), bins: 10, range: -1...1, label: "before")
    chart.histogram(
      noise(200, seed: 7).map { $0 * 2 }, bins: 10, range: -1...1, label: "after")
    return chart
  }

  static func bars() -> Chart {
    var chart = Chart(title: "Accuracy", x: "optimizer", y: "accuracy")
    chart.width = 360
    chart.height = 300
    chart.bars(["SGD", "Adam", "RMSprop"], [0.91, 0.97, 0.96], label: "training")
    chart.bars(["SGD", "Adam", "RMSprop"], [0.9, 0.95, -0.1], label: "test")
    return chart
  }

  static func longNames() -> Chart {
    var chart = Chart(title: "What the network makes of the image", y: "probability")
    chart.bars(fashionClassNames, noise(10).map { $0 * $0 * 4 })
    return chart
  }

  static func heatMap() -> HeatMap {
    HeatMap(
      Tensor(noise(12)).reshaped(to: [3, 4]), title: "Weights", x: "unit", y: "input",
      rowNames: ["x₁", "x₂", "1"])
  }

  static func confusion() -> HeatMap {
    let expected = (0..<200).map { $0 % 10 }
    let predicted = zip(expected, noise(200)).map { $1 > 0.3 ? ($0 + Int($1 * 20)) % 10 : $0 }
    return HeatMap(
      ConfusionMatrix(predicted: predicted, expected: expected, classNames: fashionClassNames))
  }

  static func picture() -> Picture {
    var picture = Picture(values: noise(48), width: 8, height: 6, colors: .viridis)
    picture.title = "Expected: Ankle boot"
    picture.label = "Guess: Sandal"
    picture.labelColor = .red
    picture.showsColorBar = true
    return picture
  }

  static func digits() -> Panels {
    Panels(
      title: "Mislabelled", columns: 3,
      (0..<5).map { index in
        var picture = Picture(values: noise(16, seed: UInt64(index)), width: 4, height: 4)
        picture.title = "\(index)"
        picture.label = "taken for \(9 - index)"
        picture.drawingWidth = 120
        return picture
      })
  }

  static func perceptrons() -> NetworkDiagram {
    NetworkDiagram(
      title: "Career and family", inputs: ["aack", "beep"],
      [
        .init(
          weights: Tensor<Float>([[6, 10], [10, 6]]), biases: [-15, -15], caption: "step",
          names: ["career", "family"]),
        .init(
          weights: Tensor<Float>([[1], [1]]), biases: [-1.5], caption: "step", names: ["happy"]),
      ])
  }

  static func network() -> NetworkDiagram {
    var model = Sequential([
      Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
    ]).compile(optimizer: "sgd", loss: "binary_crossentropy")
    let numbers = noise(17).map { Float($0) * 6 }
    model.weights = [
      Tensor(Array(numbers[..<8])).reshaped(to: [2, 4]), Tensor(Array(numbers[8..<12])),
      Tensor(Array(numbers[12..<16])).reshaped(to: [4, 1]), Tensor(Array(numbers[16...])),
    ]
    return NetworkDiagram(model.network, title: "Circles", inputs: ["x₁", "x₂"], outputs: ["p"])
  }

  static func largeNetwork() -> NetworkDiagram {
    func weights(_ inputs: Int, _ units: Int) -> Tensor<Double> {
      Tensor(noise(inputs * units)).reshaped(to: [inputs, units])
    }
    return NetworkDiagram(
      title: "Digits",
      [
        .init(weights: weights(64, 20), caption: "relu"),
        .init(weights: weights(20, 10), caption: "softmax", names: (0..<10).map(String.init)),
      ])
  }

  static func constant() -> Chart {
    var chart = Chart(title: "Always 3")
    chart.line(y: [3, 3, 3])
    return chart
  }

  static func notFinite() -> Chart {
    var chart = Chart(title: "No number")
    chart.yScale = .logarithmic
    chart.line(y: [.nan, -1, 0, .infinity])
    chart.histogram([.nan])
    chart.bars(["a", "b"], [.nan, 0])
    return chart
  }
}
