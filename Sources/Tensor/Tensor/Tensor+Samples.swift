// Sampled functions: interpolation, slopes, areas, and convolution with another list.

/// Interpolates linearly between the points (positions[i], values[i]) at each element of `x`:
/// NumPy's `interp`.
///
/// Before the first position the result is `left`, after the last it is `right`; by default, they
/// are the first and last values. With a `period`, positions are taken modulo the period and may
/// have any order, and the function repeats. NaN gives NaN.
///
/// - Precondition: `positions` and `values` have one axis and the same length of at least 1;
///   without a period, the positions ascend.
/// - Complexity: O(*m* log *n*) for *m* elements and *n* points.
public func interpolate<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, positions: Tensor<Scalar>, values: Tensor<Scalar>, left: Scalar? = nil,
  right: Scalar? = nil, period: Scalar? = nil
) -> Tensor<Scalar> {
  require(
    positions.rank == 1 && positions.shape == values.shape && positions.count > 0,
    "interpolate: got positions of shape \(positions.shape) and values of shape \(values.shape), "
      + "expected two equally long lists with at least one element")
  if let period {
    require(
      period != 0 && period.isFinite,
      "interpolate: the period must be finite and not 0, got \(period)")
    let period = Swift.abs(period)
    let places = mod(positions, period)
    let order = places.argsort()
    let (p, v) = (places.taking(order, axis: 0), values.taking(order, axis: 0))
    let last = p.count - 1
    return interpolate(
      mod(x, period), positions: concatenate([p[last...] - period, p, p[...0] + period]),
      values: concatenate([v[last...], v, v[...0]]))
  }
  let (p, v) = (positions.contiguous(), values.contiguous())
  let indices = p.searchSorted(x, fromRight: true)
  let (low, high) = (left ?? v[0], right ?? v[v.count - 1])
  return withExtendedLifetime((p, v)) {
    interpolated(x, indices, p.base, v.base, p.count, low, high)
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func interpolated<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ indices: Tensor<Int>, _ p: UnsafePointer<Scalar>,
  _ v: UnsafePointer<Scalar>, _ count: Int, _ low: Scalar, _ high: Scalar
) -> Tensor<Scalar> {
  x.zipElements(indices, "interpolate") { x, index in
    if x.isNaN { return x }
    if index == 0 { return low }
    // Search from the right: the last point gives its own value, and positions after it give
    // `high`.
    if index == count { return x > p[count &- 1] ? high : v[count &- 1] }
    let i = index &- 1
    if x == p[i] { return v[i] }
    let slope = (v[index] - v[i]) / (p[index] - p[i])
    var y = slope * (x - p[i]) + v[i]
    // If one end's value is infinite, the other end may give a better result.
    if y.isNaN { y = slope * (x - p[index]) + v[index] }
    return y.isNaN && v[i] == v[index] ? v[i] : y
  }
}

// MARK: - Sums of products

/// The relative positions of two lists that a convolution or correlation includes.
public enum ConvolutionMode: Sendable {
  /// All positions where the lists overlap: *n* + *m* - 1.
  case full
  /// The middle positions: as many as the longer list has elements.
  case same
  /// The positions where the shorter list overlaps entirely: *n* - *m* + 1.
  case valid
}

/// The convolution of two lists: NumPy's `convolve`.
///
/// ```
/// c[k] = sum over i of a[i] b[k - i]
/// ```
/// - Precondition: both have one axis and at least one element.
/// - Complexity: O(*n m*).
public func convolve<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, mode: ConvolutionMode = .full
) -> Tensor<Scalar> {
  require(
    a.rank == 1 && b.rank == 1 && a.count > 0 && b.count > 0,
    "convolve: got shapes \(a.shape) and \(b.shape), expected two lists that are not empty")
  let (long, short) = a.count >= b.count ? (a.contiguous(), b) : (b.contiguous(), a)
  let (n, m) = (long.count, short.count)
  let result = Tensor<Scalar>.zeros([n + m - 1])
  let (x, y, factors) = (long.base, result.storage.base, short.elements)
  // A part of the result stays in the cache while all its products are added, in the same order for
  // each element.
  factors.withUnsafeBufferPointer { factors in
    let factors = factors.baseAddress!
    let length = Swift.max(2048, Parallel.partLength(of: n * m) / m)
    Parallel.overParts(of: result.count, length: Swift.min(8192, length)) { start, count in
      for j in 0..<m {
        let first = Swift.max(start, j)
        let last = Swift.min(start &+ count, n &+ j)
        guard first < last else { continue }
        Scalar.kernels.pointee.multiplyAdd(
          x + (first &- j), 1, factors + j, 0, UnsafePointer(y + first), y + first, last &- first)
      }
    }
  }
  withExtendedLifetime(long) {}
  return switch mode {
  case .full: result
  case .same: result[(m - 1) / 2..<(m - 1) / 2 + n]
  case .valid: result[m - 1..<n]
  }
}

/// The correlation of two lists: NumPy's `correlate`.
///
/// ```
/// c[k] = sum over i of a[i + k] b[i]
/// ```
/// - Precondition: both have one axis and at least one element.
/// - Complexity: O(*n m*).
public func correlate<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, mode: ConvolutionMode = .valid
) -> Tensor<Scalar> {
  require(
    a.rank == 1 && b.rank == 1 && a.count > 0 && b.count > 0,
    "correlate: got shapes \(a.shape) and \(b.shape), expected two lists that are not empty")
  // Correlate the longer list with the shorter one; in the other order, the result is reversed.
  return a.count >= b.count
    ? convolve(a, b.flipped(), mode: mode) : convolve(b, a.flipped(), mode: mode).flipped()
}

