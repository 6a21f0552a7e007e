import Tensor
import Testing

// Golden numbers: the words w (32 bits) and h (64 bits) of seed 42, from the Python implementation
// in RandomGeneratorTests.swift, put through the documented formulas with Python's math module, and
// with mpmath's erfinv in 40 digits for the truncated normal.

/// Elements 0...6, 255, 256, 257 and 1000 of a fill of `Float`.
private let floatIndices = [0, 1, 2, 3, 4, 5, 6, 255, 256, 257, 1000]
/// Elements 0...3, 127, 128, 129 and 500 of a fill of `Double`.
private let doubleIndices = [0, 1, 2, 3, 127, 128, 129, 500]

private typealias FloatFill =
  @Sendable (
    inout RandomGenerator, UnsafeMutablePointer<Float>, Int
  ) -> Void
private typealias DoubleFill =
  @Sendable (
    inout RandomGenerator, UnsafeMutablePointer<Double>, Int
  ) -> Void

private func floats(_ count: Int, seed: UInt64 = 42, _ fill: FloatFill) -> [Float] {
  var generator = RandomGenerator(seed: seed)
  return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
    fill(&generator, buffer.baseAddress!, count)
    initialized = count
  }
}

private func doubles(_ count: Int, seed: UInt64 = 42, _ fill: DoubleFill) -> [Double] {
  var generator = RandomGenerator(seed: seed)
  return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
    fill(&generator, buffer.baseAddress!, count)
    initialized = count
  }
}

struct UniformFillTests {
  @Test("Uniform floats have the bits that NumPy's float32 arithmetic gives")
  func floatGoldens() {
    // float32(-3) + float32(8 * 2**-24) * float32(w[i] >> 8)
    let expected: [Float] = [
      1.9036788940429688, 0.7486920356750488, -2.4141464233398438, -0.27310800552368164,
      4.901749134063721, -0.38349342346191406, 1.1112489700317383, 1.467442512512207,
      3.659976005554199, 4.393092632293701, 0.42719173431396484,
    ]
    let x = floats(1001) { $0.fillUniform($1, count: $2, in: -3..<5) }
    #expect(floatIndices.map { x[$0] } == expected)
  }

  @Test("Uniform doubles have the bits that Python's arithmetic gives")
  func doubleGoldens() {
    // (h[i] >> 11) * 2.0**-53
    let expected = [
      0.4685865183391049, 0.34086154938517876, 0.32706338120338474, 0.4543156017348883,
      0.5584303210665134, 0.9241366169491076, 0.05053693158955708, 0.7144114606614221,
    ]
    let x = doubles(501) { $0.fillUniform($1, count: $2) }
    #expect(doubleIndices.map { x[$0] } == expected)
  }

  @Test("Bernoulli zeros fall where Python's do, for both scalars")
  func bernoulliGoldens() {
    // "".join("1" if (w[i] >> 8) < round(.3 * 2**24) else "0" for i in range(64))
    let expected = "0010000000000000000101111001001101001000000000100101100110000001"
    let x = floats(1001) { $0.fillBernoulli($1, count: $2, probability: 0.3, value: 2.5) }
    let y = doubles(1001) { $0.fillBernoulli($1, count: $2, probability: 0.3, value: 2.5) }
    #expect(x[..<64].map { $0 == 0 ? "0" : "1" }.joined() == expected)
    #expect(x.map(Double.init) == y)
    #expect(Set(x) == [0, 2.5])
    #expect(x.filter { $0 != 0 }.count == 317)
  }

