// The decomposition P A = L U with partial pivoting, by recursive halving of the columns (Toledo,
// "Locality of Reference in LU Decomposition with Partial Pivoting", 1997), and its uses:
// solutions, inverses, determinants. Next: `QR.swift`.

/// The solution X of A X = B: NumPy's `solve`.
///
/// If `b` has one axis, it is one right-hand side; otherwise its last two axes are matrices with
/// one right-hand side in each column. The leading axes broadcast.
///
/// - Throws: `LinearAlgebraError` if a matrix is singular or has an element that is not finite.
public func solve<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) throws(LinearAlgebraError) -> Tensor<Scalar> {
  try solve(a, b, operation: "solve")
}

private func solve<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, operation: String
) throws(LinearAlgebraError) -> Tensor<Scalar> {
  a.requireSquare(operation)
  let n = a.shape[a.rank - 1]
  require(b.rank > 0, "\(operation): the right-hand side has no axes, expected \(n) rows")
  if b.rank == 1 {
    return try solve(a, b.expandingShape(at: 1), operation: operation).squeezingShape(at: -1)
  }
  require(
    b.shape[b.rank - 2] == n,
    "\(operation): got a matrix of shape \(a.shape) and a right-hand side of shape \(b.shape), "
      + "expected \(n) rows in its second to last axis, or one axis")
  let stack = TensorShape.broadcast(
    TensorShape(a.shape.dropLast(2)), TensorShape(b.shape.dropLast(2)),
    "\(operation) of shapes \(a.shape) and \(b.shape)")
  _ = try a.finiteScales(operation)
  var factors = LUFactors(a.broadcast(to: TensorShape(Array(stack) + [n, n])))
  let right = b.broadcast(to: TensorShape(Array(stack) + [n, b.shape[b.rank - 1]]))
  let scales = MatrixScales(right)
  let result = scales.taken(out: right).copied()
  for (index, x) in result.matrices.enumerated() {
    if let pivot = factors.factor(index) {
      throw LinearAlgebraError(
        operation: operation, shape: a.shape, reason: .singular, pivot: pivot)
    }
    factors.solve(index, x)
    if factors.isLarge(index) && !isFinite(x) {
      // An intermediate term may have overflowed although the solution does not.
      let again = scales.taken(out: right).copied()
      withExtendedLifetime(again) { copy(again.matrices[index], to: x) }
      factors.factor(index, isReduced: true)
      factors.solve(index, x)
    }
  }
  return scales.divided(by: factors.scales).given(to: result)
}

extension Tensor where Scalar: TensorFloat {
  /// The inverse of each matrix: NumPy's `inv`.
  ///
  /// - Throws: `LinearAlgebraError` if a matrix is singular or has an element that is not finite.
  public func inverse() throws(LinearAlgebraError) -> Tensor {
    requireSquare("inverse")
    let n = shape[rank - 1]
    return try solve(
      self, .diagonalMatrix(Tensor.ones([n])), operation: "inverse")
  }

  /// The determinant of each matrix: NumPy's `det`.
  ///
  /// It overflows only if the determinant itself does, not if an intermediate product does; it is
  /// NaN if an element is NaN.
  public func determinant() -> Tensor {
    let (pivots, exponents) = pivots("determinant")
    let n = shape[rank - 1]
    let result = Tensor(uninitialized: stackShape())
    for (index, exponent) in exponents.enumerated() {
      result.storage.base[index] = scaledProduct(
        pivots.storage.base + index * n, count: n, timesTwoTo: exponent)
    }
    return withExtendedLifetime(pivots) { result }
  }

  /// The sign of each determinant, and the natural logarithm of its absolute value.
  ///
  /// The logarithm overflows much later than the determinant itself: NumPy's `slogdet`. For a
  /// singular matrix they are 0 and -infinity.
  public func signAndLogDeterminant() -> (sign: Tensor, logarithm: Tensor) {
    let (pivots, exponents) = pivots("signAndLogDeterminant")
    let ofScales = exponents.map { Scalar($0) * 0.693147180559945309 }
    return (
      sign(pivots).product(axis: -1),
      log(abs(pivots)).sum(axis: -1) + Tensor(ofScales).reshaped(to: stackShape())
    )
  }

