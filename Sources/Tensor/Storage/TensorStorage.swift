/// The memory of one or more tensors: elements of one type, at a 64-byte boundary.
///
/// Unchecked, because the elements are written only by an owner that holds the sole reference:
/// `Tensor` checks that before every mutation and copies otherwise.
package final class TensorStorage<Scalar: TensorScalar>: @unchecked Sendable {
  /// The first element.
  ///
  /// At least 64 bytes after the last element are readable.
  package let base: UnsafeMutablePointer<Scalar>
  private let buffer: BufferPool.Buffer

  /// Allocates uninitialised memory for `count` elements.
  package init(uninitializedCount count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    require(!overflow, "tensor: \(count) elements do not fit in memory")
    buffer = BufferPool.take(bytes: bytes)
    base = buffer.base.assumingMemoryBound(to: Scalar.self)
  }

  /// The number of elements that fit into the memory.
  package var capacity: Int { buffer.capacity / MemoryLayout<Scalar>.stride }

  deinit { BufferPool.give(buffer) }
}
