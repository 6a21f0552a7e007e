import Layers
import TestSupport
import Testing

@Suite("Activation functions")
struct ActivationFunctionTests {
  @Test("give the numbers of the book")
  func book() {
    let tape = Tape<Double>()
    let three = ActivationFunction.sigmoid(tape.constant([3]))
    #expect(abs(three.scalar - 0.952574) < 5e-7)
    let shares = ActivationFunction.softmax(tape.constant([0, 3, 1, 1])).value
    expectClose(shares, [0.0377, 0.7573, 0.1025, 0.1025], relative: 0, absolute: 5e-5)
  }

  @Test(
    "are found by Keras's names",
    arguments: [
      ("linear", [-2, 0.5]), ("relu", [0, 0.5]),
      ("tanh", [-0.9640275800758169, 0.46211715726000973]),
      ("sigmoid", [0.11920292202211755, 0.6224593312018546]),
      ("softmax", [0.07585818002124355, 0.9241418199787566]), ("step", [0, 1]),
      ("leaky_relu", [-0.4, 0.5]), ("elu", [-0.8646647167633873, 0.5]),
      // torch.nn.functional.gelu(x, approximate="tanh")
      ("gelu_tanh", [-0.04540230591222494, 0.34571400982514394]),
      ("selu", [-1.5201664685956948, 0.5253504936777302]),
      ("gelu", [-0.04550026389635842, 0.34573123063700656]),
      ("silu", [-0.23840584404423512, 0.3112296656009273]),
      ("swish", [-0.23840584404423512, 0.3112296656009273]),
      ("softplus", [0.1269280110429725, 0.9740769841801067]),
      ("softsign", [-0.6666666666666666, 0.3333333333333333]),
      ("exponential", [0.1353352832366127, 1.6487212707001282]),
      // keras.activations of 3.15
      ("relu6", [0, 0.5]), ("hard_tanh", [-1, 0.5]),
      ("hard_sigmoid", [0.16666666666666666, 0.5833333333333334]),
      ("hard_silu", [-0.3333333333333333, 0.2916666666666667]),
      ("hard_swish", [-0.3333333333333333, 0.2916666666666667]),
      ("mish", [-0.252501482695709, 0.375245211304895]),
      ("log_sigmoid", [-2.1269280110429727, -0.4740769841801067]),
      ("log_softmax", [-2.57888973429255, -0.0788897342925498]),
    ] as [(String, [Double])])
  func names(name: String, expected: [Double]) {
    let tape = Tape<Double>()
    let function = ActivationFunction(stringLiteral: name)
    expectClose(function(tape.constant([[-2, 0.5]])).value.elements, expected)
    let layer = apply(Activation<Double>(function), [[-2, 0.5]])
    expectClose(layer.elements, expected)
  }

  @Test(
    "that are misspelt are guessed",
    arguments: [
      ("reul", "did you mean \"relu\"?"), ("sigmiod", "did you mean \"sigmoid\"?"),
      ("Tanh", "did you mean \"tanh\"?"),
    ])
  func guess(name: String, end: String) {
    let names = ActivationFunction.allCases.map(\.name)
    #expect(unknownName(name, kind: "activation", known: names).hasSuffix(end))
    #expect(
      unknownName("swishglu", kind: "activation", known: names)
        == "activation: there is no \"swishglu\", known are " + names.joined(separator: ", "))
    #expect(ActivationFunction("swishglu" as String) == nil)
    #expect(ActivationFunction("swish" as String) == .silu)
  }

  @Test(
    "have names whose distance is counted in letters",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("adam", "adm", 1),
      ("relu", "relu", 0),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(editDistance(a, b) == expected)
  }
}
