import Layers
import TestSupport
import Testing

/// A network by its list of layers, and what it should count.
private struct Counted: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let count: Int
  let network: Sequential<Float>

  init(_ name: String, _ count: Int, _ layers: [any Layer<Float>]) {
    testDescription = name
    self.count = count
    network = Sequential(layers)
  }
}

private let tutorials = [
  Counted(
    "2-4-1", 17, [Dense(4, activation: .tanh, inputShape: [2]), Dense(1, activation: .sigmoid)]),
  Counted(
    "1-8-2", 34, [Dense(8, activation: .relu, inputShape: [1]), Dense(2, activation: .softmax)]),
  Counted("2-128-64-2", 8770, [Dense(128, inputShape: [2]), Dense(64), Dense(2)]),
  Counted(
    "784-128-64-10", 109_386,
    [Dense(128, inputShape: [784]), Dropout(0.2), Dense(64), Dropout(0.2), Dense(10)]),
  Counted("28x28-128-10", 101_770, [Flatten(inputShape: [28, 28]), Dense(128), Dense(10)]),
  Counted(
    "38-38-128-64-1", 14_795, [Dense(38, inputShape: [38]), Dense(128), Dense(64), Dense(1)]),
]

/// A network of several kinds of layers, built.
func builtNetwork(seed: UInt64 = 0) -> Sequential<Double> {
  var network = Sequential<Double>([
    Dense(5, activation: .tanh, inputShape: [2, 3]), Flatten(), Dense(4), Activation(.softmax),
  ])
  var generator = RandomGenerator(seed: seed)
  network.initialize(using: &generator)
  return network
}

@Suite("A stack of layers")
struct SequentialTests {
  @Test("has as many parameters as the tutorials say", arguments: tutorials)
  fileprivate func counts(_ example: Counted) {
    var network = example.network
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    #expect(network.parameterCounts == (example.count, 0))
    #expect(network.weights.reduce(0) { $0 + $1.count } == example.count)
  }

  @Test("may be written as a list, with add, or as a closure with if and for")
  func forms() {
    let deep = true
    var added = Sequential()
    added.add(Dense(3, inputShape: [2]))
    added.add(Dense(3, activation: .relu))
    added.add(Dense(3, activation: .relu))
    added.add(Dense(1))
    let listed = Sequential([
      Dense(3, inputShape: [2]), Dense(3, activation: .relu), Dense(3, activation: .relu), Dense(1),
    ])
    let built = Sequential<Float> {
      Dense(3, inputShape: [2])
      if deep {
        for _ in 0..<2 { Dense(3, activation: .relu) }
      } else {
        Dense(7)
      }
      if !deep { Dropout(0.5) }
      Dense(1)
    }
    let inferred = Sequential {
      Dense(3, inputShape: [2])
      Dense(3, activation: .relu)
      Dense(3, activation: .relu)
      Dense(1)
    }
    let x: Tensor<Float> = [[1, 2], [3, 4]]
    let results = [added, listed, built, inferred].map { network in
      var network = network
      var generator = RandomGenerator(seed: 9)
      #expect(network.initialize(using: &generator) == [1])
      return apply(network, x)
    }
    #expect(results.allSatisfy { $0 == results[0] && $0.shape == [2, 1] })
  }

  @Test("computes in Double, however it is written")
  func double() {
    var network = Sequential<Double>()
    network.add(Dense(2, inputShape: [1]))
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    let kernel: Tensor<Double> = network.weights[0]
    #expect(kernel.shape == [1, 2])
  }

