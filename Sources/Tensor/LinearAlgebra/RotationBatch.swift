// The iterations for eigenvalues and singular values work on two short vectors, the diagonal of a
// matrix and the elements beside it; their rotations must also be applied to every row of large
// matrices of vectors. These rotations are collected in batches: applying dozens of sweeps to a
// strip of columns while it is in the cache is several times faster. Next: `SymmetricEigen.swift`.

import KernelTemplate

/// Sweeps of rotations, not yet applied to the rows of a matrix.
struct RotationBatch<Scalar: TensorFloat> {
  private let rows: MutableMatrixView<Scalar>
  private var sweeps: [RotationSweep] = []
  /// The cosine and sine of each pending rotation.
  private let memory: Tensor<Scalar>
  private let coefficients: UnsafeMutablePointer<Scalar>
  private var used = 0
  /// The largest number of pending rotations before another sweep begins.
  private let limit: Int

  /// Creates a batch for the rows of a matrix; a matrix without columns needs no rotations.
  init(_ rows: MutableMatrixView<Scalar>) {
    self.rows = rows
    limit = rows.columns == 0 ? 0 : 32 * rows.rows
    memory = Tensor(uninitialized: [2 * (limit + rows.rows) + 16])
    coefficients = memory.storage.base
  }

  /// Begins a sweep at a row; it goes down the rows if `step` is 1 and up if it is -1.
  mutating func begin(row: Int, step: Int) {
    if rows.columns == 0 { return }
    if used >= 2 * limit { flush() }
    sweeps.append(RotationSweep(row: row, step: step, count: 0, place: used))
  }

  /// Adds a rotation to the sweep.
  ///
  /// It turns the sweep's row f and the next row x into `c f + s x` and `c x - s f`; the sweep
  /// continues with the latter.
  @inline(__always)
  mutating func append(_ c: Scalar, _ s: Scalar) {
    if rows.columns == 0 { return }
    coefficients[used] = c
    coefficients[used &+ 1] = s
    used &+= 2
  }

  /// Ends the sweep.
  mutating func end() {
    if rows.columns == 0 { return }
    sweeps[sweeps.count - 1].count = (used - sweeps[sweeps.count - 1].place) / 2
  }

  /// Applies all pending rotations.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func flush() {
    let kernels = Scalar.kernels
    let columns = rows.columns
    let parts = used * columns < Blocking.leastWork ? 1 : 2 * Parallel.threadCount
    sweeps.withUnsafeBufferPointer { sweeps in
      guard let first = sweeps.baseAddress else { return }
      Parallel.run(pieces: parts) { piece in
        let part = part(piece, of: parts, count: columns, unit: 4 * kernels.pointee.lanes)
        kernels.pointee.rotate(
          rows.base + part.lowerBound, rows.rowStride, part.count, UnsafePointer(coefficients),
          first, sweeps.count)
      }
    }
    withExtendedLifetime(memory) {}
    sweeps.removeAll(keepingCapacity: true)
    used = 0
  }
}

/// The rotation that turns (f, g) into (r, 0): its cosine and sine, and r.
@inline(__always)
func rotation<Scalar: TensorFloat>(
  _ f: Scalar, _ g: Scalar
) -> (c: Scalar, s: Scalar, r: Scalar) {
  let sum = f * f + g * g
  // The common case: no square overflows, and none that matters vanishes.
  if sum < .greatestFiniteMagnitude && sum > .leastNormalMagnitude / .ulpOfOne {
    let r = sum.squareRoot()
    let inverse = 1 / r
    return (f * inverse, g * inverse, r)
  }
  let largest = max(abs(f), abs(g))
  if largest == 0 { return (1, 0, 0) }
  // Quotients of tiny numbers keep all their digits, but r itself may not.
  let (a, b) = (f / largest, g / largest)
  let length = (a * a + b * b).squareRoot()
  return (a / length, b / length, largest * length)
}

/// The square root of x² + y² without overflow.
@inline(__always)
func hypotenuse<Scalar: TensorFloat>(_ x: Scalar, _ y: Scalar) -> Scalar {
  let (a, b) = (max(abs(x), abs(y)), min(abs(x), abs(y)))
  if a == 0 { return 0 }
  let ratio = b / a
  return a * (1 + ratio * ratio).squareRoot()
}

/// A matrix of zeros whose rows are stored a little longer than needed.
///
/// Rows that begin a power of two apart would compete for the same few cache lines.
struct PaddedMatrix<Scalar: TensorFloat> {
  private let memory: Tensor<Scalar>
  /// The matrix; its memory lives as long as this value.
  let view: MutableMatrixView<Scalar>

  init(rows: Int, columns: Int) {
    let stride = (columns + 15) / 16 * 16 + 16
    memory = Tensor.zeros([rows, columns == 0 ? 0 : stride])
    view = MutableMatrixView(
      base: memory.storage.base, rows: rows, columns: columns, rowStride: stride, columnStride: 1)
  }

  /// The identity matrix.
  init(identity n: Int) {
    self.init(rows: n, columns: n)
    for i in 0..<n { view[i, i] = 1 }
  }

  /// The elements of a matrix.
  init(_ matrix: MatrixView<Scalar>) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    matrix.copy(Scalar.kernels, to: view.base, rowStride: view.rowStride)
  }
}
