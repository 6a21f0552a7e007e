// Larger images: pixels are repeated or interpolated.

import Autograd
import Tensor

/// Enlarges images: [batch, height, width, channels] becomes [batch, height · h, width · w,
/// channels].
public struct UpSampling2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// How new pixels are computed from old ones.
  public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// Each new pixel copies the nearest old one: pixels are repeated.
    case nearest
    /// Each new pixel is interpolated linearly between the nearest old ones. Pixels are areas, and
    /// values beyond the outer centers are those of the outer pixels.
    case bilinear
  }

  /// The factors by which height and width grow.
  public let size: Size2D
  /// How new pixels are computed from old ones.
  public let interpolation: Interpolation

  /// Creates a layer with Keras's defaults.
  public init(_ size: Size2D = 2, interpolation: Interpolation = .nearest) {
    self.size = size
    self.interpolation = interpolation
    requireValid()
  }

  /// Throws unless both factors are positive.
  public func validate() throws(InvalidValue) {
    guard size.isValid else {
      throw InvalidValue("the factors must lie in 1...\(Size2D.largest), got \(size)")
    }
  }

  /// False: an image has no steps to mask.
  public var supportsMasking: Bool { false }

  /// The output's shape: the larger image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let image = try inputShape.requireImage()
    return [image.height * size.height, image.width * size.width, inputShape[2]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    switch interpolation {
    case .nearest:
      repeated(repeated(x, size.width, axis: 2), size.height, axis: 1)
    case .bilinear:
      interpolated(interpolated(x, size.height, axis: 1), size.width, axis: 2)
    }
  }
}

/// Repeats each step of a sequence: [batch, steps, features] becomes [batch, steps · size,
/// features].
public struct UpSampling1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The number of times each step is repeated.
  public let size: Int

  /// Creates a layer that repeats each step `size` times.
  public init(_ size: Int = 2) {
    self.size = size
    requireValid()
  }

  /// Throws unless the factor is positive.
  public func validate() throws(InvalidValue) {
    guard Size2D.steps(size).isValid else {
      throw InvalidValue("the factor must lie in 1...\(Size2D.largest), got \(size)")
    }
  }

  /// False: the number of steps changes.
  public var supportsMasking: Bool { false }

  /// The output's shape: the longer sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    [try inputShape.requireSequence() * size, inputShape[1]]
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    repeated(x, size, axis: 1)
  }
}

/// Repeats each slice along `axis` `count` times in a row.
private func repeated<Scalar>(_ x: Variable<Scalar>, _ count: Int, axis: Int) -> Variable<Scalar> {
  x.expandingShape(at: axis + 1).broadcast(to: x.shape.inserting(count, at: axis + 1))
    .reshaped(to: x.shape.replacing(axis: axis, with: x.shape[axis] * count))
}

/// Makes `factor` times as many slices along `axis`, each interpolated linearly between the two
/// nearest.
private func interpolated<Scalar>(
  _ x: Variable<Scalar>, _ factor: Int, axis: Int
) -> Variable<Scalar> {
  let size = x.shape[axis]
  if factor == 1 || size == 0 { return x }
  // The centers of the new slices; the old centers are 0, 1, 2, …
  let places = (0..<size * factor).map { place in
    min(max((Double(place) + 0.5) / Double(factor) - 0.5, 0), Double(size - 1))
  }
  let before = places.map { Int($0) }
  let after = before.map { min($0 + 1, size - 1) }
  var shape = [Int](repeating: 1, count: x.rank)
  shape[axis] = places.count
  let shares = Tensor(
    zip(places, before).map { Scalar($0 - Double($1)) }, shape: TensorShape(shape))
  let start = x.taking(before, axis: axis)
  return start + (x.taking(after, axis: axis) - start) * x.tape.constant(shares)
}
