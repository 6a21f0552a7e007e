// Activation functions by name: built-in and custom.

import Autograd
import KernelTemplate
import Tensor

/// A function applied to a layer's weighted sums.
///
/// A custom activation consists of a function on numbers and its derivative, or of operations on
/// the tape in a struct that conforms to ``ActivationRule``:
///
/// ```swift
/// let cube = ActivationFunction("cube", { x in x * x * x }, derivative: { x in 3 * x * x })
///
/// struct Bent: ActivationRule {
///   func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { (sqrt(x * x + 1) - 1) / 2 + x }
/// }
/// let network = Sequential([Dense(4, activation: cube), Dense(1, activation: .init("bent", Bent()))])
/// ```
public struct ActivationFunction: Sendable {
  /// The name in files and drawings, in Keras's spelling where Keras has the function.
  public let name: String
  private let rule: any ActivationRule
  /// The operation that a dense layer can fuse with its matrix product; nil if there is none.
  let fused: UnaryOperation?

  /// A custom function, recorded by a rule.
  public init(_ name: String, _ rule: some ActivationRule) {
    self.init(name, rule, fused: nil)
  }

  /// A custom function on single numbers, with its derivative.
  ///
  /// It is called once per number; a rule made of tensor operations is faster.
  public init(
    _ name: String, _ function: @escaping @Sendable (Double) -> Double,
    derivative: @escaping @Sendable (Double) -> Double
  ) { self.init(name, NumberRule(function: function, derivative: derivative), fused: nil) }

  private init(_ name: String, _ rule: any ActivationRule, fused: UnaryOperation?) {
    self.name = name
    self.rule = rule
    self.fused = fused
  }

  /// Records the function on the variable's tape.
  public func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { rule(x) }
}

/// How an activation function is recorded on a tape.
public protocol ActivationRule: Sendable {
  /// Records the function of `x`.
  func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar>
}

// MARK: - Built-in functions

extension ActivationFunction: CaseIterable {
  /// The identity: x.
  public static let linear = ActivationFunction("linear", Rule.linear)
  /// max(0, x).
  public static let relu = ActivationFunction("relu", Rule.map(.relu), fused: .relu)
  /// max(0, min(x, 6)).
  public static let relu6 = ActivationFunction("relu6", Rule.relu6)
  /// x where positive, 0.2 x elsewhere.
  public static let leakyReLU = ActivationFunction("leaky_relu", Rule.leakyReLU)
  /// x where x is positive, exp(x) - 1 elsewhere.
  public static let elu = ActivationFunction("elu", Rule.elu)
  /// 1.0507 x where x is positive, 1.7581 (exp(x) - 1) elsewhere.
  ///
  /// It keeps mean and variance stable through the layers of a deep network.
  public static let selu = ActivationFunction("selu", Rule.selu)
  /// x/2 (1 + erf(x / √2)).
  public static let gelu = ActivationFunction("gelu", Rule.map(.gelu))
  /// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))): the older approximation of `gelu`.
  public static let geluTanh = ActivationFunction("gelu_tanh", Rule.map(.geluTanh))
  /// x · sigmoid(x), also called swish.
  public static let silu = ActivationFunction("silu", Rule.silu)
  /// x · hardSigmoid(x), also called hard swish.
  public static let hardSilu = ActivationFunction("hard_silu", Rule.hardSilu)
  /// x · tanh(log(1 + exp(x))).
  public static let mish = ActivationFunction("mish", Rule.mish)
  /// log(1 + exp(x)).
  public static let softplus = ActivationFunction("softplus", Rule.map(.softplus))
  /// x / (1 + |x|).
  public static let softsign = ActivationFunction("softsign", Rule.softsign)
  /// exp(x).
  public static let exponential = ActivationFunction("exponential", Rule.map(.exp))
  /// The hyperbolic tangent.
  public static let tanh = ActivationFunction("tanh", Rule.map(.tanh), fused: .tanh)
  /// max(-1, min(x, 1)).
  public static let hardTanh = ActivationFunction("hard_tanh", Rule.hardTanh)
  /// 1 / (1 + exp(-x)).
  public static let sigmoid = ActivationFunction("sigmoid", Rule.map(.sigmoid))
  /// max(0, min((x + 3) / 6, 1)), as Keras 3 has it; Keras 2 had 0.2 x + 0.5 within 0 and 1.
  public static let hardSigmoid = ActivationFunction("hard_sigmoid", Rule.hardSigmoid)
  /// log(1 / (1 + exp(-x))).
  public static let logSigmoid = ActivationFunction("log_sigmoid", Rule.logSigmoid)
  /// exp(x) / sum(exp(x)) over the units of the layer.
  public static let softmax = ActivationFunction("softmax", Rule.softmax)
  /// log(exp(x) / sum(exp(x))) over the units of the layer.
  public static let logSoftmax = ActivationFunction("log_softmax", Rule.logSoftmax)
  /// 1 where x >= 0, else 0: the discrete perceptron.
  ///
  /// Its derivative is 0, so layers with it cannot be trained by gradients.
  public static let step = ActivationFunction("step", Rule.map(.step))

