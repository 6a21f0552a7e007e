// A small residual network on CIFAR-10's photographs of 32 x 32 pixels.
//
//     swift run -c release cifar --data DIR
//     swift run -c release cifar --data DIR --epochs 20 --report report.html
//     swift run -c release cifar --synthetic --epochs 2
//
// DIR is the folder with the files of CIFAR-10's binary version, such as `data_batch_1.bin`, plain or as `.gz`, or the
// one that holds it as `cifar-10-batches-bin`. With the last line the program needs no files and draws coloured
// digits of its own.

import CommandLineOptions
import Train

@main
struct Cifar {
  static func main() {
    let options = CommandLineOptions(
      program: "cifar",
      about: "Trains a small residual network on CIFAR-10 and shows what it sees.",
      [
        .data("cifar-10-batches-bin"),
        .flag("synthetic", "draws 2,000 coloured digits for training and 500 for the test instead"),
        .epochs(10), .batchSize(64), .optimizer("adam"), .learningRate(), .seed, .profile, .report,
        .save,
      ])
    let isSynthetic = options.has("synthetic")
    let data: ImageDataset
    do {
      data =
        isSynthetic
        ? colouredDigits()
        : try .cifar10(folder: dataFolder(options, named: "cifar-10-batches-bin"))
    } catch { stop(error) }
    let classNames = isSynthetic ? (0..<10).map(String.init) : cifar10ClassNames

    var steps: [ImageStep] = [.crop(height: 32, width: 32, padding: 4)]
    // A digit in a mirror is no digit.
    if !isSynthetic { steps.append(.horizontalFlip) }
    let training = Dataset<Float>(data.trainImages, data.trainLabels)
      .map { $0.x /= 255 }
      .augmented(ImageAugmentation(steps))
    let testImages = Tensor<Float>(data.testImages) / 255

    var layers = convolution(16, inputShape: [32, 32, 3]) + residual(16)
    for filters in [32, 64] { layers += convolution(filters, strides: 2) + residual(filters) }
    let network = Sequential(layers + [GlobalAveragePooling2D(), Dense(10, activation: .softmax)])
    print(network.summary())
    var model = network.compile(
      optimizer: options.optimizer, loss: "sparse_categorical_crossentropy", metrics: ["accuracy"],
      seed: options.seed)
    let history: History
    do {
      history = try model.fit(
        training, epochs: options.epochs, batchSize: options.batchSize,
        callbacks: options.callbacks(), profile: options.profile)
    } catch { stop(error) }

    // For inference the normalisations become part of the convolutions.
    let folded = model.network.foldingBatchNormalization()
      .compile(optimizer: "sgd", loss: "sparse_categorical_crossentropy")
    let (slow, probabilities) = timed { model.predict(testImages) }
    let (fast, same) = timed { folded.predict(testImages) }
    let right = (probabilities.argmax(axis: 1) .== Tensor<Int>(data.testLabels)).countTrue()
    let total = testImages.shape[0]
    print("Test accuracy: \(Double(right) / Double(total))")
    print("\(right) right and \(total - right) wrong of \(total)")
    let difference = formatFixed(Double(abs(probabilities - same).max()), decimals: 7)
    print(
      "Without the normalisations: \(formatFixed(fast / slow, decimals: 2)) of the time, probabilities differ by "
        + "at most \(difference)")

    options.report("CIFAR-10") { report in
      report.network(model.network, outputs: classNames)
      report.curves(history)
      report.sight(of: model.network, in: testImages[0, ...], classNames: classNames)
      report.classification(
        probabilities, data.testLabels, images: data.testImages, classNames: classNames)
      report.profile(history)
    }
  }

  /// A convolution, whose bias the normalisation makes superfluous, and what follows it.
  static func convolution(
    _ filters: Int, strides: Size2D = 1, inputShape: TensorShape? = nil
  ) -> [any Layer<Float>] {
    [
      Conv2D(
        filters, kernelSize: 3, strides: strides, padding: .same, useBias: false,
        inputShape: inputShape), BatchNormalization(), Activation(.relu),
    ]
  }

  /// Two convolutions whose result is a change of their input.
  static func residual(_ filters: Int) -> [any Layer<Float>] {
    [
      Residual {
        for layer in convolution(filters) { layer }
        Conv2D(filters, kernelSize: 3, padding: .same, useBias: false)
        BatchNormalization()
      },
      Activation(.relu),
    ]
  }

  /// Drawn digits in colours on grounds of other colours, of CIFAR-10's size.
  static func colouredDigits() -> ImageDataset {
    func draw(_ count: Int, seed: UInt64) -> (images: Tensor<UInt8>, labels: Tensor<UInt8>) {
      let (digits, labels) = makeDigits(samples: count, seed: seed)
      var generator = RandomGenerator(seed: seed)
      let ink = Tensor<Float>.uniform([count, 1, 1, 3], in: 128..<255, using: &generator)
      let ground = Tensor<Float>.uniform([count, 1, 1, 3], in: 0..<128, using: &generator)
      let share = (Tensor<Float>(digits) / 255).padded([(0, 0), (2, 2), (2, 2)])
        .expandingShape(at: -1)
      return (Tensor<UInt8>(ground + share * (ink - ground)), labels)
    }
    let (train, test) = (draw(2_000, seed: .max), draw(500, seed: .max - 1))
    return ImageDataset(
      trainImages: train.images, trainLabels: train.labels, testImages: test.images,
      testLabels: test.labels)
  }

  /// What a closure gives, and how many seconds it took.
  static func timed<Result>(_ body: () -> Result) -> (seconds: Double, result: Result) {
    let start = ContinuousClock.now
    let result = body()
    return (start.duration(to: .now) / .seconds(1), result)
  }
}
