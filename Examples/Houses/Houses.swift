// "Neural networks for regression" from Grokking Machine Learning, chapter 10: house prices in
// Hyderabad from 38 columns, first as in the book, then with standardised numbers.
//
//     swift run -c release houses --data DIR
//
// DIR is the folder with Hyderabad.csv, or the parent of a folder `grokking` with it.

import CommandLineOptions
import Train

@main
struct Houses {
  static func main() {
    let options = CommandLineOptions(
      program: "houses",
      about: "Trains a network to predict the prices of 2,518 houses from 38 columns.",
      [
        .data("grokking"), .epochs(10), .batchSize(10), .hidden(38, 128, 64), .activation("relu"),
        .optimizer("adam"), .learningRate(),
        .value(
          "standardised-epochs", "N", "epochs on standardised numbers", default: "50"),
        .seed, .profile, .report,
        .output("a folder for the curve of training and the prices, predicted and real"),
      ])

    let standardisedEpochs = options.integer("standardised-epochs", in: 0...1_000_000) ?? 50

    let table: Table
    do {
      table = try Table(contentsOf: "\(dataFolder(options, named: "grokking"))/Hyderabad.csv")
    } catch {
      stop(error)
    }
    print(table)
    let features = table.dropping("Location", "Price").tensor()  // [2518, 38]
    let labels = table.tensor(of: "Price")  // [2518, 1]

    // As in the book.
    var model = freshModel(options, dropout: 0.2)
    print(model.summary())
    model.fit(
      features, labels, epochs: options.epochs, batchSize: options.batchSize,
      callbacks: options.callbacks())
    print(
      "Root mean square error on the training set: \(price(rmse(model, features, labels, scale: 1)))"
    )

    // The errors of simpler models.
    print("\nPredicting the mean: \(price(Tensor<Double>(labels).standardDeviation()))")
    print(
      "Least squares:       \(price(leastSquares(Tensor<Double>(features), Tensor<Double>(labels))))"
    )

    // Areas are in the thousands and prices in the millions. It is easier to learn from columns
    // with mean 0 and standard deviation 1.
    let prices = Standardizer(fitting: labels)
    let x = Standardizer(fitting: features)(features)
    let y = prices(labels)
    let scale = prices.standardDeviation[0]
    model = freshModel(options, dropout: 0)
    model.fit(
      x, y, epochs: standardisedEpochs, batchSize: options.batchSize,
      callbacks: options.callbacks(), verbose: 0)
    print("Standardised, \(standardisedEpochs) epochs: \(price(rmse(model, x, y, scale: scale)))")

    // A fifth of the houses is held back, to measure the network on houses it has not seen. The
    // means and deviations must not include them either.
    let (train, test) = trainTestSplit(features, labels, testShare: 0.2, seed: options.seed)
    let columns = Standardizer(fitting: train.x)
    let target = Standardizer(fitting: train.y)
    model = freshModel(options, dropout: 0.2)
    let history = model.fit(
      columns(train.x), target(train.y), epochs: standardisedEpochs, batchSize: options.batchSize,
      validationData: (columns(test.x), target(test.y)), callbacks: options.callbacks(), verbose: 0,
      profile: options.profile)
    for (name, part) in [("training", train), ("test", test)] {
      let error = rmse(
        model, columns(part.x), target(part.y), scale: target.standardDeviation[0])
      print("With a test set, in the \(name): \(price(error))")
    }

    let curve = Chart(history, "root_mean_squared_error")
    print(curve.terminalText())
    let comparison = compare(target.inverse(model.predict(columns(test.x))), test.y)
    if let folder = options.text("output") {
      makeFolder(folder)
      do {
        try curve.write(to: "\(folder)/houses-training.svg")
        try comparison.write(to: "\(folder)/houses-prices.svg")
      } catch {
        stop(error)
      }
      print("Wrote \(folder)/houses-training.svg and \(folder)/houses-prices.svg")
    }
    options.report("Houses") { report in
      report.network(model.network, outputs: ["price"])
      report.curves(history)
      report.heading("The houses of the test set")
      report.drawings([comparison])
      report.profile(history)
    }
  }

  static func freshModel(
    _ options: CommandLineOptions, dropout: Double
  ) -> Model<Sequential<Float>> {
    // As in the book: 38, 128 and 64 units, each with dropout, and one output without activation.
    var network = Sequential()
    for (index, units) in options.hidden.enumerated() {
      network.add(
        Dense(units, activation: options.activation, inputShape: index == 0 ? [38] : nil))
      network.add(Dropout(dropout))
    }
    network.add(Dense(1))
    return network.compile(
      optimizer: options.optimizer, loss: "mean_squared_error", metrics: [.rootMeanSquaredError],
      seed: options.seed)
  }

  /// Real and predicted prices; on the line they are equal.
  static func compare(_ predicted: Tensor<Float>, _ real: Tensor<Float>) -> Chart {
    var chart = Chart(
      title: "Houses of the test set", x: "price in millions", y: "predicted price in millions")
    let (x, y) = (Tensor<Double>(real) / 1e6, Tensor<Double>(predicted) / 1e6)
    chart.scatter(x: x.elements, y: y.elements)
    chart.function(over: 0...x.max(), color: .red, label: "equal") { $0 }
    return chart
  }

  /// A price without decimals.
  static func price(_ value: Double) -> String { formatFixed(value, decimals: 0) }

  /// The root mean square error; `scale` is the price of one unit.
  static func rmse(
    _ model: Model<Sequential<Float>>, _ x: Tensor<Float>, _ y: Tensor<Float>, scale: Float
  ) -> Double {
    let measured = model.evaluate(x, y, verbose: 0)
    return (measured["root_mean_squared_error"] ?? .nan) * Double(scale)
  }

  /// The root mean square error of the best linear model.
  ///
  /// It solves the normal equations `AᵀA w = Aᵀ y`, where A is x with a column of ones, by Gaussian
  /// elimination; a column that is a combination of others is left out.
  static func leastSquares(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Double {
    let (rows, columns) = (x.shape[0], x.shape[1] + 1)
    var a = Tensor<Double>.ones([rows, columns])
    a[0..., ..<(columns - 1)] = x
    // Columns are scaled to equal length, so that the pivots are comparable.
    a /= sqrt(square(a).sum(axis: 0))
    var left = matmul(a.transposed(), a)
    var right = matmul(a.transposed(), y)
    for pivot in 0..<columns {
      guard left[pivot, pivot] > 1e-10 else { continue }
      for row in 0..<columns where row != pivot {
        let factor = left[row, pivot] / left[pivot, pivot]
        left[row, ...] = left[row, ...] - factor * left[pivot, ...]
        right[row, 0] -= factor * right[pivot, 0]
      }
    }
    var weights = Tensor<Double>.zeros([columns, 1])
    for i in 0..<columns where left[i, i] > 1e-10 { weights[i, 0] = right[i, 0] / left[i, i] }
    return square(matmul(a, weights) - y).mean().squareRoot()
  }
}
