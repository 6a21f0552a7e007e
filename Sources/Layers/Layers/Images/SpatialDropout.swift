import Autograd
import Tensor

/// Sets whole channels of an image to 0 with probability `rate` during training.
///
/// The other channels are multiplied by `1 / (1 - rate)`. At inference the layer does nothing.
///
/// Neighbouring pixels carry nearly the same information, so dropping single pixels removes little
/// of it.
///
/// Source: J. Tompson et al., "Efficient object localization using convolutional networks", 2014.
public struct SpatialDropout2D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The probability that a channel is dropped, in 0..<1.
  public let rate: Double

  /// Creates a layer that drops each channel with probability `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// Throws unless the rate lies in 0..<1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// The input's shape; throws unless it is that of an image.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireImage()
    return inputShape
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    spatialDropout(x, rate, in: context)
  }
}

/// Sets whole features of a sequence to 0 with probability `rate` during training.
///
/// The other features are multiplied by `1 / (1 - rate)`. At inference the layer does nothing.
public struct SpatialDropout1D<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The probability that a channel is dropped, in 0..<1.
  public let rate: Double

  /// Creates a layer that drops each feature of a sequence with probability `rate`.
  public init(_ rate: Double) {
    self.rate = rate
    requireValid()
  }

  /// Throws unless the rate lies in 0..<1.
  public func validate() throws(InvalidValue) { try validateDropout(rate) }

  /// The input's shape; throws unless it is that of a sequence.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    _ = try inputShape.requireSequence()
    return inputShape
  }

  /// Applies the layer to a batch and records it on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    spatialDropout(x, rate, in: context)
  }
}

/// Multiplies each channel of each sample by one factor, 0 or `1 / (1 - rate)`.
private func spatialDropout<Scalar>(
  _ x: Variable<Scalar>, _ rate: Double, in context: Context<Scalar>
) -> Variable<Scalar> {
  guard context.isTraining && rate > 0 else { return x }
  var sizes = [Int](repeating: 1, count: x.rank)
  (sizes[0], sizes[x.rank - 1]) = (x.shape[0], x.shape[x.rank - 1])
  let ones = x.tape.constant(.ones(TensorShape(sizes)))
  return x * dropout(ones, rate: rate, using: &context.generator)
}
