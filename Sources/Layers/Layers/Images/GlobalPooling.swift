// One number of each channel or feature: the greatest, or the mean, over a whole image or sequence.

import Autograd
import Tensor

/// The greatest number of each channel: [batch, height, width, channels] becomes [batch, channels].
public struct GlobalMaxPooling2D<Scalar: TensorFloat>: StorableLayer {
  /// Whether height and width stay, with size 1.
  public let keepDimensions: Bool

  /// A layer whose result has the channels only, or height and width of 1 too.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: a row is no step.
  public var supportsMasking: Bool { false }

  /// The channels.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return keepDimensions ? [1, 1, inputShape[2]] : [inputShape[2]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.max(axes: [1, 2], keepingDimensions: keepDimensions)
  }
}

/// The mean of each channel: [batch, height, width, channels] becomes [batch, channels].
public struct GlobalAveragePooling2D<Scalar: TensorFloat>: StorableLayer {
  /// Whether height and width stay, with size 1.
  public let keepDimensions: Bool

  /// A layer whose result has the channels only, or height and width of 1 too.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: a row is no step.
  public var supportsMasking: Bool { false }

  /// The channels.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return keepDimensions ? [1, 1, inputShape[2]] : [inputShape[2]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.mean(axes: [1, 2], keepingDimensions: keepDimensions)
  }
}

/// The greatest number of each feature: [batch, steps, features] becomes [batch, features].
///
/// Steps that a mask says have no data count too, as in Keras; ``GlobalAveragePooling1D`` leaves them out.
public struct GlobalMaxPooling1D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the axis of steps stays, with size 1.
  public let keepDimensions: Bool

  /// A layer whose result has the features only, or one step too.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: there are no steps any more.
  public var supportsMasking: Bool { false }

  /// The features.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return keepDimensions ? [1, inputShape[1]] : [inputShape[1]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.max(axis: 1, keepingDimensions: keepDimensions)
  }
}

/// The mean of each feature: [batch, steps, features] becomes [batch, features].
///
/// Steps that a mask says have no data do not count; of a sequence without data the mean is 0, where Keras has
/// NaN.
public struct GlobalAveragePooling1D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the axis of steps stays, with size 1.
  public let keepDimensions: Bool

  /// A layer whose result has the features only, or one step too.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: there are no steps any more.
  public var supportsMasking: Bool { false }

  /// The features.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return keepDimensions ? [1, inputShape[1]] : [inputShape[1]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    guard let mask = context.mask(of: x) else {
      return x.mean(axis: 1, keepingDimensions: keepDimensions)
    }
    let isValid = mask.expandingShape(at: -1)
    let count = Tensor<Scalar>(isValid).sum(axis: 1, keepingDimensions: keepDimensions)
    return select(isValid, x, 0).sum(axis: 1, keepingDimensions: keepDimensions)
      / x.tape.constant(count.clipped(to: 1...))
  }
}
