// Padding: elements added at both ends of each axis.

/// The elements that padding adds.
public enum PaddingMode<Scalar: TensorScalar>: Sendable {
  /// One constant value.
  case constant(Scalar)
  /// The element at the edge, repeated.
  case edge
  /// The elements mirrored at the edge, without the one at the edge: `3 2 | 1 2 3 | 2 1`.
  case reflect
  /// The elements mirrored at the edge, including the one at the edge: `2 1 | 1 2 3 | 3 2`.
  case symmetric
  /// The elements from the other end, as if the axis were periodic: `2 3 | 1 2 3 | 1 2`.
  case wrap
  /// The mean along the axis, rounded for integers.
  case mean
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
  /// The positions along an axis of `shape` from which the padded axis takes its elements; stops if
  /// the axis is empty.
  package func positions(
    along axis: Int, of shape: TensorShape, _ width: (before: Int, after: Int)
  ) -> [Int] {
    let size = shape[axis]
    require(
      size > 0, "padded: axis \(axis) of shape \(shape) has no edge, from which elements come")
    return (-width.before..<size + width.after).map { source(of: $0, size) }
  }

  /// The index of the element that fills a position before, on or after an axis of `size`.
  package func source(of position: Int, _ size: Int) -> Int {
    /// The position modulo `period`, in `0..<period`.
    func within(_ period: Int) -> Int {
      let rest = position % period
      return rest < 0 ? rest + period : rest
    }
    switch self {
    case .edge: return Swift.min(Swift.max(position, 0), size - 1)
    case .wrap: return within(size)
    case .symmetric:
      let place = within(2 * size)
      return Swift.min(place, 2 * size - 1 - place)
    case .reflect:
      let place = within(Swift.max(1, 2 * size - 2))
      return Swift.min(place, 2 * size - 2 - place)
    case .constant, .mean: fail("padded: constants and means are elements of no position")
    }
  }
}

extension Tensor {
  /// The tensor with elements added before and after it along each axis: NumPy's `pad`.
  ///
  /// Mirrored and periodic elements continue for any width.
  ///
  /// - Precondition: there is a width for each axis, and none is negative. A padded axis must not
  ///   be empty unless the added elements are constant.
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
      if case .mean = mode {
        require(
          shape[axis] > 0,
          "padded: axis \(axis) of shape \(shape) has no elements to take a mean of")
        let mean = result.mean(alongOne: axis)
        func added(_ count: Int) -> Tensor {
          mean.broadcast(to: mean.shape.replacing(axis: axis, with: count))
        }
        result = concatenate([added(width.before), result, added(width.after)], axis: axis)
      } else {
        result = result.taking(mode.positions(along: axis, of: shape, width), axis: axis)
      }
    }
    return result
  }

  /// The tensor with `width` elements added at both ends of every axis.
  public func padded(
    _ width: Int, mode: PaddingMode<Scalar> = .constant(.zero)
  ) -> Tensor {
    padded(Array(repeating: (width, width), count: rank), mode: mode)
  }

  /// The mean along an axis, which is kept, in the tensor's own type.
  private func mean(alongOne axis: Int) -> Tensor {
    require(
      Scalar.scalarType != .bool, "padded: truth values have no mean; convert them to numbers")
    let mean = Tensor<Double>(self).mean(axis: axis, keepingDimensions: true)
    return Scalar.self is any BinaryFloatingPoint.Type ? Tensor(mean) : Tensor(round(mean))
  }
}
