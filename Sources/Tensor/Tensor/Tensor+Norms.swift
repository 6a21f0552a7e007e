// Reductions made from others: norms, the logarithm of a sum of exponentials, and reductions that
// leave out NaN.

/// The kind of norm, which measures the length of a vector.
public enum VectorNorm: Sendable, Hashable {
  /// The sum of the absolute values.
  case one
  /// The square root of the sum of squares; of a matrix as a whole, the Frobenius norm.
  case two
  /// The largest absolute value.
  case infinity
}

extension Tensor where Scalar: TensorFloat {
  /// The norm of all elements, seen as one vector; it overflows only if its value does.
  public func norm(_ norm: VectorNorm = .two) -> Scalar {
    switch norm {
    case .one: return abs(self).sum()
    case .two:
      let squares = reduced(.sumOfSquares, "norm")
      return Self.trustedSquares.contains(squares)
        ? squares.squareRoot()
        : euclideanNorm(axes: Array(0..<rank), keepingDimensions: false).scalar
    case .infinity: return count == 0 ? 0 : abs(self).max()
    }
  }

  /// The norm of the vectors along `axis`.
  public func norm(
    _ norm: VectorNorm = .two, axis: Int, keepingDimensions: Bool = false
  ) -> Tensor { self.norm(norm, axes: [axis], keepingDimensions: keepingDimensions) }

  /// The norm of the elements along all of `axes`; of two, the matrices' Frobenius norm.
  public func norm(
    _ norm: VectorNorm = .two, axes: [Int], keepingDimensions: Bool = false
  ) -> Tensor {
    switch norm {
    case .one: abs(self).sum(axes: axes, keepingDimensions: keepingDimensions)
    case .two: euclideanNorm(axes: axes, keepingDimensions: keepingDimensions)
    case .infinity:
      abs(self).reduced(
        .maximum, axes: axes, keepingDimensions: keepingDimensions, ofNothing: 0, "norm")
    }
  }

  /// The sums of squares to trust: no square overflowed, and none that mattered underflowed.
  private static var trustedSquares: ClosedRange<Scalar> {
    .leastNormalMagnitude / .ulpOfOne / .ulpOfOne ... .greatestFiniteMagnitude
  }

  /// The square root of the sum of squares, also where the squares overflow or vanish.
  private func euclideanNorm(axes: [Int], keepingDimensions: Bool) -> Tensor {
    let sums = reduced(.sumOfSquares, axes: axes, keepingDimensions: keepingDimensions, "norm")
    let isSafe =
      (sums .>= Self.trustedSquares.lowerBound) .& (sums .<= Self.trustedSquares.upperBound)
    if isSafe.all() { return sqrt(sums) }
    let largest = abs(self).reduced(
      .maximum, axes: axes, keepingDimensions: true, ofNothing: 0, "norm")
    let unit = select(isFinite(largest) .& (largest .> 0), largest, 1)
    let norms =
      sqrt((self / unit).reduced(.sumOfSquares, axes: axes, keepingDimensions: true, "norm")) * unit
    return select(isSafe, sqrt(sums), norms.reshaped(to: sums.shape))
  }

  // MARK: Log-sum-exp

  /// The logarithm of the sum of the exponentials of all elements, without overflow.
  public func logSumExp() -> Scalar { logSumExp(axes: Array(0..<rank)).scalar }

  /// The logarithm of the sum of the exponentials along `axis`, without overflow.
  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The logarithm of the sum of the exponentials along all of `axes`, without overflow.
  public func logSumExp(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    let largest = reduced(
      .maximum, axes: axes, keepingDimensions: true, ofNothing: -.infinity, "logSumExp")
    // An infinite element needs no shift, and must not be subtracted from itself.
    let shift = select(isFinite(largest), largest, 0)
    let sums = exp(self - shift).sum(axes: axes, keepingDimensions: true)
    let result = log(sums) + shift
    return keepingDimensions
      ? result
      : result.reshaped(to: largest.shape.removing(axes: axes))
  }

  // MARK: Without NaN

  /// The sum of the elements that are not NaN.
  public func nanSum() -> Scalar { withoutNaN(0).sum() }

  /// The sum of the elements along `axis` that are not NaN.
  public func nanSum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    withoutNaN(0).sum(axis: axis, keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements that are not NaN; NaN if there are none.
  public func nanMean() -> Scalar {
    let numbers = self[self .== self]
    return numbers.count == 0 ? .nan : numbers.mean()
  }

  /// The mean of the elements along `axis` that are not NaN.
  public func nanMean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let counts = Tensor((self .== self).countTrue(axis: axis, keepingDimensions: true))
    var mean = nanSum(axis: axis, keepingDimensions: true) / counts
    let isDone = isFinite(mean) .| (counts .== 0)
    if !isDone.all() {
      // The sum overflowed although its terms may be finite.
      let shares = (withoutNaN(0) / counts).sum(axis: axis, keepingDimensions: true)
      mean = select(isDone, mean, shares)
    }
    return keepingDimensions ? mean : mean.squeezingShape(at: axis)
  }

  /// The smallest of the elements that are not NaN; NaN if there are none.
  public func nanMin() -> Scalar { (self .== self).any() ? withoutNaN(.infinity).min() : .nan }

  /// The smallest of the elements along `axis` that are not NaN.
  public func nanMin(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let some = (self .== self).any(axis: axis, keepingDimensions: keepingDimensions)
    return select(
      some, withoutNaN(.infinity).min(axis: axis, keepingDimensions: keepingDimensions), .nan)
  }

  /// The largest of the elements that are not NaN; NaN if there are none.
  public func nanMax() -> Scalar { (self .== self).any() ? withoutNaN(-.infinity).max() : .nan }

  /// The largest of the elements along `axis` that are not NaN.
  public func nanMax(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let some = (self .== self).any(axis: axis, keepingDimensions: keepingDimensions)
    return select(
      some, withoutNaN(-.infinity).max(axis: axis, keepingDimensions: keepingDimensions), .nan)
  }

  /// The variance of the elements that are not NaN; NaN unless there are more than `correction`.
  public func nanVariance(correction: Int = 0) -> Scalar {
    nanVariance(axes: Array(0..<rank), correction: correction).scalar
  }

  /// The variance of the elements along `axis` that are not NaN.
  public func nanVariance(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    nanVariance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The variance of the elements along all of `axes` that are not NaN.
  public func nanVariance(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    let numbers = Tensor(self .== self)
    let counts = numbers.sum(axes: axes, keepingDimensions: true)
    let mean = withoutNaN(0).sum(axes: axes, keepingDimensions: true) / counts
    let squares = select(isNaN(self), 0, self - mean).reduced(
      .sumOfSquares, axes: axes, keepingDimensions: keepingDimensions, "nanVariance")
    let freedom = counts.reshaped(to: squares.shape) - Scalar(correction)
    return select(freedom .> 0, squares / freedom, .nan)
  }

  /// The standard deviation of the elements that are not NaN.
  public func nanStandardDeviation(correction: Int = 0) -> Scalar {
    nanVariance(correction: correction).squareRoot()
  }

  /// The standard deviation of the elements along `axis` that are not NaN.
  public func nanStandardDeviation(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    sqrt(nanVariance(axis: axis, correction: correction, keepingDimensions: keepingDimensions))
  }

  /// The standard deviation of the elements along all of `axes` that are not NaN.
  public func nanStandardDeviation(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    sqrt(nanVariance(axes: axes, correction: correction, keepingDimensions: keepingDimensions))
  }

  private func withoutNaN(_ value: Scalar) -> Tensor { select(isNaN(self), value, self) }
}
