// What the cases drawn for EverydayOracleTests.swift do not reach: memory that views share, empty
// operands, limits, and messages.

import Tensor
import TestSupport
import Testing

struct EverydayTests {
  // MARK: Views

  @Test("Windows are a view, and changing them changes nothing else")
  func windows() {
    var x = Tensor<Float>([1, 2, 3, 4, 5])
    var windows = x.slidingWindows(size: 3)
    #expect(windows.base == x.base)
    #expect(windows == [[1, 2, 3], [2, 3, 4], [3, 4, 5]])
    // The only owner of the memory: still each element has one place of its own after a change.
    x = [0]
    windows[0, 1] = 9
    #expect(windows == [[1, 9, 3], [2, 3, 4], [3, 4, 5]])
    windows += 1
    #expect(windows == [[2, 10, 4], [3, 4, 5], [4, 5, 6]])
    var transposed = Tensor<Float>([1, 2, 3, 4]).slidingWindows(size: 2).transposed()
    transposed[0, 1] = 7
    #expect(transposed == [[1, 7, 3], [2, 3, 4]])
    let two = Tensor<Int>.range(from: 0, to: 16).reshaped(to: [4, 4])
      .slidingWindows(size: 3, axis: 0).slidingWindows(size: 3, axis: 1)
    #expect(two.shape == [2, 2, 3, 3] && two[1, 1, 2, 2] == 15 && two[1, 0, 2, 0] == 12)
    #expect(Tensor<Int>([1, 2]).slidingWindows(size: 2, step: .max) == [[1, 2]])
  }

  @Test("A transposed or sliced tensor that owns its memory is changed in place")
  func changesInPlace() {
    var x = Tensor<Float>.ones([3, 4]).transposed()
    let base = x.base
    x[1, 2] = 5
    x[0..., 0] = 2
    #expect(x.base == base)
    #expect(x[1, 2] == 5 && x.sum() == 16 + 4)
  }

  @Test("Quarter turns and a filled diagonal leave the original alone")
  func original() {
    let x: Tensor<Int> = [[1, 2, 3], [4, 5, 6]]
    #expect(x.rotated() == [[3, 6], [2, 5], [1, 4]])
    var y = x
    y.fillDiagonal(0)
    #expect(y == [[0, 2, 3], [4, 0, 6]] && x[0, 0] == 1)
    y = x.transposed()
    y.fillDiagonal([7, 8], offset: -1)
    #expect(y == [[1, 4], [7, 5], [3, 8]] && x[0, 1] == 2)
  }

