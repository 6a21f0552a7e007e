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
    map(function, x.base, y.base, x.count)
  }

  // dx = f'(x) dy, written through x or through y = f(x), whichever is simpler:
  //   exp: y dy, log: dy / x, tanh: (1 - y²) dy, sigmoid: y (1 - y) dy, relu: dy where x > 0, …
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (x, y, dy) = (pass.input(0), pass.output, pass.outputGradient)
    Parallel.overParts(of: x.count) { start, count in
      Scalar.kernels.pointee.mapGradient(
        function, at: x.base + start, value: y.base + start, dy: dy.base + start, to: dx + start,
        count: count, accumulate: accumulate)
    }
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
    withUnsafePointer(to: shift) { shift in
      Parallel.overParts(of: x.count) { start, count in
        let y = y.base + start
        kernels.pointee.scale(
          x.base + start, by: scale, to: y, count: count, accumulate: false)
        if shift.pointee != 0 {
          kernels.pointee.zip(.add, .elements(y), .number(shift), to: y, count: count)
        }
      }
    }
  }

  // dx = scale · dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    addProduct(pass.outputGradient, scale, to: pass, 0)
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
      withUnsafePointer(to: upper) { upper in
        Parallel.overParts(of: x.count) { start, count in
          let y = y.base + start
          kernels.pointee.zip(
            .maximum, .elements(x.base + start), .number(lower), to: y, count: count)
          kernels.pointee.zip(.minimum, .elements(y), .number(upper), to: y, count: count)
        }
      }
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

/// 1 divided by each element.
public func reciprocal<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.reciprocal) }
/// exp(x) - 1 for each element, exact near 0.
public func expm1<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.mapped(.exponentialMinusOne)
}
/// log(1 + x) for each element, exact near 0.
public func log1p<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.logOnePlus) }
/// -1, 0 or 1 with the sign of each element; the derivative is 0 everywhere.
public func sign<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mapped(.sign) }

extension Variable {
  /// Each element, but at least `range.lowerBound` and at most `range.upperBound`; NaN stays.
  ///
  /// Outside of the range the derivative is 0.
  public func clipped(to range: ClosedRange<Scalar>) -> Variable {
    tape.record(Clip(lower: range.lowerBound, upper: range.upperBound), self)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func mapped(_ function: UnaryOperation) -> Variable {
    tape.record(Map(function: function), self)
  }
}
