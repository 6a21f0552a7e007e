// What a model file says of a layer, an optimizer or a loss: names and values from which it can be made
// again. Next: `StorableLayer.swift`.

import ArrayFiles
import Tensor

/// Names and values that describe a layer, an optimizer or a loss in a model file.
///
/// ```swift
/// var settings = Settings()
/// settings["units"] = 4
/// settings["activation"] = ActivationFunction.tanh
/// let units: Int = try settings.value("units") { $0 > 0 }
/// ```
public struct Settings: Sendable, Equatable {
  private var members: [JSON.Member] = []

  /// No settings.
  public init() {}

  /// The settings in a JSON object; nil for any other value.
  package init?(_ json: JSON) {
    guard case .object(let members) = json else { return nil }
    self.members = members
  }

  /// The settings as a JSON object.
  package var json: JSON { .object(members) }

  /// A value; nil if there is none of that name, or if it is of another type.
  public subscript<Value: Setting>(name: String) -> Value? {
    get { members.first { $0.name == name }.flatMap { Value(setting: $0.value) } }
    set {
      members.removeAll { $0.name == name }
      if let newValue { members.append(JSON.Member(name, newValue.setting)) }
    }
  }

  /// A value that has to be there.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - isValid: whether a value makes sense.
  /// - Returns: the value.
  /// - Throws: `SettingsError` if there is none, or none of the type, or if it makes no sense.
  public func value<Value: Setting>(
    _ name: String, where isValid: (Value) -> Bool = { _ in true }
  ) throws(SettingsError) -> Value {
    guard let value: Value = self[name], isValid(value) else {
      let found = members.first { $0.name == name }?.value.text ?? "nothing"
      throw SettingsError("expected a valid \(Value.self) as \"\(name)\", got \(found.prefix(80))")
    }
    return value
  }
}

/// A description from which nothing can be made.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
  /// What was expected and what was found.
  public let description: String

  /// An error with the given sentence.
  public init(_ description: String) { self.description = description }
}

/// A type of values in `Settings`: numbers, truth values, texts, shapes, enumerations of texts, and lists
/// of them.
public protocol Setting {
  /// The value in a file.
  var setting: JSON { get }
  /// The value from a file; nil if that is of another type.
  init?(setting: JSON)
}

extension Int: Setting {
  /// The number.
  public var setting: JSON { .integer(self) }
  /// The number, if it is whole.
  public init?(setting: JSON) {
    guard case .integer(let value) = setting else { return nil }
    self = value
  }
}

extension Double: Setting {
  /// The number; as a text if it is not finite.
  public var setting: JSON { isFinite ? .number(self) : .string("\(self)") }
  /// The number.
  public init?(setting: JSON) {
    switch setting {
    case .number(let value): self = value
    case .integer(let value): self = Double(value)
    case .string("nan"): self = .nan
    case .string("inf"): self = .infinity
    case .string("-inf"): self = -.infinity
    default: return nil
    }
  }
}

extension Bool: Setting {
  /// The truth value.
  public var setting: JSON { .bool(self) }
  /// The truth value.
  public init?(setting: JSON) {
    guard case .bool(let value) = setting else { return nil }
    self = value
  }
}

extension String: Setting {
  /// The text.
  public var setting: JSON { .string(self) }
  /// The text.
  public init?(setting: JSON) {
    guard case .string(let value) = setting else { return nil }
    self = value
  }
}

extension Array: Setting where Element: Setting {
  /// The values in order.
  public var setting: JSON { .array(map(\.setting)) }
  /// The values in order, if all are of the type.
  public init?(setting: JSON) {
    guard case .array(let values) = setting else { return nil }
    self = values.compactMap { Element(setting: $0) }
    if count != values.count { return nil }
  }
}

extension Settings: Setting {
  /// The settings as an object.
  public var setting: JSON { json }
  /// The settings of an object.
  public init?(setting: JSON) { self.init(setting) }
}

extension TensorShape: Setting {
  /// The sizes.
  public var setting: JSON { Array(self).setting }
  /// The shape, if a tensor can have it.
  public init?(setting: JSON) {
    guard let sizes = [Int](setting: setting), let shape = TensorShape(checking: sizes) else {
      return nil
    }
    self = shape
  }

  /// The shape of the given sizes; nil if no tensor of that shape fits into memory.
  package init?(checking sizes: [Int]) {
    guard sizes.count < AxisList.maximumCount else { return nil }
    var product = 1
    for size in sizes {
      let (larger, overflows) = product.multipliedReportingOverflow(by: Swift.max(1, size))
      guard size >= 0 && !overflows && larger < 1 << 48 else { return nil }
      product = larger
    }
    self.init(sizes)
  }
}

extension ActivationFunction: Setting {
  /// The function's name.
  public var setting: JSON { .string(rawValue) }
  /// The function of a name.
  public init?(setting: JSON) {
    guard case .string(let name) = setting else { return nil }
    self.init(rawValue: name)
  }
}

extension Regularizer: Setting {
  /// The two factors.
  public var setting: JSON { [l1, l2].setting }
  /// The penalty of two factors that are not negative.
  public init?(setting: JSON) {
    guard let factors = [Double](setting: setting), factors.count == 2,
      factors.allSatisfy({ $0 >= 0 })
    else { return nil }
    self.init(l1: factors[0], l2: factors[1])
  }
}
