import Autograd
import TestSupport
import Testing

private let rowShapes: [TensorShape] = [[1], [5], [1, 1], [3, 4], [2, 17], [7, 10], [2, 3, 5]]

/// Rows of positive numbers that add up to 1.
private func distributions(_ shape: TensorShape) -> Tensor<Double> {
  softmax(anyNumbers(shape, seed: 9))
}

/// log sum exp of each row, term by term.
private func logSumExp(_ x: Tensor<Double>) -> Tensor<Double> {
  log(exp(x).sum(axis: -1, keepingDimensions: true))
}

/// A class for each row of `shape`.
private func labels(_ shape: TensorShape) -> Tensor<Double> {
  let rows = TensorShape(shape.dropLast())
  let classes = shape.last!
  return Tensor((0..<rows.elementCount).map { Double(($0 * 7 + 3) % classes) }, shape: rows)
}

let softmaxCases: [GradientCase] = rowShapes.flatMap { shape -> [GradientCase] in
  let x = anyNumbers(shape, seed: 8)
  let labels = labels(shape)
  return [
    GradientCase("softmax", [x], reference: { softmax($0[0]) }, { softmax($0[0]) }),
    GradientCase("logSoftmax", [x], reference: { $0[0] - logSumExp($0[0]) }, { logSoftmax($0[0]) }),
    GradientCase(
      "sigmoidCrossEntropy", [x, distributions(shape)],
      reference: {
        let (p, t) = (sigmoid($0[0]), $0[1])
        return -(t * log(p) + (1 - t) * log(1 - p))
      },
      { sigmoidCrossEntropy(logits: $0[0], targets: $0[1]) }),
    // The targets do not add up to 1 here: the derivative holds for any.
    GradientCase(
      "softmaxCrossEntropy", [x, positiveNumbers(shape, seed: 10)],
      reference: { -($0[1] * ($0[0] - logSumExp($0[0]))).sum(axis: -1) },
      { softmaxCrossEntropy(logits: $0[0], targets: $0[1]) }),
    GradientCase(
      "sparseSoftmaxCrossEntropy", [x],
      reference: {
        let logs = ($0[0] - logSumExp($0[0])).reshaped(to: [labels.count, shape.last!])
        return Tensor(
          labels.elements.enumerated().map { -logs[$0.offset, Int($0.element)] },
          shape: labels.shape)
      },
      { sparseSoftmaxCrossEntropy(logits: $0[0], labels: $0[0].tape.constant(labels)) }),
  ]
}

@Suite("Softmax and cross-entropies on a tape")
struct SoftmaxTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: softmaxCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("stay finite for logits of ±1000")
  func extremes() {
    let tape = Tape<Float>()
    let logits = tape.variable([[1000, -1000, 0], [-1000, -1000, 1000]])
    let sparse = sparseSoftmaxCrossEntropy(logits: logits, labels: tape.constant([0, 0]))
    #expect(sparse.value == [0, 2000])
    let targets: Tensor<Float> = [[1, 0, 0], [1, 0, 0]]
    let full = softmaxCrossEntropy(logits: logits, targets: tape.constant(targets))
    #expect(full.value == [0, 2000])
    let binary = sigmoidCrossEntropy(logits: logits, targets: tape.constant(targets))
    #expect(binary.value == [[0, 0, 0.6931472], [1000, 0, 1000]])
    #expect(softmax(logits).value == [[1, 0, 0], [0, 0, 1]])
    let gradients = tape.gradients(of: sum(sparse) + sum(full) + sum(binary))
    #expect(gradients[logits] == [[0, 0, 0.5], [-3, 0, 3]])
  }

  @Test("cost nothing for what is impossible and not meant")
  func impossibleClasses() {
    let tape = Tape<Double>()
    let logits = tape.variable([[0, 1, -.infinity]])
    let soft = softmaxCrossEntropy(logits: logits, targets: tape.constant([[0.25, 0.75, 0]]))
    expectClose(soft.value, [0.5632616875182228])  // log(1 + e) - 0.75
    let gradient = tape.gradients(of: sum(soft))[logits].elements
    #expect(gradient.allSatisfy { $0.isFinite })
    let sure = tape.variable([.infinity, -.infinity, .infinity])
    let binary = sigmoidCrossEntropy(logits: sure, targets: tape.constant([1, 0, 0]))
    #expect(binary.value == [0, 0, .infinity])
    #expect(tape.gradients(of: sum(binary))[sure] == [0, 0, 1])
  }
}
