import Autograd
import Tensor

/// Gives each sample another shape of as many numbers: [batch, 784] becomes [batch, 28, 28].
public struct Reshape<Scalar: TensorFloat>: Layer {
  /// The shape of one sample's result; one size may be -1 and is then what is left.
  public let targetShape: [Int]
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?

  /// A layer that gives samples the shape `targetShape`, of which one size may be -1.
  public init(_ targetShape: [Int], inputShape: TensorShape? = nil) {
    require(
      targetShape.allSatisfy { $0 >= -1 } && targetShape.count { $0 == -1 } <= 1,
      "Reshape: the shape \(targetShape) must have positive sizes, at most one of them -1")
    self.targetShape = targetShape
    self.inputShape = inputShape
  }

  /// Makes no parameters; returns the shape of a sample's result.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape {
    let count = inputShape.elementCount
    let known = targetShape.filter { $0 >= 0 }.reduce(1, *)
    let isOpen = targetShape.contains(-1)
    require(
      isOpen ? known > 0 && count % known == 0 : known == count,
      "Reshape: samples of shape \(inputShape) have \(count) numbers, which the shape "
        + "\(targetShape) does not hold")
    return TensorShape(targetShape.map { $0 == -1 ? count / known : $0 })
  }

  /// Records the layer's function on the context's tape.
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let known = targetShape.filter { $0 >= 0 }.reduce(1, *)
    let count = x.shape.dropFirst().reduce(1, *)
    return x.reshaped(
      to: TensorShape([x.shape[0]] + targetShape.map { $0 == -1 ? count / max(1, known) : $0 }))
  }
}
