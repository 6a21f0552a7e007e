// Creating tensors: from numbers, from literals, from a function, or by converting other tensors.

extension Tensor {
  /// A tensor of `shape` whose elements are `values` in row-major order.
  ///
  /// - Precondition: there are as many values as the shape has elements.
  public init(_ values: [Scalar], shape: TensorShape) {
    require(
      values.count == shape.elementCount,
      "tensor: \(values.count) values do not fill shape \(shape), which has "
        + "\(shape.elementCount) elements")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { storage.base.copy(from: base, count: values.count) }
    }
  }

  /// A tensor with one axis that holds `values`.
  public init(_ values: [Scalar]) { self.init(values, shape: [values.count]) }

  /// A tensor with two axes, one row for each of `rows`.
  ///
  /// - Precondition: all rows are equally long.
  @_disfavoredOverload  // `Tensor<Float>([])` has one axis.
  public init(_ rows: [[Scalar]]) {
    let columns = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != columns {
      fail("tensor: row \(index) has \(row.count) elements and row 0 has \(columns)")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
  }

  /// A tensor without axes that holds one element.
  public init(_ scalar: Scalar) { self.init([scalar], shape: []) }

  /// A tensor of `shape` whose elements all equal `value`.
  public init(repeating value: Scalar, shape: TensorShape) {
    self.init(uninitialized: shape)
    storage.base.fill(with: value, count: shape.elementCount)
  }

  /// A tensor of zeros, or of `false`.
  public static func zeros(_ shape: TensorShape) -> Tensor {
    Tensor(repeating: .zero, shape: shape)
  }

  /// A tensor of zeros, or of `false`, with the shape of another.
  public static func zeros<Other>(like other: Tensor<Other>) -> Tensor { zeros(other.shape) }

  /// A tensor with the shape of another whose elements all equal `value`.
  public init<Other>(repeating value: Scalar, like other: Tensor<Other>) {
    self.init(repeating: value, shape: other.shape)
  }

  /// A tensor whose element at each position is `element` of that position, one index per axis.
  ///
  /// ```swift
  /// Tensor<Int>(shape: [2, 3]) { i in 10 * i[0] + i[1] }   // [[0, 1, 2], [10, 11, 12]]
  /// ```
  public init(shape: TensorShape, _ element: ([Int]) throws -> Scalar) rethrows {
    self.init(uninitialized: shape)
    var position = [Int](repeating: 0, count: shape.rank)
    for place in 0..<shape.elementCount {
      storage.base[place] = try element(position)
      var axis = shape.rank - 1
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < shape[axis] { break }
        position[axis] = 0
        axis -= 1
      }
    }
  }
}

extension Tensor where Scalar: TensorNumber {
  /// A tensor of ones.
  public static func ones(_ shape: TensorShape) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// A tensor of ones with the shape of another.
  public static func ones<Other>(like other: Tensor<Other>) -> Tensor { ones(other.shape) }

  /// The identity matrix with `size` rows.
  public static func identity(_ size: Int) -> Tensor {
    require(size >= 0, "identity: the size cannot be negative, got \(size)")
    var result = zeros([size, size])
    for i in 0..<size { result[i, i] = 1 }
    return result
  }
}

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The numbers from `start` up to, but not including, `end`, `step` apart.
  public static func range(from start: Scalar, to end: Scalar, by step: Scalar = 1) -> Tensor {
    require(step != 0, "range: the step cannot be 0")
    require(
      [start, end, step].allSatisfy { Int(exactly: $0) != nil },
      "range: from \(start) to \(end) by \(step) is not within the range of Int")
    let (start, end, step) = (Int(start), Int(end), Int(step))
    let distance = UInt(bitPattern: step > 0 ? end &- start : start &- end)
    let count =
      (step > 0 ? start < end : start > end)
      ? Int(clamping: (distance - 1) / step.magnitude).addingSaturated(1) : 0
    let result = Tensor(uninitialized: [count])
    for i in 0..<count { result.storage.base[i] = Scalar(start &+ i &* step) }
    return result
  }
}

extension Tensor where Scalar: TensorFloat {
  /// The numbers from `start` up to, but not including, `end`, `step` apart.
  public static func range(from start: Scalar, to end: Scalar, by step: Scalar = 1) -> Tensor {
    require(step != 0, "range: the step cannot be 0")
    let length = ((end.asDouble - start.asDouble) / step.asDouble).rounded(.up)
    require(
      length < 0x1p48,
      "range: from \(start) to \(end) by \(step) has a length of \(length)")
    let count = Int(Swift.max(0, length))
    return Tensor(count: count) { start + Scalar($0) * step }
  }

  /// `count` equally spaced numbers from `start` to `end`, both included.
  ///
  /// Ends that are far apart, or a step close to 0, do not make them less exact.
  public static func linspace(from start: Scalar, to end: Scalar, count: Int) -> Tensor {
    require(count >= 0, "linspace: the count cannot be negative, got \(count)")
    let (width, last) = (end - start, count - 1)
    let step = width / Scalar(Swift.max(1, last))
    return Tensor(count: count) { i in
      if i == 0 || i == last { return i == 0 ? start : end }
      if step.isNormal { return start + Scalar(i) * step }
      // The step has lost digits, or the width exceeds the largest number.
      let share = Scalar(i) / Scalar(last)
      return width.isFinite ? start + share * width : start * (1 - share) + end * share
    }
  }

  /// A tensor with one axis whose element at each position is `element` of that position.
  @inline(__always)
  private init(count: Int, _ element: (Int) -> Scalar) {
    self.init(uninitialized: [count])
    for i in 0..<count { storage.base[i] = element(i) }
  }

