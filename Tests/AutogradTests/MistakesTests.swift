// Every mistake stops with a sentence that names the operation and the way out.

import Autograd
import TestSupport
import Testing

@Suite("A mistake with a tape")
struct MistakesTests {
  @Test("two tapes are mixed")
  func twoTapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (a, b) = (Tape<Float>().variable([1]), Tape<Float>().variable([1]))
      _ = a + b
    }
    #expect(message(of: result, contains: "add:", "another tape", "variable(_:)"))
  }

  @Test("a variable of an earlier step is used")
  func stale() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1])
      tape.reset()
      _ = tape.variable([2]) * x
    }
    #expect(message(of: result, contains: "multiply:", "before the last reset"))
  }

  @Test("the value of an earlier step is read")
  func staleValue() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1])
      tape.reset()
      _ = x.value
    }
    #expect(message(of: result, contains: "variable:", "reset"))
  }

  @Test("gradients of an earlier step are read")
  func staleGradients() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let gradients = tape.gradients(of: sum(tape.variable([1])))
      tape.reset()
      _ = gradients[tape.variable([1])]
    }
    #expect(message(of: result, contains: "gradients:", "reset"))
  }

  @Test("gradients are read after a second walk back")
  func overwrittenGradients() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      let first = tape.gradients(of: sum(x * x))
      _ = tape.gradients(of: sum(x))
      _ = first[x]
    }
    #expect(message(of: result, contains: "gradients:", "again", "before the second"))
  }

  @Test("the gradient with respect to a constant is asked for")
  func constantGradient() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let (x, c) = (tape.variable([1, 2]), tape.constant([3, 4]))
      _ = tape.gradients(of: sum(x * c))[c]
    }
    #expect(message(of: result, contains: "gradients:", "constant", "variable(_:)"))
  }

  @Test("a pullback records on the tape that is being walked")
  func recordingPullback() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      let y = tape.record("double", of: x, value: 2 * x.value) { dy in
        [(tape.constant(dy) * 2).value]
      }
      _ = tape.gradients(of: sum(y))
    }
    #expect(message(of: result, contains: "record:", "same tape", "with tensors"))
  }

  @Test("a pullback resets the tape that is being walked")
  func resettingPullback() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      let y = tape.record("double", of: x, value: 2 * x.value) { dy in
        tape.reset()
        return [2 * dy]
      }
      _ = tape.gradients(of: sum(y))
    }
    #expect(message(of: result, contains: "reset:", "same tape"))
  }

  @Test("the gradient of an intermediate result is asked for")
  func intermediateGradient() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let y = exp(tape.variable([1]))
      _ = tape.gradients(of: sum(y))[y]
    }
    #expect(message(of: result, contains: "gradients:", "leaves", "exp"))
  }

  @Test("the gradient of several elements is asked for")
  func notScalar() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = tape.gradients(of: tape.variable([1, 2]))
    }
    #expect(message(of: result, contains: "gradients:", "[2]", "one element", "sum or mean"))
  }

  @Test("a tape for inference is asked for gradients")
  func inference() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>(records: false)
      _ = tape.gradients(of: sum(tape.variable([1, 2])))
    }
    #expect(message(of: result, contains: "gradients:", "Tape(records: true)"))
  }

  @Test("shapes do not broadcast")
  func broadcast() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = tape.variable(.zeros([2, 3])) - tape.variable(.zeros([2]))
    }
    #expect(message(of: result, contains: "subtract", "[2, 3]", "[2]"))
  }

  @Test("matrices do not fit")
  func matmulShapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = matmul(tape.variable(.zeros([2, 3])), tape.variable(.zeros([4, 5])))
    }
    #expect(message(of: result, contains: "matmul:", "[2, 3]", "[4, 5]", "inner sizes differ"))
  }

  @Test("a class is out of range")
  func label() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      _ = sparseSoftmaxCrossEntropy(
        logits: tape.variable(.zeros([3, 4])), labels: tape.constant([0, 4, 1]))
    }
    #expect(message(of: result, contains: "label 4", "sample 1", "0..<4"))
  }

  @Test("a pullback gives a gradient of another shape")
  func pullbackShape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      _ = tape.gradients(of: sum(tape.record("mine", of: x, value: [[1], [1]]) { [$0] }))
    }
    #expect(message(of: result, contains: "mine:", "[2, 1]", "input 0", "[2]"))
  }

  @Test("a pullback gives too few gradients")
  func pullbackCount() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      _ = tape.gradients(of: sum(tape.record("mine", of: x, x, value: [1, 1]) { [$0] }))
    }
    #expect(message(of: result, contains: "mine:", "1 gradients for 2 inputs"))
  }

  @Test("a dropout rate of 1 would drop everything")
  func dropoutRate() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      _ = dropout(Tape<Float>().variable([1]), rate: 1, using: &generator)
    }
    #expect(message(of: result, contains: "dropout:", "0..<1", "1.0"))
  }
}
