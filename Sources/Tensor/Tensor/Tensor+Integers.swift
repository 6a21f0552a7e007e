// Integer operations beyond + - *, and all forms of division.
//
// Overflow wraps around and does not stop, as in NumPy: a check per element would prevent
// vectorisation, and byte images rely on wrapping. Division by zero has no such result, so it
// stops.
//
//     a / b, a % b              integers: towards zero, as Swift's `Int` (-7 / 2 == -3)
//     floorDivide(a, b), mod    any numbers: towards -infinity, as NumPy's // and % (-4, and 1)
//     fmod(a, b)                floats: the remainder with the sign of a, as C's

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Tensor where Scalar: TensorNumber & FixedWidthInteger {
  /// The quotient of corresponding elements without its fraction.
  public static func / (a: Tensor, b: Tensor) -> Tensor { divided(a, b, "divide", .quotient) }
  /// Each element divided by `b`, without the fraction.
  public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
  /// `a` divided by each element, without the fraction.
  public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }
  /// Divides by the corresponding elements of `b`.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Divides each element by `b`.
  public static func /= (a: inout Tensor, b: Scalar) { a = a / b }

  /// The remainder `a - b (a / b)` of corresponding elements; its sign is that of `a`.
  public static func % (a: Tensor, b: Tensor) -> Tensor {
    divided(a, b, "remainder", .remainder)
  }
  /// The remainder of each element divided by `b`.
  public static func % (a: Tensor, b: Scalar) -> Tensor { a % Tensor(b) }
  /// The remainder of `a` divided by each element.
  public static func % (a: Scalar, b: Tensor) -> Tensor { Tensor(a) % b }
}

extension Tensor where Scalar: TensorNumber & FixedWidthInteger & SignedInteger {
  /// The tensor with each element negated.
  public static prefix func - (a: Tensor) -> Tensor { 0 - a }
}

/// The largest whole number that is at most the quotient of corresponding elements: NumPy's `//`.
public func floorDivide<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.divided(a, b, "floorDivide", .floorQuotient) }

/// The largest whole number that is at most each element divided by `b`.
public func floorDivide<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { floorDivide(a, Tensor(b)) }

/// The remainder of ``floorDivide(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``; its sign is that of `b`:
/// NumPy's `%`.
public func mod<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.divided(a, b, "mod", .modulus) }

/// The remainder of each element divided by `b`, with the quotient rounded down; its sign is that
/// of `b`.
public func mod<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { mod(a, Tensor(b)) }

/// The remainder of dividing corresponding elements; its sign is that of `a`.
public func fmod<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> { Tensor.divided(a, b, "fmod", .remainder) }

/// The remainder of each element divided by `b`; its sign is the element's.
public func fmod<Scalar: TensorFloat>(
  _ a: Tensor<Scalar>, _ b: Scalar
) -> Tensor<Scalar> { fmod(a, Tensor(b)) }

/// The absolute value of each element; that of the smallest integer wraps around to itself.
public func abs<Scalar: TensorNumber & FixedWidthInteger>(
  _ x: Tensor<Scalar>
) -> Tensor<Scalar> { Scalar.isSigned ? x.withIntegers { $0 < 0 ? 0 &- $0 : $0 } : x }

/// -1, 0 or 1 with the sign of each element.
public func sign<Scalar: TensorNumber & FixedWidthInteger>(
  _ x: Tensor<Scalar>
) -> Tensor<Scalar> { Scalar.isSigned ? x.withIntegers { $0.signum() } : minimum(x, 1) }

/// The square of each element.
public func square<Scalar: TensorNumber & FixedWidthInteger>(
  _ x: Tensor<Scalar>
) -> Tensor<Scalar> { x * x }

/// Repeated division by one number, as multiplication by 2ᵏ / d (Granlund and Montgomery,
/// "Division by Invariant Integers using Multiplication", 1994).
private struct FloorDivisor {
  private let divisor: Int
  private let factor: UInt
  private let shift: UInt

  /// Nil unless the divisor is at least 2.
  init?(_ divisor: Int) {
    guard divisor >= 2 else { return nil }
    self.divisor = divisor
    // With 2^(L-1) < d <= 2^L, the factor 2^(63+L) / d, rounded up, has 64 bits and is exact enough
    // for 63-bit numerators.
    let length = Int.bitWidth - (divisor - 1).leadingZeroBitCount
    let high = UInt(1) << (length - 1)
    factor = UInt(divisor).dividingFullWidth((high, 0)).quotient &+ 1
    shift = UInt(length - 1)
  }

  /// The largest integer that is at most n / d.
  @inline(__always)
  func quotient(_ n: Int) -> Int {
    // For a negative number, use its complement, which is not negative.
    let sign = n &>> 63
    let high = factor.multipliedFullWidth(by: UInt(bitPattern: n ^ sign)).high
    return Int(bitPattern: high &>> shift) ^ sign
  }