  /// All built-in functions.
  public static let allCases: [ActivationFunction] = [
    linear, relu, relu6, leakyReLU, elu, selu, gelu, geluTanh, silu, hardSilu, mish, softplus,
    softsign, exponential, tanh, hardTanh, sigmoid, hardSigmoid, logSigmoid, softmax, logSoftmax,
    step,
  ]

  /// Other names of the library's functions.
  private static let aliases = ["swish": "silu", "hard_swish": "hard_silu"]
}

/// The rules of the built-in functions.
private enum Rule: ActivationRule {
  case linear, relu6, leakyReLU, elu, selu, silu, hardSilu, mish, softsign, hardTanh, hardSigmoid
  case logSigmoid, softmax, logSoftmax
  case map(UnaryOperation)

  func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
    switch self {
    case .linear: x
    case .relu6: Autograd.relu6(x)
    case .leakyReLU: Autograd.leakyReLU(x, slope: 0.2)
    case .elu: Autograd.elu(x)
    case .selu: Autograd.selu(x)
    case .silu: Autograd.silu(x)
    case .hardSilu: Autograd.hardSilu(x)
    case .mish: Autograd.mish(x)
    case .softsign: Autograd.softsign(x)
    case .hardTanh: Autograd.hardTanh(x)
    case .hardSigmoid: Autograd.hardSigmoid(x)
    case .logSigmoid: Autograd.logSigmoid(x)
    case .softmax: Autograd.softmax(x)
    case .logSoftmax: Autograd.logSoftmax(x)
    case .map(let function): x.mapped(function)
    }
  }
}

/// A function on single numbers, with its derivative.
private struct NumberRule: ActivationRule {
  let function: @Sendable (Double) -> Double
  let derivative: @Sendable (Double) -> Double

  func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
    let input = x.value
    func mapped(_ function: (Double) -> Double) -> Tensor<Scalar> {
      Tensor(input.elements.map { Scalar(function(Double($0))) }, shape: input.shape)
    }
    return x.tape.record("activation", of: x, value: mapped(function)) { dy in
      [dy * mapped(derivative)]
    }
  }
}

// MARK: - Names

extension ActivationFunction: Hashable {
  /// Whether the names are equal; each name stands for one function.
  public static func == (a: ActivationFunction, b: ActivationFunction) -> Bool { a.name == b.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ActivationFunction: ExpressibleByStringLiteral {
  /// The activation with this Keras name; nil if there is none.
  public init?(_ name: String) {
    let name = Self.aliases[name] ?? name
    guard let known = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  /// The activation with this Keras name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let known = ActivationFunction(name as String) else {
      fail(unknownName(name, kind: "activation", known: Self.allCases.map(\.name)))
    }
    self = known
  }
}

extension ActivationFunction: Codable {
  /// Reads the name of a built-in function or of a custom one passed when the file is loaded.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    let own = decoder.userInfo[.activations] as? [ActivationFunction] ?? []
    guard let known = own.first(where: { $0.name == name }) ?? ActivationFunction(name) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          unknownName(name, kind: "activation", known: (own + Self.allCases).map(\.name))
          + "; pass your own where the file is read")
    }
    self = known
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
