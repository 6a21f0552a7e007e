// Bar charts and histograms.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Chart {
  /// Adds one bar per name; further calls with the same names place their bars beside them.
  ///
  /// - Parameters:
  ///   - names: The names below the bars.
  ///   - values: The heights, one per name; negative bars point down, NaN is omitted.
  ///   - color: The colour; nil for the next one of the palette.
  ///   - label: The name in the legend; empty for none.
  public mutating func bars(
    _ names: [String], _ values: [Double], color: Color? = nil, label: String = ""
  ) {
    require(
      self.names.isEmpty || self.names == names,
      "bars: names \(names) after \(self.names); all bars of a chart have the same names")
    self.names = names
    add(names.indices.map(Double.init), values, "bars", .groupedBars, color, label)
  }

  /// Adds a histogram: the number of values in each of several intervals of equal width.
  ///
  /// - Parameters:
  ///   - values: The values; those that are not finite are ignored.
  ///   - bins: The number of intervals; nil for log₂ n + 1 (Sturges' rule).
  ///   - range: The range of the intervals; nil for that of the values.
  ///   - color: The colour; nil for the next one of the palette.
  ///   - label: The name in the legend; empty for none.
  public mutating func histogram(
    _ values: [Double], bins: Int? = nil, range: ClosedRange<Double>? = nil, color: Color? = nil,
    label: String = ""
  ) {
    let histogram = Histogram(values, bins: bins, range: range)
    let width = histogram.width
    add(
      histogram.counts.indices.map { histogram.range.lowerBound + (Double($0) + 0.5) * width },
      histogram.counts.map(Double.init), "histogram", .histogram(width: width), color, label)
  }
}

/// Counts the values in each interval, as NumPy's `histogram` does.
///
/// An interval includes its lower end; the last one includes both ends.
package struct Histogram {
  package let counts: [Int]
  package let range: ClosedRange<Double>
  /// The width of each interval.
  package var width: Double { (range.upperBound - range.lowerBound) / Double(counts.count) }

  package init(_ values: [Double], bins: Int? = nil, range: ClosedRange<Double>? = nil) {
    let values = values.filter(\.isFinite)
    let bins = bins ?? Int(log2(Double(max(values.count, 1))).rounded(.up)) + 1
    require(
      bins > 0 && bins <= 1 << 24, "histogram: got \(bins) bins, expected a number from 1 to 2^24")
    let range = drawableRange(range ?? finiteRange(values) ?? 0...1)
    let (low, high) = (range.lowerBound, range.upperBound)
    var counts = [Int](repeating: 0, count: bins)
    for value in values where low <= value && value <= high {
      counts[min(Int((value - low) / (high - low) * Double(bins)), bins - 1)] += 1
    }
    (self.counts, self.range) = (counts, range)
  }
}
