// Functions of one or two numbers, applied to every element, and their derivatives.
//
// Every kernel is a sweep: a body that handles one block of elements, which is a whole vector or,
// at the end, a part of one. The formulas are in `VectorMath.swift`; `Reductions.swift` is next.

/// Functions of one number, applied to every element.
public enum UnaryOperation: Sendable, CaseIterable {
  case negate, absolute, sign, square, reciprocal, squareRoot, reciprocalSquareRoot
  case exp, log, tanh, sigmoid, relu
  /// 1 where x ≥ 0, otherwise 0; NaN stays NaN.
  case step
  case floor, ceil
  /// To the nearest integer, half to even.
  case round
  case truncate
  case exponentialMinusOne, logOnePlus
  /// log(1 + eˣ).
  case softplus
  case sin, cos, tan
  case erf
  /// x Φ(x) = x/2 (1 + erf(x / √2)).
  case gelu
  /// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
  case geluTanh
  /// x / (1 + e⁻ˣ).
  case silu
  /// x / (1 + |x|).
  case softsign
  /// log cosh x.
  case logCosh
}

/// Functions of two numbers, applied element by element.
public enum BinaryOperation: Sendable, CaseIterable {
  case add, subtract, multiply, divide
  /// The lesser; NaN if either is NaN.
  case minimum
  /// The greater; NaN if either is NaN.
  case maximum
  case power
}

/// Comparisons of two numbers, applied element by element.
public enum Comparison: Sendable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// The elements that one step of a sweep handles: a whole vector, or fewer at the end.
public struct Block {
  /// The index of the first element.
  public let start: Int
  /// The number of elements.
  public let count: Int
  /// Whether they fill a vector; a constant once inlined.
  public let isWhole: Bool

  @export(implementation) @inline(__always)
  init(start: Int, count: Int, isWhole: Bool) {
    self.start = start
    self.count = count
    self.isWhole = isWhole
  }
}

extension InstructionSet {
  /// Where kernels read.
  public typealias Input = UnsafePointer<Scalar>
  /// Where kernels write.
  public typealias Output = UnsafeMutablePointer<Scalar>

  @export(implementation) @inline(__always)
  static func load(_ p: Input, _ block: Block) -> Vector {
    block.isWhole ? load(p + block.start) : load(p + block.start, count: block.count)
  }

  @export(implementation) @inline(__always)
  static func store(_ value: Vector, _ p: Output, _ block: Block) {
    if block.isWhole {
      store(value, to: p + block.start)
    } else {
      store(value, to: p + block.start, count: block.count)
    }
  }

  /// Calls `body` for the blocks of `count` elements in order.
  @export(implementation) @inline(__always)
  static func sweep(_ count: Int, _ body: (Block) -> Void) {
    var i = 0
    while i &+ Vector.count <= count {
      body(Block(start: i, count: Vector.count, isWhole: true))
      i &+= Vector.count
    }
    if i < count { body(Block(start: i, count: count &- i, isWhole: false)) }
  }

  /// The lesser, NaN if either is NaN.
  @export(implementation) @inline(__always)
  static func minimum(_ a: Vector, _ b: Vector) -> Vector {
    a.replacing(with: b, where: b .< a).replacing(with: b, where: b .!= b)
  }

  /// The greater, NaN if either is NaN.
  @export(implementation) @inline(__always)
  static func maximum(_ a: Vector, _ b: Vector) -> Vector {
    a.replacing(with: b, where: b .> a).replacing(with: b, where: b .!= b)
  }

  /// 1, 0 or -1; zeros and NaN stay what they are.
  @export(implementation) @inline(__always)
  static func sign(_ x: Vector) -> Vector {
    x.replacing(with: .all(1), where: x .> .all(0)).replacing(with: .all(-1), where: x .< .all(0))
  }
}

/// The element-wise kernels.
public enum Maps<I: InstructionSet> {
  /// The vector of the instruction set.
  public typealias Vector = I.Vector

  // MARK: One operand

