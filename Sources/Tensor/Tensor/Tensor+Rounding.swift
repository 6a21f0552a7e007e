// Functions of one number made from others: rounding to decimals, angles, steps.

/// Each element rounded to `decimals` digits after the decimal point; halves round to the even
/// digit.
///
/// Negative decimals round to tens, hundreds and so on. NumPy's `round`. As in NumPy, the element
/// is multiplied by the power of ten, rounded and divided again; for a number too large for that,
/// the product is infinite.
public func round<Scalar: TensorFloat>(_ x: Tensor<Scalar>, decimals: Int) -> Tensor<Scalar> {
  require(
    (-400...400).contains(decimals), "round: got \(decimals) decimals, expected -400 to 400")
  var power: Scalar = 1
  for _ in 0..<Swift.abs(decimals) { power *= 10 }
  return decimals < 0 ? round(x / power) * power : round(x * power) / power
}

/// Each element converted from radians to degrees.
public func degrees<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x * (180 / Scalar.pi)
}

/// Each element converted from degrees to radians.
public func radians<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x * (Scalar.pi / 180)
}

/// 0 below zero, 1 above, and the element of `atZero` at zero; NaN stays.
///
/// The shapes broadcast.
public func heaviside<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, atZero: Tensor<Scalar>
) -> Tensor<Scalar> {
  select(x .== 0, atZero, select(x .== x, Tensor(x .> 0), x))
}

/// 0 below zero, 1 above, and `atZero` at zero; NaN stays.
public func heaviside<Scalar: TensorFloat>(
  _ x: Tensor<Scalar>, atZero: Scalar
) -> Tensor<Scalar> { heaviside(x, atZero: Tensor(atZero)) }

/// sin(πx) / (πx) for each element, 1 at 0.
public func sinc<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let angle = x * Scalar.pi
  return select(x .== 0, 1, sin(angle) / angle)
}
