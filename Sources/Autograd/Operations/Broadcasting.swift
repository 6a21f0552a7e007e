// Element-wise loops on blocks, with threads for large blocks. If an operand was broadcast along an
// axis, its gradient is the sum over that axis.

import KernelTemplate
import Tensor

extension Block {
  /// This block as an operand of a loop.
  @inline(__always)
  var operand: LoopOperand<Scalar> { LoopOperand(base, shape, shape.contiguousStrides) }
}

/// y = f(x), element by element.
@inline(__always)
func map<Scalar: TensorFloat>(
  _ f: UnaryOperation, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  Parallel.overParts(of: count) { start, count in
    Scalar.kernels.pointee.map(f, x + start, to: y + start, count: count)
  }
}

/// y = a (function) b, with both operands repeated to y's shape.
@inline(__always)
func zip<Scalar: TensorFloat>(
  _ function: BinaryOperation, _ a: Block<Scalar>, _ b: Block<Scalar>, _ y: MutableBlock<Scalar>
) {
  let kernels = Scalar.kernels
  if a.shape == y.shape && b.shape == y.shape {
    return Parallel.overParts(of: y.count) { start, count in
      kernels.pointee.zip(
        function, .elements(a.base + start), .elements(b.base + start), to: y.base + start,
        count: count)
    }
  }
  // The operands are contiguous, so within a row each is a run of elements or one number.
  forEachPart(of: y.shape, a.operand, b.operand) { a, aStep, b, bStep, start, count in
    kernels.pointee.zip(
      function, .row(a, step: aStep), .row(b, step: bStep), to: y.base + start, count: count)
  }
}

/// Writes x, repeated to `shape`, to y.
func broadcast<Scalar: TensorFloat>(
  _ x: Block<Scalar>, to y: UnsafeMutablePointer<Scalar>, _ shape: TensorShape
) {
  copyStrided(
    UnsafeRawPointer(x.base), x.shape.contiguousStrides.broadcast(from: x.shape, to: shape),
    to: UnsafeMutableRawPointer(y), shape.contiguousStrides, shape: shape,
    elementSize: MemoryLayout<Scalar>.size)
}

/// Adds a contribution of the output's shape to the gradient of input `i`, summed over the axes along
/// which that input was repeated.
@inline(__always)
func addBroadcast<Scalar: TensorFloat>(
  _ contribution: Block<Scalar>, to pass: BackwardPass<Scalar>, _ i: Int, negated: Bool = false
) {
  let shape = pass.input(i).shape
  if shape == contribution.shape {
    addProduct(contribution, negated ? -1 : 1, to: pass, i)
  } else if let (dx, _) = pass.zeroedGradient(i) {
    addSums(
      of: contribution, to: dx,
      shape.contiguousStrides.broadcast(from: shape, to: contribution.shape), negated: negated)
  }
}

/// Adds each element of `dy` to an element of `dx`, found by these strides along `dy`'s axes.
///
/// Several elements may go to the same place.
func addSums<Scalar: TensorFloat>(
  of dy: Block<Scalar>, to dx: UnsafeMutablePointer<Scalar>, _ strides: AxisList,
  negated: Bool = false
) {
  let kernels = Scalar.kernels
  let sign: Scalar = negated ? -1 : 1
  if let columns = repeatedRowLength(dy.shape, strides) {
    let rows = dy.count / columns
    if !negated { return sumColumns(dy.base, rows, columns, to: dx, accumulate: true) }
    return withScratch([columns]) { sums in
      sumColumns(dy.base, rows, columns, to: sums.base, accumulate: false)
      kernels.pointee.scale(sums.base, by: sign, to: dx, count: columns, accumulate: true)
    }
  }
  forEachRow(
    of: dy.shape, dy.shape.contiguousStrides, strides, AxisList(count: dy.shape.rank)
  ) { offset, offsetX, _, count, steps in
    let (y, x) = (dy.base + offset, dx + offsetX)
    if steps.1 == 1 {
      kernels.pointee.scale(y, by: sign, to: x, count: count, accumulate: true)
    } else if steps.1 == 0 {
      x.pointee += sign * kernels.pointee.sum(y, count: count)
    } else {
      for i in 0..<count { x[i &* steps.1] += sign * y[i] }
    }
  }
}

/// The number of elements after which the places repeat, or nil if there is no such number.
///
/// There is one if the leading axes have stride 0 and the others are contiguous: then each place
/// gets the sum of a column.
private func repeatedRowLength(_ table: TensorShape, _ strides: AxisList) -> Int? {
  var length = 1
  var axis = table.rank - 1
  while axis >= 0, strides[axis] == length || table.sizes[axis] == 1 {
    length *= table.sizes[axis]
    axis -= 1
  }
  guard axis >= 0, length > 1 else { return nil }
  for leading in 0...axis where strides[leading] != 0 && table.sizes[leading] != 1 { return nil }
  return length
}

/// Adds the product of two blocks of an input's shape to the gradient of input `i`.
@inline(__always)
func addProduct<Scalar: TensorFloat>(
  _ a: Block<Scalar>, _ b: Block<Scalar>, to pass: BackwardPass<Scalar>, _ i: Int
) {
  guard let (dx, accumulate) = pass.gradient(i) else { return }
  Parallel.overParts(of: a.count) { start, count in
    Scalar.kernels.pointee.multiply(
      .elements(a.base + start), .elements(b.base + start), to: dx + start, count: count,
      accumulate: accumulate)
  }
}

/// Adds a block of an input's shape, times a number, to the gradient of input `i`.
@inline(__always)
func addProduct<Scalar: TensorFloat>(
  _ a: Block<Scalar>, _ factor: Scalar, to pass: BackwardPass<Scalar>, _ i: Int
) {
  guard let (dx, accumulate) = pass.gradient(i) else { return }
  Parallel.overParts(of: a.count) { start, count in
    Scalar.kernels.pointee.scale(
      a.base + start, by: factor, to: dx + start, count: count, accumulate: accumulate)
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
