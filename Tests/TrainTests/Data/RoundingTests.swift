import TestSupport
import Testing
import Train

@Suite("Numbers to be rounded")
struct RoundingTests {
  @Test("A class is what its number rounds to", arguments: [1, 2, 1001])
  func classes(samples: Int) {
    let (x, y) = makeRounding(samples: samples, seed: 4)
    #expect(x.shape == [samples, 1] && y.shape == [samples])
    for i in 0..<samples {
      #expect(x[i, 0] >= 0 && x[i, 0] < 1 && y[i] == Int(x[i, 0].rounded()))
    }
  }

  @Test("Numbers are spread evenly, and the seed decides them")
  func spread() {
    let (x, y) = makeRounding(samples: 4000, seed: 1)
    #expect(abs(x.mean() - 0.5) < 0.02 && abs(square(x - 0.5).mean() - 1.0 / 12) < 0.004)
    #expect(x == makeRounding(samples: 4000, seed: 1).x)
    #expect(y != makeRounding(samples: 4000, seed: 2).y)
  }

  @Test("There are no numbers")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeRounding(samples: 0, seed: 0) }
    #expect(message(of: result, contains: "makeRounding: got 0 samples", "expected 1 to 2^40"))
  }
}
