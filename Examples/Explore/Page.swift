// The contents of a page. For an operation in the forward pass: its operands, its result and the
// values kept. In the backward pass: the incoming gradient, the local derivative and the products
// of the chain rule, each with its check.

import Autograd
import Tensor
import Train

/// One state of the walk.
struct Page {
  /// The title of the page.
  let title: String
  /// The position of the operation shown; nil for the first and last page.
  var position: Int?
  /// The number of positions that have a value.
  let computed: Int
  /// The positions with a known gradient.
  var known: Set<Int> = []
  /// Formulas and remarks above the numbers.
  var notes: [String] = []
  /// The numbers.
  var blocks: [Block] = []
  /// Remarks below the numbers.
  var remarks: [String] = []
  /// The names of the positions.
  let names: [String]
  /// The positions that are leaves.
  let leaves: Set<Int>
  /// The text beside each name: the shape, or the norm of the gradient.
  let shapes: [String]
  let norms: [String]

  /// Whether a position has a value: always for a leaf, and for an operation once it was computed.
  func isThere(_ position: Int) -> Bool { position < computed || leaves.contains(position) }

  /// A matrix with a name.
  struct Block {
    let title: String
    let value: Tensor<Double>
    /// The largest relative difference from finite differences; nil if it is not a derivative.
    var error: Double?
  }

  /// All pages of a walk: the leaves, each operation forward, each operation backward, the
  /// gradients.
  static func all(of walk: Walk) -> [Page] {
    let nodes = walk.graph.nodes
    let operations = nodes.indices.filter { nodes[$0].kind == .operation }
    let names = nodes.map(\.name), shapes = nodes.map { "\($0.shape)" }
    let norms = nodes.map { $0.gradientNorm.map { "|g| " + normText($0) } ?? "" }
    let leaves = Set(nodes.indices.filter { nodes[$0].kind != .operation })
    func page(_ title: String, position: Int? = nil, computed: Int, known: Set<Int> = []) -> Page {
      Page(
        title: title, position: position, computed: computed, known: known, names: names,
        leaves: leaves, shapes: shapes, norms: norms)
    }

    var first = page("before the step", computed: operations.first ?? 0)
    first.notes = [
      "Leaves stand on the tape: data, which are constants, and weights.",
      "Each key records one operation; then the walk back begins.",
    ]
    first.blocks = nodes.indices.filter { nodes[$0].inputs.isEmpty }.map {
      Block(title: "\(names[$0]) \(shapes[$0])", value: walk.values[$0])
    }
    var pages = [first]

    for (index, position) in operations.enumerated() {
      var page = page(
        "forth, operation \(index + 1) of \(operations.count)", position: position,
        computed: position + 1)
      let words = Words(nodes[position].name, inputs: nodes[position].inputs.count)
      page.notes = [words.forth]
      for (symbol, input) in zip(words.operands, nodes[position].inputs) {
        page.blocks.append(
          Block(title: "\(symbol) = \(names[input]) \(shapes[input])", value: walk.values[input]))
      }
      page.blocks.append(Block(title: "y \(shapes[position])", value: walk.values[position]))
      page.remarks = ["Kept for the way back: \(words.kept)."]
      if walk.gradients[position] == nil {
        page.remarks.append("The loss does not depend on y: no gradient will arrive here.")
      }
      pages.append(page)
    }

    var known: Set<Int> = [walk.result]
    let walked = operations.reversed().filter { walk.gradients[$0] != nil }
    for (index, position) in walked.enumerated() {
      let node = nodes[position]
      let wanted = node.inputs.filter { walk.gradients[$0] != nil }
      known.formUnion(wanted)
      var page = page(
        "back, operation \(index + 1) of \(walked.count)", position: position,
        computed: nodes.count, known: known)
      let words = Words(node.name, inputs: node.inputs.count)
      page.notes = [words.forth]
      let arrived = walk.gradients[position]!
      page.blocks.append(
        Block(
          title: "arrived: dy", value: arrived,
          error: walk.error(of: arrived, at: position)))
      page.blocks +=
        words.isLayer
        ? layerBlocks(of: position, arrived, words, walk)
        : [localBlock(of: position, words, walk)]
      for (place, input) in node.inputs.enumerated() where walk.gradients[input] != nil {
        let product = walk.contribution(of: position, to: input)
        page.blocks.append(
          Block(
            title: words.products[place], value: product,
            error: walk.error(ofProduct: product, of: position, moving: input)))
      }
      page.remarks = ["Kept: \(words.kept)."]
      if page.blocks.contains(where: { !($0.error ?? 0 < 1e-6) }) {
        page.remarks.append("✗: at a kink, as that of relu, differences see both sides.")
      }
      pages.append(page)
    }

    var last = page("after the walk", computed: nodes.count, known: known)
    last.notes = [
      "The gradients of all weights; an optimizer takes a share of each off its weight."
    ]
    last.blocks = nodes.indices.filter { nodes[$0].kind == .variable }.map {
      Block(
        title: "d \(names[$0]) \(shapes[$0])", value: walk.gradients[$0]!,
        error: walk.error(of: walk.gradients[$0]!, at: $0))
    }
    pages.append(last)
    return pages
  }

