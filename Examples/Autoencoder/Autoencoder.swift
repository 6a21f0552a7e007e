// An autoencoder that takes noise out of pictures, and tells pictures of a kind it has never seen.
//
//     swift run -c release autoencoder --synthetic
//     swift run -c release autoencoder --data DIR --unknown 8 --output pictures
//
// Source: P. Vincent et al., "Extracting and composing robust features with denoising autoencoders", 2008.

import CommandLineOptions
import Train

@main
struct Autoencoder {
  static func main() {
    let options = CommandLineOptions(
      program: "autoencoder",
      about: "Trains a network to take noise out of digits, and to notice one it has never seen.",
      [
        .data("mnist"), .download, .synthetic, .epochs(10), .batchSize(100), .hidden(128, 32),
        .activation("relu"), .optimizer("adam"), .learningRate(), .seed, .save,
        .value("noise", "S", "the standard deviation of the noise", default: "0.4"),
        .value("unknown", "D", "the digit that training does not see", default: "8"),
        .output("a folder for pictures: with noise, without, and the strangest ones"),
      ])
    let noise = options.number("noise", in: 0...10) ?? 0.4
    let unknown = UInt8(options.integer("unknown", in: 0...9) ?? 8)
    let data: ImageDataset
    do { data = try options.images(named: "mnist") } catch { stop(error) }
    let known = data.trainLabels.elements.indices.filter { data.trainLabels[$0] != unknown }
    let x = Tensor<Float>(data.trainImages.taking(known, axis: 0)).reshaped(to: [-1, 784]) / 255
    let testX = Tensor<Float>(data.testImages).reshaped(to: [-1, 784]) / 255

    // Down to the narrow middle, and back up.
    let hidden = options.hidden
    let network = Sequential {
      Flatten(inputShape: [784])  // states the shape of a sample
      GaussianNoise(noise)
      for units in hidden { Dense(units, activation: options.activation) }
      for units in hidden.dropLast().reversed() { Dense(units, activation: options.activation) }
      Dense(784, activation: .sigmoid)
    }
    var model = network.compile(
      optimizer: options.optimizer, loss: "binary_crossentropy", seed: options.seed)
    print(model.summary())
    model.fit(
      x, x, epochs: options.epochs, batchSize: options.batchSize, callbacks: options.callbacks())

    var generator = RandomGenerator(seed: options.seed).stream(1)
    let noisy =
      testX + Tensor.normal(testX.shape, standardDeviation: Float(noise), using: &generator)
    let restored = model.predict(noisy)
    print("Mean square error with noise: \(square(noisy - testX).mean())")
    print("Mean square error restored:   \(square(restored - testX).mean())")

    // What the network cannot rebuild, it does not know.
    let strangeness = square(model.predict(testX) - testX).mean(axis: 1)
    let area = areaUnderROC(strangeness, Tensor<Float>(data.testLabels .== Tensor(unknown)))
    print("Telling \(unknown), which it has never seen, from the others: area under ROC \(area)")

    let first = min(10, testX.shape[0])
    let strangest = strangeness.argsort(descending: true)[..<first].elements
    let sheets = [
      ("noise", concatenate([testX[..<first], noisy[..<first], restored[..<first]], axis: 0)),
      ("strange", testX.taking(strangest, axis: 0)),
    ].map { name, rows in
      (name, Picture(sheet: rows.reshaped(to: [-1, 28, 28]), columns: first, range: 0...1))
    }
    for (_, sheet) in sheets { print(sheet.terminalText()) }
    if let folder = options.text("output") {
      makeFolder(folder)
      for (name, sheet) in sheets {
        let path = "\(folder)/autoencoder-\(name).svg"
        do { try sheet.write(to: path) } catch { stop(error) }
        print("Wrote \(path)")
      }
    }
  }
}
