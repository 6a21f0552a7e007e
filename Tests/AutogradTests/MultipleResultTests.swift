// Operations with several results, and with more inputs than a position holds in place.

import Autograd
import TestSupport
import Testing

/// The radius and the angle of the points (x, y).
private struct Polar: MultipleResultOperation {
  typealias Scalar = Double

  var name: String { "polar" }

  func outputShapes(_ pass: ForwardPass<Double>) -> [TensorShape] {
    [pass.input(0).shape, pass.input(0).shape]
  }

  func forward(_ pass: ForwardPass<Double>) {
    let (x, y) = (pass.input(0).tensor(), pass.input(1).tensor())
    let (radius, angle) = (sqrt(x * x + y * y).elements, atan2(y, x).elements)
    for i in radius.indices {
      pass.output(0).base[i] = radius[i]
      pass.output(1).base[i] = angle[i]
    }
  }

  // dx = dr x / r - da y / r²
  // dy = dr y / r + da x / r²
  func backward(_ pass: BackwardPass<Double>) {
    let (x, y, r) = (pass.input(0).base, pass.input(1).base, pass.output(0).base)
    let (dr, da) = (pass.outputGradient(0), pass.outputGradient(1))
    let (dx, dy) = (pass.zeroedGradient(0), pass.zeroedGradient(1))
    for i in 0..<pass.input(0).count {
      let radial = (dr?.base[i] ?? 0) / r[i]
      let angular = (da?.base[i] ?? 0) / (r[i] * r[i])
      dx?.base[i] += radial * x[i] - angular * y[i]
      dy?.base[i] += radial * y[i] + angular * x[i]
    }
  }
}

private func polar(
  _ x: Variable<Double>, _ y: Variable<Double>
) -> (radius: Variable<Double>, angle: Variable<Double>) {
  let results = x.tape.recordResults(Polar(), of: [x, y])
  return (results[0], results[1])
}

private let cases: [GradientCase] = [
  GradientCase(
    "both results", [anyNumbers([2, 3], seed: 1), anyNumbers([2, 3], seed: 2)],
    reference: { sqrt($0[0] * $0[0] + $0[1] * $0[1]) * atan2($0[1], $0[0]) },
    {
      let p = polar($0[0], $0[1])
      return p.radius * p.angle
    }),
  GradientCase("the first result", [anyNumbers([3], seed: 1), anyNumbers([3], seed: 2)]) {
    square(polar($0[0], $0[1]).radius)
  },
  GradientCase("the second result", [anyNumbers([3], seed: 1), anyNumbers([3], seed: 2)]) {
    polar($0[0] * $0[1], $0[1]).angle
  },
  GradientCase("one variable for both inputs", [anyNumbers([3])]) {
    polar($0[0], $0[0]).radius
  },
]

@Suite("An operation with several results")
struct MultipleResultTests {
  @Test("has the derivative of finite differences", arguments: cases)
  private func gradients(_ example: GradientCase) { example.check() }

  @Test("sees no gradient of a result that nothing depends on, and none at all without any")
  func absent() {
    let tape = Tape<Double>()
    let (x, y) = (tape.variable([3]), tape.variable([4]))
    let p = polar(x, y)
    let gradients = tape.gradients(of: sum(p.radius))
    expectClose(gradients[x], [0.6])
    expectClose(gradients[y], [0.8])
    #expect(tape.gradients(of: sum(x))[y] == [0])
  }

  @Test("of constants takes no gradient")
  func constants() {
    let tape = Tape<Double>()
    let (x, y) = (tape.constant([3]), tape.constant([4]))
    #expect(polar(x, y).radius.value == [5])
    #expect(!tape.nodes[tape.count - 1].requiresGradient)
  }

  @Test("stands before its results in a graph, with the time of all of them")
  func graph() {
    let tape = Tape<Double>()
    let profile = Profile()
    tape.profile = profile
    let (x, y) = (tape.variable([3]), tape.variable([4]))
    let p = polar(x, y)
    let graph = TapeGraph(of: sum(p.radius * p.angle))
    #expect(
      graph.nodes.map(\.name).prefix(5) == [
        "variable", "variable", "polar", "polar[0]", "polar[1]",
      ])
    #expect(graph.nodes[3].inputs == [2] && graph.nodes[2].inputs == [0, 1])
    #expect(profile.entries.count { $0.operation.hasPrefix("polar") } == 2)
  }

  @Test("is replayed with other values of a leaf and of one of its results")
  func replay() {
    let tape = Tape<Double>()
    let (x, y) = (tape.variable([3]), tape.variable([4]))
    let p = polar(x, y)
    let z = p.radius * 2
    let other = Tape<Double>()
    #expect(tape.replay(on: other, replacing: [0: [0]])[Int(z.index)].value == [8])
    #expect(tape.replay(on: Tape(), replacing: [3: [7]])[Int(z.index)].value == [14])
  }

  @Test("stops when it is recorded as one with a single result")
  func single() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tape<Double>().variable([1])
      _ = x.tape.record(Polar(), x, x)
    }
    #expect(message(of: result, contains: "polar:", "recordResults"))
  }
}

@Suite("A walk back")
struct CompletionTests {
  @Test("tells when the gradient of each leaf is complete, the last one first")
  func completion() {
    let tape = Tape<Double>()
    let x = tape.variable([1, 2])
    let c = tape.constant([5, 5])
    let y = exp(x)
    let w = tape.variable([3, 4])
    let unused = tape.variable([0])
    var order: [Int32] = []
    var seen: [Tensor<Double>] = []
    let gradients = tape.gradients(of: sum(y * w + x * c * w)) { leaf, gradient in
      order.append(leaf.index)
      seen.append(gradient)
    }
    #expect(order == [w.index, x.index])
    #expect(seen == [gradients[w], gradients[x]])
    #expect(gradients[unused] == [0])
  }
}
