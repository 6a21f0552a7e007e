// One training step of the network of `circles`: recorded, differentiated, and checked by finite
// differences at every position.

import Autograd
import Layers
import Tensor
import Train

/// A recorded training step with all values, gradients and checks.
struct Walk {
  /// The recorded graph, with names for the leaves.
  let graph: TapeGraph
  /// The value at each position.
  let values: [Tensor<Double>]
  /// The complete gradient at each position, before it is propagated; nil where there is none.
  let gradients: [Tensor<Double>?]
  /// The position of the loss.
  let result: Int

  private let tape: Tape<Double>

  /// The step of finite differences; small, so that it rarely crosses the kink of ReLU.
  private static let step = 1e-5

  /// Records a training step on points of the two circles.
  ///
  /// The points start with the second one, since it and the third have different classes.
  init(samples: Int, hidden: [Int], activation: ActivationFunction, seed: UInt64) {
    let (points, classes) = makeCircles(samples: 1000, noise: 0.1, factor: 0.2, randomState: 0)
    var layers: [any Layer<Double>] = []
    for units in hidden {
      layers.append(
        Dense<Double>(units, activation: activation, inputShape: layers.isEmpty ? [2] : nil))
    }
    layers.append(
      Dense<Double>(1, activation: .sigmoid, inputShape: layers.isEmpty ? [2] : nil))
    var network = Sequential(layers)
    var generator = RandomGenerator(seed: seed)
    network.initialize(using: &generator)

    let context = Context<Double>(isTraining: true)
    tape = context.tape
    let inputs = tape.constant(points[1..<1 + samples])
    let prediction = network(inputs, in: context)
    let targets = tape.constant(
      Tensor<Double>(classes[1..<1 + samples]).expandingShape(at: -1))
    let loss = BinaryCrossentropy()(prediction, targets).mean()
    result = Int(loss.index)

    graph = TapeGraph(of: loss).naming(parametersOf: network)
    values = (0..<tape.count).map(tape.copiedValue)
    var gradients = [Tensor<Double>?](repeating: nil, count: tape.count)
    let tape = tape
    _ = tape.gradients(of: loss) { gradients[$0] = tape.copiedGradient(at: $0) }
    for position in 0..<tape.count where gradients[position] == nil {
      gradients[position] = tape.copiedGradient(at: position)
    }
    self.gradients = gradients
  }

  /// The contribution of the operation at a position to the gradient of one of its operands.
  func contribution(of position: Int, to input: Int) -> Tensor<Double> {
    guard let arrived = gradients[position] else { return .zeros(like: values[input]) }
    return pulledBack(arrived, through: position, to: input)
  }

  /// The derivative of an element-wise operation or of a mean: its contribution for a gradient of
  /// ones.
  func localDerivative(of position: Int, to input: Int) -> Tensor<Double> {
    pulledBack(.ones(like: values[position]), through: position, to: input)
  }

  private func pulledBack(
    _ gradient: Tensor<Double>, through position: Int, to input: Int
  ) -> Tensor<Double> {
    let other = Tape<Double>()
    let replaced = operands(of: position)
    let variables = tape.replay(on: other, replacing: replaced)
    let sum = (variables[position] * other.constant(gradient)).sum()
    return other.gradients(of: sum)[variables[input]]
  }

  /// The largest relative difference between a gradient of the loss and finite differences of the loss.
  func error(of gradient: Tensor<Double>, at position: Int) -> Double {
    let x = values[position].elements
    let byDifferences = x.indices.map { index in
      derivative(at: x[index]) { changed in
        var elements = x
        elements[index] = changed
        return value(at: result, with: elements, at: position)[0]
      }
    }
    return largestError(gradient.elements, byDifferences)
  }