  @Test("may contain a stack")
  func nested() {
    var network = Sequential<Float>([
      Sequential([Dense(3, inputShape: [2]), Dense(2)]), Dense(1),
    ])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    #expect(network.parameters.map(\.slot) == [0, 1, 2, 3, 4, 5])
    #expect(
      network.parameterPaths.suffix(3) == ["sequential.dense_1.bias", "dense.kernel", "dense.bias"])
    #expect(
      network.summary().contains("sequential (Sequential)      (None, 2)                 17  "))
  }

  @Test("is a value: a changed copy leaves the original as it was")
  func copies() {
    let network = builtNetwork()
    let before = network.weights.map { $0.copied() }
    var copy = network
    copy.weights = copy.weights.map { $0 + 1 }
    copy.forEachParameter { $0.value[0...] *= 2 }
    #expect(network.weights == before)
    #expect(copy.weights != before)
  }

  @Test("begins with the same weights for the same seed, other weights for another")
  func seeds() {
    #expect(builtNetwork(seed: 3).weights == builtNetwork(seed: 3).weights)
    #expect(builtNetwork(seed: 3).weights[0] != builtNetwork(seed: 4).weights[0])
  }

  @Test("gives and takes its weights")
  func weights() {
    var network = builtNetwork()
    #expect(
      network.parameters.map(\.path)
        == ["dense.kernel", "dense.bias", "dense_1.kernel", "dense_1.bias"])
    #expect(network.weights.map(\.shape) == [[3, 5], [5], [10, 4], [4]])
    let others = builtNetwork(seed: 7).weights
    network.weights = others
    #expect(network.weights == others)
  }

  @Test("has the gradients of finite differences, through all its layers")
  func gradients() {
    let network = builtNetwork()
    let x = Tensor<Double>((0..<18).map { Double($0 * 5 % 7) / 5 - 0.6 }, shape: [3, 2, 3])
    let check = checkGradients(at: network.weights + [x]) { tape, variables in
      // The layers read their parameters from a context; here the variables take their place.
      let h = tanh(dense(variables[4], variables[0], variables[1]))
      let logits = dense(h.reshaped(to: [3, 10]), variables[2], variables[3])
      return softmax(logits)
    }
    #expect(check.passes, "\(check)")

    // The network's own gradients beside differences of its values, parameter by parameter.
    func loss(_ network: Sequential<Double>, _ context: Context<Double>) -> Variable<Double> {
      context.tape.reset()
      let target = context.tape.constant(Tensor((0..<12).map { Double($0) / 6 }, shape: [3, 4]))
      return (square(network(context.tape.constant(x), in: context) - target)).sum()
    }
    let context = Context<Double>(isTraining: true)
    let found = context.tape.gradients(of: loss(network, context))
    for parameter in network.parameters {
      let byTape = found[context[parameter]].elements
      for element in byTape.indices {
        func value(_ change: Double) -> Double {
          var moved = network
          moved.forEachParameter {
            guard $0.slot == parameter.slot else { return }
            $0.value.withUnsafeMutableBufferPointer { $0[element] += change }
          }
          return loss(moved, Context(isTraining: false)).scalar
        }
        let h = 1e-3
        let differences =
          (value(-2 * h) - 8 * value(-h) + 8 * value(h) - value(2 * h)) / (12 * h)
        #expect(
          abs(byTape[element] - differences) < 1e-8, "\(parameter.path)[\(element)]")
      }
    }
  }

  @Test("takes no gradient of a frozen parameter")
  func frozen() {
    var network = builtNetwork()
    network.freeze("dense.kernel")
    #expect(network.parameterCounts == (49, 15))
    let context = Context<Double>(isTraining: true)
    let y = sum(square(network(context.tape.constant(.ones([1, 2, 3])), in: context)))
    let gradients = context.tape.gradients(of: y)
    let parameters = network.parameters
    #expect(gradients[parameters[0]] == nil && gradients[parameters[1]] != nil)
  }
}

/// What a network computes for samples.
func apply<Network: Layer>(
  _ network: Network, _ x: Tensor<Network.Scalar>, isTraining: Bool = false, seed: UInt64 = 0
) -> Tensor<Network.Scalar> {
  let context = Context<Network.Scalar>(
    isTraining: isTraining, generator: RandomGenerator(seed: seed))
  return network(context.tape.constant(x), in: context).value
}
