import TestSupport
import Testing
import Train

private let x = Tensor<Double>(shape: [12, 3]) { Double(($0[0] * 5 + $0[1] * 3) % 13) / 4 - 1.5 }
private let y = Tensor<Double>(shape: [12, 1]) { Double($0[0] % 4) - 1 }

private func trained(
  _ optimizer: some Optimizer, epochs: Int = 2
) -> (before: [Tensor<Double>], after: [Tensor<Double>]) {
  var model = Sequential<Double>([
    Dense(4, activation: .tanh, inputShape: [3]), Dense(1),
  ]).compile(optimizer: optimizer, loss: .meanSquaredError, seed: 5)
  model.weights = model.weights.map { $0 + 0.5 }
  let before = model.weights
  model.fit(x, y, epochs: epochs, batchSize: 12, shuffle: false, verbose: 0)
  return (before, model.weights)
}

@Suite("Parameter groups")
struct ParameterGroupTests {
  @Test("have a rate of their own")
  func rates() {
    let plain = trained(SGD(learningRate: 0.1), epochs: 1)
    let grouped = trained(
      SGD(learningRate: 0.1).group(.path("dense"), rateFactor: 0.5)
        .group(.path("dense.bias"), rateFactor: 0.5), epochs: 1)
    for (index, factor) in [0.5, 0.25, 1, 1].enumerated() {
      expectClose(
        grouped.after[index] - grouped.before[index],
        (plain.after[index] - plain.before[index]) * factor, relative: 1e-10)
    }
  }

  @Test("may be frozen, and the rest trains as ever")
  func frozen() {
    let frozen = trained(Adam().group(.path("dense"), isFrozen: true))
    #expect(frozen.after[0] == frozen.before[0] && frozen.after[1] == frozen.before[1])
    var model = Sequential<Double>([
      Dense(4, activation: .tanh, inputShape: [3]), Dense(1),
    ]).compile(optimizer: Adam(), loss: .meanSquaredError, seed: 5)
    model.weights = model.weights.map { $0 + 0.5 }
    model.network[0].isTrainable = false
    model.fit(x, y, epochs: 2, batchSize: 12, shuffle: false, verbose: 0)
    #expect(model.weights == frozen.after)
  }

  @Test("that are frozen do not count in the length of all gradients")
  func frozenNorm() {
    let rule = SGD(learningRate: 0.1).clipped(to: .globalNorm(0.01))
    let frozen = trained(rule.group(.path("dense"), isFrozen: true))
    var model = Sequential<Double>([
      Dense(4, activation: .tanh, inputShape: [3]), Dense(1),
    ]).compile(optimizer: rule, loss: .meanSquaredError, seed: 5)
    model.weights = model.weights.map { $0 + 0.5 }
    model.network[0].isTrainable = false
    model.fit(x, y, epochs: 2, batchSize: 12, shuffle: false, verbose: 0)
    #expect(model.weights == frozen.after)
  }

