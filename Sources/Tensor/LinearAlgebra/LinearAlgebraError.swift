/// Why a decomposition of a matrix has no result: the matrix does not allow it.
///
/// Shapes that do not fit are a programmer's mistake and stop the program; a singular matrix is
/// data, and is reported by throwing this error.
public struct LinearAlgebraError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a matrix can lack.
  public enum Reason: String, Sendable, Hashable {
    /// A pivot is exactly zero: the matrix has no inverse.
    case singular = "the matrix is singular"
    /// A pivot is not above zero.
    case notPositiveDefinite = "the matrix is not positive definite"
    /// The iteration for one eigenvalue or singular value did not end.
    case notConverged = "the iteration did not converge"
    /// An element is infinite or not a number.
    case notFinite = "the matrix has an element that is infinite or not a number"
  }

  /// The function that was called, such as `solve`.
  public var operation: String
  /// The shape of its matrix, with the axes of the stack it belongs to.
  public var shape: TensorShape
  /// What the matrix lacks.
  public var reason: Reason
  /// The row of the pivot where that was found, if it belongs to one.
  public var pivot: Int?

  /// One sentence with all of it.
  public var description: String {
    "\(operation): \(reason.rawValue)\(pivot.map { ", at pivot \($0)" } ?? ""), shape \(shape)"
  }
}
