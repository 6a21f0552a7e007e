// The layout of a printed array, identical to NumPy's: brackets, indentation, wrapped rows, and
// `...` for the middle of long dimensions. An array is given only by its shape and a function from
// an index to an element; elements that are not printed are never read. Next: ElementFormat.swift,
// which formats one element.

/// Prints an array as text.
///
/// `description` is Python's `print(a)`, `debugDescription` its `repr(a)`.
package struct ArrayPrinter<Scalar: TensorScalar> {
  private let shape: [Int]
  private let options: PrintOptions
  private let element: ([Int]) -> Scalar

  /// Creates a printer of the array whose element at an index (one position per dimension) is
  /// `element(index)`.
  ///
  /// - Precondition: No option is negative, and `options.edgeItems` is at least 1.
  package init(
    shape: [Int], options: PrintOptions = PrintOptions(), element: @escaping ([Int]) -> Scalar
  ) {
    require(
      options.precision >= 0 && options.threshold >= 0 && options.lineWidth >= 0
        && options.edgeItems >= 1,
      "printing: options must not be negative and edgeItems at least 1, got \(options)")
    self.shape = shape
    self.options = options
    self.element = element
  }

  private var isEmpty: Bool { shape.contains(0) }

  /// Whether long dimensions are cut short.
  private var isSummarized: Bool {
    // The product saturates: a broadcast shape may be of any size.
    let count = shape.reduce(1) { product, size in
      let (result, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? Int.max : result
    }
    return count > options.threshold
  }

  /// The positions printed along a dimension; `nil` stands for `...`.
  private func positions(alongDimension dimension: Int) -> [Int?] {
    let size = shape[dimension]
    let edge = options.edgeItems
    // Subtraction, because doubling a huge `edgeItems` (Int.max for "everything") would overflow.
    guard isSummarized, size - edge > edge else { return Array(0..<size) }
    return Array(0..<edge) + [nil] + Array(size - edge..<size)
  }

  /// All elements that will be printed, in order; they determine the common width.
  private func writtenElements() -> [Scalar] {
    guard !isEmpty else { return [] }
    var indices: [[Int]] = [[]]
    for dimension in shape.indices {
      let positions = positions(alongDimension: dimension).compactMap { $0 }
      indices = indices.flatMap { index in positions.map { index + [$0] } }
    }
    return indices.map(element)
  }
}

extension ArrayPrinter: CustomStringConvertible, CustomDebugStringConvertible {
  /// The text of Python's `print(a)`.
  package var description: String {
    // An array without dimensions prints like its number and ignores the precision.
    shape.isEmpty
      ? scalarText(element([])) : body(separator: "", indent: 0, width: options.lineWidth)
  }

  /// The text of Python's `repr(a)`: `array([1., 2.], dtype=float32)`.
  package var debugDescription: String {
    let opening = "array("
    var text = opening
    text += body(separator: ",", indent: opening.count, width: options.lineWidth - ")".count)

    var extras: [String] = []
    if isSummarized || (isEmpty && shape != [0]) {
      // Python writes a comma even in a tuple of one.
      extras.append("shape=(\(list(shape))\(shape.count == 1 ? "," : ""))")
    }
    // A Python array literal gets one of these types by default.
    if isEmpty || ![.float64, .int64, .bool].contains(Scalar.scalarType) {
      extras.append("dtype=\(Scalar.scalarType.rawValue)")
    }
    guard !extras.isEmpty else { return text + ")" }

    text += ","
    let ending = extras.joined(separator: ", ") + ")"
    let lastLine = text.split(separator: "\n").last ?? ""
    let fits = lastLine.count + 1 + ending.count <= options.lineWidth
    return text + (fits ? " " : "\n" + spaces(opening.count)) + ending
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  private func list(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: ", ")
  }

  /// The nested brackets, the first in column `indent`, on lines of at most `width` characters.
  private func body(separator: String, indent: Int, width: Int) -> String {
    guard !isEmpty else { return "[]" }
    let format = elementFormatter(for: writtenElements(), options: options)

    // Prints the array at `index`, with its opening bracket in column `indent`.
    func block(_ index: [Int], indent: Int, width: Int) -> String {
      let dimensionsLeft = shape.count - index.count
      let positions = positions(alongDimension: index.count)

      if dimensionsLeft == 1 {
        let words = positions.map { $0.map { format(element(index + [$0])) } ?? "..." }
        return "[" + wrapped(words, separator: separator, indent: indent + 1, width: width - 1)
          + "]"
      }
      let blocks = positions.map { position in
        position.map { block(index + [$0], indent: indent + 1, width: width - 1) } ?? "..."
      }
      // Blocks are separated by one more blank line for each dimension inside them.
      let newLines = String(repeating: "\n", count: dimensionsLeft - 1)
      return "[" + blocks.joined(separator: separator + newLines + spaces(indent + 1)) + "]"
    }

    // Without dimensions there is nothing to align with, so NumPy's `array(True)` has no padding.
    return shape.isEmpty
      ? String(format(element([])).drop { $0 == " " })
      : block([], indent: indent, width: width)
  }

  /// Prints one row: the words, separated, on as many lines as they need.
  ///
  /// A line breaks before the word that would exceed `width`, unless the word is alone on its line.
  private func wrapped(_ words: [String], separator: String, indent: Int, width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for (position, word) in words.enumerated() {
      if !line.isEmpty, indent + line.utf8.count + word.utf8.count > width {
        lines.append(line)
        line = ""
      }
      line += word
      if position < words.count - 1 { line += separator + " " }
    }
    // Only the end of a row keeps its trailing spaces, because the bracket follows them.
    return (lines.map(trimmingTrailingSpaces) + [line]).joined(separator: "\n" + spaces(indent))
  }

  private func trimmingTrailingSpaces(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
