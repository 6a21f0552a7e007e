// Lists of positions as indices: gathering parts of a tensor, and scattering values back.
//
//     images.rows([5, 0, 5])              parts at positions of the first axis
//     t.taking(order, axis: 1)            the same along another axis: NumPy's `take`
//     probabilities[samples, labels]      one element for each pair of positions
//     t.takingAlong(axis: 1, t.argsort()) for each row its own positions: `take_along_axis`
//
// Positions count from 0 and are checked before anything is moved.

extension Tensor {
  /// The parts of the tensor at the given positions of its first axis, in that order.
  ///
  /// - Precondition: every position lies in `0..<shape[0]`.
  public func rows(_ positions: [Int]) -> Tensor {
    require(rank > 0, "rows: a single number has no rows")
    return positions.withUnsafeBufferPointer {
      gathered($0, axis: 0, shape.replacing(axis: 0, with: positions.count), "rows")
    }
  }

  /// The parts of the tensor at the given positions of `axis`, in that order: NumPy's `take`.
  ///
  /// - Precondition: every position lies in `0..<shape[axis]`.
  public func taking(_ positions: [Int], axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "taking")
    return positions.withUnsafeBufferPointer {
      gathered($0, axis: axis, shape.replacing(axis: axis, with: positions.count), "taking")
    }
  }

  /// The parts of the tensor at the given positions of `axis`; the shape of `positions` replaces
  /// the axis.
  ///
  /// - Precondition: every position lies in `0..<shape[axis]`.
  public func taking(_ positions: Tensor<Int>, axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis, "taking")
    return positions.withUnsafeBufferPointer {
      gathered($0, axis: axis, shape.replacing(axis: axis, with: positions.shape), "taking")
    }
  }

  private func gathered(
    _ positions: UnsafeBufferPointer<Int>, axis: Int, _ resultShape: TensorShape, _ name: String
  ) -> Tensor {
    shape.checkPositions(positions, axis: axis, name)
    let source = contiguous()
    let result = Tensor(uninitialized: resultShape)
    gather(source.base, shape, at: positions, axis: axis, to: result.storage.base)
    withExtendedLifetime(source) {}
    return result
  }

  // MARK: One position for each element

  /// For each element of `positions` the element at that position along `axis`.
  ///
  /// The other axes of the two shapes are equal; the result has the shape of `positions`.
  /// NumPy's `take_along_axis`.
  public func takingAlong(axis: Int, _ positions: Tensor<Int>) -> Tensor {
    let axis = checkAlong(axis, positions, "takingAlong")
    let (source, index) = (contiguous(), positions.contiguous())
    let result = Tensor(uninitialized: positions.shape)
    let (from, to) = (shape.around(axis: axis), positions.shape.around(axis: axis))
    let (x, i, y) = (source.base, index.base, result.storage.base)
    switch MemoryLayout<Scalar>.size {
    case 1: takeAlong(x.cast(to: UInt8.self), from, i, to, y.cast(to: UInt8.self))
    case 2: takeAlong(x.cast(to: UInt16.self), from, i, to, y.cast(to: UInt16.self))
    case 4: takeAlong(x.cast(to: UInt32.self), from, i, to, y.cast(to: UInt32.self))
    default: takeAlong(x.cast(to: UInt64.self), from, i, to, y.cast(to: UInt64.self))
    }
    withExtendedLifetime((source, index)) {}
    return result
  }

  /// Sets, for each element of `positions`, the element at that position along `axis`.
  ///
  /// `values` broadcasts to the shape of `positions`. NumPy's `put_along_axis`.
  public mutating func putAlong(axis: Int, _ positions: Tensor<Int>, _ values: Tensor) {
    let axis = checkAlong(axis, positions, "putAlong")
    let index = positions.contiguous()
    let values = values.broadcast(to: positions.shape).contiguous()
    let (to, from) = (shape.around(axis: axis), positions.shape.around(axis: axis))
    let (x, i) = (values.base, index.base)
    withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      switch MemoryLayout<Scalar>.size {
      case 1: writeAlong(x.cast(to: UInt8.self), from, i, to, y.cast(to: UInt8.self))
      case 2: writeAlong(x.cast(to: UInt16.self), from, i, to, y.cast(to: UInt16.self))
      case 4: writeAlong(x.cast(to: UInt32.self), from, i, to, y.cast(to: UInt32.self))
      default: writeAlong(x.cast(to: UInt64.self), from, i, to, y.cast(to: UInt64.self))
      }
    }
    withExtendedLifetime((values, index)) {}
  }

  private func checkAlong(_ axis: Int, _ positions: Tensor<Int>, _ name: String) -> Int {
    let axis = shape.normalized(axis: axis, name)
    require(
      positions.rank == rank
        && shape.replacing(axis: axis, with: positions.shape[axis]) == positions.shape,
      "\(name): positions of shape \(positions.shape) do not fit shape \(shape) along axis \(axis); "
        + "the other axes must be equal")
    positions.withUnsafeBufferPointer { shape.checkPositions($0, axis: axis, name) }
    return axis
  }

  // MARK: Subscripts

  /// The parts at the positions in `indices`, one tensor of them for each of the first axes.
  ///
  /// The tensors are broadcast to one shape, which replaces the axes they index:
  /// `probabilities[samples, labels]`, `table[words]`. Assigning writes the parts; if a position
  /// repeats, the last value wins.
  public subscript(indices: Tensor<Int>...) -> Tensor {
    get {
      let (positions, parts) = parts(at: indices)
      return reshaped(to: parts).taking(positions, axis: 0)
    }
    set { assign(newValue, at: indices) }
  }

  /// Sets every element of the parts at the positions in `indices`.
  @_disfavoredOverload
  public subscript(indices: Tensor<Int>...) -> Scalar? {
    @available(*, unavailable, message: "parts of a tensor are read as a tensor")
    get { nil }
    set {
      guard let newValue else { fail("subscript: nil cannot be assigned to a part of a tensor") }
      assign(Tensor(newValue), at: indices)
    }
  }

  private mutating func assign(_ value: Tensor, at indices: [Tensor<Int>]) {
    let (positions, parts) = parts(at: indices)
    let whole = shape
    var table = self
    self = Tensor(uninitialized: [0])  // So that `table` is the only owner and nothing is copied.
    table = table.reshaped(to: parts)
    table.scatter(value, at: positions, axis: 0)
    self = table.reshaped(to: whole)
  }

  /// The positions of parts when the indexed axes are seen as one, and that shape.
  package func parts(at indices: [Tensor<Int>]) -> (positions: Tensor<Int>, shape: TensorShape) {
    require(
      indices.count <= rank,
      "subscript: \(indices.count) lists of positions for shape \(shape), which has \(rank) axes")
    var positions = Tensor<Int>(0)
    for (axis, index) in indices.enumerated() {
      index.withUnsafeBufferPointer { shape.checkPositions($0, axis: axis, "subscript") }
      positions = positions * shape[axis] + index
    }
    let outer = shape.prefix(indices.count).reduce(1, *)
    return (positions, TensorShape([outer] + shape.dropFirst(indices.count)))
  }

  // MARK: Scattering

  /// Writes parts to the given positions of `axis`; if a position repeats, the last value wins.
  ///
  /// `values` broadcasts to the shape that `taking(_:axis:)` gives for the positions.
  public mutating func scatter(_ values: Tensor, at positions: Tensor<Int>, axis: Int = 0) {
    let axis = shape.normalized(axis: axis, "scatter")
    let source = parts(values, at: positions, axis: axis, "scatter")
    let layout = shape.around(axis: axis)
    let x = source.base
    positions.withUnsafeBufferPointer { positions in
      withUnsafeMutableBufferPointer { y in
        guard let y = y.baseAddress else { return }
        switch MemoryLayout<Scalar>.size {
        case 1: writeParts(x.cast(to: UInt8.self), positions, y.cast(to: UInt8.self), layout)
        case 2: writeParts(x.cast(to: UInt16.self), positions, y.cast(to: UInt16.self), layout)
        case 4: writeParts(x.cast(to: UInt32.self), positions, y.cast(to: UInt32.self), layout)
        default: writeParts(x.cast(to: UInt64.self), positions, y.cast(to: UInt64.self), layout)
        }
      }
    }
    withExtendedLifetime(source) {}
  }

  /// The values to write to the parts at `positions`: `values`, broadcast to their shape.
  fileprivate func parts(
    _ values: Tensor, at positions: Tensor<Int>, axis: Int, _ name: String
  ) -> Tensor {
    positions.withUnsafeBufferPointer { shape.checkPositions($0, axis: axis, name) }
    let expected = shape.replacing(axis: axis, with: positions.shape)
    require(
      TensorShape.broadcast(values.shape, expected) == expected,
      "\(name): values of shape \(values.shape) do not broadcast to \(expected)")
    return values.broadcast(to: expected).contiguous()
  }
}

