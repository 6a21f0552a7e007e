// The tape as a graph of values, for printing and drawing. Building the graph reads the tape and
// its profile, if there is one; recording does not know about graphs.
//
// Next: `TapeGraph+Text.swift` writes it as a tree and as DOT; Train's `Plots/TapeGraph+SVG.swift`
// draws it.

import Tensor

/// The graph of a tape: one node for each leaf and operation, one edge for each operand.
///
/// ```swift
/// let tape = Tape<Float>()
/// let (x, w) = (tape.constant([[1, 2], [3, 4]]), tape.variable([[0.5], [-1]]))
/// let loss = square(tanh(matmul(x, w))).mean()
/// let graph = TapeGraph(of: loss)
/// print(graph)                          // a tree, with the size of each gradient
/// print(graph.dot)                      // for Graphviz
/// ```
///
/// If the tape had a ``Profile`` while it recorded, each node includes how long its operation took.
public struct TapeGraph: Sendable, Equatable {
  /// The kind of a node.
  public enum Kind: Sendable {
    /// A leaf into which no gradient flows, such as a batch of data.
    case constant
    /// A leaf with respect to which gradients are taken, such as a weight.
    case variable
    /// A result, computed from the node's inputs.
    case operation
  }

  /// A position on the tape.
  public struct Node: Sendable, Equatable {
    /// Whether it is a constant, a variable or the result of an operation.
    public let kind: Kind
    /// The operation's name; for a leaf, the parameter's name if known, otherwise the kind.
    public internal(set) var name: String
    /// The layer that recorded the operation; empty without a profile and outside of layers.
    public let layer: String
    /// The shape of the value and of its gradient.
    public let shape: TensorShape
    /// The positions of the operands, in order; empty for a leaf.
    public let inputs: [Int]
    /// The bytes of the value; 0 for a view, which shares its operand's memory.
    public let valueBytes: Int
    /// The bytes that the operation keeps for the backward pass, in addition to its value.
    public let keptBytes: Int
    /// The time to compute the value, in seconds; nil without a profile and for leaves.
    public let forwardSeconds: Double?
    /// The time of the operation's backward function, in seconds; nil if not measured.
    public let backwardSeconds: Double?
    /// The Euclidean norm of the complete gradient, before it is passed on; nil if none arrived.
    public let gradientNorm: Double?
    /// The parameter that this node is; nil if it is not a parameter.
    let parameter: Parameter?

    /// All bytes that stay in use until the tape is reset.
    public var bytes: Int { valueBytes + keptBytes }
  }

  /// A parameter: its number in its network, and its elements' address, which tells networks apart.
  struct Parameter: Sendable, Equatable {
    let slot: Int
    let address: UInt

    /// Compares only the numbers, because addresses differ from run to run.
    static func == (a: Parameter, b: Parameter) -> Bool { a.slot == b.slot }
  }

  /// An operand of an operation.
  public struct Edge: Sendable, Hashable {
    /// The position of the operand.
    public let source: Int
    /// The position of the operation.
    public let target: Int
  }

  /// The nodes in recording order: each comes after its operands.
  public internal(set) var nodes: [Node]

  /// The edges from operands to operations; an operand used twice has two edges.
  public var edges: [Edge] {
    nodes.indices.flatMap { target in
      nodes[target].inputs.map { Edge(source: $0, target: target) }
    }
  }

  /// Creates the graph of what is on the tape now, without gradients.
  public init<Scalar>(_ tape: Tape<Scalar>) {
    self.init(tape, gradientNorms: [:], isWalked: false)
  }

  /// Creates the graph of the tape of `result`, with the gradients of that one-element variable.
  ///
  /// It runs the backward pass again, as `gradients(of:)` does: earlier gradients that have not
  /// been read yet are lost.
  public init<Scalar>(of result: Variable<Scalar>) {
    let tape = result.tape
    var norms: [Int: Double] = [:]
    tape.profile?.begin()
    _ = tape.gradients(of: result) { position in
      norms[position] = norm(tape.nodes[position])
      // Reading the gradient is not part of the operation.
      tape.profile?.begin()
    }
    for position in 0..<tape.count where tape.nodes[position].isLeaf {
      if tape.nodes[position].hasGradient { norms[position] = norm(tape.nodes[position]) }
    }
    self.init(tape, gradientNorms: norms, isWalked: true)
  }

  private init<Scalar>(_ tape: Tape<Scalar>, gradientNorms: [Int: Double], isWalked: Bool) {
    var parameters: [Int: Parameter] = [:]
    for (position, slot, address) in tape.parameterPositions {
      parameters[position] = Parameter(slot: slot, address: address)
    }
    nodes = (0..<tape.count).map { position in
      let node = tape.nodes[position]
      let kind: Kind =
        !node.isLeaf ? .operation : node.requiresGradient ? .variable : .constant
      let size = MemoryLayout<Scalar>.stride
      let place = node.isLeaf ? nil : tape.profile?.place(at: position)
      let wasHandedOn = isWalked && gradientNorms[position] != nil
      return Node(
        kind: kind, name: node.operation?.name ?? "\(kind)", layer: place?.layer ?? "",
        shape: node.shape,
        inputs: node.isLeaf ? [] : (0..<node.inputs.count).map { node.input($0) },
        valueBytes: node.isView ? 0 : node.shape.elementCount * size,
        keptBytes: node.isLeaf ? 0 : node.keptCount * size,
        forwardSeconds: place?.forward, backwardSeconds: wasHandedOn ? place?.backward : nil,
        gradientNorm: gradientNorms[position], parameter: parameters[position])
    }
  }

  /// The same graph with named parameters; the keys are the addresses of their elements.
  package func naming(parameters names: [UInt: String]) -> TapeGraph {
    var graph = self
    for position in nodes.indices {
      if let address = nodes[position].parameter?.address, let name = names[address] {
        graph.nodes[position].name = name
      }
    }
    return graph
  }

  /// The positions that are no operation's input, last one first.
  package var results: [Int] {
    var isTaken = [Bool](repeating: false, count: nodes.count)
    for node in nodes { for input in node.inputs { isTaken[input] = true } }
    return nodes.indices.reversed().filter { !isTaken[$0] }
  }

  /// The length of the longest path from a leaf to each position.
  package var depths: [Int] {
    var depths: [Int] = []
    depths.reserveCapacity(nodes.count)
    for node in nodes { depths.append(node.inputs.reduce(0) { max($0, depths[$1] + 1) }) }
    return depths
  }
}

/// The Euclidean norm of a position's gradient.
private func norm<Scalar>(_ node: Node<Scalar>) -> Double {
  var sum = 0.0
  for i in 0..<node.shape.elementCount {
    let element = node.gradient[i].asDouble
    sum += element * element
  }
  return sum.squareRoot()
}
