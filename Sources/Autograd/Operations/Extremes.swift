// The largest and the smallest element along axes. The gradient goes to one element: the first with
// the extreme value, the one that `argmax` and `argmin` return.

import KernelTemplate
import Tensor

/// y = the extreme element of each row along the last axis.
struct Extreme<Scalar: TensorFloat>: TapeOperation {
  let reduction: ArgumentReduction

  var name: String { reduction == .maximum ? "max" : "min" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let x = pass.input(0).shape
    let y = x.removing(axis: x.rank - 1)
    require(
      x.sizes[x.rank - 1] > 0 || y.elementCount == 0,
      "\(name): an empty axis of shape \(x) has no extreme element")
    return y
  }

  /// The position of each row's extreme element, in the memory that the operation keeps.
  private func positions(_ kept: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Int> {
    UnsafeMutableRawPointer(kept).assumingMemoryBound(to: Int.self)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    let columns = x.shape.sizes[x.shape.rank - 1]
    let positions = positions(
      pass.keep(count: y.count * (MemoryLayout<Int>.stride / MemoryLayout<Scalar>.stride)))
    Parallel.overRows(y.count, of: columns) { start, rows in
      for row in start..<start &+ rows {
        let elements = x.base + row &* columns
        let position = Scalar.kernels.pointee.argument(reduction, elements, columns)
        positions[row] = position
        y.base[row] = elements[position]
      }
    }
  }

  // dx = dy at the extreme element of each row, else 0
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    let (x, dy) = (pass.input(0), pass.outputGradient)
    let columns = x.shape.sizes[x.shape.rank - 1]
    let positions = positions(pass.kept)
    for row in 0..<dy.count { dx[row &* columns &+ positions[row]] += dy.base[row] }
  }
}

extension Variable {
  /// The largest of all elements, a variable without axes.
  public func max() -> Variable { extreme(.maximum, nil, false, "max") }

  /// The largest of the elements along `axis`, which is removed or, if kept, has size 1.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Variable {
    extreme(.maximum, [axis], keepingDimensions, "max")
  }

  /// The largest of the elements along all of `axes`.
  public func max(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    extreme(.maximum, axes, keepingDimensions, "max")
  }

  /// The smallest of all elements, a variable without axes.
  public func min() -> Variable { extreme(.minimum, nil, false, "min") }

  /// The smallest of the elements along `axis`, which is removed or, if kept, has size 1.
  public func min(axis: Int, keepingDimensions: Bool = false) -> Variable {
    extreme(.minimum, [axis], keepingDimensions, "min")
  }

  /// The smallest of the elements along all of `axes`.
  public func min(axes: [Int], keepingDimensions: Bool = false) -> Variable {
    extreme(.minimum, axes, keepingDimensions, "min")
  }

  private func extreme(
    _ reduction: ArgumentReduction, _ axes: [Int]?, _ keepingDimensions: Bool, _ name: String
  ) -> Variable {
    let (rows, shape) = rows(along: axes, keepingDimensions, name)
    return tape.record(Extreme<Scalar>(reduction: reduction), rows).reshaped(to: shape)
  }
}
