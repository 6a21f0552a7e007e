// Transformer blocks: attention, then a dense network per step, each with a residual connection.

import Autograd
import Tensor

/// The dense network of a transformer block: a wide layer with activation, then a layer back.
public struct FeedForward<Scalar: TensorFloat>: StorableLayer {
  /// The wide layer.
  public var expand: Dense<Scalar>
  /// The layer back to the number of input features.
  public var contract: Projection<Scalar>

  /// A network with `units` units in the wide layer.
  public init(_ units: Int, activation: ActivationFunction) {
    expand = Dense(units, activation: activation)
    contract = Projection(true)
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The two layers.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("expand", &expand)
    visit("contract", &contract)
  }

  /// Builds both layers.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let wide = try builder.layer("expand", &expand, inputShape: inputShape)
    contract.units = inputShape[inputShape.rank - 1]
    return try builder.layer("contract", &contract, inputShape: wide)
  }

  /// Records both layers.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    contract(expand(x, in: context), in: context)
  }
}

/// A transformer encoder block: self-attention and a dense network.
///
/// With `isCausal` it is the block of a decoder-only network that generates text, such as GPT.
///
/// With `normalizesFirst`, the input of each part is normalised and its output is added unchanged
/// (pre-norm: GPT-2, deep networks). Without, the sum is normalised (post-norm: the paper, BERT).
///
/// ```swift
/// let gpt = Sequential([
///   Embedding(65, 64, inputShape: [32]), PositionEmbedding(),
///   TransformerEncoder(heads: 4, units: 256, isCausal: true, normalizesFirst: true),
///   LayerNormalization(epsilon: 1e-5), Dense(65),
/// ])
/// ```
public struct TransformerEncoder<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of heads.
  public let heads: Int
  /// Whether each part normalises its input instead of its output.
  public let normalizesFirst: Bool
  /// The fraction of each part's output that is dropped in training.
  public let dropout: Double
  /// The self-attention.
  public var attention: MultiHeadAttention<Scalar>
  /// The normalisation around the attention.
  public var attentionNorm: LayerNormalization<Scalar>
  /// The dense network, applied to each step.
  public var feedForward: FeedForward<Scalar>
  /// The normalisation around the dense network.
  public var feedForwardNorm: LayerNormalization<Scalar>

  /// A transformer encoder block.
  ///
  /// - Parameters:
  ///   - heads: the number of heads, which share the features equally.
  ///   - units: the number of units between the two layers of the dense network, often four times the features.
  ///   - isCausal: whether a step sees only steps up to its own.
  ///   - normalizesFirst: whether parts take normalised numbers.
  ///   - rotaryBase: what the wavelengths of rotary positions grow to, usually 10,000; nil for no positions.
  ///   - activation: what is applied within the dense network.
  ///   - dropout: the share that training drops, of the weights and of what each part gives.
  ///   - epsilon: what keeps the normalisation finite.
  public init(
    heads: Int, units: Int, isCausal: Bool = false, normalizesFirst: Bool = false,
    rotaryBase: Double? = nil, activation: ActivationFunction = .relu, dropout: Double = 0,
    epsilon: Double = 1e-5
  ) {
    self.heads = heads
    self.normalizesFirst = normalizesFirst
    self.dropout = dropout
    // The size of a head follows from the features; `build` sets it.
    attention = MultiHeadAttention(
      heads: heads, keySize: 1, isCausal: isCausal, rotaryBase: rotaryBase, dropout: dropout)
    attentionNorm = LayerNormalization(epsilon: epsilon)
    feedForward = FeedForward(units, activation: activation)
    feedForwardNorm = LayerNormalization(epsilon: epsilon)
    requireValid()
  }

  /// Throws if a setting of the attention is invalid.
  public func validate() throws(InvalidValue) { try attention.validate() }

  /// Whether a step sees only steps up to its own.
  public var supportsCaching: Bool { attention.supportsCaching }

  /// Attention, dense network and their normalisations.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("attention", &attention)
    visit("attention_norm", &attentionNorm)
    visit("feed_forward", &feedForward)
    visit("feed_forward_norm", &feedForwardNorm)
  }

  /// Builds the parts for samples of shape [steps, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    attention = try attention.fitting(inputShape)
    _ = try builder.layer("attention", &attention, inputShape: inputShape)
    _ = try builder.layer("attention_norm", &attentionNorm, inputShape: inputShape)
    _ = try builder.layer("feed_forward", &feedForward, inputShape: inputShape)
    return try builder.layer("feed_forward_norm", &feedForwardNorm, inputShape: inputShape)
  }

  /// Records the block.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let block = TransformerBlock(normalizesFirst: normalizesFirst, dropout: dropout, context)
    let seen = block.add(to: x, attentionNorm, masked: x) { attention($0, in: context) }
    return block.add(to: seen, feedForwardNorm, masked: x) { feedForward($0, in: context) }
  }
}

