import Tensor
import Testing

#if canImport(Glibc)
/// NumPy's normal numbers were computed with this C library's logarithm: equal to the last bit.
private let tolerance = 0.0
#else
private let tolerance = 1e-15
#endif

private func expectClose(
  _ got: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(got.count == expected.count, sourceLocation: sourceLocation)
  for (x, y) in zip(got, expected) {
    #expect(abs(x - y) <= tolerance * abs(y), "\(x), \(y)", sourceLocation: sourceLocation)
  }
}

/// What NumPy 2.4.6 gives for one seed; the Python beside each use.
private struct Golden: Sendable, CustomTestStringConvertible {
  var seed: UInt32
  var words: [UInt32]
  var uniform: [Double]
  var normal: [Double]
  var integers: [Int]
  var uniformAfterIntegers: Double
  var shuffled: [Int]
  var mixed: [Double]
  var permutation5: [Int]
  var lastMixed: [Double]
  var permutations: [[Int]]
  var permutation1000: [Int]
  var sum: Int
  var uniformAfterPermutations: Double
  var testDescription: String { "seed \(seed)" }
}

private let goldens = [
  Golden(
    seed: 0,
    words: [2_357_136_044, 2_546_248_239, 3_071_714_933],
    uniform: [0.5488135039273248, 0.7151893663724195, 0.6771411441114241],
    normal: [1.764052345967664, 0.4001572083672233, 0.9787379841057392, -0.35811407547985674],
    integers: [
      0, 0, 1, 0, 835, 1_537_364_731, 2_340_255_427, 1_879_422_756, 377_492_290_630,
      1_046_169_753_006_283_352,
    ],
    uniformAfterIntegers: 0x1.17333631149c8p-2,
    shuffled: [1, 6, 8, 7, 0, 4, 2, 5, 3, 9],
    mixed: [2.240893199201458, 1.343655821249449],
    permutation5: [4, 2, 3, 1, 0],
    lastMixed: [0.44386323274542566, 1.1668371636871333],
    permutations: [[], [0], [1, 0], [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]],
    permutation1000: [722, 311, 679, 804],
    sum: 249_331_305,
    uniformAfterPermutations: 0.19056691494006806),
  Golden(
    seed: 1,
    words: [1_791_095_845, 4_282_876_139, 3_093_770_124],
    uniform: [0.417022004702574, 0.7203244934421581, 0.7744772660150796],
    normal: [1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -0.18695501653274957],
    integers: [
      0, 1, 0, 8, 767, 550_290_313, 1_298_508_491, 396_591_248, 554_850_762_700,
      7_155_690_149_713_980_141,
    ],
    uniformAfterIntegers: 0x1.56e8f3d964a36p-1,
    shuffled: [1, 7, 3, 0, 8, 5, 9, 4, 2, 6],
    mixed: [-1.0729686221561705, -0.39295950389122125],
    permutation5: [3, 4, 1, 0, 2],
    lastMixed: [-0.3224172040135075, 0.8079728226657922],
    permutations: [[], [0], [0, 1], [2, 3, 4, 9, 1, 6, 0, 7, 5, 8]],
    permutation1000: [267, 142, 421, 390],
    sum: 249_821_187,
    uniformAfterPermutations: 0.3456988211755023),
  Golden(
    seed: 42,
    words: [1_608_637_542, 3_421_126_067, 4_083_286_876],
    uniform: [0.3745401188473625, 0.9507143064099162, 0.44600577295795574],
    normal: [0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 0.5725827813561586],
    integers: [
      0, 0, 0, 7, 700, 415_968_276, 670_094_950, 249_467_210, 871_303_592_023,
      6_155_837_350_739_094_627,
    ],
    uniformAfterIntegers: 0x1.24975bb5443e8p-3,
    shuffled: [0, 1, 5, 3, 4, 7, 8, 9, 2, 6],
    mixed: [1.5230298564080254, -1.6051189468102982],
    permutation5: [0, 2, 4, 1, 3],
    lastMixed: [-0.46341769281246226, 0.7671351232148715],
    permutations: [[], [0], [1, 0], [5, 0, 9, 6, 2, 1, 8, 4, 7, 3]],
    permutation1000: [752, 519, 94, 87],
    sum: 253_343_857,
    uniformAfterPermutations: 0.7602278598896866),
  Golden(
    seed: 4_294_967_295,
    words: [419_326_371, 479_346_978, 3_918_654_476],
    uniform: [0.0976320289940138, 0.9123828453026218, 0.556626859384112],
    normal: [0.6484086742306527, 0.6693235306338161, -1.0805437227474493, 0.8396779525796308],
    integers: [
      0, 1, 2, 7, 948, 113_049_152, 3_350_089_942, 77_050_329, 141_602_949_759,
      80_909_193_470_170_866,
    ],
    uniformAfterIntegers: 0x1.641870c959fbcp-1,
    shuffled: [2, 0, 3, 4, 1, 5, 9, 8, 7, 6],
    mixed: [0.2845010447986309, 4.5347362733102266],
    permutation5: [3, 4, 1, 2, 0],
    lastMixed: [1.0148375959360278, 0.23995717622748203],
    permutations: [[], [0], [0, 1], [3, 8, 5, 6, 1, 9, 0, 4, 7, 2]],
    permutation1000: [917, 28, 57, 779],
    sum: 249_463_715,
    uniformAfterPermutations: 0.03593415848254877),
]

