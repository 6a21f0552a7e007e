// "Neural networks and why they are awesome": a first network, which separates two circles.
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
        .profile, .report, .save,
        .output("a folder for the points, the decision boundary, the network and its training"),
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

    let history = model.fit(
      x, y, epochs: options.epochs, callbacks: options.callbacks(), progressUnit: .sample,
      profile: options.profile)

    var boundary = Chart(title: "Decision boundary", x: "x₁", y: "x₂")
    boundary.decisionBoundary(of: model, around: x)
    boundary.scatter(points: x, classes: y, labels: ["class 0", "class 1"])
    print(boundary.terminalText())

    if let folder = options.text("output") {
      do { try draw(x, y, boundary, model, history, into: folder) } catch { stop(error) }
    }
    options.report("Two circles") { report in
      report.network(model.network, inputs: ["x₁", "x₂"], outputs: ["p"])
      report.curves(history)
      report.heading("Decision boundary")
      report.drawings([boundary])
      report.classification(model.predict(x), y)
      report.profile(history)
    }
  }

  /// Draws the points, the model's predictions below them, the model and its training.
  static func draw(
    _ x: Tensor<Double>, _ y: Tensor<Int>, _ boundary: Chart, _ model: Model<Sequential<Float>>,
    _ history: History, into folder: String
  ) throws {
    makeFolder(folder)
    var scatter = Chart(title: "Two circles", x: "x₁", y: "x₂")
    scatter.scatter(points: x, classes: y, labels: ["class 0", "class 1"])
    let network = NetworkDiagram(
      model.network, title: "The network", inputs: ["x₁", "x₂"], outputs: ["p"])
    for (name, drawing) in [
      ("circles", scatter), ("circles-boundary", boundary), ("circles-network", network),
      ("circles-training", training(x, y, scatter, model, history)),
    ] as [(String, any Drawing)] {
      try drawing.write(to: "\(folder)/\(name).svg")
      print("Wrote \(folder)/\(name).svg")
    }
  }

  /// The four common kinds of charts: a line, points, a histogram, bars.
  static func training(
    _ x: Tensor<Double>, _ y: Tensor<Int>, _ scatter: Chart, _ model: Model<Sequential<Float>>,
    _ history: History
  ) -> Panels {
    let outputs = Tensor<Double>(model.predict(x)).flattened()
    var histogram = Chart(title: "Outputs of the network", x: "output", y: "points")
    var shares: [Double] = []
    for label in [0, 1] {
      let members = y.elements.indices.filter { y[$0] == label }.map { outputs[$0] }
      histogram.histogram(members, bins: 20, range: 0...1, label: "class \(label)")
      let right = members.count { ($0 > 0.5) == (label == 1) }
      shares.append(Double(right) / Double(max(members.count, 1)))
    }
    var bars = Chart(title: "Share of points that are right", y: "share")
    bars.bars(["class 0", "class 1"], shares)
    return Panels(
      title: "Training", columns: 2, [Chart(history, "loss"), scatter, histogram, bars])
  }
}
