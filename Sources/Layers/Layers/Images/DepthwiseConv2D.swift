import Autograd
import Tensor

/// A depthwise 2D convolution: slides a small window over each channel of an image separately.
///
/// Samples have shape [height, width, channels], results [rows, columns, channels ·
/// depthMultiplier]. The kernel has shape [height, width, channels, depthMultiplier].
public struct DepthwiseConv2D<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights of the convolution.
  public var core: ConvolutionCore<Scalar>

  /// The number of outputs per channel at each position.
  public var depthMultiplier: Int { core.filters }

  /// Creates a layer with Keras's defaults.
  ///
  /// - Parameters:
  ///   - kernelSize: the size of the window.
  ///   - strides: the step from one window to the next.
  ///   - padding: what windows see beyond the edges: nothing (`.valid`) or zeros (`.same`).
  ///   - depthMultiplier: the number of outputs per channel at each position.
  ///   - dilationRate: the distance between the pixels of a window.
  ///   - activation: the function applied to the weighted sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [height, width, channels], if no earlier layer gives
  ///     it.
  ///   - depthwiseInitializer: how the kernel is initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - depthwiseRegularizer: a penalty on the kernel, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
  public init(
    kernelSize: Size2D, strides: Size2D = 1, padding: Padding = .valid, depthMultiplier: Int = 1,
    dilationRate: Size2D = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    depthwiseInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    depthwiseRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .depthwise, rank: 2, filters: depthMultiplier, kernelSize: kernelSize,
      strides: strides, padding: padding, dilationRate: dilationRate,
      activation: activation, useBias: useBias, inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: depthwiseInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: depthwiseRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
