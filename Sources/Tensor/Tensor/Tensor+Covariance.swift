// Covariances, weighted means, and two-dimensional histograms.

extension Tensor where Scalar: TensorFloat {
  /// The covariance of each pair of variables, or the variance of a single one: NumPy's `cov`.
  ///
  /// ```
  /// c[i, j] = sum over samples k of (x[i, k] - mean of i) (x[j, k] - mean of j) / (n - correction)
  /// ```
  /// A matrix holds a variable in each row or, with `variableAxis: 1`, in each column; a tensor
  /// with one axis is one variable, whose variance has no axes. Several tensors are joined first,
  /// with `concatenate`. Without more than `correction` samples the result is infinite or NaN.
  ///
  /// - Precondition: there are one or two axes.
  /// - Complexity: O(*n v²*) for *v* variables with *n* samples each.
  public func covariance(correction: Int = 1, variableAxis: Int = 0) -> Tensor {
    variables(variableAxis, "covariance").covariances(correction)
      .reshaped(to: rank == 1 ? [] : squareShape(variableAxis))
  }

  /// Pearson's correlation coefficient of each pair of variables, from -1 to 1: NumPy's `corrcoef`.
  ///
  /// The variables are arranged as for ``covariance(correction:variableAxis:)``. A constant
  /// variable gives NaN.
  public func correlationCoefficients(variableAxis: Int = 0) -> Tensor {
    let covariance = variables(variableAxis, "correlationCoefficients").covariances(0)
    let deviation = sqrt(covariance.diagonal())
    let result = covariance / deviation.expandingShape(at: 1) / deviation
    return result.clipped(to: -1...1).reshaped(to: rank == 1 ? [] : squareShape(variableAxis))
  }

  private func squareShape(_ variableAxis: Int) -> TensorShape {
    let count = shape[shape.normalized(axis: variableAxis, "covariance")]
    return [count, count]
  }

  /// The variables as rows, with their means subtracted.
  private func variables(_ axis: Int, _ name: String) -> Tensor {
    require(
      rank == 1 || rank == 2,
      "\(name): got shape \(shape), expected one axis or a matrix of variables and samples")
    let rows = rank == 1 ? expandingShape(at: 0) : movingAxis(from: axis, to: 0)
    return rows - rows.mean(axis: 1, keepingDimensions: true)
  }

  /// The covariances of rows whose means are 0.
  private func covariances(_ correction: Int) -> Tensor {
    let freedom = Scalar(shape[1]) - Scalar(correction)
    return matmul(self, transposed()) / Swift.max(0, freedom)
  }

  // MARK: Weights

  /// The mean of all elements with the given weights: NumPy's `average`.
  ///
  /// - Precondition: the weights have the tensor's shape.
  /// - Returns: Infinity or NaN if the weights sum to 0.
  public func mean(weights: Tensor) -> Scalar {
    mean(weights: weights, axes: Array(0..<rank)).scalar
  }

  /// The mean of the elements along `axis` with the given weights.
  ///
  /// - Precondition: the weights have the tensor's shape, or one axis as long as `axis`.
  public func mean(weights: Tensor, axis: Int, keepingDimensions: Bool = false) -> Tensor {
    let axis = shape.normalized(axis: axis, "mean")
    guard weights.rank == 1 && rank > 1 else {
      return mean(weights: weights, axes: [axis], keepingDimensions: keepingDimensions)
    }
    require(
      weights.count == shape[axis],
      "mean: \(weights.count) weights do not fit axis \(axis) of shape \(shape)")
    let sizes = (0..<rank).map { $0 == axis ? weights.count : 1 }
    return mean(
      weights: weights.reshaped(to: sizes).broadcast(to: shape), axes: [axis],
      keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements along all of `axes` with the given weights.
  ///
  /// - Precondition: the weights have the tensor's shape.
  public func mean(weights: Tensor, axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    require(
      weights.shape == shape, "mean: weights of shape \(weights.shape) do not fit shape \(shape)")
    return (self * weights).sum(axes: axes, keepingDimensions: keepingDimensions)
      / weights.sum(axes: axes, keepingDimensions: keepingDimensions)
  }
}

/// The number of points (x, y) in each bin of a grid, and the bins' edges: NumPy's `histogram2d`.
///
/// The bins divide the range from the least to the largest number of each list, or the range given.
/// A bin includes its lower edges but not its upper ones; the last bins include both. Points
/// outside do not count.
///
/// - Returns: The counts with the shape `[bins.x, bins.y]`, and `bins.x + 1` and `bins.y + 1`
///   edges.
/// - Precondition: the lists are equally long, and there is at least one bin in each direction.
public func histogram2D<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, bins: (x: Int, y: Int) = (10, 10),
  range: (x: ClosedRange<Scalar>, y: ClosedRange<Scalar>)? = nil
) -> (counts: Tensor<Int>, xEdges: Tensor<Scalar>, yEdges: Tensor<Scalar>) {
  require(
    x.shape == y.shape && x.rank == 1,
    "histogram2D: got lists of shape \(x.shape) and \(y.shape), expected two equally long ones")
  let xEdges = x.histogram(bins: bins.x, range: range?.x).edges
  let yEdges = y.histogram(bins: bins.y, range: range?.y).edges
  // Bins count from 1; 0 means before the first bin, and one more than their number means after the
  // last.
  func numbers(_ values: Tensor<Scalar>, _ edges: Tensor<Scalar>) -> Tensor<Int> {
    let number = values.digitized(edges: edges)
    return select(values .== edges[edges.count - 1], edges.count - 1, number)
  }
  let width = bins.y + 2
  let counts = (numbers(x, xEdges) * width + numbers(y, yEdges))
    .binCount(minimumLength: (bins.x + 2) * width)
  return (
    counts.reshaped(to: [bins.x + 2, width])[1..<bins.x + 1, 1..<bins.y + 1].contiguous(), xEdges,
    yEdges
  )
}
