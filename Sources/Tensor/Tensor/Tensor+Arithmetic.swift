// Arithmetic and comparison, element by element, with NumPy's broadcasting.
//
// Operands may be tensors or single scalars. `a += b` works in place when no other tensor shares
// the memory of `a`. Comparisons are spelled `.<`, `.==` and so on, as on Swift's SIMD types, and
// give tensors of `Bool`; `==` compares whole tensors.

import KernelTemplate

// MARK: - The one loop behind all operators

extension Tensor where Scalar: TensorNumber {
  /// `a (operation) b` for every element of the broadcast shape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func zipped(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    if Scalar.scalarType.isCarried { return carried(operation, a, b) }
    let result = Tensor(
      uninitialized: TensorShape.broadcast(a.shape, b.shape, operation.name))
    writeZipped(operation, a, b, to: result.storage.base, shape: result.shape)
    return result
  }

  /// `a (operation) b` for every element of `a`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func zipped(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Scalar
  ) -> Tensor {
    if Scalar.scalarType.isCarried { return carried(operation, a, Tensor(b)) }
    let result = Tensor(uninitialized: a.shape)
    withUnsafePointer(to: b) { b in
      writeZipped(
        operation, a.operand, LoopOperand(b), to: result.storage.base, shape: a.shape)
    }
    withExtendedLifetime(a) {}
    return result
  }

  /// `a (operation) b` for every element of `b`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func zipped(
    _ operation: BinaryOperation, _ a: Scalar, _ b: Tensor
  ) -> Tensor {
    if Scalar.scalarType.isCarried { return carried(operation, Tensor(a), b) }
    let result = Tensor(uninitialized: b.shape)
    withUnsafePointer(to: a) { a in
      writeZipped(
        operation, LoopOperand(a), b.operand, to: result.storage.base, shape: b.shape)
    }
    withExtendedLifetime(b) {}
    return result
  }

  /// `a (operation)= b`; in place if no other tensor shares the memory of `a` and the shape does
  /// not change.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func formZipped(
    _ operation: BinaryOperation, _ a: inout Tensor, _ b: Tensor
  ) {
    let shape = TensorShape.broadcast(a.shape, b.shape, operation.name)
    require(
      shape == a.shape,
      "\(operation.name): a result of shape \(shape) does not fit into shape \(a.shape); "
        + "assign it to a new tensor")
    guard !Scalar.scalarType.isCarried, a.isContiguous, isKnownUniquelyReferenced(&a.storage) else {
      a = zipped(operation, a, b)
      return
    }
    let base = a.storage.base + a.offset
    writeZipped(operation, a, b, to: base, shape: a.shape)
  }

  /// Writes `a (operation) b`, broadcast to `shape`, to `y` in row-major order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func writeZipped(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor,
    to y: UnsafeMutablePointer<Scalar>, shape: TensorShape
  ) {
    let (baseA, baseB) = (a.base, b.base)
    if a.shape == shape && b.shape == shape && a.isContiguous && b.isContiguous {
      // The common case needs no walk over axes.
      Parallel.overParts(of: shape.elementCount) { start, count in
        Loops.zip(operation, baseA + start, 1, baseB + start, 1, y + start, count)
      }
    } else {
      writeZipped(operation, a.operand, b.operand, to: y, shape: shape)
    }
    withExtendedLifetime((a, b)) {}
  }

  private static func writeZipped(
    _ operation: BinaryOperation, _ a: LoopOperand<Scalar>, _ b: LoopOperand<Scalar>,
    to y: UnsafeMutablePointer<Scalar>, shape: TensorShape
  ) {
    forEachPart(of: shape, a, b) { a, aStep, b, bStep, start, count in
      Loops.zip(operation, a, aStep, b, bStep, y + start, count)
    }
  }

  package static func compared(
    _ comparison: Comparison, _ a: Tensor, _ b: Tensor
  ) -> Tensor<Bool> {
    if Scalar.scalarType.isCarried {
      return Tensor<Scalar.Carrier>.compared(comparison, a.orderedCarrier, b.orderedCarrier)
    }
    let result = Tensor<Bool>(
      uninitialized: TensorShape.broadcast(a.shape, b.shape, "\(comparison)"))
    let y = result.storage.base
    forEachPart(of: result.shape, a.operand, b.operand) { a, aStep, b, bStep, start, count in
      Loops.compare(comparison, a, aStep, b, bStep, y + start, count)
    }
    withExtendedLifetime((a, b)) {}
    return result
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Writes `a b + c`, broadcast to `shape`, to `y` in row-major order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package static func writeMultiplyAdd(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, to y: UnsafeMutablePointer<Scalar>, shape: TensorShape
  ) {
    let c = c.broadcast(to: shape).contiguous()
    let addends = c.base
    forEachPart(of: shape, a.operand, b.operand) { a, aStep, b, bStep, start, count in
      Loops.multiplyAdd(a, aStep, b, bStep, addends + start, y + start, count)
    }
    withExtendedLifetime((a, b, c)) {}
  }
}

