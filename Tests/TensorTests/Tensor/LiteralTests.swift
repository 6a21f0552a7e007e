import Tensor
import TestSupport
import Testing

@Suite("Literals")
struct LiteralTests {
  @Test("nested lists give as many axes as they are deep")
  func nesting() {
    let a: Tensor<Float> = [1, 2, 3]
    let b: Tensor<Float> = [[1, 2], [3, 4], [5, 6]]
    let c: Tensor<Float> = [[[1], [2]], [[3], [4]]]
    let d: Tensor<Float> = [[[[[[[[7]]]]]]]]
    #expect(a.shape == [3] && b.shape == [3, 2] && c.shape == [2, 2, 1])
    #expect(d.shape == [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(b.elements == [1, 2, 3, 4, 5, 6] && c.elements == [1, 2, 3, 4] && d.elements == [7])
  }

  @Test("empty lists give empty axes")
  func emptyLists() {
    let a: Tensor<Float> = []
    let b: Tensor<Int> = [[], []]
    let c: Tensor<Bool> = [[[]], [[]], [[]]]
    #expect(a.shape == [0] && b.shape == [2, 0] && c.shape == [3, 1, 0])
  }

  @Test("NaN, the infinities and π are numbers")
  func specialNumbers() {
    let t: Tensor<Double> = [1, .nan]
    #expect(t.shape == [2] && t[0] == 1 && t[1].isNaN)
    let u: Tensor<Float> = [[.infinity, -.infinity], [-.pi, 2]]
    #expect(u.elements == [.infinity, -.infinity, -.pi, 2])
    let v: Tensor<Double> = [[0.5, .nan, -1]]
    #expect(v.shape == [1, 3] && v[0, 1].isNaN && v[0, 2] == -1)
  }

  @Test("numbers may be negative, fractional or of mixed kinds")
  func kinds() {
    let a: Tensor<Double> = [-1, 2.5, -4e2, 0x10, 1_000]
    #expect(a.elements == [-1, 2.5, -400, 16, 1000])
    let b: Tensor<Int32> = [-2_147_483_648, 2_147_483_647]
    #expect(b.elements == [.min, .max])
    let c: Tensor<UInt8> = [0, 255]
    #expect(c.elements == [0, 255])
    let d: Tensor<Bool> = [[true, false]]
    #expect(d.elements == [true, false])
    let e: Tensor<Float> = [0.1, 16_777_217]
    #expect(e.elements == [0.1, 16_777_216])
  }

  @Test("integers beyond 2^53 keep all digits")
  func largeIntegers() {
    let a: Tensor<Int> = [9_007_199_254_740_993, -9_223_372_036_854_775_808]
    #expect(a.elements == [9_007_199_254_740_993, .min])
    let b: Tensor<Int64> = [9_223_372_036_854_775_807]
    #expect(b.elements == [.max])
  }
}
