import Autograd
import Tensor

/// Multi-head attention: each step takes a weighted mean of the values of other steps.
///
/// With one input, [steps, features], it is self-attention. With two inputs, a query and a value,
/// the steps of the query attend to those of the value (cross-attention). A third input is the key,
/// if it differs from the value. Steps that the value's mask excludes get no attention.
///
/// The parameters and their order are those of Keras's `MultiHeadAttention`, with all heads side by
/// side in one kernel.
///
/// Source: A. Vaswani et al., "Attention is all you need", 2017.
public struct MultiHeadAttention<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of heads.
  public let heads: Int
  /// The number of features per head in queries and keys.
  public internal(set) var keySize: Int
  /// The number of features per head in values.
  public internal(set) var valueSize: Int
  /// Whether a step attends only to itself and earlier steps.
  public let isCausal: Bool
  /// What the wavelengths of rotary positions grow to; nil for no positions.
  public let rotaryBase: Double?
  /// The share of the weights that training drops.
  public let dropout: Double
  /// The projection to queries.
  public var query: Projection<Scalar>
  /// The projection to keys.
  public var key: Projection<Scalar>
  /// The projection to values.
  public var value: Projection<Scalar>
  /// The projection of the heads' results to as many features as the query has.
  public var output: Projection<Scalar>

  /// An attention layer; Keras's `MultiHeadAttention(num_heads, key_dim)`.
  ///
  /// - Parameters:
  ///   - heads: the number of heads.
  ///   - keySize: the number of features of a head's queries and keys.
  ///   - valueSize: the number of features of a head's values; nil for `keySize`.
  ///   - isCausal: whether a step looks only at steps up to its own, as a network that writes has to.
  ///   - rotaryBase: what the wavelengths of rotary positions grow to, usually 10,000; nil for no positions, as
  ///     where a ``PositionEmbedding`` adds them.
  ///   - dropout: the share of the weights that training drops.
  ///   - useBias: whether the four products have biases.
  public init(
    heads: Int, keySize: Int, valueSize: Int? = nil, isCausal: Bool = false,
    rotaryBase: Double? = nil, dropout: Double = 0, useBias: Bool = true
  ) {
    self.heads = heads
    self.keySize = keySize
    self.valueSize = valueSize ?? keySize
    self.isCausal = isCausal
    self.rotaryBase = rotaryBase
    self.dropout = dropout
    (query, key) = (Projection(useBias), Projection(useBias))
    (value, output) = (Projection(useBias), Projection(useBias))
    requireValid()
  }

  /// Throws if a setting is invalid, such as no heads or no features.
  public func validate() throws(InvalidValue) {
    guard heads > 0 && keySize > 0 && valueSize > 0 else {
      throw InvalidValue(
        "the numbers of heads and features must be positive, got \(heads), \(keySize) and \(valueSize)"
      )
    }
    guard (0..<1).contains(dropout) else {
      throw InvalidValue("the rate of dropout must lie in 0..<1, got \(dropout)")
    }
    if let rotaryBase {
      guard rotaryBase > 1 && rotaryBase.isFinite else {
        throw InvalidValue("the base of rotary positions must be above 1, got \(rotaryBase)")
      }
    }
  }

  /// Whether a step sees only steps up to its own.
  public var supportsCaching: Bool { isCausal }

  /// The four dense layers.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("query", &query)
    visit("key", &key)
    visit("value", &value)
    visit("output", &output)
  }

  /// Builds the layer for self-attention.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape { try build(&builder, inputShapes: [inputShape])[0] }

  /// Builds the layer for a query, a value and a key.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    guard (1...3).contains(inputShapes.count) else {
      throw ShapeError(
        "expected a query, a value and a key or fewer, got \(inputShapes.count) inputs")
    }
    let query = inputShapes[0]
    let value = inputShapes.count > 1 ? inputShapes[1] : query
    let key = inputShapes.count > 2 ? inputShapes[2] : value
    for shape in [query, value, key] {
      guard shape.rank == 2 && shape[0] > 0 && shape[1] > 0 else {
        throw ShapeError("expected samples of shape [steps, features], got \(shape)")
      }
    }
    guard key[0] == value[0], !isCausal || query[0] <= key[0] else {
      throw ShapeError(
        "a query \(query), a value \(value) and a key \(key) do not fit; keys and values need as many steps, "
          + "and causal attention no fewer than the query")
    }
    guard rotaryBase == nil || keySize.isMultiple(of: 2) else {
      throw ShapeError("rotary positions need heads of an even size, got \(keySize)")
    }
    self.query.units = heads * keySize
    self.key.units = heads * keySize
    self.value.units = heads * valueSize
    output.units = query[1]
    _ = try builder.layer("query", &self.query, inputShape: query)
    _ = try builder.layer("key", &self.key, inputShape: key)
    _ = try builder.layer("value", &self.value, inputShape: value)
    return [
      try builder.layer("output", &output, inputShape: [query[0], heads * valueSize])
    ]
  }

  /// Records self-attention.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    call([x], in: context)[0]
  }

  /// Records the attention of a query to a value and a key.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    let x = inputs[0]
    let valueInput = inputs.count > 1 ? inputs[1] : x
    let keyInput = inputs.count > 2 ? inputs[2] : valueInput
    var (queries, keys) = (query(x, in: context), key(keyInput, in: context))
    var values = value(valueInput, in: context)
    if let rotaryBase {
      let first = context.cache?.stepCount ?? 0
      queries = rotary(queries, heads: heads, first: first, base: rotaryBase)
      keys = rotary(keys, heads: heads, first: first, base: rotaryBase)
    }
    if let cache = context.cache {
      keys = context.tape.constant(cache.append(keys.value, for: key.kernel))
      values = context.tape.constant(cache.append(values.value, for: value.kernel))
    }
    let means = attention(
      queries, keys, values, heads: heads, isCausal: isCausal,
      mask: context.sequenceMask(of: valueInput),
      dropout: context.isTraining ? dropout : 0, using: &context.generator)
    return [output(means, in: context)]
  }
}

/// A dense layer inside an attention or transformer block, which sets its number of units.
public struct Projection<Scalar: TensorFloat>: StorableLayer {
  /// The weights, [features, units].
  public var kernel = Parameter<Scalar>()
  /// The bias, [units]; nil for none.
  public var bias: Parameter<Scalar>?
  /// The number of outputs; 0 until the layer is built.
  public internal(set) var units = 0

  init(_ useBias: Bool) { bias = useBias ? Parameter() : nil }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The kernel and the bias.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("kernel", &kernel)
    visit("bias", &bias)
  }

  /// Declares the kernel and the bias.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try builder.parameter(&kernel, [inputShape[inputShape.rank - 1], units], .glorotUniform)
    if bias != nil { try builder.parameter(&bias!, [units], .zeros) }
    return inputShape.replacing(axis: inputShape.rank - 1, with: units)
  }

  /// Records the product and the bias.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    if let bias { return dense(x, context[kernel], context[bias]) }
    return matmul(x, context[kernel])
  }
}
