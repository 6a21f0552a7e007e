import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A layer whose only parameter is a point.
private struct Point<Scalar: TensorFloat>: Layer {
  var place = Parameter<Scalar>("place")

  mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape {
    place.value = Tensor(Tensor<Double>([1, -2, 0.5, 3, 0]))
    return inputShape
  }
  func callAsFunction(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    context[place]
  }
  mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) { body(&place) }
}

/// The weights after 20 steps along the gradient 2 a w + 0.1 cos(t + i) of a valley that moves.
private func descend<Scalar: TensorFloat>(_ optimizer: any Optimizer, _: Scalar.Type) -> [Double] {
  var point = Point<Scalar>()
  var generator = RandomGenerator(seed: 0)
  point.initialize(inputShape: [1], using: &generator)
  let context = Context<Scalar>(isTraining: true)
  var state = OptimizerState<Scalar>()
  let a = Tensor<Scalar>(Tensor<Double>([1, 0.5, 3, 0.01, 1]))
  for t in 0..<20 {
    context.tape.reset()
    let w = point(context.tape.constant([0]), in: context)
    let slope = Tensor<Scalar>(Tensor<Double>((0..<5).map { 0.1 * cos(Double(t + $0)) }))
    let height = sum(w * w * context.tape.constant(a) + w * context.tape.constant(slope))
    optimizer.update(&point, along: context.tape.gradients(of: height), state: &state)
  }
  #expect(state.step == 20)
  return point.place.value.elements.map(Double.init)
}

/// The same walk by plain loops: `update` changes one weight along its gradient in step t = 1, 2, ….
private func walk(_ update: (_ w: inout Double, _ g: Double, _ m: inout [Double], _ t: Int) -> Void)
  -> [Double]
{
  var w = [1, -2, 0.5, 3, 0]
  var moments = [[Double]](repeating: [0, 0], count: 5)
  let a = [1, 0.5, 3, 0.01, 1]
  for t in 0..<20 {
    for i in 0..<5 {
      let g = 2 * a[i] * w[i] + 0.1 * cos(Double(t + i))
      update(&w[i], g, &moments[i], t + 1)
    }
  }
  return w
}

private struct Descent: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let optimizer: any Optimizer
  /// The weights by Keras.
  let keras: [Double]
  let update: @Sendable (inout Double, Double, inout [Double], Int) -> Void
}

/// Walks by Keras 3.15.1 in float64, and their formulas.
///
/// ```
/// for name, o in [("sgd", O.SGD(0.1)), ("momentum", O.SGD(0.1, momentum=0.9)),
///                 ("nesterov", O.SGD(0.1, momentum=0.9, nesterov=True)), ("adam", O.Adam(0.1)),
///                 ("rmsprop", O.RMSprop(0.1)), ("adagrad", O.Adagrad(0.1))]:
///   w = keras.Variable(np.array([1, -2, 0.5, 3, 0], "float64"), dtype="float64")
///   for t in range(20):
///     g = 2 * w.numpy() * [1, 0.5, 3, 0.01, 1] + 0.1 * np.cos(t + np.arange(5.0))
///     o.apply([keras.ops.convert_to_tensor(g, "float64")], [w])
///   print(name, w.numpy().tolist())
/// ```
private let descents = [
  Descent(
    testDescription: "sgd", optimizer: SGD(learningRate: 0.1),
    keras: [
      0.0029512760780266312, -0.2531667375254549, 0.0020301434904155206, 2.893343297437764,
      0.011176956435493325,
    ]
  ) { w, g, _, _ in w -= 0.1 * g },
  Descent(
    testDescription: "momentum", optimizer: SGD(learningRate: 0.1, momentum: 0.9),
    keras: [
      -0.34069545466149687, -0.6983588986782735, -0.15332108699516606, 2.3609871329396293,
      0.0039285737984518995,
    ]
  ) { w, g, m, _ in
    m[0] = 0.9 * m[0] - 0.1 * g
    w += m[0]
  },
  Descent(
    testDescription: "nesterov", optimizer: SGD(learningRate: 0.1, momentum: 0.9, nesterov: true),
    keras: [
      -0.049878041154780714, -0.2599407044294614, 0.013070841117491135, 2.3306460630241577,
      0.024352393871964945,
    ]
  ) { w, g, m, _ in
    m[0] = 0.9 * m[0] - 0.1 * g
    w += 0.9 * m[0] - 0.1 * g
  },
  Descent(
    testDescription: "adam", optimizer: Adam(learningRate: 0.1),
    keras: [
      -0.26985433186746777, -0.22586767820236653, 0.05506597476237525, 2.096315750725198,
      -0.032030181073004885,
    ]
  ) { w, g, m, t in
    m[0] += (g - m[0]) * (1 - 0.9)
    m[1] += (g * g - m[1]) * (1 - 0.999)
    let rate = 0.1 * (1 - pow(0.999, Double(t))).squareRoot() / (1 - pow(0.9, Double(t)))
    w -= m[0] * rate / (m[1].squareRoot() + 1e-7)
  },
  Descent(
    testDescription: "rmsprop", optimizer: RMSprop(learningRate: 0.1),
    keras: [
      -0.030019806953561545, -0.15907788196421654, 0.015535670213603742, 1.888626054184062,
      0.00047156049669757477,
    ]
  ) { w, g, m, _ in
    m[0] = 0.9 * m[0] + 0.1 * g * g
    w -= 0.1 * g / (m[0] + 1e-7).squareRoot()
  },
  Descent(
    testDescription: "adagrad", optimizer: Adagrad(learningRate: 0.1),
    keras: [
      0.38276899107380447, -1.3060095448413116, 0.038207003464498755, 2.7563247500235977,
      0.023242111613688093,
    ]
  ) { w, g, m, t in
    m[0] = (t == 1 ? 0.1 : m[0]) + g * g
    w -= 0.1 * g / (m[0] + 1e-7).squareRoot()
  },
]

