// Matrix multiplication. This file cuts a product into blocks that suit the caches and the threads;
// the two loops inside a block and the micro-kernel are in Kernels/Template/MacroKernel.swift, the
// sizes in Blocking.swift, the copies in Packing.swift.
//
//   small B    A and B are read in place:   rows (mc) > k (kc) > macro-kernel
//   large B    rows (mc) > k (kc) > copy A > panels of columns (nr) > copy B's panel > macro-kernel
//
// Compared with the usual five loops (Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", 2008) one is missing: B is packed one micro-panel at a time, just before all
// rows of A use it, so there is no block of nc columns. Threads share the parts of C, never a sum.
//
// A long k is first cut into chains of a fixed length: a single sum in Float would lose small terms
// once it is large.

import KernelTemplate

/// The initial values of a product's sums.
package enum GEMMStart<Scalar: TensorFloat> {
  /// C = A B
  case zero
  /// C = A B + a row with one number per column of C, added to every row: a layer's bias.
  case row(UnsafePointer<Scalar>)
  /// C = C + A B
  case accumulate
}

/// C = start + A B, with the kernels of this machine.
///
/// The element C[i, j] is the sum over k of A[i, k] B[k, j]. The terms are added to the start one
/// by one in the order of k, with one rounding each if the instruction set has a fused
/// multiply-add. After every `longestChain` terms a new sum starts from zero, and the sums are
/// added in order. The bits depend on nothing else: not on other sizes, strides, threads or caches.
///
/// Up to 63 bytes after the last element of B, C and a start row may be read.
///
/// - Parameters:
///   - a: m rows, k columns.
///   - b: k rows, n columns.
///   - c: m rows, n columns, adjacent along one of the two; must not overlap the other operands.
///     Unless it is the start, its old contents do not matter.
///   - start: What is added to the product.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func gemm<Scalar: TensorFloat>(
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar> = .zero
) {
  gemm(Scalar.kernels, a, b, into: c, start: start)
}

/// C = start + A B, with the given kernels and, if not `nil`, the given blocks.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func gemm<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar>, blocking: Blocking? = nil
) {
  require(
    a.columns == b.rows && a.rows == c.rows && b.columns == c.columns,
    "gemm: got \(a.rows) x \(a.columns) times \(b.rows) x \(b.columns) into "
      + "\(c.rows) x \(c.columns), expected m x k times k x n into m x n")
  if c.rows == 0 || c.columns == 0 { return }
  // A result that is stored by columns is the product of the transposed operands. So is a column
  // vector, if the rows of Aᵀ can be loaded as vectors or are worth a copy for which that is so.
  let isColumn = c.columns == 1 && c.rows > 1 && c.rowStride == 1
  if (c.columns > 1 && c.columnStride != 1)
    || (isColumn && (a.rowStride == 1 || min(a.rows, a.columns) >= 64))
  {
    multiplyTransposed(kernels, a, b, into: c, start: start, blocking)
    return
  }

  // With few columns, a long k, and rows of Aᵀ that can be loaded as vectors, the transposed
  // product fills its vectors, and its result is small.
  if c.columns < kernels.pointee.lanes && a.rowStride == 1 && a.columns >= 256
    && c.rows >= 2 &* kernels.pointee.lanes
  {
    multiplyTransposedAside(kernels, a, b, into: c, start: start, blocking)
    return
  }

  var product = MatrixProduct(
    rows: c.rows, columns: c.columns, depth: a.columns,
    a: a.base, aRowStride: a.rowStride, aColumnStride: a.columnStride,
    b: b.base, bRowStride: b.rowStride, start: nil, startRowStride: 0,
    c: c.base, cRowStride: c.rowStride)
  switch start {
  case .zero: break
  case .row(let row): product.start = row
  case .accumulate:
    product.start = UnsafePointer(c.base)
    product.startRowStride = c.rowStride
  }

  var b = b
  if b.columns == 1 { b.columnStride = 1 }
  if blocking == nil && b.columnStride == 1 && product.depth <= longestChain
    && product.rows &* product.columns &* product.depth < Blocking.leastWork
  {
    kernels.pointee.multiply(product)
    return
  }
  let blocking =
    blocking ?? Blocking(a, b, lanes: kernels.pointee.lanes, threads: Parallel.threadCount)
  if product.depth <= longestChain {
    multiplyChain(kernels, product, a, b, blocking)
  } else {
    multiplyChains(kernels, product, a, b, blocking)
  }
}

