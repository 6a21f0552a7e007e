// Quantiles along axes, found in sorted rows. NaN sorts last, so the result of a row that ends with
// NaN is NaN; to leave NaN out, only the elements before it are counted.

/// How to choose a quantile that lies between two elements: the `method` of NumPy's `quantile`.
///
/// Source of the first nine: R. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The
/// American Statistician 50, 1996; they are its definitions 1 to 9 in this order.
public enum QuantileMethod: Sendable, CaseIterable {
  /// The first element with at least the fraction `q` of all elements up to it.
  case invertedCDF
  /// Like `invertedCDF`, but the mean of two neighbours where the fraction is met exactly.
  case averagedInvertedCDF
  /// The element whose rank is nearest to `q n`; of two, the one with the even rank.
  case closestObservation
  /// Linear interpolation of the inverted distribution function.
  case interpolatedInvertedCDF
  /// Linear, with element i of n at the fraction (i + 1/2) / n.
  case hazen
  /// Linear, with element i of n at the fraction (i + 1) / (n + 1).
  case weibull
  /// Linear, with element i of n at the fraction i / (n - 1): the default.
  case linear
  /// Linear; nearly free of bias in the median, whatever the distribution.
  case medianUnbiased
  /// Linear; nearly free of bias for normal distributions.
  case normalUnbiased
  /// The lower of the two neighbours of `linear`.
  case lower
  /// The higher of the two neighbours of `linear`.
  case higher
  /// The mean of the two neighbours of `linear`.
  case midpoint
  /// The nearer of the two neighbours of `linear`.
  case nearest

  /// The position of an element among `count` sorted ones, and the quantile's fraction of the
  /// distance to the next element.
  fileprivate func place(of q: Double, among count: Int) -> (below: Int, fraction: Double) {
    let n = Double(count)
    // Hyndman and Fan's formula for the continuous definitions.
    func rank(_ alpha: Double, _ beta: Double) -> Double {
      n * q + (alpha + q * (1 - alpha - beta)) - 1
    }
    func nearestWithEvenRank(_ place: Double) -> Double {
      let below = place.rounded(.down)
      let isOdd = below.truncatingRemainder(dividingBy: 2) != 0
      return place == below && isOdd ? below : below + 1
    }
    let linear = (n - 1) * q
    let place: Double =
      switch self {
      case .invertedCDF: (n * q - 1).rounded(.up)
      case .averagedInvertedCDF: n * q - 1
      case .closestObservation: nearestWithEvenRank(n * q - 1.5)
      case .interpolatedInvertedCDF: rank(0, 1)
      case .hazen: rank(0.5, 0.5)
      case .weibull: rank(0, 0)
      case .linear: linear
      case .medianUnbiased: rank(1 / 3.0, 1 / 3.0)
      case .normalUnbiased: rank(3 / 8.0, 3 / 8.0)
      case .lower: linear.rounded(.down)
      case .higher: linear.rounded(.up)
      case .midpoint: 0.5 * (linear.rounded(.down) + linear.rounded(.up))
      case .nearest: linear.rounded(.toNearestOrEven)
      }
    guard place >= 0 else { return (0, 0) }
    guard place < n - 1 else { return (count - 1, 0) }
    let below = place.rounded(.down)
    var fraction = place - below
    if self == .averagedInvertedCDF { fraction = fraction == 0 ? 0.5 : 1 }
    return (Int(below), fraction)
  }
}

extension Tensor where Scalar: TensorFloat {
  // MARK: Quantiles

  /// The number below which the fraction `q` of all elements lies; NaN if one of them is.
  ///
  /// - Precondition: `q` lies in 0...1, and there is an element.
  public func quantile(_ q: Double, method: QuantileMethod = .linear) -> Scalar {
    quantiles([q], nil, method, skipsNaN: false, keepingDimensions: false, "quantile").scalar
  }

