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
        .epochs(10), .hidden(8), .activation("relu"), .optimizer("adam"), .learningRate(), .seed,
        .profile,
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
    model.fit(data, labels, epochs: options.epochs, verbose: 2, profile: options.profile)

    // Testing the model
    let testSet: Tensor<Float> = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    let predictions = model.predict(testSet)
    print(predictions)
    print(predictions.argmax(axis: 1))

    // Validating the model during training. Compiling does not reset weights, so a fresh model.
    model = freshModel(options)
    model.fit(data, labels, epochs: options.epochs, validationSplit: 0.1, verbose: 2)
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
