import Autograd
import Tensor

/// Permutes the axes of each sample: `Permute([2, 1])` turns [steps, features] into [features,
/// steps].
public struct Permute<Scalar: TensorFloat>: StorableLayer, Validated {
  /// For each axis of the result, the axis of the sample, counted from 1 (0 is the batch).
  public let axes: [Int]
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// A layer that puts axes into the given order, counted from 1 as in Keras (0 is the batch).
  public init(_ axes: [Int], inputShape: TensorShape? = nil) {
    self.axes = axes
    self.inputShape = inputShape
    requireValid()
  }

  /// Throws unless each axis occurs once.
  public func validate() throws(InvalidValue) {
    guard !axes.isEmpty && axes.sorted() == Array(1...axes.count) else {
      throw InvalidValue("expected each axis from 1 on once, got \(axes)")
    }
  }

  /// False: the axes of the result have another meaning.
  public var supportsMasking: Bool { false }

  /// Returns the sizes in their new order.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard inputShape.rank == axes.count else {
      throw ShapeError("expected samples with \(axes.count) axes, got \(inputShape)")
    }
    return TensorShape(axes.map { inputShape[$0 - 1] })
  }

  /// Permutes the axes.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.transposed(permutation: [0] + axes)
  }
}
