// Powers and exponentials of square matrices. Next: `LU.swift`, whose solutions they use.

extension Tensor where Scalar: TensorFloat {
  /// Each matrix raised to the power `exponent`: NumPy's `matrix_power`.
  ///
  /// An exponent of 0 gives the identity matrix; a negative exponent gives a power of the inverse.
  ///
  /// - Throws: `LinearAlgebraError` if the exponent is negative and a matrix has no inverse.
  public func matrixPower(_ exponent: Int) throws(LinearAlgebraError) -> Tensor {
    requireSquare("matrixPower")
    if exponent == 0 { return Tensor.identity(shape[rank - 1]).broadcast(to: shape).copied() }
    var power = exponent < 0 ? try inverse() : self
    var bits = exponent.magnitude
    var result: Tensor?
    while true {
      if bits & 1 == 1 { result = result.map { matmul($0, power) } ?? power }
      bits >>= 1
      if bits == 0 { return result! }
      power = matmul(power, power)
    }
  }

  /// The exponential of each matrix, I + A + A²/2 + A³/6 + …: SciPy's `expm`.
  ///
  /// It evaluates the rational approximation of degree 13 at A / 2ˢ and squares the result s times
  /// (Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005). A
  /// matrix with an infinite or NaN element gives NaN throughout.
  ///
  /// - Complexity: O(*n*³) for each matrix of *n* rows, with about 8 + log₂ |A| products.
  public func matrixExponential() -> Tensor {
    requireSquare("matrixExponential")
    let n = shape[rank - 1]
    let result = Tensor(uninitialized: shape)
    let stack = contiguous().reshaped(to: TensorShape([shape.dropLast(2).reduce(1, *), n, n]))
    for index in 0..<stack.shape[0] {
      (result.storage.base + index * n * n).copyElements(of: padeExponential(of: stack[index, ...]))
    }
    return result
  }
}

/// The coefficients of the numerator, from degree 0; those of the denominator alternate in sign.
private let padeCoefficients: [Double] = [
  64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
  129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920,
  40_840_800, 960_960, 16_380, 182, 1,
]

private func padeExponential<Scalar: TensorFloat>(of matrix: Tensor<Scalar>) -> Tensor<Scalar> {
  let n = matrix.shape[0]
  if n == 0 { return matrix }
  let norm = abs(matrix).sum(axis: 0).max()
  if !norm.isFinite { return Tensor(repeating: .nan, shape: matrix.shape) }
  // Up to this norm, the rational approximation is as accurate as rounding allows.
  let squarings =
    norm > 5.371920351148152 ? max(0, Int((norm / 5.371920351148152).exponent) + 1) : 0
  let b = padeCoefficients.map { Scalar($0) }
  let a = matrix * Scalar.powerOfTwo(-squarings)
  let identity = Tensor<Scalar>.identity(n)
  let a2 = matmul(a, a)
  let a4 = matmul(a2, a2)
  let a6 = matmul(a4, a2)
  let high = matmul(a6, a6 * b[13] + a4 * b[11] + a2 * b[9])
  let odd = matmul(a, high + a6 * b[7] + a4 * b[5] + a2 * b[3] + identity * b[1])
  let even =
    matmul(a6, a6 * b[12] + a4 * b[10] + a2 * b[8])
    + (a6 * b[6] + a4 * b[4] + a2 * b[2] + identity * b[0])
  // The denominator has an inverse for every matrix of this norm.
  guard var result = try? solve(even - odd, even + odd) else {
    return Tensor(repeating: .nan, shape: matrix.shape)
  }
  for _ in 0..<squarings { result = matmul(result, result) }
  return result
}
