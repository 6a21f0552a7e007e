// Which elements are NaN, infinite, or close to others.

/// Whether each element is not a number.
public func isNaN<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Bool> { x .!= x }

/// Whether each element is plus or minus infinity.
public func isInfinite<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Bool> {
  abs(x) .== Scalar.infinity
}

/// Whether each element is neither infinite nor NaN.
public func isFinite<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Bool> {
  abs(x) .< Scalar.infinity
}

/// Each element, with NaN and the infinities replaced by other numbers.
///
/// By default, NaN becomes 0, and each infinity the largest finite number of its sign: NumPy's
/// `nan_to_num`.
public func nanToNum<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, nan: Scalar = 0, positiveInfinity: Scalar = .greatestFiniteMagnitude,
  negativeInfinity: Scalar = -.greatestFiniteMagnitude
) -> Tensor<Scalar> {
  var result = x
  result[isNaN(x)] = nan
  result[x .== Scalar.infinity] = positiveInfinity
  result[x .== -Scalar.infinity] = negativeInfinity
  return result
}

/// Whether corresponding elements are close: NumPy's `isclose`, with its defaults.
///
/// They are close if `|a - b| <= absoluteTolerance + relativeTolerance |b|`. An infinity is close
/// to itself, NaN only if `equalNaN` says so.
public func isClose<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, relativeTolerance: Double = 1e-5,
  absoluteTolerance: Double = 1e-8, equalNaN: Bool = false
) -> Tensor<Bool> {
  Scalar.scalarType == .float32
    ? compare(
      a.cast(to: Float.self), b.cast(to: Float.self), relativeTolerance, absoluteTolerance, equalNaN
    )
    : compare(
      a.cast(to: Double.self), b.cast(to: Double.self), relativeTolerance, absoluteTolerance,
      equalNaN)
}

// Not inside `isClose`, because a function is specialised for all of its types or for none.
private func compare<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ relativeTolerance: Double,
  _ absoluteTolerance: Double, _ equalNaN: Bool
) -> Tensor<Bool> {
  a.zipElements(b, "isClose") { a, b in
    if a == b { return true }
    if a.isNaN && b.isNaN { return equalNaN }
    let (a, b) = (Double(a), Double(b))
    return b.isFinite && Swift.abs(a - b) <= absoluteTolerance + relativeTolerance * Swift.abs(b)
  }
}

/// Whether all corresponding elements are close, by the rule of
/// ``isClose(_:_:relativeTolerance:absoluteTolerance:equalNaN:)``.
public func allClose<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, relativeTolerance: Double = 1e-5,
  absoluteTolerance: Double = 1e-8, equalNaN: Bool = false
) -> Bool {
  isClose(
    a, b, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance,
    equalNaN: equalNaN
  ).all()
}
