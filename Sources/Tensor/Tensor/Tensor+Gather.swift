extension Tensor {
  /// The parts of the tensor at the given positions of its first axis, in that order.
  ///
  /// - Precondition: every position lies in `0..<shape[0]`.
  public func rows(_ positions: [Int]) -> Tensor {
    require(rank > 0, "rows: a single number has no rows")
    let source = contiguous()
    let result = Tensor(uninitialized: shape.replacing(axis: 0, with: positions.count))
    let width = TensorShape(shape.dropFirst()).elementCount
    for (row, position) in positions.enumerated() {
      require(
        position >= 0 && position < shape[0],
        "rows: position \(position) is out of range for shape \(shape)")
      (result.storage.base + row * width).copy(from: source.base + position * width, count: width)
    }
    withExtendedLifetime(source) {}
    return result
  }
}
