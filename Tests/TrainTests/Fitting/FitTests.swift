import Synchronization
import TestSupport
import Testing
import Train

/// A metric that remembers the targets of each batch it sees.
private final class Recorder: Sendable {
  private let seen = Mutex<[[Double]]>([])

  var batches: [[Double]] { seen.withLock { $0 } }

  var metric: Metric {
    Metric("seen") { _, targets in
      self.seen.withLock { $0.append(targets.elements) }
      return 0
    }
  }
}

/// Two classes of points by a line, [n, 2], deterministic.
private func points(_ count: Int) -> (x: Tensor<Float>, y: Tensor<Int>) {
  var generator = RandomGenerator(seed: 77)
  let x = Tensor<Float>.uniform([count, 2], in: -1..<1, using: &generator)
  return (x, Tensor((0..<count).map { x[$0, 0] + 2 * x[$0, 1] > 0.3 ? 1 : 0 }))
}

private func smallModel(
  seed: UInt64 = 0, optimizer: some Optimizer = SGD(learningRate: 0.1)
) -> Model<Sequential<Float>> {
  Sequential([Dense(5, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid)])
    .compile(
      optimizer: optimizer, loss: "binary_crossentropy", metrics: ["accuracy"], seed: seed)
}

@Suite("Training")
struct FitTests {
  @Test("sees every sample once per epoch, the last batch shorter")
  func batches() {
    let recorder = Recorder()
    var model = Sequential([Dense(1, inputShape: [1])])
      .compile(optimizer: "sgd", loss: "mean_squared_error", metrics: [recorder.metric])
    let x = Tensor<Float>((0..<10).map { Float($0) })
    model.fit(x, x, epochs: 3, batchSize: 4, verbose: 0)
    let batches = recorder.batches
    #expect(batches.map(\.count) == [4, 4, 2, 4, 4, 2, 4, 4, 2])
    let epochs = (0..<3).map { Array(batches[3 * $0..<3 * $0 + 3].joined()) }
    for epoch in epochs { #expect(epoch.sorted() == (0..<10).map(Double.init)) }
    #expect(epochs[0] != epochs[1] && epochs[1] != epochs[2])
    #expect(epochs[0] != epochs[0].sorted())
    #expect(model.optimizerState.step == 9)
  }

  @Test(
    "without shuffling sees the samples in their order, and a batch may be larger than all of them")
  func unshuffled() {
    let recorder = Recorder()
    var model = Sequential([Dense(1, inputShape: [1])])
      .compile(optimizer: "sgd", loss: "mean_squared_error", metrics: [recorder.metric])
    let x = Tensor<Float>((0..<5).map { Float($0) })
    model.fit(x, x, epochs: 1, batchSize: 2, shuffle: false, verbose: 0)
    model.fit(x, x, epochs: 1, batchSize: 100, shuffle: false, verbose: 0)
    #expect(recorder.batches == [[0, 1], [2, 3], [4], [0, 1, 2, 3, 4]])
  }

  @Test("holds the last part back for validation, split before shuffling")
  func validationSplit() {
    let recorder = Recorder()
    var model = Sequential([Dense(1, inputShape: [1])])
      .compile(optimizer: "sgd", loss: "mean_squared_error", metrics: [recorder.metric])
    let x = Tensor<Float>((0..<10).map { Float($0) })
    // floor(10 · 0.75) = 7 are left for training.
    let history = model.fit(x, x, epochs: 2, batchSize: 4, validationSplit: 0.25, verbose: 0)
    let batches = recorder.batches
    #expect(batches.map(\.count) == [4, 3, 3, 4, 3, 3])
    #expect(batches[2] == [7, 8, 9] && batches[5] == [7, 8, 9])
    #expect((batches[0] + batches[1]).sorted() == [0, 1, 2, 3, 4, 5, 6])
    #expect(history.names == ["loss", "seen", "val_loss", "val_seen"])
    #expect(history["val_loss"].count == 2 && history.epochs == 2)
    let last = model.evaluate(x[7...], x[7...], verbose: 0)
    #expect(last.loss == history["val_loss"][1])
  }

  @Test("evaluates given validation data after each epoch")
  func validationData() {
    let (x, y) = points(60)
    var model = smallModel()
    let history = model.fit(
      x[..<40], y[..<40], epochs: 3, validationData: (x[40...], y[40...]), verbose: 0)
    #expect(history.names == ["loss", "accuracy", "val_loss", "val_accuracy"])
    let after = model.evaluate(x[40...], y[40...], verbose: 0)
    #expect(
      after.loss == history["val_loss"].last && after.accuracy == history["val_accuracy"].last)
    #expect(history.numbers(named: "nothing") == nil)
    #expect(history.numbers(named: "loss") == history["loss"])
  }