// MARK: - Slopes and areas

extension Tensor where Scalar: TensorFloat {
  /// The slope along `axis` of a function sampled at equally spaced positions: NumPy's `gradient`.
  ///
  /// ```
  /// g[i] = (f[i + 1] - f[i - 1]) / (2 spacing)
  /// ```
  /// At the ends it is the slope to the only neighbour or, with `edgeOrder: 2`, the slope of the
  /// parabola through the three outermost points.
  ///
  /// - Precondition: the axis has at least `edgeOrder + 1` elements; `edgeOrder` is 1 or 2.
  public func gradient(axis: Int = -1, spacing: Scalar = 1, edgeOrder: Int = 1) -> Tensor {
    let axis = shape.normalized(axis: axis, "gradient")
    return gradient(
      axis, Tensor(repeating: spacing, shape: [Swift.max(0, shape[axis] - 1)]), edgeOrder,
      isEven: true)
  }

  /// The slope along `axis` of a function sampled at the given positions.
  ///
  /// At inner points it is the slope of the parabola through the point and its two neighbours.
  ///
  /// - Precondition: there is a position for each element of the axis, and neighbours differ.
  public func gradient(positions: Tensor, axis: Int = -1, edgeOrder: Int = 1) -> Tensor {
    let axis = shape.normalized(axis: axis, "gradient")
    return gradient(
      axis, positions.distances(along: axis, of: shape, "gradient"), edgeOrder, isEven: false)
  }

  /// The area under a function sampled along `axis` at equally spaced positions, by the trapezoidal
  /// rule.
  ///
  /// ```
  /// spacing (f[0] / 2 + f[1] + ... + f[n - 2] + f[n - 1] / 2)
  /// ```
  public func trapezoid(axis: Int = -1, spacing: Scalar = 1) -> Tensor {
    let axis = shape.normalized(axis: axis, "trapezoid")
    return neighbourMeans(axis).sum(axis: axis) * spacing
  }

  /// The area under a function sampled along `axis` at the given positions, by the trapezoidal
  /// rule.
  ///
  /// - Precondition: there is a position for each element of the axis.
  public func trapezoid(positions: Tensor, axis: Int = -1) -> Tensor {
    let axis = shape.normalized(axis: axis, "trapezoid")
    let distances = positions.distances(along: axis, of: shape, "trapezoid")
    return (neighbourMeans(axis) * distances.along(axis, of: rank)).sum(axis: axis)
  }

  private func neighbourMeans(_ axis: Int) -> Tensor {
    let count = Swift.max(0, shape[axis] - 1)
    return
      (slice(axis: axis, from: Swift.min(1, shape[axis]), count: count)
      + slice(axis: axis, from: 0, count: count)) / 2
  }

  /// The distances between these positions along an axis of `shape`.
  private func distances(along axis: Int, of shape: TensorShape, _ name: String) -> Tensor {
    require(
      rank == 1 && count == shape[axis],
      "\(name): positions of shape \(self.shape) do not fit axis \(axis) of shape \(shape)")
    return differences()
  }

  /// This list as a tensor of `rank` axes, all of size 1 except `axis`.
  private func along(_ axis: Int, of rank: Int) -> Tensor {
    reshaped(to: (0..<rank).map { $0 == axis ? count : 1 })
  }

  private func gradient(
    _ axis: Int, _ distances: Tensor, _ edgeOrder: Int, isEven: Bool
  ) -> Tensor {
    let size = shape[axis]
    require(
      edgeOrder == 1 || edgeOrder == 2, "gradient: the edge order must be 1 or 2, got \(edgeOrder)")
    require(
      size > edgeOrder,
      "gradient: axis \(axis) of shape \(shape) needs at least \(edgeOrder + 1) elements")
    func part(_ start: Int, _ count: Int) -> Tensor { slice(axis: axis, from: start, count: count) }
    let inner: Tensor
    let (before, after) = (
      distances[..<(size - 2)].along(axis, of: rank), distances[1...].along(axis, of: rank)
    )
    let (low, middle, high) = (part(0, size - 2), part(1, size - 2), part(2 % size, size - 2))
    if isEven {
      inner = (high - low) / (2 * before)
    } else {
      let both = before + after
      inner =
        low * (-after / (before * both)) + middle * ((after - before) / (before * after))
        + high * (before / (after * both))
    }
    func edge(_ first: Int, _ step: Int, _ sign: Scalar) -> Tensor {
      let near = distances[step > 0 ? 0 : size - 2]
      if edgeOrder == 1 { return (part(first + step, 1) - part(first, 1)) * sign / near }
      let far = distances[step > 0 ? 1 : size - 3]
      let a = -(2 * near + far) / (near * (near + far))
      let b = (near + far) / (near * far)
      let c = -near / (far * (near + far))
      let sum = part(first, 1) * a + part(first + step, 1) * b
      return (sum + part(first + 2 * step, 1) * c) * sign
    }
    return concatenate([edge(0, 1, 1), inner, edge(size - 1, -1, -1)], axis: axis)
  }
}