  @Test("Probabilities 0 and 1 give only zeros and only values")
  func certainBernoulli() {
    #expect(
      floats(1000) { $0.fillBernoulli($1, count: $2, probability: 0) }
        == [Float](repeating: 0, count: 1000))
    #expect(
      doubles(1000) { $0.fillBernoulli($1, count: $2, probability: 1, value: 3) }
        == [Double](repeating: 3, count: 1000))
  }

  @Test("Every float lies in the range, however few numbers that has")
  func insideRange() {
    let ranges: [Range<Float>] = [
      1..<Float(1).nextUp, 1..<(1 + 0x1p-20), -0x1p-149..<0, 0..<0x1p-148, -1e38..<1e38,
      16_777_216..<16_777_218, -5..<Float(-5).nextUp, 0.1..<0.3,
    ]
    for range in ranges {
      let x = floats(4000) { $0.fillUniform($1, count: $2, in: range) }
      #expect(x.allSatisfy { range.contains($0) }, "\(range)")
    }
  }

  @Test("Every double lies in the range, however few numbers that has")
  func doubleInsideRange() {
    for range in [1..<1.nextUp, -0x1p-1074..<0, -8e307..<8e307, 3..<(3 + 0x1p-50)] {
      let x = doubles(4000) { $0.fillUniform($1, count: $2, in: range) }
      #expect(x.allSatisfy { range.contains($0) }, "\(range)")
    }
  }

  @Test("Uniform numbers: mean, variance, chi-square on 64 bins, neighbours uncorrelated")
  func statistics() {
    let n = 65_536
    let samples = [
      floats(n, seed: 7) { $0.fillUniform($1, count: $2) }.map(Double.init),
      doubles(n, seed: 8) { $0.fillUniform($1, count: $2) },
    ]
    for x in samples {
      let moments = Moments(x)
      #expect(abs(moments.mean - 0.5) < 5 * 0.2887 / 256)
      #expect(abs(moments.variance - 1 / 12.0) < 5 * 0.0745 / 256)
      var counts = [Int](repeating: 0, count: 64)
      for value in x { counts[Int(value * 64)] += 1 }
      #expect(chiSquare(counts) < chiSquareLimit(degrees: 63))
      for lag in [1, 2, 4, 64] {
        #expect(abs(correlation(Array(x.dropFirst(lag)), Array(x.dropLast(lag)))) < 5 / 256)
      }
    }
  }

  @Test("Neighbouring seeds, streams and splits are uncorrelated")
  func independentStreams() {
    var parent = RandomGenerator(seed: 0)
    let generators = [
      parent, RandomGenerator(seed: 1), parent.stream(0), parent.stream(1), parent.split(),
      parent.split(),
    ]
    let samples = generators.map { generator in
      var generator = generator
      var x = [Double](repeating: 0, count: 10_000)
      generator.fillUniform(&x, count: x.count)
      return x
    }
    for i in samples.indices {
      for j in samples.indices where i < j {
        #expect(abs(correlation(samples[i], samples[j])) < 0.05, "\(i), \(j)")
      }
    }
  }
}

struct NormalFillTests {
  @Test("Normal floats are within 2^-21 of the formula")
  func floatGoldens() {
    let expected = [
      -0.9701897900660832, 0.19401895610720926, -1.2356207422864462, 1.9239267512423717,
      -0.07318150869278212, 0.1391374970205139, -1.1066650306386376, -0.8160144497155246,
      0.5380207422201295, -0.2778218696200919, -0.2887359908782127,
    ]
    let x = floats(1001) { $0.fillNormal($1, count: $2) }
    for (i, value) in zip(floatIndices, expected) {
      #expect(abs(Double(x[i]) - value) <= 0x1p-21, "element \(i): \(x[i]), \(value)")
    }
  }

  @Test("Normal doubles are within 2^-50 of the formula")
  func doubleGoldens() {
    let expected = [
      -0.6653748678073488, 1.0360238086554652, -1.4338891806537386, 0.4232781812444522,
      -0.2118107420884079, 0.3773707848253159, 0.12402427027716599, -0.7195087861766215,
    ]
    let x = doubles(501) { $0.fillNormal($1, count: $2) }
    for (i, value) in zip(doubleIndices, expected) {
      #expect(abs(x[i] - value) <= 0x1p-50, "element \(i): \(x[i]), \(value)")
    }
  }

  @Test("Mean and standard deviation move and scale the elements")
  func meanAndDeviation() {
    let z = doubles(100) { $0.fillNormal($1, count: $2) }
    let x = doubles(100) { $0.fillNormal($1, count: $2, mean: -3, standardDeviation: 0.25) }
    #expect(x == z.map { -3 + 0.25 * $0 })
    let constant = floats(9) { $0.fillNormal($1, count: $2, mean: 2, standardDeviation: 0) }
    #expect(constant == [Float](repeating: 2, count: 9))
  }

