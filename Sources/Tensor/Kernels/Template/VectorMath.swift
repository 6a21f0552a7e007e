// exp, log, tanh and their relatives as formulas on whole vectors: no branches, no tables, no calls.
//
// Each function reduces its argument to a short interval, uses a polynomial there, and puts the
// result together with exact operations on the bits. The polynomials are minimax (Remez exchange
// in 60 digits, weighted for relative error of the function). The errors stated, in units in the
// last place, are the largest seen on any instruction set: over all floats against the C library
// in `Double`, over ten million doubles against it in 80 bits. `Maps.swift` applies all to arrays;
// `Trigonometry.swift` is next.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the parts of a floating-point number lie, and constants that depend on it.
public struct FloatingPointFormat: Sendable {
  /// The bits of the significand that are stored.
  public let significandBits: Int
  /// What is added to an exponent before it is stored.
  public let bias: Int
  /// The first bits of ln 2: a product with any exponent is exact.
  public let ln2High: Double
  /// ln 2 - `ln2High`.
  public let ln2Low: Double
  /// exp is 0 below.
  public let exponentialLowest: Double
  /// exp is infinite from here on.
  public let exponentialHighest: Double
  /// The smallest normal number.
  public let leastNormal: Double
  /// The logarithm of the smallest normal number, rounded up.
  public let leastNormalLogarithm: Double
  /// 1.5 times the power of two at which the unit in the last place is 1: adding it to a
  /// small number rounds that to an integer, which then stands in the low bits of the sum.
  public let rounder: Double
  /// π/2 as a sum of numbers; integers up to `largestAngle` / (π/2) times all but the last are
  /// exact.
  public let halfPi: InlineArray<5, Double>
  /// The largest angle that `halfPi` serves: 2¹² π/2 in `Float`, 2²⁵ π/2 in `Double`.
  public let largestAngle: Double
  /// x Φ(x) rounds to 0 for x below minus this.
  public let geluLimit: Double
  /// The same for GELU in the form with tanh.
  public let geluTanhLimit: Double

  @export(implementation) @inline(__always)
  init(
    significandBits: Int, bias: Int, ln2High: Double, ln2Low: Double, exponentialLowest: Double,
    exponentialHighest: Double, leastNormal: Double, leastNormalLogarithm: Double,
    rounder: Double, halfPi: InlineArray<5, Double>, largestAngle: Double, geluLimit: Double,
    geluTanhLimit: Double
  ) {
    self.significandBits = significandBits
    self.bias = bias
    self.ln2High = ln2High
    self.ln2Low = ln2Low
    self.exponentialLowest = exponentialLowest
    self.exponentialHighest = exponentialHighest
    self.leastNormal = leastNormal
    self.leastNormalLogarithm = leastNormalLogarithm
    self.rounder = rounder
    self.halfPi = halfPi
    self.largestAngle = largestAngle
    self.geluLimit = geluLimit
    self.geluTanhLimit = geluTanhLimit
  }
}

// MARK: - Building blocks

extension InstructionSet {
  /// `a` without its sign.
  @export(implementation) @inline(__always)
  static func magnitude(_ a: Vector) -> Vector {
    Vector(bits: a.bits & (Vector.all(-0.0).bits ^ Vector.Integers.all(-1)))
  }

  /// The magnitude of `a`, which has none of its own sign left, with the sign of `b`.
  @export(implementation) @inline(__always)
  static func withSign(_ a: Vector, of b: Vector) -> Vector {
    Vector(bits: a.bits | (b.bits & Vector.all(-0.0).bits))
  }

  /// `x`, or the nearer end of the interval; NaN stays NaN.
  @export(implementation) @inline(__always)
  static func clamp(_ x: Vector, _ least: Double, _ greatest: Double) -> Vector {
    let (low, high) = (Vector.all(least), Vector.all(greatest))
    let bounded = x.replacing(with: high, where: x .> high)
    return bounded.replacing(with: low, where: bounded .< low)
  }

  /// The polynomial with these coefficients, the constant one first, by Horner's rule.
  @export(implementation) @inline(__always)
  static func polynomial<let terms: Int>(
    _ x: Vector, _ coefficients: InlineArray<terms, Double>
  ) -> Vector {
    var sum = Vector.all(coefficients[unchecked: terms &- 1])
    var i = terms &- 2
    while i >= 0 {
      sum = multiplyAdd(sum, x, Vector.all(coefficients[unchecked: i]))
      i &-= 1
    }
    return sum
  }

