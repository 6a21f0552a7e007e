// Keras's answers, written by the make_goldens.py beside each file: results and gradients of layers whose weights
// follow from a rule, so that the files hold answers only.

import Layers
import TestSupport
import Testing

/// Element i of tensor `seed` is sin(0.7 i + seed) / 2.
func numbers(_ shape: TensorShape, _ seed: Int) -> Tensor<Double> {
  let angles = (0..<shape.elementCount).map { 0.7 * Double($0) + Double(seed) }
  return sin(Tensor(angles, shape: shape)) * 0.5
}

/// Numbers by the name of what they are, such as `lstm.last.result0`.
private let goldens: [Substring: [Double]] = {
  var table: [Substring: [Double]] = [:]
  for folder in ["Sequences", "Images"] {
    for line in goldenLines("\(folder)/goldens.txt") where !line.isEmpty {
      let words = line.split(separator: " ")
      table[words[0]] = words[2...].map { Double($0)! }
    }
  }
  return table
}()

/// Expects Keras's results of the layer for these inputs, its gradients of inputs and weights, and what the layer
/// measured.
///
/// Weights of the numbers `positive` are larger by 1. Where Keras computed in Float whatever it was told,
/// `isRounded` allows for it.
func expectKeras<L: Layer>(
  _ name: String, _ layer: L, _ inputs: [Tensor<Double>], mask: Tensor<Bool>? = nil,
  positive: Set<Int> = [], isTraining: Bool = true, isRounded: Bool = false,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  typealias Scalar = L.Scalar
  var layer = layer
  var generator = RandomGenerator(seed: 1)
  layer.initialize(
    inputShapes: inputs.map { TensorShape(Array($0.shape.dropFirst())) }, using: &generator)
  layer.weights = layer.weights.enumerated().map {
    Tensor<Scalar>(numbers($1.shape, 10 + $0) + (positive.contains($0) ? 1 : 0))
  }
  let context = Context<Scalar>(isTraining: isTraining, tape: Tape())
  let variables = inputs.map { context.tape.variable(Tensor<Scalar>($0)) }
  context.setMask(mask, of: variables[0])
  let results = layer(variables, in: context)
  let weighted = results.enumerated().map {
    sum($1 * context.tape.constant(Tensor<Scalar>(numbers($1.shape, 30 + $0))))
  }
  let gradients = context.tape.gradients(of: weighted.dropFirst().reduce(weighted[0], +))

  var found: [(String, Tensor<Scalar>)] = []
  for (i, result) in results.enumerated() { found.append(("result\(i)", result.value)) }
  for (i, variable) in variables.enumerated() { found.append(("input\(i)", gradients[variable])) }
  for (i, parameter) in layer.parameters.filter(\.isTrainable).enumerated() {
    found.append(("weight\(i)", gradients[parameter]!))
  }
  layer.applyAssignments(of: context)
  for (i, parameter) in layer.parameters.filter({ !$0.isTrainable }).enumerated() {
    found.append(("measured\(i)", parameter.value))
  }
  let (relative, absolute) =
    Scalar.self == Double.self && !isRounded ? (1e-11, 1e-12) : (1e-5, 1e-5)
  for (part, value) in found {
    let golden = goldens["\(name).\(part)"[...]] ?? convolutionGoldens["\(name).\(part)"[...]]
    #expect(golden != nil, "no golden \(name).\(part)", sourceLocation: sourceLocation)
    expectClose(
      value.elements.map { Double($0) }, golden ?? [], relative: relative, absolute: absolute,
      "\(name).\(part) in \(Scalar.self)", sourceLocation: sourceLocation)
  }
}