extension BinaryOperation {
  /// The operation's name in error messages.
  package var name: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply: "multiply"
    case .divide: "divide"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .power: "power"
    }
  }
}

// MARK: - Operators

extension Tensor where Scalar: TensorNumber {
  /// The sum of corresponding elements.
  public static func + (a: Tensor, b: Tensor) -> Tensor { zipped(.add, a, b) }
  /// Each element plus `b`.
  public static func + (a: Tensor, b: Scalar) -> Tensor { zipped(.add, a, b) }
  /// `a` plus each element.
  public static func + (a: Scalar, b: Tensor) -> Tensor { zipped(.add, a, b) }
  /// Adds the corresponding elements of `b`.
  public static func += (a: inout Tensor, b: Tensor) { formZipped(.add, &a, b) }
  /// Adds `b` to each element.
  public static func += (a: inout Tensor, b: Scalar) { formZipped(.add, &a, Tensor(b)) }

  /// The difference of corresponding elements.
  public static func - (a: Tensor, b: Tensor) -> Tensor { zipped(.subtract, a, b) }
  /// Each element minus `b`.
  public static func - (a: Tensor, b: Scalar) -> Tensor { zipped(.subtract, a, b) }
  /// `a` minus each element.
  public static func - (a: Scalar, b: Tensor) -> Tensor { zipped(.subtract, a, b) }
  /// Subtracts the corresponding elements of `b`.
  public static func -= (a: inout Tensor, b: Tensor) { formZipped(.subtract, &a, b) }
  /// Subtracts `b` from each element.
  public static func -= (a: inout Tensor, b: Scalar) { formZipped(.subtract, &a, Tensor(b)) }

  /// The product of corresponding elements; for the matrix product see `matmul(_:_:)`.
  public static func * (a: Tensor, b: Tensor) -> Tensor { zipped(.multiply, a, b) }
  /// Each element times `b`.
  public static func * (a: Tensor, b: Scalar) -> Tensor { zipped(.multiply, a, b) }
  /// `a` times each element.
  public static func * (a: Scalar, b: Tensor) -> Tensor { zipped(.multiply, a, b) }
  /// Multiplies by the corresponding elements of `b`.
  public static func *= (a: inout Tensor, b: Tensor) { formZipped(.multiply, &a, b) }
  /// Multiplies each element by `b`.
  public static func *= (a: inout Tensor, b: Scalar) { formZipped(.multiply, &a, Tensor(b)) }
}

extension Tensor where Scalar: TensorFloat {
  /// The quotient of corresponding elements.
  public static func / (a: Tensor, b: Tensor) -> Tensor { zipped(.divide, a, b) }
  /// Each element divided by `b`.
  public static func / (a: Tensor, b: Scalar) -> Tensor { zipped(.divide, a, b) }
  /// `a` divided by each element.
  public static func / (a: Scalar, b: Tensor) -> Tensor { zipped(.divide, a, b) }
  /// Divides by the corresponding elements of `b`.
  public static func /= (a: inout Tensor, b: Tensor) { formZipped(.divide, &a, b) }
  /// Divides each element by `b`.
  public static func /= (a: inout Tensor, b: Scalar) { formZipped(.divide, &a, Tensor(b)) }

  /// The tensor with each element negated.
  public static prefix func - (a: Tensor) -> Tensor { a.mapped(.negate) }
}

/// The smaller of corresponding elements; NaN where either is NaN.
public func minimum<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.zipped(.minimum, a, b) }

/// The larger of corresponding elements; NaN where either is NaN.
public func maximum<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.zipped(.maximum, a, b) }

/// The smaller of each element and `b`.
public func minimum<Scalar: TensorNumber>(_ a: Tensor<Scalar>, _ b: Scalar) -> Tensor<Scalar> {
  Tensor.zipped(.minimum, a, b)
}

/// The smaller of `a` and each element.
public func minimum<Scalar: TensorNumber>(_ a: Scalar, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor.zipped(.minimum, a, b)
}

