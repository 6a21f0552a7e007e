import TestSupport
import Testing
import Train

/// The metrics of given predictions, in batches of three.
private func measured(
  _ metrics: [Metric], _ predictions: Tensor<Double>, _ targets: Tensor<Double>,
  _ loss: LossName = "mean_squared_error"
) -> [Double] {
  let shape = TensorShape(predictions.shape.dropFirst())
  let model = Sequential<Double>([Lambda(inputShape: shape) { $0 * 1 }])
    .compile(optimizer: "sgd", loss: loss, metrics: metrics)
  let result = model.evaluate(predictions, targets, batchSize: 3, verbose: 0)
  return metrics.map { result[$0.name]! }
}

private let predictions: Tensor<Double> = [
  [0.9, 0.2, 0.7], [0.4, 0.6, 0.1], [0.1, 0.8, 0.55], [0.3, 0.2, 0.1],
]
private let targets: Tensor<Double> = [[1, 0, 0], [0, 1, 0], [0, 1, 1], [1, 0, 0]]

@Suite("Metrics")
struct MetricTests {
  @Test("R² of large numbers close to each other")
  func largeTargets() {
    // scikit-learn: r2_score(1e9 + np.arange(4), 1e9 + np.array([0, 1, 2, 4]))
    let offset = Tensor<Double>(1e9)
    expectClose(
      measured(["r2_score"], offset + [[0], [1], [2], [4]], offset + [[0], [1], [2], [3]]), [0.8])
    #expect(measured(["r2_score"], [[1], [1]], [[1], [1]]) == [1])
    #expect(measured(["r2_score"], [[1], [2]], [[1], [1]]) == [0])
  }

  @Test("no number is the plain NaN")
  func notANumber() {
    let loss = measured(["mse", "r2_score"], [[.infinity], [1]], [[.infinity], [1]])
    #expect(loss.map { "\($0)" } == ["nan", "nan"])
    #expect("\(areaUnderROC([1, 2] as Tensor<Double>, [1, 1] as Tensor<Int>))" == "nan")
    #expect("\(ConfusionMatrix(predicted: [], expected: []).accuracy)" == "nan")
  }

  /// Values by Keras 3.15.1.
  ///
  /// ```
  /// for m in [Precision(), Recall(), RootMeanSquaredError(), R2Score(), MeanAbsoluteError(),
  ///           MeanSquaredError()]:
  ///   m.update_state(t[:3], p[:3]); m.update_state(t[3:], p[3:]); print(float(m.result()))
  /// ```
  @Test("are Keras's numbers, over batches of different sizes")
  func keras() {
    expectClose(
      measured(
        ["precision", "recall", "rmse", "r2_score", "mae", "mean_squared_error", "f1_score"],
        predictions, targets),
      [
        0.8, 0.8, 0.37221185723545486, 0.3666666666666667, 0.30416666666666664,
        0.13854166666666665, 0.8,
      ], relative: 1e-7)
  }

  @Test("without positives precision and recall are 0")
  func noPositives() {
    let metrics: [Metric] = [.precision, .recall, .f1Score]
    #expect(measured(metrics, [[0.1], [0.2]], [[1], [0]]) == [0, 0, 0])
    #expect(measured(metrics, [[0.9], [0.2]], [[0], [0]]) == [0, 0, 0])
  }

  @Test("top-k counts the class among the k largest, ties in its favour")
  func topK() {
    let labels: Tensor<Double> = [0, 2, 0, 2]
    let scores: Tensor<Double> = [[0.1, 0.5, 0.4], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4], [1, 1, 1]]
    let loss: LossName = "sparse_categorical_crossentropy"
    func share(_ k: Int) -> Double { measured([.topKAccuracy(k)], scores, labels, loss)[0] }
    #expect(share(1) == 0.25 && share(2) == 0.75 && share(3) == 1 && share(5) == 1)
    let oneHot = Tensor<Double>(toCategorical(labels, classes: 3))
    #expect(measured([.topKAccuracy(2)], scores, oneHot) == [0.75])
  }

  @Test("accuracy of predictions without an axis of classes takes each for itself")
  func flat() {
    let model = Sequential<Double>([Lambda(inputShape: [1]) { $0.reshaped(to: [$0.shape[0]]) }])
      .compile(optimizer: "sgd", loss: "binary_crossentropy", metrics: [.accuracy])
    let result = model.evaluate(
      [[0.9], [0.8], [0.2], [0.1], [0.7]] as Tensor<Double>, [1, 0, 0, 0, 1] as Tensor<Int>,
      batchSize: 5, verbose: 0)
    #expect(result.accuracy == 0.8)
  }

  @Test("have names, some of them short")
  func names() {
    #expect(Metric("nothing" as String) == nil)
    #expect(Metric("mse" as String)?.name == "mse")
    #expect(Metric.known.allSatisfy { Metric($0.name) != nil })
    #expect(Metric.topKAccuracy().name == "top_k_categorical_accuracy")
    #expect(Metric.topKAccuracy(8).name == "top_8_categorical_accuracy")
    #expect(Metric("top_8_categorical_accuracy" as String)?.name == "top_8_categorical_accuracy")
    for name in ["top_0_categorical_accuracy", "top_5_categorical_accuracy", "top_x_accuracy"] {
      #expect(Metric(name as String) == nil)
    }
  }

  @Test("know whether smaller or larger numbers are better")
  func directions() {
    let smaller = [
      "mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "perplexity",
    ]
    for metric in Metric.known {
      #expect((metric.direction == .smaller) == smaller.contains(metric.name))
      #expect(metric.direction != .automatic)
    }
    #expect(Metric("mse" as String)?.direction == .smaller)
    #expect(Metric("iou", direction: .larger) { _, _ in 0 }.direction == .larger)
    #expect(Metric("own") { _, _ in 0 }.direction == .automatic)
  }
}

