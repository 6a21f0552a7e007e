// A dense layer as one operation: the product, with the bias as its initial value, and the
// activation while the result is in the cache.

import KernelTemplate
import Tensor

/// y = f(x w + b) for x [..., inputs], w [inputs, units], b [units]; without f, y = x w + b.
///
/// Softmax and the sigmoid are not among the activations here: they stay separate operations, so
/// that a cross-entropy can find their inputs, the logits.
struct DenseProduct<Scalar: TensorFloat>: TapeOperation {
  let activation: UnaryOperation?

  var name: String { activation.map { "dense+\($0)" } ?? "dense" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, w, b) = (pass.input(0).shape, pass.input(1).shape, pass.input(2).shape)
    require(
      x.rank >= 1 && w.rank == 2 && x.sizes[x.rank &- 1] == w.sizes[0],
      "dense: an input of shape \(x) does not fit weights of shape \(w); its last axis must have "
        + "size \(w.first ?? 0)")
    require(
      b.rank == 1 && b.sizes[0] == w.sizes[1],
      "dense: a bias of shape \(b) does not fit weights of shape \(w)")
    return x.replacing(axis: x.rank &- 1, with: w.sizes[1])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, w, b, y) = (pass.input(0), pass.input(1), pass.input(2), pass.output)
    let (inputs, units) = (w.shape.sizes[0], w.shape.sizes[1])
    let rows = x.shape.rowCount
    gemm(
      matrix(x.base, rows, inputs), matrix(w.base, inputs, units),
      into: mutableMatrix(y.base, rows, units), start: .row(b.base))
    if let activation { map(activation, y.base, y.base, rows &* units) }
  }

  // dz = f'(z) dy, written through y = f(z) over dy
  // db = the sum of dz over the rows
  // dw = xᵀ dz
  // dx = dz wᵀ
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (x, w, y, dz) = (pass.input(0), pass.input(1), pass.output, pass.overwrittenGradient)
    let (inputs, units) = (w.shape.sizes[0], w.shape.sizes[1])
    let rows = x.shape.rowCount
    if let activation { multiplyByDerivative(activation, y, dz) }
    if let (db, accumulate) = pass.gradient(2) {
      sumColumns(dz.base, rows, units, to: db, accumulate: accumulate)
    }
    if let (dw, accumulate) = pass.gradient(1) {
      gemm(
        matrix(x.base, rows, inputs).transposed, matrix(dz.base, rows, units),
        into: mutableMatrix(dw, inputs, units), start: accumulate ? .accumulate : .zero)
    }
    if let (dx, accumulate) = pass.gradient(0) {
      gemm(
        matrix(dz.base, rows, units), matrix(w.base, inputs, units).transposed,
        into: mutableMatrix(dx, rows, inputs), start: accumulate ? .accumulate : .zero)
    }
  }

  func flops(_ pass: ForwardPass<Scalar>, gradientOf input: Int?) -> Int {
    input == 2 ? pass.output.count : 2 * pass.output.count * pass.input(1).shape[0]
  }
}

/// dz = f'(z) dz, written through y = f(z).
@inline(__always)
func multiplyByDerivative<Scalar: TensorFloat>(
  _ f: UnaryOperation, _ y: Block<Scalar>, _ dz: MutableBlock<Scalar>
) {
  Parallel.overParts(of: dz.count) { start, count in
    let (y, dz) = (y.base + start, dz.base + start)
    Scalar.kernels.pointee.mapGradient(
      f, at: y, value: y, dy: dz, to: dz, count: count, accumulate: false)
  }
}

extension TensorShape {
  /// The number of rows along the last axis.
  @inline(__always)
  var rowCount: Int {
    var product = 1
    for axis in 0..<rank &- 1 { product &*= sizes[axis] }
    return product
  }
}

/// `x w + b` for `x` of shape [..., inputs], weights [inputs, units] and a bias [units].
///
/// `activation` may be a function whose derivative follows from its value: tanh, relu.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func dense<Scalar>(
  _ x: Variable<Scalar>, _ weights: Variable<Scalar>, _ bias: Variable<Scalar>,
  activation: UnaryOperation? = nil
) -> Variable<Scalar> {
  x.tape.record(DenseProduct(activation: activation), x, weights, bias)
}
