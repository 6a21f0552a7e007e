// The activation functions by name.

import Autograd
import Tensor

/// A function that is applied to the weighted sums of a layer.
public enum ActivationFunction: String, Sendable, CaseIterable {
  /// The number itself.
  case linear
  /// max(0, x).
  case relu
  /// x where positive, 0.2 x elsewhere.
  case leakyReLU = "leaky_relu"
  /// x where positive, exp(x) - 1 elsewhere.
  case elu
  /// 1.0507 x where positive, 1.7581 (exp(x) - 1) elsewhere: keeps means and variances of deep nets.
  case selu
  /// x/2 (1 + erf(x / √2)).
  case gelu
  /// x · sigmoid(x), also called swish.
  case silu
  /// log(1 + exp(x)).
  case softplus
  /// x / (1 + |x|).
  case softsign
  /// exp(x).
  case exponential
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// exp(x) / sum(exp(x)) over the units of the layer.
  case softmax
  /// 1 where x >= 0, else 0: the discrete perceptron. Its derivative is 0, so it cannot be trained.
  case step

  /// Records the function on the variable's tape.
  public func callAsFunction<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
    switch self {
    case .linear: x
    case .relu: Autograd.relu(x)
    case .leakyReLU: Autograd.leakyReLU(x, slope: 0.2)
    case .elu: Autograd.elu(x)
    case .selu: Autograd.selu(x)
    case .gelu: Autograd.gelu(x)
    case .silu: Autograd.silu(x)
    case .softplus: Autograd.softplus(x)
    case .softsign: Autograd.softsign(x)
    case .exponential: Autograd.exp(x)
    case .tanh: Autograd.tanh(x)
    case .sigmoid: Autograd.sigmoid(x)
    case .softmax: Autograd.softmax(x)
    case .step: Autograd.step(x)
    }
  }
}

extension ActivationFunction: ExpressibleByStringLiteral {
  /// The activation with Keras's name; nil if there is none.
  public init?(_ name: String) {
    self.init(rawValue: name == "swish" ? "silu" : name)
  }

  /// The activation with Keras's name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let known = ActivationFunction(name as String) else {
      fail(unknownName(name, kind: "activation", known: Self.allCases.map(\.rawValue)))
    }
    self = known
  }
}