  @Test("A mapped tensor has the closure's type; an error leaves the loop")
  func map() throws {
    struct Odd: Error, Equatable { let number: Int }
    let x: Tensor<Int> = [[1, 2], [3, 4]]
    #expect(x.transposed().map { Double($0) / 2 } == [[0.5, 1.5], [1, 2]])
    #expect(x.map { $0 > 2 } == [[false, false], [true, true]])
    #expect(throws: Odd(number: 1)) {
      try x.map { (number: Int) throws(Odd) in
        if number % 2 == 1 { throw Odd(number: number) }
        return number
      }
    }
  }

  @Test("Tensors broadcast together")
  func together() {
    let all = broadcastTogether([Tensor<Int>([1, 2, 3]), Tensor<Int>([[4], [5]]), Tensor<Int>(6)])
    #expect(all[0] == [[1, 2, 3], [1, 2, 3]] && all[1] == [[4, 4, 4], [5, 5, 5]])
    #expect(all[2] == Tensor(repeating: 6, shape: [2, 3]))
    #expect(broadcastTogether([Tensor<Int>]()).isEmpty)
  }

  // MARK: Subscripts

  @Test("A literal of positions, and one number for all parts")
  func literals() {
    var x = Tensor<Int>.range(from: 0, to: 12).reshaped(to: [3, 4])
    #expect(x[[0, 2], 0...] == [[0, 1, 2, 3], [8, 9, 10, 11]])
    #expect(x[[0, 2], ...] == x[[0, 2], 0...])
    x[x[0..., 0] .> 3, 1] = -1
    #expect(x[0..., 1] == [1, -1, -1])
    x[Tensor<Int>([1, 1]), 2...] = 0
    #expect(x[1, ...] == [4, -1, 0, 0])
    x[0..., Tensor<Int>([3])] = 5
    #expect(x[0..., 3] == [5, 5, 5])
    x[x[0..., 0] .< 0, 0...] = 100
    #expect(x.max() == 10)
  }

  // MARK: Limits

  @Test("Quantiles beside infinities and at the ends of the range")
  func quantileLimits() {
    let infinity = Double.infinity
    #expect(Tensor<Double>([3, infinity]).median() == infinity)
    #expect(Tensor<Double>([-infinity, 3]).median() == -infinity)
    #expect(Tensor<Double>([-infinity, infinity]).median().isNaN)
    #expect(Tensor<Double>([infinity, infinity]).median() == infinity)
    #expect(Tensor<Double>([3, infinity]).quantile(0) == 3)
    #expect(Tensor<Double>([-1.5e308, 1.5e308]).median() == 0)
    #expect(Tensor<Float>([1, .nan, 3]).median().isNaN)
    #expect(Tensor<Float>([1, .nan, 3]).nanMedian() == 2)
    #expect(Tensor<Float>([.nan]).nanMedian().isNaN)
    #expect("\(Tensor<Double>([-Double.nan, 1]).median())" == "nan")
    #expect(Tensor<Double>([1, 2, 4]).quantiles([0, 0.5, 1], axes: [0]) == [1, 2, 4])
    #expect(Tensor<Double>.zeros([0, 3]).median(axis: 1).shape == [0])
  }

  @Test("Interpolation beyond the ends, at points, beside infinities")
  func interpolation() {
    let (p, v) = (Tensor<Double>([1, 2, 4]), Tensor<Double>([10, 20, 0]))
    let x = Tensor<Double>([0, 1, 1.5, 2, 3, 4, 5, .nan])
    expectClose(
      interpolate(x, positions: p, values: v),
      Tensor<Double>([10, 10, 15, 20, 10, 0, 0, .nan]))
    expectClose(
      interpolate(x, positions: p, values: v, left: -1, right: .infinity),
      Tensor<Double>([-1, 10, 15, 20, 10, 0, .infinity, .nan]))
    #expect(interpolate(Tensor<Float>(3), positions: [5], values: [7]).scalar == 7)
    #expect(interpolate(Tensor<Float>([]), positions: [5], values: [7]).count == 0)
  }

  @Test("A convolution's infinite factor reaches only what it meets")
  func convolutionOfInfinity() {
    let result = convolve(Tensor<Float>([1, 0, 2]), Tensor<Float>([.infinity, 1]))
    #expect(result[0] == .infinity && result[1].isNaN && result[2] == .infinity && result[3] == 2)
    var generator = RandomGenerator(seed: 1)
    let (a, b) = (
      Tensor<Double>.normal([20_011], using: &generator),
      Tensor<Double>.normal([37], using: &generator)
    )
    let c = convolve(a, b)
    for k in [0, 36, 8191, 8192, 20_010, 20_046] {
      let expected = (0..<37).reduce(0.0) { sum, j in
        k - j >= 0 && k - j < a.count ? sum + a[k - j] * b[j] : sum
      }
      #expect(abs(c[k] - expected) < 1e-12)
    }
  }

  @Test("Integers wrap around, and shift as Swift's do")
  func integers() {
    #expect(pow(Tensor<Int32>([3, -2]), 31) == [1_264_544_299, -2_147_483_648])
    #expect(Tensor<Int32>([-8, 1]) >> 40 == [-1, 0])
    #expect(Tensor<Int>([1, -1]) << 64 == [0, 0])
    #expect(lcm(Tensor<Int>([0, -4]), [0, 6]) == [0, 12])
    #expect(gcd(Tensor<Int>([.min, 0]), Tensor<Int>([.min, -7])).elements == [.min, 7])
    #expect(~Tensor<UInt8>([0, 250]) == [255, 5])
    #expect(Tensor<Int>([1, 2, 3, 6]).standardDeviation() == 1.8708286933869707)
  }

  @Test("A partition of equal, sorted and reversed elements, and with NaN")
  func partitions() {
    for x in [
      Tensor<Double>(repeating: 1, shape: [1000]), .range(from: 0, to: 1000),
      Tensor<Double>.range(from: 0, to: 1000).flipped(),
      mod(Tensor<Double>.range(from: 0, to: 1000) * 7, 13),
    ] {
      for k in [0, 1, 499, 998, 999] {
        let y = x.partitioned(at: k)
        #expect(y[k] == x.sorted()[k] && y.sorted() == x.sorted())
        #expect(k == 0 || y[..<k].max() <= y[k])
        #expect(y[k...].min() >= y[k])
      }
    }
    let y = Tensor<Float>([.nan, 2, -.nan, 1]).partitioned(at: 1)
    #expect(y[0] == 1 && y[1] == 2 && y[2].isNaN && y[3].isNaN)
  }

  @Test("Correlations are within -1 and 1, and constant variables have none")
  func correlations() {
    let x = Tensor<Double>([[1, 2, 4], [2, 4, 8], [-1, -2, -4], [5, 5, 5]])
    let r = x.correlationCoefficients()
    expectClose(r[..<3, ..<3], [[1, 1, -1], [1, 1, -1], [-1, -1, 1]])
    #expect(r[3, 0].isNaN && r.nanMax() <= 1)
    #expect(x[0, ...].covariance().scalar == x[0, ...].variance(correction: 1))
  }
}

