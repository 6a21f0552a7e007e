import Autograd
import Tensor

/// A transposed 1D convolution, the gradient of a ``Conv1D`` used as a layer; it makes sequences
/// longer.
///
/// Used in decoders. Samples have shape [steps, channels], results [steps, filters]. The kernel has
/// shape [size, filters, channels].
public struct Conv1DTranspose<Scalar: TensorFloat>: ConvolutionLayer {
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
  ///   - dilationRate: the distance between the steps of a window.
  ///   - activation: the function applied to the weighted sums.
  ///   - useBias: whether a bias is added before the activation.
  ///   - inputShape: the shape of one sample, [steps, channels], if no earlier layer gives it.
  ///   - kernelInitializer: how the kernel is initialised.
  ///   - biasInitializer: how the bias is initialised.
  ///   - kernelRegularizer: a penalty on the kernel, added to the loss.
  ///   - biasRegularizer: a penalty on the bias, added to the loss.
  public init(
    _ filters: Int, kernelSize: Int, strides: Int = 1, padding: Padding = .valid,
    dilationRate: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .transposed, rank: 1, filters: filters, kernelSize: Size2D(height: 1, width: kernelSize),
      strides: Size2D(height: 1, width: strides),
      padding: padding, dilationRate: Size2D(height: 1, width: dilationRate),
      activation: activation, useBias: useBias,
      inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
