import Autograd
import Tensor

/// The way back through a ``Conv2D``, as a layer of its own: it makes images larger, as in decoders.
///
/// Samples have shape [height, width, channels], results [rows, columns, filters]. The kernel has shape
/// [height, width, filters, channels].
public struct Conv2DTranspose<Scalar: TensorFloat>: ConvolutionLayer {
  /// The settings and the weights.
  public var core: ConvolutionCore<Scalar>

  /// The number of results at each place.
  public var filters: Int { core.filters }

  /// A layer with `filters` results at each place, with Keras's defaults.
  ///
  /// - Parameters:
  ///   - filters: the number of results at each place.
  ///   - kernelSize: the size of the window into which each number is sent.
  ///   - strides: how far these windows are apart.
  ///   - padding: with `.valid` the result holds all windows, with `.same` it is `strides` times as
  ///     large as the sample.
  ///   - dilationRate: how far the pixels of a window are apart.
  ///   - activation: what is applied to the weighted sums.
  ///   - useBias: whether anything is added to them.
  ///   - inputShape: the shape of one sample, [height, width, channels], where it is not known from the layer before.
  ///   - kernelInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - kernelRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases.
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
