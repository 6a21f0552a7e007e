// The kernels' table as its callers see it: operands and results have names. Everything here is inlined into
// the call through the table.

/// What a kernel reads: elements behind each other, or one number for all.
public struct KernelOperand<Scalar> {
  /// The first element, or the number.
  public let base: UnsafePointer<Scalar>
  /// 1 for elements, 0 for a number.
  public let step: Int

  @export(implementation) @inline(__always)
  init(base: UnsafePointer<Scalar>, step: Int) {
    self.base = base
    self.step = step
  }

  /// Elements behind each other.
  @export(implementation) @inline(__always)
  public static func elements(_ base: UnsafePointer<Scalar>) -> KernelOperand {
    KernelOperand(base: base, step: 1)
  }

  /// One number, for all elements.
  @export(implementation) @inline(__always)
  public static func number(_ base: UnsafePointer<Scalar>) -> KernelOperand {
    KernelOperand(base: base, step: 0)
  }

  /// Elements, or one number if `step` is 0.
  @export(implementation) @inline(__always)
  public static func row(_ base: UnsafePointer<Scalar>, step: Int) -> KernelOperand {
    KernelOperand(base: base, step: step)
  }
}

extension Kernels {
  /// `y[i] = f(x[i])`.
  @export(implementation) @inline(__always)
  public func map(_ f: UnaryOperation, _ x: Input, to y: Output, count: Int) {
    map(f, x, y, count)
  }

  /// `dx[i] = dy[i] f'(x[i])` where `y` is f(x), or added to `dx`.
  @export(implementation) @inline(__always)
  public func mapGradient(
    _ f: UnaryOperation, at x: Input, value y: Input, dy: Input, to dx: Output, count: Int,
    accumulate: Bool
  ) {
    mapGradient(f, x, y, dy, dx, count, accumulate)
  }

  /// `y[i] = f(a[i], b[i])`.
  @export(implementation) @inline(__always)
  public func zip(
    _ f: BinaryOperation, _ a: KernelOperand<Scalar>, _ b: KernelOperand<Scalar>, to y: Output,
    count: Int
  ) {
    zip(f, a.base, a.step, b.base, b.step, y, count)
  }

  /// `y[i] = a[i] b[i]`, or added to `y`.
  @export(implementation) @inline(__always)
  public func multiply(
    _ a: KernelOperand<Scalar>, _ b: KernelOperand<Scalar>, to y: Output, count: Int,
    accumulate: Bool
  ) {
    if accumulate {
      multiplyAdd(a.base, a.step, b.base, b.step, Input(y), y, count)
    } else {
      zip(.multiply, a.base, a.step, b.base, b.step, y, count)
    }
  }

  /// `y[i] = factor x[i]`, or added to `y`.
  @export(implementation) @inline(__always)
  public func scale(
    _ x: Input, by factor: Scalar, to y: Output, count: Int, accumulate: Bool
  ) {
    withUnsafePointer(to: factor) {
      multiply(.elements(x), .number($0), to: y, count: count, accumulate: accumulate)
    }
  }

  /// `y[i] += x[i]`.
  @export(implementation) @inline(__always)
  public func add(_ x: Input, to y: Output, count: Int) {
    zip(.add, Input(y), 1, x, 1, y, count)
  }
}

extension Kernels where Scalar: AdditiveArithmetic {
  /// The sum of `count` elements.
  @export(implementation) @inline(__always)
  public func sum(_ x: Input, count: Int) -> Scalar {
    var result = Scalar.zero
    withUnsafeMutablePointer(to: &result) { reduce(.sum, x, count, $0) }
    return result
  }
}
