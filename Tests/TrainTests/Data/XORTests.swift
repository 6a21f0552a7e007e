import TestSupport
import Testing
import Train

@Suite("Exclusive or")
struct XORTests {
  @Test("The class tells whether signs differ, and quadrants are balanced", arguments: [1, 5, 400])
  func classes(samples: Int) {
    let (x, y) = makeXOR(samples: samples, seed: 3)
    #expect(x.shape == [samples, 2] && y.shape == [samples])
    var quadrants = [0, 0, 0, 0]
    for i in 0..<samples {
      #expect(y[i] == (x[i, 0] * x[i, 1] < 0 ? 1 : 0))
      #expect(abs(x[i, 0]) <= 1 && abs(x[i, 1]) <= 1 && x[i, 0] != 0 && x[i, 1] != 0)
      quadrants[(x[i, 0] < 0 ? 1 : 0) + (x[i, 1] < 0 ? 2 : 0)] += 1
    }
    #expect(quadrants.max()! - quadrants.min()! <= 1)
  }

  @Test("Points are spread evenly")
  func spread() {
    let x = abs(makeXOR(samples: 4000, seed: 8).x)
    // A uniform number has the mean 1/2 and the variance 1/12.
    #expect(abs(x.mean() - 0.5) < 0.01 && abs(square(x - 0.5).mean() - 1.0 / 12) < 0.002)
  }

  @Test("Noise strays as far as it is told to")
  func noise() {
    let exact = makeXOR(samples: 4000, seed: 2)
    let noisy = makeXOR(samples: 4000, noise: 0.3, seed: 2)
    #expect(exact.y == noisy.y)
    #expect(abs(square(noisy.x - exact.x).mean().squareRoot() - 0.3) < 0.01)
  }

  @Test("The seed decides everything, and points come in random order")
  func seed() {
    let points = makeXOR(seed: 1)
    #expect(points == makeXOR(seed: 1))
    #expect(points.x != makeXOR(seed: 2).x)
    #expect(points.y.elements != (0..<100).map { $0 % 2 })
  }

  @Test("There are no points")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeXOR(samples: 0, seed: 0) }
    #expect(message(of: result, contains: "makeXOR: got 0 samples", "expected 1 to 2^40"))
  }

  @Test("The noise is not a number")
  func noiseNaN() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeXOR(noise: .nan, seed: 0) }
    #expect(message(of: result, contains: "makeXOR: got the noise nan", "0 or more"))
  }
}
