// Sorting along an axis, the largest elements, distinct values, and searches in sorted lists. The
// sort itself is in Operations/RadixSort.swift. NaN counts as larger than every number, as in
// NumPy.

extension Tensor where Scalar: TensorNumber {
  // MARK: Sorting

  /// The elements along `axis` in ascending or descending order.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).sortedAlong(axis, descending).cast(to: Scalar.self)
    case .int32: cast(to: Int32.self).sortedAlong(axis, descending).cast(to: Scalar.self)
    case .int64: cast(to: Int.self).sortedAlong(axis, descending).cast(to: Scalar.self)
    case .float32: cast(to: Float.self).sortedAlong(axis, descending).cast(to: Scalar.self)
    case .float64: cast(to: Double.self).sortedAlong(axis, descending).cast(to: Scalar.self)
    default: Tensor(orderedCarrier: orderedCarrier.sorted(axis: axis, descending: descending))
    }
  }

  /// Sorts the elements along `axis` in place, in ascending or descending order.
  public mutating func sort(axis: Int = -1, descending: Bool = false) {
    self = sorted(axis: axis, descending: descending)
  }

  /// The positions along `axis` that sort its elements in ascending or descending order; those of
  /// equal elements ascend.
  ///
  /// `t.takingAlong(axis: axis, t.argsort(axis: axis))` is `t.sorted(axis: axis)`.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int> {
    switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).argsortAlong(axis, descending)
    case .int32: cast(to: Int32.self).argsortAlong(axis, descending)
    case .int64: cast(to: Int.self).argsortAlong(axis, descending)
    case .float32: cast(to: Float.self).argsortAlong(axis, descending)
    case .float64: cast(to: Double.self).argsortAlong(axis, descending)
    default: orderedCarrier.argsort(axis: axis, descending: descending)
    }
  }

  /// The `count` largest elements along `axis`, in descending order, and their positions; of equal
  /// elements, the first are taken.
  public func topK(
    _ count: Int, axis: Int = -1
  ) -> (values: Tensor, positions: Tensor<Int>) {
    let axis = shape.normalized(axis: axis, "topK")
    require(
      count >= 0 && count <= shape[axis],
      "topK: \(count) elements of axis \(axis) of shape \(shape), which has \(shape[axis])")
    let positions =
      count > 64
      ? argsort(axis: axis, descending: true).slice(axis: axis, from: 0, count: count)
      : largest(count, axis)
    return (takingAlong(axis: axis, positions), positions)
  }

  private func largest(_ k: Int, _ axis: Int) -> Tensor<Int> {
    switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).insertLargest(k, axis)
    case .int32: cast(to: Int32.self).insertLargest(k, axis)
    case .int64: cast(to: Int.self).insertLargest(k, axis)
    case .float32: cast(to: Float.self).insertLargest(k, axis)
    case .float64: cast(to: Double.self).insertLargest(k, axis)
    default: orderedCarrier.largest(k, axis)
    }
  }

  // MARK: Distinct values

  /// The distinct values in ascending order; all NaNs count as one.
  public func unique() -> Tensor {
    let sorted = flattened().sorted()
    return sorted[sorted.startsOfRuns()]
  }

  /// The distinct values in ascending order, and where they occur: NumPy's `unique` with all its
  /// extras.
  ///
  /// - `values`: the result of ``unique()``.
  /// - `positions`: for each value, its first position in row-major order.
  /// - `inverse`: for each element, in the tensor's shape, the index of its value in `values`.
  /// - `counts`: how often each value occurs.
  public func uniqueAll() -> (
    values: Tensor, positions: Tensor<Int>, inverse: Tensor<Int>, counts: Tensor<Int>
  ) {
    let flat = flattened()
    let order = flat.argsort()
    let sorted = flat.taking(order, axis: 0)
    let starts = sorted.startsOfRuns()
    let numbers = Tensor<Int>(starts).cumulativeSum(axis: 0) - 1
    var inverse = Tensor<Int>.zeros([count])
    inverse.putAlong(axis: 0, order, numbers)
    let bounds = concatenate([starts.truePositions(), Tensor<Int>([count])])
    return (
      sorted[starts], order[starts], inverse.reshaped(to: shape), bounds.differences()
    )
  }

  /// For a sorted list, whether each element differs from the one before.
  private func startsOfRuns() -> Tensor<Bool> {
    guard count > 0 else { return .zeros([0]) }
    let (before, after) = (self[..<(count - 1)], self[1...])
    // NaN differs from itself, but all NaNs are one value.
    let areNumbers = (before .== before) .| (after .== after)
    return concatenate([[true], (before .!= after) .& areNumbers])
  }

  // MARK: Searches in sorted lists

  /// For each of `values`, the position in this sorted list at which to insert it: before equal
  /// elements or, from the right, after them.
  ///
  /// - Precondition: the tensor has one axis and is in ascending order.
  public func searchSorted(
    _ values: Tensor, fromRight: Bool = false
  ) -> Tensor<Int> {
    require(
      rank == 1, "searchSorted: got a list of shape \(shape), expected one axis")
    return switch Scalar.scalarType {
    case .bool, .uint8: cast(to: UInt8.self).search(values.cast(to: UInt8.self), fromRight)
    case .int32: cast(to: Int32.self).search(values.cast(to: Int32.self), fromRight)
    case .int64: cast(to: Int.self).search(values.cast(to: Int.self), fromRight)
    case .float32: cast(to: Float.self).search(values.cast(to: Float.self), fromRight)
    case .float64: cast(to: Double.self).search(values.cast(to: Double.self), fromRight)
    default: orderedCarrier.searchSorted(values.orderedCarrier, fromRight: fromRight)
    }
  }
}

