// Padding: adds elements at both ends of each axis.

import Tensor

/// y = x with zeros, or another number, around it.
struct Pad<Scalar: TensorFloat>: TapeOperation {
  let frame: Frame

  /// The widths before and after each axis, held by one reference to keep the operation small.
  final class Frame: Sendable {
    let widths: [(before: Int, after: Int)]
    let value: Scalar

    init(_ widths: [(before: Int, after: Int)], _ value: Scalar) {
      (self.widths, self.value) = (widths, value)
    }
  }

  var name: String { "pad" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pass.input(0).shape.padded(frame.widths)
  }

  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    y.base.fill(with: frame.value, count: y.count)
    copyStrided(
      UnsafeRawPointer(x.base), x.shape.contiguousStrides,
      to: UnsafeMutableRawPointer(y.base + offset(in: y.shape)), y.shape.contiguousStrides,
      shape: x.shape, elementSize: MemoryLayout<Scalar>.size)
  }

  // dx = the inner part of dy
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    let dy = pass.outputGradientTensor
    let inner = Tensor(
      storage: dy.storage, offset: dy.offset + offset(in: dy.shape), shape: pass.input(0).shape,
      strides: dy.strides)
    pass.add(inner, to: 0)
  }

  /// The offset of the first element of x in y.
  private func offset(in shape: TensorShape) -> Int {
    let strides = shape.contiguousStrides
    return frame.widths.indices.reduce(0) { $0 + strides[$1] * frame.widths[$1].before }
  }
}

extension Variable {
  /// The variable with elements added before and after it along each axis, like NumPy's `pad`.
  ///
  /// The gradient of a repeated element (edge or reflection) is added to that of its original.
  ///
  /// - Precondition: there is a width for each axis, none negative; the mode is not `mean`; an axis that is
  ///   wider has an element, unless the added ones are constant.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode<Scalar> = .constant(.zero)
  ) -> Variable {
    _ = shape.padded(widths)
    if case .constant(let value) = mode {
      return tape.record(Pad<Scalar>(frame: .init(widths, value)), self)
    }
    if case .mean = mode { fail("padded: a tape has no padding with means; concatenate them") }
    var result = self
    for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
      result = result.taking(mode.positions(along: axis, of: shape, width), axis: axis)
    }
    return result
  }

  /// The variable with `width` elements added at both ends of every axis.
  public func padded(_ width: Int, mode: PaddingMode<Scalar> = .constant(.zero)) -> Variable {
    padded(Array(repeating: (width, width), count: rank), mode: mode)
  }
}
