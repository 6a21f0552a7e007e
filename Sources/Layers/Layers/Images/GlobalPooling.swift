// Global pooling: the maximum or the mean of each channel over a whole image or sequence.

import Autograd
import Tensor

/// The maximum of each channel: [batch, height, width, channels] becomes [batch, channels].
public struct GlobalMaxPooling2D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the height and width axes are kept, with size 1.
  public let keepDimensions: Bool

  /// Creates a layer with output [batch, channels], or [batch, 1, 1, channels] if the axes are
  /// kept.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: [channels], or [1, 1, channels].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return keepDimensions ? [1, 1, inputShape[2]] : [inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.max(axes: [1, 2], keepingDimensions: keepDimensions)
  }
}

/// The mean of each channel: [batch, height, width, channels] becomes [batch, channels].
public struct GlobalAveragePooling2D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the height and width axes are kept, with size 1.
  public let keepDimensions: Bool

  /// Creates a layer with output [batch, channels], or [batch, 1, 1, channels] if the axes are
  /// kept.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: [channels], or [1, 1, channels].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return keepDimensions ? [1, 1, inputShape[2]] : [inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.mean(axes: [1, 2], keepingDimensions: keepDimensions)
  }
}

/// The maximum of each feature: [batch, steps, features] becomes [batch, features].
///
/// Masked steps count too, as in Keras; ``GlobalAveragePooling1D`` leaves them out.
public struct GlobalMaxPooling1D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the axis of steps is kept, with size 1.
  public let keepDimensions: Bool

  /// Creates a layer with output [batch, features], or [batch, 1, features] if the axis is kept.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: the output has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: [features], or [1, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return keepDimensions ? [1, inputShape[1]] : [inputShape[1]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.max(axis: 1, keepingDimensions: keepDimensions)
  }
}

/// The mean of each feature: [batch, steps, features] becomes [batch, features].
///
/// Masked steps do not count. If every step of a sequence is masked, the mean is 0, where Keras
/// gives NaN.
public struct GlobalAveragePooling1D<Scalar: TensorFloat>: StorableLayer {
  /// Whether the axis of steps is kept, with size 1.
  public let keepDimensions: Bool

  /// Creates a layer with output [batch, features], or [batch, 1, features] if the axis is kept.
  public init(keepDimensions: Bool = false) { self.keepDimensions = keepDimensions }

  /// False: the output has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: [features], or [1, features].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return keepDimensions ? [1, inputShape[1]] : [inputShape[1]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
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