  /// The remainder of n / d.
  @inline(__always)
  func modulus(_ n: Int) -> Int { n &- quotient(n) &* divisor }
}

private enum Division { case quotient, remainder, floorQuotient, modulus }

extension Tensor where Scalar: TensorNumber {
  /// `f` of each signed integer.
  fileprivate func withIntegers(_ f: (Int) -> Int) -> Tensor {
    switch Scalar.scalarType {
    case .int32:
      cast(to: Int32.self).mapElements { Int32(truncatingIfNeeded: f(Int($0))) }
        .cast(to: Scalar.self)
    case .int64: cast(to: Int.self).mapElements(f).cast(to: Scalar.self)
    case .int8, .int16: Tensor(carrier: carrier.withIntegers(f))
    default: fail("\(Scalar.self) is no signed integer")
    }
  }

  fileprivate static func divided(
    _ a: Tensor, _ b: Tensor, _ name: String, _ division: Division
  ) -> Tensor {
    switch Scalar.scalarType {
    case .uint8:
      divide(a.cast(to: UInt8.self), b.cast(to: UInt8.self), name, division).cast(to: Scalar.self)
    case .int32:
      divide(a.cast(to: Int32.self), b.cast(to: Int32.self), name, division).cast(to: Scalar.self)
    case .int64:
      divide(a.cast(to: Int.self), b.cast(to: Int.self), name, division).cast(to: Scalar.self)
    case .float32:
      divide(a.cast(to: Float.self), b.cast(to: Float.self), name, division).cast(to: Scalar.self)
    case .float64:
      divide(a.cast(to: Double.self), b.cast(to: Double.self), name, division).cast(to: Scalar.self)
    case .uint64:
      divide(a.cast(to: UInt64.self), b.cast(to: UInt64.self), name, division)
        .cast(to: Scalar.self)
    case .int8, .uint16, .int16, .uint32, .float16:
      Tensor(carrier: .divided(a.carrier, b.carrier, name, division))
    case .bool: fail("\(name): truth values cannot be divided")
    }
  }
}

private func divide<Integer: TensorNumber & FixedWidthInteger>(
  _ a: Tensor<Integer>, _ b: Tensor<Integer>, _ name: String, _ division: Division
) -> Tensor<Integer> {
  if b.count == 1 && b.rank <= a.rank, division == .floorQuotient || division == .modulus,
    Integer.isSigned || Integer.bitWidth < 64, let divisor = FloorDivisor(Int(b.elements[0]))
  {
    return division == .floorQuotient
      ? a.mapElements { Integer(truncatingIfNeeded: divisor.quotient(Int($0))) }
      : a.mapElements { Integer(truncatingIfNeeded: divisor.modulus(Int($0))) }
  }
  require(!(b .== 0).any(), "\(name): the divisor has a zero; integers have no infinity or NaN")
  return a.zipElements(b, name) { x, y in
    // The smallest integer divided by -1 is too large: it wraps around.
    let quotient = x.dividedReportingOverflow(by: y).partialValue
    let remainder = x &- quotient &* y
    let isBelow = remainder != 0 && (remainder < 0) != (y < 0)
    return switch division {
    case .quotient: quotient
    case .remainder: remainder
    case .floorQuotient: isBelow ? quotient &- 1 : quotient
    case .modulus: isBelow ? remainder &+ y : remainder
    }
  }
}

private func divide<Float: TensorFloat>(
  _ a: Tensor<Float>, _ b: Tensor<Float>, _ name: String, _ division: Division
) -> Tensor<Float> {
  // As in Python, from the exact remainder, so that a == b floor(a / b) + mod(a, b).
  func modulus(_ x: Float, _ y: Float) -> Float {
    let r = x.truncatingRemainder(dividingBy: y)
    if r == 0 { return Float(signOf: y, magnitudeOf: 0) }
    return (r < 0) != (y < 0) ? r + y : r
  }
  func floorQuotient(_ x: Float, _ y: Float) -> Float {
    if y == 0 { return x / y }
    let r = x.truncatingRemainder(dividingBy: y)
    var quotient = (x - r) / y
    if r != 0 && (r < 0) != (y < 0) { quotient -= 1 }
    if quotient == 0 { return Float(signOf: x / y, magnitudeOf: 0) }
    let whole = quotient.rounded(.down)
    return quotient - whole > 0.5 ? whole + 1 : whole
  }
  return a.zipElements(b, name) { x, y in
    switch division {
    case .quotient: return (x / y).rounded(.towardZero)
    case .remainder: return x.truncatingRemainder(dividingBy: y)
    case .floorQuotient: return floorQuotient(x, y)
    case .modulus: return y == 0 ? .nan : modulus(x, y)
    }
  }
}
