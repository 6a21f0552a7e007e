// What is printed, seen in a process of its own: there standard output is no terminal.

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

private func trained(verbose: Verbosity, unit: ProgressUnit = .step, epochs: Int = 2) {
  let x = Tensor<Float>((0..<100).map { Float($0) / 50 - 1 })
  let y = x .> 0.2
  var model = Sequential([Dense(1, activation: .sigmoid, inputShape: [1])])
    .compile(
      optimizer: SGD(learningRate: 0.5), loss: "binary_crossentropy", metrics: ["accuracy"])
  let history = model.fit(
    x, y, epochs: epochs, validationSplit: 0.1, verbose: verbose, progressUnit: unit)
  let result = model.evaluate(x, y, verbose: verbose)
  // The numbers returned, for comparison with those printed.
  for epoch in 0..<history.epochs {
    let numbers = history.names.map { " - \($0): \(formatFixed(history[$0][epoch], decimals: 4))" }
    print("returned" + numbers.joined())
  }
  let loss = formatFixed(result.loss, decimals: 4)
  print("returned - loss: \(loss) - accuracy: \(formatFixed(result.accuracy, decimals: 4))")
}

private func lines(_ result: ExitTest.Result?) throws -> [String] {
  let output = try #require(result).standardOutputContent
  return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
}

@Suite("The progress line")
struct ProgressTests {
  @Test("is Keras's, once per epoch, with the numbers that are returned")
  func bar() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { trained(verbose: 1) }
    let lines = try lines(result).filter { $0.contains("Epoch") || $0.contains("loss") }
    try #require(lines.count == 8)
    #expect(lines[0] == "Epoch 1/2" && lines[2] == "Epoch 2/2")
    let bar = String(repeating: "=", count: 30)
    for (line, returned) in [(1, 5), (3, 6)] {
      #expect(lines[line].hasPrefix("3/3 [\(bar)] - 0s "))
      #expect(lines[line].contains("s/step - loss: "))
      #expect(lines[line].hasSuffix(lines[returned].dropFirst("returned".count)))
      #expect(lines[line].contains(" - val_accuracy: "))
    }
    #expect(lines[4].hasPrefix("4/4 [\(bar)] - 0s "))
    #expect(lines[4].hasSuffix(lines[7].dropFirst("returned".count)))
    #expect(!lines.joined().contains("\u{1B}") && !lines.joined().contains("\r"))
  }

  @Test("has the numbers of the log and of a fresh evaluation, and shows where training stopped")
  func agreement() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      try withTemporaryFolder { folder in
        let path = "\(folder)/log.csv"
        let x = Tensor<Float>((0..<100).map { Float($0) / 50 - 1 })
        let y = x .> 0.2
        var model = Sequential([Dense(1, activation: .sigmoid, inputShape: [1])])
          .compile(optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"])
        let history = model.fit(
          x, y, epochs: 3, validationData: (x, y), callbacks: [.csvLog(to: path)], verbose: 2)
        let fresh = model.evaluate(x, y, verbose: 2)
        require(fresh.loss == history["val_loss"].last, "evaluate differs from val_loss")
        require(
          fresh.accuracy == history["val_accuracy"].last, "evaluate differs from val_accuracy")
        let log = try Table(contentsOf: path)
        for name in history.names {
          require(log[name] == history[name], "the log's \(name) differs")
        }
        // The same weights in every batch, so that training measures what evaluation does.
        model.optimizer.learningRate = 0
        let still = model.fit(x, y, epochs: 4, initialEpoch: 3, verbose: 0)
        require(abs(still["loss"][0] - fresh.loss) < 1e-6, "\(still) is not \(fresh)")
        model.fit(
          x, y,
          callbacks: [
            Callback(stepBegan: { _, state in if state.batch == 3 { state.stop("now") } })
          ],
          verbose: 1)
        model.fit(x, y, verbose: 1)
      }
    }
    let output = try lines(result)
    let shown = output.filter { $0.contains("loss") }
    try #require(shown.count == 6)
    let numbers = try #require(shown[3].split(separator: " - ", maxSplits: 2).last)
    #expect(
      shown[2].hasSuffix(
        numbers.replacing("loss", with: "val_loss").replacing("accuracy", with: "val_accuracy")))
    #expect(shown[4].hasPrefix("2/4 [=============="))
    // What was left of the epoch that was stopped.
    #expect(shown[5].hasPrefix("4/4 [==============================]"))
    let controls = output.joined().unicodeScalars.filter { $0.value < 32 }
    #expect(controls.isEmpty)
  }

  @Test("of predict has no numbers")
  func predict() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let model = Sequential([Dense(1, inputShape: [1])])
        .compile(optimizer: "sgd", loss: "mean_squared_error")
      _ = model.predict(Tensor<Float>.zeros([100, 1]), batchSize: 32, verbose: 1)
      _ = model.predict(Tensor<Float>.zeros([100, 1]))
    }
    let printed = try lines(result).filter { $0.contains("4/4") || $0.contains("1/1") }
    let bar = String(repeating: "=", count: 30)
    try #require(printed.count == 1)
    #expect(printed[0].hasPrefix("4/4 [\(bar)] - 0s ") && printed[0].hasSuffix("s/step"))
  }

  @Test("counts samples if wanted")
  func samples() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { trained(verbose: 1, unit: .sample, epochs: 1) }
    let line = try #require(try lines(result).first { $0.contains("s/sample") })
    #expect(line.hasPrefix("90/90 [=============================="))
  }

  @Test("may be short")
  func short() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { trained(verbose: 2, epochs: 1) }
    let lines = try lines(result).filter { $0.contains("Epoch") || $0.contains("loss") }
    #expect(lines[0] == "Epoch 1/1")
    #expect(lines[1] == "3/3 - 0s" + lines[3].dropFirst("returned".count))
    #expect(lines[2] == "4/4 - 0s" + lines[4].dropFirst("returned".count))
  }

  @Test("may be silent")
  func silent() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { trained(verbose: 0, epochs: 1) }
    #expect(try lines(result).filter { $0.hasPrefix("Epoch") || $0.contains("[=") } == [])
  }

  @Test("writes small numbers, and large ones, with an exponent")
  func numbersWithExponents() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let network = Sequential([Dense(1, inputShape: [1], kernelInitializer: .ones)])
      var model = network.compile(optimizer: SGD(learningRate: 0), loss: "mean_squared_error")
      model.fit([1, 1] as Tensor<Double>, [1.015625, 1.015625] as Tensor<Double>, verbose: 2)
      model.fit([1, 1] as Tensor<Double>, [1, 1] as Tensor<Double>, verbose: 2)
      model.fit([1] as Tensor<Double>, [10_000_001] as Tensor<Double>, verbose: 2)
    }
    let lines = try lines(result)
    #expect(lines.contains("1/1 - 0s - loss: 2.4414e-04"))
    #expect(lines.contains("1/1 - 0s - loss: 0.0000"))
    #expect(lines.contains("1/1 - 0s - loss: 1.0000e+14"))
  }

  @Test("comes with one warning when the loss becomes NaN")
  func nan() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      var model = Sequential([Dense(1, inputShape: [1])])
        .compile(optimizer: SGD(learningRate: 1e30), loss: "mean_squared_error")
      let x: Tensor<Float> = [1, 2, 3]
      let history = model.fit(x, x, epochs: 9, batchSize: 1, verbose: 0)
      require(history["loss"].last!.isNaN, "the loss is a number")
    }
    let errors = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(errors.ranges(of: "warning: fit: the loss became NaN in epoch").count == 1)
    #expect(errors.contains("lower the learning rate"))
  }
}
