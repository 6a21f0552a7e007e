// Functions of one number applied to each element. Their kernels, forward and derivative, are in
// Tensor's `Kernels/Template/Maps.swift`.

import KernelTemplate
import Tensor

/// y = f(x), element by element.
struct Map<Scalar: TensorFloat>: TapeOperation {
  let function: UnaryOperation

  var name: String { "\(function)" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    Scalar.kernels.pointee.map(function, x.base, y.base, x.count)
  }

  // dx = f'(x) dy, written through x or through y = f(x), whichever is simpler:
  //   exp: y dy, log: dy / x, tanh: (1 - y²) dy, sigmoid: y (1 - y) dy, relu: dy where x > 0, …
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (x, y, dy) = (pass.input(0), pass.output, pass.outputGradient)
    Scalar.kernels.pointee.mapGradient(
      function, x.base, y.base, dy.base, dx, x.count, accumulate)
  }
}

/// y = scale · x + shift, element by element, with two constants.
struct Affine<Scalar: TensorFloat>: TapeOperation {
  let scale: Scalar
  let shift: Scalar

  var name: String { "affine" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let kernels = Scalar.kernels
    withUnsafePointer(to: scale) { scale in
      kernels.pointee.zip(.multiply, x.base, 1, scale, 0, y.base, x.count)
    }
    if shift != 0 {
      withUnsafePointer(to: shift) { shift in
        kernels.pointee.zip(.add, y.base, 1, shift, 0, y.base, x.count)
      }
    }
  }

  // dx = scale · dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let dy = pass.outputGradient
    withUnsafePointer(to: scale) { scale in
      if accumulate {
        Scalar.kernels.pointee.addProduct(dy.base, 1, scale, 0, dx, dy.count)
      } else {
        Scalar.kernels.pointee.zip(.multiply, dy.base, 1, scale, 0, dx, dy.count)
      }
    }
  }
}

/// y = x within [lower, upper], else the nearer end.
struct Clip<Scalar: TensorFloat>: TapeOperation {
  let lower: Scalar
  let upper: Scalar

  var name: String { "clip" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let kernels = Scalar.kernels
    withUnsafePointer(to: lower) { lower in
      kernels.pointee.zip(.maximum, x.base, 1, lower, 0, y.base, x.count)
    }
    withUnsafePointer(to: upper) { upper in
      kernels.pointee.zip(.minimum, y.base, 1, upper, 0, y.base, x.count)
    }
  }

  // dx = dy where lower <= x <= upper, else 0; y = x says the same.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (x, y, dy) = (pass.input(0), pass.output, pass.outputGradient)
    for i in 0..<x.count where x.base[i] == y.base[i] { dx[i] += dy.base[i] }
  }
}

/// The exponential of each element.
public func exp<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.exp) }
/// The natural logarithm of each element.
public func log<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.log) }
/// The square root of each element; its derivative at 0 is taken as 0, so that the gradient of the norm
/// `sqrt(square(x).sum())` of zeros is 0 and not NaN.
public func sqrt<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.squareRoot) }
/// The square of each element.
public func square<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.square) }
/// The absolute value of each element; its derivative at 0 is taken as 0.
public func abs<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.absolute) }
/// The hyperbolic tangent of each element.
public func tanh<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.tanh) }
/// The logistic function 1 / (1 + exp(-x)) of each element.
public func sigmoid<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.sigmoid) }
/// Each element where it is positive, 0 elsewhere; the derivative at 0 is taken as 0.
public func relu<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.relu) }
/// 1 where an element is at least 0, else 0; the derivative is 0 everywhere.
public func step<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.step) }
/// log(1 + exp(x)) for each element, without overflow.
public func softplus<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.softplus) }
/// The sine of each element, an angle in radians.
public func sin<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.sin) }
/// The cosine of each element, an angle in radians.
public func cos<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.cos) }
/// The tangent of each element, an angle in radians.
public func tan<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.tan) }
/// The error function of each element.
public func erf<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.erf) }
/// The Gaussian error linear unit x/2 (1 + erf(x / √2)) of each element.
public func gelu<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.gelu) }
/// The logarithm of the hyperbolic cosine of each element, without overflow: near x²/2 for small x, near
/// |x| - log 2 for large ones.
public func logCosh<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.logCosh) }
/// 1 / √x for each element.
public func rsqrt<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.mapped(.reciprocalSquareRoot)
}

/// Each element moved into `range`; outside of it the derivative is 0.
public func clip<Scalar>(
  _ x: Variable<Scalar>, to range: ClosedRange<Scalar>
) -> Variable<Scalar> {
  x.tape.record(Clip(lower: range.lowerBound, upper: range.upperBound), x)
}

extension Variable {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func mapped(_ function: UnaryOperation) -> Variable {
    tape.record(Map(function: function), self)
  }
}
