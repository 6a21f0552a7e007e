// The kernels' table as its callers see it: operands and results have names. Everything here is inlined into
// the call through the table.

import KernelTemplate

/// What a kernel reads: elements behind each other, or one number for all.
package struct KernelOperand<Scalar> {
  package let base: UnsafePointer<Scalar>
  package let step: Int

  /// Elements behind each other.
  @inline(__always)
  package static func elements(_ base: UnsafePointer<Scalar>) -> KernelOperand {
    KernelOperand(base: base, step: 1)
  }

  /// One number, for all elements.
  @inline(__always)
  package static func number(_ base: UnsafePointer<Scalar>) -> KernelOperand {
    KernelOperand(base: base, step: 0)
  }

  /// Elements, or one number if `step` is 0.
  @inline(__always)
  package static func row(_ base: UnsafePointer<Scalar>, step: Int) -> KernelOperand {
    KernelOperand(base: base, step: step)
  }
}

extension Kernels {
  /// `y[i] = f(x[i])`.
  @inline(__always)
  package func map(_ f: UnaryOperation, _ x: Input, to y: Output, count: Int) {
    map(f, x, y, count)
  }

  /// `dx[i] = dy[i] f'(x[i])` where `y` is f(x), or added to `dx`.
  @inline(__always)
  package func mapGradient(
    _ f: UnaryOperation, at x: Input, value y: Input, dy: Input, to dx: Output, count: Int,
    accumulate: Bool
  ) {
    mapGradient(f, x, y, dy, dx, count, accumulate)
  }

  /// `y[i] = f(a[i], b[i])`.
  @inline(__always)
  package func zip(
    _ f: BinaryOperation, _ a: KernelOperand<Scalar>, _ b: KernelOperand<Scalar>, to y: Output,
    count: Int
  ) {
    zip(f, a.base, a.step, b.base, b.step, y, count)
  }

  /// `y[i] = a[i] b[i]`, or added to `y`.
  @inline(__always)
  package func multiply(
    _ a: KernelOperand<Scalar>, _ b: KernelOperand<Scalar>, to y: Output, count: Int,
    accumulate: Bool
  ) {
    if accumulate {
      multiplyAdd(a.base, a.step, b.base, b.step, y, y, count)
    } else {
      zip(.multiply, a.base, a.step, b.base, b.step, y, count)
    }
  }

  /// `y[i] = factor x[i]`, or added to `y`.
  @inline(__always)
  package func scale(
    _ x: Input, by factor: Scalar, to y: Output, count: Int, accumulate: Bool
  ) {
    withUnsafePointer(to: factor) {
      multiply(.elements(x), .number($0), to: y, count: count, accumulate: accumulate)
    }
  }

  /// `y[i] += x[i]`.
  @inline(__always)
  package func add(_ x: Input, to y: Output, count: Int) {
    zip(.add, y, 1, x, 1, y, count)
  }
}

extension Kernels where Scalar: TensorFloat {
  /// The sum of `count` elements.
  @inline(__always)
  package func sum(_ x: Input, count: Int) -> Scalar {
    var result = Scalar.zero
    reduce(.sum, x, count, &result)
    return result
  }
}
