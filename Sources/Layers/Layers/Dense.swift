// The fully connected layer. Next on the way down: Autograd's `Operations/Dense.swift`.

import Autograd
import KernelTemplate
import Tensor

/// `activation(x · kernel + bias)`: every unit sees every number of the layer before.
///
/// The input has shape [batch, …, inputs], the result [batch, …, units].
public struct Dense<Scalar: TensorFloat>: Layer {
  /// The number of results per sample.
  public let units: Int
  /// What is applied to the weighted sums.
  public let activation: ActivationFunction
  /// The shape of one sample, where it was given.
  public let inputShape: TensorShape?
  /// The weights, [inputs, units].
  public var kernel = Parameter<Scalar>("kernel")
  /// What is added to the weighted sums, [units].
  public var bias = Parameter<Scalar>("bias")

  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer

  /// A layer with `units` results per sample.
  ///
  /// - Parameters:
  ///   - units: the number of units.
  ///   - activation: what is applied to the weighted sums.
  ///   - inputShape: the shape of one sample; needed by the first layer of a network only, and there
  ///     only if the network has to be built before it sees data.
  ///   - kernelInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - kernelRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases, which are usually left alone.
  public init(
    _ units: Int, activation: ActivationFunction = .linear, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    require(units > 0, "Dense: the number of units must be positive, got \(units)")
    self.units = units
    self.activation = activation
    self.inputShape = inputShape
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    kernel.regularizer = kernelRegularizer
    bias.regularizer = biasRegularizer
  }

  /// A layer with `units` results per sample; Keras's spelling with a label.
  public init(
    units: Int, activation: ActivationFunction = .linear, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.init(
      units, activation: activation, inputShape: inputShape,
      kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
      kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer)
  }

  /// Makes the parameters for samples of `inputShape`; returns the shape of a sample's result.
  public mutating func build(
    inputShape: TensorShape, using generator: inout RandomGenerator
  ) -> TensorShape {
    guard let inputs = inputShape.last, inputs > 0 else {
      fail("Dense: samples of shape \(inputShape) have no numbers to weigh")
    }
    kernel.value = Tensor(kernelInitializer.make([inputs, units], &generator))
    bias.value = Tensor(biasInitializer.make([units], &generator))
    return inputShape.replacing(axis: inputShape.rank - 1, with: units)
  }

  /// Records the layer's function on the context's tape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func callAsFunction(
    _ x: Variable<Scalar>, in context: Context<Scalar>
  ) -> Variable<Scalar> {
    let (kernel, bias) = (context[kernel], context[bias])
    switch activation {
    case .relu: return dense(x, kernel, bias, activation: .relu)
    case .tanh: return dense(x, kernel, bias, activation: .tanh)
    default: return activation(dense(x, kernel, bias))
    }
  }

  /// Calls `body` with each parameter, always in the same order.
  public mutating func forEachParameter(_ body: (inout Parameter<Scalar>) -> Void) {
    body(&kernel)
    body(&bias)
  }
}