  /// 2ⁿ for integers n that are exponents of normal numbers.
  @export(implementation) @inline(__always)
  static func powerOfTwo(_ n: Vector) -> Vector {
    let biased = n + Vector.all(format.rounder + Double(format.bias))
    return Vector(bits: biased.bits &<< .all(format.significandBits))
  }

  /// 2ⁿ a for integers n up to twice the largest exponent, even if 2ⁿ is out of range.
  @export(implementation) @inline(__always)
  public static func scale(_ a: Vector, byPowerOfTwo n: Vector) -> Vector {
    // In two steps, n / 2 and the rest; the last one alone rounds.
    let biased = (n + Vector.all(format.rounder + Double(2 * format.bias))).bits
    let half = biased &>> Vector.Integers.all(1)
    let bits = Vector.Integers.all(format.significandBits)
    return a * Vector(bits: half &<< bits) * Vector(bits: (biased &- half) &<< bits)
  }
}

// MARK: - Exponentials

extension InstructionSet {
  /// x = n ln 2 + r + c with an integer n, |r| ≤ ln 2 / 2 and a tiny correction c.
  @export(implementation) @inline(__always)
  static func reduce(_ x: Vector) -> (n: Vector, r: Vector, c: Vector) {
    let rounder = Vector.all(format.rounder)
    let n = multiplyAdd(x, .all(1.4426950408889634), rounder) - rounder
    let high = multiplyAdd(n, .all(-format.ln2High), x)
    let low = n * Vector.all(format.ln2Low)
    let r = high - low
    return (n, r, (high - r) - low)
  }

  /// eˣ; error at most 1 ulp, gradual underflow.
  @export(implementation) @inline(__always)
  static func exp(_ x: Vector) -> Vector {
    let (n, r, c) = reduce(clamp(x, format.exponentialLowest, format.exponentialHighest))
    let p = multiplyAdd(exponentialSeries(r) * r, r, c) + r + Vector.all(1)
    return scale(p, byPowerOfTwo: n)
  }

  /// eˣ for x ≤ 0, a little faster; 0 instead of subnormal numbers.
  @export(implementation) @inline(__always)
  static func exponentialOfNonpositive(_ x: Vector) -> Vector {
    let low = Vector.all(format.leastNormalLogarithm)
    let (n, r, _) = reduce(x.replacing(with: low, where: x .< low))
    let p = multiplyAdd(exponentialSeries(r) * r, r, r) + Vector.all(1)
    return (p * powerOfTwo(n)).replacing(with: .all(0), where: x .< low)
  }

  /// eˣ - 1, accurate near 0; error at most 1.8 ulp.
  @export(implementation) @inline(__always)
  static func exponentialMinusOne(_ x: Vector) -> Vector {
    let (n, r, c) = reduce(clamp(x, -40, format.exponentialHighest))
    let p = r + multiplyAdd(exponentialSeries(r) * r, r, c)
    // 2ⁿ (1 + p) - 1, with n lowered by one and the result doubled: 2ⁿ may be out of range.
    let s = powerOfTwo(n - Vector.all(1))
    let y = multiplyAdd(p, s, s - Vector.all(0.5))
    // Tiny numbers are their own result (and halving them might lose a bit).
    return x.replacing(with: y + y, where: magnitude(x) .> .all(1e-20))
  }

  /// 1 / (1 + e⁻ˣ), accurate for very negative x, too; error at most 2 ulp.
  @export(implementation) @inline(__always)
  static func sigmoid(_ x: Vector) -> Vector {
    // With e = exp(-|x|), which cannot overflow: 1 / (1 + e) or e / (1 + e).
    let e = exp(withSign(magnitude(x), of: Vector.all(-0.0)))
    let one = Vector.all(1)
    let sum = one + e
    let y = one.replacing(with: e, where: x .< Vector.all(0)) / sum
    // Most of what 1 + e lost to rounding, given back where it counts: for small e.
    return multiplyAdd(y, (sum - one) - e, y)
  }

  /// x / (1 + e⁻ˣ), 0 at -infinity; error at most 4 ulp, gradual underflow.
  @export(implementation) @inline(__always)
  static func silu(_ x: Vector) -> Vector {
    // With h = exp(-|x| / 2), which is far from underflow where x eˣ vanishes: x h h / (1 + h h) for
    // negative x. The factor x must be finite there.
    let h = exp(withSign(magnitude(x), of: .all(-0.0)) * .all(0.5))
    let low = Vector.all(1.25 * format.exponentialLowest)
    let small = x.replacing(with: low, where: x .< low) * h * h
    return x.replacing(with: small, where: x .< .all(0)) / multiplyAdd(h, h, .all(1))
  }

