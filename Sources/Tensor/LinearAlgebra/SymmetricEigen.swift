// Eigenvalues and eigenvectors of symmetric matrices: reflections make the matrix tridiagonal, the
// implicit QL iteration with Wilkinson's shift makes it diagonal (Golub and Van Loan, "Matrix
// Computations", chapter 8). Next: `SingularValues.swift`.

extension Tensor where Scalar: TensorFloat {
  /// The eigenvalues and eigenvectors of each symmetric matrix: NumPy's `eigh`.
  ///
  /// Values ascend; vectors are the columns of an orthogonal matrix. Only the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError` if an element is not finite or the iteration does not end.
  public func symmetricEigen() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    requireSquare("symmetricEigen")
    try checkFinite("symmetricEigen")
    let n = shape[rank - 1]
    let a = copied()
    let (values, zt) = (Tensor(uninitialized: stackShape(n)), Tensor.zeros(shape))
    let (reflections, work) = (Tensor.zeros([Swift.max(n - 2, 0), n]), Tensor.zeros([4 * n + 16]))
    let v = MutableMatrixView(reflections.storage.base, rows: Swift.max(n - 2, 0), columns: n)
    let (e, taus) = (work.storage.base, work.storage.base + n)
    for (index, (a, zt)) in zip(a.matrices, zt.matrices).enumerated() {
      let d = values.storage.base + index * n
      tridiagonalize(a, d, e, v, taus, taus + n)
      for i in 0..<n { zt[i, i] = 1 }
      if !diagonalize(d, e, zt) {
        throw LinearAlgebraError(
          operation: "symmetricEigen", shape: shape, reason: .notConverged)
      }
      applyAllReflections(v.readOnly, taus, shift: 1, toRowsOf: zt)
      sortRows(d, zt)
    }
    return withExtendedLifetime((a, reflections, work)) { (values, zt.swappingAxes(-1, -2)) }
  }
}

/// Puts the diagonal of HᵀA H into `d`, the n - 1 elements beside it into `e`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func tridiagonalize<Scalar: TensorFloat>(
  _ a: MutableMatrixView<Scalar>, _ d: UnsafeMutablePointer<Scalar>,
  _ e: UnsafeMutablePointer<Scalar>, _ reflections: MutableMatrixView<Scalar>,
  _ taus: UnsafeMutablePointer<Scalar>, _ w: UnsafeMutablePointer<Scalar>
) {
  let n = a.rows
  for i in 0..<n {
    for j in 0..<i { a[j, i] = a[i, j] }
  }
  withScratch(count: 4 * n + 16) { (pairs: UnsafeMutablePointer<Scalar>) in
    for j in 0..<max(n - 2, 0) {
      let count = n - j - 1
      let v = reflections.row(j) + j + 1
      for i in 0..<count { v[i] = a[j, j + 1 + i] }
      taus[j] = makeReflection(v, count: count)
      (d[j], e[j]) = (a[j, j], v[0])
      v[0] = 1
      if taus[j] == 0 { continue }
      // H A H = A - v wᵀ - w vᵀ with w = p - tau/2 (pᵀ v) v and p = tau A v.
      let rest = a.block(j + 1..<n, j + 1..<n)
      let product = MutableMatrixView(w, rows: 1, columns: count)
      let row = MutableMatrixView(v, rows: 1, columns: count)
      gemm(row.readOnly, rest.readOnly, into: product)
      for i in 0..<count { w[i] *= taus[j] }
      subtractMultiple(taus[j] / 2 * dotProduct(w, v, count: count), of: v, from: w, count: count)
      let left = MutableMatrixView(pairs, rows: 2, columns: count)
      let right = MutableMatrixView(pairs + 2 * n, rows: 2, columns: count)
      for i in 0..<count {
        (left[0, i], left[1, i]) = (-v[i], -w[i])
        (right[0, i], right[1, i]) = (w[i], v[i])
      }
      gemm(left.readOnly.transposed, right.readOnly, into: rest, start: .accumulate)
    }
  }
  for j in max(n - 2, 0)..<n {
    d[j] = a[j, j]
    if j + 1 < n { e[j] = a[j, j + 1] }
  }
}

