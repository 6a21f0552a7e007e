import Layers
import Testing

/// A rule, the standard deviation that Keras's formula gives, and the largest size a number may have.
private struct Rule: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let initializer: Initializer
  let deviation: Double
  let bound: Double
}

/// [300, 200], so that fan in and fan out differ.
private let rules: [Rule] = {
  // The standard deviation of a unit normal cut off at ±2, as SciPy's `truncnorm(-2, 2).std()`.
  let ratio = 0.87962566103423978
  func uniform(_ name: String, _ rule: Initializer, limit: Double) -> Rule {
    Rule(
      testDescription: name, initializer: rule, deviation: limit / 3.0.squareRoot(), bound: limit)
  }
  func normal(_ name: String, _ rule: Initializer, variance: Double) -> Rule {
    let deviation = variance.squareRoot()
    return Rule(
      testDescription: name, initializer: rule, deviation: deviation, bound: 2 * deviation / ratio)
  }
  return [
    uniform("glorotUniform", .glorotUniform, limit: (6.0 / 500).squareRoot()),
    uniform("heUniform", .heUniform, limit: (6.0 / 300).squareRoot()),
    uniform("lecunUniform", .lecunUniform, limit: (3.0 / 300).squareRoot()),
    normal("glorotNormal", .glorotNormal, variance: 2.0 / 500),
    normal("heNormal", .heNormal, variance: 2.0 / 300),
    normal("lecunNormal", .lecunNormal, variance: 1.0 / 300),
    uniform("uniform", .uniform(in: -0.25..<0.25), limit: 0.25),
    normal(
      "truncatedNormal", .truncatedNormal(standardDeviation: 0.5),
      variance: 0.25 * ratio * ratio),
    Rule(
      testDescription: "normal", initializer: .normal(standardDeviation: 0.5), deviation: 0.5,
      bound: 3),
  ]
}()

@Suite("Initial weights")
struct InitializerTests {
  @Test("have the mean, the deviation and the bounds of Keras's formula", arguments: rules)
  fileprivate func statistics(_ rule: Rule) {
    var generator = RandomGenerator(seed: 5)
    let weights = rule.initializer.make([300, 200], &generator)
    #expect(weights.shape == [300, 200])
    // Five standard errors of 60,000 numbers.
    #expect(abs(weights.mean()) < 5 * rule.deviation / 60_000.0.squareRoot())
    #expect(abs(weights.standardDeviation() / rule.deviation - 1) < 5 / 120_000.0.squareRoot())
    #expect(weights.max() <= rule.bound && weights.min() >= -rule.bound)
    // The bounds are reached, but for the normal that has none.
    if rule.testDescription != "normal" { #expect(weights.max() > 0.99 * rule.bound) }
  }

  @Test("multiply the fans of a convolution by its window")
  func convolution() {
    var generator = RandomGenerator(seed: 5)
    let weights = Initializer.glorotUniform.make([3, 3, 20, 30], &generator)
    let limit = (6.0 / (9 * 50)).squareRoot()
    #expect(weights.max() <= limit && weights.max() > 0.99 * limit)
  }

  @Test("take shapes with one axis and none")
  func small() {
    var generator = RandomGenerator(seed: 5)
    let row = Initializer.heUniform.make([600], &generator)
    #expect(row.max() <= 0.1 && row.max() > 0.095)
    #expect(Initializer.glorotNormal.make([], &generator).count == 1)
    #expect(Initializer.glorotNormal.make([0, 3], &generator).shape == [0, 3])
  }

  @Test("may be zeros, ones, a constant or a rule of one's own")
  func plain() {
    var generator = RandomGenerator(seed: 5)
    #expect(Initializer.zeros.make([2], &generator) == [0, 0])
    #expect(Initializer.ones.make([2], &generator) == [1, 1])
    #expect(Initializer.constant(0.5).make([2], &generator) == [0.5, 0.5])
    let mean = Initializer.normal(mean: 3, standardDeviation: 0.1).make([1000], &generator).mean()
    #expect(abs(mean - 3) < 0.02)
    let identity = Initializer { shape, _ in .identity(shape[0]) }
    #expect(identity.make([2, 2], &generator) == [[1, 0], [0, 1]])
  }
}
