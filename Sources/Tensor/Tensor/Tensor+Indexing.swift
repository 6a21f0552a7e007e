// Subscripts. One integer per axis selects an element; with a range or `...` among the indices, a
// subscript selects a view:
//
//     images[0, 23, 23]     one pixel
//     images[0, ...]        the first image
//     images[..<5]          the first five
//     x[0..., 1]            the second column
//     x[..., .newAxis]      the same elements with one more axis
//
// Axes that are not mentioned are taken whole. You can assign to every subscript: a tensor that
// broadcasts, or one number. Tensor+Gather.swift has lists of positions as indices, and
// Tensor+Masks.swift has booleans.

// MARK: - One element

extension Tensor {
  /// The element at `i` of a tensor with one axis.
  public subscript(i: Int) -> Scalar {
    @inline(__always) get {
      checkElement(rank: 1, i, 0, 0)
      return storage.base[offset &+ i &* strides[0]]
    }
    set {
      checkElement(rank: 1, i, 0, 0)
      let base = mutableBase
      base[i &* strides[0]] = newValue
    }
  }

  /// The element in row `i` and column `j` of a tensor with two axes.
  public subscript(i: Int, j: Int) -> Scalar {
    @inline(__always) get {
      checkElement(rank: 2, i, j, 0)
      return storage.base[offset &+ i &* strides[0] &+ j &* strides[1]]
    }
    set {
      checkElement(rank: 2, i, j, 0)
      let base = mutableBase
      base[i &* strides[0] &+ j &* strides[1]] = newValue
    }
  }

  /// The element at `i`, `j`, `k` of a tensor with three axes.
  public subscript(i: Int, j: Int, k: Int) -> Scalar {
    @inline(__always) get {
      checkElement(rank: 3, i, j, k)
      return storage.base[offset &+ i &* strides[0] &+ j &* strides[1] &+ k &* strides[2]]
    }
    set {
      checkElement(rank: 3, i, j, k)
      let base = mutableBase
      base[i &* strides[0] &+ j &* strides[1] &+ k &* strides[2]] = newValue
    }
  }

  /// The element at the given position along each of four or more axes.
  public subscript(i: Int, j: Int, k: Int, l: Int, rest: Int...) -> Scalar {
    get { self[[i, j, k, l] + rest] }
    set { self[[i, j, k, l] + rest] = newValue }
  }

  /// The element at a position that gives one index for each axis.
  public subscript(position: [Int]) -> Scalar {
    get { storage.base[offset + place(of: position)] }
    set {
      _ = place(of: position)
      let base = mutableBase
      base[place(of: position)] = newValue
    }
  }

  /// The distance of an element from the first one, in elements; stops if `position` does not
  /// exist.
  private func place(of position: [Int]) -> Int {
    guard position.count == rank, zip(position, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      failIndex(position)
    }
    return zip(position.indices, position).reduce(0) { $0 + strides[$1.0] * $1.1 }
  }

  @inline(__always)
  private func checkElement(rank expected: Int, _ i: Int, _ j: Int, _ k: Int) {
    guard rank == expected, i >= 0, i < shape.sizes[0],
      expected < 2 || (j >= 0 && j < shape.sizes[1]),
      expected < 3 || (k >= 0 && k < shape.sizes[2])
    else { failIndex(Array([i, j, k].prefix(expected))) }
  }

  private func failIndex(_ position: [Int]) -> Never {
    func text(_ position: some Sequence<Int>) -> String {
      position.map(String.init).joined(separator: ", ")
    }
    // A negative index, with Python's meaning.
    let meant = zip(position, Array(shape) + position.dropFirst(rank)).map { $0 < 0 ? $0 + $1 : $0 }
    let fromStart =
      position.contains { $0 < 0 } ? "; positions count from the start: write [\(text(meant))]" : ""
    if position.count == rank {
      let isInside = zip(meant, shape).allSatisfy { $0 >= 0 && $0 < $1 }
      fail(
        "subscript: [\(text(position))] is out of range for shape \(shape)"
          + (isInside ? fromStart : ""))
    }
    let ellipsis = position.isEmpty ? "..." : position.count < 4 ? ", ..." : ", 0..."
    let wayOut =
      position.count > rank
      ? "write one index for each axis" : "for a part of it write [\(text(meant))\(ellipsis)]"
    fail(
      "subscript: [\(text(position))] names no element of shape \(shape), which has \(rank) axes; \(wayOut)"
    )
  }
}

// MARK: - Views

