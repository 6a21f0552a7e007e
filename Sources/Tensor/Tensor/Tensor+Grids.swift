// Positions in shapes: flat indices and coordinates, indices of triangles, windows over an axis,
// quarter turns.

extension TensorShape {
  /// The coordinates of the element with the given row-major index: NumPy's `unravel_index`.
  ///
  /// - Precondition: the shape has such an element.
  public func unraveled(_ number: Int) -> [Int] {
    require(
      number >= 0 && number < elementCount,
      "unraveled: \(number) is out of range for shape \(self), which has \(elementCount) elements")
    return (0..<rank).map { number / contiguousStrides[$0] % sizes[$0] }
  }

  /// For each axis, the coordinates of the elements with the given row-major indices.
  public func unraveled(_ numbers: Tensor<Int>) -> [Tensor<Int>] {
    let count = elementCount
    let wrong = numbers.withUnsafeBufferPointer { $0.first { $0 < 0 || $0 >= count } }
    if let wrong { _ = unraveled(wrong) }
    return (0..<rank).map { axis in
      mod(floorDivide(numbers, contiguousStrides[axis]), sizes[axis])
    }
  }

  /// The row-major index of the element at the given coordinates: NumPy's `ravel_multi_index`.
  ///
  /// - Precondition: there is one coordinate for each axis, within its size.
  public func raveled(_ position: [Int]) -> Int {
    require(
      position.count == rank && zip(position, sizes(0..<rank)).allSatisfy { $0 >= 0 && $0 < $1 },
      "raveled: \(position) names no element of shape \(self)")
    return zip(position, sizes(0..<rank)).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// The row-major indices of the elements whose coordinates are given for each axis; these
  /// broadcast.
  public func raveled(_ coordinates: [Tensor<Int>]) -> Tensor<Int> {
    require(
      coordinates.count == rank,
      "raveled: \(coordinates.count) lists of coordinates for shape \(self), which has \(rank) axes"
    )
    var numbers = Tensor<Int>(0)
    for (axis, list) in coordinates.enumerated() {
      let size = sizes[axis]
      let wrong = list.withUnsafeBufferPointer { $0.first { $0 < 0 || $0 >= size } }
      if let wrong { fail("raveled: \(wrong) is out of range for axis \(axis) of shape \(self)") }
      numbers = numbers * size + list
    }
    return numbers
  }

  private func sizes(_ axes: Range<Int>) -> [Int] { axes.map { sizes[$0] } }
}

/// The rows and columns of the elements on and below a diagonal: NumPy's `tril_indices`.
public func lowerTriangleIndices(
  rows: Int, columns: Int? = nil, offset: Int = 0
) -> (rows: Tensor<Int>, columns: Tensor<Int>) {
  let positions = Tensor<Bool>(repeating: true, shape: [rows, columns ?? rows])
    .lowerTriangle(offset: offset).nonzero()
  return (positions[0], positions[1])
}

/// The rows and columns of the elements on and above a diagonal: NumPy's `triu_indices`.
public func upperTriangleIndices(
  rows: Int, columns: Int? = nil, offset: Int = 0
) -> (rows: Tensor<Int>, columns: Tensor<Int>) {
  let positions = Tensor<Bool>(repeating: true, shape: [rows, columns ?? rows])
    .upperTriangle(offset: offset).nonzero()
  return (positions[0], positions[1])
}

/// The tensors as views of the shape to which they all broadcast: NumPy's `broadcast_arrays`.
public func broadcastTogether<Scalar>(_ tensors: [Tensor<Scalar>]) -> [Tensor<Scalar>] {
  guard let first = tensors.first else { return [] }
  let shape = tensors.reduce(first.shape) {
    TensorShape.broadcast($0, $1.shape, "broadcastTogether")
  }
  return tensors.map { $0.broadcast(to: shape) }
}

extension Tensor {
  /// Sets the diagonal of each matrix, or the one `offset` columns to the right: NumPy's
  /// `fill_diagonal`.
  ///
  /// - Parameters:
  ///   - values: One number, or a tensor that broadcasts to the shape of `diagonal(offset:)`.
  ///   - offset: How far to the right of the main diagonal; negative to the left.
  public mutating func fillDiagonal(_ values: Tensor, offset: Int = 0) {
    let base = mutableBase
    let origin = self.offset
    // Only the view's layout is kept: the view itself would share the memory.
    let (start, target, targetStrides) = {
      let diagonal = self.diagonal(offset: offset)
      return (diagonal.offset - origin, diagonal.shape, diagonal.strides)
    }()
    let source = values.broadcast(to: target)
    copyStrided(
      UnsafeRawPointer(source.base), source.strides, to: UnsafeMutableRawPointer(base + start),
      targetStrides, shape: target, elementSize: MemoryLayout<Scalar>.size)
    withExtendedLifetime(source) {}
  }

