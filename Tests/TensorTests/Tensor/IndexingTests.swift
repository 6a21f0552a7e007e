import Tensor
import TestSupport
import Testing

@Suite("Subscripts")
struct IndexingTests {
  // np.arange(24).reshape(2, 3, 4)
  let cube = Tensor<Int>(Array(0..<24), shape: [2, 3, 4])

  @Test("as many integers as axes read and write one element")
  func elements() {
    var line = Tensor<Float>([1, 2, 3])
    line[1] = 9
    #expect(line[1] == 9 && line == [1, 9, 3])
    var matrix = Tensor<Float>.zeros([2, 3])
    matrix[1, 2] += 4
    #expect(matrix == [[0, 0, 0], [0, 0, 4]])
    var cube = cube
    cube[1, 0, 3] = -1
    #expect(cube[1, 0, 3] == -1 && cube[[1, 0, 3]] == -1 && cube.elements[15] == -1)
    var number = Tensor<Int>(3)
    number[[]] = 8
    #expect(number.scalar == 8)
  }

  @Test("integers without a context name elements, in closures too")
  func inference() {
    let matrix = Tensor<Float>([[1, 2], [3, 4]])
    let diagonal = (0..<2).map { matrix[$0, $0] }
    #expect(diagonal == [1, 4] && diagonal.reduce(0, +) == 5)
    let row: Tensor<Float> = matrix[1]
    #expect(row == [3, 4])
  }

  @Test("four and more integers read and write one element")
  func manyAxes() {
    var t = Tensor<Int>(Array(0..<48), shape: [2, 2, 3, 2, 2])
    #expect(t[1, 0, 2, 1, 0] == 34)
    t[1, 0, 2, 1, 0] = -5
    #expect(t.elements[34] == -5)
    var four = Tensor<Int>(Array(0..<16), shape: [2, 2, 2, 2])
    #expect(four[1, 0, 1, 1] == 11)
    four[1, 0, 1, 1] = 0
    #expect(four.elements[11] == 0)
    let eight = Tensor<Int>(Array(0..<256), shape: [2, 2, 2, 2, 2, 2, 2, 2])
    #expect(eight[1, 0, 1, 0, 1, 0, 1, 0] == 0b1010_1010)
  }

  @Test("ranges of every kind select a part of an axis")
  func ranges() {
    let line = Tensor<Int>(Array(0..<10))
    #expect(line[2..<5] == [2, 3, 4])
    #expect(line[2...5] == [2, 3, 4, 5])
    #expect(line[7...] == [7, 8, 9])
    #expect(line[..<3] == [0, 1, 2])
    #expect(line[...3] == [0, 1, 2, 3])
    #expect(line[...] == line)
    #expect(line[0...] == line && line[..<10] == line && line[...9] == line)
  }

  @Test("empty ranges select nothing, at the end too")
  func emptyRanges() {
    let line = Tensor<Int>(Array(0..<10))
    #expect(line[4..<4].shape == [0] && line[10..<10].shape == [0] && line[10...].shape == [0])
    #expect(line[..<0].shape == [0])
    #expect(line[stride(from: 5, to: 5, by: 1)].shape == [0])
    #expect(cube[..<0].shape == [0, 3, 4])
    #expect(cube[0..., 3...].shape == [2, 0, 4])
    #expect(Tensor<Int>.zeros([0])[0...].shape == [0])
    #expect(Tensor<Int>.zeros([0, 3])[0..., 1].shape == [0])
  }

  @Test("strides step forwards and backwards")
  func strides() {
    let line = Tensor<Int>(Array(0..<10))
    #expect(line[stride(from: 0, to: 10, by: 2)] == [0, 2, 4, 6, 8])
    #expect(line[stride(from: 1, to: 9, by: 3)] == [1, 4, 7])
    #expect(line[stride(from: 1, through: 9, by: 4)] == [1, 5, 9])
    #expect(line[stride(from: 9, through: 0, by: -1)].elements == (0..<10).reversed())
    #expect(line[stride(from: 9, to: -1, by: -4)] == [9, 5, 1])
    #expect(line[stride(from: 3, to: 4, by: 100)] == [3])
    #expect(line[stride(from: 3, to: 2, by: -100)] == [3])
    let backwards = line[stride(from: 9, through: 0, by: -1)]
    #expect(backwards[1...3] == [8, 7, 6])
    #expect(backwards[stride(from: 8, through: 0, by: -4)] == [1, 5, 9])
  }

