// Weighted samples, penalised weights, frozen and normalising layers through `fit`, beside Keras.

import TestSupport
import Testing
import Train

private let x: Tensor<Double> = [[1, 2], [-1, 0.5], [0.3, -2], [2, 1]]
private let y: Tensor<Double> = [[1], [0], [1], [0]]
private let weights: Tensor<Double> = [1, 0.2, 3, 0.5]

private func model(_ regularizer: Regularizer? = nil) -> Model<Sequential<Double>> {
  Sequential<Double>([
    Dense(
      2, inputShape: [2], kernelInitializer: .constant(0.5), kernelRegularizer: regularizer),
    Dense(1, kernelInitializer: .constant(-0.25)),
  ]).compile(optimizer: SGD(learningRate: 0.1), loss: "mean_squared_error")
}

/// Numbers by Keras 3.15.1 in float64, where rates and factors are held in single precision.
///
/// ```
/// def net(**k):
///   m = keras.Sequential([keras.Input((2,)),
///     Dense(2, kernel_initializer=Constant(0.5), **k), Dense(1, kernel_initializer=Constant(-0.25))])
///   m.compile(SGD(0.1), "mse"); return m
/// for k in [dict(kernel_regularizer=L1(0.1)), dict(kernel_regularizer=L1L2(0.1, 0.2))]:
///   m = net(**k); h = m.fit(x, y, epochs=3, batch_size=3, shuffle=False)
///   print(h.history["loss"], m.evaluate(x, y), m.get_weights())
/// h = net().fit(…, class_weight={0: 2.0, 1: 0.5}); h = net().fit(…, sample_weight=sw)
/// h = net().fit(x, y, epochs=2, batch_size=2, shuffle=False, sample_weight=sw, validation_split=0.5)
/// ```
@Suite("Weights of samples and penalties on weights")
struct WeightingTests {
  @Test("a penalty is part of the loss, in training and in evaluation")
  func regularizers() {
    for (regularizer, losses, evaluation, kernel) in [
      (
        Regularizer.l1(0.1), [1.0520186612584057, 0.5799458022291828, 0.5339988932275304],
        0.4904416101681478, 0.390956342446913
      ),
      (
        .l1l2(l1: 0.1, l2: 0.2), [1.2368651105728914, 0.6869930063255004, 0.5878646969686225],
        0.5115100383081291, 0.29805249075227525
      ),
      (
        Regularizer(), [0.8570631382724692, 0.4064865483399565, 0.3777771337991968],
        0.3457873128220383, 0.4496660080259726
      ),
    ] {
      var model = model(regularizer)
      let history = model.fit(x, y, epochs: 3, batchSize: 3, shuffle: false, verbose: 0)
      expectClose(history["loss"], losses, relative: 1e-6)
      expectClose([model.evaluate(x, y, verbose: 0).loss], [evaluation], relative: 1e-6)
      expectClose([model.weights[0][0, 0]], [kernel], relative: 1e-6)
    }
  }

  @Test("classes count as they are weighed, given as indices or as one-hot rows")
  func classWeights() {
    var first = model()
    let history = first.fit(
      x, y, epochs: 3, batchSize: 3, shuffle: false, classWeight: [0: 2, 1: 0.5], verbose: 0)
    expectClose(
      history["loss"], [0.5276638243686114, 0.26602482059239896, 0.2844958990312089],
      relative: 1e-6)
    expectClose([first.evaluate(x, y, verbose: 0).loss], [0.37240308664798233], relative: 1e-6)

    func trained<Y: TensorScalar>(_ targets: Tensor<Y>, _ loss: LossName) -> [Tensor<Double>] {
      var model = Sequential<Double>([Dense(3, activation: .softmax, inputShape: [2])])
        .compile(optimizer: "sgd", loss: loss)
      model.fit(x, targets, epochs: 2, batchSize: 3, classWeight: [1: 3, 2: 0], verbose: 0)
      return model.weights
    }
    let labels: Tensor<Int> = [0, 1, 2, 1]
    let byIndex = trained(labels, "sparse_categorical_crossentropy")
    let byRow = trained(toCategorical(labels, classes: 3), "categorical_crossentropy")
    for (a, b) in zip(byIndex, byRow) { expectClose(a, b) }
  }

  @Test("samples count as they are weighed, also those held back")
  func sampleWeights() {
    var first = model()
    let history = first.fit(
      x, y, epochs: 3, batchSize: 3, shuffle: false, sampleWeight: weights, verbose: 0)
    expectClose(
      history["loss"], [1.0216127276269722, 0.5071869240930533, 0.32996470923971943],
      relative: 1e-6)
    let loss = first.evaluate(x, y, sampleWeight: weights, verbose: 0).loss
    expectClose([loss], [0.2448448558033446], relative: 1e-6)

    var second = model()
    let split = second.fit(
      x, y, epochs: 2, batchSize: 2, shuffle: false, validationSplit: 0.5, sampleWeight: weights,
      verbose: 0)
    expectClose(split["loss"], [1.5328125, 0.3187286391615334], relative: 1e-6)
    expectClose(split["val_loss"], [1.086015442914427, 1.3328264309781521], relative: 1e-6)
  }

