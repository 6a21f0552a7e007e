// "Training a neural network for image recognition" of Grokking Machine Learning, chapter 10: MNIST on
// raw pixels.
//
//     swift run -c release digits --data DIR
//     swift run -c release digits --download
//     swift run -c release digits --synthetic
//
// DIR is the folder with MNIST's four IDX files, or the one that holds it as `mnist`. With the last line
// the program needs no files and draws digits of its own.

import CommandLineOptions
import Train

@main
struct Digits {
  static func main() {
    let options = CommandLineOptions(
      program: "digits",
      about: "Trains a network with dropout on MNIST's raw pixels and counts its mistakes.",
      [
        .data("mnist"), .download,
        .flag("synthetic", "draws 10,000 digits for training and 2,000 for the test instead"),
        .epochs(10), .batchSize(10), .hidden(128, 64), .activation("relu"), .optimizer("adam"),
        .learningRate(), .seed, .profile,
        .output("a folder for pictures of the first five digits, one told right and one wrong"),
      ])
    let (train, test) = load(options)
    print("Size of the training set \(train.images.shape[0])")
    print("Size of the testing set \(test.images.shape[0])")

    // Each image of 28 x 28 pixels becomes a row of 784 numbers, 0 (white) to 255 (black), unscaled.
    let trainImages = train.images.reshaped(to: [-1, 28 * 28])
    let testImages = test.images.reshaped(to: [-1, 28 * 28])
    let categorizedLabels = toCategorical(train.labels, classes: 10)

    // As in the book: 128 units, dropout of a fifth of them, 64 units, dropout, ten outputs.
    var network = Sequential()
    for (index, units) in options.hidden.enumerated() {
      network.add(
        Dense(units, activation: options.activation, inputShape: index == 0 ? [28 * 28] : nil))
      network.add(Dropout(0.2))
    }
    network.add(Dense(10, activation: .softmax))
    var model = network.compile(
      optimizer: options.optimizer, loss: "categorical_crossentropy", metrics: ["accuracy"],
      seed: options.seed)
    print(model.summary())

    model.fit(
      trainImages, categorizedLabels, epochs: options.epochs, batchSize: options.batchSize,
      profile: options.profile)

    let predictions = model.predict(testImages).argmax(axis: 1)
    let isRight = predictions .== Tensor<Int>(test.labels)
    let right = isRight.countTrue()
    let total = predictions.count
    print("Accuracy of predictions: \(Double(right) / Double(total))")
    print("\(right) right and \(total - right) wrong of \(total)")

    if let folder = options.text("output") {
      makeFolder(folder)
      do {
        try drawFirstFive(train.images, train.labels, to: "\(folder)/digits-first-five.svg")
        for (name, wanted) in [("right", true), ("wrong", false)] {
          guard let index = isRight.elements.firstIndex(of: wanted) else { continue }
          var picture = Picture(test.images[index, ...])
          picture.title = "Label: \(test.labels[index])"
          picture.label = "Prediction: \(predictions[index])"
          try picture.write(to: "\(folder)/digits-\(name).svg")
          print("Wrote \(folder)/digits-\(name).svg")
        }
      } catch {
        stop(error)
      }
    }
  }

  typealias Images = (images: Tensor<UInt8>, labels: Tensor<UInt8>)

  static func load(_ options: CommandLineOptions) -> (train: Images, test: Images) {
    if options.has("synthetic") {
      // Two seeds that no option gives, so that weights and pictures are independent.
      return (
        makeDigits(samples: 10_000, seed: .max), makeDigits(samples: 2_000, seed: .max - 1)
      )
    }
    do {
      let data = try options.images(named: "mnist")
      return ((data.trainImages, data.trainLabels), (data.testImages, data.testLabels))
    } catch {
      stop(error)
    }
  }

  /// Figure 10.23: the first five images side by side, and their labels.
  static func drawFirstFive(
    _ images: Tensor<UInt8>, _ labels: Tensor<UInt8>, to path: String
  ) throws {
    var row = Tensor<UInt8>.zeros([28, 5 * 28])
    for i in 0..<5 { row[0..., (28 * i)..<(28 * i + 28)] = images[i, ...] }
    var picture = Picture(row)
    picture.title = "Labels: " + (0..<5).map { "\(labels[$0])" }.joined(separator: ", ")
    picture.drawingWidth = 560
    try picture.write(to: path)
    print("Wrote \(path)")
  }
}
