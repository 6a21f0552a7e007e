import Autograd
import Tensor

/// Normalises the features (last axis) of each sample and step, then applies a learned scale and
/// shift.
///
/// ```
/// y = gamma · (x - mean) / √(variance + epsilon) + beta
/// ```
///
/// Unlike ``BatchNormalization`` it treats each sample by itself, in training as at inference. Over other axes it
/// treats the numbers along all of them as features: `axes: [1, 2, 3]` are whole images.
///
/// Source: J. Ba et al., "Layer normalization", 2016, with Keras's defaults.
public struct LayerNormalization<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The axes of the features; 0 is the batch, and negative ones count from the end.
  public let axes: [Int]
  /// What keeps the quotient finite.
  public let epsilon: Double
  /// The standard deviation of each result, [features], with a size for each of the axes.
  public var gamma = Parameter<Scalar>()
  /// The mean of each result, [features], with a size for each of the axes.
  public var beta = Parameter<Scalar>()

  /// A layer with Keras's defaults; GPT and BERT take an epsilon of 1e-5 and 1e-12.
  public init(epsilon: Double = 1e-3, axes: [Int] = [-1]) {
    self.axes = axes
    self.epsilon = epsilon
    requireValid()
  }

  /// Reads the settings; without axes, as older files have them, the last is meant.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    axes = try container.decodeIfPresent([Int].self, forKey: .axes) ?? [-1]
    epsilon = try container.decode(Double.self, forKey: .epsilon)
    gamma = try container.decode(Parameter<Scalar>.self, forKey: .gamma)
    beta = try container.decode(Parameter<Scalar>.self, forKey: .beta)
  }

  /// Throws if there is no axis, or if epsilon is negative.
  public func validate() throws(InvalidValue) {
    guard !axes.isEmpty else { throw InvalidValue("there is no axis of features") }
    try validateEpsilon(epsilon)
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// Gamma and beta.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("gamma", &gamma)
    visit("beta", &beta)
  }

  /// Declares gamma and beta, each [features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let axes = featureAxes(rank: inputShape.rank + 1)
    guard axes.allSatisfy({ (1...inputShape.rank).contains($0) && inputShape[$0 - 1] > 0 }),
      Set(axes).count == axes.count
    else {
      throw ShapeError("samples of shape \(inputShape) do not have features along axes \(axes)")
    }
    let sizes = axes.map { inputShape[$0 - 1] }
    try builder.parameter(&gamma, sizes, .ones)
    try builder.parameter(&beta, sizes, .zeros)
    return inputShape
  }

  /// The axes of the features, counted from 0 and in order.
  private func featureAxes(rank: Int) -> [Int] { axes.map { $0 < 0 ? $0 + rank : $0 }.sorted() }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let (gamma, beta) = (context[gamma], context[beta])
    if axes == [-1] { return layerNormalization(x, scale: gamma, shift: beta, epsilon: epsilon) }
    // The features as one last axis, and back.
    let axes = featureAxes(rank: x.rank)
    let others = (0..<x.rank).filter { !axes.contains($0) }
    let order = others + axes
    let ordered = x.transposed(permutation: order)
    let rows = ordered.reshaped(to: others.map { x.shape[$0] } + [gamma.shape.elementCount])
    let result = layerNormalization(
      rows, scale: gamma.flattened(), shift: beta.flattened(), epsilon: epsilon)
    return result.reshaped(to: ordered.shape)
      .transposed(permutation: (0..<x.rank).map { order.firstIndex(of: $0)! })
  }
}

/// Throws if what keeps a quotient finite is negative.
func validateEpsilon(_ epsilon: Double) throws(InvalidValue) {
  guard epsilon >= 0 else { throw InvalidValue("epsilon must not be negative, got \(epsilon)") }
}
