// Validation rules are stated once: where `validate` throws, initialisers stop and file reading
// throws.

import Tensor

/// A value whose settings are checked, whether it comes from code or from a file.
///
/// ```swift
/// init(_ rate: Double) {
///   self.rate = rate
///   requireValid()
/// }
/// func validate() throws(InvalidValue) {
///   guard (0..<1).contains(rate) else { throw InvalidValue("the rate must lie in 0..<1, got \(rate)") }
/// }
/// ```
public protocol Validated {
  /// Throws if a setting is invalid; NaN is always invalid.
  func validate() throws(InvalidValue)
}

/// The error of an invalid value.
public struct InvalidValue: Error, Sendable, CustomStringConvertible {
  /// What was expected and what was found.
  public let description: String

  /// An error with the given message.
  public init(_ description: String) { self.description = description }
}

extension Validated {
  /// Stops with a message if the value is invalid; call it at the end of an initialiser.
  public func requireValid() {
    do {
      try validate()
    } catch {
      fail("\(layerTypeName(Self.self)): \(error)")
    }
  }
}
