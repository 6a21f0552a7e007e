// What `print` shows of a layer, an optimizer or a loss: the name of its type, and what was set.

import Tensor

/// A value that is not among the settings that `description(of:)` lists.
private protocol NotASetting {}
extension Initializer: NotASetting {}
extension Parameter: NotASetting {}
extension Tensor: NotASetting {}

/// The name of a value's type with its stored settings: `Adam(learningRate: 0.001, beta1: 0.9)`.
///
/// Settings are numbers, texts, names, shapes and what else prints in a few words.
package func description(of value: Any) -> String {
  "\(layerTypeName(type(of: value)))(\(settings(of: value).joined(separator: ", ")))"
}

/// The stored settings of a value, each with its name.
private func settings(of value: Any) -> [String] {
  Mirror(reflecting: value).children.compactMap { label, value in
    guard let label, let text = settingText(value) else { return nil }
    // Other shapes are what building found.
    if value is TensorShape? && label != "inputShape" { return nil }
    return "\(label): \(text)"
  }
}

/// A setting as text; nil for what is none, and for an optional without a value.
private func settingText(_ value: Any) -> String? {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: return mirror.children.first.flatMap { settingText($0.value) }
  case .enum, .tuple: return "\(value)"
  default: break
  }
  if value is NotASetting || value is any Layer { return nil }
  // An empty list of anything would pass for one of integers.
  if value is any Collection && !(value is String || value is TensorShape) {
    return type(of: value) == [Int].self ? "\(value)" : nil
  }
  return value is any CustomStringConvertible ? "\(value)" : nil
}

// MARK: - Layers

extension Layer {
  /// The name of the type with its settings and the shapes of its parameters: `Dense(units: 4, activation:
  /// tanh, kernel: [2, 4], bias: [4])`; layers within stand on lines of their own.
  public var description: String {
    var (copy, visitor) = (self, DescriptionVisitor<Scalar>())
    copy.forEachMember(&visitor)
    let parts = settings(of: self) + visitor.members
    guard visitor.hasLayers else {
      return "\(layerTypeName(self))(\(parts.joined(separator: ", ")))"
    }
    let lines = parts.flatMap { $0.split(separator: "\n") }.map { "  \($0)\n" }
    return "\(layerTypeName(self))(\n\(lines.joined()))"
  }
}

/// Describes each member of a layer: a parameter by its shape, a layer by its own description.
private struct DescriptionVisitor<Scalar: TensorFloat>: MemberVisitor {
  var path = MemberPath()
  var members: [String] = []
  var hasLayers = false

  mutating func visit(_ parameter: inout Parameter<Scalar>, _ name: MemberName) {
    path.enter(name)
    if parameter.isInitialized { members.append("\(path): \(parameter.value.shape)") }
    path.leave()
  }

  mutating func visit<Member: Layer>(_ layer: inout Member, _ name: MemberName)
  where Member.Scalar == Scalar {
    path.enter(name, of: Member.self)
    members.append("\(path): \(layer)")
    hasLayers = true
    path.leave()
  }
}

// MARK: - What layers are made of

extension ActivationFunction: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension Regularizer: CustomStringConvertible {
  /// The factors that are not 0: `l2(0.01)`.
  public var description: String {
    if l1 == 0 { return "l2(\(l2))" }
    return l2 == 0 ? "l1(\(l1))" : "l1l2(l1: \(l1), l2: \(l2))"
  }
}

extension Parameter: CustomStringConvertible {
  /// The path and the shape: `Parameter(dense.kernel, shape: [2, 4])`, with `frozen` if training leaves it alone.
  public var description: String {
    guard isInitialized else { return "Parameter(not initialised)" }
    return "Parameter(\(path), shape: \(value.shape)\(isTrainable ? "" : ", frozen"))"
  }
}

extension Initializer: CustomStringConvertible {}
