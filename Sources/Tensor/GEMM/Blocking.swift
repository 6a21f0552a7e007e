// The sizes of the blocks into which GEMM.swift cuts a product. They depend on the caches and the
// number of threads. They affect only speed, since no sum depends on them (see
// Kernels/Template/MicroKernel.swift, and `longestChain` in GEMM.swift).

/// The block sizes of one product.
package struct Blocking {
  /// Whether B is copied, panel by panel, before it is multiplied.
  package var packsB: Bool
  /// Whether the rows of A are copied, block by block, so that they do not lie 4 KiB apart.
  package var packsA: Bool
  /// Rows of A that are used together (mc).
  package var rows: Int
  /// The part of k that is used together (kc).
  package var depth: Int
  /// Columns of a packed panel of B (nr).
  package var panel: Int
  /// The number of parts into which the threads cut the rows of C.
  package var rowParts = 1
  /// The number of parts into which the threads cut the columns of C.
  package var columnParts = 1

  /// Products with fewer multiplications are one block on one thread, if B can be loaded in place.
  static let leastWork = 73_728

  package init<Scalar: TensorFloat>(
    _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, lanes: Int, threads: Int
  ) {
    let (m, n, k) = (a.rows, b.columns, a.columns)
    let size = MemoryLayout<Scalar>.stride
    // A level-2 cache larger than this is shared by several cores.
    let l2 = min(Machine.caches.l2, 1 << 20)
    panel = 4 * lanes

    // B is read in place if its rows can be loaded and a copy would not pay: because it fits in the
    // level-2 cache, because few rows of A use it, or because it is a single panel.
    packsB = b.columnStride != 1 || (k * n * size > l2 && m > 48 && n > panel)
    if packsB {
      depth = max(64, l2 / 4 / (panel * size))
    } else if k * n * size <= l2 {
      depth = max(1, k)
    } else {
      // One row of A uses each row of B once: then B is best read along its rows.
      depth = m == 1 ? 16 : 256
    }
    rows = max(48, (packsB ? Machine.caches.l3 : l2) / 2 / (max(1, min(depth, k)) * size))
    // Copying A pays if several panels read it.
    packsA = packsB && n >= 4 * panel && m > 48

    let work = m &* n &* k
    guard threads > 1 && work >= Blocking.leastWork else { return }
    // A few pieces per thread let fast threads help slow ones. Each piece has full tiles and enough
    // work to be worth handing to another thread.
    func parts(_ wanted: Int, atMost limit: Int) -> Int {
      let parts = max(1, min(wanted, limit))
      return parts > threads ? parts - parts % threads : parts
    }
    let pieces = parts(max(2, work / 131_072), atMost: 4 * threads)
    if packsB {
      columnParts = parts(pieces, atMost: n / panel)
      rowParts = parts(pieces / columnParts, atMost: m / 48)
    } else if n >= 2 * m || m < 16 {
      columnParts = parts(pieces, atMost: n / max(32, lanes))
      rowParts = parts(pieces / columnParts, atMost: m / 12)
    } else {
      rowParts = parts(pieces, atMost: m / 12)
    }
  }
}

/// The part with this number when `count` is cut into `parts` multiples of `unit`, as equal as
/// possible.
@inline(__always)
func part(_ index: Int, of parts: Int, count: Int, unit: Int = 1) -> Range<Int> {
  let units = (count &+ unit &- 1) / unit
  let (lower, upper) = (index &* units / parts, (index &+ 1) &* units / parts)
  return min(count, lower &* unit)..<min(count, upper &* unit)
}
