import Autograd
import Tensor

/// A 2D convolution: slides a small window over an image and computes every filter at each
/// position.
///
/// Samples have shape [height, width, channels], results [rows, columns, filters]. The kernel has
/// shape [height, width, channels / groups, filters].
///
/// ```swift
/// let network = Sequential([
///   Conv2D(32, kernelSize: 3, activation: .relu, inputShape: [28, 28, 1]),
///   Conv2D(64, kernelSize: 3, strides: 2, activation: .relu),
///   Flatten(),
///   Dense(10, activation: .softmax),
/// ])
/// ```
public struct Conv2D<Scalar: TensorFloat>: ConvolutionLayer {
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
  ///   - padding: what windows see beyond the edges: nothing (`.valid`), or zeros (`.same`), so
  ///     that a stride of 1 keeps the size.
  ///   - dilationRate: the distance between the pixels of a window.
  ///   - groups: the number of equal groups of channels and filters; a filter sees only the
  ///     channels of its group.
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
    dilationRate: Size2D = 1, groups: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, inputShape: TensorShape? = nil,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    core = ConvolutionCore(
      .plain, rank: 2, filters: filters, kernelSize: kernelSize, strides: strides, padding: padding,
      dilationRate: dilationRate, groups: groups, activation: activation, useBias: useBias,
      inputShape: inputShape,
      ConvolutionWeights(
        kernelInitializer: kernelInitializer, biasInitializer: biasInitializer,
        kernelRegularizer: kernelRegularizer, biasRegularizer: biasRegularizer))
    requireValid()
  }
}
