// The networks of two tutorials reach what their authors and a NumPy replica of them reached.

import Testing
import Train

private func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

@Suite("The tutorials' networks")
struct TutorialTests {
  private func circles(seed: UInt64, epochs: Int) -> History {
    let (x, y) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    var model = Sequential([
      Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid),
    ])
    .compile(
      optimizer: SGD(learningRate: 0.5), loss: "binary_crossentropy", metrics: ["accuracy"],
      seed: seed)
    return model.fit(x, y, epochs: epochs, verbose: 0)
  }

  @Test("tells two circles apart within 15 epochs with the default seed")
  func circlesDefault() {
    #expect(circles(seed: 0, epochs: 15)["accuracy"].max()! >= 0.999)
  }

  @Test("tells two circles apart with every seed, and learns as fast as Keras's")
  func circlesSeeds() {
    let histories = (0..<20).map { circles(seed: $0, epochs: 60) }
    for history in histories { #expect(history["accuracy"].max()! >= 0.999) }
    // The 5th to 95th percentile of 300 runs of the replica, epoch by epoch.
    let bands = [
      (0.662...0.704, 0.52...0.70), (0.558...0.683, 0.585...0.828), (0.437...0.653, 0.702...0.896),
      (0.325...0.567, 0.818...0.978), (0.240...0.463, 0.849...1.000),
    ]
    for (epoch, (losses, accuracies)) in bands.enumerated() {
      let loss = median(histories.map { $0["loss"][epoch] })
      let accuracy = median(histories.map { $0["accuracy"][epoch] })
      #expect(losses.contains(loss), "epoch \(epoch + 1)")
      #expect(accuracies.contains(accuracy), "epoch \(epoch + 1)")
    }
  }

  @Test("rounds numbers")
  func rounding() {
    var (right, dead) = (0, 0)
    for seed in 0..<5 as Range<UInt64> {
      var generator = RandomGenerator(seed: 100 + seed)
      let data = Tensor<Float>.uniform([10_000, 1], using: &generator)
      var model = Sequential([
        Dense(units: 8, activation: .relu, inputShape: [1]),
        Dense(units: 2, activation: .softmax),
      ])
      .compile(
        optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"],
        seed: seed)
      let history = model.fit(data, data .>= 0.5, epochs: 10, verbose: 0)
      // About one run in twenty dies: all relus are off, and the loss stays at log 2.
      if history["loss"][9] > 0.69 {
        dead += 1
        continue
      }
      let tenths: Tensor<Float> = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
      let classes = model.predict(tenths).argmax(axis: 1).elements
      // 0.5 lies on the border.
      if classes[..<5] == [0, 0, 0, 0, 0] && classes[6...] == [1, 1, 1, 1] { right += 1 }
      #expect(history["loss"][9] < 0.2 && history["accuracy"][9] > 0.95)
    }
    #expect(right >= 4 && dead <= 1)
  }
}
