import Testing
import Train

@Suite("Ticks")
struct AxesTests {
  @Test(
    "ticks are round and their labels show no rounding error",
    arguments: [
      (0.0...1.0, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
      (0.0...1.0, 10, ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]),
      (-1.5...1.5, 6, ["-1.5", "-1", "-0.5", "0", "0.5", "1", "1.5"]),
      (0.0...49.0, 5, ["0", "10", "20", "30", "40"]),
      (0.13...0.58, 4, ["0.2", "0.4"]),
      (0.0...255.0, 6, ["0", "50", "100", "150", "200", "250"]),
      (99.5...100.5, 5, ["99.6", "99.8", "100", "100.2", "100.4"]),
      (0.0...60000.0, 4, ["0", "20000", "40000", "60000"]),
      (0.0...3e8, 3, ["0", "1e8", "2e8", "3e8"]),
      (0.0...2.5e-6, 5, ["0", "5e-7", "1e-6", "1.5e-6", "2e-6", "2.5e-6"]),
      (7.0...7.0, 4, ["6.5", "7", "7.5"]),
      (0.0...0.0, 4, ["-1", "-0.5", "0", "0.5", "1"]),
    ])
  func labels(range: ClosedRange<Double>, count: Int, labels: [String]) {
    let ticks = Ticks(range, count: count)
    #expect(ticks.labels == labels)
    #expect(ticks.values == labels.compactMap { Double($0) })
  }

  @Test(
    "ticks of a logarithmic axis are powers of ten, between few of them 2 and 5 times those",
    arguments: [
      (1.0...1000, 4, ["1", "10", "100", "1000"]),
      (1.0...1000, 10, ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1000"]),
      (0.01...0.9, 6, ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]),
      (1e-8...1, 4, ["1e-8", "1e-6", "1e-4", "1e-2", "1"]),
      (30.0...80, 5, ["30", "40", "50", "60", "70", "80"]),
      (21.0...49, 5, ["30", "40"]),
      (0.5...200_000, 10, ["1", "10", "100", "1000", "10000", "100000"]),
    ])
  func logarithmic(range: ClosedRange<Double>, count: Int, labels: [String]) {
    let ticks = Ticks(logarithmic: range, count: count)
    #expect(ticks.labels == labels)
    #expect(ticks.values == ticks.labels.compactMap { Double($0) })
    #expect(ticks.values.allSatisfy { range.contains($0) })
  }

  @Test(
    "logarithmic ticks stay few, however wide or narrow the range",
    arguments: [1e-300...1e300, 1...1.0001, 1e-307...1, 99...101, 1...1])
  func logarithmicExtremes(range: ClosedRange<Double>) {
    for count in 2...12 {
      let ticks = Ticks(logarithmic: range, count: count)
      #expect(ticks.values.count <= count + 2)
      #expect(Set(ticks.labels).count == ticks.labels.count)
      #expect(ticks.values == ticks.values.sorted())
    }
  }

  @Test(
    "ticks stay few and inside the range, however small, large or far from 0 it is",
    arguments: [
      1e-300...2e-300, -1e300...1e300, 1e15...1.000001e15, -5e-12...3e-12, 1e9...1e9 + 1,
      -.infinity ... .infinity, 123.456...789.012,
    ])
  func extremes(range: ClosedRange<Double>) {
    for count in 1...12 {
      let ticks = Ticks(range, count: count)
      #expect(ticks.values.count <= count + 1)
      #expect(ticks.values.count == ticks.labels.count)
      #expect(ticks.values.allSatisfy { $0.isFinite })
      #expect(ticks.values == ticks.values.sorted())
      #expect(Set(ticks.labels).count == ticks.labels.count)
    }
  }
}
