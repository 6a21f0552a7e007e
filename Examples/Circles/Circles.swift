// "Neural networks and why they are awesome": a first network that tells two circles apart.
//
//     swift run -c release circles
//     swift run -c release circles --hidden 4,4 --output pictures

import CommandLineOptions
import Train

@main
struct Circles {
  static func main() {
    let options = CommandLineOptions(
      program: "circles",
      about: "Trains a network of 17 weights to tell points on two circles apart.",
      [
        .epochs(15), .hidden(4), .activation("tanh"), .optimizer("sgd"), .learningRate(0.5), .seed,
        .profile,
        .output("a folder for the scatter plot and the decision boundary"),
      ])

    // 1000 points with two coordinates; class 0 is the outer circle, class 1 the inner one.
    let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    print(x.debugDescription)
    print(x.shape)

    // As in the article:
    //   Sequential([Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid)])
    var network = Sequential()
    for (index, units) in options.hidden.enumerated() {
      network.add(
        Dense(units, activation: options.activation, inputShape: index == 0 ? [2] : nil))
    }
    network.add(Dense(1, activation: .sigmoid))

    var model = network.compile(
      optimizer: options.optimizer, loss: "binary_crossentropy", metrics: ["accuracy"],
      seed: options.seed)

    model.fit(
      x, y, epochs: options.epochs, progressUnit: .sample, profile: options.profile)

    if let folder = options.text("output") {
      do { try draw(x, y, model, into: folder) } catch { stop(error) }
    }
  }

  /// The points, and below them what the model makes of the plane around them.
  static func draw(
    _ x: Tensor<Double>, _ y: Tensor<Int>, _ model: Model<Sequential<Float>>, into folder: String
  ) throws {
    makeFolder(folder)
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
