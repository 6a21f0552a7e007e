/// One integer per axis, for up to eight axes, stored inline without a heap allocation.
///
/// Sizes, strides and positions of tensors are lists of this kind.
package struct AxisList: Sendable {
  /// The largest number of axes a tensor can have.
  package static let maximumCount = 8

  private var values = InlineArray<8, Int>(repeating: 0)
  /// The number of axes.
  package private(set) var count: Int

  /// A list of `count` equal values.
  @inline(__always)
  package init(repeating value: Int = 0, count: Int) {
    require(
      count <= Self.maximumCount,
      "shape: a tensor has at most \(Self.maximumCount) axes, got \(count)")
    self.count = count
    if value != 0 { for axis in 0..<count { values[axis] = value } }
  }

  @inline(__always)
  package subscript(axis: Int) -> Int {
    get { values[axis] }
    set { values[axis] = newValue }
  }

  @inline(__always)
  package mutating func append(_ value: Int) {
    require(count < Self.maximumCount, "shape: a tensor has at most \(Self.maximumCount) axes")
    values[count] = value
    count &+= 1
  }

  /// Inserts a value before the one at `axis`.
  package mutating func insert(_ value: Int, at axis: Int) {
    append(value)
    var last = count &- 1
    while last > axis {
      values[last] = values[last &- 1]
      last &-= 1
    }
    values[axis] = value
  }

  /// Removes one value; those after it move up.
  @inline(__always)
  package mutating func remove(_ axis: Int) {
    count &-= 1
    var axis = axis
    while axis < count {
      values[axis] = values[axis &+ 1]
      axis &+= 1
    }
  }
}

extension AxisList: Hashable {
  @inline(__always)
  package static func == (a: AxisList, b: AxisList) -> Bool {
    guard a.count == b.count else { return false }
    for axis in 0..<a.count where a.values[axis] != b.values[axis] { return false }
    return true
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for axis in 0..<count { hasher.combine(values[axis]) }
  }
}
