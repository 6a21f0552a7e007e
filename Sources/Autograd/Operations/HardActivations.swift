// Activation functions of a few straight pieces, and mish.

import KernelTemplate
import Tensor

/// y = a function of straight pieces; the derivative at a kink is that of the flat side.
struct HardFunction<Scalar: TensorFloat>: TapeOperation {
  enum Kind { case relu6, hardSigmoid, hardTanh, hardSilu }

  let kind: Kind

  var name: String { "\(kind)" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0).base, pass.output.base)
    @inline(__always) func map(_ function: (Scalar) -> Scalar) {
      Parallel.overParts(of: pass.output.count) { start, count in
        for i in start..<start &+ count { y[i] = function(x[i]) }
      }
    }
    // Comparisons that leave NaN as it is.
    switch kind {
    case .relu6: map { $0 < 0 ? 0 : $0 > 6 ? 6 : $0 }
    case .hardSigmoid: map { $0 <= -3 ? 0 : $0 >= 3 ? 1 : ($0 + 3) / 6 }
    case .hardTanh: map { $0 < -1 ? -1 : $0 > 1 ? 1 : $0 }
    case .hardSilu: map { $0 <= -3 ? 0 : $0 >= 3 ? $0 : $0 * (($0 + 3) / 6) }
    }
  }

  // dx = the slope of the piece · dy; that of x (x + 3) / 6 is (2 x + 3) / 6
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, count) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(0).base, pass.outputGradient.base)
    @inline(__always) func add(_ slope: (Scalar) -> Scalar) {
      Parallel.overParts(of: count) { start, count in
        for i in start..<start &+ count { dx[i] += slope(x[i]) * dy[i] }
      }
    }
    switch kind {
    case .relu6: add { $0 > 0 && $0 < 6 ? 1 : 0 }
    case .hardSigmoid: add { $0 > -3 && $0 < 3 ? 1 / 6 : 0 }
    case .hardTanh: add { $0 > -1 && $0 < 1 ? 1 : 0 }
    case .hardSilu: add { $0 <= -3 ? 0 : $0 >= 3 ? 1 : ($0 + 1.5) / 3 }
    }
  }
}

/// y = x tanh(log(1 + e)) with e = exp(x), which is x n / (n + 2) with n = e (e + 2).
struct Mish<Scalar: TensorFloat>: TapeOperation {
  var name: String { "mish" }

  /// From here on y is x and the slope is 1, within the rounding of a Double.
  private var straight: Scalar { 22 }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  // Keeps √e, whose factors one by one do not underflow before the result does.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0).base, pass.output.base)
    let roots = pass.keep(count: pass.output.count)
    let kernels = Scalar.kernels
    Parallel.overParts(of: pass.output.count) { start, count in
      kernels.pointee.scale(
        x + start, by: 0.5, to: roots + start, count: count, accumulate: false)
      kernels.pointee.map(.exp, roots + start, to: roots + start, count: count)
      for i in start..<start &+ count {
        let root = roots[i]
        let e = root * root
        let share = root * (e + 2) / (e * (e + 2) + 2)
        y[i] = x[i] > straight ? x[i] : root == 0 ? 0 : x[i] * root * share
      }
    }
  }

  // dx = (n / (n + 2) + 4 x e (1 + e) / (n + 2)²) dy
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, count) = pass.zeroedGradient(0) else { return }
    let (x, roots, dy) = (pass.input(0).base, pass.kept, pass.outputGradient.base)
    Parallel.overParts(of: count) { start, count in
      for i in start..<start &+ count {
        let root = roots[i]
        let e = root * root
        let divisor = e * (e + 2) + 2
        let slope = root * (root * (e + 2) + 4 * (x[i] * root) * (1 + e) / divisor) / divisor
        dx[i] += x[i] > straight ? dy[i] : root == 0 ? 0 : slope * dy[i]
      }
    }
  }
}

/// Each element, but at least 0 and at most 6; the derivative at 0 and 6 is taken as 0.
public func relu6<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(HardFunction(kind: .relu6), x)
}

/// (x + 3) / 6 for each element, but at least 0 and at most 1: a sigmoid of straight pieces.
public func hardSigmoid<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(HardFunction(kind: .hardSigmoid), x)
}

/// Each element, but at least -1 and at most 1; the derivative at -1 and 1 is taken as 0.
public func hardTanh<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(HardFunction(kind: .hardTanh), x)
}

/// `x · hardSigmoid(x)` for each element, also called hard swish; 0 at -infinity.
///
/// Source: A. Howard et al., "Searching for MobileNetV3", 2019.
public func hardSilu<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> {
  x.tape.record(HardFunction(kind: .hardSilu), x)
}

/// `x · tanh(softplus(x))` for each element; 0 at -infinity.
///
/// Source: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019.
public func mish<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.tape.record(Mish(), x) }

/// log(1 / (1 + exp(-x))) for each element, without overflow.
public func logSigmoid<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { -softplus(-x) }
