// Functions of one number, applied to each element. Their kernels and errors: `Kernels/Template/Maps`
// and `VectorMath`.

import KernelTemplate

extension Tensor where Scalar: TensorFloat {
  /// The function applied to each element.
  package func mapped(_ operation: UnaryOperation) -> Tensor {
    let source = contiguous()
    let result = Tensor(uninitialized: shape)
    let x = source.base
    let y = result.storage.base
    Parallel.overParts(of: source.count) { start, count in
      Scalar.kernels.pointee.map(operation, x + start, y + start, count)
    }
    withExtendedLifetime(source) {}
    return result
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

/// The nearest whole number, halves to the even one.
public func round<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.mapped(.round) }

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

/// The probabilities exp(x) / sum(exp(x)) along the last axis, without overflow.
///
/// - Precondition: the tensor has at least one axis.
public func softmax<Scalar: TensorFloat>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  require(x.rank > 0, "softmax: a single number has no axis to normalise along")
  let source = x.contiguous()
  let result = Tensor<Scalar>(uninitialized: x.shape)
  let columns = x.shape[x.rank - 1]
  if source.count > 0 {
    Scalar.kernels.pointee.softmaxRows(
      source.base, result.storage.base, source.count / columns, columns)
  }
  withExtendedLifetime(source) {}
  return result
}
