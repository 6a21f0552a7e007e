// Functions of one number, applied to each element. Their kernels and error bounds are in
// `Kernels/Template/Maps` and `VectorMath`.

import KernelTemplate

extension Tensor where Scalar: TensorFloat {
  /// The function applied to each element.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func mapped(_ operation: UnaryOperation) -> Tensor {
    let result = Tensor(uninitialized: shape)
    map(operation, to: result.storage.base)
    return result
  }

  /// Writes the function of each element to `y`, in row-major order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func map(_ operation: UnaryOperation, to y: UnsafeMutablePointer<Scalar>) {
    guard isContiguous else { return copied().map(operation, to: y) }
    let x = base
    Parallel.overParts(of: count) { start, count in
      Scalar.kernels.pointee.map(operation, x + start, y + start, count)
    }
    withExtendedLifetime(self) {}
  }

  /// Writes the softmax of each row along the last axis to `y`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func softmax(to y: UnsafeMutablePointer<Scalar>) {
    guard isContiguous else { return copied().softmax(to: y) }
    let x = base
    let columns = shape.sizes[rank - 1]
    if count > 0 {
      Parallel.overRows(count / columns, of: columns) { start, rows in
        let offset = start &* columns
        Scalar.kernels.pointee.softmaxRows(x + offset, y + offset, rows, columns)
      }
    }
    withExtendedLifetime(self) {}
  }
}

/// The exponential of each element.
public func exp<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.exp) }

/// The natural logarithm of each element; NaN below 0, -infinity at 0.
public func log<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.log) }

/// The square root of each element; NaN below 0.
public func sqrt<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.squareRoot)
}

/// The hyperbolic tangent of each element.
public func tanh<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.tanh) }

/// The logistic function 1 / (1 + exp(-x)) of each element.
public func sigmoid<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.sigmoid)
}

/// Each element where it is positive, 0 elsewhere.
public func relu<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.relu) }

/// The absolute value of each element.
public func abs<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.absolute) }

/// The square of each element.
public func square<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.square) }

/// -1, 0 or 1 with the sign of each element.
public func sign<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.sign) }

/// The largest whole number not above each element.
public func floor<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.floor) }

/// The smallest whole number not below each element.
public func ceil<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.ceil) }

/// The nearest whole number; halves round to even.
public func round<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.round) }

/// Each element without its fraction.
public func trunc<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.truncate)
}

/// 1 divided by each element.
public func reciprocal<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.reciprocal)
}

/// exp(x) - 1 for each element, exact near 0.
public func expm1<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.exponentialMinusOne)
}

/// log(1 + x) for each element, exact near 0.
public func log1p<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.logOnePlus)
}

/// log(1 + exp(x)) for each element, without overflow.
public func softplus<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.softplus)
}

/// The sine of each element, an angle in radians.
public func sin<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.sin) }

/// The cosine of each element, an angle in radians.
public func cos<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.cos) }

/// The tangent of each element, an angle in radians: within 4 units in the last place.
public func tan<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.tan) }

/// The error function 2/√π ∫ exp(-t²) dt from 0 to each element.
public func erf<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.erf) }

/// The Gaussian error linear unit x/2 (1 + erf(x / √2)) of each element (Hendrycks and Gimpel,
/// 2016).
///
/// Unlike that formula it keeps its relative accuracy, at most 4 units in the last place, however
/// small the result is.
public func gelu<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.gelu) }

/// 1 / √x for each element; infinity at 0, NaN below.
public func rsqrt<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.mapped(.reciprocalSquareRoot)
}

/// The probabilities exp(x) / sum(exp(x)) along the last axis, without overflow.
///
/// - Precondition: the tensor has at least one axis.
public func softmax<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  require(x.rank > 0, "softmax: a single number has no axis to normalise along")
  let result = Tensor<Scalar>(uninitialized: x.shape)
  x.softmax(to: result.storage.base)
  return result
}
