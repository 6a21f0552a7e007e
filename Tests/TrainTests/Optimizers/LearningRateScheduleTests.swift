import TestSupport
import Testing
import Train

/// The steps at which Keras was asked.
private let steps = [0, 5, 10, 25, 31, 60, 100, 130]

@Suite("Learning rate schedules")
struct LearningRateScheduleTests {
  /// Values by Keras 3.15.1, which computes them in single precision.
  ///
  /// ```
  /// S = keras.optimizers.schedules
  /// for s in [S.ExponentialDecay(0.1, 10, 0.9), S.ExponentialDecay(0.1, 10, 0.9, staircase=True),
  ///           S.CosineDecay(0.1, 100, alpha=0.1),
  ///           S.CosineDecay(0.0, 100, alpha=0.1, warmup_target=0.1, warmup_steps=20),
  ///           S.PiecewiseConstantDecay([10, 30], [0.1, 0.05, 0.01]),
  ///           S.PolynomialDecay(0.1, 50, 0.01, power=2.0), S.InverseTimeDecay(0.1, 10, 0.5)]:
  ///   print([float(s(i)) for i in [0, 5, 10, 25, 31, 60, 100, 130]])
  /// ```
  @Test("are Keras's numbers")
  func keras() {
    func expect(_ schedule: LearningRateSchedule, _ expected: [Double]) {
      expectClose(steps.map { schedule(step: $0) }, expected, relative: 1e-6, absolute: 1e-8)
    }
    expect(
      .exponentialDecay(from: 0.1, steps: 10, decayRate: 0.9),
      [
        0.1, 0.09486832469701767, 0.09, 0.07684334367513657, 0.07213594764471054,
        0.05314409360289574, 0.03486783429980278, 0.02541864849627018,
      ])
    expect(
      .exponentialDecay(from: 0.1, steps: 10, decayRate: 0.9, staircase: true),
      [
        0.1, 0.1, 0.09, 0.081, 0.0729, 0.05314409360289574, 0.03486783429980278,
        0.02541864849627018,
      ]
    )
    expect(
      .cosineDecay(from: 0.1, steps: 100, alpha: 0.1),
      [
        0.1, 0.09944597631692886, 0.09779754281044006, 0.08681981265544891, 0.08029375225305557,
        0.04109422490000725, 0.01, 0.01,
      ])
    expect(
      .cosineDecay(from: 0, steps: 100, alpha: 0.1, warmupTarget: 0.1, warmupSteps: 20),
      [
        0, 0.025, 0.05, 0.09944597631692886, 0.09733963757753372, 0.06890576332807541,
        0.018594233319163322, 0.01,
      ])
    expect(
      .piecewiseConstant(boundaries: [10, 30], rates: [0.1, 0.05, 0.01]),
      [0.1, 0.1, 0.1, 0.05, 0.01, 0.01, 0.01, 0.01])
    expect(
      .polynomialDecay(from: 0.1, to: 0.01, steps: 50, power: 2),
      [0.1, 0.08289999514818192, 0.0676, 0.0325, 0.022996000945568085, 0.01, 0.01, 0.01])
    expect(
      .inverseTimeDecay(from: 0.1, steps: 10, decayRate: 0.5),
      [
        0.1, 0.08, 0.06666667014360428, 0.04444444552063942, 0.03921568766236305, 0.025,
        0.01666666753590107, 0.013333333656191826,
      ])
    expect(LearningRateSchedule { 1 / Double($0 + 1) }, steps.map { 1 / Double($0 + 1) })
  }
}

@Suite("Warm-up")
struct WarmUpTests {
  @Test("leads to the first rate along a line")
  func line() {
    let schedule = LearningRateSchedule { Double(8 - $0) }.warmedUp(steps: 4)
    #expect((0..<7).map { schedule(step: $0) } == [2, 4, 6, 8, 8, 7, 6])
  }
}