private let mistakes: [Mistake] = [
  Mistake("windows longer than the axis", "slidingWindows: windows of 4 elements", "[3]") {
    _ = Tensor<Int>([1, 2, 3]).slidingWindows(size: 4)
  },
  Mistake("quantile without elements", "quantile: there are no elements along axes [1]") {
    _ = Tensor<Float>.zeros([2, 0]).median(axis: 1)
  },
  Mistake("axes named twice", "quantile: axes [0, -2] name an axis of shape [2, 3] twice") {
    _ = Tensor<Float>.zeros([2, 3]).quantile(0.5, axes: [0, -2])
  },
  Mistake("negative power", "pow: an exponent is negative", "convert to Double") {
    _ = pow(Tensor<Int>([2]), -1)
  },
  Mistake("number beyond the shape", "unraveled: 6 is out of range for shape [2, 3]") {
    _ = TensorShape([2, 3]).unraveled(6)
  },
  Mistake("coordinate beyond the axis", "raveled: 3 is out of range for axis 1 of shape [2, 3]") {
    _ = TensorShape([2, 3]).raveled([Tensor<Int>([0]), [3]])
  },
  Mistake("mean of truth values", "padded: truth values have no mean") {
    _ = Tensor<Bool>([true]).padded(1, mode: .mean)
  },
  Mistake("reflection of nothing", "padded: axis 0 of shape [0] has no edge") {
    _ = Tensor<Int>([]).padded(1, mode: .reflect)
  },
  Mistake("points that are no function", "interpolate: got positions of shape [2]") {
    _ = interpolate(Tensor<Float>([1]), positions: [1, 2], values: [3])
  },
  Mistake("slope of too few", "gradient: axis 0 of shape [2] needs at least 3 elements") {
    _ = Tensor<Float>([1, 2]).gradient(edgeOrder: 2)
  },
  Mistake("ends with two signs", "geomspace: got the ends -1.0 and 1.0") {
    _ = Tensor<Double>.geomspace(from: -1, to: 1, count: 3)
  },
  Mistake("keys of two shapes", "lexsort: got keys of shape [2] and [3]") {
    _ = lexsort([Tensor<Int>([1, 2]), [1, 2, 3]])
  },
  Mistake("partition beyond the end", "partitioned: position 2 is out of range for axis 0") {
    _ = Tensor<Int>([1, 2]).partitioned(at: 2)
  },
  Mistake("too few weights", "mean: 2 weights do not fit axis 1 of shape [2, 3]") {
    _ = Tensor<Float>.ones([2, 3]).mean(weights: [1, 2], axis: 1)
  },
  Mistake("integer matrices that do not fit", "matmul: inner sizes differ", "[2, 3] and [2, 3]") {
    _ = matmul(Tensor<Int>.ones([2, 3]), .ones([2, 3]))
  },
  Mistake("too many decimals", "round: got 9223372036854775807 decimals") {
    _ = round(Tensor<Float>([1]), decimals: .max)
  },
]

struct EverydayMistakesTests {
  @Test("a mistake stops the program and is explained", arguments: mistakes.indices)
  func mistake(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in mistakes[index].make() }
    for phrase in mistakes[index].phrases {
      #expect(message(of: result, contains: phrase), "\(mistakes[index].testDescription)")
    }
  }
}
