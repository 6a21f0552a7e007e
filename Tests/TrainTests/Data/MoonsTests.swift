import TestSupport
import Testing
import Train

/// What scikit-learn 1.9.1 gives.
///
/// ```
/// X, y = make_moons(n_samples=samples, shuffle=shuffle, noise=noise, random_state=seed)
/// X[:3].ravel(), X[-3:].ravel(), y[:8], y.sum(), (y * np.arange(samples)).sum()
/// ```
private struct Golden: Sendable, CustomTestStringConvertible {
  var samples: Int
  var noise: Double?
  var seed: UInt32
  var shuffle: Bool
  var first: [Double]
  var last: [Double]
  var classes: [Int]
  var ones: Int
  var indexSum: Int
  var testDescription: String { "\(samples) samples, seed \(seed)" }
}

private let goldens = [
  Golden(
    samples: 100, noise: nil, seed: 0, shuffle: true,
    first: [
      -0.09602302590768154, 0.9953791129491982, 1.6723008902613166, -0.24027799707531572,
      0.9917900138232462, 0.127877161684506,
    ],
    last: [
      0.3765101981412664, -0.2818314824680298, -0.991790013823246, 0.1278771616845065,
      -0.9490557470106686, 0.3151082180236209,
    ],
    classes: [0, 1, 0, 1, 1, 1, 0, 1], ones: 50, indexSum: 2475),
  Golden(
    samples: 100, noise: 0.1, seed: 0, shuffle: true,
    first: [
      -0.05348368606071654, 0.9925819946022202, 1.8198998735095437, -0.17559998736143714,
      0.9553565826298149, 0.059999422739027905,
    ],
    last: [
      0.5686448936773838, -0.3278095348376028, -1.1006934573469578, 0.22628889099478283,
      -1.0649763794879525, 0.2714545087593462,
    ],
    classes: [0, 1, 0, 1, 1, 1, 0, 1], ones: 50, indexSum: 2475),
  Golden(
    samples: 1, noise: 0.2, seed: 3, shuffle: true,
    first: [0.35772569468606374, 0.5873019701023979],
    last: [0.35772569468606374, 0.5873019701023979],
    classes: [1], ones: 1, indexSum: 0),
  Golden(
    samples: 2, noise: nil, seed: 7, shuffle: true,
    first: [1.0, 0.0, 0.0, 0.5],
    last: [1.0, 0.0, 0.0, 0.5],
    classes: [0, 1], ones: 1, indexSum: 1),
  Golden(
    samples: 3, noise: 0.05, seed: 7, shuffle: true,
    first: [
      1.905988870969806, 0.4782510933704948, -0.01927342537372848, 0.4889874279298159,
      0.986526706880516, -0.002244051008387383,
    ],
    last: [
      1.905988870969806, 0.4782510933704948, -0.01927342537372848, 0.4889874279298159,
      0.986526706880516, -0.002244051008387383,
    ],
    classes: [1, 1, 0], ones: 2, indexSum: 1),
  Golden(
    samples: 7, noise: 0.3, seed: 42, shuffle: true,
    first: [
      0.6664359645859239, 0.095670655406815, 0.08371238766004135, 1.303154585441958,
      1.3257365597929454, -0.523576345937883,
    ],
    last: [
      -0.2837647038080805, -0.08091449906536768, 0.24493352428539816, 0.042837200715241774,
      1.8715861807471297, 0.27727794886424817,
    ],
    classes: [0, 0, 1, 0, 1, 1, 1], ones: 4, indexSum: 17),
  Golden(
    samples: 5, noise: nil, seed: 0, shuffle: false,
    first: [1.0, 0.0, -1.0, 1.2246467991473532e-16, 0.0, 0.5],
    last: [0.0, 0.5, 0.9999999999999999, -0.5, 2.0, 0.4999999999999999],
    classes: [0, 0, 1, 1, 1], ones: 3, indexSum: 9),
  Golden(
    samples: 101, noise: 0.1, seed: 4_294_967_295, shuffle: true,
    first: [
      1.0322843713647087, -0.3738315330976718, -0.6288424847861334, 0.7184358243560502,
      1.41398286674019, -0.30460674208254596,
    ],
    last: [
      0.7582473145206559, 0.6103284071086171, -0.6435570107279345, 0.8245042095318627,
      -0.685754317389358, 0.8069742786695451,
    ],
    classes: [1, 0, 1, 1, 0, 0, 0, 0], ones: 51, indexSum: 2396),
  Golden(
    samples: 10, noise: 0, seed: 1, shuffle: false,
    first: [1.0, 0.0, 0.7071067811865476, 0.7071067811865475, 6.123233995736766e-17, 1.0],
    last: [
      0.9999999999999999, -0.5, 1.7071067811865475, -0.20710678118654757, 2.0, 0.4999999999999999,
    ],
    classes: [0, 0, 0, 0, 0, 1, 1, 1], ones: 5, indexSum: 35),
  Golden(
    samples: 333, noise: 0.25, seed: 12, shuffle: true,
    first: [
      1.3781414501564038, -0.2642433652199288, 2.1458615965883787, 0.19467336956800008,
      0.11386972175397697, -0.40662220175475683,
    ],
    last: [
      1.015878619021374, -0.40464662379321015, -0.6623002549812482, 0.11443410098233446,
      1.5084167334572267, 0.7406676319124517,
    ],
    classes: [1, 1, 1, 0, 0, 0, 0, 1], ones: 167, indexSum: 26_789),
]

@Suite("Two moons")
struct MoonsTests {
  @Test("The points and classes are scikit-learn's", arguments: goldens)
  private func points(_ golden: Golden) {
    let (x, y) = makeMoons(
      samples: golden.samples, noise: golden.noise, randomState: golden.seed,
      shuffle: golden.shuffle)
    #expect(x.shape == [golden.samples, 2] && y.shape == [golden.samples])
    // Sines and cosines may differ in the last bit.
    let (points, classes) = (x.elements, y.elements)
    expectClose(
      Array(points.prefix(golden.first.count)), golden.first, relative: 1e-15, absolute: 1e-15)
    expectClose(
      Array(points.suffix(golden.last.count)), golden.last, relative: 1e-15, absolute: 1e-15)
    #expect(Array(classes.prefix(8)) == golden.classes)
    #expect(classes.reduce(0, +) == golden.ones)
    #expect(classes.enumerated().reduce(0) { $0 + $1.offset * $1.element } == golden.indexSum)
  }

  @Test("There are no moons without points")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeMoons(samples: 0, randomState: 0) }
    #expect(message(of: result, contains: "makeMoons: got 0 samples", "expected 1 to 2^40"))
  }

  @Test("The noise is negative")
  func noise() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeMoons(noise: -0.1, randomState: 0) }
    #expect(message(of: result, contains: "makeMoons: got the noise -0.1", "0 or more"))
  }
}
