// A stack of layers. Next on the way down: `Layers/Dense.swift`.

import Autograd
import Tensor

/// Layers one after another, each taking what the one before gives.
///
/// ```swift
/// let network = Sequential([
///   Dense(4, activation: .tanh, inputShape: [2]),
///   Dense(1, activation: .sigmoid),
/// ])
/// ```
///
/// The same with `add(_:)`, as Keras has it, or with a closure that lists the layers and may contain
/// `if` and `for`.
public struct Sequential<Scalar: TensorFloat>: Layer {
  /// The layers in order.
  public internal(set) var layers: [any Layer<Scalar>]
  /// The shape of each layer's result for one sample; empty until the network is built.
  public private(set) var outputShapes: [TensorShape] = []

  /// A network without layers, to which `add(_:)` appends.
  public init() where Scalar == Float { layers = [] }

  /// A network without layers, to which `add(_:)` appends.
  @_disfavoredOverload
  public init() { layers = [] }

  /// A network of the given layers, computing in `Float`.
  public init(_ layers: [any Layer<Float>]) where Scalar == Float { self.layers = layers }

  /// A network of the given layers.
  @_disfavoredOverload
  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  /// A network of the layers that the closure lists, computing in `Float`.
  public init(@SequentialBuilder<Float> _ layers: () -> [any Layer<Float>]) where Scalar == Float {
    self.layers = layers()
  }

  /// A network of the layers that the closure lists.
  @_disfavoredOverload
  public init(@SequentialBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) {
    self.layers = layers()
  }

  /// Appends a layer.
  public mutating func add(_ layer: some Layer<Scalar>) {
    layers.append(layer)
    outputShapes = []
  }

  /// The layer at a position, counted from 0: `network[0].isTrainable = false` freezes the first.
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

  /// Appends a layer that is any.
  mutating func append(_ layer: any Layer<Scalar>) {
    layers.append(layer)
    outputShapes = []
  }

  /// What the first layer states.
  public var inputShape: TensorShape? { layers.first?.inputShape }

  /// Makes the parameters for samples of `inputShape`; returns the shape of a sample's result.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape {
    require(!layers.isEmpty, "Sequential: a network needs at least one layer")
    if let stated = self.inputShape {
      require(
        stated == inputShape,
        "Sequential: samples have shape \(inputShape), the first layer expects \(stated)")
    }
    outputShapes = []
    var shape = inputShape
    for i in layers.indices {
      shape = layers[i].build(inputShape: shape, using: &generator)
      outputShapes.append(shape)
    }
    return shape
  }

  /// Records the layer's function on the context's tape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    var x = input
    guard let profile = context.tape.profile else {
      for i in layers.indices { x = layers[i](x, in: context) }
      return x
    }
    for i in layers.indices {
      profile.enter { layerNames[i] }
      x = layers[i](x, in: context)
    }
    profile.enter { "" }
    return x
  }

  /// Calls `body` with each parameter, always in the same order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) {
    for i in 0..<layers.count { layers[i].forEachParameter(body) }
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