struct MersenneTwisterTests {
  @Test("The first words are NumPy's", arguments: goldens)
  private func words(_ golden: Golden) {
    // RandomState(seed).randint(0, 2**32, 3, dtype=np.uint64)
    var generator = MersenneTwister(seed: golden.seed)
    #expect(golden.words.map { _ in generator.nextWord() } == golden.words)
    generator = MersenneTwister(seed: golden.seed)
    #expect(generator.next() == UInt64(golden.words[0]) << 32 | UInt64(golden.words[1]))
  }

  @Test("Uniform numbers 0, 1 and 999 are NumPy's", arguments: goldens)
  private func uniform(_ golden: Golden) {
    // RandomState(seed).random_sample(1000)[[0, 1, 999]]
    var generator = MersenneTwister(seed: golden.seed)
    let one = (0..<1000).map { _ in generator.nextUniform() }
    generator = MersenneTwister(seed: golden.seed)
    var filled = [Double](repeating: 0, count: 1000)
    filled.withUnsafeMutableBufferPointer { generator.fillUniform($0) }
    #expect([0, 1, 999].map { one[$0] } == golden.uniform)
    #expect(filled == one)
  }

  @Test("Normal numbers 0, 1, 2 and 999 are NumPy's", arguments: goldens)
  private func normal(_ golden: Golden) {
    // RandomState(seed).standard_normal(1000)[[0, 1, 2, 999]]
    var generator = MersenneTwister(seed: golden.seed)
    let one = (0..<1000).map { _ in generator.nextNormal() }
    generator = MersenneTwister(seed: golden.seed)
    var filled = [Double](repeating: 0, count: 1000)
    filled.withUnsafeMutableBufferPointer {
      generator.fillNormal($0, mean: 2, standardDeviation: 3)
    }
    expectClose([0, 1, 2, 999].map { one[$0] }, golden.normal)
    #expect(filled == one.map { 2 + 3 * $0 })
  }

  @Test("Bounded integers are those of randint", arguments: goldens)
  private func integers(_ golden: Golden) {
    // r = RandomState(seed)
    // [r.randint(b) for b in (1, 2, 3, 10, 1000, 2**31, 2**32, 2**32+1, 2**40, 2**63-1)]
    // r.random_sample().hex()
    var generator = MersenneTwister(seed: golden.seed)
    let bounds = [1, 2, 3, 10, 1000, 1 << 31, 1 << 32, 1 << 32 + 1, 1 << 40, Int.max]
    #expect(bounds.map { generator.nextInteger(upTo: $0 - 1) } == golden.integers)
    #expect(generator.nextUniform() == golden.uniformAfterIntegers)
  }

  @Test("Mixed calls keep step with NumPy, the second normal number included", arguments: goldens)
  private func mixed(_ golden: Golden) {
    // r = RandomState(seed); r.standard_normal(3); a = np.arange(10); r.shuffle(a)
    // [r.standard_normal(), r.uniform(-2, 5)], r.permutation(5),
    // [r.standard_normal(), r.normal(1, .5)]
    var generator = MersenneTwister(seed: golden.seed)
    for _ in 0..<3 { _ = generator.nextNormal() }
    var array = Array(0..<10)
    generator.shuffle(&array)
    #expect(array == golden.shuffled)
    expectClose(
      [generator.nextNormal(), generator.nextUniform(from: -2, to: 5)], golden.mixed)
    #expect(generator.permutation(5) == golden.permutation5)
    expectClose(
      [generator.nextNormal(), 1 + 0.5 * generator.nextNormal()], golden.lastMixed)
  }

  @Test("Permutations of 0, 1, 2, 10 and 1000 elements are NumPy's", arguments: goldens)
  private func permutations(_ golden: Golden) {
    // r = RandomState(seed); [r.permutation(k) for k in (0, 1, 2, 10)]
    // q = r.permutation(1000); q[[0, 1, 499, 999]], (q * np.arange(1000)).sum()
    // r.random_sample()
    var generator = MersenneTwister(seed: golden.seed)
    #expect([0, 1, 2, 10].map { generator.permutation($0) } == golden.permutations)
    let thousand = generator.permutation(1000)
    #expect([0, 1, 499, 999].map { thousand[$0] } == golden.permutation1000)
    #expect(thousand.enumerated().reduce(0) { $0 + $1.offset * $1.element } == golden.sum)
    #expect(generator.nextUniform() == golden.uniformAfterPermutations)
  }

  @Test("A copy repeats the original")
  func valueSemantics() {
    var original = MersenneTwister(seed: 5)
    _ = original.nextNormal()
    var copy = original
    let expected = (0..<700).map { _ in original.nextNormal() }
    #expect((0..<700).map { _ in copy.nextNormal() } == expected)
  }

  @Test("Empty buffers take nothing from the generator")
  func empty() {
    var generator = MersenneTwister(seed: 0)
    let nothing = UnsafeMutableBufferPointer<Double>(start: nil, count: 0)
    generator.fillUniform(nothing)
    generator.fillNormal(nothing)
    var array: [String] = []
    generator.shuffle(&array)
    #expect(generator.nextWord() == 2_357_136_044)
  }
}
