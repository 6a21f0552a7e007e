// Views: some of the elements in another arrangement. A reshape, a transpose, a slice, a repetition
// along a new axis and a diagonal differ only in offset, shape and strides, so one operation covers
// them all.
//
// The functions of `Tensor` compute the layout: they are called on a tensor with the variable's
// shape but no elements. Next: `Indexing.swift`, the subscripts.

import KernelTemplate
import Tensor

/// y = elements of x, one for each position of `layout`.
struct View<Scalar: TensorFloat>: TapeOperation {
  let name: String
  let layout: ViewLayout

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape { layout.shape }

  func forward(_ pass: ForwardPass<Scalar>) {
    copyStrided(
      UnsafeRawPointer(pass.input(0).base + layout.offset), layout.strides,
      to: UnsafeMutableRawPointer(pass.output.base), layout.shape.contiguousStrides,
      shape: layout.shape, elementSize: MemoryLayout<Scalar>.size)
  }

  // dx = for each element, the sum of dy over the positions that show it
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    if layout.isWhole {
      guard let (dx, accumulate) = pass.gradient(0) else { return }
      if accumulate {
        Scalar.kernels.pointee.add(dy.base, to: dx, count: dy.count)
      } else {
        dx.copy(from: dy.base, count: dy.count)
      }
    } else if let (dx, _) = pass.zeroedGradient(0) {
      addSums(of: dy, to: dx + layout.offset, layout.strides)
    }
  }
}

/// Where the elements of a view lie among those of a contiguous value.
final class ViewLayout: Sendable {
  let offset: Int
  let shape: TensorShape
  let strides: AxisList
  /// Whether the elements lie in row-major order without gaps.
  let isContiguous: Bool
  /// Whether the view has all elements in their original order: a reshape.
  let isWhole: Bool

  /// The layout of `part`, a view of a contiguous tensor of `count` elements.
  init(of part: Tensor<Bool>, in count: Int) {
    (offset, shape, strides) = (part.offset, part.shape, part.strides)
    isContiguous = part.isContiguous
    isWhole = isContiguous && part.count == count
  }
}

/// The memory of tensors that are used only for their layout.
private let noElements = TensorStorage<Bool>(uninitializedCount: 0)

extension Variable {
  /// A tensor of this shape without elements; its views have the layout of this variable's views.
  var layout: Tensor<Bool> {
    Tensor(storage: noElements, offset: 0, shape: shape, strides: shape.contiguousStrides)
  }

  /// The elements that `part`, a view of `layout`, shows.
  ///
  /// A contiguous part of a result shares its memory. So does a contiguous part of a constant, and
  /// it stays constant. Other views are copies, including those of a leaf variable, because
  /// optimizers change its memory.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func viewed(_ name: String, as part: Tensor<Bool>) -> Variable {
    let layout = ViewLayout(of: part, in: shape.elementCount)
    if layout.isWhole && layout.shape == shape { return self }
    if let constant = constantValue {
      return tape.constant(
        Tensor(
          storage: constant.storage, offset: constant.offset + layout.offset, shape: layout.shape,
          strides: layout.strides))
    }
    let operation = View<Scalar>(name: name, layout: layout)
    return layout.isContiguous && !isLeaf
      ? tape.recordView(operation, of: self, offset: layout.offset, shape: layout.shape)
      : tape.record(operation, self)
  }

  /// The same elements in row-major order, with the given shape.
  ///
  /// - Precondition: both shapes have the same number of elements.
  public func reshaped(to shape: TensorShape) -> Variable {
    shape == self.shape ? self : viewed("reshape", as: layout.reshaped(to: shape))
  }

  /// The same elements in row-major order, with the given sizes; one may be -1 and is then
  /// computed.
  public func reshaped(to sizes: [Int]) -> Variable {
    viewed("reshape", as: layout.reshaped(to: sizes))
  }

  /// The same elements along one axis.
  public func flattened() -> Variable { viewed("reshape", as: layout.flattened()) }

  /// The variable with its axes in reverse order; for a matrix, the transpose.
  public func transposed() -> Variable { viewed("transpose", as: layout.transposed()) }

  /// The variable whose axis `i` is this variable's axis `permutation[i]`; negative ones count from the end.
  public func transposed(permutation: [Int]) -> Variable {
    viewed("transpose", as: layout.transposed(permutation: permutation))
  }

  /// The variable with two axes exchanged.
  public func swappingAxes(_ first: Int, _ second: Int) -> Variable {
    viewed("transpose", as: layout.swappingAxes(first, second))
  }

  /// The variable with one axis moved; the others keep their order.
  public func movingAxis(from source: Int, to target: Int) -> Variable {
    viewed("transpose", as: layout.movingAxis(from: source, to: target))
  }

  /// The variable with a new axis of size 1 before `axis`; -1 appends it.
  public func expandingShape(at axis: Int) -> Variable {
    viewed("reshape", as: layout.expandingShape(at: axis))
  }

  /// The variable without its axis `axis`, whose size must be 1.
  public func squeezingShape(at axis: Int) -> Variable {
    viewed("reshape", as: layout.squeezingShape(at: axis))
  }

  /// The variable without its axes of size 1.
  public func squeezed() -> Variable { viewed("reshape", as: layout.squeezed()) }

  /// The variable repeated along new axes and axes of size 1 to fill `target`.
  public func broadcast(to target: TensorShape) -> Variable {
    viewed("broadcast", as: layout.broadcast(to: target))
  }

  /// The variable with the order along `axes` reversed; without axes, along all of them.
  public func flipped(axes: [Int]? = nil) -> Variable {
    viewed("flip", as: layout.flipped(axes: axes))
  }

  /// The diagonal of each matrix, `offset` columns to the right; the last two axes become one.
  ///
  /// - Precondition: there are at least two axes, and the diagonal starts within the matrix.
  public func diagonal(offset: Int = 0) -> Variable {
    viewed("diagonal", as: layout.diagonal(offset: offset))
  }
}
