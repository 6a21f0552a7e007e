// Copying elements between contiguous or strided memory. Only the size of an element matters, not
// its type, so these are plain loops and byte copies that work without knowing the type.

import KernelTemplate

extension UnsafeMutablePointer where Pointee: TensorScalar {
  /// Copies `count` contiguous elements.
  @inline(__always)
  package func copy(from source: UnsafePointer<Pointee>, count: Int) {
    UnsafeMutableRawPointer(self).copyMemory(
      from: source, byteCount: count &* MemoryLayout<Pointee>.stride)
  }

  /// Sets `count` elements to `value`.
  package func fill(with value: Pointee, count: Int) {
    withUnsafePointer(to: value) { value in
      switch MemoryLayout<Pointee>.size {
      case 1: fill(UInt8.self, value)
      case 2: fill(UInt16.self, value)
      case 4: fill(UInt32.self, value)
      default: fill(UInt64.self, value)
      }
    }

    @inline(__always)
    func fill<Element: BitwiseCopyable>(_: Element.Type, _ value: UnsafePointer<Pointee>) {
      cast(to: Element.self).update(
        repeating: value.cast(to: Element.self).pointee, count: count)
    }
  }

  /// Writes the elements of `tensor` here in row-major order.
  @inline(__always)
  package func copyElements(of tensor: Tensor<Pointee>) {
    if tensor.isContiguous && tensor.count <= Parallel.longestPart {
      copy(from: tensor.base, count: tensor.count)
    } else {
      copyStrided(
        UnsafeRawPointer(tensor.base), tensor.strides, to: UnsafeMutableRawPointer(self),
        tensor.shape.contiguousStrides, shape: tensor.shape,
        elementSize: MemoryLayout<Pointee>.size)
    }
  }
}

/// Copies the elements of `shape` from one strided layout to another; strides count elements.
///
/// The two must not overlap. Long copies are split along the longest axis, for all threads.
package func copyStrided(
  _ source: UnsafeRawPointer, _ sourceStrides: AxisList,
  to target: UnsafeMutableRawPointer, _ targetStrides: AxisList,
  shape: TensorShape, elementSize: Int
) {
  let count = shape.elementCount
  guard count > Parallel.longestPart else {
    return copyPart(source, sourceStrides, to: target, targetStrides, shape, elementSize)
  }
  var longest = 0
  for axis in 1..<Swift.max(1, shape.rank) where shape.sizes[axis] > 2 * shape.sizes[longest] {
    longest = axis
  }
  Parallel.overRows(shape.sizes[longest], of: count / shape.sizes[longest]) { start, rows in
    copyPart(
      source + start &* sourceStrides[longest] &* elementSize, sourceStrides,
      to: target + start &* targetStrides[longest] &* elementSize, targetStrides,
      shape.replacing(axis: longest, with: rows), elementSize)
  }
}

private func copyPart(
  _ source: UnsafeRawPointer, _ sourceStrides: AxisList,
  to target: UnsafeMutableRawPointer, _ targetStrides: AxisList,
  _ shape: TensorShape, _ elementSize: Int
) {
  if copyTransposed(source, sourceStrides, to: target, targetStrides, shape, elementSize)
    || copyShortRows(source, sourceStrides, to: target, targetStrides, shape, elementSize)
  {
    return
  }
  switch elementSize {
  case 1: copy(UInt8.self)
  case 2: copy(UInt16.self)
  case 4: copy(UInt32.self)
  default: copy(UInt64.self)
  }

  @inline(__always)
  func copy<Element: BitwiseCopyable>(_: Element.Type) {
    let source = source.assumingMemoryBound(to: Element.self)
    let target = target.assumingMemoryBound(to: Element.self)
    forEachRow(of: shape, sourceStrides, targetStrides, targetStrides) {
      from, to, _, count, steps in
      let (x, y) = (source + from, target + to)
      if steps.0 == 1 && steps.1 == 1 {
        if count < 16 {
          for i in 0..<count { y[i] = x[i] }
        } else {
          y.update(from: x, count: count)
        }
      } else if steps.0 == 0 && steps.1 == 1 {
        y.update(repeating: x.pointee, count: count)
      } else if steps.0 == 2 && steps.1 == 1 && elementSize >= 4 {
        copyMatrix(x, 0, 2, to: y, 0, rows: 1, columns: count, elementSize)
      } else if steps.0 == -1 && steps.1 == 1 {
        for i in 0..<count { y[i] = x[0 &- i] }
      } else if steps.1 == 1 {
        for i in 0..<count { y[i] = x[i &* steps.0] }
      } else {
        for i in 0..<count { y[i &* steps.1] = x[i &* steps.0] }
      }
    }
  }
}