  /// The factors of the determinants: the diagonal of each U along the last axis, with the last
  /// element negated after an odd number of row swaps, and the k of each matrix's factor 2ᵏ.
  private func pivots(_ operation: String) -> (pivots: Tensor, exponents: [Int]) {
    requireSquare(operation)
    let n = shape[rank - 1]
    var factors = LUFactors(self)
    let result = Tensor(uninitialized: stackShape(n))
    for index in factors.matrices.indices {
      factors.factor(index)
      factors.copyPivots(index, to: result.storage.base + index * n)
    }
    return (result, zip(factors.scales.exponents, factors.shifts).map { ($0 + $1) * n })
  }
}

/// The product of some numbers and a power of two, which overflows only if the result does.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func scaledProduct<Scalar: TensorFloat>(
  _ factors: UnsafePointer<Scalar>, count: Int, timesTwoTo exponent: Int
) -> Scalar {
  var (product, exponent) = (1 as Scalar, exponent)
  for i in 0..<count {
    let factor = factors[i]
    guard factor.isFinite && factor != 0 else {
      product *= factor
      continue
    }
    product *= Scalar(signOf: factor, magnitudeOf: factor.significand)
    exponent += Int(factor.exponent)
    if abs(product) >= 2 {
      product /= 2
      exponent += 1
    }
  }
  return Scalar(sign: .plus, exponent: Scalar.Exponent(exponent), significand: product)
}

/// Decomposes a stack of square matrices, one after another.
private struct LUFactors<Scalar: TensorFloat> {
  /// L (below the diagonal, which is 1) and U of the matrices factored so far.
  let matrices: [MutableMatrixView<Scalar>]
  /// The powers of two that the matrices were divided by.
  let scales: MatrixScales<Scalar>
  /// For each matrix, the k of the factor 2ᵏ that was removed because an element of U overflowed.
  private(set) var shifts: [Int]
  private let source: Tensor<Scalar>
  private let factors: Tensor<Scalar>
  /// For the last matrix factored, the row that each row was swapped with.
  private var swaps: [Int]

  /// Only small matrices are scaled from the start, since the pivots of one matrix may have all
  /// sizes.
  init(_ a: Tensor<Scalar>) {
    scales = MatrixScales(a, leavingRoom: false)
    source = scales.taken(out: a).contiguous()
    factors = source.copied()
    matrices = factors.matrices
    shifts = Array(repeating: 0, count: matrices.count)
    swaps = Array(repeating: 0, count: a.shape[a.rank - 1])
  }

  /// Whether terms of sums may overflow although the matrix does not.
  func isLarge(_ index: Int) -> Bool { scales.largest[index].exponent > -MatrixScales<Scalar>.low }

  /// Decomposes one matrix, scaled down if an element of U overflows or `isReduced` is true;
  /// returns the row of the first pivot that is zero.
  @discardableResult
  mutating func factor(_ index: Int, isReduced: Bool = false) -> Int? {
    let lu = matrices[index]
    let pivot = factorLU(lu, &swaps)
    let largest = scales.largest[index]
    if largest.isNaN { fill(lu, with: .nan) }
    if largest == 0 || !largest.isFinite { return pivot }
    // The elements of U may double with every row.
    let exponent = Int(largest.exponent) - scales.exponents[index]
    let isSafe = exponent + swaps.count < Scalar.greatestFiniteMagnitude.exponent
    if !isReduced && (isSafe || isFinite(lu)) { return pivot }
    shifts[index] = exponent - MatrixScales<Scalar>.low
    let original = source.storage.base + (source.offset + index * lu.rows * lu.columns)
    for i in 0..<lu.rows {
      lu.row(i).update(from: original + i * lu.columns, count: lu.columns)
    }
    applyShift(index, to: lu)
    let again = factorLU(lu, &swaps)
    // No scale works for such a matrix, so its result must not look valid.
    if !isFinite(lu) { fill(lu, with: .nan) }
    return again
  }

  /// X = A⁻¹ X for the last matrix factored, without its scale.
  mutating func solve(_ index: Int, _ x: MutableMatrixView<Scalar>) {
    applyShift(index, to: x)
    swapRows(x, &swaps)
    solveTriangular(matrices[index].readOnly, .lower, unitDiagonal: true, into: x)
    solveTriangular(matrices[index].readOnly, .upper, into: x)
    withExtendedLifetime(factors) {}
  }