// The same functions for each concrete type; the functions above choose among them.
extension Tensor where Scalar: SortableScalar {
  fileprivate func sortedAlong(_ axis: Int, _ descending: Bool) -> Tensor {
    sortedRows(axis, "sorted") { source, y in
      let x = source.base
      forEachSortedRow(source, bytes: 2 * MemoryLayout<Scalar>.size) { row, length, scratch in
        Loops.sort(
          x + row * length, length, descending: descending, scratch, to: y + row * length)
      }
    }
  }

  fileprivate func argsortAlong(_ axis: Int, _ descending: Bool) -> Tensor<Int> {
    require(
      count <= UInt32.max, "argsort: shape \(shape) has more than 2^32 - 1 elements")
    return sortedRows(axis, "argsort") { source, y in
      let x = source.base
      forEachSortedRow(source, bytes: 32) { row, length, scratch in
        Loops.argsort(
          x + row * length, length, descending: descending, scratch, to: y + row * length)
      }
    }
  }

  /// Calls `body` with this tensor, contiguous and with `axis` last, and with the memory for the
  /// result's rows; returns the result with the axis moved back.
  @inline(__always)
  func sortedRows<Result>(
    _ axis: Int, _ name: String,
    _ body: (_ source: Tensor, _ result: UnsafeMutablePointer<Result>) -> Void
  ) -> Tensor<Result> {
    let axis = shape.normalized(axis: axis, name)
    let source = movingAxis(from: axis, to: -1).contiguous()
    let result = Tensor<Result>(uninitialized: source.shape)
    if count > 0 { body(source, result.storage.base) }
    withExtendedLifetime(source) {}
    return result.movingAxis(from: -1, to: axis)
  }

  /// Calls `body` for each row along the last axis, with scratch memory for a row.
  @inline(__always)
  func forEachSortedRow(
    _ source: Tensor, bytes: Int,
    _ body: (_ row: Int, _ length: Int, _ scratch: UnsafeMutableRawPointer) -> Void
  ) {
    let length = source.shape[source.rank - 1]
    Parallel.overRows(source.count / length, of: length * 4) { start, rows in
      let scratch = TensorStorage<UInt8>(uninitializedCount: length * bytes + 512)
      for row in start..<start + rows { body(row, length, UnsafeMutableRawPointer(scratch.base)) }
    }
  }

  /// The positions of the few largest elements, by insertion into a sorted list.
  fileprivate func insertLargest(_ k: Int, _ axis: Int) -> Tensor<Int> {
    let source = movingAxis(from: axis, to: -1).contiguous()
    let length = shape[axis]
    let result = Tensor<Int>(uninitialized: source.shape.replacing(axis: rank - 1, with: k))
    let (x, y) = (source.base, result.storage.base)
    if result.count > 0 {
      Parallel.overRows(source.count / length, of: length) { start, rows in
        for row in start..<start + rows {
          let (x, best) = (x + row * length, y + row * k)
          var found = 0
          var least = Scalar.SortKey.min
          for i in 0..<length {
            let key = (x[i] + 0).sortKey
            if found == k && key <= least { continue }
            var j = found < k ? found : k &- 1
            found = Swift.min(k, found &+ 1)
            while j > 0 && (x[best[j &- 1]] + 0).sortKey < key {
              best[j] = best[j &- 1]
              j &-= 1
            }
            best[j] = i
            if found == k { least = (x[best[k &- 1]] + 0).sortKey }
          }
        }
      }
    }
    withExtendedLifetime(source) {}
    return result.movingAxis(from: -1, to: axis)
  }

  fileprivate func search(_ values: Tensor, _ fromRight: Bool) -> Tensor<Int> {
    let list = contiguous()
    let (x, count) = (list.base, list.count)
    let source = values.contiguous()
    let result = Tensor<Int>(uninitialized: values.shape)
    let (v, y) = (source.base, result.storage.base)
    // Eight searches side by side, in steps that do not depend on what they find: while one waits
    // for memory, the others go on, and no branch has to be predicted.
    Parallel.overParts(of: source.count) { start, size in
      for group in Swift.stride(from: start, to: start + size, by: 8) {
        let width = Swift.min(8, start + size - group)
        var keys = InlineArray<8, Scalar.SortKey>(repeating: 0)
        var places = InlineArray<8, Int>(repeating: 0)
        for j in 0..<width { keys[unchecked: j] = (v[group + j] + 0).sortKey }
        var length = count
        while length > 0 {
          let half = (length &+ 1) &>> 1
          for j in 0..<8 {
            let middle = (x[places[unchecked: j] &+ half &- 1] + 0).sortKey
            let key = keys[unchecked: j]
            let isBefore = fromRight ? middle <= key : middle < key
            places[unchecked: j] &+= half & (0 &- (isBefore ? 1 : 0))
          }
          length &-= half
        }
        for j in 0..<width { y[group + j] = places[unchecked: j] }
      }
    }
    withExtendedLifetime((list, source)) {}
    return result
  }
}
