// The list of a layer's members and everything derived from it: the parameters in order, their
// paths and the names of layers. A walk is a visitor struct, so that it allocates nothing, and
// names cost nothing where they are not needed.

import Tensor

/// The name of a member in its layer.
public enum MemberName: Sendable, ExpressibleByStringLiteral {
  /// A name, such as `encoder`.
  case name(String)
  /// A member of a list, such as `blocks.0`.
  case element(String, Int)
  /// Keras's name for the type, numbered if there are several: `dense`, `dense_1`.
  case type

  /// A member name from a string literal.
  public init(stringLiteral name: String) { self = .name(name) }
}

/// A visitor of the members of a layer, which `forEachMember` calls.
///
/// In a custom layer each member takes one line, such as `visit("kernel", &kernel)`. Members are
/// parameters, layers, lists of them and optional ones.
public protocol MemberVisitor<Scalar> {
  /// The number type of the parameters.
  associatedtype Scalar: TensorFloat
  /// Visits a parameter.
  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName)
  /// Visits a nested layer; the default visits its members.
  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar
}

extension MemberVisitor {
  /// Visits the members of the layer.
  public mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar { layer.forEachMember(&self) }

  /// Visits a parameter.
  @inlinable @inline(__always)
  public mutating func callAsFunction(_ name: String, _ parameter: inout Parameter<Scalar>) {
    visit(&parameter, .name(name))
  }

  /// Visits a list of parameters.
  public mutating func callAsFunction(_ name: String, _ parameters: inout [Parameter<Scalar>]) {
    for i in parameters.indices { visit(&parameters[i], .element(name, i)) }
  }

  /// Visits a parameter unless it is nil.
  public mutating func callAsFunction(_ name: String, _ parameter: inout Parameter<Scalar>?) {
    if parameter != nil { visit(&parameter!, .name(name)) }
  }

  /// Visits a layer.
  @inlinable @inline(__always)
  public mutating func callAsFunction<Member: Layer>(_ name: String, _ layer: inout Member)
  where Member.Scalar == Scalar { visit(&layer, .name(name)) }

  /// Visits a layer unless it is nil.
  public mutating func callAsFunction<Member: Layer>(_ name: String, _ layer: inout Member?)
  where Member.Scalar == Scalar { if layer != nil { visit(&layer!, .name(name)) } }

  /// Visits a list of layers of one type.
  public mutating func callAsFunction<Member: Layer>(_ name: String, _ layers: inout [Member])
  where Member.Scalar == Scalar {
    for i in layers.indices { visit(&layers[i], .element(name, i)) }
  }

  /// Visits a list of layers of any type.
  public mutating func callAsFunction(_ name: String, _ layers: inout [any Layer<Scalar>]) {
    for i in layers.indices { visit(&layers[i], .element(name, i)) }
  }
}

// MARK: - Walks

/// Calls a closure with each parameter.
private struct ParameterVisitor<Scalar: TensorFloat>: MemberVisitor {
  let body: (inout Parameter<Scalar>) -> Void

  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {
    body(&parameter)
  }
}

/// Calls a closure with each parameter and its path.
private struct PathVisitor<Scalar: TensorFloat>: MemberVisitor {
  var path = MemberPath()
  let body: (String, inout Parameter<Scalar>) -> Void

  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {
    path.enter(name)
    body(path.description, &parameter)
    path.leave()
  }

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    path.enter(name, of: Member.self)
    layer.forEachMember(&self)
    path.leave()
  }
}

/// Collects the nested layers and their paths.
private struct LayerVisitor<Scalar: TensorFloat>: MemberVisitor {
  var path = MemberPath()
  /// Whether to include all levels of nesting, not only the first.
  let isDeep: Bool
  var layers: [(path: String, layer: any Layer<Scalar>)] = []

  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {}

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    path.enter(name, of: Member.self)
    layers.append((path.description, layer))
    if isDeep { layer.forEachMember(&self) }
    path.leave()
  }
}

