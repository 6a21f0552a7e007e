import Testing
import Train

/// The area inside closed outlines, holes subtracted: outer ones and holes run in opposite
/// directions.
private func area(_ outlines: [[ContourPoint]]) -> Double {
  var sum = 0.0
  for outline in outlines {
    for (a, b) in zip(outline, outline.dropFirst() + outline.prefix(1)) {
      sum += (a.x * b.y - b.x * a.y) / 2
    }
  }
  return abs(sum)
}

@Suite("Contours")
struct ContourTests {
  @Test("the outline of a disc has its area", arguments: [20, 50, 101])
  func disc(size: Int) {
    let field = Field(columns: size, rows: size + 3, x: -2...2, y: -1.5...1.5) { x, y in
      1 - (x * x + y * y).squareRoot()
    }
    let outlines = field.outlines(level: 0)
    #expect(outlines.count == 1)
    #expect(abs(area(outlines) - .pi) < 0.01 * .pi)
    #expect(outlines.joined().allSatisfy { !$0.closesBorder })
    for point in outlines.joined() {
      #expect(abs((point.x * point.x + point.y * point.y).squareRoot() - 1) < 0.05)
    }
  }

  @Test("a ring has two outlines and the area between them")
  func ring() {
    let field = Field(columns: 81, rows: 81, x: -1...1, y: -1...1) { x, y in
      0.2 - abs((x * x + y * y).squareRoot() - 0.7)
    }
    let outlines = field.outlines(level: 0)
    #expect(outlines.count == 2)
    let exact = Double.pi * (0.81 - 0.25)
    #expect(abs(area(outlines) - exact) < 0.01 * exact)
  }

  @Test("a region cut by the border is closed along it, and only there")
  func border() {
    // Three quarters of the square are at least 0.5: x >= 0.25.
    let field = Field(columns: 5, rows: 4, x: 0...1, y: 2...5) { x, _ in x * 2 }
    let outlines = field.outlines(level: 0.5)
    #expect(outlines.count == 1)
    #expect(abs(area(outlines) - 0.75 * 3) < 1e-12)
    #expect(outlines[0].contains { $0.closesBorder && $0.x == 1 && $0.y == 5 })
    for point in outlines[0] where !point.closesBorder { #expect(abs(point.x - 0.25) < 1e-12) }
  }

  @Test("a level below all values outlines the whole grid, one above them nothing")
  func extremes() {
    let field = Field(columns: 3, rows: 3, x: 0...2, y: 0...2) { x, y in x + y }
    #expect(abs(area(field.outlines(level: -1)) - 4) < 1e-12)
    #expect(area(field.outlines(level: 0)) == 4)
    #expect(field.outlines(level: 4.5).isEmpty)
    #expect(field.outlines(level: .nan).isEmpty)
    #expect(field.outlines(level: .infinity).isEmpty)
  }

  @Test("NaN is outside, infinities are inside or outside, and every point stays in the grid")
  func notFinite() {
    var values = [Double](repeating: 1, count: 49)
    values[24] = .nan
    values[10] = .infinity
    values[30] = -.infinity
    let field = Field(values, columns: 7, x: 0...6, y: 0...6)
    let outlines = field.outlines(level: 0.5)
    // Of the 36 cells each outside point takes the four triangles between it and its neighbours.
    #expect(abs(area(outlines) - (36 - 2 * 2)) < 1e-6)
    for point in outlines.joined() {
      #expect(0...6 ~= point.x && 0...6 ~= point.y)
    }
  }

  @Test("where diagonals cross, the middle decides what is joined")
  func saddle() {
    let field = Field([1, 0, 0, 1], columns: 2, x: 0...1, y: 0...1)
    #expect(field.outlines(level: 0.4).count == 1)
    #expect(field.outlines(level: 0.6).count == 2)
    #expect(abs(area(field.outlines(level: 0.4)) - (1 - 0.16)) < 1e-12)
    #expect(abs(area(field.outlines(level: 0.6)) - 0.16) < 1e-12)
  }

  @Test("a random field is divided without rest between a level and its negative")
  func complement() {
    var state: UInt64 = 42
    let values = (0..<30 * 20).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
    let above = Field(values, columns: 30, x: 0...29, y: 0...19).outlines(level: 0.1)
    let below = Field(values.map { -$0 }, columns: 30, x: 0...29, y: 0...19).outlines(level: -0.1)
    #expect(abs(area(above) + area(below) - 29 * 19) < 1e-6)
  }
}
