// "Neural networks and why they are awesome": a first network that tells two circles apart.
//
//     swift run -c release circles
//     swift run -c release circles --output pictures

import CommandLineOptions
import Train

@main
struct Circles {
  static func main() {
    let options = CommandLineOptions(
      program: "circles",
      about: "Trains a network of 17 weights to tell points on two circles apart.",
      [
        .value("epochs", "N", "how often all points are seen (default: 15)"),
        .value(
          "seed", "N", "decides initial weights and order of points (default: \(defaultSeed))"),
        .value("output", "DIR", "a folder for the scatter plot and the decision boundary"),
      ])
    let epochs = options.integer("epochs", in: 0...1_000_000) ?? 15
    let seed = UInt64(options.integer("seed", in: 0...Int.max) ?? defaultSeed)

    // 1000 points with two coordinates; class 0 is the outer circle, class 1 the inner one.
    let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    print(x.debugDescription)
    print(x.shape)

    let network = Sequential([
      Dense(4, activation: .tanh, inputShape: [2]),
      Dense(1, activation: .sigmoid),
    ])

    var model = network.compile(
      optimizer: SGD(learningRate: 0.5), loss: "binary_crossentropy", metrics: ["accuracy"],
      seed: seed)

    model.fit(x, y, epochs: epochs, progressUnit: .sample)

    if let folder = options.text("output") {
      do {
        makeFolder(folder)
        try draw(x, y, model, into: folder)
      } catch {
        stop(error)
      }
    }
  }

  /// A seed with which every point is right within 15 epochs, as in the article.
  static let defaultSeed = 0

  static func draw(
    _ x: Tensor<Double>, _ y: Tensor<Int>, _ model: Model<Sequential<Float>>, into folder: String
  ) throws {
    var scatter = Chart(title: "Two circles", x: "x₁", y: "x₂")
    scatter.scatter(points: x, classes: y, labels: ["class 0", "class 1"])
    try scatter.write(to: "\(folder)/circles.svg")

    var boundary = Chart(title: "Decision boundary", x: "x₁", y: "x₂")
    boundary.decisionBoundary(of: model, around: x)
    boundary.scatter(points: x, classes: y, labels: ["class 0", "class 1"])
    try boundary.write(to: "\(folder)/circles-boundary.svg")
    print("Wrote \(folder)/circles.svg and \(folder)/circles-boundary.svg")
  }
}
