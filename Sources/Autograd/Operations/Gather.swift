// Indexing with lists of positions: selects parts of a variable, such as the vectors of words. The
// backward pass sums the gradients at each position. `Tensor+Gather.swift` does the same for
// tensors.

import Tensor

/// y = the parts of x at some positions of an axis.
struct Gather<Scalar: TensorFloat>: TapeOperation {
  let places: Positions

  var name: String { "taking" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    pass.input(0).shape.replacing(axis: places.axis, with: places.positions.shape)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, y) = (pass.input(0), pass.output)
    places.positions.withUnsafeBufferPointer {
      gather(x.base, x.shape, at: $0, axis: places.axis, to: y.base)
    }
  }

  // dx = dy, summed at each position
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    guard let (dx, _) = pass.zeroedGradient(0) else { return }
    places.add(pass.outputGradient, to: MutableBlock(base: dx, shape: pass.input(0).shape))
  }
}

/// y = x, with the parts of v added at some positions of an axis.
struct ScatterAdd<Scalar: TensorFloat>: TapeOperation {
  let places: Positions

  var name: String { "scatterAdd" }

  func outputShape(_ pass: ForwardPass<Scalar>) -> TensorShape {
    let (x, v) = (pass.input(0).shape, pass.input(1).shape)
    let expected = x.replacing(axis: places.axis, with: places.positions.shape)
    require(
      v == expected,
      "scatterAdd: values of shape \(v) do not fit, expected \(expected); broadcast(to:) repeats them"
    )
    return x
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(_ pass: ForwardPass<Scalar>) {
    let (x, v, y) = (pass.input(0), pass.input(1), pass.output)
    y.base.copy(from: x.base, count: x.count)
    places.add(v, to: y)
  }

  // dx = dy
  // dv = the parts of dy at the positions
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(_ pass: BackwardPass<Scalar>) {
    let dy = pass.outputGradient
    addBroadcast(dy, to: pass, 0)
    guard pass.needsGradient(1) else { return }
    withScratch(pass.input(1).shape) { parts in
      places.positions.withUnsafeBufferPointer {
        gather(dy.base, dy.shape, at: $0, axis: places.axis, to: parts.base)
      }
      addBroadcast(Block(parts), to: pass, 1)
    }
  }
}

/// Positions along an axis, held by one reference to keep the operations small.
final class Positions: Sendable {
  let axis: Int
  let positions: Tensor<Int>

  /// Checks the positions; traps if one does not exist in `shape`.
  init(_ positions: Tensor<Int>, axis: Int, of shape: TensorShape, _ name: String) {
    let axis = shape.normalized(axis: axis, name)
    positions.withUnsafeBufferPointer { shape.checkPositions($0, axis: axis, name) }
    (self.axis, self.positions) = (axis, positions.contiguous())
  }

  /// Adds the parts of `x` to those of `y` at the positions.
  ///
  /// If many numbers go to the same place, they are summed as `Tensor.scatterAdd` does: a plain
  /// running sum in `Float` would stop growing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorFloat>(_ x: Block<Scalar>, to y: MutableBlock<Scalar>) {
    if positions.count > longestChain && positions.count > y.shape.sizes[axis] {
      var sums = Block(y).tensor()
      sums.scatterAdd(x.tensor(), at: positions, axis: axis)
      y.base.copyElements(of: sums)
    } else {
      positions.withUnsafeBufferPointer {
        addScattered(x.base, at: $0, axis: axis, to: y.base, y.shape)
      }
    }
  }
}

extension Variable {
  /// The parts at the given positions of `axis`; the shape of `positions` replaces that axis.
  ///
  /// With a table of vectors, one for each word, `table.taking(words, axis: 0)` is an embedding:
  /// words of shape [batch, length] give [batch, length, size]. The backward pass sums the
  /// gradients of a repeated position in the order of the list.
  ///
  /// - Precondition: every position lies in `0..<shape[axis]`.
  public func taking(_ positions: Tensor<Int>, axis: Int) -> Variable {
    tape.record(Gather<Scalar>(places: Positions(positions, axis: axis, of: shape, "taking")), self)
  }

  /// The parts at the given positions of `axis`, in that order.
  ///
  /// - Precondition: every position lies in `0..<shape[axis]`.
  public func taking(_ positions: [Int], axis: Int) -> Variable {
    taking(Tensor(positions, shape: [positions.count]), axis: axis)
  }

  /// The parts at the given positions of the first axis, in that order.
  ///
  /// - Precondition: every position lies in `0..<shape[0]`.
  public func rows(_ positions: [Int]) -> Variable { taking(positions, axis: 0) }

  /// Adds parts to those at the given positions of `axis`; repeated positions add up.
  ///
  /// - Precondition: `values` has the shape that `taking(_:axis:)` returns for the positions.
  public mutating func scatterAdd(_ values: Variable, at positions: Tensor<Int>, axis: Int = 0) {
    let places = Positions(positions, axis: axis, of: shape, "scatterAdd")
    self = tape.record(ScatterAdd<Scalar>(places: places), self, values)
  }

  /// The parts at the positions in `indices`, one tensor of them for each of the first axes.
  ///
  /// The tensors are broadcast to one shape, which replaces the axes they index:
  /// `logProbabilities[samples, labels]`, `table[words]`.
  public subscript(indices: Tensor<Int>...) -> Variable {
    let (positions, parts) = layout.parts(at: indices)
    return reshaped(to: parts).taking(positions, axis: 0)
  }

  /// The elements, or parts, at which `mask` is true, in row-major order.
  ///
  /// The mask has the variable's shape, and the result one axis; or the mask has the shape of its first
  /// axes, and the result keeps the others.
  public subscript(mask: Tensor<Bool>) -> Variable {
    let (parts, positions) = layout.rows(under: mask)
    return reshaped(to: parts.shape).taking(positions, axis: 0)
  }
}
