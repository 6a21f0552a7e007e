import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let real: [Double] = [-2, -0.5, 0.25, 1.5, 40, 900]
private let made: [Double] = [0.75, -3, 2, 0, -60, 800]

/// The two losses and the gradients of the logits, recorded.
private func recorded(
  _ loss: AdversarialLoss, realLabel: Double = 1, real: [Double] = real, made: [Double] = made
) -> (discriminator: Double, generator: Double, gradients: [[Double]]) {
  let tape = Tape<Double>()
  let (r, m) = (tape.variable(Tensor(real)), tape.variable(Tensor(made)))
  let discriminator = loss.discriminator(real: r, made: m, realLabel: realLabel)
  let generator = loss.generator(made: m)
  let values = (discriminator.scalar, generator.scalar)
  let first = tape.gradients(of: discriminator)
  let judged = [first[r].elements, first[m].elements]
  let second = tape.gradients(of: generator)
  return (values.0, values.1, judged + [second[m].elements])
}

private func expectClose(_ value: Double, _ expected: Double, relative: Double) {
  TestSupport.expectClose([value], [expected], relative: relative)
}

private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

@Suite("Losses of two networks against each other")
struct AdversarialTests {
  /// For logits between -3 and 2 the formulas of the paper keep their digits.
  @Test("with a sigmoid are cross-entropies", arguments: [1, 0.875])
  func crossEntropies(label: Double) {
    let (real, made) = (Array(real[..<4]), Array(made[..<4]))
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let judge =
      -mean(real.map { label * log(sigmoid($0)) + (1 - label) * log(1 - sigmoid($0)) })
      - mean(made.map { log(1 - sigmoid($0)) })
    for loss in [AdversarialLoss.minimax, .nonSaturating] {
      let found = recorded(loss, realLabel: label, real: real, made: made)
      expectClose(found.discriminator, judge, relative: 1e-13)
      expectClose(
        found.gradients[0], real.map { (sigmoid($0) - label) / 4 }, relative: 1e-12)
      expectClose(found.gradients[1], made.map { sigmoid($0) / 4 }, relative: 1e-12)
    }
    let minimax = recorded(.minimax, real: real, made: made)
    expectClose(minimax.generator, mean(made.map { log(1 - sigmoid($0)) }), relative: 1e-13)
    let other = recorded(.nonSaturating, real: real, made: made)
    expectClose(other.generator, -mean(made.map { log(sigmoid($0)) }), relative: 1e-13)
    expectClose(other.gradients[2], made.map { (sigmoid($0) - 1) / 4 }, relative: 1e-12)
  }

  @Test("stay finite for logits far from zero")
  func far() {
    for loss in AdversarialLoss.allCases {
      let found = recorded(loss, realLabel: 0.9)
      #expect(found.discriminator.isFinite && found.generator.isFinite)
      #expect(found.gradients.allSatisfy { $0.allSatisfy(\.isFinite) && $0.count == 6 })
    }
    // A judge that is sure and wrong learns at full rate, a maker that is found out too.
    let sure = recorded(.nonSaturating, real: [-900], made: [-900])
    expectClose([sure.discriminator, sure.generator], [900, 900])
    expectClose(sure.gradients[0] + sure.gradients[2], [-1, -1])
    #expect(recorded(.minimax, real: [0], made: [-900]).gradients[2] == [0])
  }

  @Test("of Wasserstein and hinge are differences and clipped differences of means")
  func differences() {
    let wasserstein = recorded(.wasserstein)
    expectClose(wasserstein.discriminator, mean(made) - mean(real), relative: 1e-13)
    expectClose(wasserstein.generator, -mean(made), relative: 1e-13)
    let hinge = recorded(.hinge)
    expectClose(
      hinge.discriminator, mean(real.map { max(0, 1 - $0) }) + mean(made.map { max(0, 1 + $0) }),
      relative: 1e-13)
    expectClose(hinge.gradients[0], [-1, -1, -1, 0, 0, 0].map { $0 / 6 }, relative: 1e-13)
    expectClose(hinge.gradients[1], [1, 0, 1, 1, 0, 1].map { $0 / 6 }, relative: 1e-13)
  }

  @Test("may clip weights, but not what batch normalisation follows or what is frozen")
  func clipping() {
    var generator = RandomGenerator(seed: 1)
    var network = Sequential<Double>([
      Dense(4, inputShape: [3]), BatchNormalization(), Dense(1),
    ])
    network.initialize(using: &generator)
    network[2].isTrainable = false
    let before = network.weights
    network.clipWeights(to: -0.125...0.25)
    let after = network.weights
    for (index, parameter) in network.parameters.enumerated() {
      let expected =
        parameter.isTrainable
        ? before[index].elements.map { min(max($0, -0.125), 0.25) } : before[index].elements
      #expect(after[index].elements == expected)
    }
    #expect(after[0] != before[0] && after[5].elements == [1, 1, 1, 1])
  }

  @Test("between normal distributions is zero for the standard one and exact near it")
  func divergence() {
    let tape = Tape<Double>()
    let means: [[Double]] = [[0, 0], [1, -2], [1e-9, 0], [0, 3]]
    let logs: [[Double]] = [[0, 0], [0.5, -1], [0, 1e-9], [-700, 2]]
    let (mean, logVariance) = (tape.variable(Tensor(means)), tape.variable(Tensor(logs)))
    let divergence = gaussianKLDivergence(mean: mean, logVariance: logVariance)
    let expected = zip(means, logs).map { means, logs in
      zip(means, logs).reduce(0) { $0 + 0.5 * ($1.0 * $1.0 + expm1($1.1) - $1.1) }
    }
    expectClose(divergence.value.elements, expected, relative: 1e-14)
    #expect(divergence.value.elements[0] == 0)
    let gradients = tape.gradients(of: sum(divergence))
    expectClose(gradients[mean].elements, means.flatMap { $0 })
    expectClose(gradients[logVariance].elements, logs.flatMap { $0 }.map { expm1($0) / 2 })
  }
}
