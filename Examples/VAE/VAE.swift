// A variational autoencoder: pictures of digits as points in a plane, and pictures for any point of it.
//
//     swift run -c release vae --synthetic
//     swift run -c release vae --data DIR --output pictures
//
// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", 2013.

import CommandLineOptions
import Train

@main
struct VAE {
  static func main() {
    let options = CommandLineOptions(
      program: "vae",
      about: "Trains a network that maps digits to points of a plane, and points to digits.",
      [
        .data("mnist"), .download, .synthetic, .epochs(20), .batchSize(100), .hidden(256),
        .learningRate(0.001), .seed,
        .output("a folder for sheets: digits and what comes back, the plane, a way through it"),
      ])
    let data: ImageDataset
    do { data = try options.images(named: "mnist") } catch { stop(error) }
    let x = Tensor<Float>(data.trainImages).reshaped(to: [-1, 28 * 28]) / 255
    let testX = Tensor<Float>(data.testImages).reshaped(to: [-1, 28 * 28]) / 255

    let rate = options.number("learning-rate", in: 1e-12...1e6) ?? 0.001
    var model = PlaneAutoencoder(pixels: 28 * 28, hidden: options.hidden)
      .compile(optimizer: .adam(learningRate: rate), loss: .binaryCrossentropy, seed: options.seed)
    print(model.summary(expandNested: true))

    do {
      try model.fit(
        Dataset(x, x), epochs: options.epochs, batchSize: options.batchSize,
        callbacks: options.callbacks()
      ) { model, batch, context in
        var terms = (reconstruction: 0.0, divergence: 0.0)
        let loss = model.step(in: context) { network, context in
          let (reconstruction, divergence) = network.bound(of: batch.inputs[0], in: context)
          terms = (Double(reconstruction.scalar), Double(divergence.scalar))
          return reconstruction + divergence
        }
        return ["loss": loss, "reconstruction": terms.0, "divergence": terms.1]
      }
    } catch {
      stop(error)
    }

    // The bound of the test digits; the pictures are made of the middle of each distribution.
    let context = Context<Float>(isTraining: false)
    let (reconstruction, divergence) = model.network.bound(of: testX, in: context)
    print(
      "log p(digit) is at least -\(reconstruction.scalar + divergence.scalar) on the test digits")

    let sheets = [
      ("digits", digits(testX, model)), ("plane", plane(model)), ("way", way(testX, model)),
    ]
    print(sheets[1].1.terminalText())
    if let folder = options.text("output") {
      makeFolder(folder)
      for (name, sheet) in sheets {
        let path = "\(folder)/vae-\(name).svg"
        do { try sheet.write(to: path) } catch { stop(error) }
        print("Wrote \(path)")
      }
    }
  }

  /// Ten digits, and below each what comes back.
  static func digits(_ x: Tensor<Float>, _ model: Model<PlaneAutoencoder>) -> Picture {
    let some = x[..<min(10, x.shape[0])]
    return sheet(
      concatenate([some, model.predict(some)], axis: 0), columns: some.shape[0],
      "Digits and their reconstructions")
  }

  /// The digits of 15 x 15 points between -2 and 2.
  static func plane(_ model: Model<PlaneAutoencoder>) -> Picture {
    let count = 15
    let points = Tensor<Float>(shape: [count * count, 2]) { index in
      let (row, column) = index[0].quotientAndRemainder(dividingBy: count)
      let place = Float(index[1] == 0 ? column : count - 1 - row)
      return place / Float(count - 1) * 4 - 2
    }
    return sheet(model.network.decode(points), columns: count, "The plane from -2 to 2")
  }

  /// The way from the first test digit to the second, along the line between their points.
  static func way(_ x: Tensor<Float>, _ model: Model<PlaneAutoencoder>) -> Picture {
    let ends = model.network.encode(x[..<2])
    let shares = Tensor<Float>.linspace(from: 0, to: 1, count: 10).expandingShape(at: -1)
    return sheet(
      model.network.decode(ends[0] * (1 - shares) + ends[1] * shares), columns: 10,
      "From one digit to another")
  }

  static func sheet(_ rows: Tensor<Float>, columns: Int, _ title: String) -> Picture {
    var picture = Picture(
      sheet: rows.reshaped(to: [-1, 28, 28]), columns: columns, range: 0...1)
    picture.title = title
    picture.drawingWidth = 640
    return picture
  }
}
