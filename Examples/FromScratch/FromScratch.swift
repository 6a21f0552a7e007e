// "Software 2.0: playing with neural networks": MNIST with a network written by hand,
// Networks/HandWrittenNetwork.swift, and with the library's layers, Networks/TapeNetwork.swift.
//
//     swift run -c release from-scratch --data DIR

import ArrayFiles
import CommandLineOptions
import FromScratchNetworks
import Train

@main
struct FromScratch {
  static func main() {
    let options = CommandLineOptions(
      program: "from-scratch",
      about: "Trains [784, 10, 10] on MNIST by full-batch gradient descent, written out by hand.",
      [
        .data("mnist"), .download, .hidden(10),
        .value(
          "activation", "NAME", "of the hidden layers: relu, tanh or sigmoid", default: "relu"),
        .value("alpha", "R", "the length of a step", default: "0.001"),
        .value("iterations", "N", "the number of steps", default: "3000"),
        .value("dev", "N", "how many of the 60,000 images are for the dev set", default: "5000"),
        .flag("engine", "trains with the library's layers instead"),
        .flag("learning-curve", "trains on parts of the training set too: does more data help?"),
        .seed, .report,
        .output(
          "where the CSV file, the model and the pictures go", default: ".build/from-scratch"),
      ])
    let names = Activation<Float>.all.map(\.name)
    let chosen = names.firstIndex(of: options.choice("activation", of: names) ?? "relu") ?? 0
    let alpha = options.number("alpha", in: 0...1e6) ?? 0.001
    let iterations = options.integer("iterations", in: 0...10_000_000) ?? 3000
    let devCount = options.integer("dev", in: 1...59_999) ?? 5000
    let output = options.text("output") ?? "."
    makeFolder(output)

    let (train, dev, test): (Digits, Digits, Digits)
    do {
      (train, dev, test) = try readDigits(options, devCount, cache: "\(output)/mnist.csv")
    } catch {
      stop(error)
    }
    print("train \(train.x.shape), dev \(dev.x.shape), test \(test.x.shape)")

    let layers = [784] + options.hidden + [10]
    let activations = options.hidden.map { _ in chosen } + [0]
    checkAgreement(
      train, HandWrittenNetwork(layers: layers, activations: activations, seed: options.seed), alpha
    )

    var network = HandWrittenNetwork<Float>(
      layers: layers, activations: activations, seed: options.seed)
    let costs = fit(
      &network, train, dev, alpha, iterations: iterations, withEngine: options.has("engine"))

    for (name, set) in [("train", train), ("dev", dev), ("test", test)] {
      let right = (network.predict(set.x) .== set.labels).countTrue()
      print("\(name) set accuracy: \(Double(right) / Double(set.labels.count))")
    }

    // Stored, so that the analysis can be repeated without training.
    let stored = "\(output)/model.npz"
    do {
      try network.write(to: stored)
      network = try HandWrittenNetwork(contentsOf: stored)
    } catch {
      stop(error)
    }
    let right = (network.predict(test.x) .== test.labels).countTrue()
    print("Stored as \(stored); read again, \(right) of \(test.labels.count) test images are right")

    let mistakes = analyse(network, test)
    let images = test.x.transposed().reshaped(to: [-1, 28, 28])
    var drawings: [(name: String, drawing: any Drawing)] = [
      ("activations", activationCurves()), ("costs", costCurves(costs)),
      (
        "mislabelled",
        mistakes.prefix(24).sheet(of: images, title: "What it is, and what it was taken for")
      ),
    ]
    if let picture = twoTakenForSeven(mistakes, images) {
      drawings.append(("two-taken-for-seven", picture))
    }
    if options.has("learning-curve") {
      let curve = learningCurve(train, dev, alpha, iterations: iterations) {
        HandWrittenNetwork(layers: layers, activations: activations, seed: options.seed)
      }
      drawings.append(("learning-curve", curve))
    }
    do {
      for (name, drawing) in drawings {
        try drawing.write(to: "\(output)/\(name).svg")
        print("Wrote \(output)/\(name).svg")
      }
    } catch {
      stop(error)
    }
    print(costCurves(costs).terminalText())
    options.report("From scratch") { report in
      report.heading("The network")
      report.drawings([diagram(of: network)])
      report.heading("Training")
      report.drawings(drawings.filter { $0.name != "mislabelled" }.map(\.drawing))
      report.classification(
        network.forwardPropagation(test.x).output.transposed(), test.labels, images: images)
    }
  }

