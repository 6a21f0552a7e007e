// "Training neural networks with Keras: image recognition" of Grokking Machine Learning, chapter 10:
// MNIST on raw pixels.
//
//     swift run -c release digits --data DIR
//
// DIR is the folder with MNIST's four IDX files, or the one that holds it as `mnist`.

import CommandLineOptions
import Train

@main
struct Digits {
  static func main() {
    let options = CommandLineOptions(
      program: "digits",
      about: "Trains a network with dropout on MNIST's raw pixels and counts its mistakes.",
      [
        .value("data", "DIR", "MNIST's folder or the one that holds it (or WENGERT_DATA)"),
        .value("epochs", "N", "how often all images are seen (default: 10)"),
        .value("batch-size", "N", "how many images make a step (default: 10)"),
        .value("seed", "N", "decides weights, order and dropout (default: 0)"),
        .value("output", "DIR", "a folder for pictures of one digit told right and one told wrong"),
      ])
    let data: ImageDataset
    do {
      data = try ImageDataset(folder: dataFolder(options, named: "mnist"))
    } catch {
      stop(error)
    }

    // Each image of 28 x 28 pixels becomes a row of 784 numbers, 0 (white) to 255 (black), unscaled.
    let trainImages = data.trainImages.reshaped(to: [-1, 28 * 28])
    let testImages = data.testImages.reshaped(to: [-1, 28 * 28])
    let categorizedLabels = toCategorical(data.trainLabels, classes: 10)
    print("Size of the training set \(data.trainImages.shape[0])")
    print("Size of the testing set \(data.testImages.shape[0])")

    var network = Sequential()
    network.add(Dense(128, activation: .relu, inputShape: [28 * 28]))
    network.add(Dropout(0.2))
    network.add(Dense(64, activation: .relu))
    network.add(Dropout(0.2))
    network.add(Dense(10, activation: .softmax))
    var model = network.compile(
      optimizer: "adam", loss: "categorical_crossentropy", metrics: ["accuracy"],
      seed: UInt64(options.integer("seed", in: 0...Int.max) ?? 0))
    print(model.summary())

    model.fit(
      trainImages, categorizedLabels,
      epochs: options.integer("epochs", in: 0...1_000_000) ?? 10,
      batchSize: options.integer("batch-size", in: 1...60_000) ?? 10)

    let predictions = model.predict(testImages).argmax(axis: 1)
    let isRight = predictions .== Tensor<Int>(data.testLabels)
    let right = isRight.countTrue()
    let total = predictions.count
    print("Accuracy of predictions: \(Double(right) / Double(total))")
    print("\(right) right and \(total - right) wrong of \(total)")

    if let folder = options.text("output") {
      makeFolder(folder)
      let outcomes = isRight.elements
      for (name, wanted) in [("right", true), ("wrong", false)] {
        guard let index = outcomes.firstIndex(of: wanted) else { continue }
        var picture = Picture(data.testImages[index, ...])
        picture.title = "Label: \(data.testLabels[index])"
        picture.label = "Prediction: \(predictions[index])"
        let path = "\(folder)/digits-\(name).svg"
        do { try picture.write(to: path) } catch { stop(error) }
        print("Wrote \(path)")
      }
    }
  }
}