  @Test("a stride selects what it counts, however far it goes")
  func strideSelections() {
    for start in -3...7 {
      for end in -3...7 {
        for step in [-100, -3, -2, -1, 1, 2, 3, 100] {
          for (selection, positions) in [
            (
              stride(from: start, to: end, by: step).selection(ofAxisWithSize: 9),
              Array(stride(from: start, to: end, by: step))
            ),
            (
              stride(from: start, through: end, by: step).selection(ofAxisWithSize: 9),
              Array(stride(from: start, through: end, by: step))
            ),
          ] {
            #expect(
              (0..<selection.count).map { selection.start + $0 * selection.step } == positions)
          }
        }
      }
    }
    #expect(stride(from: 0, to: Int.max, by: 1).selection(ofAxisWithSize: 9).count == .max)
    #expect(
      stride(from: Int.min, through: Int.max, by: 1).selection(ofAxisWithSize: 9).count == .max)
    #expect(
      stride(from: Int.max, through: Int.min, by: Int.min).selection(ofAxisWithSize: 9).count == 2)
  }

  @Test("integers remove their axis, others keep it, missing ones are whole")
  func mixed() {
    // s[1], s[:, 1], s[0, 1:], s[..., ::2], s[:, ::-1, 1:3], s[1, 2, ::-2]
    #expect(cube[1, ...].shape == [3, 4] && cube[1, ...].elements == Array(12..<24))
    #expect(cube[0..., 1] == [[4, 5, 6, 7], [16, 17, 18, 19]])
    #expect(cube[0, 1...] == [[4, 5, 6, 7], [8, 9, 10, 11]])
    let even = cube[0..., 0..., stride(from: 0, to: 4, by: 2)]
    #expect(
      even.shape == [2, 3, 2] && even.elements == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])
    let flipped = cube[0..., stride(from: 2, through: 0, by: -1), 1..<3]
    #expect(flipped.elements == [9, 10, 5, 6, 1, 2, 21, 22, 17, 18, 13, 14])
    #expect(cube[1, 2, stride(from: 3, through: 0, by: -2)] == [23, 21])
    #expect(cube[1, 2, ...] == [20, 21, 22, 23])
    #expect(cube[1, 2, 3, ...].shape == [] && cube[1, 2, 3, ...].scalar == 23)
    #expect(Tensor<Int>([5, 6])[1, ...].scalar == 6)
    #expect(cube[1..<2, 2, 3] == [23])
  }

  @Test("views of views of views", arguments: Layout.allCases)
  func nestedViews(layout: Layout) {
    let t = layout.matrix(seed: 4, of: Int.self)
    let view = t[1..., stride(from: 6, through: 0, by: -2)].transposed()[1...2, 0...]
    #expect(view.shape == [2, 4])
    let expected = [4, 2].flatMap { column in (1..<5).map { t[$0, column] } }
    #expect(view.elements == expected && elementByElement(view) == expected)
  }

  @Test("rows, columns and blocks can be assigned to")
  func assignment() {
    var t = Tensor<Int>.zeros([3, 4])
    t[0, ...] = [1, 2, 3, 4]
    t[1..., 3] = [8, 9]
    t[1..<3, ..<2] = [[5, 6], [7, 8]]
    #expect(t == [[1, 2, 3, 4], [5, 6, 0, 8], [7, 8, 0, 9]])
    t[stride(from: 2, through: 0, by: -2), 2] = [-1, -2]
    #expect(t == [[1, 2, -2, 4], [5, 6, 0, 8], [7, 8, -1, 9]])
    t[...] = Tensor(0)
    #expect(t == Tensor.zeros([3, 4]))
    var cube = cube
    cube[1, 2, ...] = [0, 0, 0, 0]
    cube[0, 0, 1, ...] = Tensor(77)
    #expect(cube.elements == [0, 77] + Array(2..<20) + [0, 0, 0, 0])
    t[0..<0] = Tensor<Int>.zeros([0, 4])
    #expect(t == Tensor.zeros([3, 4]))
  }

  @Test("an assigned value is repeated to fill the part")
  func assignmentBroadcasts() {
    var t = Tensor<Float>.zeros([2, 3])
    t[0..., 1...] = [[1], [2]]
    #expect(t == [[0, 1, 1], [0, 2, 2]])
    t[...] = [4, 5, 6]
    #expect(t == [[4, 5, 6], [4, 5, 6]])
    t[0, ...] = Tensor(1)
    #expect(t == [[1, 1, 1], [4, 5, 6]])
  }

  @Test("parts are changed by operators")
  func operatorsOnParts() {
    var t: Tensor<Float> = [[1, 2], [3, 4]]
    t[0, ...] *= 10
    t[0..., 1] += [1, 2]
    t[1, ...] -= t[0, ...]
    #expect(t == [[10, 21], [-7, -15]])
  }

  @Test("a part may be assigned from an overlapping part")
  func overlap() {
    // o = np.arange(12.).reshape(3, 4); o[1:] = o[:-1].copy()
    var down = Tensor<Double>.range(from: 0, to: 12).reshaped(to: [3, 4])
    down[1...] = down[..<2]
    #expect(down.elements == [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7])
    var up = Tensor<Double>.range(from: 0, to: 5)
    up[..<4] = up[1...]
    #expect(up == [1, 2, 3, 4, 4])
    // o = np.arange(6.).reshape(2, 3); o[:, ::-1] = o.copy()
    var mirrored = Tensor<Double>.range(from: 0, to: 6).reshaped(to: [2, 3])
    mirrored[0..., stride(from: 2, through: 0, by: -1)] = mirrored
    #expect(mirrored.elements == [2, 1, 0, 5, 4, 3])
    var square = Tensor<Double>.range(from: 0, to: 9).reshaped(to: [3, 3])
    square[...] = square.transposed()
    #expect(square == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
    square[0, ...] = square[2, ...]
    #expect(square == [[2, 5, 8], [1, 4, 7], [2, 5, 8]])
  }

  @Test("a type of one's own can be an index")
  func customIndex() {
    struct Ends: TensorIndex {
      func selection(ofAxisWithSize size: Int) -> AxisSelection { (0, 2, size - 1, false) }
    }
    #expect(cube[0, 0..., Ends()] == [[0, 3], [4, 7], [8, 11]])
  }
}
