import Autograd
import Tensor

/// Crops rows and columns at the edges of images, [batch, height, width, channels].
public struct Cropping2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of rows or columns cropped on each side.
  public let top, bottom, left, right: Int

  /// Creates a layer that crops `cropping.height` rows at the top and at the bottom, and
  /// `cropping.width` columns on the left and on the right.
  public init(_ cropping: Size2D) {
    self.init(
      top: cropping.height, bottom: cropping.height, left: cropping.width, right: cropping.width)
  }

  /// Creates a layer that crops each side by its own number.
  ///
  /// Without arguments nothing is cropped, as in Keras.
  public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) {
    try validateMargins(top, bottom, left, right)
  }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape, [height - top - bottom, width - left - right, channels].
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let image = try inputShape.requireImage()
    let (height, width) = (image.height - top - bottom, image.width - left - right)
    guard height > 0 && width > 0 else {
      throw ShapeError("nothing is left of samples of shape \(inputShape)")
    }
    return [height, width, inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x[0..., top..<x.shape[1] - bottom, left..<x.shape[2] - right]
  }
}

/// Crops steps at the ends of sequences, [batch, steps, features].
public struct Cropping1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps cropped at the beginning and at the end.
  public let before, after: Int

  /// Creates a layer that crops the same number of steps at the beginning and at the end.
  public init(_ cropping: Int = 1) { self.init(before: cropping, after: cropping) }

  /// Creates a layer that crops each end by its own number of steps.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) { try validateMargins(before, after) }

  /// False: the number of steps changes.
  public var supportsMasking: Bool { false }

  /// The output's shape, with fewer steps.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let steps = try inputShape.requireSequence() - before - after
    guard steps > 0 else {
      throw ShapeError("nothing is left of samples of shape \(inputShape)")
    }
    return [steps, inputShape[1]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x[0..., before..<x.shape[1] - after]
  }
}
