import Tensor
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("Functions")
struct FunctionsTests {
  private static let x: [Double] = [
    -.infinity, -2.5, -1.5, -0.5, 0.0, 0.5, 1.0, 1.5, 2.5, 20.0, .infinity, .nan,
  ]

  private func check(
    _ name: Comment, _ float: (Tensor<Float>) -> Tensor<Float>,
    _ double: (Tensor<Double>) -> Tensor<Double>, _ expected: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let x = Tensor(Self.x)
    let y = Tensor(expected)
    expectClose(
      double(x), y, relative: 1e-15, absolute: 1e-15, name, sourceLocation: sourceLocation)
    expectClose(
      float(Tensor<Float>(x)), Tensor<Float>(y), relative: 3e-7, name,
      sourceLocation: sourceLocation)
    for layout in Layout.allCases {
      let view = layout.matrix(seed: 2, of: Float.self) / 32 - 1
      let scattered = view.transposed()
      #expect(
        float(scattered).elements.map(\.bitPattern)
          == float(scattered.contiguous()).elements.map(\.bitPattern),
        name, sourceLocation: sourceLocation)
    }
    #expect(float(Tensor.zeros([3, 0])).shape == [3, 0], name, sourceLocation: sourceLocation)
    #expect(float(Tensor(1)).shape == [], name, sourceLocation: sourceLocation)
  }

  // NumPy 2.4.6: np.exp(x) and so on; sigmoid is 1 / (1 + np.exp(-x)), softplus np.logaddexp(x, 0).

  @Test("exponentials and logarithms are NumPy's")
  func exponentials() {
    check(
      "exp", exp, exp,
      [
        0.0, 0.0820849986238988, 0.22313016014842982, 0.6065306597126334, 1.0, 1.6487212707001282,
        2.718281828459045, 4.4816890703380645, 12.182493960703473, 485165195.4097903, .infinity,
        .nan,
      ])
    check(
      "log", log, log,
      [
        .nan, .nan, .nan, .nan, -.infinity, -0.6931471805599453, 0.0, 0.4054651081081644,
        0.9162907318741551, 2.995732273553991, .infinity, .nan,
      ])
    check(
      "expm1", expm1, expm1,
      [
        -1.0, -0.9179150013761012, -0.7768698398515702, -0.3934693402873666, 0.0,
        0.6487212707001282, 1.7182818284590453, 3.481689070338065, 11.182493960703473,
        485165194.4097903, .infinity, .nan,
      ])
    check(
      "log1p", log1p, log1p,
      [
        .nan, .nan, .nan, -0.6931471805599453, 0.0, 0.4054651081081644, 0.6931471805599453,
        0.9162907318741551, 1.252762968495368, 3.044522437723423, .infinity, .nan,
      ])
  }

  @Test("what networks use is NumPy's")
  func activations() {
    check(
      "tanh", tanh, tanh,
      [
        -1.0, -0.9866142981514303, -0.9051482536448665, -0.46211715726000974, 0.0,
        0.46211715726000974, 0.7615941559557649, 0.9051482536448665, 0.9866142981514303, 1.0, 1.0,
        .nan,
      ])
    check(
      "sigmoid", sigmoid, sigmoid,
      [
        0.0, 0.07585818002124355, 0.18242552380635635, 0.3775406687981454, 0.5,
        0.6224593312018546, 0.7310585786300049, 0.8175744761936437, 0.9241418199787566,
        0.9999999979388463, 1.0, .nan,
      ])
    check(
      "softplus", softplus, softplus,
      [
        0.0, 0.07888973429254963, 0.2014132779827524, 0.4740769841801067, 0.6931471805599453,
        0.9740769841801067, 1.3132616875182228, 1.7014132779827524, 2.5788897342925496,
        20.000000002061153, .infinity, .nan,
      ])
    check(
      "relu", relu, relu, [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 1.5, 2.5, 20.0, .infinity, .nan])
  }

  @Test("sin, cos, erf, gelu and rsqrt are NumPy's and SciPy's")
  func transcendentals() {
    // SciPy 1.17: scipy.special.erf(x), x / 2 * scipy.special.erfc(-x / np.sqrt(2)), where the limit
    // at -infinity is -0; 1 / np.sqrt(x).
    check(
      "sin", sin, sin,
      [
        .nan, -0.5984721441039565, -0.9974949866040544, -0.479425538604203, 0.0, 0.479425538604203,
        0.8414709848078965, 0.9974949866040544, 0.5984721441039565, 0.9129452507276277, .nan, .nan,
      ])
    check(
      "cos", cos, cos,
      [
        .nan, -0.8011436155469337, 0.0707372016677029, 0.8775825618903728, 1.0, 0.8775825618903728,
        0.5403023058681398, 0.0707372016677029, -0.8011436155469337, 0.40808206181339196, .nan,
        .nan,
      ])
    check(
      "erf", erf, erf,
      [
        -1.0, -0.999593047982555, -0.9661051464753108, -0.5204998778130465, 0.0,
        0.5204998778130465, 0.8427007929497148, 0.9661051464753108, 0.999593047982555, 1.0, 1.0,
        .nan,
      ])
    check(
      "gelu", gelu, gelu,
      [
        -0.0, -0.015524163314440346, -0.10021080190328713, -0.15426876936299347, 0.0,
        0.3457312306370065, 0.8413447460685429, 1.399789198096713, 2.4844758366855597, 20.0,
        .infinity, .nan,
      ])
    check(
      "rsqrt", rsqrt, rsqrt,
      [
        .nan, .nan, .nan, .nan, .infinity, 1.414213562373095, 1.0, 0.8164965809277261,
        0.6324555320336759, 0.22360679774997896, 0.0, .nan,
      ])
  }

  @Test("roots, squares and roundings are NumPy's")
  func roundings() {
    check(
      "sqrt", sqrt, sqrt,
      [
        .nan, .nan, .nan, .nan, 0.0, 0.7071067811865476, 1.0, 1.224744871391589,
        1.5811388300841898, 4.47213595499958, .infinity, .nan,
      ])
    check(
      "abs", abs, abs, [.infinity, 2.5, 1.5, 0.5, 0.0, 0.5, 1.0, 1.5, 2.5, 20.0, .infinity, .nan])
    check(
      "square", square, square,
      [.infinity, 6.25, 2.25, 0.25, 0.0, 0.25, 1.0, 2.25, 6.25, 400.0, .infinity, .nan])
    check(
      "sign", sign, sign, [-1.0, -1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, .nan])
    check(
      "floor", floor, floor,
      [-.infinity, -3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 1.0, 2.0, 20.0, .infinity, .nan])
    check(
      "ceil", ceil, ceil,
      [-.infinity, -2.0, -1.0, -0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 20.0, .infinity, .nan])
    check(
      "round", round, round,
      [-.infinity, -2.0, -2.0, -0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 20.0, .infinity, .nan])
  }

  @Test("softmax normalises along the last axis without overflow")
  func softmaxRows() {
    // e = np.exp(x - x.max(-1, keepdims=True)); e / e.sum(-1, keepdims=True)
    let x: Tensor<Double> = [[1, 2, 3], [1000, 1000, 1000], [-5, 0, 5]]
    let expected = Tensor<Double>([
      [0.09003057317038046, 0.24472847105479764, 0.6652409557748218],
      [1.0 / 3, 1.0 / 3, 1.0 / 3],
      [4.5094041236354885e-05, 0.006692549116589288, 0.9932623568421745],
    ])
    expectClose(softmax(x), expected)
    expectClose(softmax(Tensor<Float>(x)), Tensor<Float>(expected), relative: 1e-6)
    expectClose(softmax(x.reshaped(to: [3, 1, 3])), expected.reshaped(to: [3, 1, 3]))
    let across = Tensor<Double>([[1, 1000, -5], [2, 1000, 0], [3, 1000, 5]])
    expectClose(softmax(across.transposed()), expected)
    expectClose(softmax(x[0, ...]), expected[0, ...])
    #expect(softmax(Tensor<Float>.zeros([0, 4])).shape == [0, 4])
    #expect(softmax(Tensor<Float>.zeros([4, 0])).shape == [4, 0])
    #expect(softmax(Tensor<Float>([[3], [-900]])) == [[1], [1]])
  }

  @Test("large arrays have the same bits for any number of threads")
  func threads() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>(numbers(200_003)) / 16 - 4
      expectSameBits("exp") { exp(x) }
      expectSameBits("tanh") { tanh(x[1...]) }
      expectSameBits("softmax") { softmax(x[..<200_000].reshaped(to: [2000, 100])) }
      #expect(exp(x)[199_999] == exp(x[199_999...199_999])[0])
    }
  }
}

@Suite("The tangent")
struct TangentTests {
  @Test("is within 3 ulps of the C library's, of views and special numbers too")
  func accuracy() {
    var generator = RandomGenerator(seed: 8)
    for scale in [1e-3, 1, 10, 1e4] {
      let x = Tensor<Double>.normal([50, 60], standardDeviation: scale, using: &generator)
      let y = tan(x.transposed())
      for (got, angle) in zip(y.elements, x.transposed().elements) {
        let want = tan(angle)
        #expect(abs(got - want) <= 3 * want.ulp, "\(angle)")
      }
      let single = Tensor<Float>(x)
      for (got, angle) in zip(tan(single).elements, single.elements) {
        let want = Float(tan(Double(angle)))
        #expect(abs(got - want) <= 3 * want.ulp, "\(angle)")
      }
    }
    let special = tan(Tensor<Double>([0, -0.0, .infinity, .nan, 1e300]))
    #expect(special[0] == 0 && special[1].sign == .minus)
    #expect(special[2].isNaN && special[3].isNaN && abs(special[4] - tan(1e300)) < 1e-9)
  }
}