extension Layer {
  /// Calls `body` with each parameter, always in the same order.
  public mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(body: body)
      forEachMember(&visitor)
    }
  }

  /// Calls `body` with each parameter and its path, such as `encoder.dense_1.kernel`.
  public mutating func forEachNamedParameter(
    _ body: (_ path: String, _ parameter: inout Parameter<Scalar>) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      var visitor = PathVisitor(body: body)
      forEachMember(&visitor)
    }
  }

  /// The parameters, in the order of the members.
  public var parameters: [Parameter<Scalar>] {
    var copy = self
    var list: [Parameter<Scalar>] = []
    copy.forEachParameter { list.append($0) }
    return list
  }

  /// The paths of the parameters, in the order of the members; they are the names in files.
  public var parameterPaths: [String] {
    var copy = self
    var paths: [String] = []
    copy.forEachNamedParameter { path, _ in paths.append(path) }
    return paths
  }

  /// The nested layers of all levels, each with its path.
  package var layersWithin: [(path: String, layer: any Layer<Scalar>)] { layers(isDeep: true) }

  /// The layers without nested layers, in order; the layer itself if it has none.
  package var innermostLayers: [any Layer<Scalar>] {
    let within = layers(isDeep: false)
    return within.isEmpty ? [self] : within.flatMap { $0.layer.innermostLayers }
  }

  /// Whether all parameters have values.
  package var isInitialized: Bool { parameters.allSatisfy(\.isInitialized) }

  /// The names of the layers that are direct members: `dense`, `dense_1`, `dropout`.
  public var layerNames: [String] { layers(isDeep: false).map(\.path) }

  private func layers(isDeep: Bool) -> [(path: String, layer: any Layer<Scalar>)] {
    var copy = self
    var visitor = LayerVisitor<Scalar>(isDeep: isDeep)
    copy.forEachMember(&visitor)
    return visitor.layers
  }
}

// MARK: - Paths

/// The current position of a walk: the names of the layers it entered, unique within each layer.
struct MemberPath: CustomStringConvertible {
  private var names: [String] = []
  /// The names already used for members, for each of the layers entered.
  private var taken: [Set<String>] = [[]]

  /// The number of layers entered.
  var depth: Int { names.count }

  /// The name of the layer entered last; empty before the first.
  var last: String { names.last ?? "" }

  /// The names, separated by dots.
  var description: String { names.joined(separator: ".") }

  /// Enters a member; `type` is its type if it is a layer.
  mutating func enter(_ name: MemberName, of type: Any.Type = Never.self) {
    let wanted =
      switch name {
      case .name(let name): name
      case .element(let name, let index): "\(name).\(index)"
      case .type: snakeCase(layerTypeName(type))
      }
    var unique = wanted
    var number = 0
    while !taken[taken.count - 1].insert(unique).inserted {
      number += 1
      unique = "\(wanted)_\(number)"
    }
    names.append(unique)
    taken.append([])
  }

  /// Returns to the enclosing layer.
  mutating func leave() {
    names.removeLast()
    taken.removeLast()
  }
}

/// The name of a layer's type without its generic arguments: `Dense`.
package func layerTypeName(_ layer: some Layer) -> String { layerTypeName(type(of: layer)) }

/// The name of a type without its generic arguments: `Dense`.
package func layerTypeName(_ type: Any.Type) -> String { String("\(type)".prefix { $0 != "<" }) }

/// The name in snake case by Keras's rule: `BatchNormalization` becomes `batch_normalization` and
/// `MaxPooling2D` becomes `max_pooling2d`.
package func snakeCase(_ name: String) -> String {
  let letters = Array(name)
  var result = ""
  for (i, letter) in letters.enumerated() {
    // Consecutive capitals form one word, except for the last one if it starts the next word.
    if letter.isUppercase && i > 0 {
      let endsWord = letters[i - 1].isLowercase
      let beginsWord =
        i + 1 < letters.count && (letters[i + 1].isLowercase || letters[i + 1].isNumber)
      if endsWord || beginsWord { result += "_" }
    }
    result += letter.lowercased()
  }
  return result
}
