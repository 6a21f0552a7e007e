// What `fit` mentions on standard error, each kind once. Programs of their own, for a hint given is not given
// again.

import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let x = Tensor<Float>((0..<40).map { Float($0 % 7) / 7 }, shape: [20, 2])

private func model(
  rate: Double = 0.01, activation: ActivationFunction = .tanh
) -> Model<Sequential<Float>> {
  Sequential([Dense(4, activation: activation, inputShape: [2]), Dense(1)])
    .compile(optimizer: SGD(learningRate: rate), loss: .meanSquaredError)
}

/// How often the text of a program's standard error contains a phrase.
private func count(_ phrase: String, in result: ExitTest.Result?) -> Int {
  let bytes = result?.standardErrorContent ?? []
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n").count {
    $0.contains(phrase)
  }
}

@Suite("A hint is given, once")
struct HintTests {
  @Test("for samples of large numbers, not for pixels")
  func scale() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var model = model(rate: 1e-9)
      let y = Tensor<Float>.zeros([20, 1])
      model.fit(x * 255, y, verbose: 0)
      _ = write(STDERR_FILENO, "pixels done\n", 12)
      model.fit(x * 10_000, y, verbose: 0)
      model.fit(x * 20_000, y, verbose: 0)
      exit(0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("pixels done") && !text.prefix { $0 != "\n" }.contains("warning"))
    #expect(count("Standardizer", in: result) == 1)
    #expect(count("numbers up to 8571.4", in: result) == 1)
  }

  @Test("for sorted classes before a validation split, not for shuffled ones")
  func sorted() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var model = model()
      model.fit(x, Tensor((0..<20).map { $0 * 3 % 5 }), validationSplit: 0.2, verbose: 0)
      model.fit(x, Tensor((0..<20).map { $0 / 4 }), verbose: 0)
      _ = write(STDERR_FILENO, "until here none\n", 16)
      model.fit(x, Tensor((0..<20).map { $0 / 4 }), validationSplit: 0.2, verbose: 0)
      model.fit(x, Tensor((0..<20).map { $0 / 4 }), validationSplit: 0.2, verbose: 0)
      exit(0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.hasPrefix("until here none"))
    #expect(count("order of their class", in: result) == 1)
  }

  @Test("for a loss that does not fall and for units that are dead")
  func result() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var model = model(activation: .relu)
      model.weights[1] = Tensor(repeating: -100, shape: [4])
      model.weights[2] = .ones([4, 1])
      // Nothing reaches the first layer, and without a bias to learn nothing else does.
      model.network[1].isTrainable = false
      for _ in 0..<2 { model.fit(x, Tensor<Float>.ones([20, 1]), epochs: 6, verbose: 0) }
      exit(0)
    }
    #expect(count("the loss is 1.0, not below the first epoch's 1.0", in: result) == 1)
    #expect(count("layer dense give 0", in: result) == 1)
  }

  /// Trains a network that ends in one layer, with results and targets that suit its loss or do not.
  private static func fit(
    _ units: Int, _ activation: ActivationFunction, _ loss: LossName, _ y: Tensor<Float>
  ) {
    var model = Sequential([Dense(units, activation: activation, inputShape: [2])])
      .compile(optimizer: SGD(learningRate: 1e-6), loss: loss)
    model.fit(x, y, verbose: 0)
  }

  @Test("for results that the loss does not learn from, not for those that it does")
  func output() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let (zeros, rows) = (
        Tensor<Float>.zeros([20]), Tensor<Float>(repeating: 0.5, shape: [20, 2])
      )
      Self.fit(1, .sigmoid, "binary_crossentropy", zeros)
      Self.fit(2, .softmax, "categorical_crossentropy", rows)
      Self.fit(2, .softmax, "sparse_categorical_crossentropy", zeros)
      Self.fit(2, .sigmoid, "binary_crossentropy", rows)
      Self.fit(1, .relu, "mean_squared_error", zeros)
      _ = write(STDERR_FILENO, "until here none\n", 16)
      for _ in 0..<2 { Self.fit(1, .softmax, "mean_squared_error", zeros) }
      for _ in 0..<2 { Self.fit(1, .sigmoid, "categorical_crossentropy", zeros) }
      for _ in 0..<2 { Self.fit(1, .relu, "binary_crossentropy", zeros) }
      exit(0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.hasPrefix("until here none"), "\(text)")
    #expect(count("softmax over one unit is always 1", in: result) == 1)
    #expect(count("categorical_crossentropy compares one unit for each class", in: result) == 1)
    #expect(count("ends with the operation dense+relu", in: result) == 1)
    #expect(count("the activation sigmoid", in: result) == 1)
  }

  @Test("for a linear layer before a cross-entropy of classes")
  func linear() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      Self.fit(3, .linear, "sparse_categorical_crossentropy", .zeros([20]))
      exit(0)
    }
    #expect(count("the operation dense,", in: result) == 1)
    #expect(count("the activation softmax", in: result) == 1)
  }

  @Test(
    "for targets that the loss is not made for",
    arguments: [
      ("binary_crossentropy", "they reach from 1.0 to 2.0; write the two classes as 0 and 1"),
      ("categorical_crossentropy", "they reach from 1.0 to 2.0; toCategorical"),
    ])
  func targets(loss: String, words: String) async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [loss = loss as String] in
      let y = Tensor<Float>((0..<40).map { Float($0 / 20 + 1) }, shape: [20, 2])
      for _ in 0..<2 { Self.fit(2, .softmax, LossName(loss)!, y) }
      exit(0)
    }
    #expect(count("\(loss) expects targets in 0...1, " + words, in: result) == 1)
  }

  @Test("for a class without a unit, by its place in the data")
  func classes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var y = Tensor<Float>.zeros([20])
      y[17] = 3
      Self.fit(3, .softmax, "sparse_categorical_crossentropy", y)
    }
    #expect(count("the class of sample 17 is 3.0, the network has 3 units", in: result) == 1)
  }

  @Test("for NaN and infinity in the data, with row and column")
  func missing() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var (x, y) = (x, Tensor<Float>.zeros([20, 1]))
      x[13, 1] = .nan
      y[7, 0] = -.infinity
      var model = model()
      for _ in 0..<2 { model.fit(x, y, verbose: 0) }
      exit(0)
    }
    #expect(count("the samples contain NaN, first in row 13, column 1", in: result) == 1)
    #expect(count("the targets contain -inf, first in row 7, column 0", in: result) == 1)
  }

  @Test("not for positions of words, with which no layer computes")
  func positions() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let embedding = Lambda<Float>(inputShape: [2]) { x in
        x.tape.constant(Tensor(x.value.elements.map { $0 / 2000 }, shape: x.shape))
      }
      var model = Sequential([embedding, Dense(1)]).compile(optimizer: "sgd", loss: "mse")
      model.fit(x * 2000, Tensor<Float>.zeros([20]), verbose: 0)
      exit(0)
    }
    #expect(count("Standardizer", in: result) == 0)
  }

  @Test("unless they are not wanted, or all is well")
  func silent() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var bad = model()
      bad.fit(
        x * 1e6, Tensor((0..<20).map { $0 / 4 }), epochs: 6, validationSplit: 0.2, verbose: 0,
        hints: false)
      var good = model(activation: .relu)
      good.fit(x, x[0..., ..<1], epochs: 10, validationSplit: 0.2, verbose: 0)
      exit(0)
    }
    #expect(count("hints: false", in: result) == 0)
  }
}
