import TestSupport
import Testing
import Train

private let x = Tensor<Double>(shape: [32, 3]) { Double(($0[0] * 5 + $0[1] * 3) % 13) / 4 - 1.5 }
private let y = Tensor<Double>((0..<32).map { x[$0, 0] - x[$0, 2] > 0 ? 1 : 0 })
  .expandingShape(at: -1)

/// With batch normalisation, whose averages a loop must not forget, and dropout.
private func untrained(dropout: Double = 0.25) -> Model<Sequential<Double>> {
  Sequential<Double>([
    Dense(8, activation: .relu, inputShape: [3], kernelRegularizer: .l2(0.01)),
    BatchNormalization(), Dropout(dropout), Dense(1, activation: .sigmoid),
  ]).compile(optimizer: .adam(learningRate: 0.01), loss: .binaryCrossentropy, seed: 1)
}

private func batch(_ range: Range<Int>) -> Batch<Double> { Batch(x: x[range], y: y[range]) }

@Suite("Steps")
struct StepTests {
  @Test("by hand are those of fit, averages of batch normalisation included")
  func sameAsFit() {
    var expected = untrained(dropout: 0)
    let history = expected.fit(x, y, epochs: 2, batchSize: 8, shuffle: false, verbose: 0)
    var model = untrained(dropout: 0)
    var own = model
    let context = Context<Double>(isTraining: true)
    var losses: [Double] = []
    for _ in 0..<2 {
      for begin in stride(from: 0, to: 32, by: 8) {
        losses.append(model.step(batch(begin..<begin + 8), in: context))
        own.step(in: context) { network, context in
          let x = context.tape.constant(x[begin..<begin + 8])
          let y = context.tape.constant(y[begin..<begin + 8])
          return BinaryCrossentropy()(network(x, in: context), y).mean()
            + network.penalty(in: context)!
        }
      }
    }
    #expect(model.weights == expected.weights && own.weights == expected.weights)
    #expect(model.optimizerState.step == 8)
    expectClose(history["loss"], [losses[..<4].reduce(0, +) / 4, losses[4...].reduce(0, +) / 4])
  }

  @Test("of two models on one context leave each other's averages alone")
  func twoModels() {
    func play(sharing: Bool) -> (judge: [Tensor<Double>], maker: [Tensor<Double>]) {
      var judge = untrained(dropout: 0)
      var maker = Sequential<Double>([
        Dense(5, inputShape: [2]), BatchNormalization(), Dense(3),
      ]).compile(optimizer: .adam(), loss: .meanSquaredError, seed: 2)
      let first = Context<Double>(isTraining: true)
      let second = sharing ? first : Context<Double>(isTraining: true)
      let noise = Tensor<Double>(shape: [8, 2]) { Double($0[0] - 3 * $0[1]) / 4 }
      for begin in stride(from: 0, to: 32, by: 8) {
        judge.step(in: first) { network, context in
          let made = context.tape.constant(maker.predict(noise))
          return network(made, in: context).mean()
            - network(context.tape.constant(x[begin..<begin + 8]), in: context).mean()
        }
        let averages = judge.weights
        maker.step(in: second) { network, context in
          let made = network(context.tape.constant(noise), in: context)
          return -judge.network(made, in: context).mean()
        }
        #expect(judge.weights == averages)
      }
      return (judge.weights, maker.weights)
    }
    let (shared, apart) = (play(sharing: true), play(sharing: false))
    #expect(shared.judge == apart.judge && shared.maker == apart.maker)
  }

  @Test("of one's own inside of fit give the same bits, and their numbers are in the history")
  func ownStep() throws {
    var expected = untrained()
    let history = expected.fit(x, y, epochs: 3, batchSize: 8, verbose: 0)
    var model = untrained()
    let own = try model.fit(Dataset(x, y), epochs: 3, batchSize: 8, verbose: 0) {
      model, batch, context in
      let loss = model.step(batch, in: context)
      return ["loss": loss, "twice": 2 * loss]
    }
    #expect(model.weights == expected.weights && own.names == ["loss", "twice"])
    #expect(own["loss"] == history["loss"])
    expectClose(own["twice"], own["loss"].map { 2 * $0 })
  }

