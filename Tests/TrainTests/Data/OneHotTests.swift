import Testing
import Train

@Suite("One-hot rows")
struct OneHotTests {
  @Test("class indices become one-hot rows")
  func categorical() {
    let expected: Tensor<Float> = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    #expect(toCategorical([0, 2, 1] as Tensor<Int>) == expected)
    #expect(toCategorical([[0], [2], [1]] as Tensor<UInt8>) == expected)
    #expect(toCategorical([0, 2, 1] as Tensor<Float>, classes: 4).shape == [3, 4])
    #expect(toCategorical([] as Tensor<Int>).shape == [0, 0])
    #expect(toCategorical([[0, 2, 1], [1, 1, 0]] as Tensor<Int>).shape == [2, 3, 3])
  }
}
