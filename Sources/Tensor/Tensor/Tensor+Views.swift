// Other shapes for the same elements. All cost O(1), except reshaping a non-contiguous tensor.

extension Tensor {
  /// The same elements in row-major order, seen as `shape`; one size may be -1, which is computed.
  ///
  /// - Complexity: O(1) if this tensor is contiguous, otherwise one copy.
  public func reshaped(to sizes: [Int]) -> Tensor {
    let unknown = sizes.filter { $0 == -1 }.count
    require(
      unknown <= 1 && sizes.allSatisfy { $0 >= -1 },
      "reshape: at most one size may be -1 and none less, got \(sizes)")
    if unknown == 0 { return reshaped(to: TensorShape(sizes)) }
    let known = TensorShape(sizes.filter { $0 != -1 }).elementCount
    require(
      known > 0 && count % known == 0,
      "reshape: \(count) elements of shape \(shape) do not fill \(sizes)")
    return reshaped(to: TensorShape(sizes.map { $0 == -1 ? count / known : $0 }))
  }

  /// The same elements in row-major order, seen as `newShape`.
  ///
  /// - Precondition: both shapes have the same number of elements.
  /// - Complexity: O(1) if this tensor is contiguous, otherwise one copy.
  public func reshaped(to newShape: TensorShape) -> Tensor {
    require(
      newShape.elementCount == count,
      "reshape: shape \(shape) has \(count) elements and \(newShape) has "
        + "\(newShape.elementCount); a size of -1 is computed from the others")
    let whole = contiguous()
    return Tensor(
      storage: whole.storage, offset: whole.offset, shape: newShape,
      strides: newShape.contiguousStrides)
  }

  /// The same elements along one axis.
  public func flattened() -> Tensor { reshaped(to: [count] as TensorShape) }

  /// The tensor with its axes in reverse order; of a matrix, the transpose.
  public func transposed() -> Tensor {
    let rank = shape.sizes.count
    var sizes = AxisList(count: rank)
    var newStrides = AxisList(count: rank)
    var axis = 0
    while axis < rank {
      sizes[axis] = shape.sizes[rank &- 1 &- axis]
      newStrides[axis] = strides[rank &- 1 &- axis]
      axis &+= 1
    }
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// The tensor whose axis `i` is this tensor's axis `permutation[i]`; negative ones count from the
  /// end.
  public func transposed(permutation: [Int]) -> Tensor {
    var order = AxisList(count: 0)
    for axis in permutation.prefix(rank) { order.append(axis < 0 ? axis + rank : axis) }
    require(
      permutation.count == rank && (0..<rank).map({ order[$0] }).sorted() == Array(0..<rank),
      "transpose: \(permutation) is not a permutation of the axes 0..<\(rank)")
    return transposed(order: order)
  }

  /// The tensor with two axes swapped.
  public func swappingAxes(_ first: Int, _ second: Int) -> Tensor {
    let first = shape.normalized(axis: first, "swappingAxes")
    let second = shape.normalized(axis: second, "swappingAxes")
    var order = Array(0..<rank)
    order.swapAt(first, second)
    return transposed(permutation: order)
  }

  /// The tensor with one axis moved; the others keep their order.
  public func movingAxis(from source: Int, to target: Int) -> Tensor {
    let source = shape.normalized(axis: source, "movingAxis")
    let target = shape.normalized(axis: target, "movingAxis")
    if source == target { return self }
    var order = Array(0..<rank)
    order.insert(order.remove(at: source), at: target)
    return transposed(permutation: order)
  }

  /// The tensor whose axis `i` is this tensor's axis `order[i]`.
  package func transposed(order: AxisList) -> Tensor {
    var sizes = AxisList(count: rank)
    var newStrides = AxisList(count: rank)
    for axis in 0..<rank {
      sizes[axis] = shape.sizes[order[axis]]
      newStrides[axis] = strides[order[axis]]
    }
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// The tensor with a new axis of size 1 before `axis`; -1 appends it.
  public func expandingShape(at axis: Int) -> Tensor {
    let position = axis < 0 ? axis + rank + 1 : axis
    require(
      position >= 0 && position <= rank,
      "expandingShape: axis \(axis) is out of range for shape \(shape)")
    var sizes = AxisList(count: 0)
    var newStrides = AxisList(count: 0)
    for old in 0...rank {
      if old == position {
        sizes.append(1)
        newStrides.append(1)
      }
      if old < rank {
        sizes.append(shape.sizes[old])
        newStrides.append(strides[old])
      }
    }
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// The tensor without its axis `axis`, whose size must be 1.
  public func squeezingShape(at axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "squeezingShape")
    require(
      shape.sizes[axis] == 1,
      "squeezingShape: axis \(axis) of shape \(shape) has size \(shape.sizes[axis]), expected 1")
    var newStrides = AxisList(count: 0)
    for old in 0..<rank where old != axis { newStrides.append(strides[old]) }
    return Tensor(
      storage: storage, offset: offset, shape: shape.removing(axis: axis), strides: newStrides)
  }

  /// The tensor without its axes of size 1.
  public func squeezed() -> Tensor {
    var sizes = AxisList(count: 0)
    var newStrides = AxisList(count: 0)
    for axis in 0..<rank where shape.sizes[axis] != 1 {
      sizes.append(shape.sizes[axis])
      newStrides.append(strides[axis])
    }
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// The tensor repeated along new axes and axes of size 1, without copying, to fill `target`.
  public func broadcast(to target: TensorShape) -> Tensor {
    require(
      TensorShape.broadcast(shape, target) == target,
      "broadcast: shape \(shape) does not broadcast to \(target)"
        + TensorShape.diagram(shape, target) { $1 == $2 || $1 == 1 })
    return Tensor(
      storage: storage, offset: offset, shape: target,
      strides: strides.broadcast(from: shape, to: target))
  }
}
