import ArrayFiles
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

private typealias Network = Sequential<Double>

private let x: Tensor<Double> = [[1, 2], [-1, 0.5], [0.3, -2], [2, 1]]
private let y: Tensor<Double> = [[1], [0], [1], [0]]

private func linear(rate: Double = 0.1) -> Model<Network> {
  Network([Dense(1, inputShape: [2], kernelInitializer: .constant(0.5))])
    .compile(optimizer: SGD(learningRate: rate), loss: "mean_squared_error")
}

/// Writes given numbers over a measured one, so that callbacks see a known course.
private func scripted(_ values: [Double], _ name: String = "val_loss") -> Callback<Network> {
  Callback(epochEnded: { _, state in state[name] = values[state.epoch - 1] })
}

/// The course of a validation loss.
private let course = [1.0, 0.8, 0.85, 0.79, 0.81, 0.82, 0.78, 0.9, 0.9, 0.9, 0.9, 0.9]

@Suite("Callbacks")
struct CallbackTests {
  @Test("are called at their moments")
  func moments() {
    var calls: [String] = []
    func note(_ name: String) -> Callback<Network>.Action {
      { _, state in calls.append("\(name) \(state.epoch).\(state.batch)") }
    }
    var model = linear()
    model.fit(
      x, y, epochs: 2, batchSize: 3,
      callbacks: [
        Callback(
          trainingBegan: note("begin"), epochBegan: note("epoch"), stepBegan: note("step"),
          lossComputed: note("loss"), epochEnded: note("end"), trainingEnded: note("done"))
      ], verbose: 0)
    let epochs = (1...2).flatMap {
      [
        "epoch \($0).0", "step \($0).1", "loss \($0).1", "step \($0).2", "loss \($0).2",
        "end \($0).2",
      ]
    }
    #expect(calls == ["begin 0.0"] + epochs + ["done 2.2"])
  }

  @Test("change nothing by being there")
  func neutral() {
    var (plain, watched) = (linear(), linear())
    let history = plain.fit(x, y, epochs: 3, batchSize: 2, verbose: 0)
    let nothing = Callback<Network>(stepBegan: { _, _ in }, lossComputed: { _, _ in })
    #expect(watched.fit(x, y, epochs: 3, batchSize: 2, callbacks: [nothing], verbose: 0) == history)
    #expect(plain.weights == watched.weights)
  }

  @Test("see the model and the loss, may stop and may add to the history")
  func stopping() {
    var model = linear()
    var seen: [Double] = []
    let history = model.fit(
      x, y, epochs: 10, batchSize: 4,
      callbacks: [
        Callback(
          lossComputed: { _, state in seen.append(state.loss) },
          epochEnded: { model, state in
            state["norm"] = square(model.weights[0]).sum()
            if state.epoch == 3 { state.stop("enough") }
          })
      ], verbose: 0)
    #expect(history.epochs == 3 && history.stopReason == "enough")
    #expect(history["loss"] == seen && history.names == ["loss", "norm"])
    #expect(history["norm"].last == square(model.weights[0]).sum())
  }

  @Test("stopping when the loss is known leaves the weights as they were")
  func stoppingAtOnce() {
    var model = linear()
    let before = model.weights
    model.fit(
      x, y, epochs: 5, batchSize: 1,
      callbacks: [Callback(lossComputed: { _, state in state.stop("no") })], verbose: 0)
    #expect(model.weights == before && model.optimizerState.step == 0)
  }

  @Test("a cancelled task stops training")
  func cancelled() async {
    let history = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      var model = linear()
      let many = Tensor<Double>.ones([100, 2])
      return model.fit(many, Tensor<Double>.ones([100, 1]), epochs: 5, batchSize: 1, verbose: 0)
    }.value
    #expect(history.epochs == 1 && history.stopReason == "the task was cancelled")
  }
}

