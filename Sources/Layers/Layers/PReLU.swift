import Autograd
import Tensor

/// Each number where it is positive, and a part of it elsewhere that is learned.
///
/// Each place of a sample has a factor of its own, except along `sharedAxes`: after a convolution [1, 2] makes
/// one factor for each channel.
///
/// Source: K. He et al., "Delving deep into rectifiers", 2015.
public struct PReLU<Scalar: TensorFloat>: StorableLayer, Validated {
  /// The axes along which there is one factor; the first of a sample is 1.
  public let sharedAxes: [Int]
  /// The factors of negative numbers, of a sample's shape with size 1 along shared axes.
  public var alpha = Parameter<Scalar>()

  private let alphaInitializer: Initializer

  /// A layer with Keras's defaults: a factor for each place, 0 at the start.
  ///
  /// - Parameters:
  ///   - sharedAxes: the axes along which there is one factor; 0 is the batch.
  ///   - alphaInitializer: how the factors begin.
  ///   - alphaRegularizer: what is added to the loss so that they stay small.
  public init(
    sharedAxes: [Int] = [], alphaInitializer: Initializer = .zeros,
    alphaRegularizer: Regularizer? = nil
  ) {
    self.sharedAxes = sharedAxes
    self.alphaInitializer = alphaInitializer
    alpha.regularizer = alphaRegularizer
    requireValid()
  }

  /// Throws if the batch is to be shared, which it is anyway, or an axis of negative number.
  public func validate() throws(InvalidValue) {
    guard sharedAxes.allSatisfy({ $0 > 0 }) else {
      throw InvalidValue("shared axes are counted from 1, the first of a sample, got \(sharedAxes)")
    }
  }

  /// The factors.
  public mutating func forEachMember(_ visit: inout some MemberVisitor<Scalar>) {
    visit("alpha", &alpha)
  }

  /// A factor for each place, or for all places along shared axes.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShape: TensorShape
  ) throws(ShapeError) -> TensorShape {
    guard sharedAxes.allSatisfy({ $0 <= inputShape.rank }) else {
      throw ShapeError("samples of shape \(inputShape) do not have the shared axes \(sharedAxes)")
    }
    let sizes = inputShape.enumerated().map { sharedAxes.contains($0 + 1) ? 1 : $1 }
    try builder.parameter(&alpha, sizes, alphaInitializer)
    return inputShape
  }

  /// Records the layer's function on the context's tape.
  public func call(_ x: Variable<Scalar>, in context: Context<Scalar>) -> Variable<Scalar> {
    relu(x) - context[alpha] * relu(-x)
  }
}
