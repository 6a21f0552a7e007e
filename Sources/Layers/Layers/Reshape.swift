import Autograd
import Tensor

/// Reshapes each sample: [batch, 784] becomes [batch, 28, 28].
public struct Reshape<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The shape of each result; one size may be -1 and is then computed from the others.
  public let targetShape: [Int]
  /// The shape of one sample, if it was given.
  public let inputShape: TensorShape?

  /// A layer that reshapes samples to `targetShape`, in which one size may be -1.
  public init(_ targetShape: [Int], inputShape: TensorShape? = nil) {
    self.targetShape = targetShape
    self.inputShape = inputShape
    requireValid()
  }

  /// Throws if a size is invalid, if more than one is -1, or if no tensor fits into memory.
  public func validate() throws(InvalidValue) {
    guard targetShape.allSatisfy({ $0 >= -1 }) && targetShape.count(where: { $0 == -1 }) <= 1,
      (try? TensorShape(checked: targetShape.map(abs))) != nil
    else {
      throw InvalidValue(
        "the shape \(targetShape) must have positive sizes, at most one of them -1")
    }
  }

  /// False: the axes of the result have another meaning.
  public var supportsMasking: Bool { false }

  /// Returns the target shape; throws if it does not have as many elements as a sample.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let count = inputShape.elementCount
    let shape = filled(count)
    guard shape.reduce(1, *) == count else {
      throw ShapeError(
        "samples of shape \(inputShape) have \(count) numbers, which the shape \(targetShape) does not "
          + "hold")
    }
    return TensorShape(shape)
  }

  /// The target shape for `count` numbers, with -1 replaced.
  private func filled(_ count: Int) -> [Int] {
    let known = targetShape.reduce(1) { $1 < 0 ? $0 : $0 * $1 }
    return targetShape.map { $0 < 0 ? count / max(1, known) : $0 }
  }

  /// Records the layer's computation on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    x.reshaped(to: TensorShape([x.shape[0]] + filled(x.shape.dropFirst().reduce(1, *))))
  }
}
