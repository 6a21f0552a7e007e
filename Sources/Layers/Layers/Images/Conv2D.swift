import Autograd
import Tensor

/// A small window that moves over images: each filter answers at each place.
///
/// Samples have shape [height, width, channels], results [rows, columns, filters]. The kernel has shape
/// [height, width, channels / groups, filters].
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
  ///   - padding: what windows see beyond the edges: nothing (`.valid`), or zeros (`.same`), so that a stride of 1
  ///     keeps the size.
  ///   - dilationRate: how far the pixels that a window sees are apart.
  ///   - groups: into how many equal groups channels and filters are divided; a filter sees its group's channels.
  ///   - activation: what is applied to the weighted sums.
  ///   - useBias: whether anything is added to them.
  ///   - inputShape: the shape of one sample, [height, width, channels], where it is not known from the layer before.
  ///   - kernelInitializer: how the weights begin.
  ///   - biasInitializer: how the biases begin.
  ///   - kernelRegularizer: what is added to the loss so that weights stay small.
  ///   - biasRegularizer: the same for biases.
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