/// What an index selects along its axis.
///
/// The first position, the number of positions, the step between them (negative: backwards), and
/// whether the axis disappears.
public typealias AxisSelection = (start: Int, count: Int, step: Int, removesAxis: Bool)

/// An index for one axis of a subscript: an integer, a range, or a stride.
public protocol TensorIndex: Sendable {
  /// The selected positions; the tensor checks that they lie in `0..<size`.
  func selection(ofAxisWithSize size: Int) -> AxisSelection
  /// Whether the index adds a new axis of size 1 instead of selecting from an existing one.
  var insertsAxis: Bool { get }
}

extension TensorIndex {
  /// False by default; `newAxis` overrides it.
  public var insertsAxis: Bool { false }
}

/// The index that adds an axis of size 1: `x[0..., .newAxis]`.
public struct NewAxis: TensorIndex {
  /// The index.
  public init() {}
  /// One position.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection { (0, 1, 1, false) }
  /// True: `newAxis` selects from no existing axis.
  public var insertsAxis: Bool { true }
}

extension TensorIndex where Self == NewAxis {
  /// An axis of size 1: NumPy's `newaxis`.
  public static var newAxis: NewAxis { NewAxis() }
}

extension Int: TensorIndex {
  /// One position; the axis disappears.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection { (self, 1, 1, true) }
}

extension Range: TensorIndex where Bound == Int {
  /// The positions in the range.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    (lowerBound, upperBound &- lowerBound, 1, false)
  }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The positions in the range.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    (lowerBound, upperBound &- lowerBound &+ 1, 1, false)
  }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The positions from the bound to the end of the axis.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    (lowerBound, size &- lowerBound, 1, false)
  }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The positions before the bound.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection { (0, upperBound, 1, false) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The positions up to the bound.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    (0, upperBound &+ 1, 1, false)
  }
}

extension StrideTo: TensorIndex where Element == Int {
  /// The positions `start`, `start + step`, … before the end.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    // A stride's interface gives only its elements, one by one; its memory layout, which is frozen,
    // gives its bounds and step.
    let (start, end, step) = unsafeBitCast(self, to: (Int, Int, Int).self)
    guard step > 0 ? start < end : start > end else { return (0, 0, 1, false) }
    return strideSelection(start, step > 0 ? end - 1 : end + 1, step)
  }
}

extension StrideThrough: TensorIndex where Element == Int {
  /// The positions `start`, `start + step`, … up to the end.
  public func selection(ofAxisWithSize size: Int) -> AxisSelection {
    let (start, end, step) = unsafeBitCast(self, to: (Int, Int, Int).self)
    guard step > 0 ? start <= end : start >= end else { return (0, 0, 1, false) }
    return strideSelection(start, end, step)
  }
}

/// The positions from `start` in steps up to `end`, which must not lie before `start`.
private func strideSelection(_ start: Int, _ end: Int, _ step: Int) -> AxisSelection {
  let distance = UInt(bitPattern: step > 0 ? end &- start : start &- end)
  let count = Int(Swift.min(distance / step.magnitude, UInt(Int.max) - 1)) + 1
  return (start, count, count == 1 ? 1 : step, false)
}

extension Tensor {
  // Disfavoured, because `(0..<3).map { t[0, $0] }` means elements. One and two indices have their
  // own subscripts, because a list of existentials costs more than the view.

  /// The part of the tensor that an integer, range or stride selects along the first axis.
  @_disfavoredOverload
  public subscript<I: TensorIndex>(index: I) -> Tensor {
    get {
      var view = View(of: self)
      select(index, &view)
      return part(view)
    }
    set { assign(newValue, to: [index]) }
  }

  /// The part of the tensor that two integers, ranges or strides select.
  @_disfavoredOverload
  public subscript<I: TensorIndex, J: TensorIndex>(first: I, second: J) -> Tensor {
    get {
      var view = View(of: self)
      select(first, &view)
      select(second, &view)
      return part(view)
    }
    set { assign(newValue, to: [first, second]) }
  }

  /// The part of the tensor that three integers, ranges or strides select.
  @_disfavoredOverload
  public subscript<I: TensorIndex, J: TensorIndex, K: TensorIndex>(
    first: I, second: J, third: K
  ) -> Tensor {
    get { view([first, second, third]) }
    set { assign(newValue, to: [first, second, third]) }
  }

  /// The part of the tensor that the given integers, ranges and strides select.
  ///
  /// An integer removes its axis; axes not mentioned are taken whole.
  @_disfavoredOverload
  public subscript(indices: any TensorIndex...) -> Tensor {
    get { view(indices) }
    set { assign(newValue, to: indices) }
  }

