// One differentiable function at one point: what it computes on a tape, and the same by tensors. The
// tests of an operation are tables of these; `RegistryTests.swift` sees that none is missing.

import Autograd
import TestSupport
import Testing

/// A function of some tensors, and the point at which it is differentiated.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let name: String
  let inputs: [Tensor<Double>]
  /// The value by functions of tensors; nil where there is none.
  var reference: (@Sendable ([Tensor<Double>]) -> Tensor<Double>)?
  let function: @Sendable ([Variable<Double>]) -> Variable<Double>

  init(
    _ name: String, _ inputs: [Tensor<Double>],
    reference: (@Sendable ([Tensor<Double>]) -> Tensor<Double>)? = nil,
    _ function: @escaping @Sendable ([Variable<Double>]) -> Variable<Double>
  ) {
    self.name = name
    self.inputs = inputs
    self.reference = reference
    self.function = function
  }

  var testDescription: String {
    name + " of " + inputs.map(\.shape.description).joined(separator: " and ")
  }

  /// Expects right gradients, alone and where contributions add up, and the value of the reference.
  func check(sourceLocation: SourceLocation = #_sourceLocation) {
    let alone = checkGradients(at: inputs) { _, variables in function(variables) }
    #expect(alone.passes, "\(alone)", sourceLocation: sourceLocation)
    let twice = checkGradients(at: inputs) { _, variables in
      function(variables) + function(variables) * 0.5
    }
    #expect(twice.passes, "used twice: \(twice)", sourceLocation: sourceLocation)
    if let reference {
      let tape = Tape<Double>(records: false)
      let value = function(inputs.map { tape.variable($0) }).value
      expectClose(value, reference(inputs), relative: 1e-13, sourceLocation: sourceLocation)
    }
  }
}

/// Numbers of both signs, at least 0.3 away from 0.
///
/// They are multiples of 0.02, those of an odd seed never equal to those of an even one, so that no kink
/// of minimum and its like is near.
func anyNumbers(_ shape: TensorShape, seed: UInt64 = 1) -> Tensor<Double> {
  var generator = RandomGenerator(seed: seed)
  let values = (0..<shape.elementCount).map { _ in
    (0.32 + 0.02 * Double(seed % 2) + 0.04 * Double(generator.nextInteger(below: 30)))
      * (generator.nextUniform() < 0.5 ? -1 : 1)
  }
  return Tensor(values, shape: shape)
}

/// Numbers between 0.3 and 1.6.
func positiveNumbers(_ shape: TensorShape, seed: UInt64 = 1) -> Tensor<Double> {
  abs(anyNumbers(shape, seed: seed))
}

/// Shapes with no axis, of size 1, and of sizes that fill no vector.
let someShapes: [TensorShape] = [[], [1], [7], [3, 17], [2, 3, 5]]
