// Buffers of normal numbers without the two tails, which initialisers use so that no weight starts
// far out. Keras redraws numbers beyond two standard deviations. Here, the inverse of the truncated
// distribution function gives the same distribution from one word per element, so fills need no
// loops of random length. Next: Shuffle.swift.

extension RandomGenerator {
  /// Fills memory with normal numbers within two standard deviations of the mean, and advances by a
  /// block per 4 elements.
  ///
  /// ```
  /// v = 2^-31 (word i + 1/2), the word with its sign, so that -1 < v < 1
  /// element i = mean + standardDeviation sqrt 2 erfinv(erf(sqrt 2) v)
  /// ```
  /// The standard deviation of the elements is 0.87962566 times `standardDeviation`.
  ///
  /// - Precondition: `standardDeviation` is not negative.
  public mutating func fillTruncatedNormal(
    _ elements: UnsafeMutablePointer<Float>, count: Int, mean: Float = 0,
    standardDeviation: Float = 1
  ) {
    fillTruncatedNormal(
      elements, count: count, mean: mean, standardDeviation: standardDeviation, offset: 0)
    skip(bits: 32 * count)
  }

  /// Fills memory with normal numbers within two standard deviations of the mean, and advances by a
  /// block per 2 elements.
  ///
  /// ```
  /// v = 2^-63 (word i + 1/2), the word with its sign, so that -1 < v < 1
  /// element i = mean + standardDeviation sqrt 2 erfinv(erf(sqrt 2) v)
  /// ```
  /// The standard deviation of the elements is 0.87962566 times `standardDeviation`.
  ///
  /// - Precondition: `standardDeviation` is not negative.
  public mutating func fillTruncatedNormal(
    _ elements: UnsafeMutablePointer<Double>, count: Int, mean: Double = 0,
    standardDeviation: Double = 1
  ) {
    fillTruncatedNormal(
      elements, count: count, mean: mean, standardDeviation: standardDeviation, offset: 0)
    skip(bits: 64 * count)
  }
}

// MARK: - Parts of a fill

extension RandomGenerator {
  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillTruncatedNormal(
    _ elements: UnsafeMutablePointer<Float>, count: Int, mean: Float, standardDeviation: Float,
    offset: Int
  ) {
    requireStandardDeviation("RandomGenerator.fillTruncatedNormal", standardDeviation)
    withWords(UInt32.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        let x = (Float(Int32(bitPattern: words[i])) + 0.5) * (Float(centralProbability) * 0x1p-31)
        let z = centralQuantile(x, -naturalLogarithm((1 - x) * (1 + x)))
        part[i] = mean + standardDeviation * z
      }
    }
  }

  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillTruncatedNormal(
    _ elements: UnsafeMutablePointer<Double>, count: Int, mean: Double,
    standardDeviation: Double, offset: Int
  ) {
    requireStandardDeviation("RandomGenerator.fillTruncatedNormal", standardDeviation)
    withWords(UInt64.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        let x = (Double(Int64(bitPattern: words[i])) + 0.5) * (centralProbability * 0x1p-63)
        let z = centralQuantile(x, -naturalLogarithm((1 - x) * (1 + x)))
        part[i] = mean + standardDeviation * z
      }
    }
  }
}

/// erf(sqrt 2), the probability that a normal number lies within two standard deviations.
private let centralProbability = 0.954_499_736_103_641_6

/// sqrt 2 erfinv(x) for |x| <= erf(sqrt 2), which is between -2 and 2.
///
/// With w = -ln(1 - x^2), sqrt 2 erfinv(x) / x is a very smooth function of w. A quotient of two
/// polynomials of degree 6, equal to it at the 13 Chebyshev nodes of 0...2.42, has a relative error
/// of at most 1.2e-16. (Solved as a linear system in 60 digits.)
@inline(__always)
private func centralQuantile<Scalar: BinaryFloatingPoint>(_ x: Scalar, _ w: Scalar) -> Scalar {
  var p: Scalar = 3.295_629_741_809_965_297_2e-6
  p = p * w + 9.826_527_509_812_155_660_8e-5
  p = p * w + 1.485_524_210_793_762_507_2e-3
  p = p * w + 1.444_054_960_105_810_203_9e-2
  p = p * w + 9.662_048_444_517_382_896_1e-2
  p = p * w + 4.501_357_676_473_693_183_9e-1
  p = p * w + 1.253_314_137_315_500_400_6
  var q: Scalar = 2.314_565_610_958_096_669_1e-7
  q = q * w + 1.267_756_474_608_174_825_8e-5
  q = q * w + 3.532_175_972_321_867_987_7e-4
  q = q * w + 2.789_897_488_630_582_257_2e-3
  q = q * w + 3.857_195_508_076_906_073_7e-2
  q = q * w + 9.735_699_147_184_913_697_6e-2
  q = q * w + 1
  let z = x * (p / q)
  // Rounding may exceed the ends by a unit in the last place.
  let top = z < 2 ? z : 2
  return top > -2 ? top : -2
}