extension Tensor where Scalar: TensorNumber {
  /// Adds parts to those at the given positions of `axis`; repeated positions add up.
  ///
  /// This is the gradient of `taking(_:axis:)`: PyTorch's `index_add_`, NumPy's `add.at`. If
  /// thousands of `Float` values may be added to one element, they are summed in `Double`.
  public mutating func scatterAdd(_ values: Tensor, at positions: Tensor<Int>, axis: Int = 0) {
    if Scalar.scalarType.isCarried {
      var sums = carrier
      sums.scatterAdd(values.carrier, at: positions, axis: axis)
      self = Tensor(carrier: sums)
      return
    }
    let axis = shape.normalized(axis: axis, "scatterAdd")
    if Scalar.scalarType == .float32
      && positions.count > Swift.max(longestChain, shape.sizes[axis] / 16)
    {
      var sums = Tensor<Double>(self)
      sums.scatterAdd(Tensor<Double>(values), at: positions, axis: axis)
      self = Tensor(sums)
      return
    }
    let source = parts(values, at: positions, axis: axis, "scatterAdd")
    let whole = shape
    positions.withUnsafeBufferPointer { positions in
      withUnsafeMutableBufferPointer { y in
        guard let y = y.baseAddress else { return }
        addScattered(source.base, at: positions, axis: axis, to: y, whole)
      }
    }
    withExtendedLifetime(source) {}
  }
}

