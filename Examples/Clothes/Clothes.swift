// "Introduction to neural networks": a network that classifies articles of clothing.
//
//     swift run -c release clothes --data DIR
//     swift run -c release clothes --download
//
// DIR is the folder with Fashion-MNIST's four IDX files, or the parent of a folder `fashion-mnist`.

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
        .optimizer("adam"), .learningRate(), .seed, .profile, .report, .save,
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

    let history = model.fit(
      trainImages, data.trainLabels, epochs: options.epochs, batchSize: options.batchSize,
      callbacks: options.callbacks(), profile: options.profile)

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
      let first = show(0, data, guess: predictions[0, ...])
      options.report("Clothes") { report in
        report.drawings([image, first.picture, first.chart])
        report.network(model.network, outputs: fashionClassNames)
        report.curves(history)
        report.classification(
          predictions, data.testLabels, images: data.testImages, classNames: fashionClassNames)
        report.profile(history)
      }
      print(first.picture.terminalText())
      while let number = askForNumber(below: data.testImages.shape[0]) {
        let batch = testImages[number..<(number + 1)]  // a batch of one
        let (picture, chart) = show(number, data, guess: model.predict(batch)[0, ...])
        print(picture.terminalText())
        let path = "\(output)/clothes-\(number).svg"
        try Panels(columns: 2, [picture, chart]).write(to: path)
        print("Wrote \(path)")
      }
    } catch {
      stop(error)
    }
  }

  /// A test image with its class, the predicted class and the confidence.
  static func show(
    _ number: Int, _ data: ImageDataset, guess probabilities: Tensor<Float>
  ) -> (picture: Picture, chart: Chart) {
    let guess = probabilities.argmax()
    let isRight = guess == Int(data.testLabels[number])
    var picture = Picture(data.testImages[number, ...])
    picture.title = "Expected: \(fashionClassNames[Int(data.testLabels[number])])"
    picture.label = "Guess: \(fashionClassNames[guess])"
    picture.labelColor = isRight ? .blue : .red
    picture.showsColorBar = true
    var chart = Chart(title: "Prediction", y: "probability")
    chart.yRange = 0...1
    chart.height = picture.height
    chart.bars(
      fashionClassNames, Tensor<Double>(probabilities).elements, color: picture.labelColor)
    return (picture, chart)
  }

  /// Asks until a valid number is entered; nil at the end of input or for an empty line.
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
