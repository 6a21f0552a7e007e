import Tensor
import TestSupport
import Testing

@Suite("Reductions")
struct ReductionsTests {
  // r = np.array([[[3, -1, 2], [0.5, 4, -2]], [[7, -3, 1], [2, 2, -6]]])
  let r: Tensor<Double> = [[[3, -1, 2], [0.5, 4, -2]], [[7, -3, 1], [2, 2, -6]]]

  @Test("over the whole tensor")
  func whole() {
    #expect(r.sum() == 9.5 && r.product() == 12096 && r.max() == 7 && r.min() == -6)
    expectClose(
      [r.mean(), r.variance(), r.standardDeviation()],
      [0.7916666666666666, 10.810763888888888, 3.2879726107266904])
    #expect(r.argmax() == 6 && r.argmin() == 11)
    let number = Tensor<Float>(-3)
    #expect(number.sum() == -3 && number.max() == -3 && number.argmax() == 0)
    #expect(number.variance() == 0)
  }

  @Test("along one axis, counted from either end")
  func oneAxis() {
    // r.sum(0), r.prod(0), r.mean(0), r.max(0), r.min(0), …
    let sums: [[Double]] = [[10, -4, 3, 2.5, 6, -8], [3.5, 3, 0, 9, -1, -5], [4, 2.5, 5, -2]]
    let products: [[Double]] = [
      [21, 3, 2, 1, 8, 12], [1.5, -4, -4, 14, -6, -6], [-6, -4, -21, -24],
    ]
    let maxima: [[Double]] = [[7, -1, 2, 2, 4, -2], [3, 4, 2, 7, 2, 1], [3, 4, 7, 2]]
    let minima: [[Double]] = [
      [3, -3, 1, 0.5, 2, -6], [0.5, -1, -2, 2, -3, -6], [-1, -2, -3, -6],
    ]
    let variances: [[Double]] = [
      [4, 1, 0.25, 0.5625, 1, 4], [1.5625, 6.25, 4, 6.25, 6.25, 12.25],
      [2.888888888888889, 6.0555555555555545, 16.88888888888889, 14.222222222222221],
    ]
    let argmaxima = [[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 1, 0, 0]]
    let argminima = [[0, 1, 1, 0, 1, 1], [1, 0, 1, 1, 0, 1], [1, 2, 1, 2]]
    for axis in 0..<3 {
      let shape = TensorShape(
        Array(r.shape.enumerated().filter { $0.offset != axis }.map(\.element)))
      for a in [axis, axis - 3] {
        #expect(r.sum(axis: a) == Tensor(sums[axis], shape: shape))
        expectClose(r.product(axis: a), Tensor(products[axis], shape: shape))
        let length = Double(r.shape[axis])
        expectClose(r.mean(axis: a), Tensor(sums[axis].map { $0 / length }, shape: shape))
        #expect(r.max(axis: a) == Tensor(maxima[axis], shape: shape))
        #expect(r.min(axis: a) == Tensor(minima[axis], shape: shape))
        expectClose(r.variance(axis: a), Tensor(variances[axis], shape: shape))
        expectClose(
          r.standardDeviation(axis: a),
          Tensor(variances[axis].map { $0.squareRoot() }, shape: shape))
        #expect(r.argmax(axis: a) == Tensor(argmaxima[axis], shape: shape))
        #expect(r.argmin(axis: a) == Tensor(argminima[axis], shape: shape))
      }
    }
  }

  @Test("along several axes in any order")
  func severalAxes() {
    // r.sum((0, 2)), r.prod((0, 1)), r.mean((1, 2)), …
    #expect(r.sum(axes: [0, 2]) == [9, 0.5] && r.sum(axes: [-1, 0]) == [9, 0.5])
    #expect(r.sum(axes: [0, 1]) == [12.5, 2, -5] && r.sum(axes: [2, 1]) == [6.5, 3])
    expectClose(r.product(axes: [0, 1]), [21, 24, 24])
    expectClose(r.mean(axes: [0, 2]), [1.5, 0.08333333333333333])
    expectClose(r.mean(axes: [1, 2]), [1.0833333333333333, 0.5])
    #expect(r.max(axes: [0, 2]) == [7, 4] && r.min(axes: [0, 1]) == [0.5, -3, -6])
    #expect(r.sum(axes: [0, 1, 2]).scalar == 9.5 && r.sum(axes: []) == r)
    #expect(r.max(axes: []) == r && r.mean(axes: []) == r)
  }

