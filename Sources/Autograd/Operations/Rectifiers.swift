// Relatives of relu: activation functions with a kink at 0, or nearly.

import KernelTemplate
import Tensor

/// y = x where x > 0, else slope · x.
struct LeakyReLU<Scalar: TensorFloat>: TapeOperation {
  let slope: Scalar

  var name: String { "leakyReLU" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y, count) = (pass.input(0).base, pass.output.base, pass.output.count)
    for i in 0..<count { y[i] = x[i] > 0 ? x[i] : slope * x[i] }
  }

  // dx = dy where x > 0, else slope · dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, count) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(0).base, pass.outputGradient.base)
    for i in 0..<count { dx[i] += x[i] > 0 ? dy[i] : slope * dy[i] }
  }
}

/// y = x where x > 0, else alpha · (exp(x) - 1).
struct ELU<Scalar: TensorFloat>: TapeOperation {
  let alpha: Scalar

  var name: String { "elu" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y, count) = (pass.input(0).base, pass.output.base, pass.output.count)
    map(.exponentialMinusOne, x, y, count)
    for i in 0..<count { y[i] = x[i] > 0 ? x[i] : alpha * y[i] }
  }

  // dx = dy where x > 0, else alpha · exp(x) · dy, and alpha · exp(x) = y + alpha
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, count) = pass.zeroedGradient(0) else { return }
    let (x, y, dy) = (pass.input(0).base, pass.output.base, pass.outputGradient.base)
    for i in 0..<count { dx[i] += x[i] > 0 ? dy[i] : (y[i] + alpha) * dy[i] }
  }
}

/// Each element where it is positive, `slope` times it elsewhere.
///
/// Source: A. Maas, A. Hannun, A. Ng, "Rectifier nonlinearities improve neural network acoustic
/// models", 2013.
public func leakyReLU<Scalar>(_ x: Variable<Scalar>, slope: Scalar) -> Variable<Scalar> {
  x.tape.record(LeakyReLU(slope: slope), x)
}

/// Each element where it is positive, `alpha · (exp(x) - 1)` elsewhere.
///
/// Source: D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by
/// exponential linear units", 2015.
public func elu<Scalar>(_ x: Variable<Scalar>, alpha: Scalar = 1) -> Variable<Scalar> {
  x.tape.record(ELU(alpha: alpha), x)
}

/// The scaled exponential linear unit of each element, which brings means to 0 and variances to 1.
///
/// Source: G. Klambauer et al., "Self-normalizing neural networks", 2017.
public func selu<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  elu(x, alpha: Scalar(1.6732632423543772)) * Scalar(1.0507009873554805)
}

/// `x · sigmoid(x)` for each element, also called swish; 0 at -infinity.
///
/// Source: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units", 2017.
public func silu<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.silu) }

/// `x / (1 + |x|)` for each element; 1 and -1 at the infinities.
public func softsign<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.softsign) }