  @Test("is plain gradient descent on the mean of each batch, and reports means over samples")
  func byHand() {
    let x: [Double] = [1, 2, -1, 0.5, 3, -2, 1.5]
    let y: [Double] = [2, 3, 0, 1, 5, -3, 2]
    var (w, b, rate) = (0.5, 0.0, 0.05)
    var losses: [Double] = []
    for _ in 0..<4 {
      var total = 0.0
      for batch in [0..<3, 3..<6, 6..<7] {
        let errors = batch.map { w * x[$0] + b - y[$0] }
        total += errors.reduce(0) { $0 + $1 * $1 }
        let slope = 2 * zip(batch, errors).reduce(0) { $0 + x[$1.0] * $1.1 } / Double(batch.count)
        b -= rate * 2 * errors.reduce(0, +) / Double(batch.count)
        w -= rate * slope
      }
      losses.append(total / 7)
    }
    rate = 0.05
    let network = Sequential<Double>([
      Dense(1, inputShape: [1], kernelInitializer: .constant(0.5))
    ])
    var model = network.compile(optimizer: SGD(learningRate: rate), loss: "mean_squared_error")
    let history = model.fit(
      Tensor(x), Tensor(y), epochs: 4, batchSize: 3, shuffle: false, verbose: 0)
    expectClose(history["loss"], losses)
    expectClose(model.weights.flatMap(\.elements), [w, b])
    let end = zip(x, y).reduce(0) { $0 + (w * $1.0 + b - $1.1) * (w * $1.0 + b - $1.1) } / 7
    for size in [1, 2, 7, 100] {
      expectClose(
        [model.evaluate(Tensor(x), Tensor(y), batchSize: size, verbose: 0).loss], [end])
    }
  }

  @Test("continues from the current weights")
  func continues() {
    let (x, y) = points(50)
    var once = smallModel(optimizer: Adam())
    var twice = once
    let whole = once.fit(x, y, epochs: 4, shuffle: false, verbose: 0)
    let first = twice.fit(x, y, epochs: 1, shuffle: false, verbose: 0)
    let rest = twice.fit(x, y, epochs: 3, shuffle: false, verbose: 0)
    #expect(whole["loss"] == first["loss"] + rest["loss"])
    #expect(once.weights == twice.weights)
  }

  @Test("for no epochs changes nothing")
  func noEpochs() {
    let (x, y) = points(50)
    var model = smallModel()
    let before = model.weights
    let history = model.fit(x, y, epochs: 0, verbose: 0)
    #expect(history.epochs == 0 && history.names == [] && model.weights == before)
  }

  @Test("gives the same bits for the same seed, others for another")
  func seeds() {
    let (x, y) = points(50)
    func trained(_ seed: UInt64) -> [Tensor<Float>] {
      var model = smallModel(seed: seed)
      model.fit(x, y, epochs: 3, verbose: 0)
      return model.weights
    }
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
  }

  @Test("of a copy leaves the original as it was")
  func copies() {
    let (x, y) = points(50)
    var original = smallModel(optimizer: Adam())
    original.fit(x, y, epochs: 1, verbose: 0)
    let weights = original.weights.map { $0.copied() }
    let moments = original.optimizerState.moments.map { $0.map { $0.copied() } }
    var copy = original
    copy.fit(x, y, epochs: 2, verbose: 0)
    #expect(original.weights == weights && original.optimizerState.moments == moments)
    #expect(copy.weights != weights)
    // Both go on from the same place, so the original follows.
    original.fit(x, y, epochs: 2, verbose: 0)
    #expect(original.weights == copy.weights)
  }

  @Test("takes targets of every type, with and without an axis of size 1")
  func targetTypes() {
    let (x, y) = points(40)
    func trained<Y: TensorScalar>(_ y: Tensor<Y>) -> [Tensor<Float>] {
      var model = smallModel()
      model.fit(x, y, epochs: 2, verbose: 0)
      return model.weights
    }
    let expected = trained(y)
    #expect(trained(Tensor<UInt8>(y)) == expected && trained(Tensor<Float>(y)) == expected)
    #expect(trained(y .== 1) == expected && trained(Tensor<Double>(y)) == expected)
    #expect(trained(y.reshaped(to: [40, 1])) == expected)
    let twoRows = Tensor<Int>(
      Tensor(zip(y.elements, y.elements).flatMap { [$0, $1] }, shape: [40, 2]))
    #expect(trained(twoRows[0..., 0]) == expected)
  }

  @Test("takes class indices of every type, with and without an axis of size 1")
  func classTypes() {
    let (x, y) = points(40)
    func trained<Y: TensorScalar>(_ y: Tensor<Y>, _ loss: LossName) -> [Tensor<Float>] {
      var model = Sequential([Dense(2, activation: .softmax, inputShape: [2])])
        .compile(optimizer: "adam", loss: loss, metrics: ["accuracy"])
      model.fit(x, y, epochs: 2, verbose: 0)
      return model.weights
    }
    let expected = trained(y, "sparse_categorical_crossentropy")
    #expect(trained(Tensor<UInt8>(y), "sparse_categorical_crossentropy") == expected)
    #expect(trained(y.reshaped(to: [40, 1]), "sparse_categorical_crossentropy") == expected)
    let oneHot = trained(toCategorical(y), "categorical_crossentropy")
    for (a, b) in zip(oneHot, expected) { expectClose(a, b, relative: 1e-4, absolute: 1e-6) }
  }