  /// The largest relative difference between a product of the chain rule (an operation's
  /// contribution to the gradient of an operand) and finite differences of the operation, weighted
  /// with the incoming gradient.
  func error(ofProduct product: Tensor<Double>, of position: Int, moving input: Int) -> Double {
    let x = values[input].elements
    guard let arrived = gradients[position]?.elements else { return .nan }
    let byDifferences = x.indices.map { index in
      derivative(at: x[index]) { changed in
        var elements = x
        elements[index] = changed
        let moved = value(of: position, with: elements, moving: input)
        return zip(arrived, moved).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    return largestError(product.elements, byDifferences)
  }

  /// The largest relative difference between a local derivative and finite differences of the operation.
  ///
  /// For an element-wise operation, all elements are moved at once; for a mean or any other
  /// operation with one result, one element at a time. A bias moves the weighted sums of its
  /// column.
  func error(ofLocal local: Tensor<Double>, of position: Int, moving input: Int) -> Double {
    let x = values[input].elements
    let isSingle = values[position].count == 1 && x.count > 1
    let byDifferences: [Double]
    if isSingle {
      byDifferences = x.indices.map { index in
        derivative(at: x[index]) { changed in
          var elements = x
          elements[index] = changed
          return value(of: position, with: elements, moving: input)[0]
        }
      }
    } else {
      let h = Self.step
      let around = [-2.0, -1, 1, 2].map { factor in
        value(of: position, with: x.map { $0 + factor * h }, moving: input)
      }
      byDifferences = around[0].indices.map {
        (around[0][$0] - 8 * around[1][$0] + 8 * around[2][$0] - around[3][$0]) / (12 * h)
      }
    }
    return largestError(local.elements, byDifferences)
  }

  /// The largest relative difference between `dz`, the gradient of a layer's weighted sums, and finite
  /// differences of the loss.
  ///
  /// The sums are not on the tape. Instead the bias is moved, and each element of the resulting
  /// output replaces the old one.
  func error(ofSums dz: Tensor<Double>, of position: Int, bias: Int) -> Double {
    let y = values[position].elements
    let h = Self.step
    let b = values[bias].elements
    let around = [-2.0, -1, 1, 2].map { factor in
      value(of: position, with: b.map { $0 + factor * h }, moving: bias)
    }
    let byDifferences = y.indices.map { index in
      let losses = around.map { moved in
        var elements = y
        elements[index] = moved[index]
        return value(at: result, with: elements, at: position)[0]
      }
      return (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * h)
    }
    return largestError(dz.elements, byDifferences)
  }

  /// The largest relative difference between a layer's factor, `dz/dw = x` or `dz/dx = w`, and
  /// finite differences of all its results; `local` is their derivative with respect to the sums.
  func error(
    ofFactor factor: Tensor<Double>, local: Tensor<Double>, of position: Int, moving input: Int,
    isWeights: Bool
  ) -> Double {
    let x = values[input].elements
    let (rows, units) = (local.shape[0], local.shape[1])
    let columns = values[input].shape[1]
    var worst = 0.0
    for index in x.indices {
      let (first, second) = (index / columns, index % columns)
      let h = Self.step
      let around = [-2.0, -1, 1, 2].map { factor in
        var elements = x
        elements[index] += factor * h
        return value(of: position, with: elements, moving: input)
      }
      var expected: [Double] = []
      for row in 0..<rows {
        for unit in 0..<units {
          // w[k, j] moves column j by x[i, k]; x[i, k] moves row i by w[k, j].
          let isMoved = isWeights ? unit == second : row == first
          let slope = isWeights ? factor[row, first] : factor[second, unit]
          expected.append(isMoved ? slope * local[row, unit] : 0)
        }
      }
      let byDifferences = expected.indices.map {
        (around[0][$0] - 8 * around[1][$0] + 8 * around[2][$0] - around[3][$0]) / (12 * h)
      }
      worst = max(worst, largestError(expected, byDifferences))
    }
    return worst
  }

  /// The elements of an operation's result after one of its operands is replaced.
  private func value(of position: Int, with elements: [Double], moving input: Int) -> [Double] {
    var replaced = operands(of: position)
    replaced[input] = Tensor(elements, shape: values[input].shape)
    return tape.replay(on: Tape(), replacing: replaced)[position].value.elements
  }

  private func operands(of position: Int) -> [Int: Tensor<Double>] {
    Dictionary(graph.nodes[position].inputs.map { ($0, values[$0]) }) { first, _ in first }
  }

  /// The elements at a position after the value at another position is replaced.
  private func value(at position: Int, with elements: [Double], at changed: Int) -> [Double] {
    let replaced = [changed: Tensor(elements, shape: values[changed].shape)]
    return tape.replay(on: Tape(), replacing: replaced)[position].value.elements
  }

  /// The derivative of a function of one number, by five-point finite differences.
  private func derivative(at x: Double, _ f: (Double) -> Double) -> Double {
    let h = Self.step * max(1, abs(x))
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)
  }

  private func largestError(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) / max(1, abs($0), abs($1)) }
      .reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
  }
}