  @Test("Normal numbers: moments, tails, and chi-square on the 8 octants of pairs")
  func statistics() {
    let n = 65_536
    let samples = [
      floats(n, seed: 7) { $0.fillNormal($1, count: $2) }.map(Double.init),
      doubles(n, seed: 8) { $0.fillNormal($1, count: $2) },
    ]
    for x in samples {
      let moments = Moments(x)
      #expect(abs(moments.mean) < 5 / 256)
      #expect(abs(moments.variance - 1) < 5 * 1.4143 / 256)
      let skewness = x.reduce(0) { $0 + $1 * $1 * $1 } / Double(n)
      #expect(abs(skewness) < 5 * 3.873 / 256)
      let fourth = x.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(n)
      #expect(abs(fourth - 3) < 5 * 9.8 / 256)
      // P(|z| > 2) = 0.0455, P(|z| > 3) = 0.0027
      let beyond2 = Double(x.filter { abs($0) > 2 }.count)
      #expect(abs(beyond2 - 0.0455 * Double(n)) < 5 * 53.4)
      let beyond3 = Double(x.filter { abs($0) > 3 }.count)
      #expect(abs(beyond3 - 0.0027 * Double(n)) < 5 * 13.3)
      #expect(abs(correlation(Array(x.dropFirst()), Array(x.dropLast()))) < 5 / 256)
      var octants = [Int](repeating: 0, count: 8)
      for i in stride(from: 0, to: n, by: 2) {
        let octant =
          (x[i] < 0 ? 4 : 0) + (x[i + 1] < 0 ? 2 : 0) + (abs(x[i]) < abs(x[i + 1]) ? 1 : 0)
        octants[octant] += 1
      }
      #expect(chiSquare(octants) < chiSquareLimit(degrees: 7))
    }
  }
}

struct TruncatedNormalTests {
  @Test("Truncated normal floats are within 2^-21 of the quantiles")
  func floatGoldens() {
    let expected = [
      -1.1236992905838032, 1.6189009155934648, 0.1761187487136045, 0.935956700254002,
      -0.029388291058127906, 0.8859653890780661, -1.798820426108795, -1.415084520606527,
      -0.41213992037564634, -0.18251722009059504, 1.3340530024629993,
    ]
    let x = floats(1001) { $0.fillTruncatedNormal($1, count: $2) }
    for (i, value) in zip(floatIndices, expected) {
      #expect(abs(Double(x[i]) - value) <= 0x1p-21, "element \(i): \(x[i]), \(value)")
    }
  }

  @Test("Truncated normal doubles are within 2^-50 of the quantiles")
  func doubleGoldens() {
    let expected = [
      1.6189009158267775, 0.9359566998855998, 0.8859653894803399, 1.5034937940704023,
      -1.4150845212501915, -0.18251721990226163, 0.12120959522034164, -0.747417427054127,
    ]
    let x = doubles(501) { $0.fillTruncatedNormal($1, count: $2) }
    for (i, value) in zip(doubleIndices, expected) {
      #expect(abs(x[i] - value) <= 0x1p-50, "element \(i): \(x[i]), \(value)")
    }
  }

  @Test("Nothing lies beyond two standard deviations, and the distribution is the truncated normal")
  func statistics() {
    let n = 65_536
    let samples = [
      floats(n, seed: 7) { $0.fillTruncatedNormal($1, count: $2) }.map(Double.init),
      doubles(n, seed: 8) { $0.fillTruncatedNormal($1, count: $2) },
    ]
    // The edges of eight equally likely bins, from SciPy:
    //   truncnorm(-2, 2).ppf([5/8, 6/8, 7/8])
    let edges = [0.30367558, 0.63911191, 1.07109838]
    for x in samples {
      #expect(x.allSatisfy { -2 <= $0 && $0 <= 2 })
      #expect(x.contains { $0 < -1.99 } && x.contains { $0 > 1.99 })
      let moments = Moments(x)
      #expect(abs(moments.mean) < 5 * 0.88 / 256)
      // truncnorm(-2, 2).var() = 0.7737413035
      #expect(abs(moments.variance - 0.773_741_303_5) < 5 * 0.8 / 256)
      var counts = [Int](repeating: 0, count: 8)
      for value in x {
        counts[(value < 0 ? 4 : 0) + edges.filter { abs(value) > $0 }.count] += 1
      }
      #expect(chiSquare(counts) < chiSquareLimit(degrees: 7))
    }
  }

  @Test("Mean and standard deviation move and scale the elements")
  func meanAndDeviation() {
    let z = floats(100) { $0.fillTruncatedNormal($1, count: $2) }
    let x = floats(100) {
      $0.fillTruncatedNormal($1, count: $2, mean: 10, standardDeviation: 0.5)
    }
    #expect(x == z.map { 10 + 0.5 * $0 })
  }
}

// MARK: - Parts of a fill

