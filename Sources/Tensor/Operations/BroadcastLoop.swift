// The single loop behind all element-wise functions of two broadcast operands, for tensors and for
// the tape. It takes pointers, shapes and strides, and handles threads and tiles for short rows
// itself.

/// An operand of a loop over elements: its address, shape and strides.
package struct LoopOperand<Scalar: BitwiseCopyable> {
  /// The first element.
  package let base: UnsafePointer<Scalar>
  /// The size along each axis.
  package let shape: TensorShape
  /// The stride along each axis, in elements.
  package let strides: AxisList

  /// Elements with the given strides.
  @inline(__always)
  package init(_ base: UnsafePointer<Scalar>, _ shape: TensorShape, _ strides: AxisList) {
    (self.base, self.shape, self.strides) = (base, shape, strides)
  }

  /// One number, broadcast to any shape.
  @inline(__always)
  package init(_ number: UnsafePointer<Scalar>) {
    self.init(number, TensorShape(sizes: AxisList(count: 0)), AxisList(count: 0))
  }

  @inline(__always)
  private var isContiguous: Bool { strides == shape.contiguousStrides }

  /// Whether it has all elements of `table`, in row-major order.
  @inline(__always)
  func fills(_ table: TensorShape) -> Bool { shape == table && isContiguous }

  /// Whether this is a row, such as a bias, that is repeated along a table and too short for a
  /// kernel call per repetition to pay.
  func isShortRow(of table: TensorShape) -> Bool {
    let count = shape.elementCount
    guard count > 1, count < 256, table.elementCount >= 8 * count, isContiguous else {
      return false
    }
    var axis = 1
    var covered = 1
    while covered < count {
      guard axis <= shape.rank, axis <= table.rank,
        shape.sizes[shape.rank - axis] == table.sizes[table.rank - axis]
      else { return false }
      covered *= shape.sizes[shape.rank - axis]
      axis += 1
    }
    return true
  }

  /// The strides of this operand when it is broadcast to the larger shape `table`.
  @inline(__always)
  func strides(in table: TensorShape) -> AxisList { strides.broadcast(from: shape, to: table) }
}

/// Calls `body` with parts of two operands that are broadcast to `shape`.
///
/// `body` gets an address and a step for each operand, and the part's position among the elements
/// in row-major order.
///
/// Threads divide the parts among them; the parts depend only on the shapes. A step may be any
/// number.
@inline(__always)
package func forEachPart<A: BitwiseCopyable, B: BitwiseCopyable>(
  of shape: TensorShape, _ a: LoopOperand<A>, _ b: LoopOperand<B>,
  _ body: (
    _ a: UnsafePointer<A>, _ aStep: Int, _ b: UnsafePointer<B>, _ bStep: Int,
    _ start: Int, _ count: Int
  ) -> Void
) {
  if a.fills(shape) && b.isShortRow(of: shape) {
    forEachTile(of: shape, b) { tile, start, count in body(a.base + start, 1, tile, 1, start, count)
    }
  } else if b.fills(shape) && a.isShortRow(of: shape) {
    forEachTile(of: shape, a) { tile, start, count in body(tile, 1, b.base + start, 1, start, count)
    }
  } else {
    forEachRowInParallel(
      of: shape, a.strides(in: shape), b.strides(in: shape), shape.contiguousStrides
    ) { offsetA, offsetB, start, count, steps in
      body(a.base + offsetA, steps.0, b.base + offsetB, steps.1, start, count)
    }
  }
}

/// Calls `body` with parts of a table, each with a buffer that repeats `row` to the part's length.
@inline(__always)
private func forEachTile<Scalar: BitwiseCopyable>(
  of table: TensorShape, _ row: LoopOperand<Scalar>,
  _ body: (_ tile: UnsafePointer<Scalar>, _ start: Int, _ count: Int) -> Void
) {
  let (width, elements) = (row.shape.elementCount, table.elementCount)
  let length = Swift.min(2048, elements) / width * width
  // One vector of slack, because kernels may read whole vectors.
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: length + 16) { tile in
    let tile = tile.baseAddress!
    for start in stride(from: 0, to: length, by: width) {
      (tile + start).update(from: row.base, count: width)
    }
    Parallel.overRows(elements / width, of: width) { start, rows in
      var place = start &* width
      let end = place &+ rows &* width
      while place < end {
        let count = Swift.min(length, end &- place)
        body(tile, place, count)
        place &+= count
      }
    }
  }
}

extension Tensor {
  /// This tensor as an operand of a loop; it must outlive the loop.
  @inline(__always)
  var operand: LoopOperand<Scalar> { LoopOperand(base, shape, strides) }
}
