// "A simple task for a simple model": a network with 34 weights learns to round numbers between 0
// and 1.
//
//     swift run -c release rounding

import CommandLineOptions
import Train

@main
struct Rounding {
  static func main() {
    let options = CommandLineOptions(
      program: "rounding",
      about: "Trains a network of 34 weights to round numbers between 0 and 1.",
      [
        .epochs(10), .hidden(8), .activation("relu"), .optimizer("adam"), .learningRate(), .seed,
        .profile, .report,
        .output("a folder for the drawing of the network and the curve that it has learned"),
      ])

    // Generating the data: each row is one observation of one number.
    let (data, classes) = makeRounding(samples: 10_000, seed: options.seed)
    print(data[..<5])  // the first five observations

    let labels = classes.reshaped(to: [10_000, 1])
    print(labels[..<5])  // the first five labels

    // Building a simple model
    var model = freshModel(options)
    print(model.summary())

    // Training the model
    let history = model.fit(
      data, labels, epochs: options.epochs, callbacks: options.callbacks(), verbose: 2,
      profile: options.profile)

    // Testing the model
    let testSet: Tensor<Float> = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    let predictions = model.predict(testSet)
    print(predictions)
    print(predictions.argmax(axis: 1))
    let learned = model

    // Validating the model during training. Compiling does not reset weights, so use a new model.
    model = freshModel(options)
    model.fit(
      data, labels, epochs: options.epochs, validationSplit: 0.1,
      callbacks: options.callbacks(), verbose: 2)

    // The predictions of the first model for all numbers between 0 and 1.
    var curve = Chart(title: "Rounding", x: "number", y: "probability of 1")
    let numbers = Tensor<Float>.linspace(from: 0, to: 1, count: 201)
    let ones = Tensor<Double>(learned.predict(numbers)[0..., 1])
    curve.line(x: Tensor<Double>(numbers).elements, y: ones.elements)
    print(curve.terminalText())

    let network = NetworkDiagram(
      learned.network, title: "The network", inputs: ["number"], outputs: ["0", "1"])
    if let folder = options.text("output") {
      makeFolder(folder)
      do {
        try network.write(to: "\(folder)/rounding-network.svg")
        try curve.write(to: "\(folder)/rounding-curve.svg")
      } catch {
        stop(error)
      }
      print("Wrote \(folder)/rounding-network.svg and \(folder)/rounding-curve.svg")
    }
    options.report("Rounding") { report in
      report.network(learned.network, inputs: ["number"], outputs: ["0", "1"])
      report.curves(history)
      report.heading("What it has learned")
      report.drawings([curve])
      report.classification(learned.predict(data), classes)
      report.profile(history)
    }
  }

  static func freshModel(_ options: CommandLineOptions) -> Model<Sequential<Float>> {
    // As in the tutorial: Dense(units: 8, activation: .relu, inputShape: [1]) for the only hidden layer.
    Sequential {
      for (index, units) in options.hidden.enumerated() {
        Dense(
          units: units, activation: options.activation, inputShape: index == 0 ? [1] : nil)
      }
      Dense(units: 2, activation: .softmax)
    }
    .compile(
      optimizer: options.optimizer, loss: "sparse_categorical_crossentropy",
      metrics: ["accuracy"], seed: options.seed)
  }
}
