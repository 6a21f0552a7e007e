// Arguments at the ends of their types, whose sums and products must not overflow on the way. Awkward
// elements: ../Oracle/AwkwardTests.swift. Arguments that are refused: MistakesTests.swift.

import Tensor
import TestSupport
import Testing

@Suite("Arguments at the ends of their types")
struct ExtremesTests {
  @Test("triangles beyond all corners are everything or nothing")
  func triangles() {
    let t = Tensor<Int>.range(from: 1, to: 10).reshaped(to: [3, 3])
    #expect(t.lowerTriangle(offset: .max) == t && t.upperTriangle(offset: .min) == t)
    #expect(t.lowerTriangle(offset: .min) == .zeros([3, 3]))
    #expect(t.upperTriangle(offset: .max) == .zeros([3, 3]))
  }

  @Test("axes of size 0 stay as they are, however often they are repeated")
  func nothing() {
    let empty = Tensor<Float>.zeros([2, 0])
    #expect(empty.repeated(.max, axis: 1).shape == [2, 0])
    #expect(empty.tiled([1, .max]).shape == [2, 0])
    #expect(empty.tiled([.max, 1]).shape == [.max, 0])
  }

  @Test("tiles and repetitions are NumPy's")
  func tiles() {
    let t: Tensor<Int> = [[1, 2], [3, 4]]
    #expect(
      t.tiled([2, 1, 2]) == [[[1, 2, 1, 2], [3, 4, 3, 4]], [[1, 2, 1, 2], [3, 4, 3, 4]]])
    #expect(t.transposed().tiled([0, 2]).shape == [0, 4])
    #expect(t.repeated([2, 0], axis: 1) == [[1, 1], [3, 3]])
  }

  @Test("ranges may begin and end anywhere")
  func ranges() {
    let all = Tensor<Int>.range(from: .min, to: .max, by: 1 << 62)
    #expect(all.elements == [.min, .min / 2, 0, 1 << 62])
    #expect(Tensor<Int>.range(from: .max, to: .min, by: -(1 << 62)).count == 4)
    #expect(Tensor<Int>.range(from: .max - 1, to: .max, by: .max).elements == [.max - 1])
    #expect(Tensor<Int>.range(from: 3, to: .min).count == 0)
    #expect(Tensor<UInt8>.range(from: 250, to: 255, by: 2).elements == [250, 252, 254])
    #expect(Tensor<Int32>.range(from: .min, to: .max, by: .max).count == 3)
  }

  @Test("corrections of any size")
  func corrections() {
    let t: Tensor<Double> = [1, 2, 4]
    expectClose([t.variance(correction: .min)], [14.0 / 3 / 0x1p63], absolute: 0)
    #expect(t.variance(correction: .max) == .infinity)
    expectClose(
      [t.variance(axis: 0, correction: .min).scalar], [14.0 / 3 / 0x1p63], absolute: 0)
    #expect(t.standardDeviation(correction: 3) == .infinity)
  }

  @Test("the largest numbers and infinities beside others")
  func quantiles() {
    #expect(Tensor<Double>([-1.5e308, 1.5e308]).median() == 0)
    #expect(Tensor<Double>([3, .infinity]).median() == .infinity)
    #expect(Tensor<Double>([-.infinity, 3]).quantile(0.25) == -.infinity)
    #expect("\(Tensor<Double>([1, .nan, 2]).median())" == "nan")
    #expect("\(Tensor<Float>([1, -.nan, 2]).percentile(99))" == "nan")
  }

  @Test("every NaN becomes the plain one when sorted", arguments: [5, 300, 20_000])
  func sortedNaN(count: Int) {
    func check<S: TensorFloat>(_ nan: S) {
      var elements = [S](repeating: 1, count: count)
      elements[0] = nan
      elements[count - 2] = -nan
      for descending in [false, true] {
        let sorted = Tensor(elements).sorted(descending: descending)
        let nans = descending ? sorted[..<2] : sorted[(count - 2)...]
        #expect(nans.elements.map { "\($0)" } == ["nan", "nan"])
        #expect((sorted .== 1).countTrue() == count - 2)
      }
    }
    check(Float(bitPattern: 0x7FFF_FFFF))
    check(Double(nan: 77, signaling: false))
  }

  @Test("deviations whose squares are out of range")
  func deviations() {
    #expect(Tensor<Double>([1e200, -1e200]).standardDeviation() == 1e200)
    #expect(Tensor<Float>([1e-30, -1e-30]).standardDeviation() == 1e-30)
    let columns: Tensor<Double> = [[1e200, 1, 3e-320, 5], [-1e200, 3, -3e-320, 5]]
    expectClose(
      columns.standardDeviation(axis: 0, keepingDimensions: true), [[1e200, 1, 3e-320, 0]],
      absolute: 0)
  }

  @Test("histograms as wide as the type, or of one number")
  func histograms() {
    let wide = Tensor<Float>([-3e38, 1e37, 3e38]).histogram(bins: 3)
    #expect(wide.counts == [1, 1, 1])
    let one = Tensor<Float>(repeating: 1e9, shape: [5]).histogram(bins: 10)
    #expect(one.counts.sum() == 5 && one.edges[0] < 1e9 && one.edges[10] > 1e9)
    let largest = Tensor<Double>([.greatestFiniteMagnitude]).histogram(bins: 4)
    #expect(largest.counts.sum() == 1 && largest.edges.elements.allSatisfy(\.isFinite))
  }

  @Test("division rounds down to zeros with the sign of the quotient, as NumPy's")
  func floorDivision() {
    let quotients = floorDivide(
      Tensor<Double>([-0.2, 0.2, -0.2, 5, -5, .infinity]),
      Tensor<Double>([-2, -2, 2, .infinity, .infinity, 2]))
    #expect(quotients.elements[..<5] == [0, -1, -1, 0, -1] && quotients[5].isNaN)
    #expect(quotients[0].sign == .plus)
    #expect(mod(Tensor<Double>([5, -5]), Tensor([.infinity])) == [5, .infinity])
  }
}