@Suite("The callbacks of Keras")
struct KerasCallbackTests {
  /// Numbers of epochs by Keras 3.15.1, with the same course written into `logs["val_loss"]`.
  ///
  /// ```
  /// for kw in [dict(patience=0), dict(patience=2), dict(patience=3), dict(patience=2, min_delta=0.03)]:
  ///   h = m.fit(x, y, epochs=12, callbacks=[Scripted(v), keras.callbacks.EarlyStopping(**kw)])
  ///   print(len(h.history["loss"]))
  /// ```
  @Test(
    "early stopping waits as long as Keras does",
    arguments: [(0, 0, 3), (2, 0, 6), (3, 0, 10), (2, 0.03, 4)] as [(Int, Double, Int)])
  func earlyStopping(patience: Int, minDelta: Double, epochs: Int) {
    var model = linear()
    let history = model.fit(
      x, y, epochs: 12,
      callbacks: [scripted(course), .earlyStopping(minDelta: minDelta, patience: patience)],
      verbose: 0)
    #expect(history.epochs == epochs)
    #expect(history.stopReason?.hasPrefix("val_loss has not improved") == true)
  }

  @Test("early stopping gives back the weights of the best epoch, where larger may be better")
  func bestWeights() {
    var weights: [[Tensor<Double>]] = []
    let recorder = Callback<Network>(epochEnded: { model, _ in weights.append(model.weights) })
    var model = linear()
    let accuracies = [0.5, 0.7, 0.9, .nan, 0.8, 0.8]
    let history = model.fit(
      x, y, epochs: 6,
      callbacks: [
        scripted(accuracies, "val_accuracy"), recorder,
        .earlyStopping(monitor: "val_accuracy", patience: 2, restoreBestWeights: true),
      ], verbose: 0)
    #expect(history.epochs == 5 && model.weights == weights[2] && weights[2] != weights[4])
  }

  @Test("early stopping asks the metric whether larger is better")
  func direction() {
    let iou = Metric("iou", direction: .larger) { predictions, _ in Double(predictions.shape[0]) }
    var model = Network([Dense(1, inputShape: [2])])
      .compile(optimizer: SGD(), loss: "mean_squared_error", metrics: [iou])
    let rising = model.fit(
      x, y, epochs: 5,
      callbacks: [
        scripted([0.1, 0.2, 0.3, 0.4, 0.5], "val_iou"), .earlyStopping(monitor: "val_iou"),
      ], verbose: 0)
    #expect(rising.epochs == 5)
    let falling = model.fit(
      x, y, epochs: 5,
      callbacks: [
        scripted([0.5, 0.4, 0.3, 0.2, 0.1], "val_iou"), .earlyStopping(monitor: "val_iou"),
      ], verbose: 0)
    #expect(falling.epochs == 2)
  }

  @Test("checkpoints are taken of the best epochs or of all, and errors do not stop training")
  func checkpoint() {
    struct Full: Error {}
    func epochs(bestOnly: Bool, fails: Bool = false) -> [Int] {
      var saved: [Int] = []
      var model = linear()
      let history = model.fit(
        x, y, epochs: 8,
        callbacks: [
          scripted(course),
          .checkpoint(bestOnly: bestOnly) { model, state in
            #expect(model.weights.count == 2)
            saved.append(state.epoch)
            if fails { throw Full() }
          },
        ], verbose: 0)
      #expect(history.epochs == 8)
      return saved
    }
    #expect(epochs(bestOnly: true) == [1, 2, 4, 7])
    #expect(epochs(bestOnly: true, fails: true) == [1, 2, 4, 7])
    #expect(epochs(bestOnly: false) == Array(1...8))
  }

