// The element types of tensors, in three levels: types that can be stored (`TensorScalar`), types
// with arithmetic (`TensorNumber`), and types with vectorised mathematics (`TensorFloat`).
//
// The set is closed. Every loop over elements is compiled for each type and chosen by `ScalarType`,
// so generic code stays short and its loops stay concrete.

import KernelTemplate

/// The element type of a tensor, as a value: NumPy's `dtype`.
public enum ScalarType: String, Sendable, CaseIterable {
  /// The type `Bool`.
  case bool
  /// The type `UInt8`.
  case uint8
  /// The type `Int8`.
  case int8
  /// The type `UInt16`.
  case uint16
  /// The type `Int16`.
  case int16
  /// The type `UInt32`.
  case uint32
  /// The type `Int32`.
  case int32
  /// The type `UInt64`.
  case uint64
  /// The type `Int` and `Int64`.
  case int64
  /// The type `Float16`.
  case float16
  /// The type `Float`.
  case float32
  /// The type `Double`.
  case float64
}

/// A type whose values a tensor can hold: `Bool`, integers of 8 to 64 bits, `Float16`, `Float`,
/// `Double`.
///
/// Loops exist for `Bool`, `UInt8`, `Int32`, `Int64`, `Int`, `Float` and `Double`. The other types
/// are for storage and files; their ``Carrier`` computes for them.
public protocol TensorScalar: BitwiseCopyable, Sendable, Hashable, CustomStringConvertible {
  /// The type that computes for this one: itself, or a wider one that holds all its values.
  associatedtype Carrier: TensorScalar = Self
  /// The type's tag at run time: NumPy's `dtype`.
  static var scalarType: ScalarType { get }
  /// The value that new storage is filled with: zero or false.
  static var zero: Self { get }
}

/// A scalar with arithmetic and an order.
///
/// Integers wrap around on overflow, as NumPy's do.
public protocol TensorNumber: TensorScalar, Numeric, Comparable where Carrier: TensorNumber {
  /// The number nearest to `value` that the type can hold; integers drop the fraction.
  init(converting value: Double)
  /// The number as `Double`, rounded if it has more than 53 significant bits.
  var asDouble: Double { get }
}

/// A floating-point scalar, `Float` or `Double`: the types that networks compute with.
public protocol TensorFloat: TensorNumber, BinaryFloatingPoint, LosslessStringConvertible {
  /// The address of the `Kernels` for this type; the library reads it through `kernels`.
  static var kernelTable: UnsafeRawPointer { get }
}

extension TensorFloat {
  /// The loops for this type, compiled for this machine's instruction set.
  @inline(__always) package static var kernels: UnsafePointer<Kernels<Self>> {
    kernelTable.assumingMemoryBound(to: Kernels<Self>.self)
  }
}

extension Bool: TensorScalar {
  /// The tag of this element type, `.bool`.
  public static var scalarType: ScalarType { .bool }
  /// The value `false`.
  public static var zero: Bool { false }
}

extension TensorNumber where Self: FixedWidthInteger {
  /// The number without its fraction, clamped to the type's range; zero for NaN.
  public init(converting value: Double) {
    self = Self(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
  }
  /// The number as `Double`.
  public var asDouble: Double { Double(self) }
}

extension UInt8: TensorNumber {
  /// The tag of this element type, `.uint8`.
  public static var scalarType: ScalarType { .uint8 }
}

extension Int32: TensorNumber {
  /// The tag of this element type, `.int32`.
  public static var scalarType: ScalarType { .int32 }
}

extension Int64: TensorNumber {
  /// The tag of this element type, `.int64`.
  public static var scalarType: ScalarType { .int64 }
}

extension Int: TensorNumber {
  /// The tag of this element type, `.int64`.
  public static var scalarType: ScalarType { .int64 }
}

extension Float: TensorFloat {
  /// The tag of this element type, `.float32`.
  public static var scalarType: ScalarType { .float32 }
  /// The address of the `Kernels` for this type.
  public static var kernelTable: UnsafeRawPointer { floatTable }
  /// `value` rounded to `Float`.
  public init(converting value: Double) { self = Float(value) }
  /// The number as `Double`.
  public var asDouble: Double { Double(self) }
}

extension Double: TensorFloat {
  /// The tag of this element type, `.float64`.
  public static var scalarType: ScalarType { .float64 }
  /// The address of the `Kernels` for this type.
  public static var kernelTable: UnsafeRawPointer { doubleTable }
  /// `value` itself.
  public init(converting value: Double) { self = value }
  /// The number itself.
  public var asDouble: Double { self }
}

private nonisolated(unsafe) let floatTable = address(of: floatKernels)
private nonisolated(unsafe) let doubleTable = address(of: doubleKernels)

/// A copy of the table at an address that stays valid for the life of the process.
private func address<Scalar>(of table: Kernels<Scalar>) -> UnsafeRawPointer {
  let place = UnsafeMutablePointer<Kernels<Scalar>>.allocate(capacity: 1)
  place.initialize(to: table)
  return UnsafeRawPointer(place)
}
