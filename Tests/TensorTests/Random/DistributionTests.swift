// Samples of every distribution against SciPy's quantiles, probabilities and moments; written by
// Oracle/make_distributions.py.

import Tensor
import TestSupport
import Testing

private let distributions = goldenLines("../Oracle/distributions.txt").filter { !$0.isEmpty }
  .map(String.init)

/// A distribution of the file.
private struct Distribution {
  let name: String
  let parameters: [Double]
  let mean: Double
  let variance: Double
  /// The edges between the bins; those of counts are the first counts of bins.
  let edges: [Double]
  /// The probabilities of the bins.
  let chances: [Double]

  init(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    let equals = words.firstIndex(of: "=")!
    let numbers = words[(equals + 3)...]
    name = words[0]
    parameters = words[1..<equals].map { Double($0)! }
    mean = Double(words[equals + 1])!
    variance = Double(words[equals + 2])!
    if let semicolon = numbers.firstIndex(of: ";") {
      edges = numbers[..<semicolon].dropFirst().map { Double($0)! }
      chances = numbers[(semicolon + 1)...].map { Double($0)! }
    } else {
      edges = numbers.map { Double($0)! }
      chances = Array(repeating: 1 / 16.0, count: 16)
    }
  }

  func sample<Scalar: TensorFloat>(
    _ shape: TensorShape, _: Scalar.Type, _ generator: inout RandomGenerator
  ) -> Tensor<Double> {
    let p = parameters
    switch name {
    case "exponential":
      return Tensor(Tensor<Scalar>.exponential(shape, scale: p[0], using: &generator))
    case "gamma":
      return Tensor(
        Tensor<Scalar>.gamma(shape, concentration: p[0], scale: p[1], using: &generator))
    case "beta":
      return Tensor(Tensor<Scalar>.beta(shape, alpha: p[0], beta: p[1], using: &generator))
    case "poisson": return Tensor(Tensor<Int>.poisson(shape, mean: p[0], using: &generator))
    default:
      return Tensor(
        Tensor<Int>.binomial(shape, trials: Int(p[0]), probability: p[1], using: &generator))
    }
  }
}

