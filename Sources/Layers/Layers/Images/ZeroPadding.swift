import Autograd
import Tensor

/// Pads images, [batch, height, width, channels], with zeros.
public struct ZeroPadding2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of rows or columns of zeros on each side.
  public let top, bottom, left, right: Int

  /// Creates a layer that adds `padding.height` rows at the top and at the bottom, and
  /// `padding.width` columns on the left and on the right.
  public init(_ padding: Size2D = 1) {
    self.init(
      top: padding.height, bottom: padding.height, left: padding.width, right: padding.width)
  }

  /// Creates a layer that pads each side by its own number.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) {
    try validateMargins(top, bottom, left, right)
  }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: the larger image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let image = try inputShape.requireImage()
    return [image.height + top + bottom, image.width + left + right, inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.padded([(0, 0), (top, bottom), (left, right), (0, 0)])
  }
}

/// Pads sequences, [batch, steps, features], with steps of zeros before and after.
public struct ZeroPadding1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps of zeros before and after the sequence.
  public let before, after: Int

  /// Creates a layer that adds the same number of steps before and after.
  public init(_ padding: Int = 1) { self.init(before: padding, after: padding) }

  /// Creates a layer that pads each end by its own number of steps.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) { try validateMargins(before, after) }

  /// False: the number of steps changes.
  public var supportsMasking: Bool { false }

  /// The output's shape: the longer sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    [try inputShape.requireSequence() + before + after, inputShape[1]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.padded([(0, 0), (before, after), (0, 0)])
  }
}

/// Throws if a number of rows, columns or steps is negative or too large.
func validateMargins(_ margins: Int...) throws(InvalidValue) {
  guard margins.allSatisfy((0...Size2D.largest).contains) else {
    throw InvalidValue("what is added or taken must lie in 0...\(Size2D.largest), got \(margins)")
  }
}
