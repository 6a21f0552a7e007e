// Types for storage and files: small integers, `UInt64` and `Float16`. They have no loops of their
// own. A carrier, a type with loops that can hold all their values, computes for them. Taking the
// low bits of its results gives the right wrap-around. Only the order of `UInt64`, whose values no
// type with loops can hold, needs more: it is compared with its highest bit flipped, which keeps
// the order.

import KernelTemplate

extension ScalarType {
  /// Whether another type, the carrier, computes for this one.
  @inline(__always) var isCarried: Bool {
    switch self {
    case .bool, .uint8, .int32, .int64, .float32, .float64: false
    case .int8, .uint16, .int16, .uint32, .uint64, .float16: true
    }
  }
}

extension Tensor {
  /// The elements converted to the carrier; for `UInt64`, the bits.
  var carrier: Tensor<Scalar.Carrier> {
    Scalar.scalarType == .uint64
      ? cast(to: Scalar.Carrier.self) : Tensor<Scalar.Carrier>(self)
  }

  /// Converts a carrier's result back: the low bits or, for `Float16`, the nearest number.
  init(carrier: Tensor<Scalar.Carrier>) {
    self =
      Scalar.scalarType == .uint64 ? carrier.cast(to: Scalar.self) : Tensor<Scalar>(carrier)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// Carrier values that have the same order as the elements.
  var orderedCarrier: Tensor<Scalar.Carrier> {
    Scalar.scalarType == .uint64 ? carrier.changingHighestBit() : carrier
  }

  /// The elements whose `orderedCarrier` these numbers are.
  init(orderedCarrier: Tensor<Scalar.Carrier>) {
    self.init(
      carrier: Scalar.scalarType == .uint64
        ? orderedCarrier.changingHighestBit() : orderedCarrier)
  }

  private func changingHighestBit() -> Tensor {
    .combined(.exclusiveOr, self, Tensor(Scalar(exactly: Int.min)!))
  }

  /// `a (operation) b` by way of the carrier.
  static func carried(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    operation == .minimum || operation == .maximum
      ? Tensor(orderedCarrier: .zipped(operation, a.orderedCarrier, b.orderedCarrier))
      : Tensor(carrier: .zipped(operation, a.carrier, b.carrier))
  }
}

/// Stops, because a type without loops was used where its carrier belongs.
func failCarried<Scalar: TensorScalar>(_: Scalar.Type, _ name: String) -> Never {
  fail("\(name): there is no loop for \(Scalar.self); convert to \(Scalar.Carrier.self)")
}

// MARK: - The types

extension Int8: TensorNumber {
  /// `Int32`, which holds every value of this type and computes for it.
  public typealias Carrier = Int32
  /// The tag of this element type, `.int8`.
  public static var scalarType: ScalarType { .int8 }
}

extension UInt16: TensorNumber {
  /// `Int32`, which holds every value of this type and computes for it.
  public typealias Carrier = Int32
  /// The tag of this element type, `.uint16`.
  public static var scalarType: ScalarType { .uint16 }
}

extension Int16: TensorNumber {
  /// `Int32`, which holds every value of this type and computes for it.
  public typealias Carrier = Int32
  /// The tag of this element type, `.int16`.
  public static var scalarType: ScalarType { .int16 }
}

extension UInt32: TensorNumber {
  /// `Int`, which holds every value of this type and computes for it.
  public typealias Carrier = Int
  /// The tag of this element type, `.uint32`.
  public static var scalarType: ScalarType { .uint32 }
}

extension UInt64: TensorNumber {
  /// `Int`, which computes for this type on the same bits.
  public typealias Carrier = Int
  /// The tag of this element type, `.uint64`.
  public static var scalarType: ScalarType { .uint64 }
}

// The only platform without the type; the conversion of its bits works everywhere.
#if !(arch(x86_64) && (os(macOS) || targetEnvironment(macCatalyst)))
extension Float16: TensorNumber {
  /// `Float`, which holds every value of this type and computes for it.
  public typealias Carrier = Float
  /// The tag of this element type, `.float16`.
  public static var scalarType: ScalarType { .float16 }
  /// `value` rounded to `Float16`.
  public init(converting value: Double) { self.init(bitPattern: HalfPrecision.bits(of: value)) }
  /// The number as `Double`.
  public var asDouble: Double { Double(HalfPrecision.float(bitPattern)) }
}
#endif

// MARK: - Sixteen bits

/// IEEE 754's 16-bit numbers: a sign, 5 exponent bits and 10 fraction bits.
package enum HalfPrecision {
  /// The number with the given bits.
  ///
  /// Shifted to their places in a Float, exponent and fraction give a number that is too small by a
  /// power of two, the difference of the biases, 127 - 15. The multiplication that corrects it is
  /// exact, also for subnormal numbers.
  @inlinable @inline(__always)
  package static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) &<< 16
    let magnitude = UInt32(bits & 0x7FFF) &<< 13
    let isFinite = magnitude < 0x0F80_0000
    let number = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    return Float(bitPattern: sign | (isFinite ? number : magnitude | 0x7F80_0000))
  }

  /// The bits of the number nearest to `value`; ties go to the even one.
  @inline(__always)
  static func bits(of value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern &>> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 {  // NaN stays NaN, a quiet one.
      return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude &>> 13) & 0x01FF
    }
    if magnitude >= 0x4780_0000 { return sign | 0x7C00 }  // 2¹⁶ and above become infinite
    if magnitude < 0x3880_0000 {
      // Below 2⁻¹⁴, neighbours are 2⁻²⁴ apart, like the Floats from 1/2, so the addition rounds.
      let sum = (Float(bitPattern: magnitude) + 0.5).bitPattern
      return sign | UInt16(truncatingIfNeeded: sum &- 0x3F00_0000)
    }
    let isOdd = (magnitude &>> 13) & 1
    let rounded = magnitude &- 0x3800_0000 &+ 0x0FFF &+ isOdd
    return sign | UInt16(truncatingIfNeeded: rounded &>> 13)
  }

  /// The bits of the number nearest to `value`; ties go to the even one.
  @inline(__always)
  static func bits(of value: Double) -> UInt16 {
    // Rounding twice must not decide a tie, so if Float cannot hold the value, its last bit is made
    // odd.
    let float = Float(value)
    if Double(float) == value || value != value { return bits(of: float) }
    let isAbove = Double(float).magnitude > value.magnitude
    let below = isAbove ? float.bitPattern &- 1 : float.bitPattern
    return bits(of: Float(bitPattern: below | 1))
  }
}
