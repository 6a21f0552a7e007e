// Loops long enough to be cut into parts, with one thread and with several.

import Tensor
import TestSupport
import Testing

@Suite("Large loops", .serialized)
struct LargeLoopsTests {
  /// Around the length below which there is one part, and with an odd last part.
  static let counts = [1, 100, 32_768, 32_769, 40_960, 100_003, 2_200_001]

  /// Calls `body` with one thread and with three, and expects equal results.
  private func sameWithThreads<Result: Equatable>(
    _ body: () -> Result, _ location: SourceLocation = #_sourceLocation
  ) -> Result {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let one = body()
    Parallel.threadCount = 3
    let three = body()
    #expect(one == three, sourceLocation: location)
    return one
  }

  @Test("give the same bits with any number of threads", arguments: counts)
  func elements(count: Int) {
    var generator = RandomGenerator(seed: UInt64(count))
    let a = Tensor<Float>.normal([count], using: &generator)
    let b = Tensor<Float>.normal([count], using: &generator)
    let sum = sameWithThreads { a.sum() }
    let exact = a.elements.reduce(0.0) { $0 + Double($1) }
    #expect(abs(Double(sum) - exact) < 1e-6 * Double(count).squareRoot() + 1e-6)
    #expect(sameWithThreads { a.max() } == a.elements.max())
    #expect(sameWithThreads { a.min() } == a.elements.min())
    #expect(sameWithThreads { a + b }.elements == zip(a.elements, b.elements).map { $0 + $1 })
    #expect(sameWithThreads { 2 - a }.elements == a.elements.map { 2 - $0 })
    #expect(sameWithThreads { relu(a) }.elements == a.elements.map { Swift.max($0, 0) })
    #expect(sameWithThreads { a .< b }.elements == zip(a.elements, b.elements).map { $0 < $1 })
    #expect(sameWithThreads { Tensor<Double>(a) }.elements == a.elements.map { Double($0) })
    #expect(sameWithThreads { Tensor<Int>(a * 100) }.elements == a.elements.map { Int($0 * 100) })
  }

  @Test(
    "work on rows and columns of any size",
    arguments: [[1, 70_001], [70_001, 1], [700, 100], [331, 333], [5, 20_000], [40_000, 7]])
  func matrices(sizes: [Int]) {
    var generator = RandomGenerator(seed: 1)
    let (rows, columns) = (sizes[0], sizes[1])
    let x = Tensor<Double>.normal([rows, columns], using: &generator)
    let numbers = x.elements
    let maxima = (0..<rows).map { numbers[$0 * columns..<($0 + 1) * columns].max()! }
    #expect(sameWithThreads { x.max(axis: 1) }.elements == maxima)
    let positions = (0..<rows).map { row in
      numbers[row * columns..<(row + 1) * columns].firstIndex(of: maxima[row])! - row * columns
    }
    #expect(sameWithThreads { x.argmax(axis: 1) }.elements == positions)
    var sums = Array(repeating: 0.0, count: columns)
    for i in 0..<rows { for j in 0..<columns { sums[j] += numbers[i * columns + j] } }
    expectClose(sameWithThreads { x.sum(axis: 0) }, Tensor(sums), relative: 1e-9, absolute: 1e-9)
    let softmaxes = sameWithThreads { softmax(x) }
    expectClose(softmaxes.sum(axis: 1), .ones([rows]), relative: 1e-12)
    expectClose(
      log(softmaxes / softmaxes[0..., 0..<1]), x - x[0..., 0..<1], relative: 1e-9, absolute: 1e-9)
  }

  @Test("multiply and add in one pass, with broadcasting")
  func multiplyAddition() {
    let a: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    let row: Tensor<Double> = [10, 20, 30]
    // Whole numbers, which no rounding touches: a * row + 1, 2 * a + row, row * 2 + a, a.T * a.T + a.T
    #expect(multiplyAdd(a, row, Tensor(1)) == [[11, 41, 91], [41, 101, 181]])
    #expect(multiplyAdd(Tensor(2), a, row) == [[12, 24, 36], [18, 30, 42]])
    #expect(multiplyAdd(row, Tensor(2), a) == [[21, 42, 63], [24, 45, 66]])
    #expect(
      multiplyAdd(a.transposed(), a.transposed(), a.transposed())
        == [[2, 20], [6, 30], [12, 42]])
    #expect(multiplyAdd(Tensor<Float>(3), Tensor(4), Tensor(5)).scalar == 17)
    #expect(multiplyAdd(Tensor<Float>([]), Tensor([]), Tensor(5)).count == 0)
    var generator = RandomGenerator(seed: 2)
    let (x, y, z) = (
      Tensor<Float>.normal([70_001], using: &generator),
      Tensor<Float>.normal([70_001], using: &generator),
      Tensor<Float>.normal([70_001], using: &generator)
    )
    let result = sameWithThreads { multiplyAdd(x, y, z) }
    expectClose(result, x * y + z, relative: 1e-5, absolute: 1e-6)
    let strided = multiplyAdd(
      x[stride(from: 0, to: 70_001, by: 7)], y[stride(from: 0, to: 70_001, by: 7)],
      z[stride(from: 0, to: 70_001, by: 7)])
    #expect(strided == result[stride(from: 0, to: 70_001, by: 7)])
  }
}
