import TestSupport
import Testing
import Train

/// What scikit-learn 1.9.1 gives.
///
/// ```
/// X, y = make_blobs(n_samples=samples, n_features=features, centers=centers,
///                   cluster_std=deviation, center_box=box, shuffle=shuffle, random_state=seed)
/// X.ravel()[:6], X.ravel()[-6:], X.sum(), y[:8], (y * np.arange(samples)).sum()
/// ```
private struct Golden: Sendable, CustomTestStringConvertible {
  var samples: Int
  var centers: Int
  var features: Int
  var deviation: Double
  var box: ClosedRange<Double>
  var seed: UInt32
  var shuffle: Bool
  var first: [Double]
  var last: [Double]
  var sum: Double
  var classes: [Int]
  var indexSum: Int
  var testDescription: String { "\(samples) samples, \(centers) centers, seed \(seed)" }
}

private let goldens = [
  Golden(
    samples: 100, centers: 3, features: 2, deviation: 1.0, box: -10.0...10.0, seed: 0,
    shuffle: true,
    first: [
      2.631858338047819, 0.6893649043599419, 0.08080351735281943, 4.690689825307652,
      3.002519489206626, 0.7426535668471026,
    ],
    last: [
      1.8407062774060008, 3.561622307041948, -0.9016725621947179, 1.3158246057263752,
      -2.7523395320520736, 3.76224523773467,
    ],
    sum: 330.94847854992787, classes: [1, 0, 1, 0, 0, 0, 2, 2], indexSum: 4863),
  Golden(
    samples: 1000, centers: 4, features: 2, deviation: 0.6, box: -10.0...10.0, seed: 42,
    shuffle: true,
    first: [
      -8.668355033708325, 7.168179931276256, -6.434369967945686, -6.700534045032051,
      -6.544631043638237, -6.8345063584284995,
    ],
    last: [
      4.070239502928936, 3.5525989228431665, -7.24533451244684, -6.992292375067215,
      -9.175628572582992, 7.197989791251986,
    ],
    sum: -488.3969405819925, classes: [3, 2, 2, 1, 1, 2, 1, 2], indexSum: 760_283),
  Golden(
    samples: 1, centers: 3, features: 2, deviation: 1.0, box: -10.0...10.0, seed: 5, shuffle: true,
    first: [-5.450526736627027, 8.99712724060909],
    last: [-5.450526736627027, 8.99712724060909],
    sum: 3.546600503982064, classes: [0], indexSum: 0),
  Golden(
    samples: 2, centers: 5, features: 1, deviation: 0.5, box: 0.0...1.0, seed: 7, shuffle: true,
    first: [2.380376146798971, 0.12289131986383305],
    last: [2.380376146798971, 0.12289131986383305],
    sum: 2.5032674666628036, classes: [1, 0], indexSum: 0),
  Golden(
    samples: 7, centers: 3, features: 3, deviation: 2.0, box: -4.0...4.0, seed: 1, shuffle: true,
    first: [
      -4.210023063365085, 0.6861258245301456, -1.260696556324036, -1.8483240496728501,
      1.0483708551024233, -3.0850505247643896,
    ],
    last: [
      0.6108996657432408, 0.04278273406915756, -0.4538697427303853, -5.390761171939432,
      4.033286643337542, -6.033113274395282,
    ],
    sum: -29.043226276225738, classes: [2, 2, 0, 1, 1, 0, 0], indexSum: 9),
  Golden(
    samples: 10, centers: 3, features: 2, deviation: 1.0, box: -10.0...10.0, seed: 0,
    shuffle: false,
    first: [
      1.9263584960720843, 4.152430119150692, 0.8730512267529372, 4.714385829386762,
      1.1203136497073731, 5.758060834411365,
    ],
    last: [
      -4.079893829055984, 3.5715008567734836, -0.6624678143623997, 2.175717240926681,
      0.7428506107657022, 1.463516586734358,
    ],
    sum: 38.30281783087087, classes: [0, 0, 0, 0, 1, 1, 1, 2], indexSum: 63),
  Golden(
    samples: 101, centers: 2, features: 5, deviation: 0, box: 2.0...2.0, seed: 4_294_967_295,
    shuffle: true,
    first: [2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
    last: [2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
    sum: 1010.0, classes: [1, 0, 0, 1, 1, 0, 0, 0], indexSum: 2540),
  Golden(
    samples: 33, centers: 33, features: 4, deviation: 0.1, box: -100.0...3.5, seed: 9,
    shuffle: true,
    first: [
      -72.85396382359598, -40.467214928624585, -67.35599218967914, -17.91054754375289,
      -77.87324130220695, -77.54026334436364,
    ],
    last: [
      -43.322870245676604, -27.271680884414003, -72.76000292510363, -89.44143863696232,
      -4.880746506915501, -46.3903860131483,
    ],
    sum: -6474.127175036074, classes: [27, 18, 26, 6, 14, 10, 20, 22], indexSum: 7884),
]

@Suite("Blobs")
struct BlobsTests {
  @Test("The points and clusters are scikit-learn's", arguments: goldens)
  private func points(_ golden: Golden) {
    let (x, y) = makeBlobs(
      samples: golden.samples, centers: golden.centers, features: golden.features,
      clusterStandardDeviation: golden.deviation, centerBox: golden.box,
      randomState: golden.seed, shuffle: golden.shuffle)
    #expect(x.shape == [golden.samples, golden.features] && y.shape == [golden.samples])
    let (points, classes) = (x.elements, y.elements)
    // The logarithm behind normal numbers may differ in the last bit.
    expectClose(
      Array(points.prefix(golden.first.count)), golden.first, relative: 1e-15, absolute: 1e-15)
    expectClose(
      Array(points.suffix(golden.last.count)), golden.last, relative: 1e-15, absolute: 1e-15)
    expectClose([points.reduce(0, +)], [golden.sum], relative: 1e-12)
    #expect(Array(classes.prefix(8)) == golden.classes)
    #expect(classes.enumerated().reduce(0) { $0 + $1.offset * $1.element } == golden.indexSum)
  }

  /// ```
  /// make_blobs(n_samples=5, centers=[[0, 0, 1], [5, -5, 2]], cluster_std=0.5, random_state=3)
  /// make_blobs(n_samples=4, ..., shuffle=False)
  /// ```
  @Test("The centres may be given")
  func givenCenters() {
    let centers: Tensor<Double> = [[0, 0, 1], [5, -5, 2]]
    let five = makeBlobs(
      samples: 5, centers: centers, clusterStandardDeviation: 0.5, randomState: 3)
    #expect(five.y == [1, 1, 0, 0, 0])
    let expectedFive: Tensor<Double> = [
      [5.440659021103765, -4.145213468173526, 2.02501682108843],
      [4.761390984820249, -5.6569323766813415, 2.4423111902497925],
      [-0.9317463516822454, -0.13869410125719953, 0.8226205103655067],
      [-0.041370740741229886, -0.31350033841192365, 0.9780909155120359],
      [0.8943142367151593, 0.21825492525599471, 1.0482487340360043],
    ]
    expectClose(five.x, expectedFive, relative: 1e-15, absolute: 1e-15)

    // A view of other memory gives the same numbers.
    let columns: Tensor<Double> = [[0, 5], [0, -5], [1, 2]]
    let four = makeBlobs(
      samples: 4, centers: columns.transposed(), clusterStandardDeviation: 0.5, randomState: 3,
      shuffle: false)
    #expect(four.y == [0, 0, 1, 1])
    let expectedFour: Tensor<Double> = [
      [0.8943142367151593, 0.21825492525599471, 1.0482487340360043],
      [-0.9317463516822454, -0.13869410125719953, 0.8226205103655067],
      [4.95862925925877, -5.313500338411924, 1.9780909155120359],
      [4.761390984820249, -5.6569323766813415, 2.4423111902497925],
    ]
    expectClose(four.x, expectedFour, relative: 1e-15, absolute: 1e-15)
  }

  @Test("There are no points")
  func samples() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeBlobs(samples: 0, randomState: 0) }
    #expect(message(of: result, contains: "makeBlobs: got 0 samples", "expected 1 to 2^40"))
  }

  @Test("There are no centres")
  func noCenters() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeBlobs(centers: 0, randomState: 0) }
    #expect(message(of: result, contains: "makeBlobs: got 0 centers", "1 or more"))
  }

  @Test("There are no features")
  func noFeatures() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeBlobs(features: 0, randomState: 0) }
    #expect(message(of: result, contains: "makeBlobs: got 0 features", "1 or more"))
  }

  @Test("The centres have one axis")
  func centerShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeBlobs(centers: Tensor<Double>([1, 2, 3]), randomState: 0) }
    #expect(message(of: result, contains: "makeBlobs:", "[3]", "[clusters, features]"))
  }

  @Test("The standard deviation is negative")
  func deviation() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = makeBlobs(clusterStandardDeviation: -1, randomState: 0) }
    #expect(
      message(
        of: result, contains: "makeBlobs: got the cluster standard deviation -1.0", "0 or more"))
  }
}
