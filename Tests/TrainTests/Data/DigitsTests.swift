import TestSupport
import Testing
import Train

@Suite("Drawn digits", .serialized)
struct DigitsTests {
  @Test("Classes are balanced and in random order", arguments: [1, 9, 10, 137])
  func labels(samples: Int) {
    let (images, labels) = makeDigits(samples: samples, seed: 3)
    #expect(images.shape == [samples, 28, 28] && labels.shape == [samples])
    var counts = Array(repeating: 0, count: 10)
    for label in labels.elements { counts[Int(label)] += 1 }
    #expect(counts == (0..<10).map { samples / 10 + ($0 < samples % 10 ? 1 : 0) })
    if samples > 9 { #expect(labels.elements != (0..<samples).map { UInt8($0 % 10) }) }
  }

  @Test("The seed decides the pictures; threads and their number do not")
  func seed() {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let alone = makeDigits(samples: 100, seed: 7)
    Parallel.threadCount = 3
    #expect(alone == makeDigits(samples: 100, seed: 7))
    #expect(alone.images != makeDigits(samples: 100, seed: 8).images)
    // Two digits of a class are never alike.
    let zeros = (0..<100).filter { alone.labels[$0] == 0 }
    #expect(alone.images[zeros[0], ...] != alone.images[zeros[1], ...])
  }

  @Test("Every machine draws the same pixels")
  func pixels() {
    let (images, labels) = makeDigits(samples: 100, seed: 7)
    #expect(Array(labels.elements.prefix(12)) == [9, 2, 4, 3, 4, 7, 0, 5, 4, 8, 2, 5])
    // A first run's numbers, kept.
    #expect(images.elements.reduce(0) { $0 + Int($1) } == 2_719_553)
    #expect(images.elements.reduce(0 as UInt32) { $0 &* 31 &+ UInt32($1) } == 833_642_131)
  }

  @Test("The ink lies inside, bright and in a plausible amount")
  func ink() {
    let images = makeDigits(samples: 500, seed: 2).images
    for i in 0..<500 {
      let image = images[i, ...].elements
      let bright = image.filter { $0 > 128 }.count
      #expect((20..<250).contains(bright) && image.max()! > 200)
      // The frame holds noise, which stays under 60, and rarely the end of a stroke.
      let frame = image.indices.filter { i in
        let (row, column) = (i / 28, i % 28)
        return row == 0 || row == 27 || column == 0 || column == 27
      }
      #expect(frame.count { image[$0] > 60 } < 10)
    }
  }

  @Test("A small network learns to read them")
  func learnable() {
    func rows(_ images: Tensor<UInt8>) -> Tensor<Float> {
      Tensor<Float>(images).reshaped(to: [-1, 28 * 28]) / 255
    }
    let (images, labels) = makeDigits(samples: 2500, seed: 0)
    let fresh = makeDigits(samples: 500, seed: 1)
    var model = Sequential([
      Dense(64, activation: .relu, inputShape: [28 * 28]), Dense(10, activation: .softmax),
    ])
    .compile(
      optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"], seed: 0)
    model.fit(rows(images), labels, epochs: 4, verbose: 0)
    let classes = model.predict(rows(fresh.images)).argmax(axis: 1)
    let right = (classes .== Tensor<Int>(fresh.labels)).countTrue()
    #expect(right >= 450, "\(right) of 500")
    // No class is left out.
    let confused = Set(classes.elements)
    #expect(confused.count == 10)
  }

  @Test("There are no pictures")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeDigits(samples: 0, seed: 0) }
    #expect(message(of: result, contains: "makeDigits: got 0 samples", "expected 1 to 2^40"))
  }
}
