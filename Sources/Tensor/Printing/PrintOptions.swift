// What the reader of a printed array may choose. The names and the defaults are those of NumPy's
// `set_printoptions`. Next: ArrayPrinter.swift, which lays the elements out.

/// How arrays are printed: digits, line width and when to leave elements out.
///
/// The defaults print what NumPy 2.4 prints.
public struct PrintOptions: Hashable, Sendable {
  /// The most digits written after the decimal point.
  public var precision: Int

  /// The number of elements above which only the edges of each dimension are written.
  public var threshold: Int

  /// The number of elements kept at each end of a dimension that is cut short by `...`.
  public var edgeItems: Int

  /// The number of characters after which a row continues on the next line.
  public var lineWidth: Int

  /// Whether small numbers are written in positional notation, even as `0.`.
  ///
  /// An array that reaches 1e8 (1e6 for `Float`) is in scientific notation all the same.
  public var suppressScientific: Bool

  /// Creates options; what is left out has NumPy's default.
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
