// Tensors of numbers from distributions other than the uniform and the normal. Every element has
// its own generator, a stream of a child that is split off the given generator. So the numbers do
// not depend on how threads divide the elements.

extension Tensor {
  /// A tensor of the numbers that `draw` returns, called with each element's generator.
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

  /// Vectors from a multivariate normal distribution, along a new last axis.
  ///
  /// - Parameters:
  ///   - shape: The number of vectors along each axis.
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
  /// Numbers of events from the Poisson distribution with the given mean.
  ///
  /// - Precondition: `mean` lies in 0...2⁶².
  public static func poisson(
    _ shape: TensorShape, mean: Double, using generator: inout RandomGenerator
  ) -> Tensor { drawn(shape, &generator) { $0.nextPoisson(mean: mean) } }

  /// Numbers of successes among `trials` with the given probability: the binomial distribution.
  ///
  /// - Precondition: `trials` is not negative and `probability` lies in 0...1.
  public static func binomial(
    _ shape: TensorShape, trials: Int, probability: Double,
    using generator: inout RandomGenerator
  ) -> Tensor {
    drawn(shape, &generator) { $0.nextBinomial(trials: trials, probability: probability) }
  }

  /// The number of times that each outcome occurs in `trials`, along a new last axis.
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
        // Of the remaining trials, each outcome gets its share of the remaining probability.
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
  /// Shuffles the parts along `axis`; every order has the same probability.
  public mutating func shuffle(axis: Int = 0, using generator: inout RandomGenerator) {
    self = shuffled(axis: axis, using: &generator)
  }

  /// The tensor with its parts along `axis` in random order.
  public func shuffled(axis: Int = 0, using generator: inout RandomGenerator) -> Tensor {
    let axis = shape.normalized(axis: axis, "shuffled")
    return taking(generator.permutation(shape[axis]), axis: axis)
  }
}