  /// `y[i] = f(x[i])`.
  @export(implementation) @inline(__always)
  public static func map(_ operation: UnaryOperation, _ x: I.Input, _ y: I.Output, _ count: Int) {
    let zero = Vector.all(0)
    let one = Vector.all(1)
    switch operation {
    case .negate:
      apply(x, y, count) { Vector(bits: $0.bits ^ Vector.all(-0.0).bits) }
    case .absolute: apply(x, y, count) { I.magnitude($0) }
    case .sign: apply(x, y, count) { I.sign($0) }
    case .square: apply(x, y, count) { $0 * $0 }
    case .reciprocal: apply(x, y, count) { one / $0 }
    case .squareRoot: apply(x, y, count) { I.squareRoot($0) }
    case .reciprocalSquareRoot: apply(x, y, count) { one / I.squareRoot($0) }
    case .exp: apply(x, y, count) { I.exp($0) }
    case .log: apply(x, y, count) { I.log($0) }
    case .tanh: apply(x, y, count) { I.tanh($0) }
    case .sigmoid: apply(x, y, count) { I.sigmoid($0) }
    case .relu: apply(x, y, count) { $0.replacing(with: zero, where: $0 .< zero) }
    case .step:
      apply(x, y, count) {
        $0.replacing(with: zero, where: $0 .< zero).replacing(with: one, where: $0 .>= zero)
      }
    case .floor: apply(x, y, count) { I.floor($0) }
    case .ceil: apply(x, y, count) { I.ceil($0) }
    case .round: apply(x, y, count) { I.round($0) }
    case .truncate: apply(x, y, count) { I.truncate($0) }
    case .exponentialMinusOne: apply(x, y, count) { I.exponentialMinusOne($0) }
    case .logOnePlus: apply(x, y, count) { I.logOnePlus($0) }
    case .softplus: apply(x, y, count) { I.softplus($0) }
    case .sin: apply(x, y, count) { I.sine($0) }
    case .cos: apply(x, y, count) { I.cosine($0) }
    case .tan: apply(x, y, count) { I.tangent($0) }
    case .erf: apply(x, y, count) { I.errorFunction($0) }
    case .gelu: apply(x, y, count) { I.gelu($0) }
    case .geluTanh: apply(x, y, count) { I.geluTanh($0) }
    case .silu: apply(x, y, count) { I.silu($0) }
    case .softsign: apply(x, y, count) { I.softsign($0) }
    case .logCosh: apply(x, y, count) { I.logCosh($0) }
    }
  }

  @export(implementation) @inline(__always)
  static func apply(_ x: I.Input, _ y: I.Output, _ count: Int, _ f: (Vector) -> Vector) {
    I.sweep(count) { I.store(f(I.load(x, $0)), y, $0) }
  }

  // MARK: Its derivative

  /// `dx[i] = dy[i] f'(x[i])`, or added to `dx[i]`; `y` is f(x).
  @export(implementation) @inline(__always)
  public static func mapGradient(
    _ operation: UnaryOperation, _ x: I.Input, _ y: I.Input, _ dy: I.Input, _ dx: I.Output,
    _ count: Int, _ accumulate: Bool
  ) {
    let zero = Vector.all(0)
    let one = Vector.all(1)
    // Each formula reads x or y, whichever is cheaper.
    switch operation {
    case .negate: chain(x, dy, dx, count, accumulate) { zero - $1 }
    case .absolute: chain(x, dy, dx, count, accumulate) { I.sign($0) * $1 }
    case .square: chain(x, dy, dx, count, accumulate) { ($0 + $0) * $1 }
    case .reciprocal: chain(y, dy, dx, count, accumulate) { (zero - $0 * $0) * $1 }
    case .squareRoot:
      // 0 at 0: behind it stands a sum of squares, whose own derivative is 0 there.
      chain(y, dy, dx, count, accumulate) {
        ($1 / ($0 + $0)).replacing(with: zero, where: $0 .== zero)
      }
    case .reciprocalSquareRoot:
      chain(y, dy, dx, count, accumulate) { $0 * $0 * $0 * .all(-0.5) * $1 }
    case .exp: chain(y, dy, dx, count, accumulate) { $0 * $1 }
    case .log: chain(x, dy, dx, count, accumulate) { $1 / $0 }
    case .tanh: chain(y, dy, dx, count, accumulate) { (one - $0 * $0) * $1 }
    case .sigmoid: chain(y, dy, dx, count, accumulate) { $0 * (one - $0) * $1 }
    case .relu:
      chain(y, dy, dx, count, accumulate) { zero.replacing(with: $1, where: $0 .> zero) }
    case .exponentialMinusOne: chain(y, dy, dx, count, accumulate) { ($0 + one) * $1 }
    case .logOnePlus: chain(x, dy, dx, count, accumulate) { $1 / ($0 + one) }
    case .softplus: chain(x, dy, dx, count, accumulate) { I.sigmoid($0) * $1 }
    case .sin: chain(x, dy, dx, count, accumulate) { I.cosine($0) * $1 }
    case .cos: chain(x, dy, dx, count, accumulate) { (zero - I.sine($0)) * $1 }
    case .tan: chain(y, dy, dx, count, accumulate) { (one + $0 * $0) * $1 }
    case .erf: chain(x, dy, dx, count, accumulate) { I.errorFunctionSlope($0) * $1 }
    case .gelu: chain(x, dy, dx, count, accumulate) { I.geluSlope($0) * $1 }
    case .geluTanh: chain(x, dy, dx, count, accumulate) { I.geluTanhSlope($0) * $1 }
    case .silu: chain(x, dy, dx, count, accumulate) { I.siluSlope($0) * $1 }
    case .softsign: chain(x, dy, dx, count, accumulate) { I.softsignSlope($0) * $1 }
    case .logCosh: chain(x, dy, dx, count, accumulate) { I.tanh($0) * $1 }
    case .sign, .step, .floor, .ceil, .round, .truncate:
      if !accumulate { I.sweep(count) { I.store(zero, dx, $0) } }
    }
  }