  /// The derivative of an element-wise operation or of a mean.
  private static func localBlock(of position: Int, _ words: Words, _ walk: Walk) -> Block {
    let input = walk.graph.nodes[position].inputs[0]
    let local = walk.localDerivative(of: position, to: input)
    return Block(
      title: "local: \(words.local)", value: local,
      error: walk.error(ofLocal: local, of: position, moving: input))
  }

  /// The derivatives of a layer: of its activation, and of its weighted sums by the operands.
  private static func layerBlocks(
    of position: Int, _ arrived: Tensor<Double>, _ words: Words, _ walk: Walk
  ) -> [Block] {
    let inputs = walk.graph.nodes[position].inputs
    let (x, w, b) = (inputs[0], inputs[1], inputs[2])
    let y = walk.values[position]
    let local: Tensor<Double> =
      switch words.activation {
      case "tanh": 1 - y * y
      case "relu": Tensor<Double>(y .> 0)
      default: .ones(like: y)
      }
    var blocks: [Block] = []
    if !words.activation.isEmpty {
      blocks = [
        Block(
          title: "local: \(words.local)", value: local,
          error: walk.error(ofLocal: local, of: position, moving: b)),
        Block(
          title: "dz = dy · dy/dz", value: arrived * local,
          error: walk.error(ofSums: arrived * local, of: position, bias: b)),
      ]
    }
    let z = words.activation.isEmpty ? "y" : "z"
    if walk.gradients[x] != nil {
      blocks.append(
        Block(
          title: "d\(z)/dx = w", value: walk.values[w],
          error: walk.error(
            ofFactor: walk.values[w], local: local, of: position, moving: x, isWeights: false)))
    }
    blocks.append(
      Block(
        title: "d\(z)/dw = x", value: walk.values[x],
        error: walk.error(
          ofFactor: walk.values[x], local: local, of: position, moving: w, isWeights: true)))
    return blocks
  }
}

/// The formulas of an operation, with x, w, b for the operands and y for the result.
private struct Words {
  let forth: String
  /// The derivative of an activation or element-wise operation.
  let local: String
  let operands: [String]
  /// The gradient of each operand.
  let products: [String]
  /// The values of the forward pass that the backward pass needs.
  let kept: String
  let isLayer: Bool
  /// The activation of a layer; empty for none.
  let activation: String

  init(_ name: String, inputs: Int) {
    let parts = name.split(separator: "+")
    isLayer = parts[0] == "dense"
    activation = parts.count > 1 ? String(parts[1]) : ""
    if isLayer {
      operands = ["x", "w", "b"]
      forth = activation.isEmpty ? "y = x w + b" : "y = \(activation)(z),  z = x w + b"
      local =
        "dy/dz" + (activation == "tanh" ? " = 1 - y²" : activation == "relu" ? " = [y > 0]" : "")
      let d = activation.isEmpty ? "dy" : "dz"
      products = ["dx = \(d) wᵀ", "dw = xᵀ \(d)", "db = Σ \(d)"]
      kept = activation.isEmpty ? "x and w" : "x, w and y; y was written over z"
      return
    }
    operands =
      inputs == 1 ? ["x"] : name == "sigmoidCrossEntropy" ? ["s", "t"] : ["a", "b", "c", "d"]
    switch name {
    case "sigmoidCrossEntropy":
      forth = "y = -log p where t = 1, -log(1 - p) where t = 0;  p = sigmoid(s)"
      local = "dy/ds = p - t"
      products = ["ds = dy · dy/ds", "dt = dy · dy/dt"]
      kept = "s and t; p is computed again"
    case "mean", "sum":
      forth = name == "mean" ? "y = Σ x / n" : "y = Σ x"
      local = name == "mean" ? "dy/dx = 1/n" : "dy/dx = 1"
      products = ["dx = dy · dy/dx"]
      kept = "nothing but the shape"
    default:
      forth = "y = \(name)(\(operands.prefix(inputs).joined(separator: ", ")))"
      local = name == "sigmoid" ? "dy/dx = y (1 - y)" : "dy/d\(operands[0])"
      products = operands.map { "d\($0) = dy · dy/d\($0)" }
      kept = inputs == 1 ? "x and y" : "operands and y"
    }
  }
}