@Suite("Optimizers")
struct OptimizerTests {
  @Test("go where plain loops and Keras go", arguments: descents)
  fileprivate func trajectories(_ descent: Descent) {
    let double = descend(descent.optimizer, Double.self)
    expectClose(double, walk(descent.update), relative: 1e-12, absolute: 1e-13)
    // Keras holds the rate, and for the powers of Adam's decays these too, in single precision.
    let isAdam = descent.optimizer is Adam
    expectClose(double, descent.keras, relative: 1e-6, absolute: isAdam ? 1e-5 : 1e-7)
    let float = descend(descent.optimizer, Float.self)
    expectClose(float, descent.keras, relative: 2e-5, absolute: 1e-5)
  }

  @Test("have Keras's names and defaults")
  func names() {
    #expect(OptimizerName.known.map(\.name) == ["sgd", "adam", "rmsprop", "adagrad"])
    #expect(OptimizerName.known.map(\.learningRate) == [0.01, 0.001, 0.001, 0.001])
    let adam = Adam()
    #expect((adam.beta1, adam.beta2, adam.epsilon) == (0.9, 0.999, 1e-7))
  }

  @Test("leave frozen parameters alone")
  func frozen() {
    var network = Sequential([Dense(2, inputShape: [2]), Dense(1)])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    network.forEachParameter { if $0.slot == 0 { $0.isTrainable = false } }
    let before = network.weights
    let context = Context<Float>(isTraining: true)
    let y = sum(network(context.tape.constant([[1, 2]]), in: context))
    var state = OptimizerState<Float>()
    Adam().update(&network, along: context.tape.gradients(of: y), state: &state)
    #expect(network.weights[0] == before[0])
    for i in 1..<4 { #expect(network.weights[i] != before[i]) }
  }

  @Test("begin afresh with a network of another size")
  func otherNetwork() {
    var state = OptimizerState<Float>()
    for units in [2, 3000, 1] {
      var network = Sequential([Dense(units, inputShape: [2])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      let context = Context<Float>(isTraining: true)
      let y = sum(network(context.tape.constant([[1, 2]]), in: context))
      Adam().update(&network, along: context.tape.gradients(of: y), state: &state)
      #expect(state.moments.map { $0.map(\.count) } == [[2 * units, 2 * units], [units, units]])
    }
  }

  @Test("change weights that lie otherwise in memory than their gradients")
  func transposedWeights() {
    func trained(_ weights: Tensor<Float>) -> Tensor<Float> {
      var network = Sequential([Dense(3, inputShape: [2])])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      network.weights = [weights, [0, 0, 0]]
      let context = Context<Float>(isTraining: true)
      let x = context.tape.constant([[1, 2], [3, -4]])
      let y = sum(square(network(x, in: context)))
      var state = OptimizerState<Float>()
      SGD().update(&network, along: context.tape.gradients(of: y), state: &state)
      return network.weights[0]
    }
    let rows: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    #expect(trained(([[1, 4], [2, 5], [3, 6]] as Tensor<Float>).transposed()) == trained(rows))
  }

  @Test("may be of one's own")
  func own() {
    struct SignDescent: Optimizer {
      var name: String { "sign" }
      var learningRate = 0.25
      func update<Scalar: TensorFloat>(
        _ weights: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
        moments: inout [Tensor<Scalar>], rate: Double
      ) { weights -= sign(gradient) * Scalar(rate) }
    }
    let end = descend(SignDescent(), Double.self)
    // From 1 four steps of 0.25 lead to the bottom of the valley, the others stay near it.
    #expect(abs(end[0]) <= 0.25)
    // The slope of the last but one changes its sign with the cosine; each step is 0.25 long.
    #expect(end.allSatisfy { ($0 * 4).rounded() == $0 * 4 })
  }
}
