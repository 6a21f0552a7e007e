// Every mistake stops with a sentence that names what was got, what is expected and the way out.

import TestSupport
import Testing
import Train

/// A model of one layer of two units.
private func model(_ loss: LossName, units: Int = 2) -> Model<Sequential<Float>> {
  Sequential([Dense(units, activation: .softmax, inputShape: [3])])
    .compile(optimizer: "sgd", loss: loss)
}

private let samples = Tensor<Float>.ones([4, 3])

@Suite("A mistake in training")
struct MistakesTests {
  @Test("a loss is misspelt")
  func loss() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = model("binary_crosentropy") }
    #expect(
      message(
        of: result, contains: "loss: there is no \"binary_crosentropy\"", "mean_squared_error",
        "did you mean \"binary_crossentropy\"?"))
  }

  @Test("an optimizer is misspelt")
  func optimizer() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Sequential([Dense(1)]).compile(optimizer: "adma", loss: "hinge")
    }
    #expect(
      message(of: result, contains: "optimizer: there is no \"adma\"", "did you mean \"adam\"?"))
  }

  @Test("a metric is misspelt")
  func metric() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = "acuracy" as Metric }
    #expect(message(of: result, contains: "metric:", "did you mean \"accuracy\"?"))
  }

  @Test("one-hot rows are given where class indices are expected")
  func sparse() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("sparse_categorical_crossentropy")
      model.fit(samples, Tensor<Float>.ones([4, 2]), verbose: 0)
    }
    #expect(
      message(
        of: result, contains: "sparse_categorical_crossentropy:", "[4, 2]",
        "one class index per row", "use categorical_crossentropy"))
  }

  @Test("class indices are given where one-hot rows are expected")
  func categorical() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("categorical_crossentropy")
      model.fit(samples, [0, 1, 0, 1] as Tensor<Int>, verbose: 0)
    }
    #expect(
      message(
        of: result, contains: "categorical_crossentropy:", "[4]", "[4, 2]", "toCategorical",
        "sparse_categorical_crossentropy"))
  }

  @Test("targets have another shape than predictions")
  func targetShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = model("mean_squared_error").evaluate(samples, Tensor<Float>.ones([4, 5]), verbose: 0)
    }
    #expect(message(of: result, contains: "mean_squared_error:", "[4, 5]", "[4, 2]", "equal"))
  }

  @Test("a class is out of range")
  func label() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("sparse_categorical_crossentropy")
      model.fit(samples, [0, 1, 2, 1] as Tensor<Int>, shuffle: false, verbose: 0)
    }
    #expect(message(of: result, contains: "label 2", "sample 2", "2 classes 0..<2"))
  }

  @Test("there are more samples than targets")
  func counts() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("sparse_categorical_crossentropy")
      model.fit(samples, [0, 1, 1] as Tensor<Int>, verbose: 0)
    }
    #expect(message(of: result, contains: "fit:", "4 samples", "[3]", "differ in number"))
  }

  @Test("samples have another shape than the network takes")
  func sampleShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = model("hinge").predict(Tensor<Float>.ones([4, 5])) }
    #expect(message(of: result, contains: "predict:", "[4, 5]", "[3]"))
  }

  @Test("one sample is given without the batch axis")
  func noBatch() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = model("hinge").predict([1, 2, 3] as Tensor<Float>) }
    #expect(message(of: result, contains: "predict:", "shape [3]", "along its first axis"))
  }

  @Test("there are no samples")
  func noSamples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("hinge")
      model.fit(Tensor<Float>.zeros([0, 3]), Tensor<Float>.zeros([0, 2]), verbose: 0)
    }
    #expect(message(of: result, contains: "fit:", "no samples", "[0, 3]"))
  }

  @Test("a network that is not built predicts or is measured", arguments: [true, false])
  func notBuilt(predicts: Bool) async {
    let result =
      predicts
      ? await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Sequential([Dense(1)]).compile(optimizer: "sgd", loss: "hinge").predict(samples)
      }
      : await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Sequential([Dense(1)]).compile(optimizer: "sgd", loss: "hinge")
          .evaluate(samples, Tensor<Float>.ones([4, 1]), verbose: 0)
      }
    #expect(
      message(
        of: result, contains: predicts ? "predict:" : "evaluate:", "not built", "inputShape"))
  }

  @Test("the validation split leaves nothing to train on")
  func validationSplit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("hinge")
      model.fit(samples, Tensor<Float>.ones([4, 2]), validationSplit: 0.9, verbose: 0)
    }
    #expect(message(of: result, contains: "validation split of 0.9 of 4 samples", "empty"))
  }

  @Test("the batch size is 0")
  func batchSize() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("hinge")
      model.fit(samples, Tensor<Float>.ones([4, 2]), batchSize: 0, verbose: 0)
    }
    #expect(message(of: result, contains: "fit:", "batch size must be positive, got 0"))
  }

  @Test("trained weights do not fit the samples")
  func otherSamples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var first = Sequential([Dense(2)]).compile(optimizer: "sgd", loss: "hinge")
      first.fit(samples, Tensor<Float>.ones([4, 2]), verbose: 0)
      var second = first.network.compile(optimizer: "sgd", loss: "hinge")
      second.fit(Tensor<Float>.ones([4, 5]), Tensor<Float>.ones([4, 2]), verbose: 0)
    }
    #expect(message(of: result, contains: "input of shape [4, 5]", "samples of shape [3]"))
  }

  @Test("one sample, and pictures for a network of vectors")
  func otherAxes() async {
    let one = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential([Dense(1, inputShape: [4])]).compile(optimizer: "sgd", loss: "mse")
      _ = model.predict(Tensor<Float>.ones([4]))
    }
    #expect(message(of: one, contains: "input of shape [4]", "write x[.newAxis, ...]"))
    let pictures = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = Sequential([Dense(1, inputShape: [4])]).compile(optimizer: "sgd", loss: "mse")
      _ = model.predict(Tensor<Float>.ones([3, 2, 2]))
    }
    #expect(message(of: pictures, contains: "[3, 2, 2]", "Flatten(inputShape: [2, 2])"))
  }

  @Test("a step is computed on a tape that was not reset")
  func noReset() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = Sequential([Dense(2, inputShape: [3])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      let context = Context<Float>(isTraining: true)
      var state = OptimizerState<Float>()
      for _ in 0..<2 {
        let y = sum(network(context.tape.constant(samples), in: context))
        SGD().update(&network, along: context.tape.gradients(of: y), state: &state)
      }
    }
    #expect(message(of: result, contains: "optimizer has changed the parameters", "reset()"))
  }

  @Test("a label has no row")
  func categoricalLabel() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = toCategorical([0, 3] as Tensor<Int>, classes: 3) }
    #expect(message(of: result, contains: "toCategorical: label 3 of sample 1", "0..<3"))
  }

  @Test("a label is no whole number")
  func fractionalLabel() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = toCategorical([0, 1.5] as Tensor<Float>, classes: 3) }
    #expect(message(of: result, contains: "toCategorical: label 1.5 of sample 1"))
  }

  @Test("a loss is called by hand with shapes that would be broadcast")
  func lossByHand() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = MeanSquaredError()(tape.constant(.ones([4, 1])), tape.constant(.ones([4])))
    }
    #expect(message(of: result, contains: "mean_squared_error:", "[4, 1]", "[4]", "equal"))
  }

  @Test("an optimizer gets a network that was not initialised")
  func uninitialized() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var network = Sequential([Dense(1, inputShape: [1])])
      let tape = Tape<Float>()
      let gradients = tape.gradients(of: sum(tape.variable([1])))
      var state = OptimizerState<Float>()
      SGD().update(&network, along: gradients, state: &state)
    }
    #expect(message(of: result, contains: "update:", "not initialised", "initialize(using:)"))
  }

  @Test("a callback watches a number that is not measured")
  func monitor() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var model = model("mean_squared_error")
      model.fit(samples, Tensor<Float>.ones([4, 2]), callbacks: [.earlyStopping()], verbose: 0)
    }
    #expect(message(of: result, contains: "no \"val_loss\"", "known are loss", "validation data"))
  }

  @Test("samples and targets to be split differ in number")
  func split() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = trainTestSplit(samples, [0, 1] as Tensor<Int>) }
    #expect(message(of: result, contains: "trainTestSplit:", "[4, 3]", "[2]"))
  }

  @Test("a hyper-parameter is out of range")
  func hyperParameter() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Adam(beta1: 1) }
    #expect(message(of: result, contains: "Adam:", "0..<1", "1.0"))
  }
}
