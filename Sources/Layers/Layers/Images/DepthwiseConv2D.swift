import Autograd
import Tensor

/// A small window that moves over images, each channel by itself.
///
/// Samples have shape [height, width, channels], results [rows, columns, channels · depthMultiplier]. The kernel has shape
/// [height, width, channels, depthMultiplier].
public struct DepthwiseConv2D<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights.
  public var core: ConvolutionCore<Scalar>

  /// The number of results of each channel at each place.
  public var depthMultiplier: Int { core.filters }

  /// A layer with Keras's defaults.
  ///
  /// - Parameters:
  ///   - kernelSize: the size of the window.
  ///   - strides: how far windows are apart.
  ///   - padding: what windows see beyond the edges: nothing (`.valid`) or zeros (`.same`).
  ///   - depthMultiplier: the number of results of each channel at each place.
  ///   - dilationRate: how far the pixels that a window sees are apart.
  ///   - activation: what is applied to the weighted sums.
  ///   - useBias: whether anything is added to them.
  ///   - inputShape: the shape of one sample, [height, width, channels], where it is not known from the layer before.
  ///   - depthwiseInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - depthwiseRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases.
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
