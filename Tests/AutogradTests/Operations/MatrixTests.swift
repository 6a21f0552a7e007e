import Autograd
import TestSupport
import Testing

private let products: [(TensorShape, TensorShape)] = [
  ([3, 4], [4, 5]), ([1, 1], [1, 1]), ([7, 5], [5, 3]), ([1, 9], [9, 1]), ([9, 1], [1, 9]),
  ([17, 33], [33, 9]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 5]), ([2, 1, 3, 2], [2, 1, 2, 3]),
  // Stacks that broadcast, rows and columns.
  ([3, 4], [2, 4, 5]), ([1, 3, 4], [2, 4, 5]), ([2, 1, 3, 2], [4, 2, 3]),
  ([2, 3, 1, 2], [3, 2, 1]),
  ([4], [4]), ([4], [4, 3]), ([3, 4], [4]), ([2, 3, 4], [4]), ([4], [2, 4, 3]),
]

/// Shapes of an input, weights and a bias.
private let layers: [(TensorShape, TensorShape, TensorShape)] = [
  ([5, 3], [3, 4], [4]), ([1, 1], [1, 1], [1]), ([7, 2], [2, 1], [1]), ([3], [3, 2], [2]),
  ([2, 3, 5], [5, 3], [3]), ([9, 17], [17, 5], [5]),
]

let matrixCases: [GradientCase] =
  products.map { a, b in
    GradientCase(
      "matmul", [anyNumbers(a, seed: 3), anyNumbers(b, seed: 4)],
      reference: { matmul($0[0], $0[1]) }, { matmul($0[0], $0[1]) })
  }
  + [
    GradientCase(
      "matmul of x with itself", [anyNumbers([3, 3])], reference: { matmul($0[0], $0[0]) },
      { matmul($0[0], $0[0]) })
  ]
  + layers.flatMap { x, w, b in
    let inputs = [anyNumbers(x, seed: 5), anyNumbers(w, seed: 6), anyNumbers(b, seed: 7)]
    return [
      GradientCase(
        "dense", inputs, reference: { matmul($0[0], $0[1]) + $0[2] },
        { dense($0[0], $0[1], $0[2]) }),
      GradientCase(
        "dense+relu", inputs, reference: { relu(matmul($0[0], $0[1]) + $0[2]) },
        { dense($0[0], $0[1], $0[2], activation: .relu) }),
      GradientCase(
        "dense+tanh", inputs, reference: { tanh(matmul($0[0], $0[1]) + $0[2]) },
        { dense($0[0], $0[1], $0[2], activation: .tanh) }),
    ]
  }

private let sums: [(String, [TensorShape])] = [
  ("ij,jk->ik", [[2, 3], [3, 4]]), ("bij->bji", [[2, 3, 4]]), ("ii", [[3, 3]]),
  ("ii->i", [[3, 3]]),
  ("bij,bkj->bik", [[2, 3, 4], [2, 5, 4]]), ("...ij,...jk", [[2, 1, 3, 2], [4, 2, 3]]),
  ("i,j->ij", [[3], [4]]), ("ij,i->", [[3, 2], [3]]),
  ("ij,jk,kl->il", [[2, 3], [3, 2], [2, 4]]),
]

let einsumCases: [GradientCase] = sums.map { subscripts, shapes in
  GradientCase(
    "einsum \"\(subscripts)\"", shapes.indices.map { anyNumbers(shapes[$0], seed: UInt64($0 + 1)) },
    reference: { x in
      switch x.count {
      case 1: einsum(subscripts, x[0])
      case 2: einsum(subscripts, x[0], x[1])
      default: einsum(subscripts, x[0], x[1], x[2])
      }
    },
    { x in
      switch x.count {
      case 1: einsum(subscripts, x[0])
      case 2: einsum(subscripts, x[0], x[1])
      default: einsum(subscripts, x[0], x[1], x[2])
      }
    })
}

@Suite("Matrix products on a tape")
struct MatrixTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: matrixCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("as sums of products by letters", arguments: einsumCases)
  func sums(_ example: GradientCase) { example.check() }

  @Test("of no rows give gradients of zeros")
  func empty() {
    let tape = Tape<Double>()
    let (x, w, b) = (
      tape.variable(.zeros([0, 3])), tape.variable(.ones([3, 2])), tape.variable(.ones([2]))
    )
    let y = dense(x, w, b, activation: .tanh)
    #expect(y.shape == [0, 2])
    let gradients = tape.gradients(of: sum(y))
    #expect(gradients[w] == .zeros([3, 2]) && gradients[b] == .zeros([2]))
  }
}
