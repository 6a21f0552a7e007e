// Copies of parts of A and B with a better memory layout than the originals. They are used by large
// products, and by products whose B cannot be loaded as vectors.

import KernelTemplate

/// Calls `body` with memory for `count` elements, valid during the call.
@inline(__always)
package func withScratch<Scalar: TensorFloat>(
  count: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
) {
  let buffer = BufferPool.take(bytes: count * MemoryLayout<Scalar>.stride)
  body(buffer.base.assumingMemoryBound(to: Scalar.self))
  BufferPool.give(buffer)
}

extension MatrixView {
  /// The part of the matrix in these rows and columns.
  @inline(__always)
  func part(rows: Range<Int>, columns: Range<Int>) -> MatrixView {
    MatrixView(
      base: base + (rows.lowerBound &* rowStride &+ columns.lowerBound &* columnStride),
      rows: rows.count, columns: columns.count, rowStride: rowStride, columnStride: columnStride)
  }

  /// Copies the matrix to `target`, where its rows begin `targetRowStride` elements apart.
  @inline(__always)
  func copy(
    _ kernels: UnsafePointer<Kernels<Scalar>>,
    to target: UnsafeMutablePointer<Scalar>, rowStride targetRowStride: Int
  ) {
    kernels.pointee.copyMatrix(
      base, rowStride, columnStride, target, targetRowStride, rows, columns)
  }
}

extension MatrixProduct {
  /// The part of the product in these rows of A and C.
  @inline(__always)
  func rows(_ range: Range<Int>) -> MatrixProduct {
    var part = self
    part.rows = range.count
    part.a += range.lowerBound &* aRowStride
    part.c += range.lowerBound &* cRowStride
    part.start = start.map { $0 + range.lowerBound &* startRowStride }
    return part
  }

  /// The part of the product in these columns of B and C.
  @inline(__always)
  func columns(_ range: Range<Int>) -> MatrixProduct {
    var part = self
    part.columns = range.count
    part.b += range.lowerBound
    part.c += range.lowerBound
    part.start = start.map { $0 + range.lowerBound }
    return part
  }

  /// The part of the sums over these k; all but the first part add to C.
  @inline(__always)
  func depth(_ range: Range<Int>) -> MatrixProduct {
    var part = self
    part.depth = range.count
    part.a += range.lowerBound &* aColumnStride
    part.b += range.lowerBound &* bRowStride
    if range.lowerBound > 0 {
      part.start = UnsafePointer(c)
      part.startRowStride = cRowStride
    }
    return part
  }
}
