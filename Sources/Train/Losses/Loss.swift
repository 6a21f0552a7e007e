// The loss protocol. Next on the way down: Autograd's `Operations/CrossEntropy.swift`.

import Autograd
import Layers
import Tensor

/// A measure of how wrong predictions are, which training minimises.
///
/// A custom loss records its function on the tape:
///
/// ```swift
/// struct Quartic: Loss {
///   var name: String { "quartic" }
///   func callAsFunction<Scalar>(
///     _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
///   ) -> Variable<Scalar> {
///     check(prediction, target)
///     return square(square(prediction - target))
///   }
/// }
/// ```
public protocol Loss: Sendable, CustomStringConvertible {
  /// The name in messages, in Keras's spelling where Keras has the loss.
  var name: String { get }

  /// Records the losses, one per sample or per number; training minimises their mean.
  ///
  /// - Parameters:
  ///   - prediction: the output of the network, [batch, …].
  ///   - target: the expected output: the same shape or, for class indices, [batch].
  /// - Returns: the losses, such as [batch].
  func callAsFunction<Scalar>(
    _ prediction: Variable<Scalar>, _ target: Variable<Scalar>
  ) -> Variable<Scalar>

  /// Stops with a message if targets of `targetShape` do not fit predictions of `predictionShape`.
  ///
  /// Both include the batch axis. The default requires equal shapes.
  func check(predictionShape: TensorShape, targetShape: TensorShape)
}

extension Loss {
  /// The name of the type with its settings: `Huber(delta: 1.0)`.
  public var description: String { Layers.description(of: self) }

  /// Stops with a message if the target does not fit the prediction; call it first in a loss.
  ///
  /// Without it, shapes such as [4, 1] and [4] would be broadcast to [4, 4].
  @inline(__always)
  public func check<Scalar>(_ prediction: Variable<Scalar>, _ target: Variable<Scalar>) {
    check(predictionShape: prediction.shape, targetShape: target.shape)
  }

  /// Stops with a message if targets of `targetShape` do not fit.
  public func check(predictionShape: TensorShape, targetShape: TensorShape) {
    require(
      predictionShape == targetShape,
      "\(name): targets of shape \(targetShape) do not fit predictions of shape "
        + "\(predictionShape); they must be equal")
  }
}

extension Variable {
  /// The losses with zeros where they do not count, scaled so that the mean is that of those which do.
  ///
  /// If none counts, all are 0.
  func counting(_ mask: Tensor<Bool>) -> Variable {
    let number = mask.countTrue()
    return select(mask, self * Scalar(Double(mask.count) / Double(Swift.max(1, number))), 0)
  }
}

/// A loss by Keras's name: `"binary_crossentropy"`.
public struct LossName: ExpressibleByStringLiteral, Sendable {
  /// The loss with Keras's defaults.
  public let loss: any Loss

  /// All losses with a name.
  public static let known: [any Loss] = [
    BinaryCrossentropy(), CategoricalCrossentropy(), SparseCategoricalCrossentropy(),
    KLDivergence(), MeanSquaredError(), MeanAbsoluteError(), Huber(), LogCosh(), Hinge(),
  ]

  /// The loss with the given name; nil if there is none.
  ///
  /// The short names `mse`, `mae`, `bce`, `cce` and `scce` work too.
  public init?(_ name: String) {
    let short = [
      "mse": "mean_squared_error", "mae": "mean_absolute_error", "bce": "binary_crossentropy",
      "cce": "categorical_crossentropy", "scce": "sparse_categorical_crossentropy",
    ]
    guard let loss = Self.known.first(where: { $0.name == short[name] ?? name }) else {
      return nil
    }
    self.loss = loss
  }

  /// The loss with the given name; stops if there is none.
  public init(stringLiteral name: String) {
    guard let known = LossName(name as String) else {
      fail(unknownName(name, kind: "loss", known: Self.known.map(\.name)))
    }
    self = known
  }
}