  /// The derivative s (1 + x (1 - s)) of x s, where s is the sigmoid.
  @export(implementation) @inline(__always)
  static func siluSlope(_ x: Vector) -> Vector {
    let one = Vector.all(1)
    let isNegative = x .< Vector.all(0)
    let e = exp(withSign(magnitude(x), of: .all(-0.0)))
    let s = one.replacing(with: e, where: isNegative) / (one + e)
    let rest = e.replacing(with: one, where: isNegative) / (one + e)
    let limit = -format.exponentialLowest
    return s * multiplyAdd(clamp(x, -limit, limit), rest, one)
  }

  /// x / (1 + |x|), 1 and -1 at the infinities.
  @export(implementation) @inline(__always)
  static func softsign(_ x: Vector) -> Vector {
    let a = magnitude(x)
    return (x / (Vector.all(1) + a)).replacing(with: sign(x), where: a .== .all(.infinity))
  }

  /// 1 / (1 + |x|)².
  @export(implementation) @inline(__always)
  static func softsignSlope(_ x: Vector) -> Vector {
    let r = Vector.all(1) / (Vector.all(1) + magnitude(x))
    return r * r
  }

  /// log cosh x without overflow, accurate near 0; error at most 8 ulp.
  @export(implementation) @inline(__always)
  static func logCosh(_ x: Vector) -> Vector {
    let a = magnitude(x)
    let far = a + (softplus(a * .all(-2)) - Vector.all(0.6931471805599453))
    // Near 0 that cancels; there 1 / cosh² = 1 - tanh².
    let t = tanh(a)
    let near = logOnePlus(t * t * .all(-1)) * .all(-0.5)
    return far.replacing(with: near, where: a .< .all(1))
  }

  /// tanh x, odd and accurate near 0; error at most 1.6 ulp.
  @export(implementation) @inline(__always)
  static func tanh(_ x: Vector) -> Vector {
    let a = magnitude(x)
    // Near 0 a series in x²; elsewhere 1 - 2 / (e²ˣ + 1), which cancels little from 0.55 on.
    // From 22 on tanh is 1 in `Double`, too.
    let limit = Vector.all(22)
    let b = a.replacing(with: limit, where: a .> limit)
    // A plainer `reduce` of 2b: errors of e²ˣ count for less than half here.
    let rounder = Vector.all(format.rounder + Double(format.bias))
    let shifted = multiplyAdd(b, .all(2 * 1.4426950408889634), rounder)
    let s = Vector(bits: shifted.bits &<< .all(format.significandBits))
    let r = multiplyAdd(shifted - rounder, .all(-0.6931471805599453), b + b)
    let p = multiplyAdd(exponentialSeries(r) * r, r, r)
    let one = Vector.all(1)
    let far = one - Vector.all(2) / multiplyAdd(p, s, s + one)
    let z = a * a
    let near = multiplyAdd(tanhSeries(z) * z, a, a)
    return withSign(far.replacing(with: near, where: a .< Vector.all(0.55)), of: x)
  }
}

// MARK: - Logarithms

extension InstructionSet {
  /// e ln 2 + log(1 + f).
  @export(implementation) @inline(__always)
  static func logarithm(_ e: Vector, _ f: Vector) -> Vector {
    let half = Vector.all(0.5) * f * f
    let low = multiplyAdd(e, Vector.all(format.ln2Low), logarithmSeries(f))
    return multiplyAdd(e, Vector.all(format.ln2High), f - (half - low))
  }

  /// The exponent e, as bits and as a number, for which √½ ≤ x / 2ᵉ < √2; x is normal.
  @export(implementation) @inline(__always)
  static func exponent(_ x: Vector) -> (bits: Vector.Integers, value: Vector) {
    let n =
      (x.bits &- Vector.all(0.7071067811865476).bits)
      &>> Vector.Integers.all(format.significandBits)
    let rounder = Vector.all(format.rounder)
    return (n, Vector(bits: rounder.bits &+ n) - rounder)
  }

  /// `y` = log `x` corrected where x is not a positive finite number.
  @export(implementation) @inline(__always)
  static func logarithmEdges(_ y: Vector, _ x: Vector) -> Vector {
    // Infinity and NaN stay what they are.
    let infinity = Vector.all(.infinity)
    let zero = Vector.all(0)
    return x.replacing(with: y, where: x .< infinity)
      .replacing(with: zero - infinity, where: x .== zero)
      .replacing(with: Vector.all(.nan), where: x .< zero)
  }

