// Partial sorting: one element in its sorted position, the smaller ones before it, the larger ones
// after it. It uses Hoare's selection on the sort keys of Operations/RadixSort.swift.

extension Tensor where Scalar: TensorNumber {
  /// The elements along `axis`, reordered so that the one at `position` is where sorting would put
  /// it.
  ///
  /// No element before it is larger, and none after it is smaller; NaN counts as the largest.
  /// NumPy's `partition`.
  ///
  /// - Precondition: `position` lies in `0..<shape[axis]`.
  /// - Complexity: O(*n*) on average for *n* elements.
  public func partitioned(at position: Int, axis: Int = -1) -> Tensor {
    switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).partition(position, axis).cast(to: Scalar.self)
    case .int32: cast(to: Int32.self).partition(position, axis).cast(to: Scalar.self)
    case .int64: cast(to: Int.self).partition(position, axis).cast(to: Scalar.self)
    case .float32: cast(to: Float.self).partition(position, axis).cast(to: Scalar.self)
    case .float64: cast(to: Double.self).partition(position, axis).cast(to: Scalar.self)
    default: Tensor(orderedCarrier: orderedCarrier.partitioned(at: position, axis: axis))
    }
  }

  /// The positions along `axis` that partition its elements: NumPy's `argpartition`.
  ///
  /// `t.takingAlong(axis: axis, t.argPartitioned(at: k, axis: axis))` is partitioned at `k`.
  ///
  /// - Precondition: `position` lies in `0..<shape[axis]`.
  public func argPartitioned(at position: Int, axis: Int = -1) -> Tensor<Int> {
    switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).argPartition(position, axis)
    case .int32: cast(to: Int32.self).argPartition(position, axis)
    case .int64: cast(to: Int.self).argPartition(position, axis)
    case .float32: cast(to: Float.self).argPartition(position, axis)
    case .float64: cast(to: Double.self).argPartition(position, axis)
    default: orderedCarrier.argPartitioned(at: position, axis: axis)
    }
  }
}

extension Tensor where Scalar: SortableScalar {
  fileprivate func partition(_ position: Int, _ axis: Int) -> Tensor {
    checkPartition(position, axis, "partitioned")
    return sortedRows(axis, "partitioned") { source, y in
      let x = source.base
      forEachSortedRow(source, bytes: 0) { row, length, _ in
        let y = y + row &* length
        let keys = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Scalar.SortKey.self)
        for i in 0..<length { keys[i] = x[row &* length &+ i].sortKey }
        select(position, of: keys, length)
        for i in 0..<length { y[i] = Scalar(sortKey: keys[i]) }
      }
    }
  }

  fileprivate func argPartition(_ position: Int, _ axis: Int) -> Tensor<Int> {
    checkPartition(position, axis, "argPartitioned")
    return sortedRows(axis, "argPartitioned") { source, y in
      let x = source.base
      forEachSortedRow(source, bytes: 16) { row, length, scratch in
        let pairs = scratch.assumingMemoryBound(to: KeyAndPosition.self)
        for i in 0..<length {
          let key = (x[row &* length &+ i] + 0).sortKey
          pairs[i] = KeyAndPosition(key: UInt64(truncatingIfNeeded: key), position: i)
        }
        select(position, of: pairs, length)
        for i in 0..<length { y[row &* length &+ i] = pairs[i].position }
      }
    }
  }

  private func checkPartition(_ position: Int, _ axis: Int, _ name: String) {
    let axis = shape.normalized(axis: axis, name)
    require(
      position >= 0 && position < shape[axis],
      "\(name): position \(position) is out of range for axis \(axis) of shape \(shape)")
  }
}

/// Moves the elements until the one at `position` is where sorting would put it.
///
/// Source: C. A. R. Hoare, "Algorithm 65: find", Communications of the ACM 4, 1961, with the median
/// of three as pivot; a range that has not shrunk enough after many rounds is sorted.
@specialized(where Element == UInt8)
@specialized(where Element == UInt32)
@specialized(where Element == UInt64)
@specialized(where Element == KeyAndPosition)
private func select<Element: RadixSortable>(
  _ position: Int, of x: UnsafeMutablePointer<Element>, _ count: Int
) {
  var (low, high) = (0, count &- 1)
  var rounds = 4 * (Int.bitWidth - count.leadingZeroBitCount)
  while low < high {
    rounds &-= 1
    if rounds < 0 {
      let size = high &- low &+ 1
      let scratch = UnsafeMutablePointer<Element>.allocate(capacity: size)
      let sorted = radixSort(x + low, scratch, size)
      if sorted != x + low { (x + low).update(from: sorted, count: size) }
      scratch.deallocate()
      return
    }
    let middle = low &+ (high &- low) / 2
    if Element.keyIsLess(x[middle], x[low]) { exchange(x + middle, x + low) }
    if Element.keyIsLess(x[high], x[low]) { exchange(x + high, x + low) }
    if Element.keyIsLess(x[high], x[middle]) { exchange(x + high, x + middle) }
    let pivot = x[middle]
    var (i, j) = (low, high)
    while i <= j {
      while Element.keyIsLess(x[i], pivot) { i &+= 1 }
      while Element.keyIsLess(pivot, x[j]) { j &-= 1 }
      if i <= j {
        exchange(x + i, x + j)
        i &+= 1
        j &-= 1
      }
    }
    // If anything is left between the two parts, it is the pivot.
    if position <= j { high = j } else if position >= i { low = i } else { return }
  }
}

@inline(__always)
private func exchange<Element: BitwiseCopyable>(
  _ a: UnsafeMutablePointer<Element>, _ b: UnsafeMutablePointer<Element>
) {
  let element = a.pointee
  a.pointee = b.pointee
  b.pointee = element
}
