// The sizes of the blocks into which GEMM.swift cuts a product. They follow the caches and the
// number of threads; they decide about speed alone, since no sum depends on them (see
// Kernels/Template/MicroKernel.swift).

/// How one product is cut.
package struct Blocking {
  /// Whether B is copied, panel by panel, before it is multiplied.
  package var packsB: Bool
  /// Whether the rows of A are copied, block by block, to where they do not lie 4 KiB apart.
  package var packsA: Bool
  /// Rows of A that are used together (mc).
  package var rows: Int
  /// The part of k that is used together (kc).
  package var depth: Int
  /// Columns of a packed panel of B (nr).
  package var panel: Int
  /// Into how many parts the threads cut the rows of C.
  package var rowParts = 1
  /// Into how many parts the threads cut the columns of C.
  package var columnParts = 1

  package init<Scalar: TensorFloat>(
    _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, lanes: Int, threads: Int
  ) {
    let (m, n, k) = (a.rows, b.columns, a.columns)
    let size = MemoryLayout<Scalar>.stride
    let caches = Machine.caches
    panel = 4 * lanes

    // B is read where it lies if its rows can be loaded and a copy would not pay: because it fits
    // in the level-2 cache, because few rows of A use it, or because it is one panel anyway.
    packsB =
      b.columnStride != 1 || (k * n * size > caches.l2 && m > 48 && n > panel)
    if packsB {
      depth = caches.l2 / 4 / (panel * size)
      rows = caches.l3 / 2 / (min(depth, k) * size)
    } else {
      depth = k * n * size <= caches.l2 ? k : 256
      rows = max(48, caches.l2 / 2 / (max(1, min(depth, k)) * size))
    }
    // Copying A pays if several panels read it.
    packsA = packsB && n >= 4 * panel && m > 48

    let work = m * n * k
    if threads > 1 && work >= 73_728 {
      cut(m, n, lanes, into: min(4 * threads, max(2, work / 131_072)))
    }
  }

  private mutating func cut(_ m: Int, _ n: Int, _ lanes: Int, into pieces: Int) {
    if packsB {
      columnParts = max(1, min(pieces, n / panel))
      rowParts = max(1, min(pieces / columnParts, m / 48))
    } else if n >= 2 * m || m < 16 {
      columnParts = max(1, min(pieces, n / max(32, lanes)))
      rowParts = max(1, min(pieces / columnParts, m / 12))
    } else {
      rowParts = max(1, min(pieces, m / 12))
    }
  }
}

/// The part with this number when `count` is cut into `parts` whole multiples of `unit`, as equal
/// as they can be.
@inline(__always)
func part(_ index: Int, of parts: Int, count: Int, unit: Int = 1) -> Range<Int> {
  let units = (count &+ unit &- 1) / unit
  let (lower, upper) = (index &* units / parts, (index &+ 1) &* units / parts)
  return min(count, lower &* unit)..<min(count, upper &* unit)
}