/// The larger of each element and `b`.
public func maximum<Scalar: TensorNumber>(_ a: Tensor<Scalar>, _ b: Scalar) -> Tensor<Scalar> {
  Tensor.zipped(.maximum, a, b)
}

/// The larger of `a` and each element.
public func maximum<Scalar: TensorNumber>(_ a: Scalar, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor.zipped(.maximum, a, b)
}

extension Tensor where Scalar: TensorNumber {
  /// Each element, but at least `range.lowerBound` and at most `range.upperBound`; NaN stays.
  public func clipped(to range: ClosedRange<Scalar>) -> Tensor {
    minimum(maximum(self, range.lowerBound), range.upperBound)
  }

  /// Each element, but at least `range.lowerBound`: `x.clipped(to: 0...)`; NaN stays.
  public func clipped(to range: PartialRangeFrom<Scalar>) -> Tensor {
    maximum(self, range.lowerBound)
  }

  /// Each element, but at most `range.upperBound`: `x.clipped(to: ...1)`; NaN stays.
  public func clipped(to range: PartialRangeThrough<Scalar>) -> Tensor {
    minimum(self, range.upperBound)
  }
}

/// Each element of `base` raised to the corresponding element of `exponent`.
public func pow<Scalar: TensorFloat>(
  _ base: Tensor<Scalar>, _ exponent: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.zipped(.power, base, exponent) }

/// Each element of `base` raised to `exponent`.
public func pow<Scalar: TensorFloat>(
  _ base: Tensor<Scalar>, _ exponent: Scalar
) -> Tensor<Scalar> { Tensor.zipped(.power, base, exponent) }

/// `base` raised to each element of `exponent`.
public func pow<Scalar: TensorFloat>(
  _ base: Scalar, _ exponent: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.zipped(.power, base, exponent) }

/// Each element of `a` times that of `b`, plus that of `c`, in one pass over memory.
///
/// If the instruction set has a fused multiply-add, the result is rounded once, so it may differ
/// from `a * b + c` in the last bit.
public func multiplyAdd<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ c: Tensor<Scalar>
) -> Tensor<Scalar> {
  let product = TensorShape.broadcast(a.shape, b.shape, "multiplyAdd")
  let result = Tensor<Scalar>(
    uninitialized: TensorShape.broadcast(product, c.shape, "multiplyAdd"))
  Tensor.writeMultiplyAdd(a, b, c, to: result.storage.base, shape: result.shape)
  return result
}

// MARK: - Comparison

extension Tensor where Scalar: TensorNumber {
  /// Whether each element of `a` equals the corresponding one of `b`.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.equal, a, b) }
  /// Whether each element of `a` equals `b`.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.equal, a, Tensor(b))
  }
  /// Whether each element of `a` differs from the corresponding one of `b`.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.notEqual, a, b) }
  /// Whether each element of `a` differs from `b`.
  public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.notEqual, a, Tensor(b))
  }
  /// Whether each element of `a` is less than the corresponding one of `b`.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.less, a, b) }
  /// Whether each element of `a` is less than `b`.
  public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.less, a, Tensor(b))
  }
  /// Whether each element of `a` is at most the corresponding one of `b`.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.lessOrEqual, a, b) }
  /// Whether each element of `a` is at most `b`.
  public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.lessOrEqual, a, Tensor(b))
  }
  /// Whether each element of `a` is greater than the corresponding one of `b`.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.greater, a, b) }
  /// Whether each element of `a` is greater than `b`.
  public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.greater, a, Tensor(b))
  }
  /// Whether each element of `a` is at least the corresponding one of `b`.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.greaterOrEqual, a, b) }
  /// Whether each element of `a` is at least `b`.
  public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    compared(.greaterOrEqual, a, Tensor(b))
  }

  /// Whether `a` equals each element.
  public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> {
    compared(.equal, Tensor(a), b)
  }
  /// Whether `a` differs from each element.
  public static func .!= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    compared(.notEqual, Tensor(a), b)
  }
  /// Whether `a` is less than each element.
  public static func .< (a: Scalar, b: Tensor) -> Tensor<Bool> { compared(.less, Tensor(a), b) }
  /// Whether `a` is at most each element.
  public static func .<= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    compared(.lessOrEqual, Tensor(a), b)
  }
  /// Whether `a` is greater than each element.
  public static func .> (a: Scalar, b: Tensor) -> Tensor<Bool> {
    compared(.greater, Tensor(a), b)
  }
  /// Whether `a` is at least each element.
  public static func .>= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    compared(.greaterOrEqual, Tensor(a), b)
  }
}
