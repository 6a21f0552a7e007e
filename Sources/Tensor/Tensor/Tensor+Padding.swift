// Wider tensors: elements added at both ends of each axis.

/// What the elements are that padding adds.
public enum PaddingMode<Scalar: TensorScalar>: Sendable {
  /// One value everywhere.
  case constant(Scalar)
  /// The element at the edge.
  case edge
  /// The elements behind the edge, mirrored at it, without the one at the edge.
  case reflect
}

extension Tensor {
  /// The tensor with elements added before and behind it along each axis: NumPy's `pad`.
  ///
  /// - Precondition: there is a width for each axis, none negative; to reflect, an axis must have more
  ///   elements than are added at an end.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode<Scalar> = .constant(.zero)
  ) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padded: got widths \(widths.map { [$0.before, $0.after] }), expected a pair of numbers that "
        + "are not negative for each axis of shape \(shape)")
    var result = self
    if case .constant(let value) = mode {
      let sizes = zip(shape, widths).map { $0.addingSaturated($1.before).addingSaturated($1.after) }
      result = Tensor(repeating: value, shape: TensorShape(sizes))
      let start = widths.indices.reduce(0) { $0 + result.strides[$1] * widths[$1].before }
      copyStrided(
        UnsafeRawPointer(base), strides,
        to: UnsafeMutableRawPointer(result.storage.base + start), result.strides, shape: shape,
        elementSize: MemoryLayout<Scalar>.size)
      return result
    }
    for (axis, width) in widths.enumerated() where width.before > 0 || width.after > 0 {
      let last = shape[axis] - 1
      let size = shape[axis].addingSaturated(width.before).addingSaturated(width.after)
      let positions = Tensor<Int>(uninitialized: [size])
      let source = positions.storage.base
      if case .reflect = mode {
        require(
          width.before <= last && width.after <= last,
          "padded: \(Swift.max(width.before, width.after)) elements cannot be reflected from axis "
            + "\(axis) of shape \(shape)")
        for i in 0..<size {
          let place = Swift.abs(i - width.before)
          source[i] = place > last ? 2 * last - place : place
        }
      } else {
        require(last >= 0, "padded: axis \(axis) of shape \(shape) has no edge")
        for i in 0..<size { source[i] = Swift.min(Swift.max(i - width.before, 0), last) }
      }
      result = result.taking(positions, axis: axis)
    }
    return result
  }

  /// The tensor with `width` elements added at both ends of every axis.
  public func padded(
    _ width: Int, mode: PaddingMode<Scalar> = .constant(.zero)
  ) -> Tensor {
    padded(Array(repeating: (width, width), count: rank), mode: mode)
  }
}
