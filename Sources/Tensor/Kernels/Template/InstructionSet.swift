// What a kernel may ask of an instruction set.
//
// The kernels in this folder are written once, against the two protocols below. Each instruction
// set has a thin module of its own (`../AVX512`, `../AVX2`, `../Portable`) that names its vector
// and the few operations on which the sets differ; compiling the module with the set's flags
// turns the same source into that set's machine code.
//
// Everything here is force-inlined: a helper that stayed a function of its own would be emitted
// by several modules under one name, and the linker might keep the AVX-512 copy for all of them.

/// A vector of floating-point numbers with the arithmetic that every instruction set has.
public protocol Lanes<Scalar>: Sendable {
  /// The element: `Float` or `Double`.
  associatedtype Scalar: BitwiseCopyable
  /// As many integers of the same width.
  associatedtype Integers: IntegerLanes where Integers.Mask == Mask
  /// One truth value per lane.
  associatedtype Mask
  /// The number of lanes.
  static var count: Int { get }
  init(repeating value: Scalar)
  /// The same number in every lane; a constant once inlined.
  static func all(_ value: Double) -> Self
  subscript(lane: Int) -> Scalar { get set }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static func .< (a: Self, b: Self) -> Mask
  static func .<= (a: Self, b: Self) -> Mask
  static func .> (a: Self, b: Self) -> Mask
  static func .>= (a: Self, b: Self) -> Mask
  static func .== (a: Self, b: Self) -> Mask
  static func .!= (a: Self, b: Self) -> Mask
  func replacing(with other: Self, where mask: Mask) -> Self
  /// The same bits, read as integers.
  var bits: Integers { get }
  /// The same bits, read as floating-point numbers.
  init(bits: Integers)
}

/// A vector of signed integers, as wide as the floating-point numbers of its `Lanes`.
public protocol IntegerLanes<Scalar>: Sendable {
  /// The element: `Int32` beside `Float`, `Int64` beside `Double`.
  associatedtype Scalar: BitwiseCopyable
  /// One truth value per lane.
  associatedtype Mask
  init(repeating value: Scalar)
  /// The same number in every lane; a constant once inlined.
  static func all(_ value: Int) -> Self
  subscript(lane: Int) -> Scalar { get set }
  static func &+ (a: Self, b: Self) -> Self
  static func &- (a: Self, b: Self) -> Self
  static func & (a: Self, b: Self) -> Self
  static func | (a: Self, b: Self) -> Self
  static func ^ (a: Self, b: Self) -> Self
  static func &<< (a: Self, b: Self) -> Self
  static func &>> (a: Self, b: Self) -> Self
  static func .< (a: Self, b: Self) -> Mask
  static func .> (a: Self, b: Self) -> Mask
  static func .== (a: Self, b: Self) -> Mask
  func replacing(with other: Self, where mask: Mask) -> Self
}

/// A vector width together with the operations on which the instruction sets differ.
///
/// `Vectors` gives the loads and stores of whole vectors; a conforming type adds the partial ones,
/// the multiply-add and the square root.
public protocol InstructionSet<Scalar>: Sendable {
  /// The element: `Float` or `Double`.
  associatedtype Scalar
  /// The vector that fills one register.
  associatedtype Vector: Lanes where Vector.Scalar == Scalar
  /// How many registers a tile of a matrix product fills with sums: 6, 12 or 24.
  static var accumulators: Int { get }
  /// Whether `multiplyAdd` rounds once.
  static var isFused: Bool { get }
  /// `a * b + c`, in one rounding where the set has a fused multiply-add.
  static func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector
  /// The lanes of two vectors in turn, `a[0], b[0], a[1], b[1], ...`, as two vectors.
  static func interleave(_ a: Vector, _ b: Vector) -> (low: Vector, high: Vector)
  /// Every second lane of two vectors, `a[0], a[2], ..., b[0], b[2], ...`; `MatrixCopy.swift` has it
  /// for sets where the optimizer finds the shuffle by itself.
  static func evenLanes(_ a: Vector, _ b: Vector) -> Vector
  /// The correctly rounded square root of each lane.
  static func squareRoot(_ a: Vector) -> Vector
  /// `2ⁿ a` for integers n, rounded once; `VectorMath.swift` has it for sets without such an
  /// instruction.
  static func scale(_ a: Vector, byPowerOfTwo n: Vector) -> Vector
  /// Lane i from lane i xor `distance`, a power of two; `Reductions.swift` has it for sets where
  /// the optimizer finds the shuffle by itself.
  static func exchange(_ v: Vector, _ distance: Int) -> Vector
  /// Whether the sign bit of any lane is set.
  static func hasSign(_ v: Vector) -> Bool
  /// The first `count` elements at `p`, zeros behind them; reads nothing beyond.
  static func load(_ p: UnsafePointer<Scalar>, count: Int) -> Vector
  /// Writes the first `count` lanes to `p` and nothing beyond.
  static func store(_ value: Vector, to p: UnsafeMutablePointer<Scalar>, count: Int)

  // The rest depends on the scalar alone; `VectorMath.swift`, `Trigonometry.swift` and
  // `ErrorFunction.swift` have it for `Float` and `Double`.

  /// The number as a `Double`, exactly.
  static func double(_ value: Scalar) -> Double
  /// The number of this type nearest to `value`.
  static func scalar(_ value: Double) -> Scalar
  /// The layout of the floating-point format.
  static var format: FloatingPointFormat { get }
  /// `(eʳ - 1 - r) / r²` for |r| ≤ ln 2 / 2.
  static func exponentialSeries(_ r: Vector) -> Vector
  /// `log(1 + f) - f + f² / 2` for √½ - 1 ≤ f ≤ √2 - 1.
  static func logarithmSeries(_ f: Vector) -> Vector
  /// `(tanh x - x) / x³` as a function of z = x², for |x| ≤ 0.55.
  static func tanhSeries(_ z: Vector) -> Vector
  /// `(sin r - r) / r³` as a function of z = r², for |r| ≤ π / 4.
  static func sineSeries(_ z: Vector) -> Vector
  /// `(cos r - 1 + z / 2) / z²` as a function of z = r², for |r| ≤ π / 4.
  static func cosineSeries(_ z: Vector) -> Vector
  /// `erf x / x - 1` as a function of z = x², for |x| ≤ 0.8.
  static func errorFunctionSeries(_ z: Vector) -> Vector
  /// `(a + 4) / 4 · exp(a² / 2) Φ(-a)` as a function of s = (a - 4) / (a + 4), for a ≥ 0.
  static func normalTailSeries(_ s: Vector) -> Vector
  /// `aᵇ` by the C library.
  static func power(_ a: Scalar, _ b: Scalar) -> Scalar
}

extension InstructionSet {
  /// One vector from `p`, which need not be aligned.
  @export(implementation) @inline(__always)
  public static func load(_ p: UnsafePointer<Scalar>) -> Vector {
    UnsafeRawPointer(p).loadUnaligned(as: Vector.self)
  }

  /// Writes one vector to `p`, which need not be aligned.
  @export(implementation) @inline(__always)
  public static func store(_ value: Vector, to p: UnsafeMutablePointer<Scalar>) {
    UnsafeMutableRawPointer(p).storeBytes(of: value, as: Vector.self)
  }
}
