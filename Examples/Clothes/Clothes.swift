// "Introduction to neural networks": a network that tells articles of clothing apart.
//
//     swift run -c release clothes --data DIR
//     swift run -c release clothes --download
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
        .data("fashion-mnist"), .download, .epochs(10), .batchSize(32), .hidden(128),
        .activation("relu"),
        .optimizer("adam"), .learningRate(), .seed, .profile,
        .output("where the pictures go", default: "."),
      ])
    let data: ImageDataset
    do { data = try options.images(named: "fashion-mnist") } catch { stop(error) }

    print(data.trainImages.shape)
    print(data.trainImages[0, 23, 23])  // one pixel
    print(data.trainLabels[..<10].debugDescription)

    // Bytes 0...255 become numbers 0...1.
    let trainImages = Tensor<Float>(data.trainImages) / 255
    let testImages = Tensor<Float>(data.testImages) / 255

    // As in the notebook: Flatten, Dense(128, activation: .relu), Dense(10, activation: .softmax).
    let network = Sequential {
      Flatten(inputShape: [28, 28])
      for units in options.hidden { Dense(units, activation: options.activation) }
      Dense(10, activation: .softmax)
    }
    print(network.summary())

    var model = network.compile(
      optimizer: options.optimizer, loss: "sparse_categorical_crossentropy",
      metrics: ["accuracy"], seed: options.seed)

    model.fit(
      trainImages, data.trainLabels, epochs: options.epochs, batchSize: options.batchSize,
      profile: options.profile)

    let test = model.evaluate(testImages, data.testLabels, verbose: 1)
    print("Test accuracy: \(test.accuracy)")

    let predictions = model.predict(testImages, batchSize: 32, verbose: 1)
    print(predictions[0, ...].debugDescription)
    print(predictions[0, ...].argmax())
    print(data.testLabels[0])

    let output = options.text("output") ?? ""
    makeFolder(output)
    do {
      let path = "\(output)/clothes-image.svg"
      var image = Picture(data.trainImages[1, ...], colors: .viridis)
      image.showsColorBar = true
      try image.write(to: path)
      print("Wrote \(path)")
      while let number = askForNumber(below: data.testImages.shape[0]) {
        try show(number, data, model, into: output)
      }
    } catch {
      stop(error)
    }
  }

  /// Draws a test image with what it is and what the model takes it for.
  static func show(
    _ number: Int, _ data: ImageDataset, _ model: Model<Sequential<Float>>, into folder: String
  ) throws {
    let image = Tensor<Float>(data.testImages[number..<(number + 1)]) / 255  // a batch of one
    let expected = fashionClassNames[Int(data.testLabels[number])]
    let guess = fashionClassNames[model.predict(image).argmax(axis: 1)[0]]
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