/// `y[i, j] = x[i, j]` by the kernel for elements of 4 or 8 bytes; the columns of y must be
/// adjacent.
@inline(__always)
private func copyMatrix(
  _ x: UnsafeRawPointer, _ rowStride: Int, _ columnStride: Int, to y: UnsafeMutableRawPointer,
  _ yRowStride: Int, rows: Int, columns: Int, _ elementSize: Int
) {
  if elementSize == 4 {
    floatKernels.copyMatrix(
      x.assumingMemoryBound(to: Float.self), rowStride, columnStride,
      y.assumingMemoryBound(to: Float.self), yRowStride, rows, columns)
  } else {
    doubleKernels.copyMatrix(
      x.assumingMemoryBound(to: Double.self), rowStride, columnStride,
      y.assumingMemoryBound(to: Double.self), yRowStride, rows, columns)
  }
}

/// Copies short contiguous rows with the matrix kernel; false if the rows are not short and
/// contiguous.
private func copyShortRows(
  _ source: UnsafeRawPointer, _ sourceStrides: AxisList,
  to target: UnsafeMutableRawPointer, _ targetStrides: AxisList,
  _ shape: TensorShape, _ elementSize: Int
) -> Bool {
  let last = shape.rank &- 1
  guard elementSize >= 4, last >= 1, sourceStrides[last] == 1, targetStrides[last] == 1,
    shape.sizes[last] < 256, shape.sizes[last &- 1] >= 4,
    sourceStrides[last &- 1] != shape.sizes[last] || targetStrides[last &- 1] != shape.sizes[last]
  else { return false }
  let (rows, columns) = (shape.sizes[last &- 1], shape.sizes[last])
  let (from, to) = (sourceStrides[last &- 1], targetStrides[last &- 1])
  var outer = shape
  outer.sizes[last] = 1
  outer.sizes[last &- 1] = 1
  forEachRow(of: outer, sourceStrides, targetStrides, targetStrides) {
    offset, place, _, count, steps in
    for i in 0..<count {
      let x = source + (offset &+ i &* steps.0) &* elementSize
      let y = target + (place &+ i &* steps.1) &* elementSize
      copyMatrix(x, from, 1, to: y, to, rows: rows, columns: columns, elementSize)
    }
  }
  return true
}

/// Copies with the matrix kernel, one matrix per position of the outer axes.
///
/// Returns false unless the source must be gathered from rows along the target's last axis.
private func copyTransposed(
  _ source: UnsafeRawPointer, _ sourceStrides: AxisList,
  to target: UnsafeMutableRawPointer, _ targetStrides: AxisList,
  _ shape: TensorShape, _ elementSize: Int
) -> Bool {
  guard elementSize >= 4, shape.rank >= 2 else { return false }
  let last = shape.rank - 1
  guard targetStrides[last] == 1, sourceStrides[last] > 1, shape.sizes[last] >= 4 else {
    return false
  }
  for row in 0..<last where sourceStrides[row] == 1 && shape.sizes[row] >= 4 {
    var outer = shape
    outer.sizes[row] = 1
    outer.sizes[last] = 1
    let (rows, columns) = (shape.sizes[row], shape.sizes[last])
    forEachRow(of: outer, sourceStrides, targetStrides, targetStrides) {
      from, to, _, count, steps in
      for i in 0..<count {
        let x = source + (from &+ i &* steps.0) &* elementSize
        let y = target + (to &+ i &* steps.1) &* elementSize
        copyMatrix(
          x, 1, sourceStrides[last], to: y, targetStrides[row], rows: rows, columns: columns,
          elementSize)
      }
    }
    return true
  }
  return false
}
