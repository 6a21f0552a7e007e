// NumPy's broadcasting: shapes are aligned at their last axes; along each axis the sizes must be
// equal or one of them 1, and a tensor with size 1 (or without the axis) is repeated by stride 0.

extension TensorShape {
  /// The shape to which both operands broadcast, or nil if there is none.
  package static func broadcast(_ a: TensorShape, _ b: TensorShape) -> TensorShape? {
    if a == b { return a }
    let rank = Swift.max(a.rank, b.rank)
    var result = AxisList(count: rank)
    for axis in 0..<rank {
      let sizeA = axis < rank - a.rank ? 1 : a.sizes[axis - rank + a.rank]
      let sizeB = axis < rank - b.rank ? 1 : b.sizes[axis - rank + b.rank]
      guard sizeA == sizeB || sizeA == 1 || sizeB == 1 else { return nil }
      result[axis] = sizeA == 1 ? sizeB : sizeA
    }
    return TensorShape(sizes: result)
  }

  /// The shape to which both operands of `operation` broadcast; traps if there is none.
  package static func broadcast(
    _ a: TensorShape, _ b: TensorShape, _ operation: @autoclosure () -> String
  ) -> TensorShape {
    if let shape = broadcast(a, b) { return shape }
    fail(
      "\(operation()): shapes \(a) and \(b) do not broadcast: aligned at the last axis, "
        + "sizes must be equal or 1\(suggestion(a, b))\(diagram(a, b))")
  }
}

extension AxisList {
  /// These strides of a tensor of `shape`, seen as a tensor of the larger shape `target`.
  package func broadcast(from shape: TensorShape, to target: TensorShape) -> AxisList {
    var result = AxisList(count: target.rank)
    let missing = target.rank - shape.rank
    for axis in missing..<target.rank where shape.sizes[axis - missing] != 1 {
      result[axis] = self[axis - missing]
    }
    return result
  }
}
