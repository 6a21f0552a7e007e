import Autograd
import Tensor

/// A residual connection, `x + layers(x)`.
///
/// The layers learn a change to their input, and gradients reach earlier layers undiminished.
///
/// ```swift
/// Residual { Dense(64, activation: .relu); Dense(64) }
/// ```
///
/// Source: K. He et al., "Deep residual learning for image recognition", 2015.
public struct Residual<Scalar: TensorFloat>: StorableLayer {
  /// The layers; their result is added to their input.
  public var layers: Sequential<Scalar>

  /// A residual connection around layers that keep the shape of their input, in `Float`.
  public init(@SequentialBuilder<Float> _ layers: () -> [any Layer<Float>]) where Scalar == Float {
    self.layers = Sequential(layers())
  }

  /// A residual connection around layers that keep the shape of their input.
  @_disfavoredOverload
  public init(@SequentialBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) {
    self.layers = Sequential(layers())
  }

  /// The input shape that the first layer declares.
  public var inputShape: TensorShape? { layers.inputShape }

  /// Whether the layers within do.
  public var supportsCaching: Bool { layers.supportsCaching }

  /// The layers, by Keras's names.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    layers.forEachMember(&visit)
  }

  /// Builds the layers one after another.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let shape = try layers.build(&builder, inputShape: inputShape)
    guard shape == inputShape else {
      throw ShapeError(
        "the layers make shape \(shape) of \(inputShape), which cannot be added to it")
    }
    return shape
  }

  /// Records the layers and the sum.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> { x + layers.call(x, in: context) }
}
