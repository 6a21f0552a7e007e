import Autograd
import Tensor

/// A learned vector for each word: word numbers [steps] become vectors [steps, size].
///
/// With `masksZero`, the number 0 means "no word", as in texts padded to one length. Later layers
/// that support masks, such as ``LSTM``, skip those steps.
public struct Embedding<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of words, which are numbered from 0.
  public let words: Int
  /// The number of elements in a vector.
  public let size: Int
  /// Whether word 0 means "no word".
  public let masksZero: Bool
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?
  /// The vectors, [words, size].
  public var embeddings = Parameter<Scalar>()

  private let initializer: Initializer

  /// A table of vectors; Keras's `Embedding(input_dim, output_dim)`.
  ///
  /// - Parameters:
  ///   - words: the number of words, including word 0 if it means "no word".
  ///   - size: the number of elements in a vector.
  ///   - masksZero: whether word 0 means "no word" (Keras's `mask_zero`).
  ///   - inputShape: the shape of one sample, such as [steps].
  ///   - embeddingsInitializer: the rule for the initial vectors.
  ///   - embeddingsRegularizer: a penalty on the vectors, added to the loss.
  public init(
    _ words: Int, _ size: Int, masksZero: Bool = false, inputShape: TensorShape? = nil,
    embeddingsInitializer: Initializer = .uniform(in: -0.05..<0.05),
    embeddingsRegularizer: Regularizer? = nil
  ) {
    self.words = words
    self.size = size
    self.masksZero = masksZero
    self.inputShape = inputShape
    initializer = embeddingsInitializer
    embeddings.regularizer = embeddingsRegularizer
    requireValid()
  }

  /// Throws if there are no words or the vectors have no elements.
  public func validate() throws(InvalidValue) {
    guard words > 0 && size > 0 else {
      throw InvalidValue(
        "the number of words and the size must be positive, got \(words) and \(size)")
    }
  }

  /// Unless it makes masks, which tell of the new steps only.
  public var supportsCaching: Bool { !masksZero }

  /// The vectors.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("embeddings", &embeddings)
  }

  /// Declares the table of vectors, [words, size].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.parameter(&embeddings, [words, size], initializer)
    return TensorShape(Array(inputShape) + [size])
  }

  /// Looks up the vector of each word.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let y = embedding(context[embeddings], x)
    if masksZero { context.setMask(x.value .!= 0, of: y) }
    return y
  }
}
