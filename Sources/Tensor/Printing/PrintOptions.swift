// The options for printing arrays. Their names and defaults are those of NumPy's
// `set_printoptions`. Next: ArrayPrinter.swift, which lays out the elements.

/// How arrays are printed: digits, line width, and when to omit elements.
///
/// The defaults print what NumPy 2.4 prints.
public struct PrintOptions: Hashable, Sendable {
  /// The largest number of digits after the decimal point.
  public var precision: Int

  /// The number of elements above which only the edges of each dimension are printed.
  public var threshold: Int

  /// The number of elements printed at each end of a dimension that is shortened by `...`.
  public var edgeItems: Int

  /// The number of characters after which a row continues on the next line.
  public var lineWidth: Int

  /// Whether small numbers are printed in positional notation, even if that gives `0.`.
  ///
  /// An array that reaches 1e8 (1e6 for `Float`) still uses scientific notation.
  public var suppressScientific: Bool

  /// Creates options; omitted ones have NumPy's defaults.
  public init(
    precision: Int = 8,
    threshold: Int = 1000,
    edgeItems: Int = 3,
    lineWidth: Int = 75,
    suppressScientific: Bool = false
  ) {
    self.precision = precision
    self.threshold = threshold
    self.edgeItems = edgeItems
    self.lineWidth = lineWidth
    self.suppressScientific = suppressScientific
  }
}
