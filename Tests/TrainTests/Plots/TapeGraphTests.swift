// The drawing of a tape: a box for each node, a line for each operand, nothing over anything.

import TestSupport
import Testing
import Train

/// A network with a way around its layers, so that lines pass layers.
private func graph() -> TapeGraph {
  let tape = Tape<Float>()
  var x = tape.variable(.ones([8, 8]))
  let start = x
  for _ in 0..<3 { x = softmax(relu(matmul(x, tape.variable(.ones([8, 8])))) + start * 0.5) }
  return TapeGraph(of: (x * exp(x.sum(axis: 0))).mean())
}

/// The numbers of an attribute in all elements of one name.
private func numbers(_ attribute: String, of element: String, in svg: String) -> [Double] {
  svg.split(separator: "<").filter { $0.hasPrefix(element + " class") }.compactMap { text in
    text.firstRange(of: " \(attribute)=\"").flatMap { range in
      Double(text[range.upperBound...].prefix { $0 != "\"" })
    }
  }
}

@Suite("The drawing of a tape")
struct TapeGraphDrawingTests {
  @Test("has a box for each node and a line for each edge, inside of the picture")
  func counts() {
    let graph = graph()
    let svg = graph.svg()
    let left = numbers("x", of: "rect", in: svg)
    let widths = numbers("width", of: "rect", in: svg)
    #expect(left.count == graph.nodes.count && graph.nodes.count == 23)
    #expect(svg.split(separator: "<").count { $0.hasPrefix("path class=\"edge\"") } == 26)
    #expect(graph.edges.count == 26)
    #expect(left.allSatisfy { $0 >= 0 })
    #expect(zip(left, widths).allSatisfy { $0 + $1 <= Double(graph.width) })
    #expect(svg.contains("width=\"\(graph.width)\" height=\"\(graph.height)\""))
    #expect(numbers("y", of: "rect", in: svg).allSatisfy { $0 > 0 && $0 < Double(graph.height) })
  }

  @Test("keeps boxes apart, operands above what is made of them")
  func places() {
    let graph = graph()
    let svg = graph.svg()
    let (left, top) = (numbers("x", of: "rect", in: svg), numbers("y", of: "rect", in: svg))
    let widths = numbers("width", of: "rect", in: svg)
    for a in left.indices {
      for b in left.indices where a < b && top[a] == top[b] {
        #expect(left[a] + widths[a] < left[b] || left[b] + widths[b] < left[a])
      }
    }
    #expect(graph.edges.allSatisfy { top[$0.source] < top[$0.target] })
  }

  @Test("names a network's parameters and is escaped")
  func names() {
    var generator = RandomGenerator(seed: 0)
    var network = Sequential([Dense(4, activation: .tanh, inputShape: [2]), Dense(1)])
    network.initialize(using: &generator)
    let context = Context<Float>(isTraining: true)
    let y = network(context.tape.constant(.ones([3, 2])), in: context)
    let strange = context.tape.record("<&>", of: y, value: y.value) { [$0] }
    let graph = TapeGraph(of: strange.mean()).naming(parametersOf: network)
    #expect(
      graph.nodes.map(\.name) == [
        "constant", "dense.kernel", "dense.bias", "dense+tanh", "dense_1.kernel", "dense_1.bias",
        "dense", "<&>", "mean",
      ])
    #expect(graph.svg().contains("7 &lt;&amp;&gt;") && graph.svg().contains("1 dense.kernel"))
    #expect(TapeGraph(Tape<Float>()).svg().hasSuffix("</svg>\n"))
  }
}