private let floatFills:
  [(
    fill: FloatFill,
    part: @Sendable (RandomGenerator, UnsafeMutablePointer<Float>, Int, Int) -> Void
  )] = [
    (
      { $0.fillUniform($1, count: $2, in: -1..<2) },
      { $0.fillUniform($1, count: $2, in: -1..<2, offset: $3) }
    ),
    (
      { $0.fillBernoulli($1, count: $2, probability: 0.6, value: 3) },
      { $0.fillBernoulli($1, count: $2, probability: 0.6, value: 3, offset: $3) }
    ),
    (
      { $0.fillNormal($1, count: $2, mean: 1, standardDeviation: 2) },
      { $0.fillNormal($1, count: $2, mean: 1, standardDeviation: 2, offset: $3) }
    ),
    (
      { $0.fillTruncatedNormal($1, count: $2, mean: 1, standardDeviation: 2) },
      { $0.fillTruncatedNormal($1, count: $2, mean: 1, standardDeviation: 2, offset: $3) }
    ),
  ]

private let doubleFills:
  [(
    fill: DoubleFill,
    part: @Sendable (RandomGenerator, UnsafeMutablePointer<Double>, Int, Int) -> Void,
    wordBits: Int
  )] = [
    (
      { $0.fillUniform($1, count: $2, in: -1..<2) },
      { $0.fillUniform($1, count: $2, in: -1..<2, offset: $3) }, 64
    ),
    (
      { $0.fillBernoulli($1, count: $2, probability: 0.6, value: 3) },
      { $0.fillBernoulli($1, count: $2, probability: 0.6, value: 3, offset: $3) }, 32
    ),
    (
      { $0.fillNormal($1, count: $2, mean: 1, standardDeviation: 2) },
      { $0.fillNormal($1, count: $2, mean: 1, standardDeviation: 2, offset: $3) }, 64
    ),
    (
      { $0.fillTruncatedNormal($1, count: $2, mean: 1, standardDeviation: 2) },
      { $0.fillTruncatedNormal($1, count: $2, mean: 1, standardDeviation: 2, offset: $3) }, 64
    ),
  ]

/// Positions and lengths of parts, around the boundaries of blocks and of the inner buffer.
private let parts = [
  (0, 0), (0, 1), (0, 3), (4, 1), (4, 5), (8, 256), (124, 9), (252, 300), (256, 511), (996, 4),
  (0, 1000),
]

struct PartialFillTests {
  @Test("A part of a fill equals the whole fill there", arguments: floatFills.indices)
  func floatParts(_ index: Int) {
    let (fill, part) = floatFills[index]
    var start = RandomGenerator(seed: 21)
    _ = start.split()
    var whole = [Float](repeating: 0, count: 1000)
    var generator = start
    fill(&generator, &whole, whole.count)
    for (offset, count) in parts {
      var piece = [Float](repeating: -77, count: count + 1)
      part(start, &piece, count, offset)
      #expect(Array(piece[..<count]) == Array(whole[offset..<(offset + count)]))
      #expect(piece[count] == -77, "wrote past the end")
    }
  }

  @Test("A part of a fill of doubles equals the whole fill there", arguments: doubleFills.indices)
  func doubleParts(_ index: Int) {
    let (fill, part, _) = doubleFills[index]
    var start = RandomGenerator(seed: 22)
    _ = start.split()
    var whole = [Double](repeating: 0, count: 1000)
    var generator = start
    fill(&generator, &whole, whole.count)
    for (offset, count) in parts {
      var piece = [Double](repeating: -77, count: count + 1)
      part(start, &piece, count, offset)
      #expect(Array(piece[..<count]) == Array(whole[offset..<(offset + count)]))
      #expect(piece[count] == -77, "wrote past the end")
    }
  }

  @Test("A fill moves on by its documented number of blocks", arguments: [0, 1, 3, 4, 5, 8, 1001])
  func advance(_ count: Int) {
    var x = [Float](repeating: 0, count: count + 1)
    var y = [Double](repeating: 0, count: count + 1)
    for (fill, _) in floatFills {
      var generator = RandomGenerator(seed: 1)
      fill(&generator, &x, count)
      #expect(generator.block == UInt64((count + 3) / 4))
    }
    for (fill, _, wordBits) in doubleFills {
      var generator = RandomGenerator(seed: 1)
      fill(&generator, &y, count)
      let blockElements = 128 / wordBits
      #expect(generator.block == UInt64((count + blockElements - 1) / blockElements))
    }
  }

  @Test("A second fill does not repeat the first")
  func secondFill() {
    var generator = RandomGenerator(seed: 1)
    var x = [Float](repeating: 0, count: 1001)
    var y = x
    generator.fillUniform(&x, count: x.count)
    generator.fillUniform(&y, count: y.count)
    #expect(zip(x, y).filter { $0 == $1 }.count < 3)
  }
}
