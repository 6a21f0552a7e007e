// What training makes small. Next on the way down: Autograd's `Operations/CrossEntropy.swift`.

import Autograd
import Layers
import Tensor

/// A measure of how wrong predictions are.
///
/// A loss of your own records its function on the tape:
///
/// ```swift
/// struct Quartic: Loss {
///   var name: String { "quartic" }
///   func callAsFunction<Scalar>(
///     _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
///   ) -> Variable<Scalar> {
///     square(square(prediction - target))
///   }
/// }
/// ```
public protocol Loss: Sendable {
  /// The name in messages, in Keras's spelling where Keras has the loss.
  var name: String { get }

  /// The losses, one per sample or per number; their mean is what training makes small.
  ///
  /// - Parameters:
  ///   - prediction: what the network gave, [batch, …].
  ///   - target: what it should have given: the same shape or, for class indices, [batch].
  /// - Returns: the losses, in a shape whose mean makes sense.
  func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar>

  /// Stops with a sentence if targets of `targetShape` do not fit predictions of `predictionShape`.
  ///
  /// Both contain the batch axis. The default asks for equal shapes.
  func check(predictionShape: TensorShape, targetShape: TensorShape)
}

extension Loss {
  /// Stops with a sentence if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    require(
      predictionShape == targetShape,
      "\(name): targets of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); they must be equal")
  }
}

/// A loss by Keras's name: `"binary_crossentropy"`.
public struct LossName: ExpressibleByStringLiteral, Sendable {
  let loss: any Loss

  /// All losses with a name.
  public static let known: [any Loss] = [
    BinaryCrossentropy(), CategoricalCrossentropy(), SparseCategoricalCrossentropy(),
    MeanSquaredError(), MeanAbsoluteError(), Hinge(),
  ]

  /// The loss with the given name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let loss = Self.known.first(where: { $0.name == name }) else {
      fail(unknownName(name, kind: "loss", known: Self.known.map(\.name)))
    }
    self.loss = loss
  }
}
