import Autograd
import Tensor

/// Samples from a normal distribution whose mean and log variance are its two inputs.
///
/// The result is `mean + exp(logVariance / 2) · noise`, so gradients reach both inputs. At
/// inference it is the mean.
///
/// Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", 2013, section 2.4.
public struct GaussianSampling<Scalar: TensorFloat>: StorableLayer {
  /// A layer for two inputs of equal shape.
  public init() {}

  /// Two inputs: the mean and the log variance.
  public var inputs: [LayerInput] {
    [LayerInput("mean", shape: nil), LayerInput("logVariance", shape: nil)]
  }

  /// Returns the shape of each input, which is also the shape of the result.
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

  /// Samples in training; returns the mean at inference.
  public func call(
    _ inputs: [Variable<Scalar>], in context: Context<Scalar>
  ) -> [Variable<Scalar>] {
    guard context.isTraining else { return [inputs[0]] }
    let noise = Tensor<Scalar>.normal(inputs[0].shape, using: &context.generator)
    return [inputs[0] + exp(inputs[1] * 0.5) * context.tape.constant(noise)]
  }

  /// Stops: the layer needs two inputs.
  public func call(
    _ input: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    fail("GaussianSampling: expected a mean and a logarithm of variance, got one input")
  }
}
