// Broadcasting on blocks: an operand that is repeated along an axis forward receives, on the way back,
// the sum over that axis.

import KernelTemplate
import Tensor

/// y = a (function) b, with both operands repeated to y's shape.
@inline(__always)
func zip<Scalar: TensorFloat>(
  _ function: BinaryOperation, _ a: Block<Scalar>, _ b: Block<Scalar>, _ y: MutableBlock<Scalar>
) {
  let kernel = Scalar.kernels.pointee.zip
  if a.shape == y.shape && b.shape == y.shape {
    return kernel(function, a.base, 1, b.base, 1, y.base, y.count)
  }
  let stridesA = a.shape.contiguousStrides.broadcast(from: a.shape, to: y.shape)
  let stridesB = b.shape.contiguousStrides.broadcast(from: b.shape, to: y.shape)
  forEachRow(of: y.shape, stridesA, stridesB, y.shape.contiguousStrides) {
    offsetA, offsetB, offsetY, count, steps in
    kernel(
      function, a.base + offsetA, steps.0, b.base + offsetB, steps.1, y.base + offsetY, count)
  }
}

/// y = a, repeated to y's shape.
func broadcast<Scalar: TensorFloat>(_ a: Block<Scalar>, to y: MutableBlock<Scalar>) {
  withUnsafePointer(to: Scalar.zero) { zero in
    let strides = a.shape.contiguousStrides.broadcast(from: a.shape, to: y.shape)
    let none = AxisList(count: y.shape.rank)
    forEachRow(of: y.shape, strides, none, y.shape.contiguousStrides) {
      offsetA, _, offsetY, count, steps in
      Scalar.kernels.pointee.zip(
        .add, a.base + offsetA, steps.0, zero, 0, y.base + offsetY, count)
    }
  }
}

/// Adds a contribution of the output's shape to the gradient of input `i`, summed over the axes along
/// which that input was repeated.
@inline(__always)
func addBroadcast<Scalar: TensorFloat>(
  _ contribution: Block<Scalar>, to pass: BackwardPass<Scalar>, _ i: Int, negated: Bool = false
) {
  let kernels = Scalar.kernels
  let shape = pass.input(i).shape
  let sign: Scalar = negated ? -1 : 1
  if shape == contribution.shape {
    guard let (dx, accumulate) = pass.gradient(i) else { return }
    withUnsafePointer(to: sign) { sign in
      if accumulate {
        kernels.pointee.addProduct(contribution.base, 1, sign, 0, dx, contribution.count)
      } else {
        kernels.pointee.zip(.multiply, contribution.base, 1, sign, 0, dx, contribution.count)
      }
    }
    return
  }
  guard let (dx, _) = pass.zeroedGradient(i) else { return }
  let strides = shape.contiguousStrides.broadcast(from: shape, to: contribution.shape)
  let none = AxisList(count: contribution.shape.rank)
  forEachRow(
    of: contribution.shape, contribution.shape.contiguousStrides, strides, none
  ) { offset, offsetX, _, count, steps in
    if steps.1 == 0 {
      var sum = Scalar.zero
      kernels.pointee.reduce(.sum, contribution.base + offset, count, &sum)
      dx[offsetX] += sign * sum
    } else {
      withUnsafePointer(to: sign) { sign in
        kernels.pointee.addProduct(contribution.base + offset, 1, sign, 0, dx + offsetX, count)
      }
    }
  }
}

/// Adds each element of `dy` to its place in `dx`, which has these strides along `dy`'s axes; several
/// elements may have the same place.
@inline(__always)
func add<Scalar: TensorFloat>(
  _ dy: Block<Scalar>, to dx: UnsafeMutablePointer<Scalar>, _ strides: AxisList
) {
  let kernels = Scalar.kernels
  forEachRow(
    of: dy.shape, dy.shape.contiguousStrides, strides, AxisList(count: dy.shape.rank)
  ) { offset, offsetX, _, count, steps in
    let (y, x) = (dy.base + offset, dx + offsetX)
    if steps.1 == 1 {
      kernels.pointee.zip(.add, x, 1, y, 1, x, count)
    } else if steps.1 == 0 {
      var sum = Scalar.zero
      kernels.pointee.reduce(.sum, y, count, &sum)
      x.pointee += sum
    } else {
      for i in 0..<count { x[i &* steps.1] += y[i] }
    }
  }
}

/// Adds the product of two blocks of an input's shape to the gradient of input `i`.
@inline(__always)
func addProduct<Scalar: TensorFloat>(
  _ a: Block<Scalar>, _ b: Block<Scalar>, to pass: BackwardPass<Scalar>, _ i: Int
) {
  guard let (dx, accumulate) = pass.gradient(i) else { return }
  if accumulate {
    Scalar.kernels.pointee.addProduct(a.base, 1, b.base, 1, dx, a.count)
  } else {
    Scalar.kernels.pointee.zip(.multiply, a.base, 1, b.base, 1, dx, a.count)
  }
}

/// Calls `body` with room for the elements of `shape`.
@inline(__always)
func withScratch<Scalar: TensorFloat>(_ shape: TensorShape, _ body: (MutableBlock<Scalar>) -> Void)
{
  // One vector of slack, because kernels may read whole vectors.
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: shape.elementCount + 16) { scratch in
    body(MutableBlock(base: scratch.baseAddress!, shape: shape))
  }
}
