// Logarithm, sine and cosine for the fills, and exponential and factorial for the distributions, on
// the intervals that these need. They are sums of Taylor series and use only additions,
// multiplications and divisions. These give the same bits on every machine, unlike the C library's
// functions, and the compiler can compute several elements at a time.

/// ln x for a positive, normal number.
///
/// With x = 2^e m and m from [sqrt 1/2, sqrt 2), ln x = e ln 2 + ln m.
@inline(__always)
func naturalLogarithm(_ x: Float) -> Float {
  // Adding the distance from sqrt 1/2 to 1 makes the exponent's field change at sqrt 2.
  let exponent = Int32(truncatingIfNeeded: (x.bitPattern &+ 0x004A_FB0D) &>> 23) &- 127
  let m = Float(bitPattern: x.bitPattern &- UInt32(bitPattern: exponent) &<< 23)
  return Float(exponent) * 0.693_147_180_559_945_3 + logarithmNearOne(m)
}

/// ln x for a positive, normal number.
@inline(__always)
func naturalLogarithm(_ x: Double) -> Double {
  let biased = (x.bitPattern &+ 0x0009_5F61_9980_C433) &>> 52
  let m = Double(bitPattern: x.bitPattern &- (biased &- 1023) &<< 52)
  let exponent = Int32(truncatingIfNeeded: biased) &- 1023
  return Double(exponent) * 0.693_147_180_559_945_3 + logarithmNearOne(m)
}

/// ln m = 2 artanh s = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1), |s| < 0.172.
@inline(__always)
private func logarithmNearOne<Scalar: BinaryFloatingPoint>(_ m: Scalar) -> Scalar {
  let s = (m - 1) / (m + 1)
  var sum: Scalar = 0
  var power = Scalar.self == Float.self ? 9 : 21
  while power >= 3 {
    sum = (sum + 1 / Scalar(power)) * (s * s)
    power -= 2
  }
  return 2 * (s + s * sum)
}

/// cos x and sin x for |x| <= pi / 4.
@inline(__always)
func cosineAndSine<Scalar: BinaryFloatingPoint>(_ x: Scalar) -> (Scalar, Scalar) {
  let terms = Scalar.self == Float.self ? 5 : 9
  return (
    alternatingSeries(x * x, from: 2 * terms - 1), x * alternatingSeries(x * x, from: 2 * terms)
  )
}

/// 1 - t / (k (k + 1)) (1 - t / ((k + 2) (k + 3)) (1 - ...)), with k = 1 or 2 at the front and
/// `last` at the end: cos x for k = 1 and sin x / x for k = 2, where t = x^2.
@inline(__always)
private func alternatingSeries<Scalar: BinaryFloatingPoint>(
  _ t: Scalar, from last: Int
) -> Scalar {
  var sum: Scalar = 1
  var k = last
  while k > 0 {
    sum = 1 - t * (1 / Scalar(k * (k + 1))) * sum
    k -= 2
  }
  return sum
}

/// e^x; 0 and infinity where the result leaves the range of normal numbers.
///
/// With x = n ln 2 + r and |r| <= ln 2 / 2, e^x = 2^n e^r. The upper part of ln 2 has so few digits
/// that its multiples are exact.
func exponential(_ x: Double) -> Double {
  guard x > -708 else { return 0 }
  guard x < 709.7 else { return .infinity }
  let n = (x * 1.442_695_040_888_963_4).rounded()
  let r = (x - n * 6.931_471_803_691_238_2e-1) - n * 1.908_214_929_270_587_7e-10
  var sum = 1.0
  for k in stride(from: 13.0, to: 0, by: -1) { sum = 1 + sum * r / k }
  return Double(sign: .plus, exponent: Int(n), significand: sum)
}

/// ln k! for a whole number k >= 0: of the product, or by Stirling's series.
func logarithmOfFactorial(_ k: Double) -> Double {
  if k < 16 {
    var product = 1.0
    for factor in stride(from: 2, through: k, by: 1) { product *= factor }
    return naturalLogarithm(product)
  }
  let x = k + 1
  let halfLogarithmOfTwoPi = 0.918_938_533_204_672_74
  let series = (1 / 12.0 - (1 / 360.0 - 1 / (1260 * x * x)) / (x * x)) / x
  return (x - 0.5) * naturalLogarithm(x) - x + halfLogarithmOfTwoPi + series
}
