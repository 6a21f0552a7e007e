// The set that every machine has: vectors of 128 bits (SSE2 on x86-64, NEON on arm64).

import KernelTemplate

#if arch(x86_64)
import _Builtin_intrinsics.intel
#endif

/// The kernels for `Float`, compiled for the target's baseline.
public let float = Kernels<Float>(PortableFloat.self)
/// The kernels for `Double`, compiled for the target's baseline.
public let double = Kernels<Double>(PortableDouble.self)

#if arch(arm64)
/// Of NEON's 32 registers.
private let portableAccumulators = 24
private let portableIsFused = true
#else
/// Of SSE2's 16 registers, which products and copies need too for want of a fused multiply-add.
private let portableAccumulators = 6
private let portableIsFused = false
#endif

enum PortableFloat: InstructionSet {
  typealias Vector = SIMD4<Float>
  @inline(__always) static var accumulators: Int { portableAccumulators }
  @inline(__always) static var isFused: Bool { portableIsFused }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    #if arch(arm64)
    c.addingProduct(a, b)
    #else
    // Without FMA instructions `addingProduct` would call the C library for each lane.
    c + a * b
    #endif
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
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector {
    #if arch(x86_64)
    _mm_sqrt_ps(a)
    #else
    Vector(a.x.squareRoot(), a.y.squareRoot(), a.z.squareRoot(), a.w.squareRoot())
    #endif
  }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool {
    #if arch(x86_64)
    _mm_movemask_ps(v) != 0
    #else
    (v.bits.x | v.bits.y | v.bits.z | v.bits.w) < 0
    #endif
  }
  @inline(__always) static func load(_ p: UnsafePointer<Float>, count: Int) -> Vector {
    var result = Vector()
    for i in 0..<4 where i < count { result[i] = p[i] }
    return result
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<4 where i < count { p[i] = value[i] }
  }
}

enum PortableDouble: InstructionSet {
  typealias Vector = SIMD2<Double>
  @inline(__always) static var accumulators: Int { portableAccumulators }
  @inline(__always) static var isFused: Bool { portableIsFused }
  @inline(__always) static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
    #if arch(arm64)
    c.addingProduct(a, b)
    #else
    c + a * b
    #endif
  }
  @inline(__always)
  static func interleave(_ a: Vector, _ b: Vector) -> (low: Vector, high: Vector) {
    (Vector(a.x, b.x), Vector(a.y, b.y))
  }
  @inline(__always) static func squareRoot(_ a: Vector) -> Vector {
    #if arch(x86_64)
    _mm_sqrt_pd(a)
    #else
    Vector(a.x.squareRoot(), a.y.squareRoot())
    #endif
  }
  @inline(__always) static func hasSign(_ v: Vector) -> Bool {
    #if arch(x86_64)
    _mm_movemask_pd(v) != 0
    #else
    (v.bits.x | v.bits.y) < 0
    #endif
  }
  @inline(__always) static func load(_ p: UnsafePointer<Double>, count: Int) -> Vector {
    count > 1 ? Vector(p[0], p[1]) : count == 1 ? Vector(p[0], 0) : Vector()
  }
  @inline(__always)
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Double>, count: Int) {
    for i in 0..<2 where i < count { p[i] = value[i] }
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD4: Lanes where Scalar == Float {
  public typealias Integers = SIMD4<Int32>
  public typealias Mask = SIMDMask<SIMD4<Int32>>
  @inline(__always) public static var count: Int { 4 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Float(value))
  }
  @inline(__always) public var bits: SIMD4<Int32> { unsafeBitCast(self, to: SIMD4<Int32>.self) }
  @inline(__always) public init(bits: SIMD4<Int32>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD2: Lanes where Scalar == Double {
  public typealias Integers = SIMD2<Int64>
  public typealias Mask = SIMDMask<SIMD2<Int64>>
  @inline(__always) public static var count: Int { 2 }
  @inline(__always) public static func all(_ value: Double) -> Self {
    Self(repeating: Double(value))
  }
  @inline(__always) public var bits: SIMD2<Int64> { unsafeBitCast(self, to: SIMD2<Int64>.self) }
  @inline(__always) public init(bits: SIMD2<Int64>) { self = unsafeBitCast(bits, to: Self.self) }
  @inline(__always) public func replacing(with other: Self, where mask: Mask) -> Self {
    let bits = unsafeBitCast(self, to: Mask.self)
    return unsafeBitCast(
      bits.replacing(with: unsafeBitCast(other, to: Mask.self), where: mask), to: Self.self)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SIMD4: IntegerLanes where Scalar == Int32 {
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
extension SIMD2: IntegerLanes where Scalar == Int64 {
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
