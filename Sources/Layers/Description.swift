// What `print` shows for a layer, an optimizer or a loss: the name of its type and its settings.

import Tensor

/// A value that `description(of:)` does not list as a setting.
private protocol NotASetting {}
extension Initializer: NotASetting {}
extension Parameter: NotASetting {}
extension Tensor: NotASetting {}

/// The name of a value's type with its stored settings: `Adam(learningRate: 0.001, beta1: 0.9)`.
///
/// Settings are numbers, strings, names, shapes and other values that print in a few words.
package func description(of value: Any) -> String {
  "\(layerTypeName(type(of: value)))(\(settings(of: value).joined(separator: ", ")))"
}

/// The stored settings of a value, each as `name: value`.
private func settings(of value: Any) -> [String] {
  Mirror(reflecting: value).children.compactMap { label, value in
    guard let label, let text = settingText(value) else { return nil }
    // Other shapes were computed by `build`.
    if value is TensorShape? && label != "inputShape" { return nil }
    return "\(label): \(text)"
  }
}

/// A setting as text; nil if it is not a setting or is an optional without a value.
private func settingText(_ value: Any) -> String? {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: return mirror.children.first.flatMap { settingText($0.value) }
  case .enum, .tuple: return "\(value)"
  default: break
  }
  if value is NotASetting || value is any Layer { return nil }
  // An empty list of any type would pass as a list of integers.
  if value is any Collection && !(value is String || value is TensorShape) {
    return type(of: value) == [Int].self ? "\(value)" : nil
  }
  return value is any CustomStringConvertible ? "\(value)" : nil
}

// MARK: - Layers

extension Layer {
  /// The type's name, settings and parameter shapes, with nested layers on separate lines.
  ///
  /// For example `Dense(units: 4, activation: tanh, kernel: [2, 4], bias: [4])`.
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

// MARK: - Parts of layers

extension ActivationFunction: CustomStringConvertible {
  /// The name of the function.
  public var description: String { name }
}

extension Regularizer: CustomStringConvertible {
  /// The nonzero factors, such as `l2(0.01)`.
  public var description: String {
    if l1 == 0 { return "l2(\(l2))" }
    return l2 == 0 ? "l1(\(l1))" : "l1l2(l1: \(l1), l2: \(l2))"
  }
}

extension Parameter: CustomStringConvertible {
  /// The path and shape, such as `Parameter(dense.kernel, shape: [2, 4])`, and `frozen` if it is
  /// not trained.
  public var description: String {
    guard isInitialized else { return "Parameter(not initialised)" }
    return "Parameter(\(path), shape: \(value.shape)\(isTrainable ? "" : ", frozen"))"
  }
}

extension Initializer: CustomStringConvertible {}
