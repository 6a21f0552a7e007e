// The decomposition P A = L U with partial pivoting, by halves of the columns (Toledo, "Locality of
// Reference in LU Decomposition with Partial Pivoting", 1997), and what follows from it: solutions,
// inverses, determinants. Next: `QR.swift`.

/// The solution X of A X = B: NumPy's `solve`.
///
/// `b` with one axis is one right-hand side; otherwise its last two axes are matrices with one in
/// each column. The leading axes broadcast.
///
/// - Throws: `LinearAlgebraError` if a matrix is singular.
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
  let factors = a.broadcast(to: TensorShape(Array(stack) + [n, n])).copied()
  let result = b.broadcast(to: TensorShape(Array(stack) + [n, b.shape[b.rank - 1]])).copied()
  var swaps = [Int](repeating: 0, count: n)
  for (lu, x) in zip(factors.matrices, result.matrices) {
    if let pivot = factorLU(lu, &swaps) {
      throw LinearAlgebraError(
        operation: operation, shape: a.shape, reason: .singular, pivot: pivot)
    }
    swapRows(x, &swaps)
    solveTriangular(lu.readOnly, .lower, unitDiagonal: true, into: x)
    solveTriangular(lu.readOnly, .upper, into: x)
  }
  return withExtendedLifetime(factors) { result }
}

extension Tensor where Scalar: TensorFloat {
  /// The inverse of each matrix: NumPy's `inv`.
  ///
  /// - Throws: `LinearAlgebraError` if a matrix is singular.
  public func inverse() throws(LinearAlgebraError) -> Tensor {
    requireSquare("inverse")
    let n = shape[rank - 1]
    return try solve(
      self, .diagonalMatrix(Tensor.ones([n])), operation: "inverse")
  }

  /// The determinant of each matrix: NumPy's `det`.
  public func determinant() -> Tensor {
    pivots("determinant").product(axis: -1)
  }

  /// The sign of each determinant, and the natural logarithm of its absolute value.
  ///
  /// The logarithm overflows much later than the determinant itself: NumPy's `slogdet`. A singular
  /// matrix has 0 and -infinity.
  public func signAndLogDeterminant() -> (sign: Tensor, logarithm: Tensor) {
    let pivots = pivots("signAndLogDeterminant")
    return (sign(pivots).product(axis: -1), log(abs(pivots)).sum(axis: -1))
  }

  /// The diagonal of U along the last axis, the last one negated after an odd number of exchanges.
  private func pivots(_ operation: String) -> Tensor {
    requireSquare(operation)
    let n = shape[rank - 1]
    let factors = copied()
    let result = Tensor(uninitialized: stackShape(n))
    var swaps = [Int](repeating: 0, count: n)
    for (index, lu) in factors.matrices.enumerated() {
      _ = factorLU(lu, &swaps)
      let pivots = result.storage.base + index * n
      for i in 0..<n { pivots[i] = lu[i, i] }
      let exchanges = (0..<n).count { swaps[$0] != $0 }
      if exchanges % 2 == 1 { pivots[n - 1] = -pivots[n - 1] }
    }
    return withExtendedLifetime(factors) { result }
  }
}

/// Puts L (below the diagonal, which is 1) and U in the place of A.
///
/// A has at least as many rows as columns; `swaps[i]` is the row that was exchanged with row i. Returns the first zero pivot.
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
