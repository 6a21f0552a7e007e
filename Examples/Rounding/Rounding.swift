// "A simple task for a simple model": a network of 34 weights learns to round numbers between 0 and 1.
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
        .value("epochs", "N", "how often all numbers are seen (default: 10)"),
        .value("hidden", "N,N", "the units of the hidden layers (default: 8)"),
        .value("optimizer", "NAME", "adam, sgd, rmsprop or adagrad (default: adam)"),
        .value("activation", "NAME", "relu, tanh or sigmoid (default: relu)"),
        .value("seed", "N", "decides data, initial weights and order (default: 0)"),
      ])
    let epochs = options.integer("epochs", in: 0...1_000_000) ?? 10
    let hidden = options.integers("hidden", in: 1...10_000) ?? [8]
    let optimizer = options.choice("optimizer", of: OptimizerName.known.map(\.name)) ?? "adam"
    let activation = options.choice("activation", of: ["relu", "tanh", "sigmoid"]) ?? "relu"
    let seed = UInt64(options.integer("seed", in: 0...Int.max) ?? 0)

    // Generating the data: each row is one observation of one number.
    var generator = RandomGenerator(seed: seed)
    let data = Tensor<Double>.uniform([10_000], using: &generator).reshaped(to: [10_000, 1])
    print(data[..<5])  // the first five observations

    let labels = Tensor<Int>(data .>= 0.5)
    print(labels[..<5])  // the first five labels

    // Building a simple model
    func freshModel() -> Model<Sequential<Float>> {
      Sequential {
        for (index, units) in hidden.enumerated() {
          Dense(
            units: units, activation: ActivationFunction(stringLiteral: activation),
            inputShape: index == 0 ? [1] : nil)
        }
        Dense(units: 2, activation: .softmax)
      }
      .compile(
        optimizer: OptimizerName(stringLiteral: optimizer),
        loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], seed: seed)
    }
    var model = freshModel()
    print(model.summary())

    // Training the model
    model.fit(data, labels, epochs: epochs, verbose: 2)

    // Testing the model
    let testSet: Tensor<Float> = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    let predictions = model.predict(testSet)
    print(predictions)
    print(predictions.argmax(axis: 1))

    // Validating the model during training: the weights are not reset by `compile`, so a fresh one.
    model = freshModel()
    model.fit(data, labels, epochs: epochs, validationSplit: 0.1, verbose: 2)
  }
}
