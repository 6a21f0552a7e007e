// What `print` shows of variables and gradients.

import Autograd
import Testing

@Suite("Printed, in a few words")
struct DescriptionTests {
  @Test("a variable shows what computed it, its shape and its numbers")
  func variables() {
    let tape = Tape<Float>()
    let (x, c) = (tape.variable([1, 2]), tape.constant([3, 4]))
    let y = sum(x * c)
    #expect("\(x)" == "Variable(leaf, shape: [2]): \(x.value)")
    #expect("\(c)" == "Variable(constant, shape: [2]): \(c.value)")
    #expect("\(y)" == "Variable(\(y.operationName), shape: []): 11.0")
    tape.reset()
    #expect("\(x)" == "Variable of a tape that was reset since")
  }

  @Test("gradients show the shapes that they have, also when they are gone")
  func gradients() {
    let tape = Tape<Float>()
    let (w, b) = (tape.variable(.ones([2, 3])), tape.variable(.ones([3])))
    _ = tape.variable(.ones([7]))
    let gradients = tape.gradients(of: sum(w * 2 + b))
    #expect("\(gradients)" == "Gradients(with respect to 2 variables, shapes: [2, 3], [3])")
    _ = tape.gradients(of: sum(w))
    #expect("\(gradients)" == "Gradients of an earlier step of their tape")
    tape.reset()
    #expect("\(gradients)" == "Gradients of an earlier step of their tape")
  }
}
