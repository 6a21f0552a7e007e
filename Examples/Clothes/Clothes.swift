// "Introduction to neural networks": a network that tells articles of clothing apart.
//
//     swift run -c release clothes --data DIR
//
// DIR is the folder with Fashion-MNIST's four IDX files, or the one that holds it as `fashion-mnist`.

import CommandLineOptions
import Train

@main
struct Clothes {
  static func main() {
    let options = CommandLineOptions(
      program: "clothes",
      about: "Trains a network on Fashion-MNIST and shows what it makes of an image.",
      [
        .value("data", "DIR", "Fashion-MNIST's folder or the one that holds it (or WENGERT_DATA)"),
        .value("epochs", "N", "how often all images are seen (default: 10)"),
        .value("batch-size", "N", "how many images make a step (default: 32)"),
        .value("seed", "N", "decides initial weights and order of images (default: 0)"),
        .value("output", "DIR", "where the pictures go (default: the current folder)"),
      ])
    let folder = dataFolder(options, named: "fashion-mnist")
    let data: ImageDataset
    do { data = try ImageDataset(folder: folder) } catch { stop(error) }

    print(data.trainImages.shape)
    print(data.trainImages[0, 23, 23])  // one pixel
    print(data.trainLabels[..<10].debugDescription)

    // Bytes 0...255 become numbers 0...1.
    let trainImages = Tensor<Float>(data.trainImages) / 255
    let testImages = Tensor<Float>(data.testImages) / 255

    let network = Sequential([
      Flatten(inputShape: [28, 28]),
      Dense(128, activation: .relu),
      Dense(10, activation: .softmax),
    ])
    print(network.summary())

    var model = network.compile(
      optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"],
      seed: UInt64(options.integer("seed", in: 0...Int.max) ?? 0))

    model.fit(
      trainImages, data.trainLabels,
      epochs: options.integer("epochs", in: 0...1_000_000) ?? 10,
      batchSize: options.integer("batch-size", in: 1...60_000) ?? 32)

    let test = model.evaluate(testImages, data.testLabels, verbose: 1)
    print("Test accuracy: \(test.accuracy)")

    let predictions = model.predict(testImages)
    print(predictions[0, ...].debugDescription)
    print(predictions[0, ...].argmax())

    let output = options.text("output") ?? "."
    makeFolder(output)
    do {
      let path = "\(output)/clothes-image.svg"
      var image = Picture(data.trainImages[1, ...], colors: .viridis)
      image.showsColorBar = true
      try image.write(to: path)
      print("Wrote \(path)")
      while let number = askForNumber(below: data.testImages.shape[0]) {
        try show(number, data, predictions, into: output)
      }
    } catch {
      stop(error)
    }
  }

  /// Draws a test image with what it is and what the model takes it for.
  static func show(
    _ number: Int, _ data: ImageDataset, _ predictions: Tensor<Float>, into folder: String
  ) throws {
    let expected = fashionClassNames[Int(data.testLabels[number])]
    let guess = fashionClassNames[predictions[number, ...].argmax()]
    print("Expected: \(expected)")
    print("Guess: \(guess)")
    var picture = Picture(data.testImages[number, ...])
    picture.title = "Expected: \(expected)"
    picture.label = "Guess: \(guess)"
    picture.showsColorBar = true
    let path = "\(folder)/clothes-\(number).svg"
    try picture.write(to: path)
    print("Wrote \(path)")
  }

  /// Asks until a number is given; nil at the end of input or for an empty line.
  static func askForNumber(below limit: Int) -> Int? {
    while true {
      print("Pick a number from 0 to \(limit - 1) (enter to stop): ", terminator: "")
      guard let line = readLine(), !line.isEmpty else {
        print()
        return nil
      }
      if let number = Int(line), (0..<limit).contains(number) { return number }
      print("Try again...")
    }
  }
}
