import Autograd
import Tensor

/// A layer applied to each step by itself, with the same weights: samples have shape [steps, …].
///
/// ``Dense`` does that without help; this is for layers that know no steps, such as a convolution of each
/// picture of a film.
public struct TimeDistributed<Scalar: TensorFloat>: StorableLayer {
  /// The layer that is applied.
  public private(set) var layer: any Layer<Scalar>
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// Applies `layer` to each step.
  public init(_ layer: any Layer<Scalar>, inputShape: TensorShape? = nil) {
    self.layer = layer
    self.inputShape = inputShape
  }

  /// True: each step has its result.
  public var supportsCaching: Bool { true }

  /// The layer.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit.visit(&layer, .name("layer"))
  }

  /// Builds the layer for one step.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard let steps = inputShape.first else {
      throw ShapeError("expected samples of shape [steps, …], got \(inputShape)")
    }
    let step = try builder.layer(
      "layer", &layer, inputShape: TensorShape(Array(inputShape.dropFirst())))
    return TensorShape([steps] + Array(step))
  }

  /// Takes the steps of all samples as one batch.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let (batch, steps) = (x.shape[0], x.shape[1])
    let y = layer(
      x.reshaped(to: TensorShape([batch * steps] + Array(x.shape.dropFirst(2)))), in: context)
    return y.reshaped(to: TensorShape([batch, steps] + Array(y.shape.dropFirst())))
  }

  private enum Key: CodingKey { case layer, inputShape }

  /// Reads the layer.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(NamedLayer<Scalar>.self, forKey: .layer).layer
    inputShape = try container.decodeIfPresent(TensorShape.self, forKey: .inputShape)
  }

  /// Writes the layer, without what it learned.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(NamedLayer(layer), forKey: .layer)
    try container.encodeIfPresent(inputShape, forKey: .inputShape)
  }
}
