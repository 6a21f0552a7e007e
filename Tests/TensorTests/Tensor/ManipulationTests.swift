// Shapes, joining, padding, triangles, creation and protocols: the signatures as they are typed.

import Tensor
import TestSupport
import Testing

@Suite("Shape manipulation and creation")
struct ManipulationTests {
  let t = Tensor<Int>(Array(0..<6), shape: [2, 3])

  @Test("axes move, and negative ones count from the end")
  func axes() {
    let cube = Tensor<Int>(Array(0..<24), shape: [2, 3, 4])
    #expect(cube.transposed(permutation: [-1, 0, 1]).shape == [4, 2, 3])
    #expect(cube.swappingAxes(0, -1).shape == [4, 3, 2])
    #expect(cube.movingAxis(from: 0, to: -1).shape == [3, 4, 2])
    #expect(Tensor<Int>.zeros([1, 3, 1]).squeezed().shape == [3])
  }

  @Test(
    "a large transposed copy has every element in its place", arguments: [(700, 311), (3, 40_000)])
  func largeTransposition(rows: Int, columns: Int) {
    let t = Tensor<Int32>(shape: [rows, columns]) { Int32($0[0] * columns + $0[1]) }
    func check<Scalar: TensorNumber>(_ t: Tensor<Scalar>) {
      let copy = t.transposed().reshaped(to: [rows * columns]).elements
      let all = t.elements
      #expect(copy == (0..<rows * columns).map { all[$0 % rows * columns + $0 / rows] })
      #expect(
        t.flipped(axes: [1]).elements.prefix(columns).elementsEqual(all[..<columns].reversed()))
    }
    check(t)
    check(Tensor<Double>(t))
    check(Tensor<UInt8>(t))
  }

  @Test("joins and cuts")
  func joining() {
    #expect(concatenate([t, [[7, 8, 9]]]) == [[0, 1, 2], [3, 4, 5], [7, 8, 9]])
    #expect(concatenate([t, t[0..., 0..<1]], axis: 1) == [[0, 1, 2, 0], [3, 4, 5, 3]])
    #expect(stack([t[0, ...], t[1, ...]], axis: 1) == t.transposed())
    #expect(t.split(into: 3, axis: 1).map(\.shape) == [[2, 1], [2, 1], [2, 1]])
    #expect(t.split(at: [1], axis: 1)[1] == [[1, 2], [4, 5]])
    #expect(
      t.tiled([2, 1]).shape == [4, 3] && t.repeated(2, axis: 1)[0, ...] == [0, 0, 1, 1, 2, 2])
    #expect(t.rolled(by: 1) == [[5, 0, 1], [2, 3, 4]])
    #expect(t.padded(1)[0, ...] == [0, 0, 0, 0, 0])
    #expect(t.padded([(0, 0), (2, 1)], mode: .reflect)[0, ...] == [2, 1, 0, 1, 2, 1])
    #expect(
      t.padded([(1, 0), (0, 1)], mode: .edge) == [[0, 1, 2, 2], [0, 1, 2, 2], [3, 4, 5, 5]])
  }

  @Test("diagonals, triangles and grids")
  func diagonals() {
    #expect(
      t.diagonal() == [0, 4] && t.diagonal(offset: 1) == [1, 5] && t.diagonal(offset: -1) == [3])
    #expect(Tensor<Int>.diagonalMatrix([1, 2], offset: 1) == [[0, 1, 0], [0, 0, 2], [0, 0, 0]])
    #expect(
      t.lowerTriangle() == [[0, 0, 0], [3, 4, 0]] && t.upperTriangle() == [[0, 1, 2], [0, 4, 5]])
    let grid = meshgrid(Tensor<Int>([1, 2, 3]), Tensor<Int>([10, 20]))
    #expect(grid[0] == [[1, 2, 3], [1, 2, 3]] && grid[1] == [[10, 10, 10], [20, 20, 20]])
    let other = meshgrid(Tensor<Int>([1, 2, 3]), Tensor<Int>([10, 20]), indexing: .ij)
    #expect(other[0].shape == [3, 2] && other[1][0, ...] == [10, 20])
  }

  @Test("tensors by rule and like others")
  func creation() {
    #expect(Tensor<Int>(shape: [2, 3]) { 10 * $0[0] + $0[1] } == [[0, 1, 2], [10, 11, 12]])
    #expect(Tensor<Int>(shape: []) { _ in 4 } == Tensor(4))
    #expect(Tensor<Float>.zeros(like: t).shape == [2, 3] && Tensor<Float>.ones(like: t).sum() == 6)
    #expect(Tensor(repeating: 7, like: t).sum() == 42)
    // np.logspace(0, 3, 4)
    expectClose(Tensor<Double>.logspace(from: 0, to: 3, count: 4), [1, 10, 100, 1000])
  }

  @Test("rows, arrays, spans and sets")
  func protocols() {
    #expect(t.rows.map { $0.sum() } == [3, 12] && t.rows.count == 2 && t.rows.last! == [3, 4, 5])
    #expect(Tensor(rows: t.rows.reversed()) == [[3, 4, 5], [0, 1, 2]])
    #expect(Array(t[0, ...]) == [0, 1, 2] && Array(t) == [[0, 1, 2], [3, 4, 5]])
    let total = t.transposed().withSpan { span in
      var total = 0
      for i in span.indices { total = total * 10 + span[i] }
      return total
    }
    #expect(total == 31425)  // 0, 3, 1, 4, 2, 5
    var u = t
    u.withMutableSpan { span in for i in span.indices { span[i] += i } }
    #expect(u == t * 2 && t[1, 2] == 5)
    #expect(Set([t, t.reshaped(to: [3, 2]), t.transposed().transposed()]).count == 2)
    #expect(Tensor<Float>([0.0]).hashValue == Tensor<Float>([-0.0]).hashValue)
  }
}
