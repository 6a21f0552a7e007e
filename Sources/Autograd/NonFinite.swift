// Finds the first NaN or infinity on a tape by scanning every value, once a loss is already NaN.

import Tensor

/// The first value on a tape that contains NaN or an infinity.
package struct NonFinite: Sendable {
  /// The operation that computed it; nil for a leaf.
  package let operation: String?
  /// The layer that recorded it, if the tape has a profile; empty outside of layers.
  package let layer: String
  /// The position on the tape.
  package let position: Int
  /// The first such number, its index among the elements, and the number of elements per sample
  /// (all axes after the first).
  package let number: Double
  package let element: Int, sampleSize: Int
  /// The size of the first axis; 1 without axes.
  package let rows: Int
}

extension Tape {
  /// The first position, in recording order, whose value is not finite; nil if all are finite.
  package func firstNonFinite() -> NonFinite? {
    for position in 0..<count {
      let shape = nodes[position].shape
      let elements = UnsafeBufferPointer(start: nodes[position].value, count: shape.elementCount)
      guard let element = elements.firstIndex(where: { !$0.isFinite }) else { continue }
      let rows = shape.first ?? 1
      return NonFinite(
        operation: nodes[position].operation?.name, layer: profile?.layer(at: position) ?? "",
        position: position, number: Double(elements[element]), element: element,
        sampleSize: shape.elementCount / max(1, rows), rows: rows)
    }
    return nil
  }
}

extension Tape {
  /// The layers in which a function, alone or after a product or a convolution, returned only
  /// zeros.
  ///
  /// The tape must have had a profile while it recorded.
  package func layersGivingZeros(of function: String) -> [String] {
    (0..<count).compactMap { position in
      guard let name = nodes[position].operation?.name,
        name == function || name.hasSuffix("+" + function)
      else { return nil }
      let elements = UnsafeBufferPointer(
        start: nodes[position].value, count: nodes[position].shape.elementCount)
      return elements.allSatisfy { $0 == 0 } ? profile?.layer(at: position) : nil
    }
  }
}

extension Tape {
  /// Whether any recorded operation takes the variable as an input.
  package func uses(_ variable: Variable<Scalar>) -> Bool {
    (0..<count).contains { position in
      let node = nodes[position]
      return (0..<node.inputs.count).contains { node.input($0) == Int(variable.index) }
    }
  }
}
