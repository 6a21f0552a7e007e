// Tensors of numbers of other distributions than the uniform and the normal one. Every element has a
// generator of its own, a stream of a child that the given generator splits off: the numbers do not
// depend on how threads share the elements.

extension Tensor {
  /// A tensor of what `draw` gives with each element's generator.
  @inline(__always)
  fileprivate static func drawn(
    _ shape: TensorShape, _ generator: inout RandomGenerator,
    _ draw: (inout RandomGenerator) -> Scalar
  ) -> Tensor {
    let parent = generator.split()
    let result = Tensor(uninitialized: shape)
    let y = result.storage.base
    Parallel.overRows(shape.elementCount, of: 8) { start, count in
      for i in start..<start &+ count {
        var own = parent.ofElement(i)
        y[i] = draw(&own)
      }
    }
    return result
  }
}

extension Tensor where Scalar: TensorFloat {
  /// Numbers from the exponential distribution with the given mean.
  ///
  /// - Precondition: `scale` is not negative.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func exponential(
    _ shape: TensorShape, scale: Double = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    drawn(shape, &generator) { Scalar($0.nextExponential(scale: scale)) }
  }

  /// Numbers from the gamma distribution; see ``RandomGenerator/nextGamma(concentration:scale:)``.
  ///
  /// - Precondition: `concentration` and `scale` are finite and not negative.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func gamma(
    _ shape: TensorShape, concentration: Double, scale: Double = 1,
    using generator: inout RandomGenerator
  ) -> Tensor {
    drawn(shape, &generator) {
      Scalar($0.nextGamma(concentration: concentration, scale: scale))
    }
  }

  /// Numbers between 0 and 1 from the beta distribution.
  ///
  /// - Precondition: `alpha` and `beta` are positive and finite.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func beta(
    _ shape: TensorShape, alpha: Double, beta: Double, using generator: inout RandomGenerator
  ) -> Tensor {
    drawn(shape, &generator) { Scalar($0.nextBeta(alpha: alpha, beta: beta)) }
  }

  /// Vectors of normally distributed numbers that vary together, along a new last axis.
  ///
  /// - Parameters:
  ///   - shape: How many vectors are drawn.
  ///   - mean: The vectors' mean, with one axis.
  ///   - covariance: The covariance of each pair of components, a symmetric matrix without negative
  ///     eigenvalues; it may be singular.
  ///   - generator: The source of the numbers.
  /// - Returns: A tensor of `shape` with one more axis.
  /// - Throws: `LinearAlgebraError` if the covariance is not finite.
  public static func multivariateNormal(
    _ shape: TensorShape, mean: Tensor, covariance: Tensor,
    using generator: inout RandomGenerator
  ) throws(LinearAlgebraError) -> Tensor {
    let size = mean.count
    require(
      mean.rank == 1 && covariance.shape == [size, size],
      "multivariateNormal: got a mean of shape \(mean.shape) and a covariance of shape "
        + "\(covariance.shape), expected [n] and [n, n]")
    let (values, vectors) = try covariance.symmetricEigen()
    let limit = size == 0 ? 0 : abs(values).max() * Scalar.ulpOfOne.squareRoot()
    require(
      (values .>= -limit).all() && allClose(covariance, covariance.transposed()),
      "multivariateNormal: the covariance is not symmetric or has a negative eigenvalue")
    let factor = vectors * sqrt(values.clipped(to: 0...))
    let standard = normal(TensorShape(Array(shape) + [size]), using: &generator)
    return mean + matmul(standard, factor.transposed())
  }
}

extension Tensor where Scalar == Int {
  /// How many events happen where `mean` are expected: Poisson's distribution.
  ///
  /// - Precondition: `mean` lies in 0...2⁶².
  public static func poisson(
    _ shape: TensorShape, mean: Double, using generator: inout RandomGenerator
  ) -> Tensor { drawn(shape, &generator) { $0.nextPoisson(mean: mean) } }

  /// How many of `trials` succeed that do so with the given probability.
  ///
  /// - Precondition: `trials` is not negative and `probability` lies in 0...1.
  public static func binomial(
    _ shape: TensorShape, trials: Int, probability: Double,
    using generator: inout RandomGenerator
  ) -> Tensor {
    drawn(shape, &generator) { $0.nextBinomial(trials: trials, probability: probability) }
  }

  /// How often each outcome occurs in `trials`, along a new last axis.
  ///
  /// - Precondition: `trials` is not negative; the probabilities are not negative and sum to 1.
  public static func multinomial(
    _ shape: TensorShape, trials: Int, probabilities: [Double],
    using generator: inout RandomGenerator
  ) -> Tensor {
    let outcomes = probabilities.count
    require(
      trials >= 0 && outcomes > 0 && probabilities.allSatisfy { $0 >= 0 }
        && Swift.abs(probabilities.reduce(0, +) - 1) < 1e-8,
      "multinomial: got \(trials) trials of \(outcomes) outcomes whose probabilities sum to "
        + "\(probabilities.reduce(0, +)); expected 0 or more trials, and probabilities that are not "
        + "negative and sum to 1")
    let parent = generator.split()
    let result = zeros(TensorShape(Array(shape) + [outcomes]))
    let y = result.storage.base
    Parallel.overRows(shape.elementCount, of: 8 * outcomes) { start, count in
      for i in start..<start &+ count {
        var own = parent.ofElement(i)
        // Of those that are left, each outcome gets its share of the probability that is left.
        var (left, chance) = (trials, 1.0)
        for (outcome, probability) in probabilities.enumerated() where left > 0 {
          let isLast = outcome == outcomes - 1 || probability >= chance
          let number =
            isLast
            ? left : own.nextBinomial(trials: left, probability: probability / chance)
          y[i &* outcomes &+ outcome] = number
          left -= number
          chance -= probability
        }
      }
    }
    return result
  }
}

// MARK: - Order

extension Tensor {
  /// Puts the parts along `axis` into random order, each order with the same probability.
  public mutating func shuffle(axis: Int = 0, using generator: inout RandomGenerator) {
    self = shuffled(axis: axis, using: &generator)
  }

  /// The tensor with its parts along `axis` in random order.
  public func shuffled(axis: Int = 0, using generator: inout RandomGenerator) -> Tensor {
    let axis = shape.normalized(axis: axis, "shuffled")
    return taking(generator.permutation(shape[axis]), axis: axis)
  }
}
