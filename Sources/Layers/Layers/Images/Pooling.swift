// Pooling: one number per window and channel. Next, one level down: Autograd's
// `Operations/Pooling.swift`.

import Autograd
import Tensor

/// The maximum of each channel in each window over images.
///
/// The input has shape [batch, height, width, channels], the result [batch, rows, columns,
/// channels], with one row and column per window.
public struct MaxPooling2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The size of the window.
  public let poolSize: Size2D
  /// The step from one window to the next.
  public let strides: Size2D
  /// `.valid`: windows lie within the image; `.same`: a window begins at every stride.
  public let padding: Padding

  /// Creates a layer; without `strides`, the windows touch but do not overlap.
  public init(_ poolSize: Size2D = 2, strides: Size2D? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides ?? poolSize
    self.padding = padding
    requireValid()
  }

  /// Throws unless the sizes are positive and the padding is `.valid` or `.same`.
  public func validate() throws(InvalidValue) {
    try validatePooling(poolSize, strides, padding)
  }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape, [rows, columns, channels]; throws if no window fits.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let windows = try windowCount(try inputShape.requireImage(), poolSize, strides, padding)
    return [windows.height, windows.width, inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    maxPooling(x, poolSize, strides: strides, padding: padding)
  }
}

/// The mean of each channel in each window over images; padding does not count.
///
/// The input has shape [batch, height, width, channels], the result [batch, rows, columns,
/// channels], with one row and column per window.
public struct AveragePooling2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The size of the window.
  public let poolSize: Size2D
  /// The step from one window to the next.
  public let strides: Size2D
  /// `.valid`: windows lie within the image; `.same`: a window begins at every stride.
  public let padding: Padding

  /// Creates a layer; without `strides`, the windows touch but do not overlap.
  public init(_ poolSize: Size2D = 2, strides: Size2D? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides ?? poolSize
    self.padding = padding
    requireValid()
  }

  /// Throws unless the sizes are positive and the padding is `.valid` or `.same`.
  public func validate() throws(InvalidValue) {
    try validatePooling(poolSize, strides, padding)
  }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape, [rows, columns, channels]; throws if no window fits.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let windows = try windowCount(try inputShape.requireImage(), poolSize, strides, padding)
    return [windows.height, windows.width, inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    averagePooling(x, poolSize, strides: strides, padding: padding)
  }
}

/// The maximum of each feature in each window over sequences.
///
/// The input has shape [batch, steps, features], the result [batch, windows, features].
public struct MaxPooling1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps in a window.
  public let poolSize: Int
  /// The step from one window to the next.
  public let strides: Int
  /// `.valid`: windows lie within the sequence; `.same`: a window begins at every stride.
  public let padding: Padding

  /// Creates a layer; without `strides`, the windows touch but do not overlap.
  public init(_ poolSize: Int = 2, strides: Int? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides ?? poolSize
    self.padding = padding
    requireValid()
  }

  /// Throws unless the sizes are positive and the padding is `.valid` or `.same`.
  public func validate() throws(InvalidValue) {
    try validatePooling(.steps(poolSize), .steps(strides), padding)
  }

  /// False: one output covers several steps.
  public var supportsMasking: Bool { false }

  /// The output's shape, [windows, features]; throws if no window fits.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let steps = Size2D.steps(try inputShape.requireSequence())
    return [
      try windowCount(steps, .steps(poolSize), .steps(strides), padding).width, inputShape[1],
    ]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    onImages(x) {
      maxPooling($0, .steps(poolSize), strides: .steps(strides), padding: padding)
    }
  }
}

/// The mean of each feature in each window over sequences; padding does not count.
///
/// The input has shape [batch, steps, features], the result [batch, windows, features].
public struct AveragePooling1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of steps in a window.
  public let poolSize: Int
  /// The step from one window to the next.
  public let strides: Int
  /// `.valid`: windows lie within the sequence; `.same`: a window begins at every stride.
  public let padding: Padding

  /// Creates a layer; without `strides`, the windows touch but do not overlap.
  public init(_ poolSize: Int = 2, strides: Int? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides ?? poolSize
    self.padding = padding
    requireValid()
  }

  /// Throws unless the sizes are positive and the padding is `.valid` or `.same`.
  public func validate() throws(InvalidValue) {
    try validatePooling(.steps(poolSize), .steps(strides), padding)
  }

  /// False: one output covers several steps.
  public var supportsMasking: Bool { false }

  /// The output's shape, [windows, features]; throws if no window fits.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let steps = Size2D.steps(try inputShape.requireSequence())
    return [
      try windowCount(steps, .steps(poolSize), .steps(strides), padding).width, inputShape[1],
    ]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    onImages(x) {
      averagePooling($0, .steps(poolSize), strides: .steps(strides), padding: padding)
    }
  }
}

// MARK: - Shared checks

private func validatePooling(
  _ size: Size2D, _ strides: Size2D, _ padding: Padding
) throws(InvalidValue) {
  guard size.isValid && strides.isValid else {
    throw InvalidValue(
      "windows and strides must lie in 1...\(Size2D.largest), got \(size) and \(strides)")
  }
  guard padding != .causal else {
    throw InvalidValue("there is no causal padding; take valid or same")
  }
}

/// The number of windows along both axes of an image; throws if none fits.
private func windowCount(
  _ image: Size2D, _ size: Size2D, _ strides: Size2D, _ padding: Padding
) throws(ShapeError) -> Size2D {
  let count = Window(strides: strides, padding: padding).outputSize(of: image, kernel: size)
  guard count.height > 0 && count.width > 0 else {
    throw ShapeError("no window of \(size) fits into samples of \(image)")
  }
  return count
}
