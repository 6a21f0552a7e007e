// The drawn tape is the recorded one: nodes, edges, bytes, norms, and what the writers make of them.

import Autograd
import TestSupport
import Testing

/// A product, a sum along an axis and a kept softmax, with a leaf taken twice.
private func record(_ tape: Tape<Double>) -> (loss: Variable<Double>, w: Variable<Double>) {
  tape.reset()
  let x = tape.constant([[1, 2], [3, 4], [5, 6]])
  let w = tape.variable([[0.1, -0.2], [0.3, 0.4]])
  let labels = tape.constant([0, 1, 0])
  let y = tanh(matmul(x, w)) * w.sum(axis: 0)
  return (sparseSoftmaxCrossEntropy(logits: y, labels: labels).mean(), w)
}

/// How often `part` stands in `text`.
private func count(_ part: String, in text: String) -> Int {
  var (found, rest) = (0, text[...])
  while let range = rest.firstRange(of: part) {
    found += 1
    rest = rest[range.upperBound...]
  }
  return found
}

@Suite("The graph of a tape")
struct TapeGraphTests {
  @Test("has a node for each position and an edge for each operand")
  func counts() {
    let tape = Tape<Double>()
    _ = record(tape)
    let graph = TapeGraph(tape)
    #expect(graph.nodes.count == tape.count && tape.count == 9)
    #expect(
      graph.nodes.map(\.name) == [
        "constant", "variable", "constant", "matmul", "tanh", "sum", "multiply",
        "sparseSoftmaxCrossEntropy", "mean",
      ])
    #expect(
      graph.nodes.map(\.inputs) == [[], [], [], [0, 1], [3], [1], [4, 5], [6, 2], [7]])
    #expect(graph.edges.count == 9)
    #expect(graph.nodes[3].shape == [3, 2] && graph.nodes[3].kind == .operation)
    #expect(graph.nodes[1].kind == .variable && graph.nodes[0].kind == .constant)
    #expect(graph.nodes.allSatisfy { $0.gradientNorm == nil && $0.forwardSeconds == nil })
  }

  @Test("tells the bytes of values, and what is kept beside them, in this step only")
  func bytes() {
    let tape = Tape<Double>()
    for _ in 0..<2 { _ = record(tape) }
    let graph = TapeGraph(tape)
    #expect(graph.nodes.map(\.valueBytes) == [48, 32, 24, 48, 48, 16, 48, 24, 8])
    #expect(graph.nodes.map(\.keptBytes) == [0, 0, 0, 0, 0, 0, 0, 48, 0])
    // Another operation at the position that kept something keeps nothing.
    tape.reset()
    var x = tape.variable([1])
    for _ in 0..<8 { x = x + 1 }
    #expect(TapeGraph(tape).nodes.allSatisfy { $0.keptBytes == 0 && $0.bytes == 8 })
  }

  @Test("tells the norm of each gradient before it is handed on")
  func norms() throws {
    let tape = Tape<Double>()
    let (loss, w) = record(tape)
    let graph = TapeGraph(of: loss)
    let gradient = tape.gradients(of: loss)[w]
    try #expect(abs(#require(graph.nodes[1].gradientNorm) - gradient.norm()) < 1e-15)
    #expect(graph.nodes[8].gradientNorm == 1)
    #expect(graph.nodes[0].gradientNorm == nil && graph.nodes[2].gradientNorm == nil)
    // Each position is made a leaf in turn, of which the tape gives the gradient.
    for position in 3..<8 {
      let other = Tape<Double>()
      let values = tape.replay(on: other, replacing: [position: tape.copiedValue(at: position)])
      let expected = other.gradients(of: values[8])[values[position]].norm()
      let norm = try #require(graph.nodes[position].gradientNorm)
      #expect(abs(norm - expected) < 1e-14, "position \(position)")
    }
  }

  @Test("tells the times of the profile")
  func times() throws {
    let tape = Tape<Double>()
    tape.profile = Profile()
    tape.profile!.begin()
    let loss = record(tape).loss
    let before = tape.profile!.seconds
    let forward = TapeGraph(tape).nodes.compactMap(\.forwardSeconds)
    #expect(forward.count == 6 && forward.allSatisfy { $0 > 0 })
    #expect(abs(forward.reduce(0, +) - before) < 1e-12)
    let walked = TapeGraph(of: loss).nodes
    let back = walked.compactMap(\.backwardSeconds)
    #expect(back.count == 6 && back.allSatisfy { $0 > 0 })
    #expect(walked.compactMap(\.forwardSeconds) == forward)
  }

  @Test("is empty for an empty tape, and a tape that does not record has one too")
  func small() {
    let tape = Tape<Float>(records: false)
    #expect(TapeGraph(tape).nodes.isEmpty && TapeGraph(tape).edges.isEmpty)
    #expect(TapeGraph(tape).dot.hasPrefix("digraph tape {"))
    _ = TapeGraph(tape).tree()
    _ = exp(tape.variable([1, 2]))
    #expect(TapeGraph(tape).nodes.map(\.name) == ["constant", "exp"])
  }

  @Test("is written as a tree in which each node stands once")
  func tree() {
    let tape = Tape<Double>()
    _ = record(tape)
    #expect(
      TapeGraph(tape).description == """
                                       shape   bytes
        8 ● mean                       []        8 B
        7 ● sparseSoftmaxCrossEntropy  [3]      72 B
        2 ├─ constant                  [3]      24 B
        6 ● multiply                   [3, 2]   48 B
        5 ├─ ● sum                     [2]      16 B
        1 │  └─ variable               [2, 2]   32 B
        4 ● tanh                       [3, 2]   48 B
        3 ● matmul                     [3, 2]   48 B
        0 ├─ constant                  [3, 2]   48 B
          └─ ↑ 1 variable
        """)
    let colored = TapeGraph(tape).tree(isColored: true)
    #expect(count("\u{1B}[0m", in: colored) == 10 && colored.contains("\u{1B}[32mvariable"))
  }

  @Test("is written as DOT with a line for each node and edge, and quoted names")
  func dot() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2])
    _ = tape.record("say \"\\\"", of: x, x, value: x.value) { [$0, $0] }
    let dot = TapeGraph(tape).dot
    #expect(count("[label=", in: dot) == 2 && count(" -> ", in: dot) == 2)
    #expect(dot.contains("n0 -> n1;") && dot.contains("1 say \\\"\\\\\\\"\\n[2], 16 B"))
  }

  @Test("holds long chains and wide ones", arguments: [1, 20_000])
  func long(_ length: Int) {
    let tape = Tape<Float>()
    var x = tape.variable([1])
    for _ in 0..<length { x = x + 1 }
    let graph = TapeGraph(of: x.sum())
    #expect(graph.nodes.count == length + 2 && graph.edges.count == length + 1)
    #expect(graph.tree().split(separator: "\n").count == length + 3)
  }
}