  /// Images as columns, [784, samples], targets as columns, [10, samples], and labels.
  struct Digits {
    let x: Tensor<Float>
    let y: Tensor<Float>
    let labels: Tensor<Int>

    /// Creates the set from rows of a label followed by unscaled pixels, 0...255.
    init(_ rows: Tensor<Float>) {
      // A copy in the order in which training reads the pixels; a view would be slower.
      let columns = rows[0..., 1...].transposed()
      x = Tensor(columns.elements, shape: columns.shape)
      labels = Tensor<Int>(rows[0..., 0])
      y = toCategorical(labels, classes: 10).transposed()
    }

    /// The images as rows, as the library's layers expect them, also copied for speed.
    var rows: Tensor<Float> { Tensor(x.transposed().elements, shape: x.transposed().shape) }
  }

  // MARK: Data

  /// Reads MNIST from a CSV file, which is created from the original files if missing, and splits
  /// it: the test set is that of MNIST, the dev set is the end of the training set.
  static func readDigits(
    _ options: CommandLineOptions, _ devCount: Int, cache: String
  ) throws(FileError) -> (train: Digits, dev: Digits, test: Digits) {
    if !fileExists(cache) {
      let data = try options.images(named: "mnist")
      var csv = Array(("label," + (0..<784).map { "pixel\($0)" }.joined(separator: ",")).utf8)
      append(data.trainImages, data.trainLabels, to: &csv)
      append(data.testImages, data.testLabels, to: &csv)
      csv.append(UInt8(ascii: "\n"))
      try writeFile(csv, to: cache)
      print("Wrote \(cache)")
    }
    let rows = try Table.readNumbers(cache)
    guard rows.shape == [70_000, 785] else {
      throw FileError(
        path: cache, message: "expected 70,000 rows of a label and 784 pixels, got \(rows.shape)")
    }
    let trainCount = 60_000 - devCount
    return (
      Digits(rows[..<trainCount]), Digits(rows[trainCount..<60_000]), Digits(rows[60_000...])
    )
  }

  /// Appends one line per image: the label and the pixels.
  static func append(_ images: Tensor<UInt8>, _ labels: Tensor<UInt8>, to csv: inout [UInt8]) {
    let texts = (0...255).map { Array("\($0)".utf8) }
    let (pixels, labels) = (images.elements, labels.elements)
    for (row, label) in labels.enumerated() {
      csv.append(UInt8(ascii: "\n"))
      csv += texts[Int(label)]
      for pixel in pixels[row * 784..<(row + 1) * 784] {
        csv.append(UInt8(ascii: ","))
        csv += texts[Int(pixel)]
      }
    }
  }

  // MARK: Training

  /// Compares both implementations in double precision, where rounding cannot hide a wrong
  /// derivative.
  static func checkAgreement(
    _ train: Digits, _ network: HandWrittenNetwork<Double>, _ alpha: Double
  ) {
    let (x, y) = (Tensor<Double>(train.x[0..., ..<500]), Tensor<Double>(train.y[0..., ..<500]))
    var byHand = network
    var byTape = TapeNetwork(network, alpha: alpha)
    var difference = 0.0
    for _ in 0..<20 {
      let cost = byHand.iterate(x, y, alpha: alpha)
      difference = max(difference, abs(cost - byTape.iterate(x.transposed(), y.transposed())))
    }
    print("By hand and with the library's layers: costs differ by \(difference) at most")
  }

  typealias Costs = (iterations: [Double], train: [Double], dev: [Double])