// MARK: - The loops

/// Writes the parts of `x`, contiguous elements of `shape`, at the given positions of `axis` to
/// `y`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func gather<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ shape: TensorShape, at positions: UnsafeBufferPointer<Int>,
  axis: Int, to y: UnsafeMutablePointer<Scalar>
) {
  let layout = shape.around(axis: axis)
  guard layout.outer * positions.count * layout.width > 0 else { return }
  let (x, y) = (UnsafeRawPointer(x), UnsafeMutableRawPointer(y))
  switch MemoryLayout<Scalar>.size {
  case 1: gatherParts(UInt8.self, x, layout, positions, to: y)
  case 2: gatherParts(UInt16.self, x, layout, positions, to: y)
  case 4: gatherParts(UInt32.self, x, layout, positions, to: y)
  default: gatherParts(UInt64.self, x, layout, positions, to: y)
  }
}

/// Adds the parts of `x` to those of `y`, contiguous elements of `shape`, at the given positions of
/// `axis`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func addScattered<Scalar: TensorNumber>(
  _ x: UnsafePointer<Scalar>, at positions: UnsafeBufferPointer<Int>, axis: Int,
  to y: UnsafeMutablePointer<Scalar>, _ shape: TensorShape
) {
  let layout = shape.around(axis: axis)
  switch Scalar.scalarType {
  case .bool, .uint8:
    addParts(x.cast(to: UInt8.self), positions, y.cast(to: UInt8.self), layout) { $0 &+ $1 }
  case .int32:
    addParts(x.cast(to: Int32.self), positions, y.cast(to: Int32.self), layout) { $0 &+ $1 }
  case .int64:
    addParts(x.cast(to: Int.self), positions, y.cast(to: Int.self), layout) { $0 &+ $1 }
  case .float32:
    addParts(x.cast(to: Float.self), positions, y.cast(to: Float.self), layout) { $0 + $1 }
  case .float64:
    addParts(x.cast(to: Double.self), positions, y.cast(to: Double.self), layout) { $0 + $1 }
  default: failCarried(Scalar.self, "scatterAdd")
  }
}

/// A shape seen as three axes: all before one axis, that axis, and all after it.
package typealias ThreeAxes = (outer: Int, size: Int, width: Int)

extension TensorShape {
  /// The shape seen as three axes: all before `axis`, `axis`, and all after it.
  package func around(axis: Int) -> ThreeAxes {
    var (outer, width) = (1, 1)
    for other in 0..<rank where other != axis {
      if other < axis { outer *= sizes[other] } else { width *= sizes[other] }
    }
    return (outer, sizes[axis], width)
  }
}

extension TensorShape {
  /// This shape with `axis` replaced by the sizes of `positions`.
  package func replacing(axis: Int, with positions: TensorShape) -> TensorShape {
    TensorShape(Array(prefix(axis)) + Array(positions) + Array(dropFirst(axis + 1)))
  }

  /// Stops with a message if a position along `axis` does not exist.
  package func checkPositions(
    _ positions: UnsafeBufferPointer<Int>, axis: Int, _ name: String
  ) {
    let size = UInt(bitPattern: sizes[axis])
    var largest: UInt = 0
    for position in positions { largest = Swift.max(largest, UInt(bitPattern: position)) }
    guard largest >= size && !positions.isEmpty else { return }
    let wrong = positions.first { UInt(bitPattern: $0) >= size } ?? 0
    let place = axis == 0 ? "" : "axis \(axis) of "
    fail("\(name): position \(wrong) is out of range for \(place)shape \(self)")
  }
}