  /// The number below which the fraction `q` of the elements along `axis` lies.
  public func quantile(
    _ q: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor { quantile(q, axes: [axis], method: method, keepingDimensions: keepingDimensions) }

  /// The number below which the fraction `q` of the elements along all of `axes` lies.
  public func quantile(
    _ q: Double, axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    quantiles(
      [q], axes, method, skipsNaN: false, keepingDimensions: keepingDimensions, "quantile")[0, ...]
  }

  /// Several quantiles along `axis`; they lie along a new first axis of the result.
  public func quantiles(
    _ q: [Double], axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor { quantiles(q, axes: [axis], method: method, keepingDimensions: keepingDimensions) }

  /// Several quantiles along all of `axes`; they lie along a new first axis of the result.
  public func quantiles(
    _ q: [Double], axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    quantiles(q, axes, method, skipsNaN: false, keepingDimensions: keepingDimensions, "quantiles")
  }

  /// The number below which `p` per cent of all elements lie.
  public func percentile(_ p: Double, method: QuantileMethod = .linear) -> Scalar {
    quantile(p / 100, method: method)
  }

  /// The number below which `p` per cent of the elements along `axis` lie.
  public func percentile(
    _ p: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    quantile(p / 100, axis: axis, method: method, keepingDimensions: keepingDimensions)
  }

  /// The number below which `p` per cent of the elements along all of `axes` lie.
  public func percentile(
    _ p: Double, axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    quantile(p / 100, axes: axes, method: method, keepingDimensions: keepingDimensions)
  }

  /// The middle of all elements in sorted order, or the mean of the two middle ones.
  public func median() -> Scalar { quantile(0.5) }

  /// The middle of the elements along `axis` in sorted order, or the mean of the two middle ones.
  public func median(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    quantile(0.5, axis: axis, keepingDimensions: keepingDimensions)
  }

  /// The middle of the elements along all of `axes` in sorted order, or the mean of the two middle
  /// ones.
  public func median(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    quantile(0.5, axes: axes, keepingDimensions: keepingDimensions)
  }

  // MARK: Without NaN

  /// The quantile of the elements that are not NaN; NaN if there are none.
  public func nanQuantile(_ q: Double, method: QuantileMethod = .linear) -> Scalar {
    quantiles([q], nil, method, skipsNaN: true, keepingDimensions: false, "nanQuantile").scalar
  }

  /// The quantile of the elements along `axis` that are not NaN.
  public func nanQuantile(
    _ q: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor { nanQuantile(q, axes: [axis], method: method, keepingDimensions: keepingDimensions) }

  /// The quantile of the elements along all of `axes` that are not NaN.
  public func nanQuantile(
    _ q: Double, axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    quantiles(
      [q], axes, method, skipsNaN: true, keepingDimensions: keepingDimensions, "nanQuantile"
    )[0, ...]
  }

  /// The percentile of the elements that are not NaN; NaN if there are none.
  public func nanPercentile(_ p: Double, method: QuantileMethod = .linear) -> Scalar {
    nanQuantile(p / 100, method: method)
  }

  /// The percentile of the elements along `axis` that are not NaN.
  public func nanPercentile(
    _ p: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor {
    nanQuantile(p / 100, axis: axis, method: method, keepingDimensions: keepingDimensions)
  }

  /// The median of the elements that are not NaN; NaN if there are none.
  public func nanMedian() -> Scalar { nanQuantile(0.5) }

  /// The median of the elements along `axis` that are not NaN.
  public func nanMedian(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    nanQuantile(0.5, axis: axis, keepingDimensions: keepingDimensions)
  }

  // MARK: Implementation

  /// The quantiles along `axes`, or of all elements if there are none; they lie along the result's
  /// first axis.
  private func quantiles(
    _ q: [Double], _ axes: [Int]?, _ method: QuantileMethod, skipsNaN: Bool,
    keepingDimensions: Bool, _ name: String
  ) -> Tensor {
    for q in q { require(q >= 0 && q <= 1, "\(name): got \(q), expected a fraction from 0 to 1") }
    let reduced = shape.normalized(axes: axes ?? Array(0..<rank), name)
    let kept = (0..<rank).filter { !reduced.contains($0) }
    let length = reduced.reduce(1) { $0 * shape[$1] }
    require(
      length > 0,
      "\(name): there are no elements along axes \(reduced) of shape \(shape)")
    let rows = kept.reduce(1) { $0 * shape[$1] }
    let sorted = transposed(permutation: kept + reduced).reshaped(to: [rows, length]).sorted()
    let sizes =
      keepingDimensions
      ? (0..<rank).map { reduced.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    let result = Tensor(uninitialized: TensorShape([q.count] + sizes))
    sorted.writeQuantiles(q, method, skipsNaN, rows, length, to: result.storage.base)
    return result
  }

  /// Writes `q.count` rows of quantiles, one for each of this tensor's sorted rows.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func writeQuantiles(
    _ q: [Double], _ method: QuantileMethod, _ skipsNaN: Bool, _ rows: Int, _ length: Int,
    to y: UnsafeMutablePointer<Scalar>
  ) {
    let x = base
    for row in 0..<rows {
      let x = x + row &* length
      var count = length
      if skipsNaN { while count > 0 && x[count &- 1].isNaN { count &-= 1 } }
      let isNaN = count == 0 || x[count &- 1].isNaN
      for (i, q) in q.enumerated() {
        let target = y + (i &* rows &+ row)
        target.pointee = .nan
        guard !isNaN else { continue }
        let (below, fraction) = method.place(of: q, among: count)
        let a = x[below]
        let b = x[Swift.min(below &+ 1, count &- 1)]
        let t = Scalar(fraction)
        let distance = b - a
        // Computed from the nearer end, so that the result is exact at both ends.
        target.pointee =
          t == 0 || a == b
          ? a
          : !distance.isFinite
            ? a * (1 - t) + b * t : t < 0.5 ? a + distance * t : b - distance * (1 - t)
      }
    }
    withExtendedLifetime(self) {}
  }
}

// MARK: - Integers

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The number below which the fraction `q` of all elements lies.
  public func quantile(_ q: Double, method: QuantileMethod = .linear) -> Double {
    Tensor<Double>(self).quantile(q, method: method)
  }

  /// The number below which the fraction `q` of the elements along `axis` lies.
  public func quantile(
    _ q: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor<Double> {
    Tensor<Double>(self).quantile(
      q, axis: axis, method: method, keepingDimensions: keepingDimensions)
  }

  /// The number below which `p` per cent of all elements lie.
  public func percentile(_ p: Double, method: QuantileMethod = .linear) -> Double {
    quantile(p / 100, method: method)
  }

  /// The number below which `p` per cent of the elements along `axis` lie.
  public func percentile(
    _ p: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
  ) -> Tensor<Double> {
    quantile(p / 100, axis: axis, method: method, keepingDimensions: keepingDimensions)
  }

  /// The middle of all elements in sorted order, or the mean of the two middle ones.
  public func median() -> Double { quantile(0.5) }

  /// The middle of the elements along `axis` in sorted order, or the mean of the two middle ones.
  public func median(axis: Int, keepingDimensions: Bool = false) -> Tensor<Double> {
    quantile(0.5, axis: axis, keepingDimensions: keepingDimensions)
  }
}
