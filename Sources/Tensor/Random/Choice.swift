// Random choices: integers from a range, elements with or without replacement, Bernoulli values;
// from the library's generator and, digit for digit, as from NumPy's RandomState.

extension RandomGenerator {
  /// Draws integers from `range`, each with exactly the same probability, into a buffer.
  package mutating func fillIntegers(
    _ elements: UnsafeMutablePointer<Int>, count: Int, in range: Range<Int>
  ) {
    let (size, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    require(
      size > 0 && !overflow,
      "RandomGenerator.integers: got the range \(range), expected one with 1 to 2^63 - 1 numbers")
    guard size <= UInt32.max else {
      for i in 0..<count { elements[i] = range.lowerBound + nextInteger(below: size) }
      return
    }
    // Lemire's method as in Shuffle.swift: one round for every 256 integers, and another when words
    // had to be rejected.
    let choices = UInt64(size)
    let refused = (1 &<< 32 &- choices) % choices
    var i = 0
    while i < count {
      let words = min(256, count - i)
      withWords(UInt32.self, offset: 0, count: words) { words, _, count in
        for k in 0..<count {
          let product = UInt64(words[k]) &* choices
          if product & 0xFFFF_FFFF < refused { continue }
          elements[i] = range.lowerBound &+ Int(truncatingIfNeeded: product &>> 32)
          i &+= 1
        }
      }
      skip(bits: 32 * words)
    }
  }

  /// Draws `count` of the numbers 0..<`population`.
  ///
  /// - Parameters:
  ///   - population: The number of candidates.
  ///   - count: The number of draws.
  ///   - replacing: Whether a number can be drawn more than once.
  ///   - probabilities: The probability of each number; nil if all are equally likely.
  /// - Returns: The numbers in the order drawn.
  public mutating func choice(
    from population: Int, count: Int, replacing: Bool = true, probabilities: [Double]? = nil
  ) -> [Int] {
    checkChoice("RandomGenerator.choice", population, count, replacing, probabilities)
    guard let probabilities else {
      guard replacing else { return Array(permutation(population).prefix(count)) }
      return [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress { fillIntegers(base, count: count, in: 0..<population) }
        initialized = count
      }
    }
    return draw(count, replacing, probabilities) { nextUniform() }
  }
}

extension MersenneTwister {
  /// Draws `count` integers from `range`: `randint(low, high, count)`.
  public mutating func integers(in range: Range<Int>, count: Int) -> [Int] {
    require(
      !range.isEmpty && isListLength(count),
      "MersenneTwister.integers: got \(count) integers from the range \(range)")
    let last = UInt64(truncatingIfNeeded: range.upperBound &- range.lowerBound &- 1)
    return (0..<count).map { _ in
      range.lowerBound &+ Int(truncatingIfNeeded: nextInteger(upTo: last))
    }
  }

  /// Draws `count` of the numbers 0..<`population`: `choice(population, count, replacing,
  /// probabilities)`.
  public mutating func choice(
    from population: Int, count: Int, replacing: Bool = true, probabilities: [Double]? = nil
  ) -> [Int] {
    checkChoice("MersenneTwister.choice", population, count, replacing, probabilities)
    guard let probabilities else {
      return replacing
        ? integers(in: 0..<population, count: count)
        : Array(permutation(population).prefix(count))
    }
    return draw(count, replacing, probabilities) { nextUniform() }
  }
}

private func checkChoice(
  _ name: String, _ population: Int, _ count: Int, _ replacing: Bool, _ probabilities: [Double]?
) {
  require(
    population > 0 && isListLength(count)
      && (replacing || count <= population && isListLength(population)),
    "\(name): \(count) of \(population) numbers cannot be drawn"
      + (replacing ? "" : " without putting them back"))
  guard let probabilities else { return }
  require(
    probabilities.count == population && probabilities.allSatisfy { $0 >= 0 }
      && Swift.abs(probabilities.reduce(0, +) - 1) < 1e-8,
    "\(name): \(probabilities.count) probabilities with the sum \(probabilities.reduce(0, +)); "
      + "expected \(population) that are not negative and sum to 1")
  require(
    replacing || probabilities.filter { $0 > 0 }.count >= count,
    "\(name): fewer than \(count) numbers have a probability above 0")
}

/// Draws numbers by their probabilities, as NumPy does.
///
/// Uniform numbers are looked up in the cumulative sums. Without replacement, numbers already drawn
/// get probability 0, and those still missing are drawn again.
private func draw(
  _ count: Int, _ replacing: Bool, _ probabilities: [Double], _ uniform: () -> Double
) -> [Int] {
  var probabilities = Tensor<Double>(probabilities)
  var found: [Int] = []
  while found.count < count {
    let samples = Tensor<Double>((found.count..<count).map { _ in uniform() })
    for position in found { probabilities[position] = 0 }
    let sums = probabilities.cumulativeSum(axis: 0)
    let drawn = (sums / sums[sums.count - 1]).searchSorted(samples, fromRight: true).elements
    var seen = Set(found)
    found += replacing ? drawn : drawn.filter { seen.insert($0).inserted }
  }
  return found
}

// MARK: - Tensors

extension Tensor where Scalar == Int {
  /// Integers drawn from `range`, each with the same probability.
  public static func integers(
    _ shape: TensorShape, in range: Range<Int>, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    generator.fillIntegers(result.storage.base, count: shape.elementCount, in: range)
    return result
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Ones with the given probability, and zeros otherwise.
  public static func bernoulli(
    _ shape: TensorShape, probability: Double = 0.5, using generator: inout RandomGenerator
  ) -> Tensor {
    require(
      probability >= 0 && probability <= 1,
      "bernoulli: got the probability \(probability), expected 0 to 1")
    let result = Tensor(uninitialized: shape)
    generator.fillBernoulli(
      elements: result.storage.base, count: shape.elementCount, probability: probability,
      value: 1, offset: 0)
    generator.skip(bits: 32 * shape.elementCount)
    return result
  }
}
