// The tokenizer protocol: text as numbers. Next: Vocabulary.swift, with a number for every
// character or word. BytePairEncoder.swift has numbers for frequent byte sequences.

/// Converts a text to numbers below `count`, and back.
public protocol Tokenizer: Sendable {
  /// The number of tokens: the `inputCount` of an embedding and the units of the last layer.
  var count: Int { get }
  /// The numbers of a text.
  func encode(_ text: String) -> [Int]
  /// The text of numbers.
  ///
  /// - Precondition: all numbers lie in `0..<count`.
  func decode(_ tokens: some Sequence<Int>) -> String
}

extension Tokenizer {
  /// Stops the program if a number is not a token.
  func requireToken(_ token: Int) {
    require(
      token >= 0 && token < count,
      "decode: \(token) is no token, expected a number in 0..<\(count)")
  }
}

/// The text of a file, which must be UTF-8.
///
/// - Throws: `FileError` if the file cannot be read or is not valid UTF-8.
package func readText(_ path: String) throws(FileError) -> String {
  let file = try FileBytes(mapping: path)
  return try file.withUnsafeBufferPointer { bytes throws(FileError) in
    try requireUTF8(bytes, path: path)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// - Throws: `FileError` at the first byte that is not valid UTF-8.
func requireUTF8(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(FileError) {
  do throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes.span)
  } catch {
    let place = error.byteOffsets.lowerBound
    throw FileError(
      path: path, location: .byte(place),
      message: "expected text in UTF-8, got \(hexadecimal(bytes[place...].prefix(4)))")
  }
}
