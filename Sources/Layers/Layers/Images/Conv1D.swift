import Autograd
import Tensor

/// A small window that moves over sequences: each filter answers at each step.
///
/// Samples have shape [steps, channels], results [steps, filters]. With padding `.causal` a result depends on no later
/// step, and with a `dilationRate` that doubles from layer to layer on very many earlier ones.
public struct Conv1D<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights.
  public var core: ConvolutionCore<Scalar>

  /// The number of results at each place.
  public var filters: Int { core.filters }

  /// A layer with `filters` results at each place, with Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of results at each place.
  ///   - kernelSize: the size of the window.
  ///   - strides: how far windows are apart.
  ///   - padding: what windows see beyond the ends; `.causal` puts zeros before the first step only.
  ///   - dilationRate: how far the steps that a window sees are apart.
  ///   - groups: into how many equal groups channels and filters are divided; a filter sees its group's channels.
  ///   - activation: what is applied to the weighted sums.
  ///   - useBias: whether anything is added to them.
  ///   - inputShape: the shape of one sample, [steps, channels], where it is not known from the layer before.
  ///   - kernelInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - kernelRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases.
  public init(
    _ filters: Int, kernelSize: Int, strides: Int = 1, padding: Padding = .valid,
    dilationRate: Int = 1, groups: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .plain, rank: 1, filters: filters, kernelSize: Size2D(height: 1, width: kernelSize),
      strides: Size2D(height: 1, width: strides), padding: padding,
      dilationRate: Size2D(height: 1, width: dilationRate), groups: groups, activation: activation,
      useBias: useBias,
      inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
