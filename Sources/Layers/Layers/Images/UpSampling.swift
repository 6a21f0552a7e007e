// Larger images: each pixel several times, or numbers between pixels.

import Autograd
import Tensor

/// Larger images: [batch, height, width, channels] becomes [batch, height · h, width · w, channels].
public struct UpSampling2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// How the new pixels follow from the old.
  public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// Each is that of the nearest old one: pixels are repeated.
    case nearest
    /// Each lies on the lines between the nearest old ones; pixels are areas, and beyond the outer centers
    /// numbers stay as they are.
    case bilinear
  }

  /// The factors of height and width.
  public let size: Size2D
  /// How the new pixels follow from the old.
  public let interpolation: Interpolation

  /// A layer with Keras's defaults.
  public init(_ size: Size2D = 2, interpolation: Interpolation = .nearest) {
    self.size = size
    self.interpolation = interpolation
    requireValid()
  }

  /// Throws unless the factors are positive.
  public func validate() throws(InvalidValue) {
    guard size.isValid else {
      throw InvalidValue("the factors must lie in 1...\(Size2D.largest), got \(size)")
    }
  }

  /// False: a row is no step.
  public var supportsMasking: Bool { false }

  /// The larger image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    let image = try inputShape.requireImage()
    return [image.height * size.height, image.width * size.width, inputShape[2]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    switch interpolation {
    case .nearest:
      repeated(repeated(x, size.width, axis: 2), size.height, axis: 1)
    case .bilinear:
      interpolated(interpolated(x, size.height, axis: 1), size.width, axis: 2)
    }
  }
}

/// Longer sequences, each step several times: [batch, steps, features] becomes [batch, steps · size, features].
public struct UpSampling1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// How often each step stands in the result.
  public let size: Int

  /// A layer that repeats each step.
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

  /// False: there are other steps.
  public var supportsMasking: Bool { false }

  /// The longer sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    [try inputShape.requireSequence() * size, inputShape[1]]
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    repeated(x, size, axis: 1)
  }
}

/// Each part along `axis` so many times in a row.
private func repeated<Scalar>(_ x: Variable<Scalar>, _ count: Int, axis: Int) -> Variable<Scalar> {
  x.expandingShape(at: axis + 1).broadcast(to: x.shape.inserting(count, at: axis + 1))
    .reshaped(to: x.shape.replacing(axis: axis, with: x.shape[axis] * count))
}

/// So many times as many parts along `axis`, each on the line between the two nearest.
private func interpolated<Scalar>(
  _ x: Variable<Scalar>, _ factor: Int, axis: Int
) -> Variable<Scalar> {
  let size = x.shape[axis]
  if factor == 1 || size == 0 { return x }
  // The centers of the new parts, where old centers have distance 1 and the first is 0.
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
