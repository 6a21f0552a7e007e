// "A graphical example in two dimensions" from Grokking Machine Learning, chapter 10: points inside
// and around a circle, from a CSV file.
//
//     swift run -c release one-circle --data DIR
//
// DIR is the folder with one_circle.csv, or the parent of a folder `grokking` with it.

import CommandLineOptions
import Train

@main
struct OneCircle {
  static func main() {
    let options = CommandLineOptions(
      program: "one-circle",
      about:
        "Trains a network of 8,770 weights to tell points inside a circle from those around it.",
      [
        .data("grokking"), .epochs(100), .batchSize(10), .hidden(128, 64), .activation("relu"),
        .optimizer("adam"), .learningRate(),
        .value("test-share", "R", "the share of points held back for a test", default: "0.2"),
        .seed, .profile, .report,
        .output("a folder for the points, the boundary and gradients that vanish"),
      ])

    let testShare = options.number("test-share", in: 0.01...0.99) ?? 0.2

    let table: Table
    do {
      table = try Table(contentsOf: "\(dataFolder(options, named: "grokking"))/one_circle.csv")
    } catch {
      stop(error)
    }
    print(table.dropping("Unnamed: 0"))  // the first column counts the rows
    let x = table.tensor(of: "x_1", "x_2")
    let y = Tensor<Int>(table.tensor(of: "y"))

    // One output per class needs one-hot rows: 0 becomes (1, 0), 1 becomes (0, 1).
    let categorizedLabels = toCategorical(y, classes: 2)

    var model = freshModel(options)
    print(model.summary())
    let history = model.fit(
      x, categorizedLabels, epochs: options.epochs, batchSize: options.batchSize,
      callbacks: options.callbacks(), profile: options.profile)
    print("Accuracy in training: \(history["accuracy"].last ?? .nan)")

    // The accuracy on points that were not used for training shows what it is worth.
    let (train, test) = trainTestSplit(
      x, categorizedLabels, testShare: testShare, seed: options.seed)
    var second = freshModel(options)
    let secondHistory = second.fit(
      train.x, train.y, epochs: options.epochs, batchSize: options.batchSize,
      callbacks: options.callbacks(), verbose: 0)
    print("\nTrained on \(train.x.shape[0]) points, tested on \(test.x.shape[0]):")
    print("Accuracy in training: \(secondHistory["accuracy"].last ?? .nan)")
    print("Accuracy in the test: \(second.evaluate(test.x, test.y, verbose: 0).accuracy)")

    var boundary = Chart(title: "The boundary of the network", x: "x_1", y: "x_2")
    boundary.decisionBoundary(of: model, around: x)
    boundary.scatter(points: x, classes: y.flattened(), labels: ["around", "inside"])
    print("\n" + boundary.terminalText())

    let gradients = vanishingGradients(x, categorizedLabels, seed: options.seed)
    if let folder = options.text("output") {
      do { try draw(x, y, boundary, gradients, into: folder) } catch { stop(error) }
    }
    options.report("One circle") { report in
      report.network(model.network, inputs: ["x_1", "x_2"], outputs: ["around", "inside"])
      report.curves(history)
      report.heading("The boundary, and gradients in deeper networks")
      report.drawings([boundary, gradients])
      report.classification(second.predict(test.x), test.y, classNames: ["around", "inside"])
      report.profile(history)
    }
  }

  static func freshModel(_ options: CommandLineOptions) -> Model<Sequential<Float>> {
    // As in the book: 128 units, dropout of a fifth of them, 64 units, dropout, two outputs.
    var network = Sequential()
    for (index, units) in options.hidden.enumerated() {
      network.add(
        Dense(units, activation: options.activation, inputShape: index == 0 ? [2] : nil))
      network.add(Dropout(0.2))
    }
    network.add(Dense(2, activation: .softmax))
    return network.compile(
      optimizer: options.optimizer, loss: "categorical_crossentropy", metrics: ["accuracy"],
      seed: options.seed)
  }

  /// Figures 10.20 and 10.22: the points, with the boundary of the network below them.
  static func draw(
    _ x: Tensor<Float>, _ y: Tensor<Int>, _ boundary: Chart, _ gradients: Chart,
    into folder: String
  ) throws {
    makeFolder(folder)
    var scatter = Chart(title: "One circle", x: "x_1", y: "x_2")
    scatter.scatter(points: x, classes: y.flattened(), labels: ["around", "inside"])
    for (name, chart) in [
      ("one-circle", scatter), ("one-circle-boundary", boundary),
      ("one-circle-vanishing-gradients", gradients),
    ] {
      try chart.write(to: "\(folder)/\(name).svg")
      print("Wrote \(folder)/\(name).svg")
    }
  }

  /// Shows the size of the weights' gradients in networks of ten layers before training.
  ///
  /// The derivative of the sigmoid is at most 1/4, so gradients vanish after many layers.
  static func vanishingGradients(
    _ x: Tensor<Float>, _ y: Tensor<Float>, seed: UInt64
  ) -> Chart {
    var chart = Chart(
      title: "Vanishing gradients", x: "layer", y: "norm of the gradient of its weights")
    chart.yScale = .logarithmic
    for activation in [ActivationFunction.sigmoid, .relu] {
      var network = Sequential {
        for _ in 0..<9 { Dense(32, activation: activation, kernelInitializer: .heNormal) }
        Dense(2, activation: .softmax)
      }
      var generator = RandomGenerator(seed: seed)
      network.initialize(inputShape: [2], using: &generator)

      let context = Context<Float>(isTraining: true)
      let prediction = network(context.tape.constant(x), in: context)
      let losses = CategoricalCrossentropy()(prediction, context.tape.constant(y))
      let gradients = context.tape.gradients(of: losses.mean())
      let norms = network.layers.compactMap { $0 as? Dense<Float> }.map { layer in
        Double(square(gradients[context[layer.kernel]]).sum().squareRoot())
      }
      chart.line(x: norms.indices.map { Double($0 + 1) }, y: norms, label: activation.name)
    }
    return chart
  }
}
