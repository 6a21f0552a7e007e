// Overlapping windows along an axis: views, like those of Tensor+Views.swift, in which an element occurs
// several times. A tensor of them that is changed becomes a copy first, see `mutableBase` in Tensor.swift.

extension Tensor {
  /// All windows of neighbours along an axis: NumPy's `sliding_window_view`, for one axis.
  ///
  /// ```swift
  /// let days: Tensor<Float> = [1, 2, 3, 4, 5]
  /// days.slidingWindows(of: 3)              // [[1, 2, 3], [2, 3, 4], [3, 4, 5]]
  /// days.slidingWindows(of: 3, step: 2)     // [[1, 2, 3], [3, 4, 5]]
  /// ```
  /// The result is a view: it needs no memory of its own. Elements behind the last whole window are left
  /// out.
  ///
  /// - Parameters:
  ///   - length: The number of neighbours in a window, 1 or more.
  ///   - axis: The axis; negative ones count from the end.
  ///   - step: How far apart windows begin, 1 or more.
  /// - Returns: the tensor with the number of windows in the place of the axis, and the axis of the
  ///   neighbours behind it. There are no windows if the axis is shorter than one.
  public func slidingWindows(of length: Int, axis: Int = 0, step: Int = 1) -> Tensor {
    let axis = shape.normalized(axis: axis, "slidingWindows")
    require(
      length >= 1 && step >= 1,
      "slidingWindows: length \(length) and step \(step), expected 1 or more")
    require(
      rank < AxisList.maximumCount,
      "slidingWindows: shape \(shape) has \(rank) axes, and a tensor has at most "
        + "\(AxisList.maximumCount)")
    let size = shape.sizes[axis]
    let count = size < length ? 0 : (size - length) / step + 1
    var sizes = AxisList(count: 0)
    var newStrides = AxisList(count: 0)
    for old in 0..<rank {
      if old == axis {
        sizes.append(count)
        // With one window, the step is never taken, and the product could overflow.
        newStrides.append(count > 1 ? strides[old] * step : 1)
      }
      sizes.append(old == axis ? length : shape.sizes[old])
      newStrides.append(strides[old])
    }
    let shape = TensorShape(sizes: sizes)
    if count == 0 { return Tensor(uninitialized: TensorShape(Array(shape))) }
    return Tensor(storage: storage, offset: offset, shape: shape, strides: newStrides)
  }
}