  @Test("of one's own are watched by callbacks and go on after an interruption")
  func ownStepResumed() throws {
    let step: TrainingStep<Sequential<Double>> = { model, batch, context in
      ["loss": model.step(batch, in: context)]
    }
    var whole = untrained()
    try whole.fit(Dataset(x, y), epochs: 3, batchSize: 8, verbose: 0, step: step)
    var model = untrained()
    var seen: [Double] = []
    let stop = Callback<Sequential<Double>>(
      stepBegan: { _, state in if state.epoch == 2 && state.batch == 3 { state.stop("enough") } },
      stepEnded: { _, state in seen.append(state.loss) })
    try model.fit(Dataset(x, y), epochs: 3, batchSize: 8, callbacks: [stop], verbose: 0, step: step)
    #expect(seen.count == 6 && model.epoch == 1)
    try model.fit(
      Dataset(x, y), epochs: 3, initialEpoch: 1, batchSize: 8, verbose: 0, step: step)
    #expect(model.weights == whole.weights)
    // What the step throws, fit throws; the batch is then done again.
    struct Enough: Error {}
    var failing = untrained()
    var count = 0
    #expect(throws: Enough.self) {
      try failing.fit(Dataset(x, y), epochs: 3, batchSize: 8, verbose: 0) { model, batch, context in
        count += 1
        if count == 7 { throw Enough() }
        return ["loss": model.step(batch, in: context)]
      }
    }
    try failing.fit(
      Dataset(x, y), epochs: 3, initialEpoch: failing.epoch, batchSize: 8, verbose: 0, step: step)
    #expect(failing.weights == whole.weights)
  }

  @Test("accumulate gradients to those of the large batch")
  func accumulation() {
    func linear() -> Model<Sequential<Double>> {
      Sequential<Double>([Dense(2, inputShape: [3])])
        .compile(optimizer: .sgd(learningRate: 0.25), loss: .meanSquaredError, seed: 2)
    }
    // Small whole numbers, and means over powers of two: all sums are exact.
    let x = Tensor<Double>(shape: [16, 3]) { Double(($0[0] * 5 + $0[1] * 3) % 7 - 3) }
    let y = Tensor<Double>(shape: [16, 2]) { Double(($0[0] * 3 + $0[1]) % 5 - 2) }
    var (large, small, fitted) = (linear(), linear(), linear())
    for model in [0, 1, 2] {
      let weights: [Tensor<Double>] = [[[1, -2], [0.5, 3], [-1, 0.25]], [0.5, -1]]
      if model == 0 { large.weights = weights }
      if model == 1 { small.weights = weights }
      if model == 2 { fitted.weights = weights }
    }
    let context = Context<Double>(isTraining: true)
    large.step(Batch(x: x, y: y), in: context)
    for begin in stride(from: 0, to: 16, by: 4) {
      let part = begin..<begin + 4
      small.accumulate(Batch(x: x[part], y: y[part]), in: context)
    }
    #expect(small.optimizerState.step == 0)
    small.update()
    fitted.fit(x, y, batchSize: 4, accumulating: 4, shuffle: false, verbose: 0)
    #expect(small.weights == large.weights && fitted.weights == large.weights)
    #expect(fitted.optimizerState.step == 1)

    // In general within rounding; the last, smaller part counts by its size.
    var (one, parts) = (untrained(dropout: 0), untrained(dropout: 0))
    for model in [0, 1] {
      let network = Sequential<Double>([
        Dense(8, activation: .tanh, inputShape: [3]), Dense(1, activation: .sigmoid),
      ])
      let fresh = network.compile(optimizer: .sgd(), loss: .binaryCrossentropy, seed: 1)
      if model == 0 { one = fresh } else { parts = fresh }
    }
    one.fit(x, y[0..., 0..<1] .> 0, epochs: 3, batchSize: 16, shuffle: false, verbose: 0)
    parts.fit(
      x, y[0..., 0..<1] .> 0, epochs: 3, batchSize: 5, accumulating: 4, shuffle: false, verbose: 0)
    #expect(parts.optimizerState.step == 3)
    for (a, b) in zip(one.weights, parts.weights) { expectClose(a, b, relative: 1e-12) }
  }

  @Test("see gradients before the weights change, by parameter and all together")
  func gradients() {
    var model = untrained(dropout: 0)
    var norms: [Double] = []
    let watch = Callback<Sequential<Double>>(gradientsComputed: { model, step, _ in
      let parameters = model.network.parameters
      let all = parameters.filter(\.isTrainable).compactMap { step.gradient(of: $0) }
      #expect(all.map(\.shape) == parameters.filter(\.isTrainable).map(\.value.shape))
      norms.append(step.norm(over: parameters))
      expectClose([norms.last!], [all.reduce(0) { $0 + square($1).sum() }.squareRoot()])
      #expect(step.batch.samples.count == 8)
    })
    model.fit(x, y, batchSize: 8, callbacks: [watch], verbose: 0)
    #expect(norms.count == 4 && norms.allSatisfy { $0 > 0 })
  }

  @Test("with a growing rate find one to begin with, on a copy")
  func findLearningRate() {
    let model = untrained(dropout: 0)
    let weights = model.weights
    let sweep = model.findLearningRate(x, y, from: 1e-5, to: 100, steps: 60, batchSize: 8)
    #expect(model.weights == weights && model.optimizerState.step == 0)
    #expect(sweep.rates.count > 10 && sweep.rates.count == sweep.losses.count)
    expectClose([sweep.rates[0], sweep.rates[1] / sweep.rates[0]], [1e-5, 1.3141473626117564])
    #expect(sweep.suggestion! > 1e-4 && sweep.suggestion! < 10)
  }
}