  /// Sets every element of each matrix's diagonal to `value`.
  public mutating func fillDiagonal(_ value: Scalar, offset: Int = 0) {
    fillDiagonal(Tensor(value), offset: offset)
  }

  /// All windows of `size` neighbours along `axis`, `step` apart, as a view: NumPy's
  /// `sliding_window_view`.
  ///
  /// ```swift
  /// Tensor<Int>([1, 2, 3, 4]).slidingWindows(size: 2)    // [[1, 2], [2, 3], [3, 4]]
  /// ```
  /// The axis counts the windows; a new last axis holds their elements. The windows share their
  /// memory until one of them is changed.
  ///
  /// - Precondition: `size` lies in `1...shape[axis]`, and `step` is positive.
  /// - Complexity: O(1).
  public func slidingWindows(size: Int, axis: Int = -1, step: Int = 1) -> Tensor {
    let axis = shape.normalized(axis: axis, "slidingWindows")
    require(
      size >= 1 && size <= shape[axis] && step >= 1,
      "slidingWindows: windows of \(size) elements, \(step) apart, along axis \(axis) of shape "
        + "\(shape); expected a size from 1 to \(shape[axis]) and a positive step")
    var sizes = shape.sizes
    var newStrides = strides
    sizes[axis] = (shape[axis] - size) / step + 1
    // A single window needs no step, and the step may be larger than memory.
    newStrides[axis] = sizes[axis] == 1 ? strides[axis] : strides[axis] * step
    sizes.append(size)
    newStrides.append(strides[axis])
    return Tensor(
      storage: storage, offset: offset, shape: TensorShape(sizes: sizes), strides: newStrides)
  }

  /// The tensor rotated by quarter turns, from the first towards the second of `axes`, as a view:
  /// NumPy's `rot90`.
  public func rotated(quarterTurns: Int = 1, axes: (Int, Int) = (0, 1)) -> Tensor {
    let both = shape.normalized(axes: [axes.0, axes.1], "rotated")
    return switch ((quarterTurns % 4) + 4) % 4 {
    case 0: self
    case 1: flipped(axes: [both[1]]).swappingAxes(both[0], both[1])
    case 2: flipped(axes: both)
    default: swappingAxes(both[0], both[1]).flipped(axes: [both[1]])
    }
  }

  /// The tensor with its elements shifted along several axes, by one shift per axis.
  ///
  /// If an axis occurs twice, its shifts add up, as in NumPy's `roll`.
  public func rolled(by shifts: [Int], axes: [Int]) -> Tensor {
    require(
      shifts.count == axes.count,
      "rolled: got \(shifts.count) shifts for \(axes.count) axes, expected one for each")
    return zip(shifts, axes).reduce(self) { $0.rolled(by: $1.0, axis: $1.1) }
  }

  /// The result of `transform` for each element, in row-major order, as a tensor of the same shape.
  ///
  /// - Complexity: O(*n*), one call of the closure per element; operators and functions of whole
  ///   tensors are many times as fast.
  public func map<Result: TensorScalar, Failure: Error>(
    _ transform: (Scalar) throws(Failure) -> Result
  ) throws(Failure) -> Tensor<Result> {
    let source = contiguous()
    let result = Tensor<Result>(uninitialized: shape)
    let (x, y) = (source.base, result.storage.base)
    for i in 0..<count { y[i] = try transform(x[i]) }
    withExtendedLifetime(source) {}
    return result
  }
}
