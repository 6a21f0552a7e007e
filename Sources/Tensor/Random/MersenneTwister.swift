// NumPy's legacy generator, number for number: it gives the numbers of `numpy.random.seed(s)` and
// `RandomState(s)`, which scikit-learn's data sets are made from. Use it to reproduce the digits of
// a NumPy program; everything else uses `RandomGenerator`, which is faster and can be split among
// threads.

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The generator of NumPy's `RandomState`: MT19937 and the legacy methods that turn its words into
/// numbers.
///
/// ```swift
/// var generator = MersenneTwister(seed: 0)
/// generator.nextUniform()    // 0.5488135039273248, RandomState(0).random_sample()
/// ```
/// Normal numbers use the C library's logarithm, as NumPy's do; everything else has the same bits
/// on every machine.
///
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
/// uniform pseudo-random number generator", ACM Transactions on Modeling and Computer Simulation 8,
/// 1998, seeded as in the authors' version of 2002.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
  /// x[n], ..., x[n + 623] of the recurrence.
  private var state: [UInt32]
  /// The index of the next word in `state`; 624 when all are used.
  private var index = stateSize
  /// The second number of the last pair of normal numbers.
  private var spareNormal: Double?

  /// Creates the generator of `numpy.random.RandomState(seed)`.
  public init(seed: UInt32) {
    state = [seed]
    for i in 1..<UInt32(stateSize) {
      let word = state[state.count - 1]
      state.append(1_812_433_253 &* (word ^ (word >> 30)) &+ i)
    }
  }

  // MARK: Bits and uniform numbers

  /// Returns the next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if index == stateSize {
      twist()
      index = 0
    }
    var word = state[index]
    index &+= 1
    word ^= word &>> 11
    word ^= (word &<< 7) & 0x9D2C_5680
    word ^= (word &<< 15) & 0xEFC6_0000
    return word ^ (word &>> 18)
  }

  /// Returns 64 random bits: two words, the high half first.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextWord())
    return high << 32 | UInt64(nextWord())
  }

  /// Returns a number from [0, 1), a multiple of 2^-53: `random_sample()`.
  public mutating func nextUniform() -> Double {
    let high = Double(nextWord() >> 5)
    let low = Double(nextWord() >> 6)
    return (high * 0x1p26 + low) / 0x1p53
  }

  /// Returns a number from [`low`, `high`): `uniform(low, high)`.
  ///
  /// As in NumPy, rounding can give `high` itself.
  public mutating func nextUniform(from low: Double, to high: Double) -> Double {
    low + (high - low) * nextUniform()
  }

  /// Fills a buffer with numbers from [`low`, `high`): `uniform(low, high, size)`.
  public mutating func fillUniform(
    _ elements: UnsafeMutableBufferPointer<Double>, from low: Double = 0, to high: Double = 1
  ) {
    for i in elements.indices {
      elements[i] = nextUniform(from: low, to: high)
    }
  }

  // MARK: Normal numbers

  /// Returns a number from the standard normal distribution: `standard_normal()`.
  ///
  /// Marsaglia's polar method gives two at a time; the second is kept for the next call.
  public mutating func nextNormal() -> Double {
    if let second = spareNormal {
      spareNormal = nil
      return second
    }
    var x: Double
    var y: Double
    var square: Double
    repeat {
      x = 2 * nextUniform() - 1
      y = 2 * nextUniform() - 1
      square = x * x + y * y
    } while square >= 1 || square == 0
    let scale = (-2 * log(square) / square).squareRoot()
    spareNormal = scale * x
    return scale * y
  }

  /// Fills a buffer with normal numbers: `normal(mean, standardDeviation, size)`.
  public mutating func fillNormal(
    _ elements: UnsafeMutableBufferPointer<Double>, mean: Double = 0, standardDeviation: Double = 1
  ) {
    requireStandardDeviation("MersenneTwister.fillNormal", standardDeviation)
    for i in elements.indices {
      elements[i] = mean + standardDeviation * nextNormal()
    }
  }

  // MARK: Integers and order

  /// Returns an integer from 0...`last`: `randint(last + 1)`.
  ///
  /// Draws 32 or 64 bits and keeps as many as `last` has, until the result does not exceed `last`;
  /// draws nothing when `last` is 0.
  ///
  /// - Precondition: `last` is not negative.
  public mutating func nextInteger(upTo last: Int) -> Int {
    require(
      last >= 0, "MersenneTwister.nextInteger: got the upper end \(last), expected 0 or more")
    return Int(nextInteger(upTo: UInt64(last)))
  }

  /// Returns an integer from 0...`last`, where `last` may be any 64-bit number.
  mutating func nextInteger(upTo last: UInt64) -> UInt64 {
    if last == 0 { return 0 }
    let mask = UInt64.max >> last.leadingZeroBitCount
    var value: UInt64
    repeat {
      value = (last <= UInt32.max ? UInt64(nextWord()) : next()) & mask
    } while value > last
    return value
  }

  /// Puts an array into random order: `shuffle(array)`.
  public mutating func shuffle<Element>(_ array: inout [Element]) {
    var i = array.count - 1
    while i > 0 {
      array.swapAt(i, nextInteger(upTo: i))
      i -= 1
    }
  }

  /// Returns 0..<`count` in random order: `permutation(count)`.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func permutation(_ count: Int) -> [Int] {
    require(
      isListLength(count),
      "MersenneTwister.permutation: got the count \(count), expected 0 or more, and a list that fits in "
        + "memory")
    var indices = Array(0..<count)
    shuffle(&indices)
    return indices
  }

  // MARK: The recurrence

  /// Replaces x[n], ..., x[n + 623] by the next 624 numbers.
  ///
  /// ```
  /// x[n + 624] = x[n + 397] ^ A(upper bit of x[n], lower 31 bits of x[n + 1])
  /// A(y) = (y >> 1) ^ (y odd ? 9908B0DF : 0)
  /// ```
  private mutating func twist() {
    state.withUnsafeMutableBufferPointer { x in
      for i in 0..<stateSize {
        let y = (x[i] & 0x8000_0000) | (x[(i &+ 1) % stateSize] & 0x7FFF_FFFF)
        let odd: UInt32 = y & 1 == 0 ? 0 : 0x9908_B0DF
        x[i] = x[(i &+ 397) % stateSize] ^ (y &>> 1) ^ odd
      }
    }
  }
}

/// Whether a list can hold this many integers.
func isListLength(_ count: Int) -> Bool { count >= 0 && count < 1 << 43 }

/// The degree of the recurrence.
private let stateSize = 624
