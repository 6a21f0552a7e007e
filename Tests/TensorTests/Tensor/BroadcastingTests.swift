import Tensor
import TestSupport
import Testing

@Suite("Broadcasting")
struct BroadcastingTests {
  @Test(
    "shapes are aligned at their last axes",
    arguments: [
      // a, b, np.broadcast_shapes(a, b)
      ([], [], []), ([3], [], [3]), ([2, 3], [3], [2, 3]), ([2, 1], [3], [2, 3]),
      ([4, 1, 3], [2, 1], [4, 2, 3]), ([1], [0], [0]), ([3, 0], [1, 1], [3, 0]),
      ([0, 1], [5], [0, 5]), ([1, 1, 1, 1, 1, 1, 1, 2], [3, 1], [1, 1, 1, 1, 1, 1, 3, 2]),
      ([2, 3], [2, 3], [2, 3]),
    ] as [([Int], [Int], [Int])])
  func shapes(a: [Int], b: [Int], expected: [Int]) {
    #expect(TensorShape.broadcast(TensorShape(a), TensorShape(b)) == TensorShape(expected))
    #expect(TensorShape.broadcast(TensorShape(b), TensorShape(a)) == TensorShape(expected))
    let sum = Tensor<Float>.ones(TensorShape(a)) + Tensor<Float>.ones(TensorShape(b))
    #expect(sum == Tensor(repeating: 2, shape: TensorShape(expected)))
  }

  @Test(
    "sizes that differ and are not 1 do not fit",
    arguments: [([2], [3]), ([2, 3], [2]), ([0], [2]), ([2, 1, 4], [3, 3])] as [([Int], [Int])])
  func misfits(a: [Int], b: [Int]) {
    #expect(TensorShape.broadcast(TensorShape(a), TensorShape(b)) == nil)
  }

  @Test("a repeated tensor reads the same element many times")
  func repeated() {
    let row = Tensor<Int>([1, 2]).broadcast(to: [3, 2])
    #expect(row == [[1, 2], [1, 2], [1, 2]])
    let column = Tensor<Int>([[1], [2]]).broadcast(to: [2, 3])
    #expect(column == [[1, 1, 1], [2, 2, 2]])
    let number = Tensor<Int>(7).broadcast(to: [2, 1, 2])
    #expect(number == [[[7, 7]], [[7, 7]]])
    #expect(Tensor<Int>([[5]]).broadcast(to: [0, 4]).elements == [])
    #expect(column.transposed()[1..., 0...] == [[1, 2], [1, 2]])
  }

  @Test("three and four axes against each other")
  func manyAxes() {
    // np.arange(6.).reshape(2, 3) + np.arange(8.).reshape(4, 2, 1) * 10
    let a = Tensor<Double>.range(from: 0, to: 6).reshaped(to: [2, 3])
    let b = Tensor<Double>.range(from: 0, to: 8).reshaped(to: [4, 2, 1]) * 10
    let sum = a + b
    #expect(sum.shape == [4, 2, 3])
    #expect(
      sum.elements == [
        0, 1, 2, 13, 14, 15, 20, 21, 22, 33, 34, 35, 40, 41, 42, 53, 54, 55, 60, 61, 62, 73, 74,
        75,
      ])
  }

  @Test("a plane larger than all memory costs nothing")
  func huge() {
    let plane = Tensor<Float>(1).broadcast(to: [1 << 24, 1 << 24])
    #expect(plane.count == 1 << 48)
    #expect(plane[1 << 23, 5] == 1 && plane[(1 << 24) - 1, ..<3] == [1, 1, 1])
  }

  @Test("changing one element of a repeated tensor leaves the others alone")
  func writing() {
    let row: Tensor<Int> = [1, 2]
    var t = row.broadcast(to: [3, 2])
    t[1, 0] = 9
    #expect(t == [[1, 2], [9, 2], [1, 2]] && row == [1, 2])
    var alone = Tensor<Int>([1, 2]).broadcast(to: [2, 2])
    alone[0, ...] = [7, 8]
    #expect(alone == [[7, 8], [1, 2]])
    var sum = Tensor<Int>([1]).broadcast(to: [3])
    sum += Tensor([10, 20, 30])
    #expect(sum == [11, 21, 31])
  }
}