  /// The part of the tensor at position `i` of the first axis.
  public subscript(i: Int, _: UnboundedRange) -> Tensor {
    get {
      var view = View(of: self)
      select(i, &view)
      return part(view)
    }
    set { assign(newValue, to: [i]) }
  }

  /// The whole tensor; assigning to it replaces every element.
  public subscript(_: UnboundedRange) -> Tensor {
    get { self }
    set { assign(newValue, to: []) }
  }

  /// The part that an integer, range or stride selects along the last axis.
  @_disfavoredOverload
  public subscript<I: TensorIndex>(_: UnboundedRange, last: I) -> Tensor {
    get { view(indices([], [last])) }
    set { assign(newValue, to: indices([], [last])) }
  }

  /// The part that the indices select from the last axes; the axes before them are taken whole.
  @_disfavoredOverload
  public subscript(_: UnboundedRange, last: any TensorIndex...) -> Tensor {
    get { view(indices([], last)) }
    set { assign(newValue, to: indices([], last)) }
  }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, _: UnboundedRange, last: any TensorIndex...
  ) -> Tensor {
    get { view(indices([first], last)) }
    set { assign(newValue, to: indices([first], last)) }
  }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, second: any TensorIndex, _: UnboundedRange, last: any TensorIndex...
  ) -> Tensor {
    get { view(indices([first, second], last)) }
    set { assign(newValue, to: indices([first, second], last)) }
  }

  /// The part that indices select from the first and the last axes; those between are taken whole.
  @_disfavoredOverload
  public subscript(
    first: any TensorIndex, second: any TensorIndex, third: any TensorIndex, _: UnboundedRange,
    last: any TensorIndex...
  ) -> Tensor {
    get { view(indices([first, second, third], last)) }
    set { assign(newValue, to: indices([first, second, third], last)) }
  }

  /// The indices, with `...` replaced by whole axes.
  package func indices(
    _ first: [any TensorIndex], _ last: [any TensorIndex]
  ) -> [any TensorIndex] {
    let named = (first + last).reduce(0) { $0 + ($1.insertsAxis ? 0 : 1) }
    return first + Array(repeating: 0..., count: Swift.max(0, rank - named)) + last
  }

  /// The part that a list of indices selects.
  package func view(_ indices: [any TensorIndex]) -> Tensor {
    let named = indices.reduce(0) { $0 + ($1.insertsAxis ? 0 : 1) }
    require(named <= rank, "subscript: \(named) indices for shape \(shape), which has \(rank) axes")
    var view = View(of: self)
    for index in indices { select(index, &view) }
    return part(view)
  }

  @inline(__always)
  private func part(_ view: View) -> Tensor {
    Tensor(
      storage: storage, offset: view.offset, shape: TensorShape(sizes: view.sizes),
      strides: view.strides)
  }

  /// Selects from the view's next axis.
  @inline(__always)
  private func select(_ index: some TensorIndex, _ view: inout View) {
    if index.insertsAxis { return view.insertAxis() }
    require(view.tensorAxis < rank, "subscript: more indices than shape \(shape) has axes")
    let part = index.selection(ofAxisWithSize: view.sizes[view.axis])
    let axis = view.tensorAxis
    if !view.select(part) { failSelection(part, axis: axis) }
  }

  @inline(never)
  private func failSelection(_ part: AxisSelection, axis: Int) -> Never {
    let text =
      part.removesAxis
      ? "\(part.start)"
      : part.step == 1
        ? "\(part.start)..<\(part.start &+ part.count)"
        : "the stride from \(part.start) by \(part.step)"
    fail(
      "subscript: \(text) is out of range for axis \(axis) of shape \(shape)"
        + (part.start < 0 && part.start >= -shape[axis]
          ? "; positions count from the start: write \(part.start + shape[axis]) for \(part.start)"
          : ""))
  }

  /// Writes `value`, broadcast, to the part that the indices select.
  mutating func assign(_ value: Tensor, to indices: [any TensorIndex]) {
    // `value` may be a view of this tensor: then the memory is shared and is copied first.
    let base = mutableBase
    let origin = offset
    let (viewOffset, viewShape, viewStrides) = {
      let part = view(indices)
      return (part.offset, part.shape, part.strides)
    }()
    require(
      TensorShape.broadcast(value.shape, viewShape) == viewShape,
      "subscript: shape \(value.shape) does not broadcast to the assigned part's \(viewShape)"
        + TensorShape.diagram(value.shape, viewShape) { $1 == $2 || $1 == 1 })
    let source = value.broadcast(to: viewShape)
    copyStrided(
      UnsafeRawPointer(source.base), source.strides,
      to: UnsafeMutableRawPointer(base + (viewOffset - origin)), viewStrides,
      shape: viewShape, elementSize: MemoryLayout<Scalar>.size)
    withExtendedLifetime(source) {}
  }
}

