// The activation functions by name.

import Autograd
import Tensor

/// A function that is applied to the weighted sums of a layer.
public enum ActivationFunction: String, Sendable, CaseIterable {
  /// The number itself.
  case linear
  /// max(0, x).
  case relu
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
    case .tanh: Autograd.tanh(x)
    case .sigmoid: Autograd.sigmoid(x)
    case .softmax: Autograd.softmax(x)
    case .step: Autograd.step(x)
    }
  }
}

extension ActivationFunction: ExpressibleByStringLiteral {
  /// The activation with Keras's name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let known = ActivationFunction(rawValue: name) else {
      fail(unknownName(name, kind: "activation", known: Self.allCases.map(\.rawValue)))
    }
    self = known
  }
}

/// The message for a name that is not among the known ones, with the nearest of them.
package func unknownName(_ name: String, kind: String, known: [String]) -> String {
  let nearest = known.min { editDistance($0, name) < editDistance($1, name) }
  let guess = nearest.flatMap { editDistance($0, name) <= 3 ? "; did you mean \"\($0)\"?" : nil }
  return "\(kind): there is no \"\(name)\", known are \(known.joined(separator: ", "))"
    + (guess ?? "")
}

/// The number of letters to insert, remove or replace to make `a` from `b` (Levenshtein).
package func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (b[j] == letter ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[b.count]
}
