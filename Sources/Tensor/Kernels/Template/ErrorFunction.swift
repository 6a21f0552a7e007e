// erf and the two forms of GELU on whole vectors, and their derivatives.
//
// The tail of the normal distribution, Φ(-a) = exp(-a²/2) M(a), carries all but erf near 0: M falls
// slowly and is a polynomial in (a - 4) / (a + 4). Tails must be right to the last bits however
// small they are, and exp turns an absolute error of its argument into a relative one; so
// arguments of exp are computed to twice the precision. `Reductions.swift` is next.

// MARK: - Twice the precision

extension InstructionSet {
  /// `a b` as the rounded product and its rounding error.
  @export(implementation) @inline(__always)
  static func exactProduct(_ a: Vector, _ b: Vector) -> (high: Vector, low: Vector) {
    let product = a * b
    if isFused { return (product, multiplyAdd(a, b, Vector.all(0) - product)) }
    // Dekker: the products of half significands are exact.
    let (a1, a2) = halves(a)
    let (b1, b2) = halves(b)
    return (product, ((a1 * b1 - product) + (a1 * b2 + a2 * b1)) + a2 * b2)
  }

  /// `a` as the leading half of its significand and the rest.
  @export(implementation) @inline(__always)
  static func halves(_ a: Vector) -> (Vector, Vector) {
    let leading = Vector.Integers.all(-1 << (format.significandBits / 2 + 1))
    let high = Vector(bits: a.bits & leading)
    return (high, a - high)
  }

  /// eˣ⁺ˡ = (1 + p) 2ⁿ, where l is about the rounding error of x.
  @export(implementation) @inline(__always)
  static func exponential(_ x: Vector, plus l: Vector) -> (p: Vector, n: Vector) {
    let (n, r, c) = reduce(x)
    let s = r + (c + l)
    return (multiplyAdd(exponentialSeries(s) * s, s, s), n)
  }

  /// The lesser of |x| and `limit`; NaN stays NaN.
  @export(implementation) @inline(__always)
  static func magnitude(_ x: Vector, limit: Double) -> Vector {
    let a = magnitude(x)
    return a.replacing(with: .all(limit), where: a .> .all(limit))
  }
}

// MARK: - erf

extension InstructionSet {
  /// `exp(a² / 2) Φ(-a)` for a ≥ 0.
  @export(implementation) @inline(__always)
  static func scaledNormalTail(_ a: Vector) -> Vector {
    let q = Vector.all(4) / (a + .all(4))
    return normalTailSeries(multiplyAdd(q, .all(-2), .all(1))) * q
  }

  /// erf x.
  @export(implementation) @inline(__always)
  static func errorFunction(_ x: Vector) -> Vector {
    // erf is 1 from 6 on, in `Double`, too.
    let a = magnitude(x, limit: 6)
    let (square, rest) = exactProduct(a, a)
    let near = multiplyAdd(errorFunctionSeries(square), a, a)
    // 1 - 2 Φ(-√2 a)
    let (p, n) = exponential(Vector.all(0) - square, plus: Vector.all(0) - rest)
    let scaled = scaledNormalTail(a * Vector.all(1.4142135623730951))
    let tail = multiplyAdd(scaled, p, scaled)
    let far = multiplyAdd(Vector.all(0) - tail, powerOfTwo(n + .all(1)), .all(1))
    return withSign(far.replacing(with: near, where: a .< .all(0.8)), of: x)
  }

  /// erf' x = 2/√π exp(-x²).
  @export(implementation) @inline(__always)
  static func errorFunctionSlope(_ x: Vector) -> Vector {
    exp(Vector.all(0) - x * x) * Vector.all(1.1283791670955126)
  }
}

// MARK: - GELU

extension InstructionSet {
  /// x Φ(x).
  @export(implementation) @inline(__always)
  static func gelu(_ x: Vector) -> Vector {
    let a = magnitude(x, limit: format.geluLimit)
    let (p, n) = normalDensity(a)
    // a Φ(-a); v = 4a / (a + 4) has but two roundings, to which the result is not sensitive.
    let v = a * .all(4) / (a + .all(4))
    let scaled = v * normalTailSeries(multiplyAdd(v, .all(0.5), .all(-1)))
    return rectifierLess(scale(multiplyAdd(scaled, p, scaled), byPowerOfTwo: n), x)
  }

  /// Φ(x) + x φ(x).
  @export(implementation) @inline(__always)
  static func geluSlope(_ x: Vector) -> Vector {
    let a = magnitude(x, limit: format.geluLimit)
    let (p, n) = normalDensity(a)
    let density = scale(Vector.all(1) + p, byPowerOfTwo: n)
    let tail = density * scaledNormalTail(a)
    return multiplyAdd(
      withSign(a, of: x), density * .all(0.3989422804014327), reflected(tail, x))
  }

  /// `exp(-a² / 2)` = √(2π) φ(a) as (1 + p) 2ⁿ.
  @export(implementation) @inline(__always)
  static func normalDensity(_ a: Vector) -> (p: Vector, n: Vector) {
    let (square, rest) = exactProduct(a, a)
    return exponential(square * .all(-0.5), plus: rest * .all(-0.5))
  }

  /// x/2 (1 + tanh(v/2)) = x σ(v).
  @export(implementation) @inline(__always)
  static func geluTanh(_ x: Vector) -> Vector {
    let a = magnitude(x, limit: format.geluTanhLimit)
    let (p, n) = geluTanhExponential(a)
    let one = Vector.all(1)
    let scaled = a / (one + scale(one + p, byPowerOfTwo: n))
    return rectifierLess(scale(multiplyAdd(scaled, p, scaled), byPowerOfTwo: n), x)
  }

