import Autograd
import Tensor

/// Applies a layer to each step separately, with the same weights: samples have shape [steps, …].
///
/// ``Dense`` does this by itself; use this for layers without an axis of steps, such as a
/// convolution of each frame of a film.
public struct TimeDistributed<Scalar: TensorFloat>: StorableLayer {
  /// The layer applied to each step.
  public private(set) var layer: any Layer<Scalar>
  /// The shape of one sample, if it was given.
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

  /// Calls the layer with the steps of all samples as one batch.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    let (batch, steps) = (x.shape[0], x.shape[1])
    let y = layer(
      x.reshaped(to: TensorShape([batch * steps] + Array(x.shape.dropFirst(2)))), in: context)
    return y.reshaped(to: TensorShape([batch, steps] + Array(y.shape.dropFirst())))
  }

  private enum Key: CodingKey { case layer, inputShape }

  /// Decodes the layer.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layer = try container.decode(NamedLayer<Scalar>.self, forKey: .layer).layer
    inputShape = try container.decodeIfPresent(TensorShape.self, forKey: .inputShape)
  }

  /// Encodes the layer, without its weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(NamedLayer(layer), forKey: .layer)
    try container.encodeIfPresent(inputShape, forKey: .inputShape)
  }
}
