import Autograd
import Tensor

/// Images without their outer rows and columns, [batch, height, width, channels].
public struct Cropping2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of rows and columns taken away on each side.
  public let top, bottom, left, right: Int

  /// A layer that takes as many rows above as below, and as many columns from the left as from the right.
  public init(_ cropping: Size2D) {
    self.init(
      top: cropping.height, bottom: cropping.height, left: cropping.width, right: cropping.width)
  }

  /// A layer that takes rows above and below, and columns from the left and from the right; Keras has none as
  /// its default.
  public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) {
    try validateMargins(top, bottom, left, right)
  }

  /// False: a row is no step.
  public var supportsMasking: Bool { false }

  /// The smaller image.
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

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x[0..., top..<x.shape[1] - bottom, left..<x.shape[2] - right]
  }
}

/// Sequences without their first and last steps, [batch, steps, features].
public struct Cropping1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps taken away at the beginning and at the end.
  public let before, after: Int

  /// A layer that takes as many steps at the beginning as at the end.
  public init(_ cropping: Int = 1) { self.init(before: cropping, after: cropping) }

  /// A layer that takes steps at the beginning and at the end.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) { try validateMargins(before, after) }

  /// False: there are other steps.
  public var supportsMasking: Bool { false }

  /// The shorter sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let steps = try inputShape.requireSequence() - before - after
    guard steps > 0 else {
      throw ShapeError("nothing is left of samples of shape \(inputShape)")
    }
    return [steps, inputShape[1]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x[0..., before..<x.shape[1] - after]
  }
}