  /// log x; error at most 0.9 ulp.
  @export(implementation) @inline(__always)
  static func log(_ x: Vector) -> Vector {
    // Subnormal numbers are scaled up by 2ᵏ.
    let least = Vector.all(format.leastNormal)
    let zero = Vector.all(0)
    let k = format.significandBits + 2
    let scale = Vector.all(1).replacing(
      with: powerOfTwo(.all(Double(k))), where: x .< least)
    let shift = zero.replacing(with: .all(Double(k)), where: x .< least)
    let m = x * scale
    let (n, e) = exponent(m)
    let f = Vector(bits: m.bits &- (n &<< .all(format.significandBits))) - Vector.all(1)
    return logarithmEdges(logarithm(e - shift, f), x)
  }

  /// log(1 + x), accurate near 0; error at most 1.6 ulp.
  @export(implementation) @inline(__always)
  static func logOnePlus(_ x: Vector) -> Vector {
    let one = Vector.all(1)
    let u = one + x
    let (n, e) = exponent(u)
    let m = Vector(bits: u.bits &- (n &<< .all(format.significandBits)))
    // f = (1 + x) / 2ᵉ - 1 without the rounding of 1 + x, exactly x when e = 0. For large x the
    // one does not count, and 2⁻ᵉ might not be a normal number.
    let s = Vector(bits: one.bits &- (n &<< .all(format.significandBits)))
    let f = multiplyAdd(x, s, s - one)
      .replacing(with: m - one, where: x .> Vector.all(1.8e19))
    let y = logarithmEdges(logarithm(e, f), u)
    return x.replacing(with: y, where: x .!= Vector.all(0))
  }

  /// log(1 + eˣ); error at most 1.8 ulp.
  @export(implementation) @inline(__always)
  static func softplus(_ x: Vector) -> Vector {
    // max(x, 0) + log(1 + y) with y = exp(-|x|) in [0, 1]: as `logOnePlus`, but without edges,
    // and 1 + y needs halving or not.
    let zero = Vector.all(0)
    let one = Vector.all(1)
    let y = exp(withSign(magnitude(x), of: .all(-0.0)))
    let large = y .> Vector.all(0.4142135623730951)
    let f = y.replacing(with: multiplyAdd(y, .all(0.5), .all(-0.5)), where: large)
    let e = zero.replacing(with: one, where: large)
    return x.replacing(with: zero, where: x .< zero) + logarithm(e, f)
  }
}

// MARK: - Rounding

extension InstructionSet {
  /// |x| rounded to an integer, half to even; right below the power of two where all numbers are.
  @export(implementation) @inline(__always)
  static func roundMagnitude(_ a: Vector) -> Vector {
    let power = powerOfTwo(.all(Double(format.significandBits)))
    let rounded = (a + power) - power
    return a.replacing(with: rounded, where: a .< power)
  }

  @export(implementation) @inline(__always)
  static func round(_ x: Vector) -> Vector { withSign(roundMagnitude(magnitude(x)), of: x) }

  @export(implementation) @inline(__always)
  static func truncate(_ x: Vector) -> Vector {
    let a = magnitude(x)
    let rounded = roundMagnitude(a)
    return withSign(rounded.replacing(with: rounded - Vector.all(1), where: rounded .> a), of: x)
  }

  @export(implementation) @inline(__always)
  static func floor(_ x: Vector) -> Vector {
    let rounded = round(x)
    return rounded.replacing(with: rounded - Vector.all(1), where: rounded .> x)
  }

  @export(implementation) @inline(__always)
  static func ceil(_ x: Vector) -> Vector {
    let rounded = round(x)
    let up = rounded.replacing(with: rounded + Vector.all(1), where: rounded .< x)
    // -0 for numbers between -1 and 0.
    return withSign(magnitude(up), of: x)
  }
}