  @Test("weights stay with their samples when these are shuffled")
  func shuffled() {
    // Samples of weight 0 have no influence, in whatever batch they are.
    func trained(_ x: Tensor<Double>, _ y: Tensor<Double>, _ w: Tensor<Double>?) -> Tensor<Double> {
      var model = model()
      model.fit(x, y, epochs: 3, batchSize: 4, sampleWeight: w, verbose: 0)
      return model.weights[0]
    }
    let wrong: Tensor<Double> = [[1], [50], [1], [-70]]
    let zeros: Tensor<Double> = [1, 0, 1, 0]
    expectClose(trained(x, wrong, zeros), trained(x, y, zeros))
  }

  /// By Keras: `BatchNormalization(), Dense(1, kernel_initializer=Constant(0.5))`, 3 epochs of one batch.
  @Test("batch normalisation trains, follows and predicts as in Keras")
  func batchNormalization() {
    var model = Sequential<Double>([
      Flatten(inputShape: [2]), BatchNormalization(),
      Dense(1, kernelInitializer: .constant(0.5)),
    ]).compile(optimizer: SGD(learningRate: 0.1), loss: "mean_squared_error")
    let history = model.fit(x, y, epochs: 3, batchSize: 4, shuffle: false, verbose: 0)
    expectClose(
      history["loss"], [1.25073469777127, 0.7327428667783318, 0.5258516440342036], relative: 1e-6)
    expectClose([model.evaluate(x, y, verbose: 0).loss], [0.42906438643716993], relative: 1e-6)
    let expected: [[Double]] = [
      [0.8879137239090158, 0.862468088124697], [0.09450542332544974, 0.08893582788612013],
      [0.017078075000000012, 0.011137875000000009], [1.005698879375, 1.034805859375],
      [0.24959683039132022, 0.17286271468213216], [0.22993804400030618],
    ]
    for (weights, expected) in zip(model.weights, expected) {
      expectClose(weights.elements, expected, relative: 1e-6)
    }
    expectClose(
      model.predict(x).elements,
      [0.7773561418520981, 0.11585884579463579, 0.03678261651299469, 0.8517489408137112],
      relative: 1e-6)
  }

  @Test("a frozen layer keeps its weights while the others train")
  func frozen() {
    var model = model()
    model.network[0].isTrainable = false
    let before = model.weights
    model.fit(x, y, epochs: 2, verbose: 0)
    #expect(model.weights[0] == before[0] && model.weights[1] == before[1])
    #expect(model.weights[2] != before[2])
  }
}

@Suite("A model's network")
struct NetworkReplacementTests {
  @Test("may be another one, of other shapes")
  func other() {
    var model = model()
    model.fit(x, y, verbose: 0)
    var network = Sequential<Double>([Dense(5, inputShape: [3])])
    var generator = RandomGenerator(seed: 5)
    network.initialize(using: &generator)
    model.network = network
    #expect(model.predict(.ones([4, 3]) as Tensor<Double>).shape == [4, 5])
    #expect(model.weights == network.weights)
    model.fit(.ones([4, 3]) as Tensor<Double>, .ones([4, 5]) as Tensor<Double>, verbose: 0)
    // One that was not built is built, with the model's own random numbers.
    model.network = Sequential<Double>([Dense(2, inputShape: [7])])
    #expect(model.weights.map(\.shape) == [[7, 2], [2]])
    #expect(model.predict(.ones([1, 7]) as Tensor<Double>).shape == [1, 2])
    // One that does not say what it takes learns it from the samples.
    model.network = Sequential<Double>([Dense(1)])
    model.fit(x, y, verbose: 0)
    #expect(model.predict(x).shape == [4, 1])
  }

  @Test("that is changed in place keeps the order of samples to come")
  func inPlace() {
    var (a, b) = (model(), model())
    a.network.forEachParameter { $0.regularizer = nil }
    #expect(
      a.fit(x, y, epochs: 2, batchSize: 1, verbose: 0)
        == b.fit(x, y, epochs: 2, batchSize: 1, verbose: 0))
    #expect(a.weights == b.weights)
  }

  @Test("is compiled with an optimizer by name and a loss by member, too")
  func names() {
    let model = Sequential<Double>([Dense(1, inputShape: [1])])
      .compile(optimizer: "adam", loss: .huber(delta: 2), metrics: ["mae", .rSquared])
    #expect(model.optimizer is Adam && (model.loss as? Huber)?.delta == 2)
    #expect(model.metrics.map(\.name) == ["mae", "r2_score"])
  }
}
