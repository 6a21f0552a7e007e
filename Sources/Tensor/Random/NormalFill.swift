// Buffers of normal numbers by the Box-Muller method: two uniform numbers give the radius and the
// angle of a point in the plane, whose two coordinates are independent and normal. Parts of a fill
// work as in UniformFill.swift. Next: TruncatedNormal.swift.

extension RandomGenerator {
  /// Fills memory with normal numbers, and advances by a block per 4 elements.
  ///
  /// The words 2k and 2k + 1, the second with its sign, give the elements 2k and 2k + 1:
  /// ```
  /// u = 2^-31 (word 2k >> 1) + 2^-32,   a = 2 pi 2^-32 word (2k + 1)
  /// mean + standardDeviation sqrt(-2 ln u) (cos a, sin a)
  /// ```
  /// with u rounded to `Float`. The largest distance from the mean is 6.7 standard deviations.
  ///
  /// - Precondition: `standardDeviation` is not negative.
  public mutating func fillNormal(
    _ elements: UnsafeMutablePointer<Float>, count: Int, mean: Float = 0,
    standardDeviation: Float = 1
  ) {
    fillNormal(
      elements, count: count, mean: mean, standardDeviation: standardDeviation, offset: 0)
    skip(bits: 32 * count)
  }

  /// Fills memory with normal numbers, and advances by a block per 2 elements.
  ///
  /// The two halves h0, h1 of block k, the second with its sign, give the elements 2k and 2k + 1:
  /// ```
  /// u = 2^-53 (h0 >> 11) + 2^-54,   a = 2 pi 2^-64 h1
  /// mean + standardDeviation sqrt(-2 ln u) (cos a, sin a)
  /// ```
  /// with u rounded to `Double`. The largest distance from the mean is 8.7 standard deviations.
  ///
  /// - Precondition: `standardDeviation` is not negative.
  public mutating func fillNormal(
    _ elements: UnsafeMutablePointer<Double>, count: Int, mean: Double = 0,
    standardDeviation: Double = 1
  ) {
    fillNormal(
      elements, count: count, mean: mean, standardDeviation: standardDeviation, offset: 0)
    skip(bits: 64 * count)
  }
}

// MARK: - Parts of a fill

extension RandomGenerator {
  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillNormal(
    _ elements: UnsafeMutablePointer<Float>, count: Int, mean: Float, standardDeviation: Float,
    offset: Int
  ) {
    requireStandardDeviation("RandomGenerator.fillNormal", standardDeviation)
    withWords(UInt32.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for k in 0..<(count / 2) {
        let pair = normalPair(words[2 &* k], words[2 &* k &+ 1])
        part[2 &* k] = mean + standardDeviation * pair.cosine
        part[2 &* k &+ 1] = mean + standardDeviation * pair.sine
      }
      if count % 2 == 1 {
        let cosine = normalPair(words[count &- 1], words[count]).cosine
        part[count &- 1] = mean + standardDeviation * cosine
      }
    }
  }

  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillNormal(
    _ elements: UnsafeMutablePointer<Double>, count: Int, mean: Double,
    standardDeviation: Double, offset: Int
  ) {
    requireStandardDeviation("RandomGenerator.fillNormal", standardDeviation)
    withWords(UInt64.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for k in 0..<(count / 2) {
        let pair = normalPair(words[2 &* k], words[2 &* k &+ 1])
        part[2 &* k] = mean + standardDeviation * pair.cosine
        part[2 &* k &+ 1] = mean + standardDeviation * pair.sine
      }
      if count % 2 == 1 {
        let cosine = normalPair(words[count &- 1], words[count]).cosine
        part[count &- 1] = mean + standardDeviation * cosine
      }
    }
  }
}

/// Stops unless the standard deviation is valid for a normal distribution.
func requireStandardDeviation<Scalar: BinaryFloatingPoint>(_ operation: String, _ value: Scalar) {
  require(
    value >= 0,
    "\(operation): got the standard deviation \(value), expected 0 or more")
}

// MARK: - Two normal numbers from two words

// The angle is split into q = 0...3 quarter turns and a remainder of at most half a quarter turn,
// both exact because the angle is an integer. The sine and cosine of the remainder, swapped when q
// is odd and with the signs of the quadrant, are those of the angle.

@inline(__always)
func normalPair(_ radius: UInt32, _ angle: UInt32) -> (cosine: Float, sine: Float) {
  let u = Float(Int32(truncatingIfNeeded: radius &>> 1)) * 0x1p-31 + 0x1p-32
  let quarters = (angle &+ 1 &<< 29) &>> 30
  let rest = Float(Int32(truncatingIfNeeded: angle &- quarters &<< 30)) * (.pi / 2 * 0x1p-30)
  let (cosine, sine) = cosineAndSine(rest)
  let r = (-2 * naturalLogarithm(u)).squareRoot()
  let x = r * (quarters & 1 == 0 ? cosine : sine)
  let y = r * (quarters & 1 == 0 ? sine : cosine)
  return (
    Float(bitPattern: x.bitPattern ^ ((quarters &+ 1) & 2) &<< 30),
    Float(bitPattern: y.bitPattern ^ (quarters & 2) &<< 30)
  )
}

@inline(__always)
func normalPair(_ radius: UInt64, _ angle: UInt64) -> (cosine: Double, sine: Double) {
  let u = Double(radius &>> 11) * 0x1p-53 + 0x1p-54
  let quarters = (angle &+ 1 &<< 61) &>> 62
  let rest = Double(Int64(truncatingIfNeeded: angle &- quarters &<< 62)) * (.pi / 2 * 0x1p-62)
  let (cosine, sine) = cosineAndSine(rest)
  let r = (-2 * naturalLogarithm(u)).squareRoot()
  let x = r * (quarters & 1 == 0 ? cosine : sine)
  let y = r * (quarters & 1 == 0 ? sine : cosine)
  return (
    Double(bitPattern: x.bitPattern ^ ((quarters &+ 1) & 2) &<< 62),
    Double(bitPattern: y.bitPattern ^ (quarters & 2) &<< 62)
  )
}
