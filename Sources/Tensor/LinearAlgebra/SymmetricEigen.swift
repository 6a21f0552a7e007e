// Eigenvalues and eigenvectors of symmetric matrices: reflections make the matrix tridiagonal, the
// implicit QL iteration with Wilkinson's shift makes it diagonal (Golub and Van Loan, "Matrix
// Computations", chapter 8). Next: `SingularValues.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The eigenvalues and eigenvectors of each symmetric matrix: NumPy's `eigh`.
  ///
  /// The values are in ascending order; the vectors are the columns of an orthogonal matrix. Only
  /// the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError` if an element of the lower triangle is not finite or the
  ///   iteration does not end.
  /// - Complexity: O(*n*³) for each matrix of *n* rows.
  public func symmetricEigen() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    requireSquare("symmetricEigen")
    let n = shape[rank - 1]
    let lower = lowerTriangle()
    let scales = try lower.finiteScales("symmetricEigen")
    let a = scales.taken(out: lower).contiguous()
    let (values, vectors) = (Tensor(uninitialized: stackShape(n)), Tensor(uninitialized: shape))
    for (index, (a, result)) in zip(a.matrices, vectors.matrices).enumerated() {
      let isDone = decomposeSymmetric(a, values.storage.base + index * n, into: result)
      if !isDone {
        throw LinearAlgebraError(
          operation: "symmetricEigen", shape: shape, reason: .notConverged)
      }
    }
    return withExtendedLifetime(a) {
      (scales.given(to: values), vectors.swappingAxes(-1, -2))
    }
  }
}

/// Writes the eigenvalues to `values` and the eigenvectors to the rows of `vectors`.
///
/// Returns false if the iteration does not end.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func decomposeSymmetric<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ values: UnsafeMutablePointer<Scalar>,
  into vectors: MutableMatrixView<Scalar>
) -> Bool {
  let n = a.rows
  let work = Tensor<Scalar>.zeros([2 * n + 16])
  let (e, taus) = (work.storage.base, work.storage.base + n)
  let reflections = PaddedMatrix<Scalar>(rows: max(n - 2, 0), columns: n)
  let zt = PaddedMatrix<Scalar>(identity: n)
  let copy = PaddedMatrix(a.readOnly)
  tridiagonalize(copy.view, values, e, reflections.view, taus)
  let isDone = diagonalize(values, e, zt.view)
  if isDone {
    applyAllReflections(reflections.view.readOnly, taus, shift: 1, toRowsOf: zt.view)
    let order = (0..<n).sorted { values[$0] < values[$1] }
    let unsorted = order.map { values[$0] }
    for i in 0..<n {
      values[i] = unsorted[i]
      vectors.row(i).update(from: zt.view.row(order[i]), count: n)
    }
  }
  withExtendedLifetime((copy, work, reflections, zt)) {}
  return isDone
}

