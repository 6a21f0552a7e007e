// Buffers of uniform and Bernoulli numbers. Element i depends only on i and on the generator's key,
// stream and block number. The `mutating` forms fill a buffer and advance the generator. The forms
// with an `offset` fill a part of the same buffer, for threads that divide the work. Next:
// NormalFill.swift.

extension RandomGenerator {
  /// Fills memory with uniform numbers from `range`, and advances by a block per 4 elements.
  ///
  /// ```
  /// element i = low + (high - low) 2^-24 (word i >> 8), at most the largest number below high
  /// ```
  /// - Precondition: `range` is not empty and its width is finite.
  public mutating func fillUniform(
    _ elements: UnsafeMutablePointer<Float>, count: Int, in range: Range<Float> = 0..<1
  ) {
    fillUniform(elements, count: count, in: range, offset: 0)
    skip(bits: 32 * count)
  }

  /// Fills memory with uniform numbers from `range`, and advances by a block per 2 elements.
  ///
  /// ```
  /// element i = low + (high - low) 2^-53 (word i >> 11), at most the largest number below high
  /// ```
  /// with words of 64 bits.
  ///
  /// - Precondition: `range` is not empty and its width is finite.
  public mutating func fillUniform(
    _ elements: UnsafeMutablePointer<Double>, count: Int, in range: Range<Double> = 0..<1
  ) {
    fillUniform(elements, count: count, in: range, offset: 0)
    skip(bits: 64 * count)
  }

  /// Fills memory with `value`, at the given probability, and zeros; advances by a block per 4
  /// elements.
  ///
  /// ```
  /// element i = (word i >> 8) < 2^24 probability ? value : 0
  /// ```
  /// - Precondition: `probability` lies in 0...1; it is rounded to a multiple of 2^-24.
  public mutating func fillBernoulli(
    _ elements: UnsafeMutablePointer<Float>, count: Int, probability: Double, value: Float = 1
  ) {
    fillBernoulli(elements, count: count, probability: probability, value: value, offset: 0)
    skip(bits: 32 * count)
  }

  /// Fills memory with `value`, at the given probability, and zeros; advances by a block per 4
  /// elements.
  ///
  /// The zeros lie where they lie for `Float`.
  ///
  /// - Precondition: `probability` lies in 0...1; it is rounded to a multiple of 2^-24.
  public mutating func fillBernoulli(
    _ elements: UnsafeMutablePointer<Double>, count: Int, probability: Double, value: Double = 1
  ) {
    fillBernoulli(elements, count: count, probability: probability, value: value, offset: 0)
    skip(bits: 32 * count)
  }
}

// MARK: - Parts of a fill

extension RandomGenerator {
  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillUniform(
    _ elements: UnsafeMutablePointer<Float>, count: Int, in range: Range<Float>, offset: Int
  ) {
    let low = range.lowerBound
    let last = range.upperBound.nextDown
    let step = checkedWidth(range) * 0x1p-24
    withWords(UInt32.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        let x = low + step * Float(Int32(truncatingIfNeeded: words[i] &>> 8))
        part[i] = x < last ? x : last
      }
    }
  }

  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillUniform(
    _ elements: UnsafeMutablePointer<Double>, count: Int, in range: Range<Double>, offset: Int
  ) {
    let low = range.lowerBound
    let last = range.upperBound.nextDown
    let step = checkedWidth(range) * 0x1p-53
    withWords(UInt64.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        let x = low + step * Double(words[i] &>> 11)
        part[i] = x < last ? x : last
      }
    }
  }

  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillBernoulli(
    _ elements: UnsafeMutablePointer<Float>, count: Int, probability: Double, value: Float,
    offset: Int
  ) {
    let threshold = bernoulliThreshold(probability)
    withWords(UInt32.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        part[i] = Int32(truncatingIfNeeded: words[i] &>> 8) < threshold ? value : 0
      }
    }
  }

  /// Writes the elements from `offset`, a multiple of 4, of a fill that starts at this generator's
  /// state.
  package func fillBernoulli(
    _ elements: UnsafeMutablePointer<Double>, count: Int, probability: Double, value: Double,
    offset: Int
  ) {
    let threshold = bernoulliThreshold(probability)
    withWords(UInt32.self, offset: offset, count: count) { words, first, count in
      let part = elements + first
      for i in 0..<count {
        part[i] = Int32(truncatingIfNeeded: words[i] &>> 8) < threshold ? value : 0
      }
    }
  }
}

private func checkedWidth<Scalar: BinaryFloatingPoint>(_ range: Range<Scalar>) -> Scalar {
  let width = range.upperBound - range.lowerBound
  require(
    width > 0 && width.isFinite,
    "RandomGenerator.fillUniform: got the range \(range.lowerBound)..<\(range.upperBound), "
      + "expected a lower bound below the upper one and a finite distance between them")
  return width
}

private func bernoulliThreshold(_ probability: Double) -> Int32 {
  require(
    probability >= 0 && probability <= 1,
    "RandomGenerator.fillBernoulli: got the probability \(probability), expected 0...1")
  return Int32((probability * 0x1p24).rounded())
}
