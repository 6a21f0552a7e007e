import TestSupport
import Testing
import Train

/// What scikit-learn 1.9.1 gives.
///
/// ```
/// X, y = make_circles(n_samples=samples, shuffle=shuffled, noise=noise, random_state=seed,
///                     factor=factor)
/// X[:3].ravel(), X[-3:].ravel(), y[:8], y.sum(), (y * np.arange(samples)).sum()
/// ```
private struct Golden: Sendable, CustomTestStringConvertible {
  var samples: Int
  var noise: Double?
  var factor: Double
  var seed: UInt32
  var shuffled: Bool
  var first: [Double]
  var last: [Double]
  var classes: [Int]
  var inner: Int
  var innerIndexSum: Int
  var testDescription: String { "\(samples) samples, seed \(seed)" }
}

private let goldens = [
  Golden(
    samples: 1000, noise: 0.1, factor: 0.2, seed: 0, shuffled: true,
    first: [
      0.2426554079124408, 0.038319603540186084, 0.044330361018637486, -0.05667334092684942,
      -0.7867774792867072, -0.7571857600770093,
    ],
    last: [
      0.016123598379936047, -0.005480339769754955, 0.2062471469564821, 0.09769677272950159,
      -0.1918663094668472, 0.0891667247097545,
    ],
    classes: [1, 1, 0, 1, 1, 1, 0, 0], inner: 500, innerIndexSum: 251_293),
  Golden(
    samples: 1, noise: nil, factor: 0.8, seed: 3, shuffled: true,
    first: [0.8, 0.0], last: [0.8, 0.0], classes: [1], inner: 1, innerIndexSum: 0),
  Golden(
    samples: 2, noise: 0.05, factor: 0.5, seed: 7, shuffled: true,
    first: [
      0.9639927784309703, -0.05423345786495093, 0.49814498875249386, 0.01997314244709592,
    ],
    last: [
      0.9639927784309703, -0.05423345786495093, 0.49814498875249386, 0.01997314244709592,
    ],
    classes: [0, 1], inner: 1, innerIndexSum: 1),
  Golden(
    samples: 7, noise: 0.3, factor: 0.5, seed: 42, shuffled: true,
    first: [
      0.6664359645859239, 0.095670655406815, -0.4162876123399585, 1.1691799892263965,
      -0.6742634402070544, -0.15755094215344426,
    ],
    last: [
      -0.7837647038080804, 0.785110904719071, 0.7449335242853982, -0.4571627992847582,
      -0.12841381925287043, -0.7227220511357517,
    ],
    classes: [0, 0, 1, 0, 1, 1, 1], inner: 4, innerIndexSum: 17),
  Golden(
    samples: 5, noise: nil, factor: 0.8, seed: 0, shuffled: false,
    first: [1.0, 0.0, -1.0, 1.2246467991473532e-16, 0.8, 0.0],
    last: [
      0.8, 0.0, -0.39999999999999986, 0.692820323027551, -0.40000000000000036,
      -0.6928203230275507,
    ],
    classes: [0, 0, 1, 1, 1], inner: 3, innerIndexSum: 9),
  Golden(
    samples: 101, noise: 0.1, factor: 0.3, seed: 4_294_967_295, shuffled: true,
    first: [
      -0.2671466272564046, 0.14463673874251098, -0.14392290911054137, -1.004129423447954,
      -0.1878658583021892, -0.06290739796252648,
    ],
    last: [
      0.10268848395224155, 0.9126725849334023, -0.4972196421708372, -0.9004950975311132,
      -0.37128150990557207, -0.9259137200936384,
    ],
    classes: [1, 0, 1, 1, 0, 0, 0, 0], inner: 51, innerIndexSum: 2396),
  Golden(
    samples: 10, noise: 0, factor: 0, seed: 1, shuffled: false,
    first: [
      1.0, 0.0, 0.30901699437494745, 0.9510565162951535, -0.8090169943749473, 0.5877852522924732,
    ],
    last: [0, 0, 0, 0, 0, 0], classes: [0, 0, 0, 0, 0, 1, 1, 1], inner: 5, innerIndexSum: 35),
]

@Suite("Two circles")
struct CirclesTests {
  @Test("The points and classes are scikit-learn's", arguments: goldens)
  private func points(_ golden: Golden) {
    let (x, y) = makeCircles(
      samples: golden.samples, noise: golden.noise, factor: golden.factor,
      randomState: golden.seed, shuffle: golden.shuffled)
    #expect(x.shape == [golden.samples, 2] && y.shape == [golden.samples])
    // Sines and cosines may differ in the last bit.
    let (points, classes) = (x.elements, y.elements)
    expectClose(
      Array(points.prefix(golden.first.count)), golden.first, relative: 1e-15, absolute: 1e-15)
    expectClose(
      Array(points.suffix(golden.last.count)), golden.last, relative: 1e-15, absolute: 1e-15)
    #expect(Array(classes.prefix(8)) == golden.classes)
    #expect(classes.reduce(0, +) == golden.inner)
    #expect(classes.enumerated().reduce(0) { $0 + $1.offset * $1.element } == golden.innerIndexSum)
  }

  @Test("The tutorial's rows appear to all eight decimals")
  func tutorialRows() {
    let x = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0).x.elements
    let printed = (x.prefix(6) + x.suffix(6)).map { (($0 * 1e8).rounded() / 1e8).description }
    #expect(
      printed == [
        "0.24265541", "0.0383196", "0.04433036", "-0.05667334", "-0.78677748", "-0.75718576",
        "0.0161236", "-0.00548034", "0.20624715", "0.09769677", "-0.19186631", "0.08916672",
      ])
  }

  @Test("Without noise every point lies on its circle")
  func radii() {
    let (x, y) = makeCircles(samples: 33, factor: 0.25, randomState: 8)
    for (i, label) in y.elements.enumerated() {
      let radius = (x[i, 0] * x[i, 0] + x[i, 1] * x[i, 1]).squareRoot()
      #expect(abs(radius - (label == 0 ? 1 : 0.25)) < 1e-15)
    }
  }

  @Test("The factor is not less than 1")
  func factor() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeCircles(factor: 1, randomState: 0) }
    #expect(message(of: result, contains: "makeCircles: got the factor 1.0", "0..<1"))
  }

  @Test("The noise is not a number")
  func noise() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeCircles(noise: .nan, randomState: 0) }
    #expect(message(of: result, contains: "makeCircles: got the noise nan", "0 or more"))
  }

  @Test("There are no circles without points")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeCircles(samples: 0, randomState: 0) }
    #expect(message(of: result, contains: "makeCircles: got 0 samples", "expected 1 to 2^40"))
  }
}