struct DistributionTests {
  @Test("Samples fall into SciPy's bins and have its moments", arguments: distributions)
  func samples(line: String) {
    let distribution = Distribution(line)
    let count = 16_384
    for seed in 1...2 {
      var generator = RandomGenerator(seed: UInt64(seed))
      let x =
        seed == 1
        ? distribution.sample([count], Double.self, &generator)
        : distribution.sample([count], Float.self, &generator)
      // A bin holds its lower edge. A number below the least Float is 0, in the first bin either way.
      let bins = Tensor<Double>(distribution.edges).searchSorted(x, fromRight: true)
        .binCount(minimumLength: distribution.chances.count)
      let expected = distribution.chances.map { $0 * Double(count) }
      let square = zip(bins.elements, expected).reduce(0) { sum, pair in
        let difference = Double(pair.0) - pair.1
        return sum + difference * difference / pair.1
      }
      #expect(
        square < chiSquareLimit(degrees: distribution.chances.count - 1), "\(bins) \(expected)")
      // The standard error of the mean; that of the variance by the sample's own fourth moment.
      let moments = Moments(x.elements)
      let error = (distribution.variance / Double(count)).squareRoot()
      #expect(abs(moments.mean - distribution.mean) < 5 * error)
      let fourth = square4(x - moments.mean)
      let spread = ((fourth - moments.variance * moments.variance) / Double(count)).squareRoot()
      #expect(
        abs(moments.variance - distribution.variance) < 6 * spread + 1e-3 * distribution.variance)
    }
  }

  private func square4(_ x: Tensor<Double>) -> Double { square(square(x)).mean() }

  @Test("Numbers do not depend on the number of threads, and the generator moves on")
  func threads() {
    let line = distributions.first { $0.hasPrefix("gamma 0.3") }!
    let distribution = Distribution(line)
    func draw(_ threads: Int) -> (Tensor<Double>, Tensor<Double>) {
      let before = Parallel.threadCount
      defer { Parallel.threadCount = before }
      Parallel.threadCount = threads
      var generator = RandomGenerator(seed: 3)
      let first = distribution.sample([9001], Double.self, &generator)
      return (first, distribution.sample([9001], Double.self, &generator))
    }
    let (one, two) = (draw(1), draw(4))
    #expect(one.0 == two.0 && one.1 == two.1)
    #expect((one.0 .== one.1).countTrue() < 3)
  }

  @Test("Degenerate parameters have their one value")
  func degenerate() {
    var generator = RandomGenerator(seed: 1)
    #expect(Tensor<Int>.poisson([50], mean: 0, using: &generator) == .zeros([50]))
    #expect(
      Tensor<Int>.binomial([50], trials: 7, probability: 1, using: &generator)
        == Tensor(repeating: 7, shape: [50]))
    #expect(
      Tensor<Int>.binomial([2, 3], trials: 0, probability: 0.4, using: &generator)
        == .zeros([2, 3]))
    #expect(
      Tensor<Double>.gamma([9], concentration: 0, using: &generator) == .zeros([9]))
    #expect(Tensor<Double>.exponential([9], scale: 0, using: &generator).max() == 0)
    #expect(Tensor<Float>.beta([0, 4], alpha: 1, beta: 1, using: &generator).shape == [0, 4])
    // In the middle of the largest counts, within ten standard deviations.
    let many = generator.nextPoisson(mean: 0x1p60)
    #expect(abs(Double(many) - 0x1p60) < 10 * 0x1p30)
  }

  @Test("Outcomes of a multinomial draw sum to the trials and have their means")
  func multinomial() {
    var generator = RandomGenerator(seed: 5)
    let chances = [0.1, 0.0, 0.65, 0.25]
    let x = Tensor<Int>.multinomial(
      [4000], trials: 30, probabilities: chances, using: &generator)
    #expect(x.shape == [4000, 4])
    #expect((x.sum(axis: 1) .== 30).all() && x.min() >= 0)
    for (mean, chance) in zip(x.mean(axis: 0).elements, chances) {
      #expect(abs(mean - 30 * chance) <= 5 * (30 * chance * (1 - chance) / 4000).squareRoot())
    }
  }

  @Test("Multivariate normal vectors have their mean and covariance, also a singular one")
  func multivariateNormal() throws {
    var generator = RandomGenerator(seed: 6)
    let covariance: Tensor<Double> = [[4, 2, 0], [2, 1, 0], [0, 0, 0.25]]
    let mean: Tensor<Double> = [1, -2, 3]
    let x = try Tensor.multivariateNormal(
      [100, 200], mean: mean, covariance: covariance, using: &generator)
    #expect(x.shape == [100, 200, 3])
    let rows = x.reshaped(to: [20_000, 3])
    expectClose(rows.mean(axis: 0), mean, absolute: 0.08)
    expectClose(rows.covariance(variableAxis: 1), covariance, absolute: 0.2)
    // The first two components lie on a line.
    expectClose(rows[0..., 0] - 2 * rows[0..., 1], Tensor(repeating: 5, shape: [20_000]))
  }

  @Test("A shuffle keeps the parts together and reaches every order")
  func shuffle() {
    var generator = RandomGenerator(seed: 7)
    let x = Tensor<Int>.range(from: 0, to: 20).reshaped(to: [10, 2])
    var y = x
    y.shuffle(using: &generator)
    #expect(y != x && (y[0..., 1] .== y[0..., 0] + 1).all())
    #expect(y[0..., 0].sorted() == x[0..., 0])
    var orders = Set<[Int]>()
    for _ in 0..<100 { orders.insert(Tensor<Int>([1, 2, 3]).shuffled(using: &generator).elements) }
    #expect(orders.count == 6)
  }
}

private let mistakes: [Mistake] = [
  Mistake("negative mean", "nextPoisson: got the mean -1") {
    var generator = RandomGenerator(seed: 1)
    _ = Tensor<Int>.poisson([2], mean: -1, using: &generator)
  },
  Mistake("probability above 1", "nextBinomial: got 3 trials with the probability 1.5") {
    var generator = RandomGenerator(seed: 1)
    _ = generator.nextBinomial(trials: 3, probability: 1.5)
  },
  Mistake("probabilities that do not sum to 1", "multinomial:", "sum to 0.5") {
    var generator = RandomGenerator(seed: 1)
    _ = Tensor<Int>.multinomial([2], trials: 3, probabilities: [0.5], using: &generator)
  },
  Mistake("alpha of 0", "nextBeta: got alpha 0.0") {
    var generator = RandomGenerator(seed: 1)
    _ = generator.nextBeta(alpha: 0, beta: 1)
  },
  Mistake("a covariance that is none", "multivariateNormal:", "negative eigenvalue") {
    var generator = RandomGenerator(seed: 1)
    _ = try? Tensor<Double>.multivariateNormal(
      [1], mean: [0, 0], covariance: [[1, 2], [2, 1]], using: &generator)
  },
]

struct DistributionMistakesTests {
  @Test("A parameter that no distribution has stops with a sentence", arguments: mistakes.indices)
  func mistake(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in mistakes[index].make() }
    for phrase in mistakes[index].phrases { #expect(message(of: result, contains: phrase)) }
  }
}