  @Test("kept dimensions have size 1")
  func keepingDimensions() {
    #expect(r.sum(axis: 1, keepingDimensions: true).shape == [2, 1, 3])
    #expect(r.sum(axis: 1, keepingDimensions: true).elements == r.sum(axis: 1).elements)
    #expect(r.max(axis: -1, keepingDimensions: true).shape == [2, 2, 1])
    #expect(r.mean(axes: [0, 2], keepingDimensions: true).shape == [1, 2, 1])
    #expect(r.product(axes: [0, 1, 2], keepingDimensions: true).shape == [1, 1, 1])
    #expect(r.variance(axis: 0, keepingDimensions: true).shape == [1, 2, 3])
    #expect(r.standardDeviation(axis: 2, keepingDimensions: true).shape == [2, 2, 1])
    expectClose((r - r.mean(axis: 1, keepingDimensions: true)).sum(axis: 1), Tensor.zeros([2, 3]))
  }

  @Test("every layout and axis agrees with plain loops", arguments: Layout.allCases)
  func layouts(layout: Layout) {
    let t = layout.matrix(seed: 5, of: Double.self)
    let rows = (0..<5).map { i in (0..<7).map { t[i, $0] } }
    let columns = (0..<7).map { j in (0..<5).map { t[$0, j] } }
    for (axis, lines) in [columns, rows].enumerated() {
      #expect(t.sum(axis: axis).elements == lines.map { $0.reduce(0, +) })
      #expect(t.max(axis: axis).elements == lines.map { $0.max()! })
      #expect(t.min(axis: axis).elements == lines.map { $0.min()! })
      #expect(t.argmax(axis: axis).elements == lines.map { $0.firstIndex(of: $0.max()!)! })
      #expect(t.argmin(axis: axis).elements == lines.map { $0.firstIndex(of: $0.min()!)! })
      expectClose(
        t.product(axis: axis).elements, lines.map { $0.reduce(1, *) }, relative: 1e-14)
    }
    let all = rows.flatMap { $0 }
    #expect(t.sum() == all.reduce(0, +) && t.max() == all.max() && t.min() == all.min())
    #expect(t.argmax() == all.firstIndex(of: all.max()!))
    #expect(t.argmin() == all.firstIndex(of: all.min()!))
  }

  @Test("integers of every size agree with plain loops", arguments: Layout.allCases)
  func integers(layout: Layout) {
    func check<Scalar: TensorNumber & FixedWidthInteger>(_: Scalar.Type) {
      let t = layout.matrix(seed: 5, of: Scalar.self)
      let rows = (0..<5).map { i in (0..<7).map { t[i, $0] } }
      let columns = (0..<7).map { j in (0..<5).map { t[$0, j] } }
      for (axis, lines) in [columns, rows].enumerated() {
        #expect(t.sum(axis: axis).elements == lines.map { $0.reduce(0) { $0 + Int($1) } })
        #expect(t.max(axis: axis).elements == lines.map { $0.max()! })
        #expect(t.min(axis: axis).elements == lines.map { $0.min()! })
        #expect(t.argmax(axis: axis).elements == lines.map { $0.firstIndex(of: $0.max()!)! })
        #expect(t.argmin(axis: axis).elements == lines.map { $0.firstIndex(of: $0.min()!)! })
      }
      #expect(t.sum() == rows.joined().reduce(0) { $0 + Int($1) })
      #expect(t.max() == rows.joined().max() && t.min() == rows.joined().min())
    }
    check(UInt8.self)
    check(Int32.self)
    check(Int64.self)
    check(Int.self)
  }

  @Test("sums of small integers do not overflow, sums of Int wrap around")
  func integerSums() {
    #expect(Tensor<UInt8>(repeating: 255, shape: [1000]).sum() == 255_000)
    #expect(Tensor<UInt8>([[200, 100], [200, 100]]).sum(axis: 0) == [400, 200])
    #expect(Tensor<Int32>([.max, .max]).sum() == 2 * Int(Int32.max))
    #expect(Tensor<Int>([.max, 1]).sum() == .min)
    #expect(Tensor<UInt8>([[1, 2]]).sum(axis: -1, keepingDimensions: true) == [[3]])
  }

  @Test("of nothing, sums are 0, products 1 and means NaN")
  func empty() {
    let none = Tensor<Float>.zeros([0])
    #expect(none.sum() == 0 && none.product() == 1 && none.mean().isNaN)
    #expect(none.variance().isNaN && none.standardDeviation().isNaN)
    let flat = Tensor<Float>.zeros([0, 3])
    #expect(flat.sum(axis: 0) == [0, 0, 0] && flat.product(axis: 0) == [1, 1, 1])
    #expect(flat.sum(axis: 1).shape == [0] && flat.max(axis: 1).shape == [0])
    #expect(flat.argmax(axis: 1).shape == [0])
    expectClose(flat.mean(axis: 0), Tensor([.nan, .nan, .nan]))
    let thin = Tensor<Float>.zeros([3, 0])
    #expect(thin.sum(axis: 1) == [0, 0, 0] && thin.sum(axis: 0).shape == [0])
    #expect(Tensor<Int>.zeros([0, 2]).sum(axis: 0) == [0, 0] && Tensor<Int>.zeros([0]).sum() == 0)
    #expect(Tensor<Float>.zeros([2, 0, 3]).sum(axes: [1, 2]) == [0, 0])
    #expect(Tensor<Float>.zeros([2, 0, 3]).sum(axes: [0, 2]).shape == [0])
  }

