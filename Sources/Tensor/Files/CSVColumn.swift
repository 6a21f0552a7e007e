// What becomes of the cells of a column: numbers if they can be, texts otherwise.

/// The cells of one column.
public enum CSVColumn: Equatable, Sendable {
  /// Numbers; NaN where a cell is missing.
  case numbers([Double])
  /// Whole numbers of which at least one, beyond 2^53, is no `Double`, such as long keys.
  case integers([Int])
  /// Text, as it stands in the cells; empty where a cell is missing.
  case texts([String])

  /// The number of cells.
  public var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .integers(let integers): integers.count
    case .texts(let texts): texts.count
    }
  }
}
