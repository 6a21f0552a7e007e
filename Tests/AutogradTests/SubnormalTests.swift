// What a tape computes takes subnormal numbers as zero, and leaves the thread's mode as it was.

import Autograd
import Tensor
import TestSupport
import Testing

/// y = x, noting whether subnormal numbers are flushed both ways.
private struct Witness: TapeOperation {
  typealias Scalar = Float
  final class Notes {
    var forward: [FloatingPointMode] = []
    var backward: [FloatingPointMode] = []
  }
  let notes: Notes
  var name: String { "witness" }
  func outputShape(_ pass: ForwardPass<Float>) -> TensorShape { pass.input(0).shape }
  func forward(_ pass: ForwardPass<Float>) {
    notes.forward.append(.current)
    pass.output.base.update(from: pass.input(0).base, count: pass.output.count)
  }
  func backward(_ pass: BackwardPass<Float>) {
    notes.backward.append(.current)
    guard let (dx, count) = pass.zeroedGradient(0) else { return }
    for i in 0..<count { dx[i] += pass.outputGradient.base[i] }
  }
}

@Suite("Subnormal numbers on a tape", .enabled(if: canFlushSubnormals))
struct SubnormalTests {
  @Test("are zero in values and gradients")
  func flushed() {
    let tape = Tape<Float>()
    let x = tape.variable([-95, 1e-20, 2])
    #expect(exp(x).value[0] == 0)
    #expect((x * 1e-20).value[1] == 0)
    // The derivative of x² · 1e-30 is 2 x · 1e-30.
    let gradients = tape.gradients(of: sum(square(x) * 1e-30))
    #expect(gradients[x][1] == 0 && gradients[x][2] == 4e-30)
    #expect(exp(x.value)[0] > 0 && (x.value * 1e-20)[1] > 0)
  }

  @Test("the mode is set for the time of each operation and restored")
  func restored() {
    let before = FloatingPointMode.current
    defer { FloatingPointMode.current = before }
    var toZero = before
    #if arch(x86_64)
    toZero.bits |= 0x6000
    #endif
    for mode in [before, toZero] {
      FloatingPointMode.current = mode
      let notes = Witness.Notes()
      let tape = Tape<Float>()
      let x = tape.variable([1, 2])
      let y = tape.record(Witness(notes: notes), x)
      #expect(FloatingPointMode.current == mode)
      _ = tape.gradients(of: sum(y))
      #expect(FloatingPointMode.current == mode)
      let flushed = FloatingPointMode(bits: mode.bits | FloatingPointMode.flush)
      #expect(notes.forward == [flushed] && notes.backward == [flushed])
    }
  }
}