/// The largest number of terms that are added one by one to the same sum.
package var longestChain: Int { 4096 }

/// Computes the first chain in C; computes each other chain separately and adds it to C.
private func multiplyChains<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>, _ product: MatrixProduct<Scalar>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, _ blocking: Blocking
) {
  let (rows, columns) = (product.rows, product.columns)
  withScratch(count: rows * columns) { (sums: UnsafeMutablePointer<Scalar>) in
    for first in stride(from: 0, to: product.depth, by: longestChain) {
      let depth = first..<min(first &+ longestChain, product.depth)
      var chain = product.depth(depth)
      if first > 0 {
        (chain.start, chain.startRowStride) = (nil, 0)
        (chain.c, chain.cRowStride) = (sums, columns)
      }
      multiplyChain(
        kernels, chain, a.part(rows: 0..<rows, columns: depth),
        b.part(rows: depth, columns: 0..<columns), blocking)
      if first == 0 { continue }
      Parallel.overRows(rows, of: columns) { start, count in
        for row in start..<start &+ count {
          let c = product.c + row &* product.cRowStride
          kernels.pointee.zip(
            .add, UnsafePointer(c), 1, UnsafePointer(sums) + row &* columns, 1, c, columns)
        }
      }
    }
  }
}

private func multiplyChain<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>, _ product: MatrixProduct<Scalar>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, _ blocking: Blocking
) {
  if b.columnStride == 1 && !blocking.packsB {
    multiplyInPlace(kernels, product, blocking)
  } else {
    multiplyPacking(kernels, product, a, b, blocking)
  }
}

/// Cᵀ = startᵀ + Bᵀ Aᵀ.
private func multiplyTransposed<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar>, _ blocking: Blocking?
) {
  require(
    c.rowStride == 1,
    "gemm: the result has row stride \(c.rowStride) and column stride \(c.columnStride), "
      + "expected one of them to be 1; multiply into a contiguous matrix and copy that")
  var start = start
  if case .row(let row) = start {
    for j in 0..<c.columns {
      for i in 0..<c.rows { c[i, j] = row[j] }
    }
    start = .accumulate
  }
  gemm(kernels, b.transposed, a.transposed, into: c.transposed, start: start, blocking: blocking)
}

/// Computes the transposed product in separate memory and transposes it back into C.
private func multiplyTransposedAside<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, into c: MutableMatrixView<Scalar>,
  start: GEMMStart<Scalar>, _ blocking: Blocking?
) {
  withScratch(count: c.rows * c.columns) { (scratch: UnsafeMutablePointer<Scalar>) in
    let result = MutableMatrixView(
      base: scratch, rows: c.rows, columns: c.columns, rowStride: 1, columnStride: c.rows)
    if case .accumulate = start {
      for j in 0..<c.columns {
        for i in 0..<c.rows { result[i, j] = c[i, j] }
      }
    }
    multiplyTransposed(kernels, a, b, into: result, start: start, blocking)
    for i in 0..<c.rows {
      for j in 0..<c.columns { c[i, j] = result[i, j] }
    }
  }
}