/// Sets `y[o, i, :] = x[o, positions[i], :]`.
@inline(__always)
private func gatherParts<Element: BitwiseCopyable>(
  _: Element.Type, _ x: UnsafeRawPointer, _ layout: ThreeAxes,
  _ positions: UnsafeBufferPointer<Int>, to y: UnsafeMutableRawPointer
) {
  let x = x.assumingMemoryBound(to: Element.self)
  let y = y.assumingMemoryBound(to: Element.self)
  let (index, count) = (positions.baseAddress!, positions.count)
  let width = layout.width
  Parallel.overRows(layout.outer * count, of: width) { start, rows in
    var (outer, i) = (start / count, start % count)
    var place = start
    let end = start &+ rows
    while place < end {
      let block = x + outer &* layout.size &* width
      let last = Swift.min(count, i &+ end &- place)
      if width == 1 {
        let target = y + (place &- i)
        for j in i..<last { target[j] = block[index[j]] }
      } else if width < 16 {
        for j in i..<last {
          let source = block + index[j] &* width
          let target = y + (place &- i &+ j) &* width
          for column in 0..<width { target[column] = source[column] }
        }
      } else {
        for j in i..<last {
          (y + (place &- i &+ j) &* width).update(
            from: block + index[j] &* width, count: width)
        }
      }
      place &+= last &- i
      i = 0
      outer &+= 1
    }
  }
}

/// Calls `body` with the offsets of the parts at `positions`, both in a tensor of the layout and in
/// one that holds only those parts.
@inline(__always)
private func forEachPart(
  of layout: ThreeAxes, at positions: UnsafeBufferPointer<Int>,
  _ body: (_ target: Int, _ source: Int) -> Void
) {
  guard let index = positions.baseAddress else { return }
  let count = positions.count
  for outer in 0..<layout.outer {
    for i in 0..<count {
      body(
        (outer &* layout.size &+ index[i]) &* layout.width,
        (outer &* count &+ i) &* layout.width)
    }
  }
}

/// Sets `y[o, positions[i], :] = x[o, i, :]`.
private func writeParts<Element: BitwiseCopyable>(
  _ x: UnsafePointer<Element>, _ positions: UnsafeBufferPointer<Int>,
  _ y: UnsafeMutablePointer<Element>, _ layout: ThreeAxes
) {
  forEachPart(of: layout, at: positions) { target, source in
    if layout.width == 1 {
      y[target] = x[source]
    } else {
      (y + target).update(from: x + source, count: layout.width)
    }
  }
}

/// Adds `x[o, i, :]` to `y[o, positions[i], :]`.
@inline(__always)
private func addParts<Element: TensorNumber>(
  _ x: UnsafePointer<Element>, _ positions: UnsafeBufferPointer<Int>,
  _ y: UnsafeMutablePointer<Element>, _ layout: ThreeAxes, _ sum: (Element, Element) -> Element
) {
  forEachPart(of: layout, at: positions) { target, source in
    if layout.width == 1 {
      y[target] = sum(y[target], x[source])
    } else {
      Loops.zip(.add, y + target, 1, x + source, 1, y + target, layout.width)
    }
  }
}

/// Sets `y[o, j, k] = x[o, positions[o, j, k], k]`.
private func takeAlong<Element: BitwiseCopyable>(
  _ x: UnsafePointer<Element>, _ from: ThreeAxes,
  _ positions: UnsafePointer<Int>, _ to: ThreeAxes,
  _ y: UnsafeMutablePointer<Element>
) {
  Parallel.overRows(to.outer * to.size, of: to.width) { start, rows in
    for row in start..<start &+ rows {
      let block = x + row / to.size &* from.size &* from.width
      for column in 0..<to.width {
        let place = row &* to.width &+ column
        y[place] = block[positions[place] &* from.width &+ column]
      }
    }
  }
}

/// Sets `y[o, positions[o, j, k], k] = x[o, j, k]`.
private func writeAlong<Element: BitwiseCopyable>(
  _ x: UnsafePointer<Element>, _ from: ThreeAxes,
  _ positions: UnsafePointer<Int>, _ to: ThreeAxes,
  _ y: UnsafeMutablePointer<Element>
) {
  for row in 0..<from.outer * from.size {
    let block = y + row / from.size * to.size * to.width
    for column in 0..<from.width {
      let place = row &* from.width &+ column
      block[positions[place] &* to.width &+ column] = x[place]
    }
  }
}