  @Test("takes samples of every type and without the last axis if that has size 1")
  func sampleTypes() {
    let x = Tensor<Float>((0..<20).map { Float($0) / 4 })
    func trained<X: TensorNumber>(_ x: Tensor<X>, built: Bool = true) -> [Tensor<Float>] {
      var model = Sequential([Dense(1, inputShape: built ? [1] : nil)])
        .compile(optimizer: "sgd", loss: "mean_squared_error")
      model.fit(x, Tensor<Float>(x), epochs: 2, verbose: 0)
      #expect(model.predict(x).shape == [x.shape[0], 1])
      return model.weights
    }
    let expected = trained(x)
    #expect(trained(x.reshaped(to: [20, 1])) == expected)
    #expect(trained(Tensor<Double>(x)) == expected && trained(x, built: false) == expected)
    let bytes = Tensor<UInt8>((0..<20).map { UInt8($0) })
    #expect(trained(bytes) == trained(Tensor<Int>(bytes)))
  }

  @Test("builds the network from the first samples if no shape was stated")
  func builtLate() {
    let (x, y) = points(40)
    var late = Sequential([Dense(5, activation: .tanh), Dense(1, activation: .sigmoid)])
      .compile(optimizer: SGD(learningRate: 0.1), loss: "binary_crossentropy")
    late.fit(x, y, epochs: 2, verbose: 0)
    var early = smallModel()
    early.fit(x, y, epochs: 2, verbose: 0)
    #expect(late.weights == early.weights)
    #expect(late.predict(x) == early.predict(x))
  }

  @Test("keeps the weights of a network that is compiled again, as Keras does")
  func compiledAgain() {
    let (x, y) = points(40)
    var model = smallModel()
    model.fit(x, y, epochs: 2, verbose: 0)
    let again = model.network.compile(optimizer: "adam", loss: "binary_crossentropy", seed: 9)
    #expect(again.weights == model.weights)
    // Trained layers below a new one.
    var body = model.network
    body.add(Dense(3))
    let longer = body.compile(optimizer: "adam", loss: "mean_squared_error", seed: 9)
    #expect(Array(longer.weights[..<4]) == model.weights && longer.weights[4].shape == [1, 3])
    let tuned = Sequential(Array(model.network.layers[..<1]) + [Dense(2)])
      .compile(optimizer: "adam", loss: "mean_squared_error")
    #expect(Array(tuned.weights[..<2]) == Array(model.weights[..<2]))
    #expect(tuned.network.parameters.map(\.slot) == [0, 1, 2, 3])
    #expect(tuned.predict(x).shape == [40, 2])
  }

  @Test("drops in training only")
  func dropout() {
    let (x, y) = points(40)
    var model = Sequential([
      Dense(8, inputShape: [2]), Dropout(0.5), Dense(1, activation: .sigmoid),
    ])
    .compile(optimizer: SGD(learningRate: 0), loss: "binary_crossentropy")
    let history = model.fit(x, y, epochs: 3, shuffle: false, verbose: 0)
    #expect(Set(history["loss"]).count == 3)
    let result = model.evaluate(x, y, verbose: 0)
    #expect(result == model.evaluate(x, y, verbose: 0))
    #expect(model.predict(x) == model.predict(x))
  }

  @Test("follows a learning rate that is changed between calls")
  func learningRate() {
    let (x, y) = points(40)
    var model = smallModel()
    model.fit(x, y, epochs: 1, verbose: 0)
    let before = model.weights
    model.optimizer.learningRate = 0
    model.fit(x, y, epochs: 1, verbose: 0)
    #expect(model.weights == before)
  }

  @Test("has a loop that can be written by hand with the same result")
  func ownLoop() {
    let (x, y) = points(48)
    var model = smallModel(optimizer: Adam())
    var network = model.network
    model.fit(x, y, epochs: 2, batchSize: 16, shuffle: false, verbose: 0)

    let context = Context<Float>(isTraining: true)
    var state = OptimizerState<Float>()
    for _ in 0..<2 {
      for start in stride(from: 0, to: 48, by: 16) {
        context.tape.reset()
        let prediction = network(context.tape.constant(x[start..<start + 16]), in: context)
        let target = context.tape.constant(
          Tensor<Float>(y[start..<start + 16]).expandingShape(at: -1))
        let loss = BinaryCrossentropy()(prediction, target).mean()
        Adam().update(&network, along: context.tape.gradients(of: loss), state: &state)
      }
    }
    #expect(network.weights == model.weights)
  }
}
