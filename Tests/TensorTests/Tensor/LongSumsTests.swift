// Sums of more terms than one chain of `Float` can hold: above 2²⁴ it would stop growing by ones.

import Tensor
import TestSupport
import Testing

@Suite("Long sums")
struct LongSumsTests {
  /// 2²⁴, to which a `Float` cannot add a one.
  private static let large: Float = 0x1p24

  /// 2²⁴ and then ones.
  private func largeThenOnes(_ ones: Int) -> Tensor<Float> {
    concatenate([Tensor([Self.large]), .ones([ones])], axis: 0)
  }

  @Test("a product of vectors counts 17 million ones")
  func dotProduct() {
    let ones = Tensor<Float>.ones([17_000_000])
    #expect(vdot(ones, ones) == 17_000_000)
    #expect(ones.sum() == 17_000_000 && ones.mean() == 1)
  }

  @Test("a matrix product over a million terms is right to six digits")
  func longMatrixProduct() {
    var generator = RandomGenerator(seed: 5)
    let k = 1_000_000
    let a = Tensor<Float>.uniform([2, k], in: 0..<1, using: &generator)
    let b = Tensor<Float>.uniform([3, k], in: 0..<1, using: &generator)
    let expected = matmul(Tensor<Double>(a), Tensor<Double>(b).transposed())
    expectClose(Tensor<Double>(matmul(a, b.transposed())), expected, relative: 3e-6)
    // The weights' gradient of a large batch: the columns of both operands are adjacent.
    let (x, y) = (a.transposed().copied(), b.transposed().copied())
    expectClose(Tensor<Double>(matmul(x.transposed(), y)), expected, relative: 3e-6)
  }

  @Test("running totals go on, along a row and down columns")
  func cumulative() {
    let totals = largeThenOnes(1000).cumulativeSum()
    #expect(totals[1000] == Self.large + 1000 && totals[0] == Self.large)
    #expect(totals[2] == Self.large + 2)
    let x = largeThenOnes(1000)
    let columns = stack([x, x * 0.5], axis: 1).cumulativeSum(axis: 0)
    #expect(columns[1000, 0] == Self.large + 1000 && columns[1000, 1] == Self.large / 2 + 500)
    // Only the totals have to fit, not what they were on the way.
    #expect(
      Tensor<Float>([1e30, 1e30, 1e-30]).cumulativeProduct().elements == [1e30, .infinity, 1e30])
  }

  @Test("scattered parts and weights of bins add up")
  func scattered() {
    var sums = Tensor<Float>([Self.large, 0])
    let positions = Tensor<Int>(repeating: 0, shape: [5000])
    sums.scatterAdd(Tensor(1), at: positions)
    #expect(sums.elements == [Self.large + 5000, 0])
    let weights = largeThenOnes(1000)
    let bins = Tensor<Int>(repeating: 1, shape: [1001])
    #expect(bins.binCount(weights: weights).elements == [0, Self.large + 1000])
  }

  @Test("the mean of integers does not overflow")
  func integers() {
    #expect(Tensor<Int>([.max, .max]).mean() == 0x1p63)
    #expect(Tensor<Int64>([.min, .min, .min]).mean() == -0x1p63)
    #expect(Tensor<Int>([.min, .max]).mean() == -0.5)
    #expect(Tensor<Int32>([.max, .max]).mean() == 2_147_483_647)
    #expect(Tensor<UInt8>([255, 254]).mean() == 254.5)
    #expect(Tensor<Int>([.max, .max]).mean(axis: 0).scalar == 0x1p63)
    #expect(Tensor<Int>([[1, 2], [3, 5]]).transposed()[0, ...].mean() == 2)
    #expect(Tensor<Int>(shape: [0]) { _ in 0 }.mean().isNaN)
  }
}
