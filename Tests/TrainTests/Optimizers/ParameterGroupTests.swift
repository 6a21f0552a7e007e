import ArrayFiles
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

  @Test("are looked up again for a network with more parameters")
  func moreParameters() {
    let rule = SGD(learningRate: 0.1).group(.biasesAndNormalization, isFrozen: true)
    var state = OptimizerState<Double>()
    for depth in 1...3 {
      var network = Sequential<Double>(
        (0..<depth).map { _ in Dense(2, kernelInitializer: .ones, biasInitializer: .ones) })
      var generator = RandomGenerator(seed: 0)
      network.initialize(inputShape: [2], using: &generator)
      let context = Context<Double>(isTraining: true)
      let loss = sum(network(context.tape.constant([[1, 2]]), in: context))
      rule.update(&network, along: context.tape.gradients(of: loss), state: &state)
      for (index, weights) in network.weights.enumerated() {
        #expect((weights == Tensor.ones(weights.shape)) == (index % 2 == 1))
      }
    }
  }

  @Test("that a closure chose are refused by a new model, and restored by the program's own")
  func closureInFile() throws {
    func model() -> Model<Sequential<Double>> {
      Sequential<Double>([Dense(1, inputShape: [3])]).compile(
        optimizer: Adam().group(.matching { path, _ in path.hasSuffix("bias") }, rateFactor: 2),
        loss: .meanSquaredError)
    }
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      var first = model()
      first.fit(x, y, epochs: 1, verbose: 0)
      try first.save(to: path)
      let error = #expect(throws: FileError.self) {
        try Model<Sequential<Double>>(contentsOf: path)
      }
      #expect(error?.message.contains("restore(contentsOf:)") == true)
      var second = model()
      try second.restore(contentsOf: path)
      first.fit(x, y, epochs: 2, initialEpoch: 1, verbose: 0)
      second.fit(x, y, epochs: 2, initialEpoch: 1, verbose: 0)
      #expect(second.weights == first.weights)
    }
  }

  @Test("with an impossible factor or decay in a file are refused")
  func damagedFile() throws {
    let optimizer = Adam().group(.path("dense"), rateFactor: 0.125).averagingWeights(decay: 0.875)
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try Sequential<Double>([Dense(1, inputShape: [3])])
        .compile(optimizer: optimizer, loss: .meanSquaredError).save(to: path)
      let text = try FileBytes(mapping: path).withUnsafeBufferPointer { Array($0) }
      for (number, sentence) in [("0.125", "learning rate"), ("0.875", "averaged")] {
        var bytes = text
        let place = try #require(bytes.firstRange(of: Array(number.utf8)))
        bytes.replaceSubrange(place, with: Array("-\(number.prefix(4))".utf8))
        try writeFile(bytes, to: path)
        let error = #expect(throws: FileError.self) {
          try Model<Sequential<Double>>(contentsOf: path)
        }
        #expect(error?.message.contains(sentence) == true)
      }
    }
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
