import Autograd
import TestSupport
import Testing

/// Numbers of which no two are equal or near, so that no window has two greatest ones.
private func distinctNumbers(_ shape: TensorShape) -> Tensor<Double> {
  let numbers = (0..<shape.elementCount).map { (i: Int) -> Double in
    Double((i * 389 + 200) % 1009) * 0.02 - 8
  }
  return Tensor(numbers, shape: shape)
}

/// Images, a window, its strides and its padding.
private struct Windows: Sendable {
  let shape: TensorShape
  let size: Size2D
  let strides: Size2D
  let padding: Padding

  init(_ shape: TensorShape, _ size: Size2D, _ strides: Size2D, _ padding: Padding) {
    (self.shape, self.size, self.strides, self.padding) = (shape, size, strides, padding)
  }

  /// What `function` makes of the numbers that each window sees, by plain loops.
  func reduce(_ x: Tensor<Double>, _ function: ([Double]) -> Double) -> Tensor<Double> {
    func starts(_ size: Int, _ window: Int, _ stride: Int) -> [Int] {
      if padding == .valid {
        return size < window ? [] : Array(Swift.stride(from: 0, through: size - window, by: stride))
      }
      let count = (size + stride - 1) / stride
      let before = max(0, (count - 1) * stride + window - size) / 2
      return (0..<count).map { $0 * stride - before }
    }
    let rows = starts(shape[1], size.height, strides.height)
    let columns = starts(shape[2], size.width, strides.width)
    var results: [Double] = []
    for image in 0..<shape[0] {
      for row in rows {
        for column in columns {
          for channel in 0..<shape[3] {
            var seen: [Double] = []
            for y in row..<row + size.height where (0..<shape[1]).contains(y) {
              for z in column..<column + size.width where (0..<shape[2]).contains(z) {
                seen.append(x[image, y, z, channel].scalar)
              }
            }
            results.append(function(seen))
          }
        }
      }
    }
    return Tensor(results, shape: [shape[0], rows.count, columns.count, shape[3]])
  }
}

private let windows: [Windows] = [
  Windows([2, 4, 6, 3], 2, 2, .valid), Windows([1, 5, 7, 2], 3, 2, .valid),
  Windows([1, 5, 7, 2], 3, 2, .same), Windows([2, 5, 4, 1], [2, 3], 1, .same),
  Windows([1, 7, 5, 3], [3, 1], [1, 4], .valid), Windows([1, 2, 3, 2], 4, 3, .same),
  Windows([2, 3, 3, 2], 1, 1, .valid), Windows([1, 1, 1, 1], 1, 2, .same),
  Windows([0, 4, 4, 2], 2, 2, .valid), Windows([1, 2, 2, 1], 3, 1, .valid),
  Windows([1, 17, 18, 2], [16, 17], 1, .valid),
]

let poolingCases: [GradientCase] = windows.flatMap { windows in
  [
    GradientCase(
      "max of \(windows.size)", [distinctNumbers(windows.shape)],
      reference: { windows.reduce($0[0]) { $0.max()! } },
      { maxPooling($0[0], windows.size, strides: windows.strides, padding: windows.padding) }),
    GradientCase(
      "mean of \(windows.size)", [distinctNumbers(windows.shape)],
      reference: { windows.reduce($0[0]) { $0.reduce(0, +) / Double($0.count) } },
      { averagePooling($0[0], windows.size, strides: windows.strides, padding: windows.padding) }),
  ]
}

@Suite("Pooling on a tape")
struct PoolingTests {
  @Test("has the derivative of finite differences and plain loops' values", arguments: poolingCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("gives the gradient to the first of equal numbers, and of numbers that are all -infinity")
  func ties() {
    let tape = Tape<Float>()
    let x = tape.variable([[[[1], [2]], [[2], [2]]]])
    #expect(tape.gradients(of: maxPooling(x, 2, strides: 2).sum())[x].elements == [0, 1, 0, 0])
    let low = tape.variable(Tensor<Float>(repeating: -.infinity, shape: [1, 1, 2, 1]))
    let y = maxPooling(low, 2, strides: 1, padding: .same)
    #expect(y.value.elements == [-.infinity, -.infinity])
    #expect(tape.gradients(of: y.sum())[low].elements == [1, 1])
  }

  @Test("sees NaN wherever it stands, and its gradient")
  func notNumbers() {
    let tape = Tape<Double>()
    for place in 0..<4 {
      var numbers: [Double] = [3, .infinity, -1, 7]
      numbers[place] = .nan
      let x = tape.variable(Tensor(numbers, shape: [1, 2, 2, 1]))
      let y = maxPooling(x, 2, strides: 1)
      #expect(y.value.elements[0].isNaN)
      var expected: [Double] = [0, 0, 0, 0]
      expected[place] = 1
      #expect(tape.gradients(of: y.sum())[x].elements == expected)
      #expect(averagePooling(x, 2, strides: 1).value.elements[0].isNaN)
    }
  }

  @Test("has the same bits on one thread and on several", arguments: [2, 3])
  func threads(size: Int) {
    func results() -> [Tensor<Float>] {
      let tape = Tape<Float>()
      var generator = RandomGenerator(seed: 1)
      let x = tape.variable(.normal([3, 65, 66, 9], using: &generator))
      let window = Size2D(height: size, width: size)
      let most = maxPooling(x, window, strides: 2, padding: .same)
      let mean = averagePooling(x, window, strides: 2, padding: .same)
      return [most.value, mean.value, tape.gradients(of: square(most * mean).sum())[x]]
    }
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let alone = results()
    Parallel.threadCount = 4
    #expect(results() == alone)
  }

  @Test("says what it is given instead of images")
  func mistakes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maxPooling(Tape<Float>().variable([[1, 2]]), 2, strides: 2)
    }
    #expect(
      message(of: result, contains: "pooling:", "[images, height, width, channels]", "[1, 2]"))
  }
}
