import Tensor
import TestSupport
import Testing

@Suite("Creation")
struct CreationTests {
  @Test("values fill a shape in row-major order")
  func values() {
    let t = Tensor<Int>([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(t.shape == [2, 3] && t.rank == 2 && t.count == 6)
    #expect(t.elements == [1, 2, 3, 4, 5, 6])
    #expect(t[0, 2] == 3 && t[1, 0] == 4)
  }

  @Test("lists, rows and single numbers have one, two and no axes")
  func ranks() {
    #expect(Tensor<Float>([1, 2, 3]).shape == [3] && Tensor<Float>([]).shape == [0])
    #expect(Tensor<Float>([[1, 2, 3], [4, 5, 6]]).shape == [2, 3])
    #expect(Tensor<Float>([[1, 2, 3], [4, 5, 6]]).elements == [1, 2, 3, 4, 5, 6])
    let number = Tensor<Float>(7)
    #expect(number.shape == [] && number.rank == 0 && number.count == 1 && number.scalar == 7)
    let x: Float = 2
    #expect(Tensor([[x, 1], [3 * x, 0]])[1, 0] == 6)
  }

  @Test("variables of every scalar type can be stored")
  func scalarTypes() {
    #expect(Tensor([true, false]).elements == [true, false])
    #expect(Tensor<UInt8>([0, 255]).elements == [0, 255])
    #expect(Tensor<Int32>([.min, .max]).elements == [.min, .max])
    #expect(Tensor<Int64>([.min, .max]).elements == [.min, .max])
    #expect(Tensor<Int>([.min, .max]).elements == [.min, .max])
    let extremes: [Float] = [-.infinity, .leastNonzeroMagnitude]
    #expect(Tensor<Float>(extremes).elements == extremes)
    #expect(Tensor<Double>([.leastNonzeroMagnitude])[0] == .leastNonzeroMagnitude)
    #expect(Tensor<Float>([.nan])[0].isNaN)
  }

  @Test(
    "a tensor can have no, one or many elements along up to eight axes",
    arguments: [
      [], [1], [0], [5], [0, 3], [3, 0], [1, 1], [2, 0, 3], [1, 2, 1, 3], [2, 1, 3, 2, 2],
      [1, 1, 2, 1, 1, 3], [2, 2, 1, 2, 1, 2, 1], [2, 1, 2, 3, 1, 2, 1, 2],
    ])
  func shapes(sizes: [Int]) {
    let shape = TensorShape(sizes)
    let t = Tensor<Int>(Array(0..<shape.elementCount), shape: shape)
    #expect(t.rank == sizes.count && Array(t.shape) == sizes)
    #expect(t.count == sizes.reduce(1, *))
    #expect(t.elements == Array(0..<t.count))
    #expect(elementByElement(t) == t.elements)
    #expect(Tensor<Bool>.zeros(shape).elements == Array(repeating: false, count: t.count))
    #expect(Tensor<Double>.ones(shape).elements == Array(repeating: 1, count: t.count))
  }

  @Test("repeating, zeros, ones, identity")
  func filled() {
    #expect(Tensor(repeating: 2.5, shape: [3]).elements == [2.5, 2.5, 2.5])
    #expect(Tensor<UInt8>.zeros([2, 2]).elements == [0, 0, 0, 0])
    #expect(Tensor<Int32>.ones([2]).elements == [1, 1])
    #expect(Tensor<Float>.identity(3) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    #expect(Tensor<Float>.identity(0).shape == [0, 0])
  }

  @Test("a range counts like numpy.arange")
  func ranges() {
    // np.arange(0, 1, 0.1), np.arange(5, -3, -2.5)
    expectClose(
      Tensor<Double>.range(from: 0, to: 1, by: 0.1),
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    #expect(Tensor<Double>.range(from: 5, to: -3, by: -2.5) == [5, 2.5, 0, -2.5])
    #expect(Tensor<Float>.range(from: 0, to: 4) == [0, 1, 2, 3])
    #expect(Tensor<Int>.range(from: 10, to: 0, by: -3) == [10, 7, 4, 1])
    #expect(Tensor<UInt8>.range(from: 250, to: 255).elements == [250, 251, 252, 253, 254])
    #expect(Tensor<Float>.range(from: 3, to: 3).shape == [0])
    #expect(Tensor<Float>.range(from: 3, to: 1).shape == [0])
    #expect(Tensor<Float>.range(from: 3, to: -.infinity).shape == [0])
    #expect(Tensor<Int>.range(from: 3, to: 1).shape == [0])
  }

  @Test("a range of integers is exact where Double is not")
  func largeRanges() {
    // np.arange(2**60, 2**60+3)
    let start = 1 << 60
    #expect(
      Tensor<Int>.range(from: start, to: start + 3).elements == [start, start + 1, start + 2])
    #expect(
      Tensor<Int32>.range(from: .min, to: .max, by: 1 << 30).elements == [
        .min, -1 << 30, 0, 1 << 30,
      ])
    #expect(Tensor<Int>.range(from: .max - 1, to: .max, by: 5).elements == [.max - 1])
  }

  @Test("linspace includes both ends exactly")
  func linspace() {
    #expect(
      Tensor<Double>.linspace(from: -1, to: 2, count: 7) == [-1, -0.5, 0, 0.5, 1, 1.5, 2])
    let thirds = Tensor<Float>.linspace(from: 0.1, to: 0.7, count: 11)
    #expect(thirds[0] == 0.1 && thirds[10] == 0.7)
    #expect(Tensor<Float>.linspace(from: 3, to: 9, count: 1) == [3])
    #expect(Tensor<Float>.linspace(from: 3, to: 9, count: 0).shape == [0])
  }
}

@Suite("Shapes")
struct TensorShapeTests {
  @Test("a shape is a collection of sizes")
  func collection() {
    let shape: TensorShape = [4, 0, 2]
    #expect(Array(shape) == [4, 0, 2] && shape.count == 3 && shape.rank == 3)
    #expect(shape.elementCount == 0 && shape.first == 4 && shape.last == 2 && shape[1] == 0)
    #expect(TensorShape([]).elementCount == 1)
    #expect(TensorShape(shape.dropLast(2)) == [4])
    #expect(TensorShape(2..<5) == [2, 3, 4])
    #expect("\(shape)" == "[4, 0, 2]" && "\(TensorShape([]))" == "[]")
  }

  @Test("shapes are equal if all sizes are, and make keys")
  func equality() {
    #expect(TensorShape([2, 3]) == [2, 3])
    #expect(TensorShape([2, 3]) != [3, 2])
    #expect(TensorShape([2]) != [2, 1])
    #expect(TensorShape([]) != [0])
    #expect(Set<TensorShape>([[2], [2, 0], [2], []]).count == 3)
  }
}