  @Test("the first of several equal extremes counts")
  func ties() {
    let t: Tensor<Float> = [[1, 3, 3], [0, 0, 0], [2, -1, -1]]
    #expect(t.argmax(axis: 1) == [1, 0, 0] && t.argmin(axis: 1) == [0, 0, 1])
    #expect(t.argmax() == 1 && t.argmin() == 7)
    #expect(Tensor<UInt8>([4, 9, 9, 4]).argmax() == 1)
    #expect(Tensor<Int>(repeating: 7, shape: [100]).argmin() == 0)
    #expect(Tensor<Float>(repeating: -.infinity, shape: [100]).argmax() == 0)
    #expect(Tensor<Float>(repeating: .infinity, shape: [33]).argmin() == 0)
  }

  @Test("NaN is every extreme, and the first NaN is where it lies")
  func nan() {
    // n = np.array([[1, nan, 3], [nan, nan, 0], [2, 2, 1]]); n.argmax(1), n.argmin(1), …
    let n = Tensor<Float>([[1, .nan, 3], [.nan, .nan, 0], [2, 2, 1]])
    #expect(n.argmax(axis: 1) == [1, 0, 0] && n.argmin(axis: 1) == [1, 0, 2])
    #expect(n.argmax(axis: 0) == [1, 0, 0] && n.argmin(axis: 0) == [1, 0, 1])
    #expect(n.argmax() == 1 && n.argmin() == 1)
    expectClose(n.max(axis: 1), Tensor([.nan, .nan, 2]))
    expectClose(n.min(axis: 0), Tensor([.nan, .nan, 0]))
    #expect(n.max().isNaN && n.min().isNaN && n.sum().isNaN && n.mean().isNaN)
    var late = Tensor<Double>.zeros([10_001])
    late[9_000] = .nan
    #expect(late.argmax() == 9_000 && late.argmin() == 9_000 && late.max().isNaN)
  }

  @Test("infinities add up")
  func infinity() {
    #expect(Tensor<Float>([1, .infinity, 2]).sum() == .infinity)
    #expect(Tensor<Float>([-.infinity, .infinity]).sum().isNaN)
    #expect(Tensor<Double>([1, .infinity, -.infinity]).max() == .infinity)
    #expect(Tensor<Float>([.infinity, 0]).product().isNaN)
  }

  @Test("eight axes, each alone and all pairs")
  func eightAxes() {
    let shape: TensorShape = [2, 1, 3, 2, 1, 2, 2, 3]
    let t = Tensor<Double>(numbers(shape.elementCount), shape: shape)
    for first in 0..<8 {
      for second in first..<8 {
        let axes = Array(Set([first, second]))
        var expected: [[Int]: Double] = [:]
        for position in positions(of: shape) {
          let kept = (0..<8).map { axes.contains($0) ? 0 : position[$0] }
          expected[kept, default: 0] += t[position]
        }
        let sum = t.sum(axes: axes, keepingDimensions: true)
        #expect(positions(of: sum.shape).allSatisfy { sum[$0] == expected[$0] }, "\(axes)")
      }
    }
  }

  @Test("long sums are accurate")
  func accuracy() {
    // A plain loop over Float is off by 1 %, and NumPy's pairwise sum by 1 ulp, which is 8e-8.
    let tenths = Tensor<Float>(repeating: 0.1, shape: [1_000_000])
    let tenth = Double(Float(0.1))
    expectClose([tenths.sum().asDouble], [1_000_000 * tenth], relative: 2.5e-7)
    expectClose(
      tenths.reshaped(to: [500_000, 2]).sum(axis: 0).elements.map(\.asDouble),
      [500_000 * tenth, 500_000 * tenth], relative: 2.5e-7)
  }

  @Test("large arrays have the same bits for any number of threads")
  func threads() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>(numbers(200_003)) / 7
      expectSameBits("sum") { Tensor(x.sum()) }
      expectSameBits("variance") { Tensor(x.variance()) }
      expectSameBits("max") { Tensor(x.max()) }
      let plane = x[..<200_000].reshaped(to: [400, 500])
      expectSameBits("rows") { plane.sum(axis: 1) }
      expectSameBits("columns") { plane.sum(axis: 0) }
      expectSameBits("middle") { plane.reshaped(to: [40, 50, 100]).mean(axis: 1) }
      expectClose(
        [x.sum().asDouble], [x.elements.reduce(0) { $0 + Double($1) }], relative: 1e-7)
    }
  }
}
