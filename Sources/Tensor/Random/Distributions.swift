// Numbers from distributions other than the uniform and the normal, one at a time. Most are drawn
// by rejection, so the number of words that a draw takes is random; in tensors, every element
// therefore has its own generator. Next: Tensor+Distributions.swift.

extension RandomGenerator {
  /// A number from (0, 1], never 0.
  private mutating func nextInside() -> Double { Double(next() >> 11) * 0x1p-53 + 0x1p-54 }

  /// Returns a number from the exponential distribution with the given mean.
  ///
  /// - Precondition: `scale` is not negative.
  public mutating func nextExponential(scale: Double = 1) -> Double {
    require(
      scale >= 0, "RandomGenerator.nextExponential: got the scale \(scale), expected 0 or more")
    return -scale * naturalLogarithm(nextInside())
  }

  // MARK: Gamma and beta

  /// Returns a number from the gamma distribution with the density x^(k - 1) e^(-x / scale), where
  /// k is the concentration: the `shape` of NumPy's `gamma`.
  ///
  /// Source: G. Marsaglia and W. Tsang, "A simple method for generating gamma variables", ACM
  /// Transactions on Mathematical Software 26, 2000.
  ///
  /// - Precondition: `concentration` and `scale` are finite and not negative.
  public mutating func nextGamma(concentration: Double, scale: Double = 1) -> Double {
    require(
      concentration >= 0 && concentration.isFinite && scale >= 0 && scale.isFinite,
      "RandomGenerator.nextGamma: got the concentration \(concentration) and the scale \(scale), "
        + "expected finite numbers that are not negative")
    if concentration == 0 { return 0 }
    let (gamma, logarithm) = nextGammaFactors(concentration)
    return scale * (logarithm == 0 ? gamma : gamma * exponential(logarithm))
  }