@Suite("Looking at mistakes")
struct ErrorAnalysisTests {
  /// By scikit-learn: `confusion_matrix(e, p)` and `precision_recall_fscore_support(e, p)`.
  @Test("the confusion matrix counts classes and predictions")
  func confusionMatrix() {
    let matrix = ConfusionMatrix(
      predicted: [2, 0, 1, 1, 0, 2, 2, 1, 0, 1], expected: [2, 0, 1, 2, 0, 1, 2, 1, 1, 1])
    #expect(matrix.counts == [[2, 0, 0], [1, 3, 1], [0, 1, 2]])
    #expect(matrix.accuracy == 0.7 && matrix.total == 10)
    expectClose((0..<3).map(matrix.precision), [2.0 / 3, 0.75, 2.0 / 3])
    expectClose((0..<3).map(matrix.recall), [1, 0.6, 2.0 / 3])
    expectClose((0..<3).map(matrix.f1Score), [0.8, 2.0 / 3, 2.0 / 3])
    #expect(
      matrix.description == """
        class  0  1  2  precision  recall      F1
        0      2  0  0     0.6667  1.0000  0.8000
        1      1  3  1     0.7500  0.6000  0.6667
        2      0  1  2     0.6667  0.6667  0.6667
        accuracy 0.7000 of 10 samples
        """)
  }

  @Test("it takes predictions and targets of all forms")
  func forms() {
    let rows: Tensor<Float> = [[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]]
    let expected = [[1, 1], [0, 1]]
    #expect(ConfusionMatrix(rows, [1, 0, 0] as Tensor<Int>).counts == expected)
    #expect(ConfusionMatrix(rows, [[0, 1], [1, 0], [1, 0]] as Tensor<Float>).counts == expected)
    let numbers: Tensor<Float> = [[0.9], [0.5], [0.6]]
    #expect(ConfusionMatrix(numbers, [[1], [0], [0]] as Tensor<Int>).counts == expected)
    let named = ConfusionMatrix(rows, [1, 0, 0] as Tensor<Int>, classNames: ["cat", "dog"])
    #expect(named.description.contains("dog"))
    #expect(ConfusionMatrix(predicted: [], expected: []).accuracy.isNaN)
  }

  @Test("the worst mistakes are those of which the network was most sure")
  func mistakes() {
    let rows: Tensor<Float> = [
      [0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [1, 0, 0], [0, 0.75, 0.25], [0, 1, 0],
    ]
    let worst = worstMistakes(rows, [0, 2, 1, 0, 1] as Tensor<Int>)
    #expect(worst.map(\.index) == [2, 3, 0])
    #expect(worst[0] == worstMistakes(rows, [0, 2, 1, 0, 1] as Tensor<Int>, count: 1)[0])
    #expect(worst.map(\.predicted) == [0, 1, 1] && worst.map(\.expected) == [1, 0, 0])
    #expect(worst.map(\.confidence) == [1, 0.75, 0.5])
    #expect(worst[1].description == "sample 3: predicted 1 (0.7500), expected 0")
    let binary: Tensor<Double> = [0.75, 0.125, 0.625]
    #expect(worstMistakes(binary, [0, 1, 1] as Tensor<Int>).map(\.confidence) == [0.875, 0.75])
  }

  /// By scikit-learn: `roc_auc_score(t, s)`.
  @Test("the area under the ROC curve is scikit-learn's, ties counting half")
  func area() {
    let scores: Tensor<Double> = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.05]
    let truth: Tensor<Int> = [0, 0, 1, 1, 1, 0, 1, 0]
    #expect(abs(areaUnderROC(scores, truth) - 0.8125) < 1e-15)
    #expect(areaUnderROC([0.1, 0.2] as Tensor<Float>, [0, 1] as Tensor<Int>) == 1)
    #expect(areaUnderROC([0.1, 0.2] as Tensor<Float>, [1, 1] as Tensor<Int>).isNaN)
    #expect(areaUnderROC(Tensor<Double>([.nan, 0.2]), [0, 1] as Tensor<Int>).isNaN)
  }
}
