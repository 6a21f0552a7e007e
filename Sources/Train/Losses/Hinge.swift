import Autograd
import Layers
import Tensor

/// `max(0, 1 - t · prediction)` with targets t of -1 and 1; targets of 0 and 1 are converted, as in
/// Keras.
public struct Hinge: Loss, Codable {
  /// The name in messages and files: Keras's `hinge`.
  public var name: String { "hinge" }

  /// The loss; it has no settings.
  public init() {}

  /// Records the losses, one per sample or per number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar> {
    check(prediction, target)
    let isBinary = target.block.elements.allSatisfy { $0 == 0 || $0 == 1 }
    let sign = isBinary ? 2 * target - 1 : target
    return relu(1 - sign * prediction)
  }
}

extension Loss where Self == Hinge {
  /// `max(0, 1 - t · prediction)`.
  public static var hinge: Hinge { Hinge() }
}
