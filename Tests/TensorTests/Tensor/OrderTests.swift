// Sorting, statistics and running totals: long inputs and special ones; short ones are compared with
// NumPy in Oracle.

import Tensor
import TestSupport
import Testing

@Suite("Order and statistics")
struct OrderTests {
  /// Numbers without a pattern, with repetitions, both zeros and the infinities.
  private func mixed<Scalar: TensorFloat>(_ count: Int, _: Scalar.Type) -> Tensor<Scalar> {
    var generator = RandomGenerator(seed: UInt64(count))
    var t = Tensor<Scalar>.normal([count], standardDeviation: 100, using: &generator)
    let kinds = Tensor<Int>.integers([count], in: 0..<10, using: &generator)
    t[kinds .== 1] = -0.0
    t[kinds .== 2] = 0
    t[kinds .== 3] = .infinity
    t[kinds .== 4] = -.infinity
    t[kinds .== 5] = 3
    return t
  }

  @Test(
    "sorts every length, stably",
    arguments: [
      0, 1, 2, 15, 16, 17, 23, 24, 31, 33, 40, 64, 65, 127, 128, 255, 500, 1000, 1024, 1025, 2048,
      2049, 3001, 20_000, 70_000, 300_000,
    ])
  func lengths(count: Int) {
    let t = mixed(count, Float.self)
    let values = t.elements
    #expect(t.sorted().elements == values.sorted())
    #expect(t.sorted(descending: true).elements == values.sorted(by: >))
    // The standard library's sort is stable.
    #expect(t.argsort().elements == values.indices.sorted { values[$0] < values[$1] })
    #expect(
      t.argsort(descending: true).elements == values.indices.sorted { values[$0] > values[$1] })
    let doubles = mixed(count, Double.self)
    #expect(doubles.sorted().elements == doubles.elements.sorted())
    let numbers = doubles.elements
    #expect(doubles.argsort().elements == numbers.indices.sorted { numbers[$0] < numbers[$1] })
    let integers = Tensor<Int>((0..<count).map { ($0 &* 0x1E37_79B9_7F4A_7C15) >> 20 })
    #expect(integers.sorted().elements == integers.elements.sorted())
    let small = Tensor<Int32>(integers)
    #expect(small.sorted().elements == small.elements.sorted())
    let bytes = Tensor<UInt8>(integers)
    #expect(bytes.sorted(descending: true).elements == bytes.elements.sorted(by: >))
    let unsorted = bytes.elements
    #expect(bytes.argsort().elements == unsorted.indices.sorted { unsorted[$0] < unsorted[$1] })
  }

  @Test("NaN comes last, whatever its sign")
  func nan() {
    let t = Tensor<Float>([2, .nan, -1, -.nan, .infinity])
    #expect(t.sorted()[..<3] == Tensor([-1, 2, .infinity]) && isNaN(t.sorted()[3...]).all())
    #expect(t.argsort() == [2, 0, 4, 1, 3])
    #expect(t.unique().count == 4 && t.uniqueAll().counts == [1, 1, 1, 2])
    #expect(t.quantile(0.5).isNaN && t.median(axis: 0).scalar.isNaN)
  }

  @Test("the largest elements in falling order, the first of equal ones")
  func largest() {
    let t: Tensor<Int> = [[3, 9, 9, 1], [5, 5, 5, 5]]
    let (values, positions) = t.topK(3)
    #expect(values == [[9, 9, 3], [5, 5, 5]] && positions == [[1, 2, 0], [0, 1, 2]])
    #expect(t.topK(1, axis: 0).values == [[5, 9, 9, 5]])
    #expect(t.topK(0).values.shape == [2, 0])
    for (count, k) in [(500, 64), (500, 65), (500, 500), (100_000, 10)] {
      let long = mixed(count, Double.self)
      let (values, positions) = long.topK(k)
      #expect(values.elements == Array(long.elements.sorted(by: >).prefix(k)))
      #expect(positions == long.argsort(descending: true)[..<k])
    }
  }

  @Test("quantiles and the median")
  func quantiles() {
    let t: Tensor<Double> = [[7, 1, 3, 5], [2, 8, 6, 4]]
    #expect(t.median() == 4.5 && t.median(axis: 1) == [4, 5] && t.median(axis: 0).shape == [4])
    #expect(t.percentile(25) == 2.75 && t.quantile(0) == 1 && t.quantile(1) == 8)
    // np.quantile(t, [.1, .9], axis=1)
    expectClose(t.quantiles([0.1, 0.9], axis: 1), [[1.6, 2.6], [6.4, 7.4]])
    #expect(t.quantile(0.5, axis: 1, keepingDimensions: true).shape == [2, 1])
    #expect(Tensor<Float>([4]).median() == 4)
    #expect(Tensor<Float>([.infinity, .infinity]).median() == .infinity)
  }

  @Test("histograms and bins follow NumPy's edges")
  func histograms() {
    // np.histogram([0, 1, 1.5, 2, 3, 3, 7], 3), and with range (1, 3)
    let t: Tensor<Float> = [0, 1, 1.5, 2, 3, 3, 7]
    let (counts, edges) = t.histogram(bins: 3)
    #expect(counts == [4, 2, 1] && edges.count == 4 && edges[3] == 7)
    #expect(t.histogram(bins: 2, range: 1...3).counts == [2, 3])
    #expect(t.histogram(edges: [0, 1, 3, 4]) == [1, 3, 2])
    #expect(Tensor<Float>([2, 2]).histogram(bins: 2).edges == [1.5, 2, 2.5])
    #expect(Tensor<Float>([]).histogram(bins: 2).counts == [0, 0])
    #expect(Tensor<UInt8>([1, 3, 3]).binCount() == [0, 1, 0, 2])
    #expect(Tensor<Int>([]).binCount(minimumLength: 2) == [0, 0])
    #expect(Tensor<Int>([1, 1, 0]).binCount(weights: Tensor<Float>([0.5, 1, 2])) == [2, 1.5])
    #expect(t.digitized(edges: [1, 3]) == [0, 1, 1, 1, 2, 2, 2])
    #expect(t.digitized(edges: [1, 3], right: true) == [0, 0, 1, 1, 1, 1, 2])
  }

  @Test("norms, log-sum-exp and reductions without NaN")
  func norms() {
    let t: Tensor<Double> = [[3, -4], [0, 12]]
    #expect(t.norm() == 13 && t.norm(.one) == 19 && t.norm(.infinity) == 12)
    #expect(t.norm(axis: 1) == [5, 12] && t.norm(.one, axis: 0) == [3, 16])
    #expect(Tensor<Float>([]).norm(.infinity) == 0)
    // np.logaddexp.reduce([1000, 1000.5]), of -inf
    expectClose([Tensor<Double>([1000, 1000.5]).logSumExp()], [1000.9740769841801])
    #expect(Tensor<Double>([-.infinity, -.infinity]).logSumExp() == -.infinity)
    #expect(Tensor<Double>([.infinity, 0]).logSumExp() == .infinity)
    let n = Tensor<Double>([[1, .nan], [.nan, .nan]])
    #expect(n.nanSum() == 1 && n.nanMean() == 1 && n.nanMax() == 1 && n.nanMin() == 1)
    #expect(
      n.nanSum(axis: 1) == [1, 0] && n.nanMean(axis: 1)[1].isNaN && n.nanMin(axis: 1)[0] == 1)
    // np.var(t, ddof=1), np.std(t, axis=0, ddof=1)
    expectClose([t.variance(correction: 1)], [46.25])
    expectClose(
      t.standardDeviation(axis: 0, correction: 1), [2.1213203435596424, 11.313708498984761])
    #expect(t.variance(axes: [0, 1], keepingDimensions: true).shape == [1, 1])
  }

  @Test("running totals of long rows and of columns")
  func totals() {
    let t = Tensor<Int>(repeating: 2, shape: [100_000])
    #expect(t.cumulativeSum()[99_999] == 200_000)
    #expect(Tensor<UInt8>([200, 100]).cumulativeSum() == [200, 300])
    #expect(Tensor<Float>([[1, 2], [3, 4]]).cumulativeProduct(axis: 0) == [[1, 2], [3, 8]])
    #expect(Tensor<Float>([[1, 2], [3, 4]]).cumulativeSum() == [1, 3, 6, 10])
    #expect(Tensor<Int>([1, 4, 9]).differences() == [3, 5])
    #expect(Tensor<Int>([1, 4, 9]).differences(order: 2) == [2])
    #expect(Tensor<Int>([]).differences().shape == [0])
  }
}