  /// Runs gradient descent on all samples at once and prints the costs of the training and dev
  /// sets.
  ///
  /// - Returns: the printed iterations and costs.
  static func fit(
    _ network: inout HandWrittenNetwork<Float>, _ train: Digits, _ dev: Digits, _ alpha: Double,
    iterations: Int, withEngine: Bool
  ) -> Costs {
    var engine = TapeNetwork(network, alpha: alpha)
    let (x, y) = withEngine ? (train.rows, train.y.transposed()) : (train.x, train.y)
    var costs: Costs = ([], [], [])
    let start = ContinuousClock.now
    for iteration in 0..<iterations {
      let cost =
        withEngine ? engine.iterate(x, y) : network.iterate(x, y, alpha: Float(alpha))
      if (iteration + 1) % max(1, iterations / 20) == 0 {
        if withEngine { network = engine.handWritten(like: network) }
        let (_, caches) = network.forwardPropagation(dev.x)
        costs.iterations.append(Double(iteration + 1))
        costs.train.append(Double(cost))
        costs.dev.append(Double(network.cost(caches, dev.y)))
        print("Iteration \(iteration + 1): cost \(cost), on the dev set \(costs.dev.last ?? 0)")
      }
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    print("\(iterations) iterations in \(formatFixed(seconds, decimals: 2)) s")
    return costs
  }

  // MARK: Analysing mislabelled examples

  /// Prints the network's most confident mistakes, and which digits it confuses.
  ///
  /// - Returns: all mistakes, most confident first.
  static func analyse(_ network: HandWrittenNetwork<Float>, _ set: Digits) -> [Mistake] {
    let output = network.forwardPropagation(set.x).output.transposed()
    let mistakes = worstMistakes(output, set.labels, count: set.labels.count)
    print("\n\(mistakes.count) images of the test set are mislabelled, the most certain mistakes:")
    for mistake in mistakes.prefix(10) { print("  \(mistake)") }
    print(ConfusionMatrix(output, set.labels))
    return mistakes
  }

  // MARK: Pictures

  /// The activation functions from which a layer can choose.
  static func activationCurves() -> Chart {
    var chart = Chart(title: "Activation functions", x: "z", y: "g(z)")
    for activation in Activation<Double>.all {
      chart.function(over: -4...4, label: activation.name) { z in
        activation.function(Tensor([z]))[0]
      }
    }
    chart.yRange = -1.2...2
    return chart
  }

  /// The picture in the article: a 2 that is classified as a 7.
  static func twoTakenForSeven(_ mistakes: [Mistake], _ images: Tensor<Float>) -> Picture? {
    mistakes.first { $0.expected == 2 && $0.predicted == 7 }.map { mistake in
      var picture = Picture(images[mistake.index, ...])
      picture.title = "Image \(mistake.index), a \(mistake.expected)"
      picture.label = "Predicted: \(mistake.predicted)"
      return picture
    }
  }

  /// The costs on both sets; as long as that of the dev set does not rise, longer training does no
  /// harm.
  static func costCurves(_ costs: Costs) -> Chart {
    var chart = Chart(title: "Cost", x: "iterations", y: "cost")
    chart.line(x: costs.iterations, y: costs.train, label: "train")
    chart.line(x: costs.iterations, y: costs.dev, label: "dev")
    return chart
  }

  /// A diagram of the network with its weights.
  static func diagram(of network: HandWrittenNetwork<Float>) -> NetworkDiagram {
    NetworkDiagram(
      network.weights.indices.map { layer in
        .init(
          weights: network.weights[layer], biases: network.biases[layer],
          caption: Activation<Float>.all[network.activations[layer]].name)
      })
  }

  /// Trains a network on an increasing number of images.
  ///
  /// Where the two curves have met, more data does not help: the network is too small (bias). Where
  /// there is a gap, more data helps (variance).
  static func learningCurve(
    _ train: Digits, _ dev: Digits, _ alpha: Double, iterations: Int,
    _ freshNetwork: () -> HandWrittenNetwork<Float>
  ) -> Chart {
    let all = train.labels.count
    let counts = [100, 300, 1000, 3000, 10_000, 30_000].filter { $0 < all } + [all]
    var accuracies: (train: [Double], dev: [Double]) = ([], [])
    for count in counts {
      var network = freshNetwork()
      let part = train.x[0..., ..<count]
      let (x, y) = (Tensor(part.elements, shape: part.shape), train.y[0..., ..<count])
      for _ in 0..<iterations { _ = network.iterate(x, y, alpha: Float(alpha)) }
      func accuracy(_ x: Tensor<Float>, _ labels: Tensor<Int>) -> Double {
        Double((network.predict(x) .== labels).countTrue()) / Double(labels.count)
      }
      accuracies.train.append(accuracy(x, train.labels[..<count]))
      accuracies.dev.append(accuracy(dev.x, dev.labels))
      print(
        "Trained on \(count) images: accuracy \(accuracies.train.last ?? 0), "
          + "on the dev set \(accuracies.dev.last ?? 0)")
    }
    var chart = Chart(title: "Learning curve", x: "images trained on", y: "accuracy")
    chart.xScale = .logarithmic
    chart.line(x: counts.map(Double.init), y: accuracies.train, label: "train")
    chart.line(x: counts.map(Double.init), y: accuracies.dev, label: "dev")
    return chart
  }
}
