// Tensors of booleans: logic, counting, choosing, and tensors as masks of others.
//
//     x[x .> 0]                       the positive elements
//     images[labels .== 7]            the images of sevens: a mask of the first axis
//     x[isNaN(x)] = 0                 assignment where the mask is true
//     select(x .> 0, x, 0.1 * x)      one of two, element by element
//
// Operators are spelled as on Swift's SIMD masks: `.&`, `.|`, `.^`, `.!`.

import KernelTemplate

extension Tensor where Scalar == Bool {
  // MARK: Logic

  /// Whether both of the corresponding elements are true.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    logic(a, b, "and") { $0 & $1 }
  }
  /// Whether at least one of the corresponding elements is true.
  public static func .| (a: Tensor, b: Tensor) -> Tensor {
    logic(a, b, "or") { $0 | $1 }
  }
  /// Whether exactly one of the corresponding elements is true.
  public static func .^ (a: Tensor, b: Tensor) -> Tensor {
    logic(a, b, "exclusive or") { $0 ^ $1 }
  }
  /// Whether each element is false.
  public static prefix func .! (a: Tensor) -> Tensor {
    a.cast(to: UInt8.self).mapElements { $0 ^ 1 }.cast(to: Bool.self)
  }
  /// Whether the corresponding elements are equal.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    logic(a, b, "equal") { $0 ^ $1 ^ 1 }
  }
  /// Whether the corresponding elements differ.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    logic(a, b, "notEqual") { $0 ^ $1 }
  }

  @inline(__always)
  private static func logic(
    _ a: Tensor, _ b: Tensor, _ operation: String, _ f: (UInt8, UInt8) -> UInt8
  ) -> Tensor {
    a.cast(to: UInt8.self).zipElements(b.cast(to: UInt8.self), operation, f).cast(to: Bool.self)
  }

  // MARK: Any, all, how many

  /// Whether at least one element is true; false if there are none.
  public func any() -> Bool { any(axes: Array(0..<rank)).scalar }

  /// Whether at least one element along `axis` is true.
  public func any(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    any(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Whether at least one element along all of `axes` is true.
  public func any(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    let some = cast(to: UInt8.self).reduced(
      .maximum, axes: axes, keepingDimensions: keepingDimensions, ofNothing: 0, "any")
    return some.cast(to: Bool.self)
  }

  /// Whether all elements are true; true if there are none.
  public func all() -> Bool { all(axes: Array(0..<rank)).scalar }

  /// Whether all elements along `axis` are true.
  public func all(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    all(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Whether all elements along all of `axes` are true.
  public func all(axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    let every = cast(to: UInt8.self).reduced(
      .minimum, axes: axes, keepingDimensions: keepingDimensions, ofNothing: 1, "all")
    return every.cast(to: Bool.self)
  }

  /// The number of elements along `axis` that are true.
  public func countTrue(axis: Int, keepingDimensions: Bool = false) -> Tensor<Int> {
    cast(to: UInt8.self).sum(axis: axis, keepingDimensions: keepingDimensions)
  }

  // MARK: Positions

  /// The row-major positions of the elements that are true, in ascending order.
  package func truePositions() -> Tensor<Int> {
    let mask = contiguous()
    let x = mask.base.cast(to: UInt8.self)
    let count = count
    // Count in parts, add up where each part's positions start, then write them.
    let length = Parallel.partLength(of: count)
    var starts = [Int](repeating: 0, count: (count + length - 1) / length + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      let starts = starts.baseAddress!
      Parallel.overParts(of: count, length: length) { start, count in
        var total = 0
        for i in start..<start &+ count { total &+= Int(x[i]) }
        starts[start / length + 1] = total
      }
    }
    for part in starts.indices.dropFirst() { starts[part] += starts[part - 1] }
    let result = Tensor<Int>(uninitialized: [starts.last!])
    let y = result.storage.base
    Parallel.overParts(of: count, length: length) { start, count in
      var place = starts[start / length]
      var i = start
      let end = start &+ count
      while i < end {
        if end &- i >= 8 {
          // Eight booleans at a time: each true one is a byte of 1.
          var bits = UInt64(
            littleEndian: UnsafeRawPointer(x + i).loadUnaligned(as: UInt64.self))
          while bits != 0 {
            y[place] = i &+ bits.trailingZeroBitCount &>> 3
            place &+= 1
            bits &= bits &- 1
          }
          i &+= 8
        } else {
          if x[i] != 0 {
            y[place] = i
            place &+= 1
          }
          i &+= 1
        }
      }
    }
    withExtendedLifetime(mask) {}
    return result
  }

  /// The positions of the elements that are true: for each axis its coordinates.
  public func nonzero() -> [Tensor<Int>] {
    let positions = truePositions()
    return shape.indices.map { axis in
      let stride = shape.contiguousStrides[axis]
      let size = shape[axis]
      return positions.mapElements { ($0 / stride) % size }
    }
  }

  /// The positions of the elements that are true, as rows with a column for each axis.
  public func argwhere() -> Tensor<Int> {
    let coordinates = nonzero()
    guard !coordinates.isEmpty else { return .zeros([scalar ? 1 : 0, 0]) }
    return stack(coordinates, axis: 1)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The number of elements that are not 0.
  public func countNonzero() -> Int { (self .!= 0).countTrue() }

  /// The positions of the elements that are not 0: for each axis its coordinates.
  public func nonzero() -> [Tensor<Int>] { (self .!= 0).nonzero() }

  /// The positions of the elements that are not 0, as rows with a column for each axis.
  public func argwhere() -> Tensor<Int> { (self .!= 0).argwhere() }

  /// The reduction along `axes`; a tensor without elements gives `ofNothing`.
  func reduced(
    _ reduction: Reduction, axes: [Int], keepingDimensions: Bool, ofNothing: Scalar, _ name: String
  ) -> Tensor {
    if count > 0 {
      return reduced(reduction, axes: axes, keepingDimensions: keepingDimensions, name)
    }
    // A sum may have no elements; only its shape is used.
    let sums = reduced(.sum, axes: axes, keepingDimensions: keepingDimensions, name)
    return Tensor(repeating: ofNothing, shape: sums.shape)
  }
}

// MARK: - Masks as subscripts

extension Tensor {
  /// The elements, or parts, at which `mask` is true, in row-major order.
  ///
  /// The mask has the tensor's shape, and the result one axis; or the mask has the shape of its
  /// first axes, and the result keeps the others: `images[labels .== 7]`. An assigned tensor has
  /// the result's shape or broadcasts to it.
  public subscript(mask: Tensor<Bool>) -> Tensor {
    get {
      let (table, positions) = rows(under: mask)
      return table.taking(positions, axis: 0)
    }
    set {
      let (_, positions) = rows(under: mask)
      let whole = shape
      var table = self
      self = Tensor(uninitialized: [0])  // So that `table` is the only owner and nothing is copied.
      table = table.reshaped(to: table.shape(under: mask))
      table.scatter(newValue, at: positions, axis: 0)
      self = table.reshaped(to: whole)
    }
  }

  /// Sets the elements at which `mask` is true.
  @_disfavoredOverload
  public subscript(mask: Tensor<Bool>) -> Scalar? {
    @available(*, unavailable, message: "masked elements are read as a tensor")
    get { nil }
    set {
      guard let newValue else { fail("mask: nil cannot be assigned to elements of a tensor") }
      guard mask.shape == shape else {
        self[mask] = Tensor(newValue)
        return
      }
      self = select(mask, newValue, self)
    }
  }

  /// The shape with the axes that `mask` covers merged into one.
  private func shape(under mask: Tensor<Bool>) -> TensorShape {
    require(
      mask.rank <= rank && mask.shape.elementsEqual(shape.prefix(mask.rank)),
      "mask: shape \(mask.shape) does not fit shape \(shape); a mask has the shape of the tensor "
        + "or of its first axes")
    return TensorShape([mask.count] + shape.dropFirst(mask.rank))
  }

  /// The tensor with the axes that `mask` covers merged into one, and the positions where the mask
  /// is true.
  package func rows(under mask: Tensor<Bool>) -> (table: Tensor, positions: Tensor<Int>) {
    (reshaped(to: shape(under: mask)), mask.truePositions())
  }
}

// MARK: - Choosing

/// The element of `a` where `mask` is true, and that of `b` elsewhere; all three broadcast.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  let shape = TensorShape.broadcast(
    TensorShape.broadcast(a.shape, b.shape, "select"), mask.shape, "select")
  return switch MemoryLayout<Scalar>.size {
  case 1: choose(mask, a.cast(to: UInt8.self), b.cast(to: UInt8.self), shape).cast(to: Scalar.self)
  case 2: choose(mask, a.cast(to: Int16.self), b.cast(to: Int16.self), shape).cast(to: Scalar.self)
  case 4: choose(mask, a.cast(to: Int32.self), b.cast(to: Int32.self), shape).cast(to: Scalar.self)
  default: choose(mask, a.cast(to: Int.self), b.cast(to: Int.self), shape).cast(to: Scalar.self)
  }
}

/// Copies `b`, then replaces it where the mask is true.
private func choose<Scalar: TensorNumber>(
  _ mask: Tensor<Bool>, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ shape: TensorShape
) -> Tensor<Scalar> {
  let result = Tensor<Scalar>(uninitialized: shape)
  result.storage.base.copyElements(of: b.broadcast(to: shape))
  let (mask, a) = (mask.broadcast(to: shape), a.broadcast(to: shape))
  let (m, x, y) = (mask.base, a.base, result.storage.base)
  forEachRow(of: shape, mask.strides, a.strides, result.strides) {
    offsetM, offsetX, offsetY, count, steps in
    Parallel.overParts(of: count) { start, count in
      let m = m + (offsetM &+ start &* steps.0)
      let x = x + (offsetX &+ start &* steps.1)
      let y = y + (offsetY &+ start)
      switch (steps.0, steps.1) {
      case (1, 1): for i in 0..<count { y[i] = m[i] ? x[i] : y[i] }
      case (1, 0):
        let value = x.pointee
        for i in 0..<count { y[i] = m[i] ? value : y[i] }
      default: for i in 0..<count { y[i] = m[i &* steps.0] ? x[i &* steps.1] : y[i] }
      }
    }
  }
  withExtendedLifetime((mask, a)) {}
  return result
}

/// The element of `a` where `mask` is true, and the number `b` elsewhere.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { select(mask, a, Tensor(b)) }

/// The number `a` where `mask` is true, and the element of `b` elsewhere.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Scalar, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { select(mask, Tensor(a), b) }

/// The number `a` where `mask` is true, and the number `b` elsewhere.
public func select<Scalar>(
  _ mask: Tensor<Bool>, _ a: Scalar, _ b: Scalar
) -> Tensor<Scalar> { select(mask, Tensor(a), Tensor(b)) }
