// Sums and means.

import KernelTemplate
import Tensor

/// y = the sum of x over some axes, or their mean.
struct Sum<Scalar: TensorFloat>: TapeOperation {
  /// Bit i is set if axis i is summed over; such axes are neighbours.
  let axes: UInt8
  /// Whether summed axes stay, with size 1.
  let keepsDimensions: Bool
  /// Whether the sum is divided by the number of its terms.
  let isMean: Bool

  var name: String { isMean ? "mean" : "sum" }

  private func isSummed(_ axis: Int) -> Bool { axes & (1 << axis) != 0 }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let shape = pass.input(0).shape
    var sizes = AxisList(count: 0)
    for axis in 0..<shape.rank {
      if !isSummed(axis) {
        sizes.append(shape.sizes[axis])
      } else if keepsDimensions {
        sizes.append(1)
      }
    }
    return TensorShape(sizes: sizes)
  }

  /// Divides by the number of terms of a mean.
  private func divide(_ y: MutableBlock<Scalar>, termsOf x: TensorShape) {
    guard isMean else { return }
    let terms = Scalar(x.elementCount) / Scalar(y.count)
    for i in 0..<y.count { y.base[i] /= terms }
  }

  /// The input as blocks of rows whose columns are summed: the axes before those summed over, these, and
  /// the axes behind them.
  private func blocks(_ shape: TensorShape) -> (count: Int, rows: Int, columns: Int) {
    var (count, rows, columns) = (1, 1, 1)
    var areSummed = false
    for axis in 0..<shape.rank {
      let size = shape.sizes[axis]
      if isSummed(axis) {
        rows &*= size
        areSummed = true
      } else if areSummed {
        columns &*= size
      } else {
        count &*= size
      }
    }
    return (count, rows, columns)
  }

  /// For each axis of the input, how far to go in the output: not at all along a summed axis.
  private func outputStrides(_ input: TensorShape) -> AxisList {
    var strides = AxisList(count: input.rank)
    var stride = 1
    for axis in (0..<input.rank).reversed() where !isSummed(axis) {
      strides[axis] = stride
      stride *= input.sizes[axis]
    }
    return strides
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let kernels = Scalar.kernels
    let (count, rows, columns) = blocks(x.shape)
    for block in 0..<count {
      let block = (x: x.base + block &* rows &* columns, y: y.base + block &* columns)
      if columns == 1 {
        kernels.pointee.reduce(.sum, block.x, rows, block.y)
      } else if columns > 0 {
        kernels.pointee.reduceColumns(.sum, block.x, rows, columns, columns, block.y, false)
      }
    }
    divide(y, termsOf: x.shape)
  }

  // dx = dy, of a mean divided by the number of terms, repeated along the summed axes
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(0), pass.overwrittenGradient)
    divide(dy, termsOf: x.shape)
    withUnsafePointer(to: Scalar(1)) { one in
      forEachRow(
        of: x.shape, x.shape.contiguousStrides, outputStrides(x.shape),
        AxisList(count: x.shape.rank)
      ) { offsetX, offsetY, _, count, steps in
        Scalar.kernels.pointee.addProduct(
          dy.base + offsetY, steps.1, one, 0, dx + offsetX, count)
      }
    }
  }
}

extension Variable {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func reduced(axis: Int?, keepingDimensions: Bool, isMean: Bool) -> Variable {
    var bits: UInt8 = 0xff
    if let axis { bits = 1 << shape.normalized(axis: axis, isMean ? "mean" : "sum") }
    return tape.record(
      Sum(axes: bits, keepsDimensions: keepingDimensions, isMean: isMean), self)
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The sum of the elements along `axis`, which disappears or, if kept, has size 1.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Variable {
    reduced(axis: axis, keepingDimensions: keepingDimensions, isMean: false)
  }

  /// The mean of the elements along `axis`, which disappears or, if kept, has size 1.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Variable {
    reduced(axis: axis, keepingDimensions: keepingDimensions, isMean: true)
  }

  /// The sum of all elements, a variable without axes.
  public func sum() -> Variable { reduced(axis: nil, keepingDimensions: false, isMean: false) }

  /// The mean of all elements, a variable without axes.
  public func mean() -> Variable { reduced(axis: nil, keepingDimensions: false, isMean: true) }
}

/// The sum of all elements, a variable without axes.
public func sum<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.sum() }

/// The mean of all elements, a variable without axes.
public func mean<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mean() }
