// Copying elements between places, contiguous or strided. Only the size of an element matters, not its
// type: so these are plain loops and copies of bytes also where the type is not known.

extension UnsafeMutablePointer where Pointee: TensorScalar {
  /// Copies `count` elements that lie behind each other.
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
    if tensor.isContiguous {
      copy(from: tensor.base, count: tensor.count)
    } else {
      copyStrided(
        UnsafeRawPointer(tensor.base), tensor.strides, to: UnsafeMutableRawPointer(self),
        tensor.shape.contiguousStrides, shape: tensor.shape,
        elementSize: MemoryLayout<Pointee>.size)
    }
  }
}

/// Copies the elements of `shape` from one strided place to another; strides count elements.
package func copyStrided(
  _ source: UnsafeRawPointer, _ sourceStrides: AxisList,
  to target: UnsafeMutableRawPointer, _ targetStrides: AxisList,
  shape: TensorShape, elementSize: Int
) {
  switch elementSize {
  case 1: copy(UInt8.self)
  case 4: copy(UInt32.self)
  default: copy(UInt64.self)
  }

  @inline(__always)
  func copy<Element: BitwiseCopyable>(_: Element.Type) {
    let source = source.assumingMemoryBound(to: Element.self)
    let target = target.assumingMemoryBound(to: Element.self)
    forEachRow(of: shape, sourceStrides, targetStrides, targetStrides) {
      from, to, _, count, steps in
      if steps.0 == 1 && steps.1 == 1 {
        (target + to).update(from: source + from, count: count)
      } else {
        for i in 0..<count { target[to &+ i &* steps.1] = source[from &+ i &* steps.0] }
      }
    }
  }
}