/// Multiplies the operands in place; the columns of B are adjacent.
private func multiplyInPlace<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>, _ product: MatrixProduct<Scalar>,
  _ blocking: Blocking
) {
  let (rowParts, columnParts) = (blocking.rowParts, blocking.columnParts)
  Parallel.run(pieces: rowParts &* columnParts) { piece in
    let piece =
      product
      .rows(part(piece / columnParts, of: rowParts, count: product.rows))
      .columns(
        part(
          piece % columnParts, of: columnParts, count: product.columns,
          unit: kernels.pointee.lanes))
    forEachPart(of: piece.rows, atMost: blocking.rows) { rows in
      forEachPart(of: piece.depth, atMost: blocking.depth) { depth in
        kernels.pointee.multiply(piece.rows(rows).depth(depth))
      }
    }
  }
}

/// Multiplies copies of the operands: B's panels and, if it pays, A's blocks.
private func multiplyPacking<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>, _ product: MatrixProduct<Scalar>,
  _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, _ blocking: Blocking
) {
  forEachPart(of: product.rows, atMost: blocking.rows) { rows in
    forEachPart(of: product.depth, atMost: blocking.depth) { depth in
      var block = product.rows(rows).depth(depth)
      let bBlock = b.part(rows: depth, columns: 0..<b.columns)
      guard blocking.packsA else {
        multiplyPanels(kernels, block, bBlock, blocking)
        return
      }
      // Sixteen more elements than k keep the rows out of each other's cache sets.
      let stride = (depth.count + 15) / 16 * 16 + 16
      withScratch(count: rows.count * stride) { (copy: UnsafeMutablePointer<Scalar>) in
        let aBlock = a.part(rows: rows, columns: depth)
        let parts = blocking.rowParts * blocking.columnParts
        Parallel.run(pieces: parts) { piece in
          let rows = part(piece, of: parts, count: aBlock.rows, unit: 16)
          aBlock.part(rows: rows, columns: 0..<aBlock.columns)
            .copy(kernels, to: copy + rows.lowerBound * stride, rowStride: stride)
        }
        block.a = UnsafePointer(copy)
        block.aRowStride = stride
        block.aColumnStride = 1
        multiplyPanels(kernels, block, bBlock, blocking)
      }
    }
  }
}

/// Multiplies by the panels of B, each of which is packed for it.
private func multiplyPanels<Scalar: TensorFloat>(
  _ kernels: UnsafePointer<Kernels<Scalar>>, _ block: MatrixProduct<Scalar>,
  _ b: MatrixView<Scalar>, _ blocking: Blocking
) {
  let (rowParts, columnParts) = (blocking.rowParts, blocking.columnParts)
  let lanes = kernels.pointee.lanes
  Parallel.run(pieces: rowParts &* columnParts) { piece in
    let rows = part(piece / columnParts, of: rowParts, count: block.rows)
    let columns = part(piece % columnParts, of: columnParts, count: block.columns, unit: lanes)
    withScratch(count: block.depth * blocking.panel) { (packed: UnsafeMutablePointer<Scalar>) in
      forEachPart(of: columns.count, atMost: blocking.panel, unit: lanes) { offsets in
        let columns =
          columns.lowerBound + offsets.lowerBound..<columns.lowerBound + offsets.upperBound
        b.part(rows: 0..<b.rows, columns: columns)
          .copy(kernels, to: packed, rowStride: blocking.panel)
        var panel = block.rows(rows).columns(columns)
        panel.b = UnsafePointer(packed)
        panel.bRowStride = blocking.panel
        kernels.pointee.multiply(panel)
      }
    }
  }
}

/// Calls `body` with the parts of `0..<count`, as equal as possible and none longer than `limit`.
///
/// There is always at least one part, so that a product with k = 0 still writes the start.
@inline(__always)
private func forEachPart(
  of count: Int, atMost limit: Int, unit: Int = 1, _ body: (Range<Int>) -> Void
) {
  let parts = max(1, (count &+ limit &- 1) / limit)
  for index in 0..<parts { body(part(index, of: parts, count: count, unit: unit)) }
}
