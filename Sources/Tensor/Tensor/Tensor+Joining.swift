// Joining tensors and splitting them, along an existing axis or a new one.

/// The tensors joined one after another along `axis`.
///
/// - Precondition: their shapes may differ only along that axis.
public func concatenate<Scalar>(_ tensors: [Tensor<Scalar>], axis: Int = 0) -> Tensor<Scalar> {
  let (axis, shape) = TensorShape.concatenated(tensors.map(\.shape), axis: axis)
  let result = Tensor<Scalar>(uninitialized: shape)
  var position = 0
  for tensor in tensors {
    copyStrided(
      UnsafeRawPointer(tensor.base), tensor.strides,
      to: UnsafeMutableRawPointer(result.storage.base + position * result.strides[axis]),
      result.strides, shape: tensor.shape, elementSize: MemoryLayout<Scalar>.size)
    position += tensor.shape[axis]
  }
  return result
}

/// The tensors, all of one shape, stacked along a new axis.
public func stack<Scalar>(_ tensors: [Tensor<Scalar>], axis: Int = 0) -> Tensor<Scalar> {
  let axis = TensorShape.stackAxis(tensors.map(\.shape), axis: axis)
  return concatenate(tensors.map { $0.expandingShape(at: axis) }, axis: axis)
}

extension TensorShape {
  /// The shape of operands joined along `axis`, and that axis counted from the front; stops if they
  /// do not fit.
  package static func concatenated(
    _ shapes: [TensorShape], axis: Int
  ) -> (axis: Int, shape: TensorShape) {
    guard let first = shapes.first else { fail("concatenate: there are no tensors") }
    require(first.rank > 0, "concatenate: single numbers have no axis; use stack")
    let axis = first.normalized(axis: axis, "concatenate")
    var size = 0
    for shape in shapes {
      require(
        shape.rank == first.rank && shape.replacing(axis: axis, with: first[axis]) == first,
        "concatenate: shapes \(first) and \(shape) differ along more than axis \(axis)"
          + diagram(first, shape) { $0 == axis || $1 == $2 })
      size = size.addingSaturated(shape[axis])
    }
    return (axis, first.replacing(axis: axis, with: size))
  }

  /// The new axis of a stack of operands, counted from the front; stops if their shapes differ.
  package static func stackAxis(_ shapes: [TensorShape], axis: Int) -> Int {
    guard let first = shapes.first else { fail("stack: there are no tensors") }
    for shape in shapes where shape != first {
      fail(
        "stack: shapes \(first) and \(shape) differ" + diagram(first, shape) { $1 == $2 })
    }
    let position = axis < 0 ? axis + first.rank + 1 : axis
    require(
      position >= 0 && position <= first.rank,
      "stack: axis \(axis) is out of range for a stack of shapes \(first)")
    return position
  }
}

extension Tensor {
  /// The tensor split along `axis` into equal parts, as views.
  ///
  /// - Precondition: the size of the axis is a multiple of `parts`.
  public func split(into parts: Int, axis: Int = 0) -> [Tensor] {
    let axis = shape.normalized(axis: axis, "split")
    require(
      parts > 0 && shape[axis] % parts == 0,
      "split: axis \(axis) of shape \(shape) cannot be cut into \(parts) equal parts")
    let size = shape[axis] / parts
    return (0..<parts).map { slice(axis: axis, from: $0 * size, count: size) }
  }

  /// The tensor split along `axis` before each of the given positions, as views.
  ///
  /// - Precondition: the positions ascend and lie in `0...shape[axis]`.
  public func split(at positions: [Int], axis: Int = 0) -> [Tensor] {
    let axis = shape.normalized(axis: axis, "split")
    let bounds = [0] + positions + [shape[axis]]
    return zip(bounds, bounds.dropFirst()).map { start, end in
      require(
        start <= end,
        "split: positions \(positions) do not rise within axis \(axis) of shape \(shape)")
      return slice(axis: axis, from: start, count: end - start)
    }
  }

  /// `count` positions of one axis beginning at `start`, as a view; they must exist.
  package func slice(axis: Int, from start: Int, count: Int) -> Tensor {
    Tensor(
      storage: storage, offset: count == 0 ? offset : offset + start * strides[axis],
      shape: shape.replacing(axis: axis, with: count), strides: strides)
  }

  // MARK: Repetition

  /// The tensor tiled along each axis as often as `repetitions` says.
  ///
  /// Missing axes of the shorter of the two lists count as 1, as in NumPy.
  public func tiled(_ repetitions: [Int]) -> Tensor {
    require(
      repetitions.allSatisfy { $0 >= 0 }, "tiled: a count cannot be negative, got \(repetitions)")
    var result = self
    while result.rank < repetitions.count { result = result.expandingShape(at: 0) }
    let first = result.rank - repetitions.count
    for (axis, count) in repetitions.enumerated().reversed() where count != 1 {
      let (axis, part) = (first + axis, result)
      let size = part.shape[axis]
      result = Tensor(
        uninitialized: part.shape.replacing(axis: axis, with: size.multipliedSaturated(by: count)))
      for copy in 0..<(result.count == 0 ? 0 : count) {
        copyStrided(
          UnsafeRawPointer(part.base), part.strides,
          to: UnsafeMutableRawPointer(result.storage.base + copy * size * result.strides[axis]),
          result.strides, shape: part.shape, elementSize: MemoryLayout<Scalar>.size)
      }
    }
    return result
  }

  /// The tensor with each part along `axis` repeated `count` times in its place.
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "repeated")
    return repeated(Array(repeating: count, count: shape[axis]), axis: axis)
  }

  /// The tensor with each part along `axis` repeated as often as its entry in `counts` says.
  public func repeated(_ counts: [Int], axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "repeated")
    require(
      counts.count == shape[axis] && counts.allSatisfy { $0 >= 0 },
      "repeated: got counts \(counts), expected \(shape[axis]) numbers that are not negative for "
        + "axis \(axis) of shape \(shape)")
    let positions = Tensor<Int>(uninitialized: [counts.reduce(0) { $0.addingSaturated($1) }])
    var next = positions.storage.base
    for (position, count) in counts.enumerated() {
      next.update(repeating: position, count: count)
      next += count
    }
    return taking(positions, axis: axis)
  }

  // MARK: Order

  /// The tensor with the order along `axes` reversed, as a view; without axes, along all of them.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    var offset = offset
    var newStrides = strides
    for axis in axes ?? Array(0..<rank) {
      let axis = shape.normalized(axis: axis, "flipped")
      offset += Swift.max(0, shape[axis] - 1) * newStrides[axis]
      newStrides[axis] = -newStrides[axis]
    }
    return Tensor(storage: storage, offset: offset, shape: shape, strides: newStrides)
  }

  /// The tensor with its elements shifted `shift` positions along `axis`; those that leave at one
  /// end return at the other.
  public func rolled(by shift: Int, axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "rolled")
    let size = shape[axis]
    guard size > 0 else { return self }
    let start = (size - shift % size) % size
    return start == 0
      ? self
      : concatenate(
        [
          slice(axis: axis, from: start, count: size - start),
          slice(axis: axis, from: 0, count: start),
        ], axis: axis)
  }

  /// The tensor with all elements shifted `shift` positions in row-major order.
  public func rolled(by shift: Int) -> Tensor {
    flattened().rolled(by: shift, axis: 0).reshaped(to: shape)
  }
}
