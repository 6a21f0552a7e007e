// Polynomials as lists of coefficients, highest power first, as in NumPy's `polyfit`.

extension Tensor where Scalar: TensorFloat {
  /// The powers of the elements of `x`, one row per element: NumPy's `vander`.
  ///
  /// The columns hold the powers `columns - 1`, …, 1, 0 or, if `increasing`, 0, 1, ….
  ///
  /// - Parameters:
  ///   - x: A list of numbers.
  ///   - columns: The number of powers; without it, as many as there are numbers.
  ///   - increasing: Whether the powers increase from column to column.
  /// - Returns: A matrix of shape `[x.count, columns]`.
  public static func vandermonde(
    _ x: Tensor, columns: Int? = nil, increasing: Bool = false
  ) -> Tensor {
    let columns = columns ?? x.count
    require(
      x.rank == 1 && columns >= 0,
      "vandermonde: got \(columns) columns for shape \(x.shape), expected a list and 0 or more")
    let bases = x.expandingShape(at: 1).broadcast(to: [x.count, columns])
    guard columns > 0 else { return bases }
    let powers = concatenate([ones([x.count, 1]), bases[0..., ..<(columns - 1)]], axis: 1)
      .cumulativeProduct(axis: 1)
    return increasing ? powers : powers.flipped(axes: [1]).contiguous()
  }
}

/// Fits a polynomial of the given degree to the points (x, y) by least squares: NumPy's `polyfit`.
///
/// It minimises the sum of the squared distances in y, each times the square of its weight. The
/// columns of powers are first scaled to length 1, as in NumPy.
///
/// - Parameters:
///   - x: A list of numbers.
///   - y: A list of as many numbers, or a matrix with as many rows; the result then has a column
///     for each column of `y`.
///   - degree: The highest power, 0 or more.
///   - weights: A factor for each point's distance.
/// - Returns: The coefficients, highest power first, `degree + 1` for each column.
/// - Throws: `LinearAlgebraError` if a number is not finite.
public func polyfit<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, degree: Int, weights: Tensor<Scalar>? = nil
) throws(LinearAlgebraError) -> Tensor<Scalar> {
  require(degree >= 0 && degree < Int.max, "polyfit: the degree cannot be negative, got \(degree)")
  require(
    x.rank == 1 && x.count > 0 && (y.rank == 1 || y.rank == 2) && y.shape[0] == x.count
      && (weights.map { $0.shape == x.shape } ?? true),
    "polyfit: got x of shape \(x.shape), y of shape \(y.shape)"
      + (weights.map { ", weights of shape \($0.shape)" } ?? "") + "; expected as many of each")
  var powers = Tensor.vandermonde(x, columns: degree + 1)
  var values = y.rank == 1 ? y.expandingShape(at: 1) : y
  if let weights {
    powers *= weights.expandingShape(at: 1)
    values = values * weights.expandingShape(at: 1)
  }
  let lengths = powers.norm(axis: 0)
  let scale = select(lengths .== 0, 1, lengths)
  let solution = try leastSquares(powers / scale, values) / scale.expandingShape(at: 1)
  return y.rank == 1 ? solution.squeezingShape(at: 1) : solution
}

/// Evaluates the polynomial with these coefficients, highest power first, at each element of `x`:
/// NumPy's `polyval`.
///
/// It uses Horner's rule.
public func polyval<Scalar: TensorFloat>(
  _ coefficients: Tensor<Scalar>, _ x: Tensor<Scalar>
) -> Tensor<Scalar> {
  require(
    coefficients.rank == 1,
    "polyval: got coefficients of shape \(coefficients.shape), expected one axis")
  let c = coefficients.elements
  return evaluated(x, c)
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func evaluated<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, _ coefficients: [Scalar]
) -> Tensor<Scalar> {
  coefficients.withUnsafeBufferPointer { c in
    x.mapElements { x in
      var y: Scalar = 0
      for k in 0..<c.count { y = y * x + c[k] }
      return y
    }
  }
}
