// Keras's "Simple MNIST convnet": two convolutions with pooling tell digits apart, or with --fashion clothes, whose
// pictures are moved and mirrored in every epoch.
//
//     swift run -c release convnet --data DIR
//     swift run -c release convnet --fashion --data DIR --report report.html
//     swift run -c release convnet --synthetic --epochs 3
//
// DIR is the folder that holds `mnist` and `fashion-mnist`. With the last line the program needs no files and draws
// digits of its own. The page of --report shows what the network sees.

import CommandLineOptions
import Train

@main
struct Convnet {
  static func main() {
    let options = CommandLineOptions(
      program: "convnet",
      about: "Trains a convolutional network on MNIST or Fashion-MNIST and shows what it sees.",
      [
        .data("mnist"), .download, .synthetic,
        .flag("fashion", "takes Fashion-MNIST, with random changes of the pictures"),
        .epochs(12), .batchSize(128), .optimizer("adam"), .learningRate(), .seed, .profile, .report,
        .save,
      ])
    let isFashion = options.has("fashion")
    let data: ImageDataset
    do {
      data = try options.images(named: isFashion ? "fashion-mnist" : "mnist")
    } catch { stop(error) }
    let classNames =
      isFashion && !options.has("synthetic") ? fashionClassNames : (0..<10).map(String.init)

    // Pixels 0...255 become numbers 0...1 when a batch is made; one channel makes grey pictures.
    var training = Dataset<Float>(data.trainImages.expandingShape(at: -1), data.trainLabels)
      .map { $0.x /= 255 }
    if isFashion {
      training = training.augmented(
        ImageAugmentation([.horizontalFlip, .translation(height: 0.05, width: 0.05)]))
    }
    let testImages = Tensor<Float>(data.testImages.expandingShape(at: -1)) / 255

    let network = Sequential([
      Conv2D(32, kernelSize: 3, activation: .relu, inputShape: [28, 28, 1]), MaxPooling2D(2),
      Conv2D(64, kernelSize: 3, activation: .relu), MaxPooling2D(2),
      Flatten(), Dropout(0.5), Dense(10, activation: .softmax),
    ])
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

    let probabilities = model.predict(testImages, batchSize: options.batchSize)
    let guesses = probabilities.argmax(axis: 1)
    let isRight = guesses .== Tensor<Int>(data.testLabels)
    let right = isRight.countTrue()
    print("Test accuracy: \(Double(right) / Double(isRight.count))")
    print("\(right) right and \(isRight.count - right) wrong of \(isRight.count)")
    let shown = isRight.elements.firstIndex(of: false) ?? 0
    var picture = Picture(data.testImages[shown, ...])
    picture.title = "Expected: \(classNames[Int(data.testLabels[shown])])"
    picture.label = "Guess: \(classNames[guesses[shown]])"
    print(picture.terminalText())

    options.report("Convnet") { report in
      report.network(model.network, outputs: classNames)
      report.curves(history)
      report.sight(of: model.network, in: testImages[0, ...], classNames: classNames)
      report.classification(
        probabilities, data.testLabels, images: data.testImages, classNames: classNames)
      report.profile(history)
    }
  }
}