  @export(implementation) @inline(__always)
  static func chain(
    _ at: I.Input, _ dy: I.Input, _ dx: I.Output, _ count: Int, _ accumulate: Bool,
    _ f: (Vector, Vector) -> Vector
  ) {
    if accumulate {
      I.sweep(count) {
        I.store(I.load(dx, $0) + f(I.load(at, $0), I.load(dy, $0)), dx, $0)
      }
    } else {
      I.sweep(count) { I.store(f(I.load(at, $0), I.load(dy, $0)), dx, $0) }
    }
  }

  // MARK: Two operands

  /// `y[i] = f(a[i], b[i])`; an operand of step 0 is one number, repeated.
  @export(implementation) @inline(__always)
  public static func zip(
    _ operation: BinaryOperation, _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int,
    _ y: I.Output, _ count: Int
  ) {
    switch operation {
    case .add: combine(a, aStep, b, bStep, y, count) { $0 + $1 }
    case .subtract: combine(a, aStep, b, bStep, y, count) { $0 - $1 }
    case .multiply: combine(a, aStep, b, bStep, y, count) { $0 * $1 }
    case .divide: combine(a, aStep, b, bStep, y, count) { $0 / $1 }
    case .minimum: combine(a, aStep, b, bStep, y, count) { I.minimum($0, $1) }
    case .maximum: combine(a, aStep, b, bStep, y, count) { I.maximum($0, $1) }
    case .power:
      if bStep == 0 && count > 0 && I.double(b.pointee) == 2 && aStep == 1 {
        return apply(a, y, count) { $0 * $0 }
      }
      var i = 0
      while i < count {
        y[i] = I.power(a[i &* aStep], b[i &* bStep])
        i &+= 1
      }
    }
  }

  @export(implementation) @inline(__always)
  static func combine(
    _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int, _ y: I.Output, _ count: Int,
    _ f: (Vector, Vector) -> Vector
  ) {
    operands(a, aStep, b, bStep) { a, b in
      I.sweep(count) { I.store(f(a($0), b($0)), y, $0) }
    }
  }

  /// `y[i] = a[i] b[i] + c[i]`; a factor of step 0 is one number, repeated.
  @export(implementation) @inline(__always)
  public static func multiplyAdd(
    _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int, _ c: I.Input, _ y: I.Output,
    _ count: Int
  ) {
    operands(a, aStep, b, bStep) { a, b in
      I.sweep(count) { I.store(I.multiplyAdd(a($0), b($0), I.load(c, $0)), y, $0) }
    }
  }

