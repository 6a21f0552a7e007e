import Autograd
import Tensor

/// Sets whole channels of an image to 0 with probability `rate` during training, and scales the others up by
/// `1 / (1 - rate)`; does nothing at inference.
///
/// Neighbouring pixels say nearly the same, so that dropping single ones takes little away.
///
/// Source: J. Tompson et al., "Efficient object localization using convolutional networks", 2014.
public struct SpatialDropout2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The probability of being dropped, in 0..<1.
  public let rate: Double

  /// A layer that drops a channel with probability `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// Throws if the rate is no probability below 1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// The same shape, that of an image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    spatialDropout(x, rate, in: context)
  }
}

/// Sets whole features of a sequence to 0 with probability `rate` during training, and scales the others up by
/// `1 / (1 - rate)`; does nothing at inference.
public struct SpatialDropout1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The probability of being dropped, in 0..<1.
  public let rate: Double

  /// A layer that drops a feature of a sequence with probability `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// Throws if the rate is no probability below 1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// The same shape, that of a sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    spatialDropout(x, rate, in: context)
  }
}

/// The same factor, 0 or `1 / (1 - rate)`, for all numbers of a sample's channel.
private func spatialDropout<Scalar>(
  _ x: Variable<Scalar>, _ rate: Double, in context: Context<Scalar>
) -> Variable<Scalar> {
  guard context.isTraining && rate > 0 else { return x }
  var sizes = [Int](repeating: 1, count: x.rank)
  (sizes[0], sizes[x.rank - 1]) = (x.shape[0], x.shape[x.rank - 1])
  let ones = x.tape.constant(.ones(TensorShape(sizes)))
  return x * dropout(ones, rate: rate, using: &context.generator)
}