  /// By Keras: `LearningRateScheduler(lambda e, l: l * 0.5 if e else l)`, and
  /// `ReduceLROnPlateau(patience=2, factor=0.5, cooldown=1, min_lr=0.02, min_delta=0.005)` with the course.
  @Test("the learning rate follows a rule or a plateau, and is in the history")
  func learningRates() {
    var model = linear()
    let byEpoch = model.fit(
      x, y, epochs: 4, callbacks: [.learningRate { epoch, rate in epoch > 1 ? rate * 0.5 : rate }],
      verbose: 0)
    #expect(byEpoch.names == ["loss", "learning_rate"])
    #expect(byEpoch["learning_rate"] == [0.1, 0.05, 0.025, 0.0125])
    #expect(model.optimizer.learningRate == 0.0125)

    model = linear()
    let onPlateau = model.fit(
      x, y, epochs: 12,
      callbacks: [
        scripted(course),
        .reduceLearningRateOnPlateau(
          factor: 0.5, patience: 2, minDelta: 0.005, cooldown: 1, minLearningRate: 0.02),
      ], verbose: 0)
    #expect(
      onPlateau["learning_rate"]
        == [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.02])
  }

  @Test("a schedule sets the rate of each step")
  func schedule() {
    var rates: [Double] = []
    var model = linear()
    let halving = LearningRateSchedule.exponentialDecay(from: 0.1, steps: 1, decayRate: 0.5)
    model.fit(
      x, y, epochs: 2, batchSize: 2,
      callbacks: [
        .learningRate(halving),
        Callback(lossComputed: { model, _ in rates.append(model.optimizer.learningRate) }),
      ], verbose: 0)
    #expect(rates == [0.1, 0.05, 0.025, 0.0125])
  }

  @Test("training ends at the first loss that is no number, with the weights before it")
  func terminateOnNaN() {
    var model = linear()
    var bad = x.elements
    bad[4] = .nan
    let history = model.fit(
      Tensor(bad, shape: [4, 2]), y, epochs: 5, batchSize: 1, shuffle: false,
      callbacks: [.terminateOnNaN()], verbose: 0)
    #expect(history.epochs == 1 && model.optimizerState.step == 2)
    #expect(model.weights[0].elements.allSatisfy { $0.isFinite })
    #expect(
      history.stopReason?.contains("epoch 1, batch 3; the input for sample 2 holds nan") == true)

    model = linear(rate: 1e200)
    let diverged = model.fit(
      x, y, epochs: 5, batchSize: 4, callbacks: [.terminateOnNaN()], verbose: 0)
    #expect(diverged.stopReason?.contains("batch 1") == true)
    model.weights = [Tensor([.infinity, 0], shape: [2, 1]), [0]]
    let broken = model.fit(x, y, callbacks: [.terminateOnNaN()], verbose: 0)
    #expect(broken.stopReason?.contains("the parameter dense.kernel is not finite") == true)
  }

  @Test("the log holds the history's numbers, digit by digit")
  func csvLog() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/log.csv"
      var model = linear()
      let first = model.fit(
        x, y, epochs: 3, validationData: (x, y),
        callbacks: [.csvLog(to: path), .learningRate { $1 * Double($0) }], verbose: 0)
      var table = try Table(contentsOf: path)
      // The log stands before the learning rate's callback in the list and does not see it.
      #expect(table.columnNames == ["epoch", "loss", "val_loss"])
      #expect(table["epoch"] == [1, 2, 3])
      #expect(table["loss"] == first["loss"] && table["val_loss"] == first["val_loss"])

      let second = model.fit(
        x, y, epochs: 2, validationData: (x, y), callbacks: [.csvLog(to: path, append: true)],
        verbose: 0)
      table = try Table(contentsOf: path)
      #expect(table["epoch"] == [1, 2, 3, 1, 2])
      #expect(table["loss"] == first["loss"] + second["loss"])
      // A file that cannot be written does not end training.
      let history = model.fit(
        x, y, epochs: 2, callbacks: [.csvLog(to: "/nonexistent/log.csv")], verbose: 0)
      #expect(history.epochs == 2)
    }
  }
}
