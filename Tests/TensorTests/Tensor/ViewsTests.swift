import Tensor
import TestSupport
import Testing

@Suite("Views")
struct ViewsTests {
  let cube = Tensor<Int>(Array(0..<24), shape: [2, 3, 4])

  @Test("every layout reads the same by elements and one by one", arguments: Layout.allCases)
  func layouts(layout: Layout) {
    let t = layout.matrix(seed: 3, of: Double.self)
    #expect(t.shape == [5, 7])
    #expect(t.elements == elementByElement(t))
    #expect(t.copied().elements == t.elements)
    #expect(t.contiguous().isContiguous && t.contiguous() == t)
    #expect(t.withUnsafeBufferPointer(Array.init) == t.elements)
    #expect(t.reshaped(to: [7, 5]).elements == t.elements)
    #expect(t.flattened().elements == t.elements)
    #expect(t.transposed()[6, 4] == t[4, 6] && t.transposed().transposed() == t)
  }

  @Test(
    "layouts are read alike for elements of one, four and eight bytes", arguments: Layout.allCases)
  func elementSizes(layout: Layout) {
    let expected = layout.matrix(seed: 5, of: Double.self).elements
    #expect(layout.matrix(seed: 5, of: UInt8.self).elements.map(\.asDouble) == expected)
    #expect(layout.matrix(seed: 5, of: Int32.self).elements.map(\.asDouble) == expected)
    #expect(layout.matrix(seed: 5, of: Int.self).elements.map(\.asDouble) == expected)
    #expect(layout.matrix(seed: 5, of: Float.self).elements.map(\.asDouble) == expected)
    let odd = layout.matrix(seed: 5, of: Int.self)
    let flags = Tensor<Bool>(odd .> 60)
    #expect(flags.transposed().elements == (odd.transposed() .> 60).elements)
  }

  @Test("reshape keeps the elements and computes the size -1")
  func reshape() {
    #expect(cube.reshaped(to: [6, 4]).shape == [6, 4])
    #expect(cube.reshaped(to: [-1, 8]).shape == [3, 8])
    #expect(cube.reshaped(to: [2, -1, 2]).shape == [2, 6, 2])
    #expect(cube.reshaped(to: [24, -1]).shape == [24, 1])
    #expect(cube.reshaped(to: [4, 6] as TensorShape).elements == Array(0..<24))
    #expect(cube.flattened().shape == [24])
    #expect(Tensor<Int>(5).reshaped(to: [1, 1]) == [[5]])
    #expect(Tensor<Int>([5]).reshaped(to: []).shape == [])
    #expect(Tensor<Int>.zeros([0, 3]).reshaped(to: [-1, 3]).shape == [0, 3])
    #expect(Tensor<Int>.zeros([0, 3]).reshaped(to: [5, 0, 2]).shape == [5, 0, 2])
  }

  @Test("reshape shares the memory of contiguous elements and copies scattered ones")
  func reshapeSharing() {
    #expect(cube.reshaped(to: [24]).base == cube.base)
    #expect(cube[1, ...].flattened().base == cube.base + 12)
    let across = cube.transposed()
    #expect(across.flattened().base != cube.base)
    #expect(across.flattened().elements == across.elements)
  }

  @Test("transpose reverses the axes or permutes them")
  func transpose() {
    #expect(cube.transposed().shape == [4, 3, 2])
    #expect(cube.transposed()[3, 1, 0] == cube[0, 1, 3])
    let permuted = cube.transposed(permutation: [2, 0, 1])
    #expect(permuted.shape == [4, 2, 3])
    // np.transpose(np.arange(24).reshape(2, 3, 4), (2, 0, 1))
    #expect(
      permuted.elements == [
        0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23,
      ])
    #expect(Tensor<Int>(3).transposed().scalar == 3)
    #expect(Tensor<Int>([1, 2]).transposed() == [1, 2])
    #expect(Tensor<Int>.zeros([0, 4]).transposed().shape == [4, 0])
  }

  @Test("permuting eight axes moves every element to its place")
  func eightAxes() {
    let shape: TensorShape = [2, 1, 3, 2, 1, 2, 2, 3]
    let order = [5, 7, 0, 3, 1, 6, 2, 4]
    let t = Tensor<Int>(Array(0..<shape.elementCount), shape: shape)
    let moved = t.transposed(permutation: order)
    for position in positions(of: moved.shape) {
      var origin = Array(repeating: 0, count: 8)
      for (axis, source) in order.enumerated() { origin[source] = position[axis] }
      #expect(moved[position] == t[origin])
    }
    #expect(moved.elements == elementByElement(moved))
    #expect(moved.contiguous() == moved)
  }

  @Test("axes of size 1 come and go")
  func unitAxes() {
    #expect(cube.expandingShape(at: 0).shape == [1, 2, 3, 4])
    #expect(cube.expandingShape(at: 2).shape == [2, 3, 1, 4])
    #expect(cube.expandingShape(at: -1).shape == [2, 3, 4, 1])
    #expect(cube.expandingShape(at: -4).shape == [1, 2, 3, 4])
    #expect(cube.transposed().expandingShape(at: 1).squeezingShape(at: 1) == cube.transposed())
    #expect(cube.expandingShape(at: 3).squeezingShape(at: -1) == cube)
    #expect(Tensor<Int>(4).expandingShape(at: 0) == [4])
    #expect(Tensor<Int>([4]).squeezingShape(at: 0).shape == [])
  }

  @Test("views cost no copy", arguments: Layout.allCases)
  func sharing(layout: Layout) {
    let t = layout.matrix(seed: 9, of: Float.self)
    #expect(t.transposed().storage === t.storage)
    #expect(t[1..., 2].storage === t.storage)
    #expect(t.broadcast(to: [3, 5, 7]).storage === t.storage)
    #expect(t.expandingShape(at: 1).storage === t.storage)
  }

  @Test("rows are gathered in the given order, repeated or not at all")
  func rows() {
    #expect(cube.rows([1, 0, 1]).elements == Array(12..<24) + Array(0..<12) + Array(12..<24))
    #expect(cube.rows([]).shape == [0, 3, 4])
    #expect(Tensor<Bool>([true, false, true]).rows([2, 1]) == [true, false])
    #expect(Tensor<Int>([5, 6, 7]).rows([2, 2]) == [7, 7])
    let across = cube[0, ...].transposed()
    #expect(across.rows([3, 0]) == [[3, 7, 11], [0, 4, 8]])
    #expect(Tensor<Float>.zeros([3, 0]).rows([1, 1]).shape == [2, 0])
  }
}
