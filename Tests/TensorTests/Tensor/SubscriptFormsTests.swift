// The forms of subscripts as they are typed; what they select is compared with NumPy in Oracle.

import Tensor
import TestSupport
import Testing

@Suite("Forms of subscripts")
struct SubscriptFormsTests {
  // np.arange(24).reshape(2, 3, 4)
  let cube = Tensor<Int>(Array(0..<24), shape: [2, 3, 4])
  let matrix: Tensor<Float> = [[1, -2, 3], [-4, 5, -6]]

  @Test("an ellipsis stands for the axes between")
  func ellipsis() {
    #expect(cube[..., 0] == [[0, 4, 8], [12, 16, 20]])
    #expect(cube[1, ..., 0] == [12, 16, 20])
    #expect(cube[..., 1, 2] == [6, 18])
    #expect(cube[0, 1, ..., 2].scalar == 6)
    #expect(cube[..., 1..<2].shape == [2, 3, 1] && cube[0..<1, ...].shape == [1, 3, 4])
    #expect(cube[1, 2, ...] == [20, 21, 22, 23])
  }

  @Test("newAxis puts in an axis of size 1")
  func newAxis() {
    #expect(cube[.newAxis].shape == [1, 2, 3, 4])
    #expect(cube[0, .newAxis, 1].shape == [1, 4])
    #expect(cube[..., .newAxis].shape == [2, 3, 4, 1])
    #expect(cube[0..., .newAxis, ..., .newAxis].shape == [2, 1, 3, 4, 1])
    #expect(Tensor<Int>(5)[.newAxis] == [5])
  }

  @Test("one number can be assigned to every form")
  func numbers() {
    var t = Tensor<Int>.zeros([2, 3])
    t[0, ...] = 1
    t[..., 2] = 5
    #expect(t == [[1, 1, 5], [0, 0, 5]])
    t[1..., 0..<2] = 7
    #expect(t == [[1, 1, 5], [7, 7, 5]])
    t[0..<1] = 0
    t[0..., 1] += 10
    #expect(t == [[0, 10, 0], [7, 17, 5]])
    t[...] = 3
    #expect(t == [[3, 3, 3], [3, 3, 3]])
    var cube = cube
    let nine = 9
    cube[0..., 1..., 0] = nine
    #expect(cube[..., 0] == [[0, 9, 9], [12, 9, 9]])
  }

  @Test("masks select, assign and update")
  func masks() {
    var t = matrix
    #expect(t[t .> 0] == [1, 3, 5])
    #expect(t[[true, false]] == [[1, -2, 3]])
    #expect(t[t .> 100].shape == [0])
    t[t .< 0] = 0
    #expect(t == [[1, 0, 3], [0, 5, 0]])
    t[t .> 2] *= 2
    #expect(t == [[1, 0, 6], [0, 10, 0]])
    t[t .== 0] = [7, 8, 9]
    #expect(t == [[1, 7, 6], [8, 10, 9]])
    t[[false, true]] = [-1, -2, -3]
    #expect(t == [[1, 7, 6], [-1, -2, -3]])
    t[[false, true]] = 4
    #expect(t == [[1, 7, 6], [4, 4, 4]])
    #expect(Tensor<Float>([.nan, 2])[Tensor([true, false])].elements[0].isNaN)
  }

  @Test("long masks keep the order over the parts of all threads", arguments: [100_003, 300_000])
  func longMasks(count: Int) {
    let t = Tensor<Int>(Array(0..<count))
    let mask = (t % 7 .== 3) .| (t % 1000 .< 20)
    let expected = (0..<count).filter { $0 % 7 == 3 || $0 % 1000 < 20 }
    #expect(t[mask].elements == expected && mask.countTrue() == expected.count)
    var u = t
    u[mask] = -1
    #expect(u.sum() == (0..<count).reduce(0, +) - expected.reduce(0, +) - expected.count)
  }

  @Test("lists of positions index one axis or several")
  func positions() {
    let rows = Tensor<Int>([1, 0, 1])
    #expect(matrix[rows] == [[-4, 5, -6], [1, -2, 3], [-4, 5, -6]])
    #expect(matrix[rows, [2, 0, 1]] == [-6, 1, 5])
    var t = matrix
    t[Tensor<Int>([0, 1]), Tensor<Int>([1, 2])] = [10, 20]
    #expect(t == [[1, 10, 3], [-4, 5, 20]])
    #expect(t.rows([1]) == [[-4, 5, 20]] && t.taking([2, 2], axis: -1) == [[3, 3], [20, 20]])
    #expect(t.taking(Tensor<Int>([[0], [1]]), axis: 1).shape == [2, 2, 1])
  }

  @Test("assigning to a part changes only the one that is assigned to")
  func valueSemantics() {
    let original = matrix
    var t = original
    t[t .> 0] = 0
    t[Tensor<Int>([0])] = 9
    t.scatterAdd([1, 1, 1], at: [1, 1])
    t.putAlong(axis: 1, [[0], [0]], [[5]])
    #expect(original == matrix && t == [[5, 9, 9], [5, 2, -4]])
    var view = original.transposed()
    view[view .< 0] = 0
    #expect(original == matrix && view == [[1, 0], [0, 5], [3, 0]])
  }

  @Test("logic of truth values broadcasts")
  func logic() {
    let a: Tensor<Bool> = [true, true, false, false]
    let b: Tensor<Bool> = [true, false, true, false]
    #expect((a .& b) == [true, false, false, false] && (a .| b) == [true, true, true, false])
    #expect((a .^ b) == [false, true, true, false] && (.!a) == [false, false, true, true])
    #expect((a .== b) == [true, false, false, true] && (a .!= b) == (a .^ b))
    #expect((a .& Tensor(true)) == a)
    #expect(a.any() && !a.all() && !Tensor<Bool>.zeros([0]).any() && Tensor<Bool>.zeros([0]).all())
    #expect(Tensor<Bool>.zeros([2, 0]).all(axis: 1) == [true, true])
    #expect(Tensor<Bool>.zeros([2, 0]).any(axis: 1) == [false, false])
    #expect(Tensor<Bool>([[true, false], [true, true]]).countTrue(axis: 0) == [2, 1])
    #expect((3 .< Tensor<Int>([2, 4])) == [false, true])
  }

  @Test("select takes tensors and numbers in every place")
  func selects() {
    let mask: Tensor<Bool> = [true, false, true]
    #expect(select(mask, matrix, 0) == [[1, 0, 3], [-4, 0, -6]])
    #expect(select(mask, 0, matrix) == [[0, -2, 0], [0, 5, 0]])
    #expect(select(mask, 1, 2) == Tensor<Int>([1, 2, 1]))
    #expect(select(matrix .> 0, matrix, -matrix) == abs(matrix))
    #expect(matrix.countNonzero() == 6 && matrix.nonzero().count == 2)
    #expect((matrix .> 3).argwhere() == [[1, 1]])
    #expect(Tensor(true).argwhere().shape == [1, 0] && Tensor(false).argwhere().shape == [0, 0])
  }
}
