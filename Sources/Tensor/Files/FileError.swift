// What every reader and writer of this target throws: which file, where in it, and what was
// expected there. FileBytes.swift, next, is where a file enters memory.

/// A file that could not be read or written, or whose content is not what its format demands.
///
/// ```
/// train-images.gz, byte 10: expected a gzip header (1f 8b 08), got 50 4b 03
/// ```
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A place in a file.
  public enum Location: Equatable, Sendable {
    /// The offset of a byte, counted from 0.
    case byte(Int)
    /// The number of a line of text, counted from 1.
    case line(Int)
  }

  /// The file's path as it was given.
  public let path: String
  /// The place of the fault, where there is one.
  public let location: Location?
  /// What was expected and what was found.
  public let message: String

  /// Creates an error about the file at `path`.
  public init(path: String, location: Location? = nil, message: String) {
    self.path = path
    self.location = location
    self.message = message
  }

  /// The path, the place and the message on one line.
  public var description: String {
    switch location {
    case .byte(let offset): "\(path), byte \(offset): \(message)"
    case .line(let number): "\(path), line \(number): \(message)"
    case nil: "\(path): \(message)"
    }
  }
}

/// The first bytes of a range in hexadecimal, for a message: `50 4b 03`, or `nothing`.
package func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  if bytes.isEmpty { return "nothing" }
  return bytes.prefix(8)
    .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    .joined(separator: " ")
}
