import Autograd
import Tensor

/// Adds to each step a vector that says where it stands, so that attention knows the order.
public struct PositionEmbedding<Scalar: TensorFloat>: StorableLayer, Validated {
  /// Where the vectors come from.
  public enum Kind: String, Sendable, Codable {
    /// They are learned, one for each position.
    case learned
    /// Sines and cosines of the position, of falling frequency: nothing is learned, and any length will do.
    ///
    /// Source: A. Vaswani et al., "Attention is all you need", 2017; sines in the even features, cosines in
    /// the odd ones.
    case sinusoidal
  }

  /// Where the vectors come from.
  public let kind: Kind
  /// The number of positions that are learned; nil for those of the samples for which the layer is built.
  public let length: Int?
  /// The learned vectors, [length, features].
  public var embeddings: Parameter<Scalar>?

  private let initializer: Initializer

  /// A layer that adds vectors for positions.
  ///
  /// - Parameters:
  ///   - kind: where the vectors come from.
  ///   - length: the largest number of steps, if the vectors are learned; nil for that of the samples for
  ///     which the layer is built.
  ///   - embeddingsInitializer: how learned vectors begin.
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

  /// Throws if there are no positions.
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

  /// The same shape, of no more steps than there are positions.
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

/// For each position sines (even features) and cosines (odd ones) of position / 10000^(2i / features).
///
/// - Parameters:
///   - positions: the number of positions, counted from 0.
///   - features: the number of features.
/// - Returns: [positions, features].
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