// MARK: - Float

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Float {
  @export(implementation) @inline(__always)
  public static func double(_ value: Float) -> Double { Double(value) }
  @export(implementation) @inline(__always)
  public static func scalar(_ value: Double) -> Float { Float(value) }
  @export(implementation) @inline(__always)
  public static func power(_ a: Float, _ b: Float) -> Float { powf(a, b) }

  @export(implementation) @inline(__always)
  public static var format: FloatingPointFormat {
    FloatingPointFormat(
      significandBits: 23, bias: 127, ln2High: 0x1.62e4p-1, ln2Low: 0x1.7f7d1cf79abcap-20,
      exponentialLowest: -104, exponentialHighest: 89, leastNormal: 0x1p-126,
      leastNormalLogarithm: -87.336, rounder: 0x1.8p23,
      halfPi: [0x1.922p0, -0x1.2cp-18, 0x1.11p-26, 0x1.69p-39, -0x1.ee59dap-50],
      largestAngle: 6433, geluLimit: 15, geluTanhLimit: 11)
  }

  /// Degree 4, relative error of eʳ below 2⁻²⁸.
  @export(implementation) @inline(__always)
  public static func exponentialSeries(_ r: Vector) -> Vector {
    polynomial(r, [0x1.fffffcp-2, 0x1.55548ap-3, 0x1.555916p-5, 0x1.123fc8p-7, 0x1.6a1b04p-10])
  }

  /// f³ times a polynomial of degree 7, relative error of the logarithm below 2⁻²⁷.
  @export(implementation) @inline(__always)
  public static func logarithmSeries(_ f: Vector) -> Vector {
    f * f * f
      * polynomial(
        f,
        [
          0x1.555554p-2, -0x1.000228p-2, 0x1.99a008p-3, -0x1.547244p-3,
          0x1.22da1ap-3, -0x1.0d854ap-3, 0x1.055b70p-3, -0x1.38b54cp-4,
        ])
  }

  /// Degree 4, relative error of tanh below 2⁻²⁹.
  @export(implementation) @inline(__always)
  public static func tanhSeries(_ z: Vector) -> Vector {
    polynomial(
      z, [-0x1.55554cp-2, 0x1.110d38p-3, -0x1.b92b10p-5, 0x1.59507ap-6, -0x1.9b971ap-8])
  }
}

// MARK: - Double

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Double {
  @export(implementation) @inline(__always)
  public static func double(_ value: Double) -> Double { value }
  @export(implementation) @inline(__always)
  public static func scalar(_ value: Double) -> Double { value }
  @export(implementation) @inline(__always)
  public static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }

  @export(implementation) @inline(__always)
  public static var format: FloatingPointFormat {
    FloatingPointFormat(
      significandBits: 52, bias: 1023, ln2High: 0x1.62e42fefp-1, ln2Low: 0x1.473de6af278edp-34,
      exponentialLowest: -746, exponentialHighest: 710, leastNormal: 0x1p-1022,
      leastNormalLogarithm: -708.396, rounder: 0x1.8p52,
      halfPi: [
        0x1.921fb54p0, 0x1.10b4620p-30, -0x1.cb3b398p-55, -0x1.d747f24p-83,
        0x1.cd129024e088ap-115,
      ], largestAngle: 52_707_178, geluLimit: 39, geluTanhLimit: 22)
  }

  /// Degree 9, relative error of eʳ below 2⁻⁵⁷.
  @export(implementation) @inline(__always)
  public static func exponentialSeries(_ r: Vector) -> Vector {
    polynomial(
      r,
      [
        0x1.000000000000bp-1, 0x1.55555555554f0p-3, 0x1.555555555024ap-5, 0x1.111111112999dp-7,
        0x1.6c16c1859c79ep-10, 0x1.a01a012328c86p-13, 0x1.a01995edd3c44p-16,
        0x1.71df2ed53be73p-19, 0x1.28b1675d912a5p-22, 0x1.ad7ababae93c6p-26,
      ])
  }

  /// By the series of artanh, of degree 6 in s², relative error of the logarithm below 2⁻⁵⁹.
  ///
  /// With s = f / (2 + f), log(1 + f) = 2 artanh s = 2s + s³R(s²), and 2s = f - sf, so that
  /// log(1 + f) - f + f²/2 = s (f²/2 + s²R(s²)).
  @export(implementation) @inline(__always)
  public static func logarithmSeries(_ f: Vector) -> Vector {
    let s = f / (Vector.all(2) + f)
    let z = s * s
    let r = polynomial(
      z,
      [
        0x1.5555555555593p-1, 0x1.999999997f8a7p-2, 0x1.249249423e5f0p-2, 0x1.c71c51c660397p-3,
        0x1.74664d797609dp-3, 0x1.39a02e95619fap-3, 0x1.2f15bf0365bcfp-3,
      ])
    return s * multiplyAdd(z, r, Vector.all(0.5) * f * f)
  }

  /// Degree 10, relative error of tanh below 2⁻⁶⁰.
  @export(implementation) @inline(__always)
  public static func tanhSeries(_ z: Vector) -> Vector {
    polynomial(
      z,
      [
        -0x1.555555555554fp-2, 0x1.11111111107d5p-3, -0x1.ba1ba1b980611p-5,
        0x1.664f485a07f31p-6, -0x1.226e2f2685c1fp-7, 0x1.d6d29e3f3b054p-9,
        -0x1.7d8ff3a87af4bp-10, 0x1.3484a4aa9547ap-11, -0x1.e978ed2b65436p-13,
        0x1.5d8ce64f35b75p-14, -0x1.4749b9fd65f75p-16,
      ])
  }
}