  /// Removes the matrix's shift from another matrix, in two steps because a single factor could
  /// underflow.
  private func applyShift(_ index: Int, to x: MutableMatrixView<Scalar>) {
    let (half, rest) = (shifts[index] / 2, shifts[index] - shifts[index] / 2)
    if rest == 0 { return }
    for i in 0..<x.rows {
      scale(x.row(i), by: .powerOfTwo(-half), count: x.columns)
      scale(x.row(i), by: .powerOfTwo(-rest), count: x.columns)
    }
  }

  /// Copies the diagonal of U for the last matrix factored, with the sign of the row swaps.
  func copyPivots(_ index: Int, to pivots: UnsafeMutablePointer<Scalar>) {
    for i in swaps.indices { pivots[i] = matrices[index][i, i] }
    let exchanges = swaps.indices.count { swaps[$0] != $0 }
    if exchanges % 2 == 1 { pivots[swaps.count - 1].negate() }
    withExtendedLifetime(factors) {}
  }
}

/// Whether no element is infinite or NaN; the rows must be contiguous.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func isFinite<Scalar: TensorFloat>(_ a: MutableMatrixView<Scalar>) -> Bool {
  for i in 0..<a.rows {
    let row = a.row(i)
    for j in 0..<a.columns where !row[j].isFinite { return false }
  }
  return true
}

private func copy<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, to b: MutableMatrixView<Scalar>
) {
  for i in 0..<a.rows { b.row(i).update(from: a.row(i), count: a.columns) }
}

private func fill<Scalar: TensorFloat>(_ a: MutableMatrixView<Scalar>, with value: Scalar) {
  for i in 0..<a.rows { a.row(i).update(repeating: value, count: a.columns) }
}

/// Replaces A by L (below the diagonal, which is 1) and U.
///
/// A has at least as many rows as columns; `swaps[i]` is the row that was swapped with row i.
/// Returns the row of the first zero pivot.
private func factorLU<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ swaps: inout [Int]
) -> Int? {
  swaps.withUnsafeMutableBufferPointer { swaps in
    swaps.baseAddress.flatMap { factorColumns(a, $0) }
  }
}

private func swapRows<Scalar: TensorFloat>(_ a: MutableMatrixView<Scalar>, _ swaps: inout [Int]) {
  swaps.withUnsafeMutableBufferPointer { swaps in
    if let base = swaps.baseAddress { swapRows(a, base, count: swaps.count) }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func factorColumns<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ swaps: UnsafeMutablePointer<Int>
) -> Int? {
  let (m, n) = (a.rows, a.columns)
  var zero: Int?
  if n <= 8 {
    for j in 0..<n {
      var best = j
      for i in j..<m where abs(a[i, j]) > abs(a[best, j]) { best = i }
      swaps[j] = best
      let pivot = a[best, j]
      if pivot == 0 {
        zero = zero ?? j
        continue
      }
      if best != j { swapRow(a.row(j), a.row(best), count: n) }
      for i in j + 1..<max(m, j + 1) {
        let factor = a[i, j] / pivot
        a[i, j] = factor
        for c in j + 1..<max(n, j + 1) { a[i, c] -= factor * a[j, c] }
      }
    }
    return zero
  }
  let half = n / 2
  let (left, right) = (a.block(0..<m, 0..<half), a.block(0..<m, half..<n))
  zero = factorColumns(left, swaps)
  swapRows(right, swaps, count: half)
  let upper = right.block(0..<half, 0..<n - half)
  let rest = right.block(half..<m, 0..<n - half)
  solveTriangular(
    left.block(0..<half, 0..<half).readOnly, .lower, unitDiagonal: true, into: upper)
  subtractProduct(
    left.block(half..<m, 0..<half).readOnly, upper.readOnly, from: rest)
  if let pivot = factorColumns(rest, swaps + half) { zero = zero ?? (pivot + half) }
  swapRows(left.block(half..<m, 0..<half), swaps + half, count: n - half)
  for i in half..<n { swaps[i] += half }
  return zero
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func swapRows<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ swaps: UnsafeMutablePointer<Int>, count: Int
) {
  for i in 0..<count where swaps[i] != i { swapRow(a.row(i), a.row(swaps[i]), count: a.columns) }
}

@inline(__always)
private func swapRow<Scalar: TensorFloat>(
  _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
) {
  for j in 0..<count {
    let kept = x[j]
    x[j] = y[j]
    y[j] = kept
  }
}
