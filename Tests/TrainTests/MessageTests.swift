// Mistakes that stop a program, each with the words that its sentence must have. Those with a story of their
// own are in the files named MistakesTests.swift, also of Autograd and Layers.

import TestSupport
import Testing
import Train

private enum Fault: String, CaseIterable, Codable, Sendable {
  case scalarOfSeveral, stackedProducts, productOfNumbers, reshapedVariable
  case denseBias, sigmoidTargets, softmaxTargets, softmaxOfNumber, sparseLabels
  case momentumOfNormalization, normalizedNumber, reshapedSamples, reshapedSizes, lambdaBatch
  case negativeSlope, negativePenalty, missingLayer, denseWithoutInputs
  case momentum, rho, accumulator, clipping, decay, delta, smoothing
  case scheduleSteps, scheduleRates, plateauFactor, keptCheckpoints
  case sampleWeights, classAndSampleWeights, negativeEpochs, verbosity, validationShare
  case classOfWeight
  case historyName, betterNumber, twoMetrics, folds, streamSplit, unevenBatch, noGradients
  case topK, confusionNames, areaShapes, mistakesCount
  case circles, testShare, standardizerColumns, wordsTwice
  case classNumber, classOfMistake, hugeClass, notAClass
  case samples, centers, bins, terminal, pixels, scale, fieldColumns, fieldRows

  /// Words of the sentence: the operation, what was got, what is expected, a way out.
  var words: [String] {
    switch self {
    case .scalarOfSeveral: ["scalar:", "[2]", "2 elements", "expected 1"]
    case .stackedProducts: ["matmul", "do not broadcast", "[2, 3, 4]", "[3, 4, 5]"]
    case .productOfNumbers: ["matmul:", "two axes or more", "[3, 2]"]
    case .reshapedVariable: ["reshape:", "[2, 3]", "6", "[4]"]
    case .denseBias: ["dense:", "bias", "[3]", "[2, 4]"]
    case .sigmoidTargets: ["sigmoidCrossEntropy:", "[2, 3]", "[3, 2]"]
    case .softmaxTargets: ["softmaxCrossEntropy:", "[2, 3]", "[2]"]
    case .softmaxOfNumber: ["softmax:", "no axis"]
    case .sparseLabels: ["sparseSoftmaxCrossEntropy:", "[3]", "[2, 4]"]
    case .momentumOfNormalization: ["BatchNormalization:", "0...1", "1.5"]
    case .normalizedNumber: ["batch_normalization (BatchNormalization):", "no axis of features"]
    case .reshapedSamples: ["reshape (Reshape):", "[6]", "6 numbers", "[4]"]
    case .reshapedSizes: ["Reshape:", "at most one of them -1"]
    case .lambdaBatch: ["lambda (Lambda):", "first axis", "batch"]
    case .negativeSlope: ["LeakyReLU:", "negative", "-0.1"]
    case .negativePenalty: ["Regularizer:", "negative", "-1.0"]
    case .missingLayer: ["Sequential:", "no layer 2", "there are 1", "counted from 0"]
    case .denseWithoutInputs: ["dense (Dense):", "no numbers to weigh"]
    case .momentum: ["SGD:", "0...1", "2.0"]
    case .rho: ["RMSprop:", "0..<1", "1.0"]
    case .accumulator: ["Adagrad:", "negative", "-1.0"]
    case .clipping: ["GradientClipping:", "positive", "0.0"]
    case .decay: ["AdamW:", "weight decay", "-0.1"]
    case .delta: ["Huber:", "positive", "0.0"]
    case .smoothing: ["BinaryCrossentropy:", "0...1", "2.0"]
    case .scheduleSteps: ["cosineDecay:", "positive", "got 0"]
    case .scheduleRates: ["piecewiseConstant:", "2 boundaries need 3 rates", "got 2"]
    case .plateauFactor: ["reduceLearningRateOnPlateau:", "between 0 and 1", "1.0"]
    case .keptCheckpoints: ["checkpoint:", "0 files", "1 or more"]
    case .sampleWeights: ["fit:", "[3]", "4 samples", "one number for each"]
    case .classOfWeight: ["fit:", "class weights", "nan"]
    case .classAndSampleWeights: ["fit:", "either class weights or sample weights"]
    case .negativeEpochs: ["fit:", "epochs", "negative", "-1"]
    case .verbosity: ["verbose:", "3", "0 (silent), 1 (bar) or 2 (line)"]
    case .validationShare: ["fit:", "validation split", "0..<1", "1.0"]
    case .historyName: ["history", "\"val_los\"", "loss", "validation data"]
    case .betterNumber: ["\"val_iou\"", "smaller or a larger", "direction:"]
    case .twoMetrics: ["fit:", "\"accuracy\"", "a name of its own"]
    case .folds: ["kFold:", "3 samples", "4 folds"]
    case .streamSplit: ["fit:", "stream", "validation data"]
    case .unevenBatch: ["Dataset:", "4 samples", "[2, 2]"]
    case .noGradients: ["update:", "accumulate", "step"]
    case .topK: ["topKAccuracy:", "positive", "0"]
    case .confusionNames: ["ConfusionMatrix:", "1 names", "2 classes"]
    case .areaShapes: ["areaUnderROC:", "[3]", "[2]", "differ in number"]
    case .mistakesCount: ["worstMistakes:", "negative", "-1"]
    case .classNumber: ["ConfusionMatrix.precision:", "99", "2 classes 0..<2"]
    case .classOfMistake: ["ConfusionMatrix.recall:", "-1", "2 classes 0..<2"]
    case .hugeClass: ["ConfusionMatrix:", "9223372036854775806", "without gaps"]
    case .notAClass: ["top_k_categorical_accuracy:", "nan", "0..<1"]
    case .samples: ["makeXOR:", "9223372036854775807", "1 to 2^40"]
    case .centers: ["makeBlobs:", "9223372036854775807", "1 to 2^40"]
    case .bins: ["histogram:", "9223372036854775807", "1 to 2^24"]
    case .terminal: ["terminalText:", "more than any terminal has"]
    case .pixels: ["Picture:", "1 bytes", "9223372036854775807 x 2"]
    case .scale: ["Picture.png:", "9223372036854775807", "65,536"]
    case .fieldColumns: ["Field:", "9223372036854775807"]
    case .fieldRows: ["Field:", "9223372036854775807", "2^32"]
    case .circles: ["makeCircles:", "factor 1.0", "0..<1"]
    case .testShare: ["trainTestSplit:", "0...1", "2.0"]
    case .standardizerColumns: ["Standardizer:", "[1, 3]", "2 columns"]
    case .wordsTwice: ["bagOfWords:", "\"beep\" twice", "one column"]
    }
  }

