// The table through which the rest of the library reaches the kernels: one instance per scalar and
// instruction set, made in that set's module, chosen once when the program starts.

/// The kernels of one instruction set for one scalar type.
///
/// All operands are contiguous unless strides are given; lengths and strides count elements.
public struct Kernels<Scalar>: Sendable {
  /// The number of elements in a vector register.
  public let lanes: Int
  /// `y[i] = f(x[i])`; `x` and `y` may be the same memory.
  public let map:
    @Sendable (UnaryOperation, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int) -> Void

  /// Instantiates every kernel for the instruction set `I`.
  @inlinable @inline(__always)
  public init<I: InstructionSet>(_ set: I.Type) where I.Scalar == Scalar {
    lanes = I.Vector.count
    map = { Maps<I>.map($0, $1, $2, $3) }
  }
}
