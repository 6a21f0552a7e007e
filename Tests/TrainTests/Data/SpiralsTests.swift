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

@Suite("Spirals")
struct SpiralsTests {
  @Test(
    "Without noise every point lies on its spiral",
    arguments: [(1, 1, 1.0), (2, 3, 1), (60, 2, 1.5), (101, 3, -0.75), (7, 7, 0)])
  func points(samples: Int, classes: Int, turns: Double) {
    let (x, y) = makeSpirals(samples: samples, classes: classes, turns: turns, seed: 5)
    #expect(x.shape == [samples, 2] && y.shape == [samples])
    var radii = Array(repeating: [Double](), count: classes)
    for (i, spiral) in y.elements.enumerated() {
      let radius = (x[i, 0] * x[i, 0] + x[i, 1] * x[i, 1]).squareRoot()
      radii[spiral].append(radius)
      // Turned back by the spiral's angle there, the point lies on the first axis.
      let angle = -2 * Double.pi * (Double(spiral) / Double(classes) + turns * radius)
      #expect(abs(x[i, 0] * sin(angle) + x[i, 1] * cos(angle)) < 1e-13)
      #expect(abs(x[i, 0] * cos(angle) - x[i, 1] * sin(angle) - radius) < 1e-13)
    }
    for (spiral, found) in radii.enumerated() {
      let count = samples / classes + (spiral < samples % classes ? 1 : 0)
      expectClose(
        found.sorted(), (0..<count).map { Double($0 + 1) / Double(count) }, relative: 1e-14)
    }
  }

  @Test("Noise strays as far as it is told to, from points of the same order")
  func noise() {
    let exact = makeSpirals(samples: 4000, seed: 9)
    let noisy = makeSpirals(samples: 4000, noise: 0.2, seed: 9)
    #expect(exact.y == noisy.y)
    let strays = noisy.x - exact.x
    #expect(abs(strays.mean()) < 0.01)
    #expect(abs(square(strays).mean().squareRoot() - 0.2) < 0.01)
  }

  @Test("The seed decides everything, and points come in random order")
  func seed() {
    let points = makeSpirals(noise: 0.1, seed: 1)
    #expect(points == makeSpirals(noise: 0.1, seed: 1))
    #expect(points.x != makeSpirals(noise: 0.1, seed: 2).x)
    #expect(points.y.elements != points.y.elements.sorted() && points.y.sum() == 50)
  }

  @Test("There are no points")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeSpirals(samples: 0, seed: 0) }
    #expect(message(of: result, contains: "makeSpirals: got 0 samples", "expected 1 to 2^40"))
  }

  @Test("There are no spirals")
  func noClasses() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeSpirals(classes: 0, seed: 0) }
    #expect(message(of: result, contains: "makeSpirals: got 0 classes", "1 or more"))
  }

  @Test("The noise is negative")
  func negativeNoise() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeSpirals(noise: -1, seed: 0) }
    #expect(message(of: result, contains: "makeSpirals: got the noise -1.0", "0 or more"))
  }

  @Test("There are infinitely many turns")
  func infiniteTurns() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeSpirals(turns: .infinity, seed: 0) }
    #expect(message(of: result, contains: "makeSpirals: got inf turns", "finite"))
  }
}
