import Autograd
import TestSupport
import Testing

private let (batch, steps, inputs, units) = (3, 4, 2, 3)

private let someSteps = SequenceMask(
  Tensor<Bool>([
    [true, true, true, true], [false, true, false, true], [false, false, false, false],
  ]))

/// A case with everything that a kind of cell takes: bias, states, dropout.
private func example(
  _ kind: RecurrentKind, sequences: Bool, backwards: Bool = false, mask: SequenceMask? = nil,
  dropout: Bool = false, statesWanted: Bool = false
) -> GradientCase {
  let width = kind.gates * units
  let form = RecurrentForm(
    kind, activation: .tanh, recurrentActivation: .sigmoid, goesBackwards: backwards,
    returnsSequences: sequences)
  var name = "\(kind)\(sequences ? " sequences" : "")\(backwards ? " backwards" : "")"
  name += "\(mask == nil ? "" : " masked")\(dropout ? " dropout" : "")"
  name += statesWanted ? " states" : ""
  return GradientCase(
    name,
    [
      anyNumbers([batch, steps, inputs]), anyNumbers([inputs, width], seed: 2),
      anyNumbers([units, width], seed: 3),
      anyNumbers(kind == .gru ? [2, width] : [width], seed: 4),
      anyNumbers([batch, units], seed: 5),
      anyNumbers([batch, units], seed: 6),
    ]
  ) { variables in
    let factors = variables[0].tape.constant(
      Tensor<Double>([[0, 2, 2], [2, 0, 2], [2, 2, 0]]))
    let results = recurrence(
      form, variables[0], variables[1], variables[2], bias: variables[3],
      states: Array(variables[4..<4 + kind.stateCount]), dropout: dropout ? factors : nil,
      mask: mask, returnsStates: statesWanted)
    // Numbers that are not used have a gradient of zeros.
    return concatenate(results.map { $0.flattened() } + [variables[5].flattened() * 0])
  }
}

let recurrenceCases: [GradientCase] = [RecurrentKind.simple, .lstm, .gru, .gruResettingBefore]
  .flatMap { kind in
    [
      example(kind, sequences: true), example(kind, sequences: false, backwards: true),
      example(kind, sequences: true, mask: someSteps),
      example(kind, sequences: false, mask: someSteps, dropout: true, statesWanted: true),
      example(kind, sequences: true, dropout: true, statesWanted: true),
    ]
  }

private let words = Tensor<Double>([[2, 0, 2], [1, 2, 4]])

let embeddingCases: [GradientCase] = [
  GradientCase(
    "embedding", [anyNumbers([5, 3])],
    reference: { $0[0].taking(Tensor<Int>([[2, 0, 2], [1, 2, 4]]), axis: 0) },
    { embedding($0[0], $0[0].tape.constant(words)) })
]

@Suite("Recurrent layers as one operation")
struct RecurrenceTests {
  @Test("have the derivative of finite differences", arguments: recurrenceCases + embeddingCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("have one result of a single step of a single sample")
  func smallest() {
    for kind in [RecurrentKind.simple, .lstm, .gru, .gruResettingBefore] {
      let tape = Tape<Float>()
      let (x, w) = (tape.variable(.ones([1, 1, 1])), tape.variable(.ones([1, kind.gates])))
      let form = RecurrentForm(
        kind, activation: nil, recurrentActivation: nil, goesBackwards: false,
        returnsSequences: true)
      let y = recurrence(form, x, w, tape.variable(.ones([1, kind.gates])), bias: nil)[0]
      // z h + (1 - z) g with z = 1 keeps the state of a GRU.
      #expect(y.value.elements == [kind == .simple || kind == .lstm ? 1 : 0])
      #expect(tape.gradients(of: sum(y))[w].shape == [1, kind.gates])
    }
  }

  @Test("do not depend on how the batch is cut", arguments: [RecurrentKind.simple, .lstm, .gru])
  func threads(kind: RecurrentKind) {
    func bits() -> [Tensor<Float>] {
      var generator = RandomGenerator(seed: 1)
      let tape = Tape<Float>()
      let variables = [[40, 3, 17], [17, kind.gates * 64], [64, kind.gates * 64]].map {
        tape.variable(Tensor<Float>.normal(TensorShape($0), using: &generator))
      }
      let form = RecurrentForm(
        kind, activation: .tanh, recurrentActivation: .sigmoid, goesBackwards: false,
        returnsSequences: true)
      let y = recurrence(form, variables[0], variables[1], variables[2], bias: nil)[0]
      let gradients = tape.gradients(of: sum(y * y))
      return [y.value] + variables.map { gradients[$0] }
    }
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let expected = bits()
    for threads in [2, 3, 8] {
      Parallel.threadCount = threads
      #expect(bits() == expected)
    }
  }

  @Test("of a shape that does not fit stop with a sentence")
  func mistakes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let form = RecurrentForm(
        .lstm, activation: .tanh, recurrentActivation: .sigmoid, goesBackwards: false,
        returnsSequences: true)
      _ = recurrence(
        form, tape.variable(.ones([2, 3, 4])), tape.variable(.ones([5, 8])),
        tape.variable(.ones([2, 8])), bias: nil)
    }
    #expect(message(of: result, contains: "lstm:", "[2, 3, 4]", "[5, 8]", "[4, 4 units]"))
  }

  @Test("of a word that does not exist stop with its number", arguments: ["4", "-1", "0.5", "nan"])
  func words(word: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [word] in
      let tape = Tape<Double>()
      _ = embedding(tape.variable(.zeros([4, 2])), tape.constant(Tensor([0, Double(word)!])))
    }
    #expect(message(of: result, contains: "embedding:", "0..<4"))
  }
}
