// Tensors of random numbers, from the library's own generator.

extension RandomGenerator {
  /// Writes the elements from `offset`, a multiple of 4, of a fill with `value`, at the given
  /// probability, and zeros.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func fillBernoulli<Scalar: TensorFloat>(
    elements: UnsafeMutablePointer<Scalar>, count: Int, probability: Double, value: Scalar,
    offset: Int
  ) {
    if Scalar.scalarType == .float32 {
      fillBernoulli(
        elements.cast(to: Float.self), count: count, probability: probability,
        value: Float(value), offset: offset)
    } else {
      fillBernoulli(
        elements.cast(to: Double.self), count: count, probability: probability,
        value: Double(value), offset: offset)
    }
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Uniformly distributed numbers from `range`.
  public static func uniform(
    _ shape: TensorShape, in range: Range<Scalar> = 0..<1, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (base, count) = (result.storage.base, shape.elementCount)
    if Scalar.scalarType == .float32 {
      generator.fillUniform(
        base.cast(to: Float.self), count: count,
        in: Float(range.lowerBound)..<Float(range.upperBound))
    } else {
      generator.fillUniform(
        base.cast(to: Double.self), count: count,
        in: Double(range.lowerBound)..<Double(range.upperBound))
    }
    return result
  }

  /// Normally distributed numbers with the given mean and standard deviation.
  public static func normal(
    _ shape: TensorShape, mean: Scalar = 0, standardDeviation: Scalar = 1,
    using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (base, count) = (result.storage.base, shape.elementCount)
    if Scalar.scalarType == .float32 {
      generator.fillNormal(
        base.cast(to: Float.self), count: count, mean: Float(mean),
        standardDeviation: Float(standardDeviation))
    } else {
      generator.fillNormal(
        base.cast(to: Double.self), count: count, mean: Double(mean),
        standardDeviation: Double(standardDeviation))
    }
    return result
  }

  /// Normally distributed numbers around `mean`, none more than two standard deviations away.
  public static func truncatedNormal(
    _ shape: TensorShape, mean: Scalar = 0, standardDeviation: Scalar = 1,
    using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (base, count) = (result.storage.base, shape.elementCount)
    if Scalar.scalarType == .float32 {
      generator.fillTruncatedNormal(
        base.cast(to: Float.self), count: count, mean: Float(mean),
        standardDeviation: Float(standardDeviation))
    } else {
      generator.fillTruncatedNormal(
        base.cast(to: Double.self), count: count, mean: Double(mean),
        standardDeviation: Double(standardDeviation))
    }
    return result
  }
}