  @Test("decay in their own way, biases not at all by one word")
  func decay() {
    // With a gradient of 0 only the decay is left.
    func change(_ optimizer: some Optimizer) -> [Double] {
      var network = Sequential<Double>([Dense(2, inputShape: [2])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      network.weights = [.ones([2, 2]), .ones([2])]
      let context = Context<Double>(isTraining: true)
      let result = network(context.tape.constant([[1, 2]]), in: context) * 0
      var state = OptimizerState<Double>()
      optimizer.update(&network, along: context.tape.gradients(of: sum(result)), state: &state)
      return [network.weights[0][1, 1], network.weights[1][0]]
    }
    let rule = AdamW(learningRate: 0.1, weightDecay: 0.5)
    expectClose(change(rule), [0.95, 0.95])
    expectClose(change(rule.decayingOnlyKernels()), [0.95, 1])
    expectClose(
      change(rule.group(.biasesAndNormalization, rateFactor: 2, weightDecay: 0.25)), [0.95, 0.95])
    expectClose(
      change(SGD(learningRate: 0.1).group(.path("dense.kernel"), weightDecay: 0.5)), [0.95, 1])
    expectClose(
      change(
        RMSprop(learningRate: 0.1).clipped(to: .norm(1))
          .group(
            .matching { path, shape in path.hasSuffix("bias") && shape == [2] }, weightDecay: 1
          )
          .averagingWeights()), [1, 0.9])
  }

  @Test("are clipped in their own way, a global norm is that of the group")
  func clipping() {
    let plain = trained(SGD(learningRate: 1), epochs: 1)
    let gradients = zip(plain.before, plain.after).map { $0 - $1 }
    let grouped = trained(
      SGD(learningRate: 1).clipped(to: .value(0.01))
        .group(.path("dense"), clipping: .globalNorm(0.125)), epochs: 1)
    let steps = zip(grouped.before, grouped.after).map { $0 - $1 }
    let norm = (square(gradients[0]).sum() + square(gradients[1]).sum()).squareRoot()
    #expect(norm > 0.125)
    for index in 0..<2 {
      expectClose(steps[index], gradients[index] * (0.125 / norm), relative: 1e-9)
    }
    for index in 2..<4 { #expect(abs(steps[index]).max() <= 0.0100001) }
  }

  @Test("clip gradients whose squares are out of range")
  func outOfRange() {
    func step(_ gradient: [Float], _ clipping: GradientClipping) -> [Float] {
      var network = Sequential([Dense(1, inputShape: [2])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      network.weights = [Tensor<Float>.zeros([2, 1]), [0]]
      let context = Context<Float>(isTraining: true)
      let y = network(context.tape.constant(Tensor(gradient, shape: [1, 2])), in: context)
      var state = OptimizerState<Float>()
      SGD(learningRate: 1).clipped(to: clipping).update(
        &network, along: context.tape.gradients(of: sum(y)), state: &state)
      return network.weights[0].elements
    }
    for clipping in [GradientClipping.norm(1), .globalNorm(1)] {
      expectClose(step([3e25, 4e25], clipping).map(Double.init), [-0.6, -0.8], relative: 1e-6)
      expectClose(
        step([3e-25, 4e-25], clipping).map(Double.init), [-3e-25, -4e-25], relative: 1e-6)
      #expect(step([0, 0], clipping) == [0, 0])
      #expect(step([.nan, 1], clipping).allSatisfy { $0.isNaN })
    }
    #expect(step([.infinity, 1], .globalNorm(1)).allSatisfy { $0.isNaN })
  }

  /// By Keras 3.15.1: `keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9)`, w = [1, -2], g = 2 w,
  /// 5 steps; the average is in `_model_variables_moving_average`.
  @Test("weights are averaged as by Keras, saved with the model and put in place on demand")
  func averages() throws {
    let network = Sequential<Double>([Dense(1, inputShape: [2])])
    var model = network.compile(
      optimizer: SGD(learningRate: 0.1).averagingWeights(decay: 0.9)
        .group(.path("dense.bias"), isFrozen: true), loss: .meanSquaredError)
    model.weights = [[[1], [-2]], [0]]
    let context = Context<Double>(isTraining: true)
    for _ in 0..<5 {
      model.step(in: context) { network, context in
        sum(square(network(context.tape.constant([[1, 0], [0, 1]]), in: context)))
      }
    }
    expectClose(model.weights[0].elements, [0.32767996, -0.65535992], relative: 1e-6)
    expectClose(model.averaged.weights[0].elements, [0.68264002, -1.36528003], relative: 1e-6)
    var other = model
    other.weights = [[[0], [0]], [0]]
    try withTemporaryFolder { folder in
      try model.save(to: folder + "/model.safetensors")
      try other.restore(contentsOf: folder + "/model.safetensors")
    }
    #expect(other.averaged.weights == model.averaged.weights)
    #expect(other.optimizerState.step == 5)
  }
}
