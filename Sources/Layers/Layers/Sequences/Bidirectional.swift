import Autograd
import Tensor

/// Two recurrent layers, one reading forwards and one backwards, with separate weights.
///
/// With `returnSequences`, both results have the order of the input, and masked steps give zeros.
/// Initial and final states are those of the forward layer, followed by those of the backward
/// layer.
public struct Bidirectional<Scalar: TensorFloat>: StorableLayer {
  /// How the two results are combined.
  public enum MergeMode: String, Sendable, Codable, CaseIterable {
    /// Both, concatenated: twice the units.
    case concat
    /// The sum.
    case sum
    /// The mean.
    case average = "ave"
    /// The element-wise product.
    case multiply = "mul"
    /// Not combined: the layer has two results.
    case separate = "none"
  }

  /// The layer that reads in order of time.
  public private(set) var forward: any RecurrentLayer<Scalar>
  /// The layer that reads from the last step to the first.
  public private(set) var backward: any RecurrentLayer<Scalar>
  /// How the two results are combined.
  public let mergeMode: MergeMode

  /// Wraps a layer and a copy of it that reads in the other direction.
  public init(_ layer: some RecurrentLayer<Scalar>, mergeMode: MergeMode = .concat) {
    var reversed = layer
    reversed.core.goBackwards.toggle()
    (forward, backward) = (layer, reversed)
    self.mergeMode = mergeMode
  }

  /// The shape of one sample, if the layer declares it.
  public var inputShape: TensorShape? { forward.core.inputShape }

  /// The result or both results, followed by the final states with `returnState`.
  public var outputNames: [String] {
    let states = forward.outputNames.dropFirst()
    return (mergeMode == .separate ? ["forward", "backward"] : ["output"])
      + states.map { "forward_\($0)" } + states.map { "backward_\($0)" }
  }

  /// The two layers.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit.visit(&forward, .name("forward"))
    visit.visit(&backward, .name("backward"))
  }

  /// Builds both layers for the same samples.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    try build(&builder, inputShapes: [inputShape])[0]
  }

  /// Builds both layers for the same samples; each takes half of the states.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    let states = inputShapes.dropFirst()
    guard states.count.isMultiple(of: 2) else {
      throw ShapeError("expected as many states for each direction, got \(states.count) in all")
    }
    let half = states.count / 2
    let first = try builder.layer(
      "forward", &forward, inputShapes: [inputShapes[0]] + states.prefix(half))
    let second = try builder.layer(
      "backward", &backward, inputShapes: [inputShapes[0]] + states.suffix(half))
    let shape = first[0]
    let results: [TensorShape] =
      switch mergeMode {
      case .concat: [shape.replacing(axis: shape.rank - 1, with: 2 * forward.core.units)]
      case .separate: [shape, shape]
      case .sum, .average, .multiply: [shape]
      }
    return results + first.dropFirst() + second.dropFirst()
  }

  /// Reads in both directions and merges the results.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    require(
      mergeMode != .separate,
      "Bidirectional: results that are not merged are two; call the layer with a list of inputs")
    return call([x], in: context)[0]
  }

  /// Reads in both directions, starting from initial states if they are given.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    let (x, states) = (inputs[0], inputs.dropFirst())
    let half = states.count / 2
    let first = forward([x] + states.prefix(half), in: context)
    let second = backward([x] + states.suffix(half), in: context)
    let (a, b) = (first[0], forward.core.returnSequences ? second[0].flipped(axes: [1]) : second[0])
    var results =
      switch mergeMode {
      case .concat: [concatenate([a, b], axis: -1)]
      case .sum: [a + b]
      case .average: [(a + b) * 0.5]
      case .multiply: [a * b]
      case .separate: [a, b]
      }
    if forward.core.returnSequences, let mask = context.mask(of: x) {
      results = results.map { select(mask.expandingShape(at: -1), $0, 0) }
    }
    return results + first.dropFirst() + second.dropFirst()
  }

  private enum Key: CodingKey { case forward, backward, mergeMode }

  /// Decodes both layers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func layer(_ key: Key) throws -> any RecurrentLayer<Scalar> {
      let layer = try container.decode(NamedLayer<Scalar>.self, forKey: key).layer
      guard let recurrent = layer as? any RecurrentLayer<Scalar> else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "expected a recurrent layer, got \(layerTypeName(layer))")
      }
      return recurrent
    }
    (forward, backward) = (try layer(.forward), try layer(.backward))
    mergeMode = try container.decode(MergeMode.self, forKey: .mergeMode)
  }

  /// Encodes both layers, without their weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(NamedLayer(forward), forKey: .forward)
    try container.encode(NamedLayer(backward), forKey: .backward)
    try container.encode(mergeMode, forKey: .mergeMode)
  }
}
