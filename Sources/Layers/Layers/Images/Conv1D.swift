import Autograd
import Tensor

/// A 1D convolution: slides a small window over a sequence and computes every filter at each step.
///
/// Samples have shape [steps, channels], results [steps, filters]. With `.causal` padding, no
/// output depends on a later step. If `dilationRate` also doubles from layer to layer, each output
/// depends on very many earlier steps.
public struct Conv1D<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights of the convolution.
  public var core: ConvolutionCore<Scalar>

  /// The number of outputs at each position.
  public var filters: Int { core.filters }

  /// Creates a layer with `filters` outputs at each position and Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of outputs at each position.
  ///   - kernelSize: the size of the window.
  ///   - strides: the step from one window to the next.
  ///   - padding: what windows see beyond the ends; `.causal` pads with zeros before the first step
  ///     only.
  ///   - dilationRate: the distance between the steps of a window.
  ///   - groups: the number of equal groups of channels and filters; a filter sees only the
  ///     channels of its group.
  ///   - activation: the function applied to the weighted sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [steps, channels], if no earlier layer gives it.
  ///   - kernelInitializer: how the kernel is initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - kernelRegularizer: a penalty on the kernel, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
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