  private func fit(
    epochs: Int = 1, validationSplit: Double = 0, classWeight: [Int: Double]? = nil,
    sampleWeight: Tensor<Float>? = nil
  ) {
    var model = Sequential([Dense(1, inputShape: [2])])
      .compile(optimizer: "sgd", loss: "mean_squared_error")
    model.fit(
      Tensor<Float>.ones([4, 2]), Tensor<Float>.ones([4]), epochs: epochs,
      validationSplit: validationSplit, classWeight: classWeight, sampleWeight: sampleWeight,
      verbose: 0)
  }

  private func linear() -> Model<Sequential<Float>> {
    Sequential([Dense(1, inputShape: [2])]).compile(optimizer: "sgd", loss: "mse")
  }

  private func build(_ layer: some Layer<Float>, _ inputShape: TensorShape) {
    var (network, generator) = (Sequential([layer]), RandomGenerator(seed: 0))
    network.initialize(inputShape: inputShape, using: &generator)
  }

  func make() {
    let tape = Tape<Float>()
    func on(_ shape: TensorShape) -> Variable<Float> { tape.variable(.ones(shape)) }
    switch self {
    case .scalarOfSeveral: _ = on([2]).scalar
    case .stackedProducts: _ = matmul(on([2, 3, 4]), on([3, 4, 5]))
    case .productOfNumbers: _ = matmul(on([]), on([3, 2]))
    case .reshapedVariable: _ = on([2, 3]).reshaped(to: [4])
    case .denseBias: _ = dense(on([5, 2]), on([2, 4]), on([3]))
    case .sigmoidTargets: _ = sigmoidCrossEntropy(logits: on([2, 3]), targets: on([3, 2]))
    case .softmaxTargets: _ = softmaxCrossEntropy(logits: on([2, 3]), targets: on([2]))
    case .softmaxOfNumber: _ = softmax(on([]))
    case .sparseLabels: _ = sparseSoftmaxCrossEntropy(logits: on([2, 4]), labels: on([3]))
    case .momentumOfNormalization: _ = BatchNormalization<Float>(momentum: 1.5)
    case .normalizedNumber: build(BatchNormalization<Float>(), [])
    case .reshapedSamples: build(Reshape<Float>([4]), [6])
    case .reshapedSizes: _ = Reshape<Float>([-1, -1])
    case .lambdaBatch: build(Lambda<Float> { $0.reshaped(to: [3, 1]) }, [3])
    case .negativeSlope: _ = LeakyReLU<Float>(negativeSlope: -0.1)
    case .negativePenalty: _ = Regularizer.l2(-1)
    case .missingLayer: _ = Sequential([Dense(1)])[2]
    case .denseWithoutInputs: build(Dense<Float>(2), [0])
    case .momentum: _ = SGD(momentum: 2)
    case .rho: _ = RMSprop(rho: 1)
    case .accumulator: _ = Adagrad(initialAccumulator: -1)
    case .clipping: _ = SGD().clipped(to: .norm(0))
    case .decay: _ = AdamW(weightDecay: -0.1)
    case .delta: _ = Huber(delta: 0)
    case .smoothing: _ = BinaryCrossentropy(labelSmoothing: 2)
    case .scheduleSteps: _ = LearningRateSchedule.cosineDecay(from: 0.1, steps: 0)
    case .scheduleRates:
      _ = LearningRateSchedule.piecewiseConstant(boundaries: [1, 2], rates: [0.1, 0.2])
    case .plateauFactor:
      _ = Callback<Sequential<Float>>.reduceLearningRateOnPlateau(factor: 1)
    case .keptCheckpoints: _ = Callback<Sequential<Float>>.checkpoint(to: "none", keep: 0)
    case .sampleWeights: fit(sampleWeight: [1, 2, 3])
    case .classOfWeight:
      var model = linear()
      model.fit(
        [[1, 2]] as Tensor<Float>, [.nan] as Tensor<Float>, classWeight: [0: 2], verbose: 0,
        hints: false)
    case .classAndSampleWeights: fit(classWeight: [0: 2], sampleWeight: [1, 2, 3, 4])
    case .negativeEpochs: fit(epochs: -1)
    case .verbosity: _ = Verbosity(integerLiteral: 3)
    case .validationShare: fit(validationSplit: 1)
    case .historyName:
      var model = linear()
      _ = model.fit([[1, 2]] as Tensor<Float>, [1] as Tensor<Float>, verbose: 0)["val_los"]
    case .betterNumber:
      var model = linear()
      model.fit(
        [[1, 2]] as Tensor<Float>, [1] as Tensor<Float>,
        callbacks: [.earlyStopping(monitor: "val_iou")], verbose: 0)
    case .twoMetrics:
      var model = Sequential([Dense(1, inputShape: [2])])
        .compile(optimizer: "sgd", loss: "mse", metrics: ["accuracy", .accuracy])
      model.fit([[1, 2]] as Tensor<Float>, [1] as Tensor<Float>, verbose: 0)
    case .folds: _ = kFold(3, folds: 4)
    case .streamSplit:
      var model = linear()
      _ = try? model.fit(Dataset { _ in { nil } }, validationSplit: 0.5, verbose: 0)
    case .unevenBatch:
      var model = linear()
      let data = Dataset<Float>(count: 4) { _ in Batch(x: .ones([2, 2]), y: .ones([2])) }
      _ = try? model.fit(data, verbose: 0)
    case .noGradients:
      var model = linear()
      model.update()
    case .topK: _ = Metric.topKAccuracy(0)
    case .confusionNames:
      _ = ConfusionMatrix(
        [[1, 0], [0, 1]] as Tensor<Float>, [0, 1] as Tensor<Int>, classNames: ["a"])
    case .areaShapes:
      _ = areaUnderROC([1, 2, 3] as Tensor<Float>, [0, 1] as Tensor<Int>)
    case .mistakesCount:
      _ = worstMistakes([[1, 0]] as Tensor<Float>, [0] as Tensor<Int>, count: -1)
    case .classNumber:
      _ = ConfusionMatrix(predicted: [0, 1], expected: [0, 1]).precision(of: 99)
    case .classOfMistake:
      _ = ConfusionMatrix(predicted: [0, 1], expected: [0, 1]).recall(of: -1)
    case .hugeClass: _ = ConfusionMatrix(predicted: [0], expected: [.max])
    case .notAClass:
      _ = Sequential<Float>([Lambda(inputShape: [1]) { $0 * 1 }])
        .compile(optimizer: "sgd", loss: "mse", metrics: [.topKAccuracy(2)])
        .evaluate([[1]] as Tensor<Float>, Tensor<Float>([[.nan]]), verbose: 0)
    case .samples: _ = makeXOR(samples: .max, seed: 0)
    case .centers: _ = makeBlobs(centers: .max, features: 2, randomState: 0)
    case .bins:
      var chart = Chart()
      chart.histogram([1, 2], bins: .max)
    case .terminal: _ = Chart().terminalText(columns: .max, rows: .min)
    case .pixels: _ = Picture(pixels: [0], width: .max, height: 2, format: .grey)
    case .scale:
      _ = Picture(pixels: [0], width: 1, height: 1, format: .grey).png(scale: .max)
    case .fieldColumns: _ = Field([1], columns: .max, x: 0...1, y: 0...1)
    case .fieldRows: _ = Field(columns: .max, rows: .max, x: 0...1, y: 0...1) { $0 + $1 }
    case .circles: _ = makeCircles(samples: 10, factor: 1, randomState: 0)
    case .testShare:
      _ = trainTestSplit(Tensor<Float>.ones([4, 2]), Tensor<Float>.ones([4]), testShare: 2)
    case .standardizerColumns:
      _ = Standardizer(fitting: [[1, 2], [3, 5]] as Tensor<Float>)([[1, 2, 3]])
    case .wordsTwice: _ = bagOfWords(["beep"], vocabulary: ["beep", "beep"])
    }
  }
}

@Suite("The sentence about a mistake")
struct MessageTests {
  @Test("names the operation, what it got, and what it expects", arguments: Fault.allCases)
  fileprivate func words(_ fault: Fault) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [fault = fault as Fault] in
      fault.make()
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    for word in fault.words { #expect(text.contains(word), "\(text)") }
  }
}
