// The steps that lead to singular values: reflections from both sides make a matrix bidiagonal,
// A = Q B Pᵀ, and the implicit QR iteration makes B diagonal (Golub and Kahan 1965; with zero
// shifts where B is nearly singular, Demmel and Kahan, "Accurate Singular Values of Bidiagonal
// Matrices", 1990). Next: `SingularValues.swift`.

/// The decomposition A = Q B Pᵀ of a matrix with at least as many rows as columns.
struct Bidiagonalization<Scalar: TensorFloat> {
  private let m: Int
  private let n: Int
  /// Row j holds the reflection that clears column j below the diagonal.
  private let left: PaddedMatrix<Scalar>
  /// Row j holds the reflection that clears row j to the right of B's second diagonal.
  private let right: PaddedMatrix<Scalar>
  private let numbers: Tensor<Scalar>

  private var leftTaus: UnsafeMutablePointer<Scalar> { numbers.storage.base + 2 * n }
  private var rightTaus: UnsafeMutablePointer<Scalar> { numbers.storage.base + 3 * n }
  /// The diagonal of B.
  var diagonal: UnsafeMutablePointer<Scalar> { numbers.storage.base }
  /// The elements of B to the right of the diagonal.
  var offDiagonal: UnsafeMutablePointer<Scalar> { numbers.storage.base + n }

  /// Decomposes the matrix and overwrites its elements.
  ///
  /// As in `tridiagonalize`, the reflections of a block of columns are applied to the rest
  /// together.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  init(_ a: MutableMatrixView<Scalar>) {
    (m, n) = (a.rows, a.columns)
    left = PaddedMatrix(rows: n, columns: m)
    right = PaddedMatrix(rows: max(n - 1, 0), columns: n)
    numbers = Tensor.zeros([4 * n + 16])
    let (d, e) = (diagonal, offDiagonal)
    let pending = PendingUpdate<Scalar>(rows: m, columns: n, count: 2 * reflectionBlock)
    let work = Tensor<Scalar>(uninitialized: [m + n + 32])
    let (x, y) = (work.storage.base, work.storage.base + m + 16)
    var start = 0
    while start < n {
      let end = min(start + reflectionBlock, n)
      for j in start..<end {
        let (rows, noted) = (j..<m, 2 * (j - start))
        let v = left.view.row(j) + j
        for i in 0..<rows.count { v[i] = a[j + i, j] }
        pending.applyColumn(noted, j, to: v, rows: rows)
        leftTaus[j] = makeReflection(v, count: rows.count)
        d[j] = v[0]
        v[0] = 1
        if j + 1 == n { break }

        // H A = A - v yᵀ with y = tau Aᵀ v.
        let columns = j + 1..<n
        let block = a.block(rows, columns)
        gemm(
          MutableMatrixView(v, rows: 1, columns: rows.count).readOnly, block.readOnly,
          into: MutableMatrixView(y, rows: 1, columns: columns.count))
        pending.applyToRow(noted, times: v, to: y, rows: rows, columns: columns)
        scale(y, by: leftTaus[j], count: columns.count)
        pending.note(noted, left: v, right: y, rows: rows, columns: columns)

        let u = right.view.row(j) + j + 1
        u.update(from: a.row(j) + j + 1, count: columns.count)
        pending.apply(
          noted + 1, to: MutableMatrixView(u, rows: 1, columns: columns.count),
          rows: j..<j + 1, columns: columns)
        rightTaus[j] = makeReflection(u, count: columns.count)
        e[j] = u[0]
        u[0] = 1

        // A H = A - x uᵀ with x = tau A u, for the remaining rows.
        let below = j + 1..<m
        multiplyRows(a.block(below, columns).readOnly, u, into: x)
        pending.applyToColumn(noted + 1, times: u, to: x, rows: below, columns: columns)
        scale(x, by: rightTaus[j], count: below.count)
        pending.note(noted + 1, left: x, right: u, rows: below, columns: columns)
      }
      if end < n {
        pending.apply(
          2 * (end - start), to: a.block(end..<m, end..<n), rows: end..<m, columns: end..<n)
      }
      start = end
    }
    withExtendedLifetime((pending, work)) {}
  }

  /// C = C Qᵀ, where the rows of C are m long.
  func multiplyByTransposedQ(_ c: MutableMatrixView<Scalar>) {
    applyAllReflections(left.view.readOnly, leftTaus, shift: 0, toRowsOf: c)
  }

  /// C = C Q, where the rows of C are m long.
  func multiplyByQ(_ c: MutableMatrixView<Scalar>) {
    applyAllReflectionsInOrder(left.view.readOnly, leftTaus, shift: 0, toRowsOf: c)
  }

  /// C = C Pᵀ, where the rows of C are n long.
  func multiplyByTransposedP(_ c: MutableMatrixView<Scalar>) {
    applyAllReflections(right.view.readOnly, rightTaus, shift: 1, toRowsOf: c)
  }

  /// Turns the diagonal of B into the singular values, in no particular order; false if the
  /// iteration does not end.
  ///
  /// The rotations of all sweeps together are limited to many times the number that any matrix is
  /// known to need (LAPACK's bound is 6 *n*²). Rotations are counted because a block may end at
  /// either side, or need many short sweeps.
  ///
  /// With B = X Σ Yᵀ, `xt` is multiplied by Xᵀ from the left, and `yt` by Yᵀ. A matrix without
  /// columns is skipped.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func diagonalize(xt: MutableMatrixView<Scalar>, yt: MutableMatrixView<Scalar>) -> Bool {
    let (d, e) = (diagonal, offDiagonal)
    var (left, right) = (RotationBatch(xt), RotationBatch(yt))
    var norm: Scalar = 0
    for i in 0..<n { norm = max(norm, abs(d[i]), abs(e[i])) }
    // Smaller numbers are below the rounding errors of A's reduction to B.
    let negligible = norm * .ulpOfOne / 16
    var last = n - 1
    var rotationsLeft = 60 * n * n
    var block = (first: 0, last: -1)
    var goesDown = true
    while last > 0 {
      var first = last
      while first > 0,
        abs(e[first - 1]) > negligible,
        abs(e[first - 1]) > .ulpOfOne / 2 * (abs(d[first - 1]) + abs(d[first]))
      {
        first -= 1
      }
      if first > 0 { e[first - 1] = 0 }
      if first == last {
        last -= 1
        continue
      }
      rotationsLeft -= last - first
      if rotationsLeft < 0 { return false }
      // Small numbers converge best at the end that the rotations move towards.
      if first > block.last || last < block.first || block.last < 0 {
        goesDown = abs(d[first]) >= abs(d[last])
      }
      block = (first, last)
      var hasZero = false
      for i in first...last where abs(d[i]) <= negligible {
        d[i] = 0
        hasZero = true
      }
      if goesDown {
        let shift = hasZero ? 0 : leastSingularValue(d[last - 1], e[last - 1], d[last])
        sweep(d, e, from: first, step: 1, count: last - first, shift, &right, &left)
      } else {
        let shift = hasZero ? 0 : leastSingularValue(d[first], e[first], d[first + 1])
        sweep(d, e, from: last, step: -1, count: last - first, shift, &left, &right)
      }
    }
    left.flush()
    right.flush()
    return true
  }
}

