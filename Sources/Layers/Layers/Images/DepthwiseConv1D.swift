import Autograd
import Tensor

/// A depthwise 1D convolution: slides a small window over each channel of a sequence separately.
///
/// Samples have shape [steps, channels], results [steps, channels · depthMultiplier]. The kernel
/// has shape [size, channels, depthMultiplier].
public struct DepthwiseConv1D<Scalar: TensorFloat>: ConvolutionLayer {
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
  ///   - dilationRate: the distance between the steps of a window.
  ///   - activation: the function applied to the weighted sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [steps, channels], if no earlier layer gives it.
  ///   - depthwiseInitializer: how the kernel is initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - depthwiseRegularizer: a penalty on the kernel, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
  public init(
    kernelSize: Int, strides: Int = 1, padding: Padding = .valid, depthMultiplier: Int = 1,
    dilationRate: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    depthwiseInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    depthwiseRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .depthwise, rank: 1, filters: depthMultiplier,
      kernelSize: Size2D(height: 1, width: kernelSize),
      strides: Size2D(height: 1, width: strides), padding: padding,
      dilationRate: Size2D(height: 1, width: dilationRate),
      activation: activation, useBias: useBias, inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: depthwiseInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: depthwiseRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
