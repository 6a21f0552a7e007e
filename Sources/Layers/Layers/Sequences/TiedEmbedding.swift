import Autograd
import Tensor

/// A network that begins and ends with one table of words' vectors: it looks up the vectors, computes the layers
/// within, and compares what they give with the vector of each word.
///
/// The table is one parameter, which learns from both its uses (weight tying).
///
/// ```swift
/// let gpt = TiedEmbedding(Embedding(65, 64, inputShape: [32]), activation: .softmax) {
///   PositionEmbedding()
///   TransformerEncoder(heads: 4, units: 256, isCausal: true, normalizesFirst: true)
///   LayerNormalization(epsilon: 1e-5)
/// }
/// ```
///
/// Source: O. Press, L. Wolf, "Using the output embedding to improve language models", 2017.
public struct TiedEmbedding<Scalar: TensorFloat>: StorableLayer {
  /// The table.
  public var embedding: Embedding<Scalar>
  /// What is computed between, giving as many features as a vector has.
  public var layers: Sequential<Scalar>
  /// What is applied to the results, often softmax.
  public let activation: ActivationFunction

  /// A network around layers, in `Float`.
  ///
  /// - Parameters:
  ///   - embedding: the table of the words' vectors.
  ///   - activation: what is applied to the results, one for each word.
  ///   - layers: what is computed between; it must give as many features as a vector has.
  public init(
    _ embedding: Embedding<Float>, activation: ActivationFunction = .linear,
    @SequentialBuilder<Float> _ layers: () -> [any Layer<Float>]
  ) where Scalar == Float {
    self.embedding = embedding
    self.activation = activation
    self.layers = Sequential(layers())
  }

  /// A network around layers.
  @_disfavoredOverload
  public init(
    _ embedding: Embedding<Scalar>, activation: ActivationFunction = .linear,
    @SequentialBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]
  ) {
    self.embedding = embedding
    self.activation = activation
    self.layers = Sequential(layers())
  }

  /// What the embedding states.
  public var inputShape: TensorShape? { embedding.inputShape }

  /// The activation's name.
  public var activationName: String? { activation == .linear ? nil : activation.name }

  /// Whether the layers within do.
  public var supportsCaching: Bool { embedding.supportsCaching && layers.supportsCaching }

  /// The table and the layers.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("embedding", &embedding)
    layers.forEachMember(&visit)
  }

  /// A number for each word instead of a vector.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let vectors = try builder.layer("embedding", &embedding, inputShape: inputShape)
    let shape = try layers.build(&builder, inputShape: vectors)
    guard shape.last == embedding.size else {
      throw ShapeError(
        "the layers make shape \(shape) of \(vectors); expected \(embedding.size) features, as the words' "
          + "vectors have")
    }
    return shape.replacing(axis: shape.rank - 1, with: embedding.words)
  }

  /// Records the lookup, the layers and the product with the table.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let y = layers(embedding(x, in: context), in: context)
    let result = activation(matmul(y, context[embedding.embeddings].transposed()))
    if context.hasMasks { context.passMask(from: y, to: result, through: self) }
    return result
  }
}