  /// `base` raised to `count` equally spaced numbers from `start` to `end`, both included.
  public static func logspace(
    from start: Scalar, to end: Scalar, count: Int, base: Scalar = 10
  ) -> Tensor {
    pow(base, linspace(from: start, to: end, count: count))
  }

  /// `count` numbers from `start` to `end`, both included, each the same multiple of the one
  /// before.
  ///
  /// - Precondition: both ends are finite and not 0, and have the same sign.
  public static func geomspace(from start: Scalar, to end: Scalar, count: Int) -> Tensor {
    require(
      start.isFinite && end.isFinite && (start > 0 && end > 0 || start < 0 && end < 0),
      "geomspace: got the ends \(start) and \(end), expected numbers that are not 0 and have one sign"
    )
    let ends = log2(Tensor<Double>([start.asDouble.magnitude, end.asDouble.magnitude]))
    var result = Tensor(exp2(Tensor<Double>.linspace(from: ends[0], to: ends[1], count: count)))
    if start < 0 { result = -result }
    if count > 0 { result[0] = start }
    if count > 1 { result[count - 1] = end }
    return result
  }
}

// MARK: - Conversion

extension Tensor {
  /// The elements of another tensor, converted to this type.
  ///
  /// Integers become the nearest floating-point number; floating-point numbers lose their fraction
  /// and stay within the integer's range (NaN becomes 0); integers keep their low bits; `true` is
  /// 1. Numbers too large for `Float16` become infinite.
  public init<Other: TensorScalar>(_ other: Tensor<Other>) {
    if let same = other as? Tensor<Scalar> {
      self = same
      return
    }
    // Types without their own loops are converted by way of their carriers. Two cases are converted
    // directly: floating-point numbers, which are clamped to an integer's range, and values that an
    // `Int` cannot hold.
    let (from, to) = (Other.scalarType, Scalar.scalarType)
    if from.isCarried && Other.Carrier.self != Scalar.self
      && !(from == .uint64 && (to == .float32 || to == .float64))
    {
      if from == .uint64 && to == .float16 {
        self.init(Tensor<Double>(other))
      } else {
        self.init(other.carrier)
      }
      return
    }
    if to.isCarried && Scalar.Carrier.self != Other.self && from != .float32 && from != .float64 {
      self.init(carrier: Tensor<Scalar.Carrier>(other))
      return
    }
    let source = other.contiguous()
    self.init(uninitialized: other.shape)
    let (x, y) = (source.base, storage.base)
    Parallel.overParts(of: source.count) { start, count in
      Loops.convert(x + start, to: y + start, count)
    }
    withExtendedLifetime(source) {}
  }
}

// MARK: - Literals

/// A tensor literal: nested lists of numbers or booleans.
public enum TensorLiteral<Scalar: TensorScalar>: Sendable {
  /// One element.
  case element(Scalar)
  /// One more axis.
  case list([TensorLiteral])

  fileprivate func append(to elements: inout [Scalar], sizes: inout [Int], depth: Int) {
    switch self {
    case .element(let value):
      require(depth == sizes.count, "tensor: a literal mixes numbers and lists in one list")
      elements.append(value)
    case .list(let items):
      if depth == sizes.count {
        require(elements.isEmpty, "tensor: a literal mixes numbers and lists in one list")
        sizes.append(items.count)
      }
      require(
        items.count == sizes[depth],
        "tensor: lists of a literal differ in length: \(items.count) and \(sizes[depth])")
      for item in items { item.append(to: &elements, sizes: &sizes, depth: depth + 1) }
    }
  }
}

extension TensorLiteral: ExpressibleByArrayLiteral {
  /// A list of literals.
  public init(arrayLiteral elements: TensorLiteral...) { self = .list(elements) }
}

extension TensorLiteral: ExpressibleByIntegerLiteral where Scalar: TensorNumber {
  /// A whole number; an integer element type must be able to hold it.
  public init(integerLiteral value: Int) {
    let exact = Scalar(exactly: value)
    require(
      exact != nil || !(Scalar.self is any FixedWidthInteger.Type),
      "tensor: the literal \(value) does not fit in \(Scalar.self)")
    self = .element(exact ?? Scalar(converting: Double(value)))
  }
}

extension TensorLiteral: ExpressibleByFloatLiteral
where Scalar: TensorNumber & BinaryFloatingPoint {
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .element(Scalar(converting: value)) }
}

extension TensorLiteral where Scalar: TensorFloat {
  /// Not a number: `[1, .nan]`.
  public static var nan: TensorLiteral { .element(.nan) }
  /// Positive infinity: `[1, .infinity]`.
  public static var infinity: TensorLiteral { .element(.infinity) }
  /// The circle constant π.
  public static var pi: TensorLiteral { .element(.pi) }

  /// The literal with each element negated: `[1, -.infinity]`.
  public static prefix func - (literal: TensorLiteral) -> TensorLiteral {
    switch literal {
    case .element(let value): .element(-value)
    case .list(let items): .list(items.map { -$0 })
    }
  }
}

extension TensorLiteral: ExpressibleByBooleanLiteral where Scalar == Bool {
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .element(value) }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// A tensor written as nested lists: `[[1, 2], [3, 4]]`.
  public init(arrayLiteral elements: TensorLiteral<Scalar>...) {
    var values: [Scalar] = []
    var sizes: [Int] = []
    TensorLiteral.list(elements).append(to: &values, sizes: &sizes, depth: 0)
    self.init(values, shape: TensorShape(sizes))
  }
}
