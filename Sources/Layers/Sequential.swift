// A linear stack of layers. Next on the way down: `Layers/Dense.swift`.

import Autograd
import Tensor

/// A linear stack of layers: each layer takes the result of the previous one.
///
/// ```swift
/// let network = Sequential([
///   Dense(4, activation: .tanh, inputShape: [2]),
///   Dense(1, activation: .sigmoid),
/// ])
/// ```
///
/// Layers can also be added with `add(_:)`, as in Keras, or listed in a closure that may contain
/// `if` and `for`.
public struct Sequential<Scalar: TensorFloat>: StorableLayer {
  /// The layers in order.
  public internal(set) var layers: [any Layer<Scalar>]
  /// The shape of the samples for which the network was built last; nil before.
  private var builtShape: TensorShape?

  /// An empty network; add layers with `add(_:)`.
  public init() where Scalar == Float { layers = [] }

  /// An empty network; add layers with `add(_:)`.
  @_disfavoredOverload
  public init() { layers = [] }

  /// A network of the given layers, in `Float`.
  public init(_ layers: [any Layer<Float>]) where Scalar == Float { self.layers = layers }

  /// A network of the given layers.
  @_disfavoredOverload
  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  /// A network of the layers that the closure lists, in `Float`.
  public init(@SequentialBuilder<Float> _ layers: () -> [any Layer<Float>]) where Scalar == Float {
    self.layers = layers()
  }

  /// A network of the layers that the closure lists.
  @_disfavoredOverload
  public init(@SequentialBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) {
    self.layers = layers()
  }

  /// Appends a layer.
  public mutating func add(_ layer: some Layer<Scalar>) { layers.append(layer) }

  /// The layer at a position, counted from 0; `network[0].isTrainable = false` freezes the first
  /// one.
  public subscript(position: Int) -> any Layer<Scalar> {
    get { layers[checked(position)] }
    set { layers[checked(position)] = newValue }
  }

  private func checked(_ position: Int) -> Int {
    require(
      layers.indices.contains(position),
      "Sequential: there is no layer \(position), there are \(layers.count), counted from 0")
    return position
  }

  /// The shape that the first layer declares, or else the shape for which the network was built.
  public var inputShape: TensorShape? { layers.first?.inputShape ?? builtShape }

  /// One input, with the shape that the first layer declares.
  public var inputs: [LayerInput] { [LayerInput("input", shape: layers.first?.inputShape)] }

  /// Whether all layers do.
  public var supportsCaching: Bool { layers.allSatisfy(\.supportsCaching) }

  /// The layers, by Keras's names.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    for i in 0..<layers.count { visit.visit(&layers[i], .type) }
  }

  /// Builds the layers one after another.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard !layers.isEmpty else { throw ShapeError("a network needs at least one layer") }
    var shape = inputShape
    for i in layers.indices {
      shape = try builder.layer(.type, &layers[i], inputShape: shape)
    }
    builtShape = inputShape
    return shape
  }

  /// Records the layers one after another.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func call(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    var x = input
    if context.tape.profile == nil {
      for i in layers.indices { x = layers[i].callPassingMask(x, in: context) }
    } else {
      for (name, layer) in zip(layerNames, layers) {
        x = context.inScope(of: layer, name: name) { layer.callPassingMask(x, in: context) }
      }
    }
    return x
  }

  private enum Key: CodingKey { case layers }

  /// Decodes the layers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layers = try container.decode([NamedLayer<Scalar>].self, forKey: .layers).map(\.layer)
    guard !layers.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .layers, in: container, debugDescription: "a network needs at least one layer")
    }
  }

  /// Encodes the layers, without their weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(layers.map { NamedLayer($0) }, forKey: .layers)
  }
}

/// Collects the layers that a closure lists.
@resultBuilder
public enum SequentialBuilder<Scalar: TensorFloat> {
  /// One layer.
  public static func buildExpression<L: Layer>(_ layer: L) -> [any Layer<Scalar>]
  where L.Scalar == Scalar { [layer] }
  /// The layers of all statements.
  public static func buildBlock(_ parts: [any Layer<Scalar>]...) -> [any Layer<Scalar>] {
    parts.flatMap { $0 }
  }
  /// The layers of an `if` without `else`.
  public static func buildOptional(_ part: [any Layer<Scalar>]?) -> [any Layer<Scalar>] {
    part ?? []
  }
  /// The layers of an `if`.
  public static func buildEither(first: [any Layer<Scalar>]) -> [any Layer<Scalar>] { first }
  /// The layers of an `else`.
  public static func buildEither(second: [any Layer<Scalar>]) -> [any Layer<Scalar>] { second }
  /// The layers of a `for`.
  public static func buildArray(_ parts: [[any Layer<Scalar>]]) -> [any Layer<Scalar>] {
    parts.flatMap { $0 }
  }
}
