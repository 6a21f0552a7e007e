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
  var place = Parameter<Scalar>()

  mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.parameter(&place, [5], Initializer { _, _ in [1, -2, 0.5, 3, 0] })
    return inputShape
  }
  func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    context[place]
  }
  mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) { visit("place", &place) }
}

/// The weights after some steps along the gradient 2 a w + 0.1 cos(t + i) of a valley that moves.
private func descend<Scalar: TensorFloat>(
  _ optimizer: any Optimizer, _: Scalar.Type, steps: Int = 20
) -> [Double] {
  var point = Point<Scalar>()
  var generator = RandomGenerator(seed: 0)
  point.initialize(inputShape: [1], using: &generator)
  let context = Context<Scalar>(isTraining: true)
  var state = OptimizerState<Scalar>()
  let a = Tensor<Scalar>(Tensor<Double>([1, 0.5, 3, 0.01, 1]))
  for t in 0..<steps {
    context.tape.reset()
    let w = point(context.tape.constant([0]), in: context)
    let slope = Tensor<Scalar>(Tensor<Double>((0..<5).map { 0.1 * cos(Double(t + $0)) }))
    let height = sum(w * w * context.tape.constant(a) + w * context.tape.constant(slope))
    optimizer.update(&point, along: context.tape.gradients(of: height), state: &state)
  }
  #expect(state.step == steps)
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

  /// Walks of 50 steps by Keras 3.15.1, as above.
  ///
  /// ```
  /// for name, o in [("adamw", O.AdamW(0.1, weight_decay=0.04)), ("nadam", O.Nadam(0.1)),
  ///                 ("adamax", O.Adamax(0.1)), ("adadelta", O.Adadelta(10.0)),
  ///                 ("clipnorm", O.SGD(0.1, clipnorm=0.5)), ("clipvalue", O.SGD(0.1, clipvalue=0.25)),
  ///                 ("global_clipnorm", O.SGD(0.1, global_clipnorm=0.5)),
  ///                 ("adam, clipnorm", O.Adam(0.1, clipnorm=0.5))]:
  /// ```
  @Test(
    "go where Keras goes for 50 steps",
    arguments: [
      (
        AdamW(learningRate: 0.1, weightDecay: 0.04),
        [
          -0.005997972984194073, 0.05164679152140958, 0.022552778010690566, 0.6106052770408228,
          -0.016976774606857783,
        ]
      ),
      (
        Nadam(learningRate: 0.1),
        [
          0.02858494718913918, 0.1289769342491705, -0.0033097146487069884, 0.9110000265109381,
          0.006266793898006818,
        ]
      ),
      (
        Adamax(learningRate: 0.1),
        [
          -0.00592072864800256, 0.08095766771011723, -0.0008302654055140912, 1.6051416532155458,
          -0.006378155342984488,
        ]
      ),
      (
        Adadelta(learningRate: 10),
        [
          0.4541081656045481, -1.347890656828525, 0.08712087141801213, 2.562186217325754,
          0.011248942658856433,
        ]
      ),
      (
        SGD(learningRate: 0.1).clipped(to: .norm(0.5)),
        [
          0.011069344638082103, -0.16337167309133988, -0.011093786338268685, 2.8498453632115583,
          0.003632209402339657,
        ]
      ),
      (
        SGD(learningRate: 0.1).clipped(to: .value(0.25)),
        [
          0.010597097663193935, -0.7500000000000033, -0.011093664883659574, 2.7116677433851026,
          0.0032859173956840317,
        ]
      ),
      (
        SGD(learningRate: 0.1).clipped(to: .globalNorm(0.5)),
        [
          0.011069344638082103, -0.16337167309133988, -0.011093786338268685, 2.8498453632115583,
          0.003632209402339657,
        ]
      ),
      (
        Adam(learningRate: 0.1).clipped(to: .norm(0.5)),
        [
          0.016706759616078037, -0.0621278051903448, -0.020830894512940165, 0.5922215195948572,
          -0.018534215097270466,
        ]
      ),
    ] as [(any Optimizer, [Double])])
  func keras(optimizer: any Optimizer, expected: [Double]) {
    // Keras holds rates and decays in single precision.
    expectClose(
      descend(optimizer, Double.self, steps: 50), expected, relative: 2e-6, absolute: 2e-5)
    expectClose(
      descend(optimizer, Float.self, steps: 50), expected, relative: 1e-4, absolute: 1e-4)
  }

  @Test("clip all gradients by one factor for the global norm, each by its own otherwise")
  func clipping() {
    /// The changes of the two parameters, whose gradients are [3, 4] and [12].
    func changes(_ clipping: GradientClipping?) -> [[Float]] {
      var network = Sequential([Dense(1, inputShape: [2], kernelInitializer: .zeros)])
      var generator = RandomGenerator(seed: 0)
      network.initialize(using: &generator)
      let context = Context<Float>(isTraining: true)
      let y =
        network(context.tape.constant(Tensor([0.25, 1 / 3], shape: [1, 2])), in: context) * 12
      var state = OptimizerState<Float>()
      let gradients = context.tape.gradients(of: sum(y))
      if let clipping {
        SGD(learningRate: 1).clipped(to: clipping).update(
          &network, along: gradients, state: &state)
      } else {
        SGD(learningRate: 1).update(&network, along: gradients, state: &state)
      }
      return network.weights.map { (-$0).elements }
    }
    func expect(_ clipping: GradientClipping?, _ expected: [[Double]]) {
      expectClose(
        changes(clipping).joined().map(Double.init), Array(expected.joined()), relative: 1e-6)
    }
    expect(nil, [[3, 4], [12]])
    expect(.value(3.5), [[3, 3.5], [3.5]])
    expect(.norm(10), [[3, 4], [10]])
    expect(.norm(1), [[0.6, 0.8], [1]])
    expect(.globalNorm(6.5), [[1.5, 2], [6]])
    expect(.globalNorm(13.5), [[3, 4], [12]])
  }

  @Test("begin afresh after another rule, and go on after the same one")
  func otherRule() {
    var network = Sequential([Dense(1, inputShape: [1])])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    var state = OptimizerState<Float>()
    func step(_ optimizer: some Optimizer) {
      let context = Context<Float>(isTraining: true)
      let y = sum(network(context.tape.constant([[2]]), in: context))
      optimizer.update(&network, along: context.tape.gradients(of: y), state: &state)
    }
    // Both remember one tensor per parameter, which mean different things.
    step(RMSprop())
    step(RMSprop(learningRate: 0.5))
    #expect(state.step == 2 && state.optimizerName == "rmsprop")
    let squares = state.moments
    step(SGD(momentum: 0.9))
    #expect(state.step == 1 && state.optimizerName == "sgd" && state.moments != squares)
    #expect(state.moments[1][0].elements == [-0.01])
  }

  @Test("have Keras's names and defaults")
  func names() {
    #expect(
      OptimizerName.known.map(\.name)
        == ["sgd", "adam", "adamw", "nadam", "adamax", "rmsprop", "adagrad", "adadelta"])
    #expect(
      OptimizerName.known.map(\.learningRate) == [0.01] + [Double](repeating: 0.001, count: 7))
    #expect(OptimizerName("adma" as String) == nil)
    #expect(OptimizerName("adam" as String)?.optimizer is Adam)
    let adam = Adam()
    #expect((adam.beta1, adam.beta2, adam.epsilon) == (0.9, 0.999, 1e-7))
  }

  @Test("leave frozen parameters alone")
  func frozen() {
    var network = Sequential([Dense(2, inputShape: [2]), Dense(1)])
    var generator = RandomGenerator(seed: 0)
    network.initialize(using: &generator)
    network.freeze("dense.kernel")
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
        moments: inout [Tensor<Scalar>], rate: Double, step: Int
      ) { weights -= sign(gradient) * Scalar(rate) }
    }
    let end = descend(SignDescent(), Double.self)
    // From 1 four steps of 0.25 lead to the bottom of the valley, the others stay near it.
    #expect(abs(end[0]) <= 0.25)
    // The slope of the last but one changes its sign with the cosine; each step is 0.25 long.
    #expect(end.allSatisfy { ($0 * 4).rounded() == $0 * 4 })
  }
}
