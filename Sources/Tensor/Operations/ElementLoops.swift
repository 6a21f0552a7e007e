// Loops for functions that have no kernel. A closure is inlined into a loop over one concrete type;
// functions that are generic over the scalar first choose the type with `Tensor.cast(to:)`.
//
// The compiler vectorises the loops of fast functions for the baseline instruction set; for
// C-library functions, the call dominates.

extension Tensor {
  /// This tensor, cast to the type that `scalarType` has just reported, or to one of equal layout.
  @inline(__always)
  func cast<Other>(to: Other.Type) -> Tensor<Other> { unsafeBitCast(self, to: Tensor<Other>.self) }

  /// `f` of each element, in the same shape.
  @inline(__always)
  func mapElements<Result: TensorScalar>(_ f: (Scalar) -> Result) -> Tensor<Result> {
    let source = contiguous()
    let result = Tensor<Result>(uninitialized: shape)
    let (x, y) = (source.base, result.storage.base)
    Parallel.overParts(of: count) { start, count in
      let (x, y) = (x + start, y + start)
      for i in 0..<count { y[i] = f(x[i]) }
    }
    withExtendedLifetime(source) {}
    return result
  }

  /// `f` of the corresponding elements of this tensor and `other`, broadcast to one shape.
  @inline(__always)
  func zipElements<Other: TensorScalar, Result: TensorScalar>(
    _ other: Tensor<Other>, _ operation: String, _ f: (Scalar, Other) -> Result
  ) -> Tensor<Result> {
    let result = Tensor<Result>(
      uninitialized: TensorShape.broadcast(shape, other.shape, operation))
    let y = result.storage.base
    forEachPart(of: result.shape, operand, other.operand) { a, aStep, b, bStep, start, count in
      let y = y + start
      switch (aStep, bStep) {
      case (1, 1): for i in 0..<count { y[i] = f(a[i], b[i]) }
      case (1, 0):
        let second = b.pointee
        for i in 0..<count { y[i] = f(a[i], second) }
      case (0, 1):
        let first = a.pointee
        for i in 0..<count { y[i] = f(first, b[i]) }
      default: for i in 0..<count { y[i] = f(a[i &* aStep], b[i &* bStep]) }
      }
    }
    withExtendedLifetime((self, other)) {}
    return result
  }
}