  /// σ(v) + x σ(v) σ(-v) v'.
  @export(implementation) @inline(__always)
  static func geluTanhSlope(_ x: Vector) -> Vector {
    let a = magnitude(x, limit: format.geluTanhLimit)
    let (p, n) = geluTanhExponential(a)
    let one = Vector.all(1)
    let e = scale(one + p, byPowerOfTwo: n)
    let tail = e / (one + e)
    let slope = multiplyAdd(a * a, .all(0.21406444881780073), .all(1.5957691216057308))
    return multiplyAdd(
      withSign(a, of: x) * slope, tail * (one - tail), reflected(tail, x))
  }

  /// `exp(-v)` as (1 + p) 2ⁿ, where v = 2 √(2/π) (a + 0.044715 a³).
  @export(implementation) @inline(__always)
  static func geluTanhExponential(_ a: Vector) -> (p: Vector, n: Vector) {
    // v = a (linear + cubic a²), all to twice the precision.
    let (linear, linearLow) = (Vector.all(0x1.988454p+0), Vector.all(-0x1.857935ee5e06ap-25))
    let (cubic, cubicLow) = (Vector.all(0x1.2444f2p-4), Vector.all(0x1.49b1695e937bcp-29))
    let (square, squareLow) = exactProduct(a, a)
    let (term, termLow) = exactProduct(square, cubic)
    // Knuth's two-sum.
    let sum = linear + term
    let part = sum - linear
    let lost = (linear - (sum - part)) + (term - part)
    let rest = multiplyAdd(square, cubicLow, multiplyAdd(squareLow, cubic, termLow))
    let (v, vLow) = exactProduct(a, sum)
    let low = multiplyAdd(a, lost + (linearLow + rest), vLow)
    return exponential(Vector.all(0) - v, plus: Vector.all(0) - low)
  }

  /// max(x, 0) - `tail` with the sign of x: x Φ(x) where `tail` is |x| Φ(-|x|).
  @export(implementation) @inline(__always)
  static func rectifierLess(_ tail: Vector, _ x: Vector) -> Vector {
    let zero = Vector.all(0)
    return withSign(magnitude(x.replacing(with: zero, where: x .< zero) - tail), of: x)
  }

  /// Φ(x), where `tail` is Φ(-|x|).
  @export(implementation) @inline(__always)
  static func reflected(_ tail: Vector, _ x: Vector) -> Vector {
    (Vector.all(1) - tail).replacing(with: tail, where: x .< .all(0))
  }
}

// MARK: - Polynomials

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Float {
  /// Degree 5, relative error of erf below 2⁻²⁸.
  @export(implementation) @inline(__always)
  public static func errorFunctionSeries(_ z: Vector) -> Vector {
    polynomial(
      z,
      [
        0x1.06eba8p-3, -0x1.81272ep-2, 0x1.ce2804p-4, -0x1.b76ea0p-6, 0x1.4d425ep-8,
        -0x1.56a2a2p-11,
      ])
  }

  /// Degree 10, relative error below 2⁻²⁹.
  @export(implementation) @inline(__always)
  public static func normalTailSeries(_ s: Vector) -> Vector {
    polynomial(
      s,
      [
        0x1.82b4bcp-3, -0x1.373e3ap-3, 0x1.8c6db8p-4, -0x1.7dff06p-5, 0x1.eec886p-7,
        -0x1.ee5010p-10, -0x1.c9bb74p-11, 0x1.acbbb8p-12, 0x1.686a7ep-15, -0x1.cbe02ep-15,
        -0x1.7a01dcp-17,
      ])
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension InstructionSet where Scalar == Double {
  /// Degree 10, relative error of erf below 2⁻⁵⁸.
  @export(implementation) @inline(__always)
  public static func errorFunctionSeries(_ z: Vector) -> Vector {
    polynomial(
      z,
      [
        0x1.06eba8214db68p-3, -0x1.812746b0379cfp-2, 0x1.ce2f21a0414b8p-4, -0x1.b82ce311fc962p-6,
        0x1.565bccf32dffbp-8, -0x1.c02dadcf2a096p-11, 0x1.f9a245af8cf48p-14,
        -0x1.f4bdb7da45b48p-17, 0x1.b8ade7cae2e84p-20, -0x1.53d27ec9d25a4p-23,
        0x1.7c4d4dfd8d2c1p-27,
      ])
  }

  /// Degree 23, relative error below 2⁻⁵⁹.
  @export(implementation) @inline(__always)
  public static func normalTailSeries(_ s: Vector) -> Vector {
    polynomial(
      s,
      [
        0x1.82b4bb8c94dcep-3, -0x1.373e3a893c28ap-3, 0x1.8c6dbf2cfc2b5p-4, -0x1.7dff2bff68399p-5,
        0x1.eec4cc3e4d201p-7, -0x1.ee2761047f317p-10, -0x1.c81719d53e849p-11,
        0x1.ab825fc0f9e05p-12, 0x1.17a4ae29fb105p-15, -0x1.e4a4256dea91cp-15,
        -0x1.001e485e1e08cp-21, 0x1.26d0996f50dccp-17, 0x1.80b166357583cp-23,
        -0x1.8d4b1eb38f441p-20, -0x1.51e410bafc37bp-23, 0x1.1236b95e1a277p-22,
        0x1.233bb9c5b862ep-24, -0x1.4cec54321f987p-25, -0x1.6c211564dd13ap-26,
        0x1.ce48dc5fad613p-29, 0x1.4a575c4078413p-28, 0x1.e30e351ab8909p-32,
        -0x1.4c1c64d71b7bcp-31, -0x1.70d7c3f14cc96p-33,
      ])
  }
}
