/// The size of a tensor along each of its axes; at most eight axes.
///
/// A shape is a collection of integers and is written as a literal: `[60_000, 28, 28]`.
/// The empty shape `[]` is the shape of a single number.
public struct TensorShape: Sendable, Hashable {
  package var sizes: AxisList

  @inline(__always)
  package init(sizes: AxisList) { self.sizes = sizes }

  /// The shape with the given sizes, none of them negative.
  public init(_ sizes: some Collection<Int>) {
    self.sizes = AxisList(count: 0)
    for size in sizes {
      require(size >= 0, "shape: a size cannot be negative, got \(Array(sizes))")
      self.sizes.append(size)
    }
    _ = elementCount
  }

  /// The number of axes.
  @inline(__always)
  public var rank: Int { sizes.count }

  /// The number of elements: the product of all sizes, 1 for the empty shape.
  public var elementCount: Int {
    @inline(__always) get {
      var product = 1
      for axis in 0..<sizes.count {
        let (next, overflow) = product.multipliedReportingOverflow(by: sizes[axis])
        require(!overflow, "shape: \(self) has more elements than memory has addresses")
        product = next
      }
      return product
    }
  }

  /// The strides of elements that lie in row-major order without gaps.
  package var contiguousStrides: AxisList {
    @inline(__always) get {
      var strides = AxisList(count: rank)
      var stride = 1
      var axis = rank &- 1
      while axis >= 0 {
        strides[axis] = stride
        stride &*= sizes[axis]
        axis &-= 1
      }
      return strides
    }
  }

  /// The position of `axis` counted from the front; negative axes count from the end.
  @inline(__always)
  package func normalized(axis: Int, _ operation: @autoclosure () -> String) -> Int {
    let position = axis < 0 ? axis + rank : axis
    require(
      position >= 0 && position < rank,
      "\(operation()): axis \(axis) is out of range for shape \(self), "
        + (rank == 0 ? "which has no axes" : "expected \(-rank) to \(rank - 1)"))
    return position
  }

  /// 1 for each of `axes`, which may be counted from the end, and 0 for the other axes; traps if
  /// one is named twice.
  package func marks(of axes: [Int], _ operation: @autoclosure () -> String) -> AxisList {
    var marks = AxisList(count: rank)
    for axis in axes {
      let position = normalized(axis: axis, operation())
      require(
        marks[position] == 0, "\(operation()): axes \(axes) name an axis of shape \(self) twice")
      marks[position] = 1
    }
    return marks
  }

  /// The positions of `axes` counted from the front; traps if one is named twice.
  package func normalized(axes: [Int], _ operation: @autoclosure () -> String) -> [Int] {
    let positions = axes.map { normalized(axis: $0, operation()) }
    require(
      Set(positions).count == positions.count,
      "\(operation()): axes \(axes) name an axis of shape \(self) twice")
    return positions
  }

  /// This shape without one axis.
  package func removing(axis: Int) -> TensorShape {
    var result = AxisList(count: 0)
    for other in 0..<rank where other != axis { result.append(sizes[other]) }
    return TensorShape(sizes: result)
  }

  /// This shape without several axes, which may be counted from the end.
  func removing(axes: [Int]) -> TensorShape {
    let removed = axes.map { $0 < 0 ? $0 + rank : $0 }
    return TensorShape(indices.filter { !removed.contains($0) }.map { sizes[$0] })
  }

  /// This shape with a new axis of `size` before `axis`.
  package func inserting(_ size: Int, at axis: Int) -> TensorShape {
    var result = self
    result.sizes.insert(size, at: axis)
    return result
  }

  /// This shape with `size` along `axis`.
  package func replacing(axis: Int, with size: Int) -> TensorShape {
    var result = self
    result.sizes[axis] = size
    return result
  }
}

extension TensorShape: RandomAccessCollection, ExpressibleByArrayLiteral {
  /// The shape with the sizes of the literal.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
  /// The first axis.
  public var startIndex: Int { 0 }
  /// One past the last axis.
  public var endIndex: Int { sizes.count }
  /// The size along `axis`.
  public subscript(axis: Int) -> Int {
    require(axis >= 0 && axis < rank, "shape: axis \(axis) is out of range for shape \(self)")
    return sizes[axis]
  }
}

extension TensorShape: CustomStringConvertible {
  /// The sizes in brackets, such as `[32, 784]`.
  public var description: String {
    "[" + (0..<rank).map { String(sizes[$0]) }.joined(separator: ", ") + "]"
  }
}
