// "Training a neural network for image recognition" from Grokking Machine Learning, chapter 10:
// MNIST on raw pixels.
//
//     swift run -c release digits --data DIR
//     swift run -c release digits --download
//     swift run -c release digits --synthetic
//
// DIR is the folder with MNIST's four IDX files, or the parent of a folder `mnist`. The last
// command needs no files: the program draws its own digits.

import CommandLineOptions
import Train

@main
struct Digits {
  static func main() {
    let options = CommandLineOptions(
      program: "digits",
      about: "Trains a network with dropout on MNIST's raw pixels and counts its mistakes.",
      [
        .data("mnist"), .download, .synthetic, .epochs(10), .batchSize(10), .hidden(128, 64),
        .activation("relu"), .optimizer("adam"),
        .learningRate(), .seed, .profile, .report, .save,
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

    let history = model.fit(
      trainImages, categorizedLabels, epochs: options.epochs, batchSize: options.batchSize,
      callbacks: options.callbacks(), profile: options.profile)

    let outputs = model.predict(testImages)
    let predictions = outputs.argmax(axis: 1)
    let isRight = predictions .== Tensor<Int>(test.labels)
    let right = isRight.countTrue()
    let total = predictions.count
    print("Accuracy of predictions: \(Double(right) / Double(total))")
    print("\(right) right and \(total - right) wrong of \(total)")

    // One right and one wrong prediction.
    let pictures = [("right", true), ("wrong", false)].compactMap { name, wanted in
      isRight.elements.firstIndex(of: wanted).map { index in
        var picture = Picture(test.images[index, ...])
        picture.title = "Label: \(test.labels[index])"
        picture.label = "Prediction: \(predictions[index])"
        picture.labelColor = wanted ? .blue : .red
        return (name: name, picture: picture)
      }
    }
    if let last = pictures.last { print(last.picture.terminalText()) }

    if let folder = options.text("output") {
      makeFolder(folder)
      do {
        try firstFive(train.images, train.labels).write(to: "\(folder)/digits-first-five.svg")
        print("Wrote \(folder)/digits-first-five.svg")
        for (name, picture) in pictures {
          try picture.write(to: "\(folder)/digits-\(name).svg")
          print("Wrote \(folder)/digits-\(name).svg")
        }
      } catch {
        stop(error)
      }
    }
    options.report("Digits") { report in
      report.drawings([firstFive(train.images, train.labels)])
      report.network(model.network, outputs: (0..<10).map(String.init))
      report.curves(history)
      report.classification(outputs, test.labels, images: test.images)
      report.profile(history)
    }
  }

  typealias Images = (images: Tensor<UInt8>, labels: Tensor<UInt8>)

  static func load(_ options: CommandLineOptions) -> (train: Images, test: Images) {
    do {
      let data = try options.images(named: "mnist")
      return ((data.trainImages, data.trainLabels), (data.testImages, data.testLabels))
    } catch {
      stop(error)
    }
  }

  /// Figure 10.23: the first five images side by side, each with its label.
  static func firstFive(_ images: Tensor<UInt8>, _ labels: Tensor<UInt8>) -> Panels {
    Panels(
      columns: 5,
      (0..<min(5, labels.count)).map { index in
        var picture = Picture(images[index, ...])
        picture.title = "Label: \(labels[index])"
        picture.drawingWidth = 150
        return picture
      })
  }
}