/// The smaller singular value of the matrix [[f, g], [0, h]].
@inline(__always)
private func leastSingularValue<Scalar: TensorFloat>(
  _ f: Scalar, _ g: Scalar, _ h: Scalar
) -> Scalar {
  let (f, g, h) = (abs(f), abs(g), abs(h))
  let (low, high) = (min(f, h), max(f, h))
  if low == 0 { return 0 }
  if g <= high {
    let (a, b, ratio) = (1 + low / high, (high - low) / high, (g / high) * (g / high))
    return low * (2 / ((a * a + ratio).squareRoot() + (b * b + ratio).squareRoot()))
  }
  let ratio = high / g
  let (a, b) = ((1 + low / high) * ratio, (high - low) / high * ratio)
  return 2 * (low * (1 / ((1 + a * a).squareRoot() + (1 + b * b).squareRoot()))) * ratio
}

/// One step of the iteration on `count` + 1 elements of `d`.
///
/// It begins at `start` and goes in the direction of `step`. Upwards, it is the same step on the
/// transposed matrix, read backwards. `inner` takes the column rotations on the way down, and the
/// row rotations on the way up.
@inline(__always)
private func sweep<Scalar: TensorFloat>(
  _ d: UnsafeMutablePointer<Scalar>, _ e: UnsafeMutablePointer<Scalar>, from start: Int,
  step: Int, count: Int, _ shift: Scalar,
  _ inner: inout RotationBatch<Scalar>, _ outer: inout RotationBatch<Scalar>
) {
  let d = d + start
  let e = e + (step > 0 ? start : start - 1)
  inner.begin(row: start, step: step)
  outer.begin(row: start, step: step)
  let quotient = shift / abs(d[0])
  if shift == 0 || quotient * quotient < .ulpOfOne {
    // Without a shift, the rotations need no subtraction, so small numbers lose no digits.
    var (c, outerC, outerS): (Scalar, Scalar, Scalar) = (1, 1, 0)
    for k in 0..<count {
      let i = k &* step
      let first = rotation(d[i] * c, e[i])
      if k > 0 { e[i &- step] = outerS * first.r }
      let second = rotation(outerC * first.r, d[i &+ step] * first.s)
      d[i] = second.r
      (c, outerC, outerS) = (first.c, second.c, second.s)
      inner.append(first.c, first.s)
      outer.append(second.c, second.s)
    }
    let h = d[count &* step] * c
    d[count &* step] = h * outerC
    e[(count &- 1) &* step] = h * outerS
  } else {
    var f = (abs(d[0]) - shift) * ((d[0] < 0 ? -1 : 1) + shift / d[0])
    var g = e[0]
    for k in 0..<count {
      let i = k &* step
      let first = rotation(f, g)
      if k > 0 { e[i &- step] = first.r }
      f = first.c * d[i] + first.s * e[i]
      e[i] = first.c * e[i] - first.s * d[i]
      g = first.s * d[i &+ step]
      d[i &+ step] *= first.c
      let second = rotation(f, g)
      d[i] = second.r
      f = second.c * e[i] + second.s * d[i &+ step]
      d[i &+ step] = second.c * d[i &+ step] - second.s * e[i]
      if k &+ 1 < count {
        g = second.s * e[i &+ step]
        e[i &+ step] *= second.c
      }
      inner.append(first.c, first.s)
      outer.append(second.c, second.s)
    }
    e[(count &- 1) &* step] = f
  }
  inner.end()
  outer.end()
}
