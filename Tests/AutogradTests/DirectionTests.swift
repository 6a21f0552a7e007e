// Derivatives of large operations along random directions: too many elements to move one by one.
//
// With J the matrix of derivatives at x, a direction t and weights c of the results,
// ⟨J t, c⟩ = ⟨t, Jᵀ c⟩. The left side is a difference of values along t, the right one is what the walk
// back gives for c. A wrong element of the gradient shows unless t is 0 there.

import Autograd
import TestSupport
import Testing

private struct LargeCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [TensorShape]
  let function: @Sendable ([Variable<Double>]) -> Variable<Double>

  init(
    _ name: String, _ shapes: [TensorShape],
    _ function: @escaping @Sendable ([Variable<Double>]) -> Variable<Double>
  ) {
    self.name = name
    self.shapes = shapes
    self.function = function
  }

  var testDescription: String { "\(name) of \(shapes.map(\.description).joined(separator: ", "))" }
}

/// Sizes beyond the blocks of a product, the parts of threads, and the vectors of every instruction set.
private let largeCases = [
  LargeCase("matmul", [[257, 391], [391, 129]]) { matmul($0[0], $0[1]) },
  LargeCase("matmul in batches", [[7, 65, 33], [7, 33, 40]]) { matmul($0[0], $0[1]) },
  LargeCase("dense", [[515, 203], [203, 97], [97]]) { dense($0[0], $0[1], $0[2]) },
  LargeCase("dense and tanh", [[515, 203], [203, 97], [97]]) {
    dense($0[0] * 0.05, $0[1], $0[2], activation: .tanh)
  },
  LargeCase("sum and broadcasting", [[60, 50, 40], [50, 1]]) { ($0[0] * $0[1]).sum(axis: 1) },
  LargeCase("mean of the first axis", [[30_011, 3]]) { $0[0].mean(axis: 0) },
  LargeCase("sum of all", [[100_003]]) { sum(square($0[0])) },
  LargeCase("softmax", [[301, 107]]) { softmax($0[0]) },
  LargeCase("logSoftmax", [[301, 107]]) { logSoftmax($0[0]) },
  LargeCase("softmaxCrossEntropy", [[301, 107], [301, 107]]) {
    softmaxCrossEntropy(logits: $0[0], targets: softmax($0[1]))
  },
  LargeCase("sigmoidCrossEntropy", [[301, 107], [301, 107]]) {
    sigmoidCrossEntropy(logits: $0[0], targets: sigmoid($0[1]))
  },
  LargeCase("a short row", [[20_001, 2], [2]]) { $0[0] * $0[1] - $0[1] },
  LargeCase("a column", [[301, 207], [301, 1]]) { $0[0] / (3 + $0[1]) - $0[1] },
  LargeCase("slices and concatenation", [[301, 207]]) {
    concatenate([$0[0][0..., 50...], square($0[0][0..., ..<50])], axis: 1)
  },
  LargeCase("taking", [[307, 151]]) {
    $0[0].taking((0..<400).map { $0 * 7 % 307 }, axis: 0) * 0.5
  },
  LargeCase("max and norm", [[301, 207]]) {
    // One element of each row stands out, so that a small step does not make another the largest.
    let peaks = Tensor<Double>(shape: [301, 207]) { $0[1] == 7 * $0[0] % 207 ? 4 : 0 }
    return ($0[0] + $0[0].tape.constant(peaks)).max(axis: 1) * $0[0].norm(axis: 1)
  },
  LargeCase("stacked products with broadcasting", [[5, 1, 33, 40], [3, 40, 21]]) {
    matmul($0[0], $0[1])
  },
  LargeCase("transposed", [[301, 107]]) { square($0[0].transposed()) * 0.5 },
  LargeCase("reshaped", [[300, 107]]) { square($0[0].reshaped(to: [107, 300])) },
  LargeCase("gelu, silu, softplus", [[20_011]]) { gelu($0[0]) * silu($0[0]) + softplus($0[0]) },
  LargeCase("exp, log, tanh", [[20_011]]) { log(exp($0[0]) + 1) * tanh($0[0]) },
  LargeCase("a network of three layers", [[129, 64], [64, 90], [90], [90, 31], [31], [31, 10]]) {
    let hidden = dense($0[0] * 0.1, $0[1], $0[2], activation: .tanh)
    return softmax(matmul(dense(hidden * 0.1, $0[3], $0[4], activation: .tanh), $0[5]))
  },
]

@Suite("Large operations")
struct DirectionTests {
  @Test("have the derivatives of differences along random directions", arguments: largeCases)
  fileprivate func directions(_ example: LargeCase) {
    var generator = RandomGenerator(seed: 11)
    func random(_ shapes: [TensorShape]) -> [Tensor<Double>] {
      shapes.map { .uniform($0, in: -1..<1, using: &generator) }
    }
    let x = random(example.shapes)
    let tape = Tape<Double>()
    let variables = x.map { tape.variable($0) }
    let result = example.function(variables)
    for _ in 0..<3 {
      let (t, c) = (random(example.shapes), random([result.shape])[0])
      let gradients = tape.gradients(of: sum(result * tape.constant(c)))
      let byTape = zip(variables, t).map { (gradients[$0] * $1).sum() }.reduce(0, +)

      func value(_ h: Double) -> Tensor<Double> {
        let tape = Tape<Double>(records: false)
        return example.function(zip(x, t).map { tape.variable($0 + h * $1) }).value
      }
      let h = 1e-3
      let slope = (value(-2 * h) - 8 * value(-h) + 8 * value(h) - value(2 * h)) / (12 * h)
      let products = slope * c
      // The sum may be small beside its terms.
      let size = (square(products).sum()).squareRoot()
      #expect(abs(byTape - products.sum()) <= 1e-7 * size, "\(byTape), \(products.sum())")
    }
  }

  @Test("have the same bits with every number of threads")
  func threads() {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    var generator = RandomGenerator(seed: 5)
    let x = Tensor<Float>.uniform([40_001, 3], in: -1..<1, using: &generator)
    let b = Tensor<Float>.uniform([3], in: -1..<1, using: &generator)
    func step(threads: Int) -> [Tensor<Float>] {
      Parallel.threadCount = threads
      let tape = Tape<Float>()
      let (x, b) = (tape.variable(x), tape.variable(b))
      let y = softmax(tanh(x * b + b) / (2 + x.max(axis: 1, keepingDimensions: true)))
      let gradients = tape.gradients(of: (y * x).mean())
      return [y.value, gradients[x], gradients[b]]
    }
    let alone = step(threads: 1)
    for threads in 2...4 { #expect(step(threads: threads) == alone) }
  }
}
