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
    let columns = x.shape.sizes[x.shape.rank - 1]
    Parallel.overRows(x.shape.rowCount, of: columns) { start, rows in
      let place = start &* columns
      Scalar.kernels.pointee.softmaxRows(x.base + place, y.base + place, rows, columns)
    }
  }

  // dx = y (dy - sum_j y_j dy_j)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (y, dy) = (pass.output, pass.outputGradient)
    let columns = y.shape.sizes[y.shape.rank - 1]
    Parallel.overRows(y.shape.rowCount, of: columns) { start, rows in
      let place = start &* columns
      Scalar.kernels.pointee.softmaxGradientRows(
        y.base + place, dy.base + place, dx + place, rows, columns, accumulate)
    }
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
    let columns = x.shape.sizes[x.shape.rank - 1]
    Parallel.overRows(x.shape.rowCount, of: columns) { start, rows in
      let place = start &* columns
      Scalar.kernels.pointee.logSoftmaxRows(x.base + place, y.base + place, rows, columns)
    }
  }

  // dx = dy - exp(y) sum_j dy_j
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (y, dy) = (pass.output, pass.outputGradient)
    let columns = y.shape.sizes[y.shape.rank - 1]
    Parallel.overRows(y.shape.rowCount, of: columns) { start, rows in
      let place = start &* columns
      Scalar.kernels.pointee.logSoftmaxGradientRows(
        y.base + place, dy.base + place, dx + place, rows, columns, accumulate)
    }
  }
}

/// The probabilities exp(x) / sum(exp(x)) along the last axis, without overflow.
public func softmax<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(Softmax(), x)
}

/// The logarithms of the probabilities from `softmax(_:)`, without its underflow.
public func logSoftmax<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(LogSoftmax(), x)
}
