// Initial weights.

import Tensor

/// A rule for initial weights.
///
/// Rules that scale with a layer's width use its number of inputs ("fan in") and outputs ("fan
/// out"). For weights of shape [inputs, outputs] these are the two sizes.
public struct Initializer: Sendable {
  /// The name in files; nil for a custom rule or a rule with arguments.
  let name: String?
  /// The rule's name or call, such as `glorot_uniform` or `constant(0.5)`; `custom` for a custom
  /// rule.
  public let description: String
  /// Makes weights of the given shape with the given generator.
  public let make: @Sendable (TensorShape, inout RandomGenerator) -> Tensor<Double>

  /// A custom rule.
  public init(_ make: @escaping @Sendable (TensorShape, inout RandomGenerator) -> Tensor<Double>) {
    self.init(nil, description: "custom", make)
  }

  private init(
    _ name: String?, description: String? = nil,
    _ make: @escaping @Sendable (TensorShape, inout RandomGenerator) -> Tensor<Double>
  ) {
    self.name = name
    self.description = description ?? name ?? "custom"
    self.make = make
  }

  /// All zeros, the default for biases.
  public static let zeros = Initializer("zeros") { shape, _ in .zeros(shape) }
  /// All ones.
  public static let ones = Initializer("ones") { shape, _ in .ones(shape) }
  /// All equal to `value`.
  public static func constant(_ value: Double) -> Initializer {
    Initializer(nil, description: "constant(\(value))") { shape, _ in
      Tensor(repeating: value, shape: shape)
    }
  }

  /// Uniform in ±√(6 / (fan in + fan out)): Keras's default for kernels.
  ///
  /// Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", 2010.
  public static let glorotUniform = varianceScaling("glorot_uniform", 1, .average, .uniform)
  /// Normal, truncated at two standard deviations, with variance 2 / (fan in + fan out).
  public static let glorotNormal = varianceScaling("glorot_normal", 1, .average, .truncatedNormal)
  /// Uniform in ±√(6 / fan in), for ReLU.
  ///
  /// Source: K. He et al., "Delving deep into rectifiers", 2015.
  public static let heUniform = varianceScaling("he_uniform", 2, .input, .uniform)
  /// Normal, truncated at two standard deviations, with variance 2 / fan in.
  public static let heNormal = varianceScaling("he_normal", 2, .input, .truncatedNormal)
  /// Uniform in ±√(3 / fan in).
  ///
  /// Source: Y. LeCun et al., "Efficient backprop", 1998.
  public static let lecunUniform = varianceScaling("lecun_uniform", 1, .input, .uniform)
  /// Normal, truncated at two standard deviations, with variance 1 / fan in.
  public static let lecunNormal = varianceScaling("lecun_normal", 1, .input, .truncatedNormal)

  /// Orthonormal rows or columns, whichever are fewer; Keras's default for recurrent kernels.
  ///
  /// Repeated products with such weights neither grow nor shrink.
  ///
  /// Source: A. Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural
  /// networks", 2014.
  public static let orthogonal = Initializer("orthogonal") { shape, generator in
    let (rows, columns) = (shape.dropLast().reduce(1, *), shape.last ?? 1)
    let (tall, narrow) = (max(rows, columns), min(rows, columns))
    let (q, r) = Tensor<Double>.normal([tall, narrow], using: &generator).qr()
    // Multiplying by the signs of R's diagonal makes the result uniform among all such matrices.
    let result = q * sign(r.diagonal())
    return (rows < columns ? result.transposed() : result).reshaped(to: shape)
  }

  /// Uniform in `range`.
  public static func uniform(in range: Range<Double>) -> Initializer {
    Initializer(nil, description: "uniform(in: \(range))") { shape, generator in
      .uniform(shape, in: range, using: &generator)
    }
  }

  /// Normal with the given mean.
  public static func normal(
    mean: Double = 0, standardDeviation: Double
  ) -> Initializer {
    let description = "normal(mean: \(mean), standardDeviation: \(standardDeviation))"
    return Initializer(nil, description: description) { shape, generator in
      .normal(shape, mean: mean, standardDeviation: standardDeviation, using: &generator)
    }
  }

  /// Normal with mean 0, truncated at two standard deviations of the original distribution.
  public static func truncatedNormal(standardDeviation: Double) -> Initializer {
    let description = "truncatedNormal(standardDeviation: \(standardDeviation))"
    return Initializer(nil, description: description) { shape, generator in
      .truncatedNormal(shape, standardDeviation: standardDeviation, using: &generator)
    }
  }

  private enum Fan { case input, average }
  private enum Distribution { case uniform, truncatedNormal }

  /// Weights with variance `scale / fan`.
  private static func varianceScaling(
    _ name: String, _ scale: Double, _ fan: Fan, _ distribution: Distribution
  ) -> Initializer {
    Initializer(name) { shape, generator in
      // Axes before the last two, as in convolutions, multiply both fans.
      let receptive = Double(shape.dropLast(2).reduce(1, *))
      let fanIn = receptive * Double(shape.count > 1 ? shape[shape.count - 2] : shape.first ?? 1)
      let fanOut = receptive * Double(shape.last ?? 1)
      let variance = scale / max(1, fan == .input ? fanIn : (fanIn + fanOut) / 2)
      switch distribution {
      case .uniform:
        let limit = (3 * variance).squareRoot()
        return uniform(in: -limit..<limit).make(shape, &generator)
      case .truncatedNormal:
        // The standard deviation of the standard normal distribution truncated at ±2.
        let ratio = 0.87962566103423978
        return truncatedNormal(standardDeviation: variance.squareRoot() / ratio)
          .make(shape, &generator)
      }
    }
  }
}

extension Initializer: Codable {
  private static let named: [Initializer] = [
    zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal,
    orthogonal,
  ]

  /// Reads the rule by its name; unknown names give Keras's default, as the file holds the weights.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    self = Self.named.first { $0.name == name } ?? .glorotUniform
  }

  /// Writes the name, in Keras's spelling, or `custom`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name ?? "custom")
  }
}
