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
