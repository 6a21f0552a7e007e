// Arithmetic on two variables, with NumPy's broadcasting, and on a variable and a number.

import KernelTemplate
import Tensor

/// y = a (+, -, ·, /) b, element by element.
struct Zip<Scalar: TensorFloat>: TapeOperation {
  let function: BinaryOperation

  var name: String { function.name }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    TensorShape.broadcast(pass.input(0).shape, pass.input(1).shape, name)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (a, b, y) = (pass.input(0), pass.input(1), pass.output)
    zip(function, a, b, y)
  }

  // Each is summed over the axes along which its operand was broadcast:
  //   a + b: da = dy,     db = dy
  //   a - b: da = dy,     db = -dy
  //   a · b: da = dy b,   db = dy a
  //   a / b: da = dy / b, db = -dy y / b
  // minimum and maximum: dy goes to the operand that was chosen, to `a` if both are equal
  //   aᵇ: da = dy b aᵇ⁻¹, db = dy y log(a)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let (a, b, y, dy) = (pass.input(0), pass.input(1), pass.output, pass.outputGradient)
    let needsA = pass.needsGradient(0)
    let needsB = pass.needsGradient(1)
    switch function {
    case .add, .subtract:
      if needsA { addBroadcast(dy, to: pass, 0) }
      if needsB { addBroadcast(dy, to: pass, 1, negated: function == .subtract) }
    case .multiply where a.shape == b.shape:
      addProduct(dy, b, to: pass, 0)
      addProduct(dy, a, to: pass, 1)
    case .multiply:
      withScratch(dy.shape) { product in
        if needsA {
          zip(.multiply, dy, b, product)
          addBroadcast(Block(product), to: pass, 0)
        }
        if needsB {
          zip(.multiply, dy, a, product)
          addBroadcast(Block(product), to: pass, 1)
        }
      }
    case .divide:
      withScratch(dy.shape) { quotient in
        zip(.divide, dy, b, quotient)
        if needsA { addBroadcast(Block(quotient), to: pass, 0) }
        if needsB {
          zip(.multiply, Block(quotient), y, quotient)
          addBroadcast(Block(quotient), to: pass, 1, negated: true)
        }
      }
    case .minimum, .maximum:
      withScratch(dy.shape) { part in
        withScratch(dy.shape) { wide in
          broadcast(a, to: wide.base, wide.shape)
          if needsA {
            for i in 0..<y.count { part.base[i] = wide.base[i] == y.base[i] ? dy.base[i] : 0 }
            addBroadcast(Block(part), to: pass, 0)
          }
          if needsB {
            for i in 0..<y.count { part.base[i] = wide.base[i] == y.base[i] ? 0 : dy.base[i] }
            addBroadcast(Block(part), to: pass, 1)
          }
        }
      }
    case .power: powerBackward(pass)
    }
  }
}

extension Zip {
  // Where b is 0, aᵇ is 1 for every a. Where a is 0 and b is not negative, the derivative with
  // respect to b is taken as 0.
  private func powerBackward(_ pass: BackwardPass<Scalar>) {
    let (a, b, dy) = (pass.inputTensor(0), pass.inputTensor(1), pass.outputGradientTensor)
    if pass.needsGradient(0) {
      pass.add(select(b .== 0, 0, b * pow(a, b - 1)) * dy, to: 0)
    }
    if pass.needsGradient(1) {
      pass.add(select((a .== 0) .& (b .>= 0), 0, pass.outputTensor * log(a)) * dy, to: 1)
    }
  }
}

/// y = xᵖ, element by element, with a constant p.
struct Power<Scalar: TensorFloat>: TapeOperation {
  let exponent: Scalar

  var name: String { "power" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { pass.input(0).shape }

  func forward(_ pass: ForwardPass<Scalar>) {
    pass.output.base.copyElements(of: pow(pass.inputTensor(0), exponent))
  }

  // dx = p xᵖ⁻¹ dy, and 0 for p = 0
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    let slope: Tensor<Scalar> =
      exponent == 0
      ? Tensor(0)
      : exponent == 2
        ? 2 * pass.inputTensor(0)
        : exponent * pow(pass.inputTensor(0), exponent - 1)
    pass.add(slope * pass.outputGradientTensor, to: 0)
  }
}

/// Each element of `base` raised to the corresponding element of `exponent`.
public func pow<Scalar>(_ base: Variable<Scalar>, _ exponent: Variable<Scalar>) -> Variable<Scalar>
{
  base.tape.record(Zip(function: .power), base, exponent)
}

/// Each element of `base` raised to `exponent`.
public func pow<Scalar>(_ base: Variable<Scalar>, _ exponent: Scalar) -> Variable<Scalar> {
  base.tape.record(Power(exponent: exponent), base)
}

/// `base` raised to each element of `exponent`.
public func pow<Scalar>(_ base: Scalar, _ exponent: Variable<Scalar>) -> Variable<Scalar> {
  pow(exponent.tape.constant(Tensor(base)), exponent)
}

extension Variable {
  /// The sum of corresponding elements.
  public static func + (a: Variable, b: Variable) -> Variable {
    a.tape.record(Zip(function: .add), a, b)
  }
  /// The difference of corresponding elements.
  public static func - (a: Variable, b: Variable) -> Variable {
    a.tape.record(Zip(function: .subtract), a, b)
  }
  /// The product of corresponding elements.
  public static func * (a: Variable, b: Variable) -> Variable {
    a.tape.record(Zip(function: .multiply), a, b)
  }
  /// The quotient of corresponding elements.
  public static func / (a: Variable, b: Variable) -> Variable {
    a.tape.record(Zip(function: .divide), a, b)
  }
  /// Each element plus `b`.
  public static func + (a: Variable, b: Scalar) -> Variable { a.affine(scale: 1, shift: b) }
  /// `a` plus each element.
  public static func + (a: Scalar, b: Variable) -> Variable { b.affine(scale: 1, shift: a) }
  /// Each element minus `b`.
  public static func - (a: Variable, b: Scalar) -> Variable { a.affine(scale: 1, shift: -b) }
  /// `a` minus each element.
  public static func - (a: Scalar, b: Variable) -> Variable { b.affine(scale: -1, shift: a) }
  /// Each element times `b`.
  public static func * (a: Variable, b: Scalar) -> Variable { a.affine(scale: b, shift: 0) }
  /// `a` times each element.
  public static func * (a: Scalar, b: Variable) -> Variable { b.affine(scale: a, shift: 0) }
  /// Each element divided by `b`.
  public static func / (a: Variable, b: Scalar) -> Variable { a / a.tape.constant(Tensor(b)) }
  /// `a` divided by each element.
  public static func / (a: Scalar, b: Variable) -> Variable { b.tape.constant(Tensor(a)) / b }
  /// The variable with each element's sign changed.
  public static prefix func - (a: Variable) -> Variable { a.affine(scale: -1, shift: 0) }

  private func affine(scale: Scalar, shift: Scalar) -> Variable {
    tape.record(Affine(scale: scale, shift: shift), self)
  }
}

/// The smaller of corresponding elements.
public func minimum<Scalar>(_ a: Variable<Scalar>, _ b: Variable<Scalar>) -> Variable<Scalar> {
  a.tape.record(Zip(function: .minimum), a, b)
}

/// The larger of corresponding elements.
public func maximum<Scalar>(_ a: Variable<Scalar>, _ b: Variable<Scalar>) -> Variable<Scalar> {
  a.tape.record(Zip(function: .maximum), a, b)
}
