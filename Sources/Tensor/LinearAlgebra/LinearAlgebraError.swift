/// The reason why a matrix has no decomposition.
///
/// Shapes that do not fit are a programmer's mistake and stop the program. A singular matrix is bad
/// data, so it throws this error.
public struct LinearAlgebraError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Reason: String, Sendable, Hashable {
    /// A pivot is exactly zero, so the matrix has no inverse.
    case singular = "the matrix is singular"
    /// A pivot is not positive.
    case notPositiveDefinite = "the matrix is not positive definite"
    /// The iteration for one eigenvalue or singular value did not end.
    case notConverged = "the iteration did not converge"
    /// An element is infinite or not a number.
    case notFinite = "the matrix has an element that is infinite or not a number"
  }

  /// The function that was called, such as `solve`.
  public var operation: String
  /// The shape of its matrix, including the axes of the stack.
  public var shape: TensorShape
  /// The kind of failure.
  public var reason: Reason
  /// The row of the pivot that failed, if the failure belongs to one.
  public var pivot: Int?

  /// The error as one sentence.
  public var description: String {
    "\(operation): \(reason.rawValue)\(pivot.map { ", at pivot \($0)" } ?? ""), shape \(shape)"
  }
}
