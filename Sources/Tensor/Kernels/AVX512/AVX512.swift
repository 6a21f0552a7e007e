// AVX-512: vectors of 512 bits, fused multiply-add, masks for partial vectors.

#if arch(x86_64)
import KernelTemplate
import _Builtin_intrinsics.intel

/// The kernels for `Float`, compiled for AVX-512.
public let float = Kernels<Float>(AVX512Float.self)
/// The kernels for `Double`, compiled for AVX-512.
public let double = Kernels<Double>(AVX512Double.self)

enum AVX512Float: InstructionSet {
  typealias Vector = SIMD16<Float>
  @inline(__always) static var accumulators: Int { 24 }
  @inline(__always) static var isFused: Bool { true }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    _mm512_fmadd_ps(a, b, c)
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
  @inline(__always) static func evenLanes(_ a: Vector, _ b: Vector) -> Vector {
    var result = a
    result.lowHalf = a.evenHalf
    result.highHalf = b.evenHalf
    return result
  }
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector { _mm512_sqrt_ps(a) }
  @inline(__always) static func scale(_ a: Vector, byPowerOfTwo n: Vector) -> Vector {
    _mm512_scalef_ps(a, n)
  }
  @inline(__always) static func exchange(_ v: Vector, _ distance: Int) -> Vector {
    let lanes = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let from = lanes ^ SIMD16(repeating: Int32(truncatingIfNeeded: distance))
    return _mm512_permutexvar_ps(unsafeBitCast(from, to: SIMD8<Int64>.self), v)
  }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool {
    _mm512_movepi32_mask(unsafeBitCast(v, to: SIMD8<Int64>.self)) != 0
  }
  @inline(__always) static func load(_ p: UnsafePointer<Float>, count: Int) -> Vector {
    _mm512_maskz_loadu_ps(UInt16(truncatingIfNeeded: (1 &<< count) &- 1), p)
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Float>, count: Int) {
    _mm512_mask_storeu_ps(p, UInt16(truncatingIfNeeded: (1 &<< count) &- 1), value)
  }
}

enum AVX512Double: InstructionSet {
  typealias Vector = SIMD8<Double>
  @inline(__always) static var accumulators: Int { 24 }
  @inline(__always) static var isFused: Bool { true }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    _mm512_fmadd_pd(a, b, c)
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
  @inline(__always) static func evenLanes(_ a: Vector, _ b: Vector) -> Vector {
    var result = a
    result.lowHalf = a.evenHalf
    result.highHalf = b.evenHalf
    return result
  }
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector { _mm512_sqrt_pd(a) }
  @inline(__always) static func scale(_ a: Vector, byPowerOfTwo n: Vector) -> Vector {
    _mm512_scalef_pd(a, n)
  }
  @inline(__always) static func exchange(_ v: Vector, _ distance: Int) -> Vector {
    let from = SIMD8<Int64>(0, 1, 2, 3, 4, 5, 6, 7) ^ SIMD8(repeating: Int64(distance))
    return _mm512_permutexvar_pd(from, v)
  }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool {
    _mm512_movepi64_mask(unsafeBitCast(v, to: SIMD8<Int64>.self)) != 0
  }
  @inline(__always) static func load(_ p: UnsafePointer<Double>, count: Int) -> Vector {
    _mm512_maskz_loadu_pd(UInt8(truncatingIfNeeded: (1 &<< count) &- 1), p)
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Double>, count: Int) {
    _mm512_mask_storeu_pd(p, UInt8(truncatingIfNeeded: (1 &<< count) &- 1), value)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD16: Lanes where Scalar == Float {
  public typealias Integers = SIMD16<Int32>
  public typealias Mask = SIMDMask<SIMD16<Int32>>
  @inline(__always) public static var count: Int { 16 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Float(value))
  }
  @inline(__always) public var bits: SIMD16<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self) }
  @inline(__always) public init(bits: SIMD16<Int32>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD8: Lanes where Scalar == Double {
  public typealias Integers = SIMD8<Int64>
  public typealias Mask = SIMDMask<SIMD8<Int64>>
  @inline(__always) public static var count: Int { 8 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Double(value))
  }
  @inline(__always) public var bits: SIMD8<Int64> { unsafeBitCast(self, to: SIMD8<Int64>.self) }
  @inline(__always) public init(bits: SIMD8<Int64>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD16: IntegerLanes where Scalar == Int32 {
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
extension SIMD8: IntegerLanes where Scalar == Int64 {
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
