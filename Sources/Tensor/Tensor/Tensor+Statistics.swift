// Counts of values in bins. Quantiles: Tensor+Quantiles.swift.

extension Tensor where Scalar: TensorFloat {
  /// The number of elements in each of `bins` equally wide bins over the elements' range, or over
  /// `range`, and the edges of the bins.
  ///
  /// A bin includes its lower edge but not its upper one; the last includes both. Elements outside
  /// do not count. NumPy's `histogram`. If all elements are equal, the range is widened on both
  /// sides, by 1/2 or by as much as the bins need.
  ///
  /// - Precondition: the range is finite and wide enough for the edges to differ.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func histogram(
    bins: Int = 10, range: ClosedRange<Scalar>? = nil
  ) -> (counts: Tensor<Int>, edges: Tensor) {
    require(bins > 0, "histogram: got \(bins) bins, expected at least 1")
    let extremes = range.map { ($0.lowerBound, $0.upperBound) }
    var (low, high) = extremes ?? (count == 0 ? (0, 1) : (min(), max()))
    require(
      low.isFinite && high.isFinite, "histogram: the range from \(low) to \(high) is not finite")
    if low == high {
      let reach = Swift.max(0.5, Scalar(bins) * low.ulp)
      low = Swift.max(low - reach, -.greatestFiniteMagnitude)
      high = Swift.min(high + reach, .greatestFiniteMagnitude)
    }
    let edges = Tensor.linspace(from: low, to: high, count: bins.addingSaturated(1))
    let source = contiguous()
    let (x, edge) = (source.base, edges.base)
    for bin in 0..<bins where !(edge[bin] < edge[bin + 1]) {
      fail(
        "histogram: \(bins) bins from \(low) to \(high) are narrower than the distance of neighbouring "
          + "numbers of \(Scalar.self); take fewer bins or a wider range")
    }
    // Scaled so that neither the width nor the number of bins per width is infinite.
    let unit: Scalar =
      !(high - low).isFinite ? 0.5 : (Scalar(bins) / (high - low)).isFinite ? 1 : 0x1p100
    let first = low * unit
    let scale = Scalar(bins) / (high * unit - first)
    // Every part of a long tensor is counted separately. Its elements go to four counters per bin
    // in turn, so that two elements of the same bin need not wait for each other.
    let length = Swift.max(Parallel.partLength(of: count), 1)
    let parts = Swift.max(1, (count + length - 1) / length)
    let counters = Tensor<Int>.zeros([parts, 4, bins])
    let places = counters.storage.base
    Parallel.overParts(of: count, length: length) { start, size in
      let counters = places + start / length * 4 * bins
      for i in start..<start + size {
        let value = x[i]
        guard value >= low && value <= high else { continue }
        // A guess, corrected step by step where rounding misled it.
        var bin = Swift.min(bins - 1, Int((value * unit - first) * scale))
        while value < edge[bin] { bin -= 1 }
        while bin < bins - 1 && value >= edge[bin + 1] { bin += 1 }
        counters[(i & 3) &* bins &+ bin] &+= 1
      }
    }
    return withExtendedLifetime((source, edges)) { (counters.sum(axes: [0, 1]), edges) }
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The number of elements in each of the bins between neighbouring `edges`.
  ///
  /// A bin includes its lower edge but not its upper one; the last includes both.
  ///
  /// - Precondition: `edges` has one axis and is in ascending order.
  public func histogram(edges: Tensor) -> Tensor<Int> {
    require(
      edges.rank == 1 && edges.count >= 2,
      "histogram: got edges of shape \(edges.shape), expected one axis with at least two")
    let sorted = flattened().sorted()
    let last = edges.count - 1
    let below = sorted.searchSorted(edges[..<last])
    let through = sorted.searchSorted(edges[last...], fromRight: true)
    return concatenate([below, through]).differences()
  }

  /// For each element, the number of its bin: 0 before the first edge, 1 before the second and so
  /// on.
  ///
  /// A bin includes its lower edge or, if `right` is true, its upper one.
  ///
  /// - Precondition: `edges` has one axis and is in ascending order.
  public func digitized(edges: Tensor, right: Bool = false) -> Tensor<Int> {
    edges.searchSorted(self, fromRight: !right)
  }
}

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The number of times that each of the numbers 0, 1, … occurs.
  ///
  /// The counts go up to the largest number, or are `minimumLength` if that is more.
  ///
  /// - Precondition: no element is negative.
  public func binCount(minimumLength: Int = 0) -> Tensor<Int> {
    let numbers = asIntegers()
    let counts = Tensor<Int>.zeros([numbers.binLength(minimumLength)])
    let (x, y) = (numbers.base, counts.storage.base)
    for i in 0..<numbers.count { y[x[i]] &+= 1 }
    withExtendedLifetime(numbers) {}
    return counts
  }

  /// The sum of the weights of each of the numbers 0, 1, ….
  ///
  /// - Precondition: no element is negative, and there is a weight for each element.
  public func binCount<Weight: TensorFloat>(
    weights: Tensor<Weight>, minimumLength: Int = 0
  ) -> Tensor<Weight> {
    require(
      weights.shape == shape,
      "binCount: weights of shape \(weights.shape) do not fit shape \(shape)")
    let numbers = asIntegers()
    var sums = Tensor<Double>.zeros([numbers.binLength(minimumLength)])
    sums.scatterAdd(Tensor<Double>(weights).flattened(), at: numbers.flattened())
    return Tensor<Weight>(sums)
  }

  /// The elements as contiguous `Int`s.
  private func asIntegers() -> Tensor<Int> {
    Scalar.scalarType == .int64 ? cast(to: Int.self).contiguous() : Tensor<Int>(self)
  }
}

extension Tensor where Scalar == Int {
  /// The number of bins for contiguous elements.
  fileprivate func binLength(_ minimumLength: Int) -> Int {
    let x = base
    var (least, most) = (0, -1)
    for i in 0..<count {
      least = Swift.min(least, x[i])
      most = Swift.max(most, x[i])
    }
    require(least >= 0, "binCount: got the negative number \(least)")
    return Swift.max(0, minimumLength, most.addingSaturated(1))
  }
}
