// What is valid stands once: initialisers stop where `validate` throws, and reading a file throws.

import Tensor

/// A value whose parts have to make sense, however it was made: by a programmer or from a file.
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
  /// Throws if the parts make no sense; NaN makes none.
  func validate() throws(InvalidValue)
}

/// What makes a value invalid.
public struct InvalidValue: Error, Sendable, CustomStringConvertible {
  /// What was expected and what was found.
  public let description: String

  /// An error with the given sentence.
  public init(_ description: String) { self.description = description }
}

extension Validated {
  /// Stops with a sentence if the value is invalid: the last line of an initialiser.
  public func requireValid() {
    do {
      try validate()
    } catch {
      fail("\(layerTypeName(Self.self)): \(error)")
    }
  }
}
