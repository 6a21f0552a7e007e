import Autograd
import TestSupport
import Testing

private let words = Tensor<Int>([[2, 0, 2], [1, 2, 4]])

let gatherCases: [GradientCase] = [
  GradientCase(
    "taking of rows", [anyNumbers([5, 3])], reference: { $0[0].taking(words, axis: 0) },
    { $0[0].taking(words, axis: 0) }),
  GradientCase(
    "taking along the last axis", [anyNumbers([2, 5])],
    reference: { $0[0].taking(words, axis: -1) },
    { $0[0].taking(words, axis: -1) }),
  GradientCase(
    "taking along a middle axis", [anyNumbers([2, 5, 17])],
    reference: { $0[0].taking([3, 3, 0], axis: 1) }, { $0[0].taking([3, 3, 0], axis: 1) }),
  GradientCase(
    "taking nothing", [anyNumbers([3, 2])], reference: { $0[0].taking([], axis: 0) },
    { $0[0].taking([], axis: 0) }),
  GradientCase(
    "rows", [anyNumbers([4, 2])], reference: { $0[0].rows([1, 1, 3]) }, { $0[0].rows([1, 1, 3]) }),
  GradientCase(
    "[words]", [anyNumbers([5, 2])], reference: { $0[0][words] }, { $0[0][words] }),
  GradientCase(
    "[samples, labels]", [anyNumbers([3, 4])],
    reference: { $0[0][Tensor<Int>([0, 1, 2]), Tensor<Int>([3, 0, 0])] },
    { $0[0][Tensor<Int>([0, 1, 2]), Tensor<Int>([3, 0, 0])] }),
  GradientCase(
    "[mask]", [anyNumbers([3, 4])], reference: { $0[0][anyNumbers([3, 4]) .> 0] },
    { $0[0][anyNumbers([3, 4]) .> 0] }),
  GradientCase(
    "[mask of rows]", [anyNumbers([3, 4])],
    reference: { $0[0][Tensor<Bool>([true, false, true])] },
    { $0[0][Tensor<Bool>([true, false, true])] }),
  GradientCase(
    "scatterAdd", [anyNumbers([5, 3]), anyNumbers([2, 3, 3], seed: 2)],
    reference: {
      var sum = $0[0]
      sum.scatterAdd($0[1], at: words)
      return sum
    },
    {
      var sum = $0[0]
      sum.scatterAdd($0[1], at: words)
      return sum
    }),
  GradientCase(
    "scatterAdd along the last axis", [anyNumbers([2, 5]), anyNumbers([2, 3], seed: 2)],
    reference: {
      var sum = $0[0]
      sum.scatterAdd($0[1], at: Tensor<Int>([4, 1, 4]), axis: 1)
      return sum
    },
    {
      var sum = $0[0]
      sum.scatterAdd($0[1], at: Tensor<Int>([4, 1, 4]), axis: 1)
      return sum
    }),
]

@Suite("Gathering and scattering on a tape")
struct GatherTests {
  @Test(
    "have the derivative of finite differences and the value of tensors", arguments: gatherCases)
  func gradients(_ example: GradientCase) { example.check() }

  @Test("add up what arrives at one word several times")
  func embedding() {
    let tape = Tape<Float>()
    let table = tape.variable(.zeros([4, 2]))
    let vectors = table.taking(Tensor<Int>([1, 3, 1, 1]), axis: 0)
    #expect(tape.gradients(of: sum(vectors))[table] == [[0, 0], [3, 3], [0, 0], [1, 1]])
  }

  @Test("lose no digits of many numbers that arrive at one place")
  func longSums() {
    let tape = Tape<Float>()
    let first = Tensor<Int>(repeating: 1, shape: [6000])
    let parts = Tensor<Float>(shape: [6000, 2]) { $0[0] == 0 ? 0x1p24 : $0[0] < 1000 ? 0 : 1 }
    let expected: Tensor<Float> = [[0, 0], [16_782_216, 16_782_216], [0, 0]]
    let table = tape.variable(.zeros([3, 2]))
    let loss = sum(table.taking(first, axis: 0) * tape.constant(parts))
    #expect(tape.gradients(of: loss)[table] == expected)
    var sums = table
    sums.scatterAdd(tape.variable(parts), at: first, axis: 0)
    #expect(sums.value == expected)
  }

  @Test("of a position that does not exist stop with its number")
  func outside() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape<Float>().variable(.zeros([4, 2])).taking([1, 4], axis: 0)
    }
    #expect(message(of: result, contains: "taking:", "position 4", "[4, 2]"))
  }
}
