// Sums and means.

import KernelTemplate
import Tensor

/// y = the sum of x over some axes, or their mean.
struct Sum<Scalar: TensorFloat>: TapeOperation {
  /// Bit i is set if axis i is summed over; these axes are adjacent.
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
    withUnsafePointer(to: terms) {
      Scalar.kernels.pointee.zip(
        .divide, .elements(y.base), .number($0), to: y.base, count: y.count)
    }
  }

  /// The input as blocks of rows whose columns are summed: the axes before the summed axes, the
  /// summed axes, and the axes after them.
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

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let kernels = Scalar.kernels
    let (count, rows, columns) = blocks(x.shape)
    if count == 1 && columns > 1 {
      sumColumns(x.base, rows, columns, to: y.base, accumulate: false)
    } else if columns > 0 {
      Parallel.overRows(count, of: rows &* columns) { start, blocks in
        for block in start..<start &+ blocks {
          let (x, y) = (x.base + block &* rows &* columns, y.base + block &* columns)
          if columns == 1 {
            kernels.pointee.reduce(.sum, x, rows, y)
          } else {
            kernels.pointee.reduceColumns(.sum, x, rows, columns, columns, y, false)
          }
        }
      }
    }
    divide(y, termsOf: x.shape)
  }

  // dx = dy repeated along the summed axes, divided by the number of terms for a mean
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, accumulate) = pass.gradient(0) else { return }
    let (x, dy) = (pass.input(0), pass.overwrittenGradient)
    divide(dy, termsOf: x.shape)
    // dy with the summed axes as axes of size 1.
    var sizes = x.shape.sizes
    for axis in 0..<x.shape.rank where isSummed(axis) { sizes[axis] = 1 }
    let summed = Block(base: UnsafePointer(dy.base), shape: TensorShape(sizes: sizes))
    if accumulate {
      let place = MutableBlock(base: dx, shape: x.shape)
      zip(.add, Block(place), summed, place)
    } else {
      broadcast(summed, to: dx, x.shape)
    }
  }
}

extension Variable {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func reduced(axes: [Int]?, keepingDimensions: Bool, isMean: Bool) -> Variable {
    var bits: UInt8 = 0xff
    if let axes {
      let name = isMean ? "mean" : "sum"
      let marks = shape.marks(of: axes, name)
      bits = (0..<rank).reduce(0) { $0 | UInt8(marks[$1]) << $1 }
      // The axes are adjacent if the bits are a run of ones.
      let run = bits >> bits.trailingZeroBitCount
      if run & (run &+ 1) != 0 {
        let (rows, shape) = rows(along: axes, keepingDimensions, name)
        return rows.reduced(axes: [-1], keepingDimensions: false, isMean: isMean)
          .reshaped(to: shape)
      }
    }
    return tape.record(
      Sum(axes: bits, keepsDimensions: keepingDimensions, isMean: isMean), self)
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The sum of the elements along `axis`, which is removed or, if kept, has size 1.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Variable {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The sum of the elements along all of `axes`.
  public func sum(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    reduced(axes: axes, keepingDimensions: keepingDimensions, isMean: false)
  }

  /// The mean of the elements along `axis`, which is removed or, if kept, has size 1.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Variable {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements along all of `axes`.
  public func mean(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    reduced(axes: axes, keepingDimensions: keepingDimensions, isMean: true)
  }

  /// The sum of all elements, a variable without axes.
  public func sum() -> Variable { reduced(axes: nil, keepingDimensions: false, isMean: false) }

  /// The mean of all elements, a variable without axes.
  public func mean() -> Variable { reduced(axes: nil, keepingDimensions: false, isMean: true) }
}

/// The sum of all elements, a variable without axes.
public func sum<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.sum() }

/// The mean of all elements, a variable without axes.
public func mean<Scalar>(_ x: Variable<Scalar>) -> Variable<Scalar> { x.mean() }
