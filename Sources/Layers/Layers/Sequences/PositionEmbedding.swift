import Autograd
import Tensor

/// Adds a vector to each step that encodes its position, so that attention can use the order.
public struct PositionEmbedding<Scalar: TensorFloat>: StorableLayer, Validated {
  /// How the vectors are obtained.
  public enum Kind: String, Sendable, Codable {
    /// One learned vector per position.
    case learned
    /// Sines and cosines of the position, with falling frequencies.
    ///
    /// Nothing is learned, and any number of steps is possible.
    ///
    /// Source: A. Vaswani et al., "Attention is all you need", 2017; sines are in the even
    /// features, cosines in the odd ones.
    case sinusoidal
  }

  /// How the vectors are obtained.
  public let kind: Kind
  /// The number of learned positions; nil for the number of steps that the layer is built for.
  public let length: Int?
  /// The learned vectors, [length, features].
  public var embeddings: Parameter<Scalar>?

  private let initializer: Initializer

  /// A layer that adds a vector for each position.
  ///
  /// - Parameters:
  ///   - kind: how the vectors are obtained.
  ///   - length: the maximum number of steps if the vectors are learned; nil for the number of
  ///     steps that the layer is built for.
  ///   - embeddingsInitializer: the rule for the initial values of learned vectors.
  public init(
    _ kind: Kind = .learned, length: Int? = nil,
    embeddingsInitializer: Initializer = .glorotUniform
  ) {
    self.kind = kind
    self.length = length
    embeddings = kind == .learned ? Parameter() : nil
    initializer = embeddingsInitializer
    requireValid()
  }

  /// Throws if `length` is not positive.
  public func validate() throws(InvalidValue) {
    if let length, length <= 0 {
      throw InvalidValue("the number of positions must be positive, got \(length)")
    }
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The learned vectors.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("embeddings", &embeddings)
  }

  /// Returns the same shape; throws if there are more steps than positions.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard inputShape.rank == 2, inputShape[0] <= length ?? inputShape[0] else {
      throw ShapeError(
        "expected samples of shape [steps, features]"
          + (length.map { " with up to \($0) steps" } ?? "") + ", got \(inputShape)")
    }
    if embeddings != nil {
      try builder.parameter(&embeddings!, [length ?? inputShape[0], inputShape[1]], initializer)
    }
    return inputShape
  }

  /// Adds the vectors of the positions: the first ones, or those behind the steps that a cache holds.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let first = context.cache?.stepCount ?? 0
    let positions = first..<first + x.shape[1]
    guard let embeddings else {
      return x + context.tape.constant(Tensor<Scalar>(sinusoids(positions, x.shape[2])))
    }
    let table = context[embeddings]
    require(
      positions.upperBound <= table.shape[0],
      "PositionEmbedding: \(positions.upperBound) steps are more than the \(table.shape[0]) positions"
    )
    return x + (positions.count == table.shape[0] ? table : table[positions])
  }
}

/// The sines (even features) and cosines (odd features) of position / 10000^(2i / features).
///
/// - Parameters:
///   - positions: the number of positions, counted from 0.
///   - features: the number of features.
/// - Returns: the vectors, [positions, features].
public func sinusoidalPositions(_ positions: Int, features: Int) -> Tensor<Double> {
  sinusoids(0..<positions, features)
}

/// The rows of some positions.
private func sinusoids(_ positions: Range<Int>, _ features: Int) -> Tensor<Double> {
  let frequencies = (0..<features).map { -Double($0 / 2 * 2) / Double(max(1, features)) }
  let angles =
    Tensor(positions.map(Double.init)).reshaped(to: [positions.count, 1])
    * exp(Tensor(frequencies, shape: [1, features]) * 9.210340371976184)
  let isEven = Tensor((0..<features).map { $0 % 2 == 0 }, shape: [1, features])
  return select(isEven, sin(angles), cos(angles))
}
