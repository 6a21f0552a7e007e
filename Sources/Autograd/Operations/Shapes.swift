// Other shapes for the same elements.

import KernelTemplate
import Tensor

/// y = x with another shape and the same elements in row-major order.
struct Reshape<Scalar: TensorFloat>: Operation {
  let shape: TensorShape

  var name: String { "reshape" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let x = pass.input(0).shape
    require(
      x.elementCount == shape.elementCount,
      "reshape: shape \(x) has \(x.elementCount) elements and \(shape) has \(shape.elementCount)")
    return shape
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    y.base.copy(from: x.base, count: x.count)
  }

  // dx = dy with x's shape
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let dy = pass.outputGradient
    if accumulate {
      Scalar.kernels.pointee.zip(.add, dx, 1, dy.base, 1, dx, dy.count)
    } else {
      dx.copy(from: dy.base, count: dy.count)
    }
  }
}

/// y = x with its axes in reverse order.
struct Transpose<Scalar: TensorFloat>: Operation {
  var name: String { "transpose" }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    TensorShape(pass.input(0).shape.reversed())
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    transpose(pass.input(0), into: pass.output.base)
  }

  // dx = dyᵀ
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard pass.needsGradient(0) else { return }
    withScratch(pass.input(0).shape) { part in
      transpose(pass.outputGradient, into: part.base)
      addBroadcast(Block(part), to: pass, 0)
    }
  }

  private func transpose(_ x: Block<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    let shape = TensorShape(x.shape.reversed())
    var strides = x.shape.contiguousStrides
    for axis in 0..<shape.rank { strides[axis] = x.shape.contiguousStrides[shape.rank - 1 - axis] }
    copyStrided(
      x.base, strides, to: y, shape.contiguousStrides, shape: shape,
      elementSize: MemoryLayout<Scalar>.size)
  }
}

extension Variable {
  /// The same elements in row-major order, seen as `shape`; of a constant without a copy.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func reshaped(to shape: TensorShape) -> Variable {
    if shape == self.shape { return self }
    if let constant = constantValue { return tape.constant(constant.reshaped(to: shape)) }
    return tape.record(Reshape(shape: shape), self)
  }

  /// The variable with its axes in reverse order; of a matrix, the transpose.
  public func transposed() -> Variable { tape.record(Transpose(), self) }
}
