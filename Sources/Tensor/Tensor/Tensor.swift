import Synchronization

/// An n-dimensional array of numbers or truth values, with value semantics.
///
/// ```swift
/// let a: Tensor<Float> = [[1, 2], [3, 4]]
/// let b = a.transposed() + 10        // [[11, 13], [12, 14]]
/// let c = matmul(a, b)[0, 1]         // 41
/// ```
///
/// A tensor is a view of shared memory: an offset, and a stride for each axis. Slicing, transposing,
/// broadcasting and reshaping (of contiguous elements) therefore cost O(1) and copy nothing.
/// Changing a tensor that shares its memory with others copies the elements first.
///
/// The way down from here: `Tensor+Matmul.swift` → `GEMM/GEMM.swift` → the micro-kernel.
public struct Tensor<Scalar: TensorScalar>: Sendable {
  package var storage: TensorStorage<Scalar>
  /// The position of the first element in `storage`.
  package var offset: Int
  /// The size along each axis.
  public private(set) var shape: TensorShape
  /// For each axis, the distance in memory between neighbours, in elements.
  package private(set) var strides: AxisList

  @inline(__always)
  package init(
    storage: TensorStorage<Scalar>, offset: Int, shape: TensorShape, strides: AxisList
  ) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
  }

  /// Creates a contiguous, uninitialised tensor: write every element before reading it.
  @inline(__always)
  package init(uninitialized shape: TensorShape) {
    self.init(
      storage: TensorStorage(uninitializedCount: shape.elementCount), offset: 0, shape: shape,
      strides: shape.contiguousStrides)
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// Whether the elements lie in row-major order without gaps.
  package var isContiguous: Bool {
    @inline(__always) get {
      var expected = 1
      var axis = shape.rank &- 1
      while axis >= 0 {
        let size = shape.sizes[axis]
        if size != 1 {
          if size == 0 { return true }
          if strides[axis] != expected { return false }
          expected &*= size
        }
        axis &-= 1
      }
      return true
    }
  }

  /// The address of the first element, for reading; valid while this tensor lives.
  @inline(__always)
  package var base: UnsafePointer<Scalar> { UnsafePointer(storage.base + offset) }

  /// The address of the first element, for writing; copies the elements first if memory is shared.
  package var mutableBase: UnsafeMutablePointer<Scalar> {
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    mutating get {
      if !isKnownUniquelyReferenced(&storage) || repeatsElements { self = copied() }
      return storage.base + offset
    }
  }

  /// Whether several elements may share one memory location, as after broadcasting.
  private var repeatsElements: Bool {
    /// Whether each stride is longer than the axes before it reach: then no two elements meet.
    func keepsApart(_ axes: some Sequence<Int>) -> Bool {
      var reach = 0
      for axis in axes where shape.sizes[axis] > 1 {
        let distance = Swift.abs(strides[axis])
        if distance <= reach { return false }
        reach &+= (shape.sizes[axis] &- 1) &* distance
      }
      return true
    }
    return !keepsApart((0..<rank).reversed())
      && !keepsApart((0..<rank).sorted { Swift.abs(strides[$0]) < Swift.abs(strides[$1]) })
  }

  /// A contiguous copy of the elements in new memory.
  package func copied() -> Tensor {
    copyCount.add(1, ordering: .relaxed)
    let result = Tensor(uninitialized: shape)
    result.storage.base.copyElements(of: self)
    return result
  }

  /// This tensor if it is contiguous, and a contiguous copy of it otherwise.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func contiguous() -> Tensor { isContiguous ? self : copied() }
}

/// The number of calls of `copied()`, so that a test can check that training copies no weights.
///
package let copyCount = Atomic(0)

// MARK: - Access to the elements

extension Tensor {
  /// The elements in row-major order.
  public var elements: [Scalar] {
    [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { base.copyElements(of: self) }
      initialized = count
    }
  }

  /// Calls `body` with the elements in row-major order; free for a contiguous tensor.
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    let whole = contiguous()
    return try withExtendedLifetime(whole) {
      try body(UnsafeBufferPointer(start: whole.base, count: whole.count))
    }
  }

  /// Calls `body` with the elements in row-major order, which it may change.
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    if !isContiguous { self = copied() }
    let base = mutableBase
    return try body(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// The only element of a tensor with one element.
  ///
  /// - Precondition: `count == 1`
  public var scalar: Scalar {
    require(count == 1, "scalar: shape \(shape) has \(count) elements, expected 1")
    return base.pointee
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal; NaN is not equal to anything, not even to NaN.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    if Scalar.scalarType == .float16 { return a.carrier == b.carrier }
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in Loops.allEqual(a, b) }
    }
  }
}