/// Turns `d` into the eigenvalues.
///
/// The rotations of columns are applied to the rows of `zt`. False if one eigenvalue needs more than 60
/// steps.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func diagonalize<Scalar: TensorFloat>(
  _ d: UnsafeMutablePointer<Scalar>, _ e: UnsafeMutablePointer<Scalar>,
  _ zt: MutableMatrixView<Scalar>
) -> Bool {
  let n = zt.rows
  if n == 0 { return true }
  e[n - 1] = 0
  var rotations = [(c: Scalar, s: Scalar)](repeating: (1, 0), count: n)
  for l in 0..<n {
    var steps = 0
    while true {
      var m = l
      while m < n - 1, abs(e[m]) > Scalar.ulpOfOne / 2 * (abs(d[m]) + abs(d[m + 1])) { m += 1 }
      if m == l { break }
      steps += 1
      if steps > 60 { return false }
      var g = (d[l + 1] - d[l]) / (2 * e[l])
      var r = hypotenuse(g, 1)
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r))
      var (s, c, p): (Scalar, Scalar, Scalar) = (1, 1, 0)
      var i = m - 1
      while i >= l {
        let (f, b) = (s * e[i], c * e[i])
        r = hypotenuse(f, g)
        e[i + 1] = r
        if r == 0 { break }
        (s, c) = (f / r, g / r)
        g = d[i + 1] - p
        r = (d[i] - g) * s + 2 * c * b
        p = s * r
        d[i + 1] = g + p
        g = c * r - b
        rotations[i] = (c, s)
        i -= 1
      }
      rotations.withUnsafeBufferPointer { rotate(zt, $0.baseAddress!, from: m, down: i + 1) }
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
  return true
}

/// Applies one sweep.
///
/// For i from `top` - 1 down to `bottom`, rotation i to the rows i and i + 1. Sixteen columns at a time, so that the row two rotations share stays in registers.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func rotate<Scalar: TensorFloat>(
  _ z: MutableMatrixView<Scalar>, _ rotations: UnsafePointer<(c: Scalar, s: Scalar)>,
  from top: Int, down bottom: Int
) {
  var column = 0
  while column + 16 <= z.columns {
    var carried = InlineArray<16, Scalar>(repeating: 0)
    var row = z.row(top) + column
    for j in 0..<16 { carried[j] = row[j] }
    var i = top - 1
    while i >= bottom {
      let (c, s) = rotations[i]
      let above = row - z.rowStride
      for j in 0..<16 {
        let (x, f) = (above[j], carried[j])
        row[j] = s * x + c * f
        carried[j] = c * x - s * f
      }
      row = above
      i -= 1
    }
    for j in 0..<16 { row[j] = carried[j] }
    column += 16
  }
  for j in column..<z.columns {
    var f = z[top, j]
    var i = top - 1
    while i >= bottom {
      let (c, s) = rotations[i]
      let x = z[i, j]
      z[i + 1, j] = s * x + c * f
      f = c * x - s * f
      i -= 1
    }
    z[bottom, j] = f
  }
}

/// The square root of x² + y² without overflow.
@inline(__always)
private func hypotenuse<Scalar: TensorFloat>(_ x: Scalar, _ y: Scalar) -> Scalar {
  let (a, b) = (max(abs(x), abs(y)), min(abs(x), abs(y)))
  if a == 0 { return 0 }
  let ratio = b / a
  return a * (1 + ratio * ratio).squareRoot()
}

/// Sorts the eigenvalues, and the rows with them, ascending.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sortRows<Scalar: TensorFloat>(
  _ d: UnsafeMutablePointer<Scalar>, _ zt: MutableMatrixView<Scalar>
) {
  for i in 0..<zt.rows {
    var smallest = i
    for j in i..<zt.rows where d[j] < d[smallest] { smallest = j }
    if smallest == i { continue }
    swap(&d[i], &d[smallest])
    for c in 0..<zt.columns {
      let kept = zt[i, c]
      zt[i, c] = zt[smallest, c]
      zt[smallest, c] = kept
    }
  }
}
