// Softmax and its logarithm along the last axis.

import KernelTemplate
import Tensor

/// y_i = exp(x_i) / sum_j exp(x_j) along the last axis.
package struct Softmax<Scalar: TensorFloat>: TapeOperation {
  package var name: String { "softmax" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let shape = pass.input(0).shape
    require(shape.rank > 0, "softmax: a single number has no axis to normalise along")
    return shape
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    Scalar.kernels.pointee.softmaxRows(
      x.base, y.base, x.shape.rowCount, x.shape[x.shape.rank - 1])
  }

  // dx = y (dy - sum_j y_j dy_j)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (y, dy) = (pass.output, pass.outputGradient)
    Scalar.kernels.pointee.softmaxGradientRows(
      y.base, dy.base, dx, y.shape.rowCount, y.shape[y.shape.rank - 1], accumulate)
  }
}

/// y_i = x_i - log sum_j exp(x_j) along the last axis.
struct LogSoftmax<Scalar: TensorFloat>: TapeOperation {
  var name: String { "logSoftmax" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let shape = pass.input(0).shape
    require(shape.rank > 0, "logSoftmax: a single number has no axis to normalise along")
    return shape
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    Scalar.kernels.pointee.logSoftmaxRows(
      x.base, y.base, x.shape.rowCount, x.shape[x.shape.rank - 1])
  }

  // dx = dy - exp(y) sum_j dy_j
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (y, dy) = (pass.output, pass.outputGradient)
    Scalar.kernels.pointee.logSoftmaxGradientRows(
      y.base, dy.base, dx, y.shape.rowCount, y.shape[y.shape.rank - 1], accumulate)
  }
}

/// The probabilities exp(x) / sum(exp(x)) along the last axis, without overflow.
public func softmax<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(Softmax(), x)
}

/// The logarithms of the probabilities that `softmax(_:)` gives, without its underflow.
public func logSoftmax<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(LogSoftmax(), x)
}
