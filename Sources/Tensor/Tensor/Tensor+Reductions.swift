// Sums, means, extremes: over the whole tensor or along axes. Negative axes count from the end.

import KernelTemplate

extension Tensor where Scalar: TensorFloat {
  /// The sum of all elements.
  public func sum() -> Scalar { reduced(.sum, "sum") }

  /// The sum of the elements along `axis`, which disappears or, if kept, has size 1.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The sum of the elements along all of `axes`.
  public func sum(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    reduced(.sum, axes: axes, keepingDimensions: keepingDimensions, "sum")
  }

  /// The product of all elements.
  public func product() -> Scalar { reduced(.product, "product") }

  /// The product of the elements along `axis`, which disappears or, if kept, has size 1.
  public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    product(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The product of the elements along all of `axes`.
  public func product(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    reduced(.product, axes: axes, keepingDimensions: keepingDimensions, "product")
  }

  /// The mean of all elements; NaN if there are none.
  public func mean() -> Scalar {
    if count == 0 { return .nan }
    let mean = sum() / Scalar(count)
    // The sum overflowed although its terms may be finite.
    return mean.isFinite ? mean : (self / Scalar(count)).sum()
  }

  /// The mean of the elements along `axis`, which disappears or, if kept, has size 1.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements along all of `axes`.
  public func mean(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    let total = reduced(.sum, axes: axes, keepingDimensions: keepingDimensions, "mean")
    let length = Scalar(axes.reduce(1) { $0 * shape[shape.normalized(axis: $1, "mean")] })
    let mean = total / length
    let isDone = isFinite(mean)
    guard !isDone.all() && count > 0 else { return mean }
    return select(
      isDone, mean, (self / length).sum(axes: axes, keepingDimensions: keepingDimensions))
  }

  /// The mean of the squared distances from the mean, over all elements.
  ///
  /// The sum of squares is divided by `count - correction`: 1 makes the estimate from a sample free
  /// of bias (NumPy's `ddof`).
  public func variance(correction: Int = 0) -> Scalar {
    let squares = (self - mean()).reduced(.sumOfSquares, "variance")
    return squares / Scalar(Swift.max(0, count.subtractingSaturated(correction)))
  }

  /// The mean of the squared distances from the mean, along `axis`.
  public func variance(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The mean of the squared distances from the mean, along all of `axes`.
  public func variance(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    let centred = self - mean(axes: axes, keepingDimensions: true)
    let squares = centred.reduced(
      .sumOfSquares, axes: axes, keepingDimensions: keepingDimensions, "variance")
    let length = axes.reduce(1) { $0 * shape[shape.normalized(axis: $1, "variance")] }
    return squares / Scalar(Swift.max(0, length.subtractingSaturated(correction)))
  }

  /// The square root of the variance of all elements, also if the variance itself overflows or
  /// underflows.
  public func standardDeviation(correction: Int = 0) -> Scalar {
    let variance = variance(correction: correction)
    if variance >= .leastNormalMagnitude && variance < .infinity { return variance.squareRoot() }
    return standardDeviation(axes: Array(0..<rank), correction: correction).scalar
  }

  /// The square root of the variance along `axis`.
  public func standardDeviation(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    standardDeviation(
      axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The square root of the variance along all of `axes`.
  public func standardDeviation(
    axes: [Int], correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor {
    let variance = variance(axes: axes, correction: correction, keepingDimensions: true)
    let result = sqrt(variance).scaledWhere(
      (variance .< Scalar.leastNormalMagnitude) .| (variance .== Scalar.infinity),
      self, axes: axes, correction: correction)
    return keepingDimensions
      ? result : result.reshaped(to: result.shape.removing(axes: axes))
  }

  /// These standard deviations along `axes` of `x`, recomputed with scaled numbers where
  /// `isInexact` is true: where squares overflow or underflow.
  private func scaledWhere(
    _ isInexact: Tensor<Bool>, _ x: Tensor, axes: [Int], correction: Int
  ) -> Tensor {
    guard x.count > 0 && isInexact.any() else { return self }
    let largest = x.norm(.infinity, axes: axes, keepingDimensions: true)
    let unit = select(largest .> 1, Tensor(0.5), Tensor(0x1p60))
    let scaled = x * unit
    let centred = scaled - scaled.mean(axes: axes, keepingDimensions: true)
    let reach = centred.norm(.infinity, axes: axes, keepingDimensions: true)
    let shares = centred / select(reach .> 0, reach, 1)
    let deviations = sqrt(
      shares.variance(axes: axes, correction: correction, keepingDimensions: true))
    return select(isInexact, deviations * reach / unit, self)
  }
}

// Sums and products of integers are `Int`, so that sums of bytes do not overflow.

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The sum of all elements, as `Int`.
  public func sum() -> Int {
    guard Scalar.scalarType == .uint8 else { return Tensor<Int>(self).reduced(.sum, "sum") }
    return withUnsafeBufferPointer { x in
      guard let x = x.baseAddress?.cast(to: UInt8.self) else { return 0 }
      var total = 0
      for i in 0..<count { total &+= Int(x[i]) }
      return total
    }
  }

  /// The sum of the elements along `axis`, as `Int`.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int> {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The sum of the elements along all of `axes`, as `Int`.
  public func sum(axes: [Int], keepingDimensions: Bool = false) -> Tensor<Int> {
    Tensor<Int>(self).reduced(.sum, axes: axes, keepingDimensions: keepingDimensions, "sum")
  }

  /// The product of all elements, as `Int`.
  public func product() -> Int { Tensor<Int>(self).reduced(.product, "product") }

  /// The product of the elements along `axis`, as `Int`.
  public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int> {
    product(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The product of the elements along all of `axes`, as `Int`.
  public func product(axes: [Int], keepingDimensions: Bool = false) -> Tensor<Int> {
    Tensor<Int>(self).reduced(
      .product, axes: axes, keepingDimensions: keepingDimensions, "product")
  }

  /// The mean of all elements; NaN if there are none.
  ///
  /// Unlike that of `sum()`, its total does not overflow.
  public func mean() -> Double {
    switch Scalar.scalarType {
    case .int64: return mean(ofBits: Int64.self)
    case .uint64: return mean(ofBits: UInt64.self)
    default: return Double(sum()) / Double(count)
    }
  }

  /// The mean of 64-bit elements, whose total needs more bits than they have.
  @inline(__always)
  private func mean<Integer: FixedWidthInteger>(ofBits _: Integer.Type) -> Double {
    withUnsafeBufferPointer { x in
      guard let x = x.baseAddress?.cast(to: Integer.self) else { return .nan }
      var total: Int128 = 0
      for i in 0..<count { total &+= Int128(x[i]) }
      return Double(total) / Double(count)
    }
  }

  /// The mean of the elements along `axis`.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor<Double> {
    Tensor<Double>(self).mean(axis: axis, keepingDimensions: keepingDimensions)
  }

  /// The mean of the squared distances from the mean, over all elements.
  public func variance(correction: Int = 0) -> Double {
    Tensor<Double>(self).variance(correction: correction)
  }

  /// The mean of the squared distances from the mean, along `axis`.
  public func variance(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor<Double> {
    Tensor<Double>(self).variance(
      axis: axis, correction: correction, keepingDimensions: keepingDimensions)
  }

  /// The square root of the variance of all elements.
  public func standardDeviation(correction: Int = 0) -> Double {
    variance(correction: correction).squareRoot()
  }

  /// The square root of the variance along `axis`.
  public func standardDeviation(
    axis: Int, correction: Int = 0, keepingDimensions: Bool = false
  ) -> Tensor<Double> {
    sqrt(variance(axis: axis, correction: correction, keepingDimensions: keepingDimensions))
  }
}

extension Tensor where Scalar == Bool {
  /// The number of elements that are true.
  public func countTrue() -> Int { Tensor<UInt8>(self).sum() }
}

extension Tensor where Scalar: TensorNumber {
  /// The largest of all elements.
  public func max() -> Scalar { reduced(.maximum, "max") }

  /// The largest of the elements along `axis`, which disappears or, if kept, has size 1.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    max(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The largest of the elements along all of `axes`.
  public func max(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    reduced(.maximum, axes: axes, keepingDimensions: keepingDimensions, "max")
  }

  /// The smallest of all elements.
  public func min() -> Scalar { reduced(.minimum, "min") }

  /// The smallest of the elements along `axis`, which disappears or, if kept, has size 1.
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    min(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The smallest of the elements along all of `axes`.
  public func min(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    reduced(.minimum, axes: axes, keepingDimensions: keepingDimensions, "min")
  }

  /// The distance between the largest and the smallest of all elements; for integers it may wrap
  /// around.
  ///
  /// NumPy's `ptp`.
  public func peakToPeak() -> Scalar { peakToPeak(axes: Array(0..<rank)).scalar }

  /// The distance between the largest and the smallest of the elements along `axis`.
  public func peakToPeak(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    peakToPeak(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The distance between the largest and the smallest of the elements along all of `axes`.
  public func peakToPeak(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    reduced(.maximum, axes: axes, keepingDimensions: keepingDimensions, "peakToPeak")
      - reduced(.minimum, axes: axes, keepingDimensions: keepingDimensions, "peakToPeak")
  }

  /// The position of the largest element in row-major order, the first of several equal ones.
  ///
  /// - Precondition: the tensor is not empty.
  public func argmax() -> Int { argument(.maximum, "argmax") }

  /// The position of the smallest element in row-major order, the first of several equal ones.
  ///
  /// - Precondition: the tensor is not empty.
  public func argmin() -> Int { argument(.minimum, "argmin") }

  /// The position of the largest element of each row along `axis`, the first of several equal ones.
  public func argmax(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int> {
    argument(.maximum, axis: axis, keepingDimensions, "argmax")
  }

  /// The position of the smallest element of each row along `axis`, the first of several equal
  /// ones.
  public func argmin(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int> {
    argument(.minimum, axis: axis, keepingDimensions, "argmin")
  }

  private func argument(_ reduction: ArgumentReduction, _ name: String) -> Int {
    require(count > 0, "\(name): shape \(shape) has no elements")
    if Scalar.scalarType.isCarried { return orderedCarrier.argument(reduction, name) }
    return withUnsafeBufferPointer { Loops.argument(reduction, $0.baseAddress!, $0.count) }
  }

  @specialized(where Scalar == UInt8)
  @specialized(where Scalar == Int32)
  @specialized(where Scalar == Int)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func argument(
    _ reduction: ArgumentReduction, axis: Int, _ keepingDimensions: Bool, _ name: String
  ) -> Tensor<Int> {
    if Scalar.scalarType.isCarried {
      return orderedCarrier.argument(reduction, axis: axis, keepingDimensions, name)
    }
    let axis = shape.normalized(axis: axis, name)
    let length = shape[axis]
    let source = (axis == rank - 1 ? self : movingAxis(from: axis, to: -1)).contiguous()
    let result = Tensor<Int>(uninitialized: shape.removing(axis: axis))
    require(length > 0 || result.count == 0, "\(name): axis \(axis) of shape \(shape) is empty")
    let (x, y) = (source.base, result.storage.base)
    Parallel.overRows(result.count, of: length) { start, rows in
      for row in start..<start + rows {
        y[row] = Loops.argument(reduction, x + row * length, length)
      }
    }
    withExtendedLifetime(source) {}
    return keepingDimensions ? result.expandingShape(at: axis) : result
  }
}
