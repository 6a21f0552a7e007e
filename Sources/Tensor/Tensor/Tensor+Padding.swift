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

extension TensorShape {
  /// This shape with longer axes; stops if the widths do not fit.
  package func padded(_ widths: [(before: Int, after: Int)]) -> TensorShape {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padded: got widths \(widths.map { [$0.before, $0.after] }), expected a pair of numbers that "
        + "are not negative for each axis of shape \(self)")
    return TensorShape(
      Swift.zip(self, widths).map { size, width in
        let (sum, overflow) = size.addingReportingOverflow(width.before)
        let (total, tooLarge) = sum.addingReportingOverflow(width.after)
        require(
          !overflow && !tooLarge,
          "padded: widths \(width.before) and \(width.after) are out of range for an axis of size "
            + "\(size)")
        return total
      })
  }
}

extension PaddingMode {
  /// Where along an axis of `shape` the elements of the padded axis come from; stops if there are too few.
  package func positions(
    along axis: Int, of shape: TensorShape, _ width: (before: Int, after: Int)
  ) -> [Int] {
    let last = shape[axis] - 1
    let positions = -width.before..<shape[axis] + width.after
    if case .reflect = self {
      require(
        width.before <= last && width.after <= last,
        "padded: \(Swift.max(width.before, width.after)) elements cannot be reflected from axis "
          + "\(axis) of shape \(shape)")
      return positions.map { $0 < 0 ? -$0 : $0 > last ? 2 * last - $0 : $0 }
    }
    require(last >= 0, "padded: axis \(axis) of shape \(shape) has no edge")
    return positions.map { Swift.min(Swift.max($0, 0), last) }
  }
}

extension Tensor {
  /// The tensor with elements added before and behind it along each axis: NumPy's `pad`.
  ///
  /// - Precondition: there is a width for each axis, none negative; to reflect, an axis must have more
  ///   elements than are added at an end.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode<Scalar> = .constant(.zero)
  ) -> Tensor {
    let wide = shape.padded(widths)
    if case .constant(let value) = mode {
      let result = Tensor(repeating: value, shape: wide)
      let start = widths.indices.reduce(0) { $0 + result.strides[$1] * widths[$1].before }
      copyStrided(
        UnsafeRawPointer(base), strides,
        to: UnsafeMutableRawPointer(result.storage.base + start), result.strides, shape: shape,
        elementSize: MemoryLayout<Scalar>.size)
      return result
    }
    var result = self
    for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
      result = result.taking(mode.positions(along: axis, of: shape, width), axis: axis)
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