/// Writes the diagonal of the tridiagonal HᵀA H to `d`, and the n - 1 elements beside it to `e`.
///
/// The reflections of a block of columns are first only recorded, as A - Lᵀ R with two rows of L
/// and R for each, and then applied to the rest of A together. Half of the work is then one large
/// product (Dongarra, Hammarling and Sorensen, "Block Reduction of Matrices to Condensed Forms",
/// 1989).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func tridiagonalize<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ d: UnsafeMutablePointer<Scalar>,
  _ e: UnsafeMutablePointer<Scalar>, _ reflections: MutableMatrixView<Scalar>,
  _ taus: UnsafeMutablePointer<Scalar>
) {
  let n = a.rows
  for i in 0..<n {
    for j in 0..<i { a[j, i] = a[i, j] }
  }
  let pending = PendingUpdate<Scalar>(rows: n, columns: n, count: 2 * reflectionBlock)
  let w = Tensor<Scalar>(uninitialized: [n + 16]).storage
  let steps = max(n - 2, 0)
  var start = 0
  while start < steps {
    let end = min(start + reflectionBlock, steps)
    for j in start..<end {
      let (rest, noted) = (j + 1..<n, 2 * (j - start))
      let row = a.block(j..<j + 1, j..<n)
      pending.apply(noted, to: row, rows: j..<j + 1, columns: j..<n)
      d[j] = a[j, j]
      let v = reflections.row(j) + j + 1
      v.update(from: a.row(j) + j + 1, count: rest.count)
      taus[j] = makeReflection(v, count: rest.count)
      e[j] = v[0]
      v[0] = 1
      // H A H = A - v wᵀ - w vᵀ with w = p - tau/2 (pᵀ v) v and p = tau A v.
      let p = MutableMatrixView(w.base, rows: 1, columns: rest.count)
      let vector = MutableMatrixView(v, rows: 1, columns: rest.count)
      gemm(vector.readOnly, a.block(rest, rest).readOnly, into: p)
      pending.applyToRow(noted, times: v, to: w.base, rows: rest, columns: rest)
      scale(w.base, by: taus[j], count: rest.count)
      subtractMultiple(
        taus[j] / 2 * dotProduct(w.base, v, count: rest.count), of: v, from: w.base,
        count: rest.count)
      pending.note(noted, left: v, right: w.base, rows: rest, columns: rest)
      pending.note(noted + 1, left: w.base, right: v, rows: rest, columns: rest)
    }
    pending.apply(
      2 * (end - start), to: a.block(end..<n, end..<n), rows: end..<n, columns: end..<n)
    start = end
  }
  for j in steps..<n {
    d[j] = a[j, j]
    if j + 1 < n { e[j] = a[j, j + 1] }
  }
  withExtendedLifetime((pending, w)) {}
}

/// Turns `d` into the eigenvalues.
///
/// The column rotations are applied to the rows of `zt`. Returns false if the eigenvalues together
/// need more than 60 steps each (LAPACK's bound is 30).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func diagonalize<Scalar: TensorFloat>(
  _ d: UnsafeMutablePointer<Scalar>, _ e: UnsafeMutablePointer<Scalar>,
  _ zt: MutableMatrixView<Scalar>
) -> Bool {
  let n = zt.rows
  if n == 0 { return true }
  e[n - 1] = 0
  var rotations = RotationBatch(zt)
  var stepsLeft = 60 * n
  var norm: Scalar = 0
  for i in 0..<n { norm = max(norm, abs(d[i]), abs(e[i])) }
  // Smaller numbers are below the rounding errors of A's reduction. If the diagonal is graded down
  // to even smaller numbers, they would never converge to zero.
  let negligible = norm * .ulpOfOne / 16
  for l in 0..<n {
    while true {
      var m = l
      while m < n - 1,
        abs(e[m]) > negligible,
        abs(e[m]) > Scalar.ulpOfOne / 2 * (abs(d[m]) + abs(d[m + 1]))
      {
        m += 1
      }
      if m == l { break }
      stepsLeft -= 1
      if stepsLeft < 0 { return false }
      var g = (d[l + 1] - d[l]) / (2 * e[l])
      let length = hypotenuse(g, 1)
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -length : length))
      var (s, c, p): (Scalar, Scalar, Scalar) = (1, 1, 0)
      var i = m - 1
      rotations.begin(row: m, step: -1)
      while i >= l {
        let (f, b) = (s * e[i], c * e[i])
        let turn = rotation(g, f)
        e[i + 1] = turn.r
        if turn.r == 0 { break }
        (c, s) = (turn.c, turn.s)
        g = d[i + 1] - p
        let r = (d[i] - g) * s + 2 * c * b
        p = s * r
        d[i + 1] = g + p
        g = c * r - b
        rotations.append(c, s)
        i -= 1
      }
      rotations.end()
      if i >= l {
        d[i + 1] -= p
        e[m] = 0
        continue
      }
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
  rotations.flush()
  return true
}
