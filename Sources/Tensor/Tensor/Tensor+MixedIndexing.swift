// Lists of positions and masks combined with ranges and integers in one subscript:
//
//     a[indices, 0...]        rows at positions, of all columns: as a[indices, ...]
//     a[indices, 1..<3]       of these rows two columns
//     a[0..., indices]        columns at positions
//     a[mask, 1]              the second column of the rows where the mask is true
//     a[..., indices]         positions of the last axis
//
// As in NumPy, the shape of the list replaces its axis. Reading copies. Assigning writes the parts;
// if a position repeats, the last value wins.

extension Tensor {
  /// The parts at positions of the first axis; other indices select from the axes after it.
  public subscript(
    indices: Tensor<Int>, second: any TensorIndex, rest: any TensorIndex...
  ) -> Tensor {
    get { view([0..., second] + rest).taking(indices, axis: 0) }
    set { assign(newValue, at: indices, axis: 0, of: [0..., second] + rest) }
  }

  /// The parts at positions of the first axis; all other axes are taken whole.
  public subscript(indices: Tensor<Int>, _: UnboundedRange) -> Tensor {
    get { taking(indices, axis: 0) }
    set { scatter(newValue, at: indices, axis: 0) }
  }

  /// The parts at positions of the second axis; other indices select from the other axes.
  ///
  /// An integer before them removes the first axis.
  public subscript(
    first: any TensorIndex, indices: Tensor<Int>, rest: any TensorIndex...
  ) -> Tensor {
    get { view(first, at: indices, rest) }
    set { assign(newValue, at: indices, axis: axis(behind: first), of: [first, 0...] + rest) }
  }

  /// The parts at positions of the last axis; all axes before it are taken whole.
  public subscript(_: UnboundedRange, indices: Tensor<Int>) -> Tensor {
    get { taking(indices, axis: -1) }
    set { scatter(newValue, at: indices, axis: -1) }
  }

  /// The parts where `mask`, which covers the first axes, is true; other indices select from the
  /// axes after them.
  public subscript(
    mask: Tensor<Bool>, second: any TensorIndex, rest: any TensorIndex...
  ) -> Tensor {
    get { view(whole(mask.rank) + [second] + rest)[mask] }
    set {
      let indices = whole(mask.rank) + [second] + rest
      var parts = view(indices)
      parts[mask] = newValue
      assign(parts, to: indices)
    }
  }

  /// The parts where `mask`, which covers the first axes, is true; the other axes are taken whole.
  public subscript(mask: Tensor<Bool>, _: UnboundedRange) -> Tensor {
    get { self[mask] }
    set { self[mask] = newValue }
  }

  /// The parts where `mask`, which has one axis and covers the second, is true.
  public subscript(
    first: any TensorIndex, mask: Tensor<Bool>, rest: any TensorIndex...
  ) -> Tensor {
    get { view(first, at: positions(mask), rest) }
    set {
      assign(newValue, at: positions(mask), axis: axis(behind: first), of: [first, 0...] + rest)
    }
  }

  // MARK: One number for all parts

  /// Sets every element of the parts at positions of the first axis.
  @_disfavoredOverload
  public subscript(
    indices: Tensor<Int>, second: any TensorIndex, rest: any TensorIndex...
  ) -> Scalar? {
    @available(*, unavailable, message: "parts of a tensor are read as a tensor")
    get { nil }
    set { assign(one(newValue), at: indices, axis: 0, of: [0..., second] + rest) }
  }

  /// Sets every element of the parts at positions of the second axis.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, indices: Tensor<Int>, rest: any TensorIndex...
  ) -> Scalar? {
    @available(*, unavailable, message: "parts of a tensor are read as a tensor")
    get { nil }
    set { assign(one(newValue), at: indices, axis: axis(behind: first), of: [first, 0...] + rest) }
  }

  /// Sets every element of the parts where `mask`, which covers the first axes, is true.
  @_disfavoredOverload
  public subscript(
    mask: Tensor<Bool>, second: any TensorIndex, rest: any TensorIndex...
  ) -> Scalar? {
    @available(*, unavailable, message: "parts of a tensor are read as a tensor")
    get { nil }
    set {
      let indices = whole(mask.rank) + [second] + rest
      var parts = view(indices)
      parts[mask] = one(newValue)
      assign(parts, to: indices)
    }
  }

  // MARK: Shared parts

  private func one(_ value: Scalar?) -> Tensor {
    guard let value else { fail("subscript: nil cannot be assigned to parts of a tensor") }
    return Tensor(value)
  }

  private func whole(_ count: Int) -> [any TensorIndex] { Array(repeating: 0..., count: count) }

  private func view(
    _ first: any TensorIndex, at indices: Tensor<Int>, _ rest: [any TensorIndex]
  ) -> Tensor { view([first, 0...] + rest).taking(indices, axis: axis(behind: first)) }

  /// The number of the axis after an index: 0 if the index removes its own axis.
  private func axis(behind index: any TensorIndex) -> Int {
    rank == 0 || !index.selection(ofAxisWithSize: shape[0]).removesAxis ? 1 : 0
  }

  private func positions(_ mask: Tensor<Bool>) -> Tensor<Int> {
    require(
      mask.rank == 1 && rank >= 2 && mask.count == shape[1],
      "mask: shape \(mask.shape) does not fit the second axis of shape \(shape)")
    return mask.truePositions()
  }

  /// Writes to positions along an axis of the part that `indices` select.
  private mutating func assign(
    _ value: Tensor, at positions: Tensor<Int>, axis: Int, of indices: [any TensorIndex]
  ) {
    var parts = view(indices)
    parts.scatter(value, at: positions, axis: axis)
    assign(parts, to: indices)
  }
}