/// A view under construction: it starts as the whole tensor and is narrowed axis by axis.
private struct View {
  private(set) var offset: Int
  private(set) var sizes: AxisList
  private(set) var strides: AxisList
  /// The next axis to select from, in the view and in the tensor.
  private(set) var axis = 0
  private(set) var tensorAxis = 0

  @inline(__always)
  init<Scalar>(of tensor: Tensor<Scalar>) {
    offset = tensor.offset
    sizes = tensor.shape.sizes
    strides = tensor.strides
  }

  /// Selects from the next axis, unless the positions are not on it.
  @inline(__always)
  mutating func select(_ part: AxisSelection) -> Bool {
    let size = sizes[axis]
    let last = part.start &+ (part.count &- 1) &* part.step
    let isInside =
      part.count == 0
      ? part.start >= 0 && part.start <= size
      : part.count > 0 && part.count <= size && part.start >= 0 && part.start < size
        && last >= 0 && last < size
    guard isInside else { return false }
    tensorAxis &+= 1
    if part.count > 0 { offset &+= part.start &* strides[axis] }
    if part.removesAxis {
      sizes.remove(axis)
      strides.remove(axis)
    } else {
      sizes[axis] = part.count
      strides[axis] = strides[axis] &* part.step
      axis &+= 1
    }
    return true
  }

  /// Inserts an axis of size 1 before the next one.
  mutating func insertAxis() {
    sizes.insert(1, at: axis)
    strides.insert(1, at: axis)
    axis &+= 1
  }
}

// MARK: - One number for a part

// These are only for assignment: the getter, of type `Scalar?`, exists because Swift has no
// subscript without one. Since it is optional, `t[0..<3] += 1` uses the subscripts above. The empty
// argument makes the compiler prefer those wherever both would fit.

extension Tensor {
  /// Sets every element of the part along the first axis: `t[0..<5] = 0`.
  @_disfavoredOverload
  public subscript<I: TensorIndex>(index: I, _: Void = ()) -> Scalar? {
    @available(*, unavailable, message: "a part of a tensor is read as a tensor")
    get { nil }
    set { assign(newValue, to: [index]) }
  }

  /// Sets every element of the part that two indices select: `t[0..., 1] = 0`.
  @_disfavoredOverload
  public subscript<I: TensorIndex, J: TensorIndex>(
    first: I, second: J, _: Void = ()
  ) -> Scalar? {
    @available(*, unavailable, message: "a part of a tensor is read as a tensor")
    get { nil }
    set { assign(newValue, to: [first, second]) }
  }

  /// Sets every element of the part that three indices select.
  @_disfavoredOverload
  public subscript<I: TensorIndex, J: TensorIndex, K: TensorIndex>(
    first: I, second: J, third: K, _: Void = ()
  ) -> Scalar? {
    @available(*, unavailable, message: "a part of a tensor is read as a tensor")
    get { nil }
    set { assign(newValue, to: [first, second, third]) }
  }

  /// Sets every element of the part at position `i` of the first axis: `t[0, ...] = 0`.
  @_disfavoredOverload
  public subscript(i: Int, _: UnboundedRange, _: Void = ()) -> Scalar? {
    @available(*, unavailable, message: "a part of a tensor is read as a tensor")
    get { nil }
    set { assign(newValue, to: [i]) }
  }

  /// Sets every element of the part at position `i` of the last axis: `t[..., 0] = 0`.
  @_disfavoredOverload
  public subscript<I: TensorIndex>(_: UnboundedRange, last: I, _: Void = ()) -> Scalar? {
    @available(*, unavailable, message: "a part of a tensor is read as a tensor")
    get { nil }
    set { assign(newValue, to: indices([], [last])) }
  }

  /// Sets every element: `t[...] = 0`.
  @_disfavoredOverload
  public subscript(_: UnboundedRange, _: Void = ()) -> Scalar? {
    @available(*, unavailable, message: "a tensor is read without a subscript")
    get { nil }
    set { assign(newValue, to: []) }
  }

  private mutating func assign(_ value: Scalar?, to indices: [any TensorIndex]) {
    guard let value else { fail("subscript: nil cannot be assigned to a part of a tensor") }
    assign(Tensor(value), to: indices)
  }
}
