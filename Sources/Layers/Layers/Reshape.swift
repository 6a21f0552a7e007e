import Autograd
import Tensor

/// Gives each sample another shape of as many numbers: [batch, 784] becomes [batch, 28, 28].
public struct Reshape<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The shape of one sample's result; one size may be -1 and is then what is left.
  public let targetShape: [Int]
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// A layer that gives samples the shape `targetShape`, of which one size may be -1.
  public init(_ targetShape: [Int], inputShape: TensorShape? = nil) {
    self.targetShape = targetShape
    self.inputShape = inputShape
    requireValid()
  }

  /// Throws unless all sizes but one are known and a tensor can have them.
  public func validate() throws(InvalidValue) {
    guard targetShape.allSatisfy({ $0 >= -1 }) && targetShape.count(where: { $0 == -1 }) <= 1,
      (try? TensorShape(checked: targetShape.map(abs))) != nil
    else {
      throw InvalidValue(
        "the shape \(targetShape) must have positive sizes, at most one of them -1")
    }
  }

  /// False: the axes after the layer mean something else.
  public var supportsMasking: Bool { false }

  /// The target shape, if a sample's numbers fill it.
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

  /// The target shape for `count` numbers.
  private func filled(_ count: Int) -> [Int] {
    let known = targetShape.reduce(1) { $1 < 0 ? $0 : $0 * $1 }
    return targetShape.map { $0 < 0 ? count / max(1, known) : $0 }
  }

  /// Records the layer's function on the context's tape.
  public func call(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    x.reshaped(to: TensorShape([x.shape[0]] + filled(x.shape.dropFirst().reduce(1, *))))
  }
}