  /// A gamma variable as a product x e^y; for concentrations below 1 the product may underflow.
  private mutating func nextGammaFactors(_ concentration: Double) -> (Double, Double) {
    // A variable of the next concentration times u^(1 / k) has the concentration k.
    let logarithm =
      concentration < 1 ? naturalLogarithm(nextInside()) / concentration : 0
    let d = (concentration < 1 ? concentration + 1 : concentration) - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = nextNormal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = nextInside()
      if u < 1 - 0.0331 * (x * x) * (x * x)
        || naturalLogarithm(u) < 0.5 * x * x + d * (1 - v + naturalLogarithm(v))
      {
        return (d * v, logarithm)
      }
    }
  }

  /// Returns a number from the beta distribution with the density x^(alpha - 1) (1 - x)^(beta - 1).
  ///
  /// - Precondition: `alpha` and `beta` are positive and finite.
  public mutating func nextBeta(alpha: Double, beta: Double) -> Double {
    require(
      alpha > 0 && beta > 0 && alpha.isFinite && beta.isFinite,
      "RandomGenerator.nextBeta: got alpha \(alpha) and beta \(beta), expected positive finite numbers"
    )
    // x / (x + y) of two gamma variables, whose logarithms never underflow.
    let (x, logX) = nextGammaFactors(alpha)
    let (y, logY) = nextGammaFactors(beta)
    return 1 / (1 + exponential(naturalLogarithm(y / x) + (logY - logX)))
  }

  // MARK: Counts

  /// Returns a number of events from the Poisson distribution with the given mean.
  ///
  /// Source for means from 10 on: W. Hörmann, "The transformed rejection method for generating
  /// Poisson random variables", Insurance: Mathematics and Economics 12, 1993 (PTRS); below,
  /// products of uniform numbers, as in D. Knuth's "The Art of Computer Programming", volume 2.
  ///
  /// - Precondition: `mean` lies in 0...2⁶².
  public mutating func nextPoisson(mean: Double) -> Int {
    require(
      mean >= 0 && mean <= 0x1p62,
      "RandomGenerator.nextPoisson: got the mean \(mean), expected 0 to 2^62")
    if mean < 10 {
      let limit = exponential(-mean)
      var (product, count) = (nextInside(), 0)
      while product > limit {
        product *= nextInside()
        count += 1
      }
      return count
    }
    let logMean = naturalLogarithm(mean)
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let logInverseAlpha = naturalLogarithm(1.1239 + 1.1328 / (b - 3.4))
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = nextInside() - 0.5
      let v = nextInside()
      let distance = 0.5 - Swift.abs(u)
      let k = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
      if distance >= 0.07 && v <= squeeze { return Int(k) }
      if k < 0 || k > 0x1p62 * 1.5 || distance < 0.013 && v > distance { continue }
      if naturalLogarithm(v) + logInverseAlpha - naturalLogarithm(a / (distance * distance) + b)
        <= k * logMean - mean - logarithmOfFactorial(k)
      {
        return Int(k)
      }
    }
  }

  /// Returns a number of successes among `trials` with the given probability: the binomial
  /// distribution.
  ///
  /// Source for ten expected successes or more: W. Hörmann, "The generation of binomial random
  /// variates", Journal of Statistical Computation and Simulation 46, 1993 (BTRS); below, the
  /// inverse of the distribution function.
  ///
  /// - Precondition: `trials` is not negative and `probability` lies in 0...1.
  public mutating func nextBinomial(trials: Int, probability: Double) -> Int {
    require(
      trials >= 0 && probability >= 0 && probability <= 1,
      "RandomGenerator.nextBinomial: got \(trials) trials with the probability \(probability), "
        + "expected 0 or more and 0 to 1")
    if probability > 0.5 {
      return trials - nextBinomial(trials: trials, probability: 1 - probability)
    }
    if trials == 0 || probability == 0 { return 0 }
    let (n, p, q) = (Double(trials), probability, 1 - probability)
    let odds = p / q
    if n * p < 10 {
      // The probabilities of 0, 1, 2, … successes are subtracted from a uniform number in turn.
      let none = exponential(n * -logarithmOfInverse(q, p))
      while true {
        var (rest, chance, k) = (nextInside(), none, 0.0)
        while rest > chance && k < n {
          rest -= chance
          k += 1
          chance *= odds * (n - k + 1) / k
          // Rounding may leave a remainder after all of them; the number is then drawn again.
          if chance == 0 { break }
        }
        if rest <= chance { return Int(k) }
      }
    }
    let deviation = (n * p * q).squareRoot()
    let b = 1.15 + 2.53 * deviation
    let a = -0.0873 + 0.0248 * b + 0.01 * p
    let centre = n * p + 0.5
    let squeeze = 0.92 - 4.2 / b
    let alpha = (2.83 + 5.1 / b) * deviation
    let logOdds = naturalLogarithm(odds)
    let mode = ((n + 1) * p).rounded(.down)
    let most = logarithmOfFactorial(mode) + logarithmOfFactorial(n - mode)
    while true {
      let u = nextInside() - 0.5
      var v = nextInside()
      let distance = 0.5 - Swift.abs(u)
      let k = ((2 * a / distance + b) * u + centre).rounded(.down)
      if k < 0 || k > n { continue }
      if distance >= 0.07 && v <= squeeze { return Int(k) }
      v *= alpha / (a / (distance * distance) + b)
      if naturalLogarithm(v)
        <= most - logarithmOfFactorial(k) - logarithmOfFactorial(n - k) + (k - mode) * logOdds
      {
        return Int(k)
      }
    }
  }
}

/// -ln q for q = 1 - p, accurate even where p is so small that q is nearly 1.
private func logarithmOfInverse(_ q: Double, _ p: Double) -> Double {
  // The ratio of p to 1 - q corrects the rounding of q (W. Kahan).
  let rounded = 1 - q
  return rounded == 0 ? p : -naturalLogarithm(q) * (p / rounded)
}
