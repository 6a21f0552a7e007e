import Autograd
import Tensor

/// Zeros around images, [batch, height, width, channels].
public struct ZeroPadding2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of rows and columns of zeros on each side.
  public let top, bottom, left, right: Int

  /// A layer that adds as many rows above as below, and as many columns to the left as to the right.
  public init(_ padding: Size2D = 1) {
    self.init(
      top: padding.height, bottom: padding.height, left: padding.width, right: padding.width)
  }

  /// A layer that adds rows above and below, and columns to the left and to the right.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) {
    try validateMargins(top, bottom, left, right)
  }

  /// False: a row is no step.
  public var supportsMasking: Bool { false }

  /// The larger image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let image = try inputShape.requireImage()
    return [image.height + top + bottom, image.width + left + right, inputShape[2]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.padded([(0, 0), (top, bottom), (left, right), (0, 0)])
  }
}

/// Steps of zeros before and after sequences, [batch, steps, features].
public struct ZeroPadding1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps of zeros before the sequence and after it.
  public let before, after: Int

  /// A layer that adds as many steps before as after.
  public init(_ padding: Int = 1) { self.init(before: padding, after: padding) }

  /// A layer that adds steps before and after.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
    requireValid()
  }

  /// Throws if a number is negative.
  public func validate() throws(InvalidValue) { try validateMargins(before, after) }

  /// False: there are other steps.
  public var supportsMasking: Bool { false }

  /// The longer sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    [try inputShape.requireSequence() + before + after, inputShape[1]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    x.padded([(0, 0), (before, after), (0, 0)])
  }
}

/// Throws unless the numbers of rows, columns or steps at the sides make sense.
func validateMargins(_ margins: Int...) throws(InvalidValue) {
  guard margins.allSatisfy((0...Size2D.largest).contains) else {
    throw InvalidValue("what is added or taken must lie in 0...\(Size2D.largest), got \(margins)")
  }
}
