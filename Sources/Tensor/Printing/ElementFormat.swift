// How one element of an array is formatted. Booleans and integers are right-aligned to the widest.
// Floating-point numbers have their own rules, in FloatFormat.swift, the next file.

/// Returns a number as Python's `print` writes a NumPy scalar: `0.5`, `1e-05`, `7`, `True`.
///
/// Floating-point numbers have enough digits to distinguish them from their neighbours.
package func scalarText<Scalar: TensorScalar>(_ value: Scalar) -> String {
  switch value {
  case let value as Float: FloatFormat.scalarText(value)
  case let value as Double: FloatFormat.scalarText(value)
  case let value as Bool: value ? "True" : "False"
  default: halfPrecisionText(value) ?? value.description
  }
}

/// Returns the function that writes one element of an array such that all of `elements` line up.
func elementFormatter<Scalar: TensorScalar>(
  for elements: [Scalar], options: PrintOptions
) -> (Scalar) -> String {
  switch Scalar.scalarType {
  case .float32:
    let format = FloatFormat(for: elements as! [Float], options: options)
    return { format.text(unsafeBitCast($0, to: Float.self)) }
  case .float64:
    let format = FloatFormat(for: elements as! [Double], options: options)
    return { format.text(unsafeBitCast($0, to: Double.self)) }
  case .bool:
    // As wide as "False", even where all elements are true.
    return { scalarText($0).leftPadded(to: 5) }
  case .float16:
    return halfPrecisionFormatter(for: elements, options: options)
  case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64:
    let width = elements.map { scalarText($0).utf8.count }.max() ?? 0
    return { scalarText($0).leftPadded(to: width) }
  }
}

#if !(arch(x86_64) && (os(macOS) || targetEnvironment(macCatalyst)))
private func halfPrecisionText<Scalar>(_ value: Scalar) -> String? {
  (value as? Float16).map { FloatFormat.scalarText($0) }
}

private func halfPrecisionFormatter<Scalar: TensorScalar>(
  for elements: [Scalar], options: PrintOptions
) -> (Scalar) -> String {
  let format = FloatFormat(for: elements as! [Float16], options: options)
  return { format.text(unsafeBitCast($0, to: Float16.self)) }
}
#else
private func halfPrecisionText<Scalar>(_ value: Scalar) -> String? { nil }

private func halfPrecisionFormatter<Scalar: TensorScalar>(
  for elements: [Scalar], options: PrintOptions
) -> (Scalar) -> String { { $0.description } }
#endif

// Everything printed here is ASCII, so bytes are characters; counting characters would be slower.
extension String {
  /// The text, padded on the left with spaces to `width` characters.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(width - utf8.count, 0)) + self
  }

  /// The text, padded on the right with a character to `width` characters.
  func rightPadded(to width: Int, with character: Character) -> String {
    self + String(repeating: character, count: max(width - utf8.count, 0))
  }
}