/// A transformer decoder block: causal self-attention, attention to an encoder, and a dense
/// network.
///
/// It takes two inputs, the target and the encoder's output: `decoder([target, memory], in:
/// context)`.
public struct TransformerDecoder<Scalar: TensorFloat>: StorableLayer, Validated {
  /// Whether each part normalises its input instead of its output.
  public let normalizesFirst: Bool
  /// The fraction of each part's output that is dropped in training.
  public let dropout: Double
  /// The causal self-attention.
  public var selfAttention: MultiHeadAttention<Scalar>
  /// The normalisation around the self-attention.
  public var selfAttentionNorm: LayerNormalization<Scalar>
  /// The attention to the encoder's output.
  public var crossAttention: MultiHeadAttention<Scalar>
  /// The normalisation around the attention to the encoder.
  public var crossAttentionNorm: LayerNormalization<Scalar>
  /// The dense network, applied to each step.
  public var feedForward: FeedForward<Scalar>
  /// The normalisation around the dense network.
  public var feedForwardNorm: LayerNormalization<Scalar>

  /// A transformer decoder block; the arguments are those of ``TransformerEncoder``.
  public init(
    heads: Int, units: Int, normalizesFirst: Bool = false, activation: ActivationFunction = .relu,
    dropout: Double = 0, epsilon: Double = 1e-5
  ) {
    self.normalizesFirst = normalizesFirst
    self.dropout = dropout
    selfAttention = MultiHeadAttention(heads: heads, keySize: 1, isCausal: true, dropout: dropout)
    crossAttention = MultiHeadAttention(heads: heads, keySize: 1, dropout: dropout)
    selfAttentionNorm = LayerNormalization(epsilon: epsilon)
    crossAttentionNorm = LayerNormalization(epsilon: epsilon)
    feedForward = FeedForward(units, activation: activation)
    feedForwardNorm = LayerNormalization(epsilon: epsilon)
    requireValid()
  }

  /// Throws if a setting of the attention is invalid.
  public func validate() throws(InvalidValue) { try selfAttention.validate() }

  /// Two inputs: the target and the encoder's output.
  public var inputs: [LayerInput] {
    [LayerInput("target", shape: nil), LayerInput("memory", shape: nil)]
  }

  /// Visits both attentions, the dense network and their normalisations.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("self_attention", &selfAttention)
    visit("self_attention_norm", &selfAttentionNorm)
    visit("cross_attention", &crossAttention)
    visit("cross_attention_norm", &crossAttentionNorm)
    visit("feed_forward", &feedForward)
    visit("feed_forward_norm", &feedForwardNorm)
  }

  /// Builds the parts for a target and a memory of shapes [steps, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    guard inputShapes.count == 2 else {
      throw ShapeError("expected a target and a memory, got \(inputShapes.count) inputs")
    }
    let shape = inputShapes[0]
    selfAttention = try selfAttention.fitting(shape)
    crossAttention = try crossAttention.fitting(shape)
    _ = try builder.layer("self_attention", &selfAttention, inputShape: shape)
    _ = try builder.layer("self_attention_norm", &selfAttentionNorm, inputShape: shape)
    _ = try builder.layer("cross_attention", &crossAttention, inputShapes: inputShapes)
    _ = try builder.layer("cross_attention_norm", &crossAttentionNorm, inputShape: shape)
    _ = try builder.layer("feed_forward", &feedForward, inputShape: shape)
    return [try builder.layer("feed_forward_norm", &feedForwardNorm, inputShape: shape)]
  }

  /// Stops: the block also needs the encoder's output.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    call([x], in: context)[0]
  }

  /// Records the block for a target and a memory.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    require(
      inputs.count == 2,
      "TransformerDecoder: expected a target and a memory, got \(inputs.count) inputs")
    let (x, memory) = (inputs[0], inputs[1])
    let block = TransformerBlock(normalizesFirst: normalizesFirst, dropout: dropout, context)
    let own = block.add(to: x, selfAttentionNorm, masked: x) { selfAttention($0, in: context) }
    let both = block.add(to: own, crossAttentionNorm, masked: x) {
      crossAttention([$0, memory], in: context)[0]
    }
    return [block.add(to: both, feedForwardNorm, masked: x) { feedForward($0, in: context) }]
  }
}

/// The residual connections and normalisations of a block.
private struct TransformerBlock<Scalar: TensorFloat> {
  let normalizesFirst: Bool
  let dropout: Double
  let context: Context<Scalar>

  init(normalizesFirst: Bool, dropout: Double, _ context: Context<Scalar>) {
    self.normalizesFirst = normalizesFirst
    self.dropout = dropout
    self.context = context
  }

  /// `x + part(norm(x))` or `norm(x + part(x))`; the part's input has the mask of `masked`.
  func add(
    to x: Variable<Scalar>, _ norm: LayerNormalization<Scalar>, masked: Variable<Scalar>,
    _ part: (Variable<Scalar>) -> Variable<Scalar>
  ) -> Variable<Scalar> {
    let input = normalizesFirst ? norm(x, in: context) : x
    if context.hasMasks { context.passMask(from: masked, to: input, through: norm) }
    var change = part(input)
    if context.isTraining && dropout > 0 {
      change = Autograd.dropout(change, rate: dropout, using: &context.generator)
    }
    return normalizesFirst ? x + change : norm(x + change, in: context)
  }
}

extension MultiHeadAttention {
  /// The layer with the features of samples split equally among its heads.
  fileprivate func fitting(_ shape: TensorShape) throws(ShapeError) -> MultiHeadAttention {
    guard shape.rank == 2, shape[1] > 0, shape[1].isMultiple(of: heads) else {
      throw ShapeError(
        "expected samples of shape [steps, features] that \(heads) heads share equally, got \(shape)"
      )
    }
    var layer = self
    (layer.keySize, layer.valueSize) = (shape[1] / heads, shape[1] / heads)
    return layer
  }
}
