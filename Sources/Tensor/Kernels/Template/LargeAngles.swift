// sin and cos of angles so large that subtracting multiples of π/2 would leave nothing of them.
//
// Payne and Hanek: of the product x 2/π only the bits around the point matter, two before it for
// the quadrant and as many behind it as the result needs. They come from those bits of 2/π whose
// products are neither multiples of four quadrants nor too small. This is no template: there is
// one function, compiled for every machine. `ErrorFunction.swift` is next.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// sin(x + k π/2) for |x| ≥ 1; NaN for infinities and NaN.
public func sineOfLargeAngle(_ x: Double, quarterTurns k: Int) -> Double {
  guard x.isFinite else { return .nan }
  let (n, r, low) = reduceLargeAngle(x)
  let quadrant = (n + k) & 3
  let y = quadrant & 1 == 0 ? sin(r) + low * cos(r) : cos(r) - low * sin(r)
  return quadrant & 2 == 0 ? y : -y
}

/// x = n π/2 + r + low up to multiples of 2π, with |r| ≤ π/4; relative error of r + low below 2⁻⁶⁰.
private func reduceLargeAngle(_ x: Double) -> (n: Int, r: Double, low: Double) {
  // |x| = m 2ᵉ. Bits of 2/π with weights from 2^(1-e) on give multiples of 4.
  let m = UInt128(x.significandBitPattern | 1 << 52)
  let first = Int(x.exponent) - 52 - 2 + 64
  let (word, shift) = (first >> 6, UInt64(first & 63))
  func bits(_ i: Int) -> UInt128 {
    UInt128(twoOverPi[word + i] << shift | twoOverPi[word + i + 1] >> (64 - shift))
  }
  // The product's lower 192 bits but for the last 64, with two bits before the point.
  let product = (m &* bits(0)) << 64 &+ m &* bits(1) &+ (m &* bits(2)) >> 64
  let n = Int((product &+ 1 << 125) >> 126)
  // What is left, in [-1/2, 1/2), its leading 64 bits times π/2.
  let fraction = Int128(truncatingIfNeeded: product << 2)
  let zeros = fraction.magnitude.leadingZeroBitCount
  let leading = UInt64((fraction.magnitude << zeros) >> 64)
  let angle = leading.multipliedFullWidth(by: 0xc90f_daa2_2168_c235).high
  let unit = Double(
    sign: (fraction < 0) == (x < 0) ? .plus : .minus, exponent: -63 - zeros, significand: 1)
  return (x < 0 ? -n : n, Double(angle & ~0x7ff) * unit, Double(angle & 0x7ff) * unit)
}

/// 64 zeros, and behind them the first 1216 bits of 2/π.
private let twoOverPi: [UInt64] = [
  0, 0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041,
  0xfe51_63ab_debb_c561, 0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e,
  0xe882_35f5_2ebb_4484, 0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b,
  0x1ff8_97ff_de05_980f, 0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d,
  0x7527_bac7_ebe5_f17b, 0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab,
]
