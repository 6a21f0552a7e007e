// AVX2 and FMA: vectors of 256 bits, fused multiply-add.

#if arch(x86_64)
import KernelTemplate
import _Builtin_intrinsics.intel

/// The kernels for `Float`, compiled for AVX2 and FMA.
public let float = Kernels<Float>(AVX2Float.self)
/// The kernels for `Double`, compiled for AVX2 and FMA.
public let double = Kernels<Double>(AVX2Double.self)

enum AVX2Float: InstructionSet {
  typealias Vector = SIMD8<Float>
  @inline(__always) static var accumulators: Int { 12 }
  @inline(__always) static var isFused: Bool { true }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    _mm256_fmadd_ps(a, b, c)
  }
  @inline(__always)
  static func interleave(_ a: Vector, _ b: Vector) -> (low: Vector, high: Vector) {
    var (low, high) = (a, b)
    low.evenHalf = a.lowHalf
    low.oddHalf = b.lowHalf
    high.evenHalf = a.highHalf
    high.oddHalf = b.highHalf
    return (low, high)
  }
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector { _mm256_sqrt_ps(a) }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool { _mm256_movemask_ps(v) != 0 }
  /// Ones in the first `count` lanes.
  @inline(__always) private static func mask(_ count: Int) -> SIMD4<Int64> {
    let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &- Int32(truncatingIfNeeded: count)
    return unsafeBitCast(lanes, to: SIMD4<Int64>.self)
  }
  @inline(__always) static func load(_ p: UnsafePointer<Float>, count: Int) -> Vector {
    _mm256_maskload_ps(p, mask(count))
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Float>, count: Int) {
    _mm256_maskstore_ps(p, mask(count), value)
  }
}

enum AVX2Double: InstructionSet {
  typealias Vector = SIMD4<Double>
  @inline(__always) static var accumulators: Int { 12 }
  @inline(__always) static var isFused: Bool { true }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    _mm256_fmadd_pd(a, b, c)
  }
  @inline(__always)
  static func interleave(_ a: Vector, _ b: Vector) -> (low: Vector, high: Vector) {
    var (low, high) = (a, b)
    low.evenHalf = a.lowHalf
    low.oddHalf = b.lowHalf
    high.evenHalf = a.highHalf
    high.oddHalf = b.highHalf
    return (low, high)
  }
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector { _mm256_sqrt_pd(a) }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool { _mm256_movemask_pd(v) != 0 }
  /// Ones in the first `count` lanes.
  @inline(__always) private static func mask(_ count: Int) -> SIMD4<Int64> {
    SIMD4<Int64>(0, 1, 2, 3) &- Int64(truncatingIfNeeded: count)
  }
  @inline(__always) static func load(_ p: UnsafePointer<Double>, count: Int) -> Vector {
    _mm256_maskload_pd(p, mask(count))
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Double>, count: Int) {
    _mm256_maskstore_pd(p, mask(count), value)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD8: Lanes where Scalar == Float {
  public typealias Integers = SIMD8<Int32>
  public typealias Mask = SIMDMask<SIMD8<Int32>>
  @inline(__always) public static var count: Int { 8 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Float(value))
  }
  @inline(__always) public var bits: SIMD8<Int32> { unsafeBitCast(self, to: SIMD8<Int32>.self) }
  @inline(__always) public init(bits: SIMD8<Int32>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD4: Lanes where Scalar == Double {
  public typealias Integers = SIMD4<Int64>
  public typealias Mask = SIMDMask<SIMD4<Int64>>
  @inline(__always) public static var count: Int { 4 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Double(value))
  }
  @inline(__always) public var bits: SIMD4<Int64> { unsafeBitCast(self, to: SIMD4<Int64>.self) }
  @inline(__always) public init(bits: SIMD4<Int64>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD8: IntegerLanes where Scalar == Int32 {
  @inline(__always) public static func & (a: Self, b: Self) -> Self {
    (SIMDMask(a) .& SIMDMask(b))._storage
  }
  @inline(__always) public static func | (a: Self, b: Self) -> Self {
    (SIMDMask(a) .| SIMDMask(b))._storage
  }
  @inline(__always) public static func ^ (a: Self, b: Self) -> Self {
    (SIMDMask(a) .^ SIMDMask(b))._storage
  }
  @inline(__always) public static func all(_ value: Int) -> Self {
    Self(repeating: Int32(truncatingIfNeeded: value))
  }
}
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD4: IntegerLanes where Scalar == Int64 {
  @inline(__always) public static func & (a: Self, b: Self) -> Self {
    (SIMDMask(a) .& SIMDMask(b))._storage
  }
  @inline(__always) public static func | (a: Self, b: Self) -> Self {
    (SIMDMask(a) .| SIMDMask(b))._storage
  }
  @inline(__always) public static func ^ (a: Self, b: Self) -> Self {
    (SIMDMask(a) .^ SIMDMask(b))._storage
  }
  @inline(__always) public static func all(_ value: Int) -> Self {
    Self(repeating: Int64(truncatingIfNeeded: value))
  }
}
#endif