  /// Calls `body` with two functions that give the operands' vectors.
  @export(implementation) @inline(__always)
  static func operands(
    _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int,
    _ body: ((Block) -> Vector, (Block) -> Vector) -> Void
  ) {
    switch (aStep, bStep) {
    case (0, 0):
      let (s, t) = (Vector(repeating: a.pointee), Vector(repeating: b.pointee))
      body({ _ in s }, { _ in t })
    case (0, _):
      let s = Vector(repeating: a.pointee)
      body({ _ in s }, { I.load(b, $0) })
    case (_, 0):
      let t = Vector(repeating: b.pointee)
      body({ I.load(a, $0) }, { _ in t })
    default:
      body({ I.load(a, $0) }, { I.load(b, $0) })
    }
  }

  /// `y[i] = a[i] < b[i]` and the like; an operand of step 0 is one number, repeated.
  @export(implementation) @inline(__always)
  public static func compare(
    _ comparison: Comparison, _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int,
    _ y: UnsafeMutablePointer<Bool>, _ count: Int
  ) {
    switch comparison {
    case .equal: test(a, aStep, b, bStep, y, count) { $0 == $1 }
    case .notEqual: test(a, aStep, b, bStep, y, count) { $0 != $1 }
    case .less: test(a, aStep, b, bStep, y, count) { $0 < $1 }
    case .lessOrEqual: test(a, aStep, b, bStep, y, count) { $0 <= $1 }
    case .greater: test(a, aStep, b, bStep, y, count) { $0 > $1 }
    case .greaterOrEqual: test(a, aStep, b, bStep, y, count) { $0 >= $1 }
    }
  }

  // Plain loops, which the compiler turns into vectors: masks become bytes in ways that differ
  // between the instruction sets. Widening to `Double` changes no comparison and costs nothing.
  @export(implementation) @inline(__always)
  static func test(
    _ a: I.Input, _ aStep: Int, _ b: I.Input, _ bStep: Int, _ y: UnsafeMutablePointer<Bool>,
    _ count: Int, _ f: (Double, Double) -> Bool
  ) {
    guard count > 0 else { return }
    var i = 0
    if aStep == 0 {
      let s = I.double(a.pointee)
      while i < count {
        y[i] = f(s, I.double(b[i &* bStep]))
        i &+= 1
      }
    } else if bStep == 0 {
      let t = I.double(b.pointee)
      while i < count {
        y[i] = f(I.double(a[i]), t)
        i &+= 1
      }
    } else {
      while i < count {
        y[i] = f(I.double(a[i]), I.double(b[i]))
        i &+= 1
      }
    }
  }

  // MARK: No operand, or bytes

  /// `y[i] = value`.
  @export(implementation) @inline(__always)
  public static func fill(_ y: I.Output, _ value: I.Input, _ count: Int) {
    let v = Vector(repeating: value.pointee)
    I.sweep(count) { I.store(v, y, $0) }
  }

  /// `y[i] = x[i] / divisor`.
  @export(implementation) @inline(__always)
  public static func convert(
    _ x: UnsafePointer<UInt8>, _ y: I.Output, _ count: Int, _ divisor: Double
  ) {
    let d = Vector.all(divisor)
    I.sweep(count) { block in
      var v = Vector.all(0)
      if block.isWhole {
        for lane in 0..<Vector.count { v[lane] = I.scalar(Double(x[block.start &+ lane])) }
      } else {
        for lane in 0..<block.count { v[lane] = I.scalar(Double(x[block.start &+ lane])) }
      }
      I.store(v / d, y, block)
    }
  }

  /// Losses `|z| s + log(1 + exp(-|z|))` of logits z and targets t, where s is the share of the class
  /// that z speaks against: t if z < 0, else 1 - t.
  @export(implementation) @inline(__always)
  public static func sigmoidCrossEntropy(
    _ z: I.Input, _ t: I.Input, _ losses: I.Output, _ count: Int
  ) {
    let zero = Vector.all(0)
    I.sweep(count) {
      let (v, t) = (I.load(z, $0), I.load(t, $0))
      let share = t.replacing(with: Vector.all(1) - t, where: v .> zero)
      // A share of 0 costs nothing, however sure z is.
      let against = (I.magnitude(v) * share).replacing(with: zero, where: share .== zero)
      I.store(against + I.softplus(zero - I.magnitude(v)), losses, $0)
    }
  }
}
