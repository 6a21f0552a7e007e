import Autograd
import Tensor

/// A transposed 2D convolution, the gradient of a ``Conv2D`` used as a layer; it makes images
/// larger.
///
/// Used in decoders. Samples have shape [height, width, channels], results [rows, columns,
/// filters]. The kernel has shape [height, width, filters, channels].
public struct Conv2DTranspose<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights of the convolution.
  public var core: ConvolutionCore<Scalar>

  /// The number of outputs at each position.
  public var filters: Int { core.filters }

  /// Creates a layer with `filters` outputs at each position and Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of outputs at each position.
  ///   - kernelSize: the size of the window over which each input element is spread.
  ///   - strides: the step from one window to the next.
  ///   - padding: with `.valid` the result covers every window; with `.same` it is `strides` times
  ///     as large as the sample.
  ///   - dilationRate: the distance between the pixels of a window.
  ///   - activation: the function applied to the weighted sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [height, width, channels], if no earlier layer gives
  ///     it.
  ///   - kernelInitializer: how the kernel is initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - kernelRegularizer: a penalty on the kernel, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
  public init(
    _ filters: Int, kernelSize: Size2D, strides: Size2D = 1, padding: Padding = .valid,
    dilationRate: Size2D = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .transposed, rank: 2, filters: filters, kernelSize: kernelSize, strides: strides,
      padding: padding, dilationRate: dilationRate, activation: activation, useBias: useBias,
      inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
