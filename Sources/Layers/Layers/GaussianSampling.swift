import Autograd
import Tensor

/// Draws from the normal distribution whose mean and logarithm of variance are its two inputs.
///
/// The result is `mean + exp(logVariance / 2) · noise`, so gradients reach both. At inference it is the mean.
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", 2013, section 2.4.
public struct GaussianSampling<Scalar: TensorFloat>: StorableLayer {
  /// A layer for two inputs of equal shapes.
  public init() {}

  /// The mean and the logarithm of the variance.
  public var inputs: [LayerInput] {
    [LayerInput("mean", shape: nil), LayerInput("logVariance", shape: nil)]
  }

  /// States the shape of the result, that of each input.
  public mutating func build(
    _ builder: inout LayerBuilder<Scalar>, inputShapes: [TensorShape]
  ) throws(ShapeError) -> [TensorShape] {
    guard inputShapes.count == 2, inputShapes[0] == inputShapes[1] else {
      throw ShapeError(
        "expected a mean and a logarithm of variance of equal shapes, got "
          + inputShapes.map(\.description).joined(separator: " and "))
    }
    return [inputShapes[0]]
  }

  /// Draws, or gives the mean.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    guard context.isTraining else { return [inputs[0]] }
    let noise = Tensor<Scalar>.normal(inputs[0].shape, using: &context.generator)
    return [inputs[0] + exp(inputs[1] * 0.5) * context.tape.constant(noise)]
  }

  /// Stops: one input is no distribution.
  public func call(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    fail("GaussianSampling: expected a mean and a logarithm of variance, got one input")
  }
}
